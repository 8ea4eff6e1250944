"""The map's pictures as numbers and as SVG, of whatever record a test has."""

from collections.abc import Callable

import pytest

from ncc_kernel.model.book import book_named
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.workbook.arguments import check_arguments
from ncc_kernel.workbook.mapping import read_pictures
from ncc_kernel.workbook.pictures import Pictures
from ncc_kernel.workbook.reading import Reading

PicturesOf = Callable[[Store, str], Pictures]


@pytest.fixture
def pictures_of(catalogue: Catalogue) -> PicturesOf:
    """For a record and a country, or the EU: the pictures of its printed page."""

    def read(store: Store, country: str) -> Pictures:
        book = book_named("07_eu_overview" if country == "EU" else "02_ecosystem_mapping")
        raw = {"country": country, "cycle": "2024-1", "mode": "brief"}
        parameters = check_arguments(raw, book=book, catalogue=catalogue)
        return read_pictures(Reading(book, parameters, catalogue, store, store.last_seq()))

    return read

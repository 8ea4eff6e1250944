"""Which part of the map a page was asked for: the rest of its address, checked the same everywhere.

The server checks it before a kernel starts and hands it on in the kernel's environment. A page
made by the batch was asked for no part.
"""

from collections.abc import Mapping

from ncc_kernel.model.map_address import VOCABULARIES, check_filter, read_query
from ncc_kernel.model.map_filter import EVERYTHING, MapFilter
from ncc_kernel.model.revision import EU
from ncc_kernel.store.catalogue import Catalogue

ASKED = "NCC_MAP"
"""Where the server leaves what an address chose, as it stands in the address."""

BOOKS = frozenset({"02_ecosystem_mapping", "07_eu_overview"})
"""The workbooks whose address may choose a part of the map."""


def check_part(raw: Mapping[str, str], catalogue: Catalogue, country: str) -> MapFilter:
    """The part of the map of that country, or ParameterRejected in words."""
    codes = {name: catalogue.vocabularies[name].codes for name in VOCABULARIES.values()}
    if not raw.get("region"):
        return check_filter(raw, codes=codes, regions=())
    regions = catalogue.regions(None if country == EU else country)
    return check_filter(raw, codes=codes, regions=[one.code for one in regions])


def asked_part(environ: Mapping[str, str], catalogue: Catalogue, country: str) -> MapFilter:
    """The part that the page's address chose; everything where no server opened the page."""
    query = environ.get(ASKED, "") if environ.get("NCC_SESSION") else ""
    return check_part(read_query(query), catalogue, country) if query else EVERYTHING

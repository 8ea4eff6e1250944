"""Regions: by code before coordinates, and never in a country that is not the entry's."""

import pytest

from ncc_kernel.analysis.ecosystem import Ecosystem
from ncc_kernel.analysis.map_filter import select
from ncc_kernel.analysis.regions import Placed, Regions
from ncc_kernel.model.ecosystem import Agent, Challenge, Initiative, Link, Place
from ncc_kernel.model.map_filter import MapFilter
from ncc_kernel.store.catalogue import Catalogue


@pytest.fixture(scope="module")
def finder(catalogue: Catalogue) -> Regions:
    return Regions(catalogue.regions())


@pytest.mark.parametrize(
    ("country", "place", "region"),
    [
        ("PT", Place(nuts="PT17"), "PT17"),
        ("PT", Place(nuts="PT170", lat=41.15, lon=-8.6), "PT17"),
        ("PT", Place(lat=41.15, lon=-8.6), "PT11"),
        ("PT", Place(lat=38.72, lon=-9.14), "PT17"),
        ("PT", Place(lat=37.74, lon=-25.67), "PT20"),
        ("PT", Place(nuts="ES11"), ""),
        ("PT", Place(nuts="PT"), ""),
        ("PT", Place(lat=40.4, lon=-3.7), ""),
        ("ES", Place(lat=40.4, lon=-3.7), "ES30"),
        ("FR", Place(lat=4.92, lon=-52.3), "FRY3"),
        ("EL", Place(lat=37.98, lon=23.73), "EL30"),
        ("MT", Place(), "MT00"),
        ("LU", Place(name="somewhere"), "LU00"),
        ("DE", Place(name="somewhere"), ""),
        ("XX", Place(nuts="PT17"), ""),
        ("PT", Place(lat=90.0, lon=180.0), ""),
    ],
)
def test_a_place_lies_in_its_region(
    finder: Regions, country: str, place: Place, region: str
) -> None:
    assert finder.of(place, country) == region


def test_a_place_just_off_a_simplified_coast_is_on_it(finder: Regions) -> None:
    assert finder.of(Place(lat=38.69, lon=-9.55), "PT") == "PT17"
    assert finder.of(Place(lat=38.69, lon=-10.5), "PT") == ""


def mapped() -> Ecosystem:
    agents = {
        "a": Agent(name="A", type="ngo", objectives=("ESO4.1",)),
        "b": Agent(name="B", type="media", tier="enriched"),
    }
    initiatives = {
        "i": Initiative(title="I", stage="scale", objectives=("ESO4.1",)),
        "j": Initiative(title="J", stage="prompt"),
    }
    links = {f"{a}{t}": Link(agent=a, target=t, kind="leads") for a in "ab" for t in "ij"}
    challenges = {"c": Challenge(title="C", objectives=("ESO4.1",)), "d": Challenge(title="D")}
    return Ecosystem(agents, initiatives, links, challenges)


PLACED = Placed({"a": "PT17"}, {"i": "PT17"})


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (MapFilter(), "a b i j ai aj bi bj c d"),
        (MapFilter(type="ngo"), "a i j ai aj c d"),
        (MapFilter(stage="scale"), "a b i ai bi c d"),
        (MapFilter(objective="ESO4.1"), "a i ai c"),
        (MapFilter(tier="enriched"), "b"),
        (MapFilter(region="PT17"), "a i ai c d"),
        (MapFilter(type="ngo", tier="enriched"), ""),
    ],
)
def test_a_part_of_the_map_has_what_fits_and_the_links_within(part: MapFilter, shown: str) -> None:
    found = select(mapped(), part, PLACED)

    keys = [*found.agents, *found.initiatives, *found.links, *found.challenges]
    assert keys == shown.split()

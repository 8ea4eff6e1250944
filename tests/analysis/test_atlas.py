"""The map's numbers: what is no place of a country is no dot on its map."""

from ncc_kernel.analysis.atlas import atlas_of
from ncc_kernel.analysis.ecosystem import Ecosystem
from ncc_kernel.analysis.regions import Placed
from ncc_kernel.model.ecosystem import Agent, Place


def test_coordinates_in_no_region_of_the_country_are_counted_and_are_no_dot() -> None:
    agents = {
        "here": Agent(name="A", place=Place(lat=38.7, lon=-9.1)),
        "astray": Agent(name="B", place=Place(lat=51.5, lon=-0.1)),
        "unsaid": Agent(name="C"),
    }
    placed = Placed({"here": "PT17", "astray": "", "unsaid": ""}, {})

    found = atlas_of(Ecosystem(agents, {}, {}, {}), placed, stages=(), growth=(), everywhere=False)

    assert found.dots == ((-9.1, 38.7),)
    assert found.by_region == {"PT17": 1, "": 2}

"""What an address may choose of the map, and what it is told when it cannot."""

import pytest

from ncc_kernel.errors import ParameterRejected
from ncc_kernel.model.map_address import check_filter, chosen_in, query_of, read_query
from ncc_kernel.model.map_filter import EVERYTHING, MapFilter

CODES = {
    "actor_type": ("ngo", "media"),
    "esf_objective": ("ESO4.10", "ESO4.2"),
    "life_cycle": ("scale",),
    "tier": ("nominated",),
}


def check(**raw: str) -> MapFilter:
    return check_filter(raw, codes=CODES, regions=("PT17", "PT11"))


def test_what_is_chosen_is_found_again_in_the_address() -> None:
    part = check(region="PT17", objective="ESO4.2", type="ngo")

    assert query_of(part) == "type=ngo&objective=ESO4.2&region=PT17"
    assert check(**read_query(query_of(part))) == part


def test_nothing_chosen_is_everything() -> None:
    assert check() == check(type="", region="") == EVERYTHING
    assert (query_of(EVERYTHING), chosen_in(EVERYTHING)) == ("", {})


@pytest.mark.parametrize(
    ("name", "value", "said", "hint"),
    [
        ("type", "nonsense", "'nonsense' is not a type on this map.", "use one of media, ngo"),
        ("objective", "ESO4.1", "'ESO4.1' is not an objective", "use one of ESO4.2, ESO4.10"),
        ("region", "ES11", "'ES11' is not a region on this map.", "such as PT11"),
        ("colour", "red", "The map cannot be filtered by 'colour'.", "choose by type, objective"),
        ("type", "ngo\n", "'ngo\\n' is not a type on this map.", "media, ngo"),
        ("type", "<b>" * 99, "is not a type on this map.", "media, ngo"),
    ],
)
def test_what_cannot_be_chosen_is_a_sentence(name: str, value: str, said: str, hint: str) -> None:
    with pytest.raises(ParameterRejected) as refused:
        check(**{name: value})

    assert said in refused.value.what
    assert hint in refused.value.hint
    assert len(refused.value.what) < 120

"""The EU's values: only where five countries stand behind them."""

from collections.abc import Callable

from ncc_kernel.analysis.peers import Band, Peers, peer_values
from ncc_kernel.analysis.profile import Profile

Profiled = Callable[..., Profile]


def full(dimension: str, level: int) -> str:
    return " ".join(f"{dimension}.{n}={level}" for n in range(1, 6))


def test_five_countries_have_a_median_and_quartiles(profiled: Profiled) -> None:
    profiles = [profiled(full("D1", level)) for level in (5, 0, 1, 4, 2)]

    peers = peer_values(profiles)

    assert peers == Peers(5, (Band("D1", 5, lower=1.0, median=2.0, upper=4.0),))


def test_an_even_number_of_countries_has_its_median_in_the_middle(profiled: Profiled) -> None:
    peers = peer_values([profiled(full("D1", level)) for level in (0, 1, 2, 3, 4, 5)])

    assert peers.bands == (Band("D1", 6, lower=1.25, median=2.5, upper=3.75),)


def test_four_countries_have_no_eu_value(profiled: Profiled) -> None:
    peers = peer_values([profiled(full("D1", level)) for level in (1, 2, 3, 4)])

    assert peers == Peers(4, ())
    assert peers.band("D1") is None


def test_each_dimension_needs_its_own_five(profiled: Profiled) -> None:
    five = [profiled(full("D1", 3)) for _ in range(4)] + [profiled(full("D2", 3))] * 5

    peers = peer_values(five)

    assert peers.countries == 9
    assert [(band.dimension, band.count) for band in peers.bands] == [("D2", 5)]


def test_a_country_with_too_few_answers_does_not_count(profiled: Profiled) -> None:
    profiles = [profiled(full("D1", 3)) for _ in range(4)] + [profiled("D1.1=3 D1.2=3")]

    assert peer_values(profiles) == Peers(4, ())


def test_a_country_that_does_not_know_or_has_no_such_thing_does_not_pull_the_median_down(
    profiled: Profiled,
) -> None:
    five = [profiled(full("D1", 4)) for _ in range(5)]
    dont_know = profiled(full("D1", 0).replace("=0", "=dk"))
    not_applicable = profiled(full("D1", 0).replace("=0", "=na"))

    assert peer_values([*five, dont_know, not_applicable]) == peer_values(five)


def test_when_all_are_equal_the_band_has_no_width(profiled: Profiled) -> None:
    peers = peer_values([profiled(full("D1", 3)) for _ in range(27)])

    assert peers.bands == (Band("D1", 27, lower=3.0, median=3.0, upper=3.0),)


def test_without_any_country_there_is_nothing() -> None:
    assert peer_values([]) == Peers(0, ())

"""The division is the best there is: compared with trying everything, and with whoever is bound."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncc_kernel.analysis.partition import Bonds, Sizes, Whole, divide, even_sizes, possible

NO_BONDS = Bonds()


def tried_all(distances: Whole, groups: int, sizes: Sizes, bonds: Bonds) -> int | None:
    """The least cost of every assignment to every choice of middles, or None."""
    count = len(distances)
    costs = [
        sum(int(distances[middles[place], one]) for one, place in enumerate(places))
        for places in product(range(groups), repeat=count)
        if all(sizes.fewest <= places.count(group) <= sizes.most for group in range(groups))
        and all(places[one] == places[other] for one, other in bonds.together)
        and all(places[one] != places[other] for one, other in bonds.apart)
        for middles in combinations(range(count), groups)
    ]
    return min(costs, default=None)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Whole, int, Bonds]:
    count = draw(st.integers(3, 6))
    groups = draw(st.integers(2, 3 if count < 6 else 2))
    half = draw(st.lists(st.integers(0, 9), min_size=count * count, max_size=count * count))
    drawn = np.array(half, dtype=np.int64).reshape(count, count)
    distances = np.triu(drawn, 1)
    distances = distances + distances.T
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
        lambda two: two[0] != two[1]
    )
    together = tuple(draw(st.lists(pair, max_size=2)))
    apart = tuple(draw(st.lists(pair, max_size=2)))
    return distances, groups, Bonds(together, apart)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_no_division_is_better_and_none_is_missed(case: tuple[Whole, int, Bonds]) -> None:
    distances, groups, bonds = case
    sizes = even_sizes(len(distances), groups)

    found = divide(
        distances, groups=groups, middles=range(len(distances)), sizes=sizes, bonds=bonds
    )

    assert (found.cost if found else None) == tried_all(distances, groups, sizes, bonds)
    assert possible(len(distances), groups, sizes, bonds) == (found is not None)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_a_division_keeps_sizes_and_bonds(case: tuple[Whole, int, Bonds]) -> None:
    distances, groups, bonds = case
    count = len(distances)
    sizes = even_sizes(count, groups)

    found = divide(distances, groups=groups, middles=range(count), sizes=sizes, bonds=bonds)

    if found is not None:
        counts = [found.places.count(group) for group in range(groups)]
        assert max(counts) - min(counts) <= 1
        assert all(found.places[one] == found.places[other] for one, other in bonds.together)
        assert all(found.places[one] != found.places[other] for one, other in bonds.apart)


@pytest.mark.parametrize(
    ("bonds", "fits"),
    [
        (Bonds(), True),
        (Bonds(together=((0, 1), (1, 2))), False),
        (Bonds(together=((0, 1),), apart=((0, 1),)), False),
        (Bonds(together=((0, 1), (1, 2)), apart=((0, 2),)), False),
        (Bonds(apart=((0, 1), (0, 2), (1, 2))), True),
        (Bonds(apart=((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))), False),
        (Bonds(together=((0, 1), (2, 3)), apart=((0, 4),)), True),
    ],
)
def test_six_in_three_pairs_are_possible_or_not(bonds: Bonds, *, fits: bool) -> None:
    assert possible(6, 3, Sizes(2, 2), bonds) == fits


def test_only_the_middles_that_are_named_are_used() -> None:
    line = np.abs(np.subtract.outer(np.arange(4), np.arange(4))).astype(np.int64)

    found = divide(line, groups=2, middles=[0, 3], sizes=Sizes(2, 2), bonds=NO_BONDS)

    assert found is not None
    assert found.places == (0, 0, 1, 1)
    assert divide(line, groups=2, middles=[0], sizes=Sizes(2, 2), bonds=NO_BONDS) is None

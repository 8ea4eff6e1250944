"""The best division into groups of nearly equal size, proved: no clock, no chance, no tolerance.

A division is as good as everybody is close to the middle of the own group, which is one of them.
Every choice of middles has a bound that no division with these middles can beat: everybody goes
to the nearest middle. In the order of that bound the best division of equal sizes is found (an
assignment problem, in whole numbers), until the next bound reaches the best. For 27 countries and
4 groups there are 17 550 choices of middles; a mixed-integer programme of the same question took
some fifty times as long, and needs a limit of time, which is not the same on each machine.

What must be together or apart is branched upon: an assignment that breaks it is tried again with
each way of mending it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from ncc_kernel.analysis.assignment import assign

Whole = NDArray[np.int64]
Pair = tuple[int, int]

NEVER = 10**7
"""The cost of what must not be: more than all countries can be apart together."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The fewest and the most members of a group."""

    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Bonds:
    """Who must be together and who apart, by index."""

    together: tuple[Pair, ...] = ()
    apart: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Division:
    """The number of the group of each, by index, and how far all are from their middles."""

    places: tuple[int, ...]
    cost: int


def even_sizes(count: int, groups: int) -> Sizes:
    """Sizes that differ by one at most."""
    return Sizes(count // groups, -(-count // groups))


def divide(
    distances: Whole, *, groups: int, middles: Sequence[int], sizes: Sizes, bonds: Bonds
) -> Division | None:
    """The best division, or None when the bonds leave none.

    `distances[i, j]` is how far j is from i as a middle, in whole numbers; `middles` are those who
    can be one. Equal data give the same division always: of the best, the one that comes first.
    """
    if len(middles) < groups or not possible(len(distances), groups, sizes, bonds):
        return None
    each = chain.from_iterable(combinations(middles, groups))
    choices = np.fromiter(each, dtype=np.intp).reshape(-1, groups)
    # Who must be together goes together in the bound too.
    blocks = _blocks(len(distances), bonds.together)
    whole = np.stack([distances[:, block].sum(axis=1) for block in blocks], axis=1)
    nearest = whole[choices[:, 0]]
    for middle in choices[:, 1:].T:  # one at a time: all at once take four times the memory
        np.minimum(nearest, whole[middle], out=nearest)
    bounds = nearest.sum(axis=1)
    order = np.argsort(bounds, kind="stable")
    search = _Search(distances, groups, sizes, bonds)
    search.through(choices[order], bounds[order])
    return Division(search.places, search.cost) if search.places else None


class _Search:
    """The best division so far.

    A seat for each possible member of each group: seats that stay empty are taken by nobodies, who
    may not sit where a group needs its fewest.
    """

    def __init__(self, distances: Whole, groups: int, sizes: Sizes, bonds: Bonds) -> None:
        count = len(distances)
        self._distances = distances
        self._most = sizes.most
        self._bonds = bonds
        self._seats = np.zeros((groups * sizes.most, groups * sizes.most))
        self._seats[count:, np.tile(np.arange(sizes.most) < sizes.fewest, groups)] = NEVER
        self._asked = self._seats[:count].reshape(count, groups, sizes.most)
        self.cost = NEVER
        self.places: tuple[int, ...] = ()

    def through(self, choices: NDArray[np.intp], bounds: Whole) -> None:
        """Try these choices of middles, the lowest bound first, until no bound is lower."""
        for choice, bound in zip(choices, bounds, strict=True):
            if bound >= self.cost:
                return
            self._assign(self._distances[choice].T)

    def _assign(self, costs: Whole) -> None:
        """The best division with these middles, if it is better; bonds are branched upon."""
        cost, places = self._balanced(costs)
        if cost >= self.cost:
            return
        for pair in self._bonds.together:
            if places[pair[0]] != places[pair[1]]:
                for forbidden in _elsewhere(pair, costs.shape[1]):
                    self._assign(_without(costs, forbidden))
                return
        for one, other in self._bonds.apart:
            if places[one] == places[other]:
                self._assign(_without(costs, [(one, int(places[one]))]))
                self._assign(_without(costs, [(other, int(places[one]))]))
                return
        self.cost, self.places = cost, tuple(int(place) for place in places)

    def _balanced(self, costs: Whole) -> tuple[int, Whole]:
        """The cheapest assignment to groups of these sizes."""
        self._asked[:] = costs[:, :, None]
        rows, taken = assign(self._seats)
        return int(self._seats[rows, taken].sum()), taken[: len(costs)] // self._most


def _elsewhere(pair: Pair, groups: int) -> Iterator[list[Pair]]:
    """For each group, all the places where the pair is then not."""
    for group in range(groups):
        yield [(one, place) for one in pair for place in range(groups) if place != group]


def _without(costs: Whole, forbidden: Sequence[Pair]) -> Whole:
    changed = costs.copy()
    for one, place in forbidden:
        changed[one, place] = NEVER
    return changed


def possible(count: int, groups: int, sizes: Sizes, bonds: Bonds) -> bool:
    """Whether the bonds leave any division of these sizes."""
    blocks = _blocks(count, bonds.together)
    of_block = {one: block for block in blocks for one in block}
    if any(of_block[one] == of_block[other] for one, other in bonds.apart):
        return False
    bound = [
        block for block in blocks if len(block) > 1 or any(block[0] in pair for pair in bonds.apart)
    ]
    ordered = sorted(bound, key=len, reverse=True)
    return _seated(ordered, [() for _ in range(groups)], count, sizes, bonds)


def _blocks(count: int, together: Sequence[Pair]) -> list[tuple[int, ...]]:
    """Who belongs together, directly or through others."""
    label = list(range(count))
    for one, other in together:
        label = [label[one] if mine == label[other] else mine for mine in label]
    found = {mine: tuple(i for i in range(count) if label[i] == mine) for mine in label}
    return list(found.values())


def _seated(
    blocks: Sequence[tuple[int, ...]],
    rooms: list[tuple[int, ...]],
    count: int,
    sizes: Sizes,
    bonds: Bonds,
) -> bool:
    """Whether these blocks fit into the rooms, and the others can then fill them up."""
    if not blocks:
        free = count - sum(map(len, rooms))
        lacking = sum(max(sizes.fewest - len(room), 0) for room in rooms)
        return lacking <= free <= sum(sizes.most - len(room) for room in rooms)
    block, *rest = blocks
    apart = {b for a, b in bonds.apart if a in block} | {a for a, b in bonds.apart if b in block}
    for index, room in enumerate(rooms):
        if room in rooms[:index] and not room:
            break  # one empty room is as good as another
        if len(room) + len(block) <= sizes.most and apart.isdisjoint(room):
            seated = [*rooms[:index], (*room, *block), *rooms[index + 1 :]]
            if _seated(rest, seated, count, sizes, bonds):
                return True
    return False

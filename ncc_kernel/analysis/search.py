"""The best choice among options within limits, exactly: all choices for a few, `milp` for many.

Everything counts in whole numbers. Of choices with the same points the cheapest is taken, and of
those the one that comes first when options are compared in their order.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

FEW = 14
"""Options up to which all choices are looked at: 16 384 of them, sooner done than `milp`."""


@dataclass(frozen=True, slots=True)
class Option:
    """What may be chosen: its points, what it costs and takes, its level, whether it must be in."""

    points: int
    cost: int = 0
    effort: int = 0
    level: str = ""
    must: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What a choice keeps within; None is no limit. Each of `levels` needs an option."""

    budget: int | None = None
    capacity: int | None = None
    most: int | None = None
    levels: tuple[str, ...] = ()


def best_choice(
    options: Sequence[Option], limits: Limits, *, any_of_equal: bool = False
) -> tuple[int, ...] | None:
    """The places of the options in the best choice, or None when no choice is allowed.

    With `any_of_equal` one of the choices with the most points is enough, which is sooner found.
    """
    if len(options) <= FEW:
        return by_looking(options, limits)
    return most_points(options, limits) if any_of_equal else by_milp(options, limits)


def by_looking(options: Sequence[Option], limits: Limits) -> tuple[int, ...] | None:
    """The best choice, found by looking at each of them."""
    allowed = _allowed(tuple(replace(one, points=0) for one in options), limits)
    points = _sums(one.points for one in options)
    # The first of those with the most points: they stand in the order of preference.
    best = max(allowed, key=points.__getitem__, default=None)
    return None if best is None else tuple(i for i in range(len(options)) if best >> i & 1)


@lru_cache(maxsize=16)
def _allowed(options: tuple[Option, ...], limits: Limits) -> tuple[int, ...]:
    """The choices that keep within the limits, the cheapest first; a bit for each option."""
    cost, effort = _sums(one.cost for one in options), _sums(one.effort for one in options)
    must = _bits(options, lambda one: one.must)
    levels = [_bits(options, lambda one, code=code: one.level == code) for code in limits.levels]  # type: ignore[misc]
    found = [
        mask
        for mask in range(1 << len(options))
        if mask & must == must
        and all(mask & wanted for wanted in levels)
        and not _over(cost[mask], limits.budget)
        and not _over(effort[mask], limits.capacity)
        and not _over(mask.bit_count(), limits.most)
    ]
    # Read from its first option on, so that the choice with the earlier options is greater.
    first = _sums(1 << place for place in reversed(range(len(options))))
    return tuple(sorted(found, key=lambda mask: (cost[mask], -first[mask])))


def _sums(amounts: Iterable[int]) -> list[int]:
    """The sum of every choice: that of its options."""
    sums = [0]
    for amount in amounts:
        sums += [known + amount for known in sums]
    return sums


def _bits(options: Sequence[Option], wanted: Callable[[Option], bool]) -> int:
    return sum(1 << place for place, one in enumerate(options) if wanted(one))


def _over(amount: int, limit: int | None) -> bool:
    return limit is not None and amount > limit


def most_points(options: Sequence[Option], limits: Limits) -> tuple[int, ...] | None:
    """One of the choices with the most points."""
    return _solve([-one.points for one in options], options, _rows(options, limits))


def by_milp(options: Sequence[Option], limits: Limits) -> tuple[int, ...] | None:
    """The best choice, found by mixed-integer programming in three steps: points, cost, order."""
    rows, low, high = _rows(options, limits)
    points = [one.points for one in options]
    cost = [one.cost for one in options]
    first = most_points(options, limits)
    if first is None:
        return None
    reached = sum(points[i] for i in first)
    bound = ([*rows, points], [*low, reached - 0.5], [*high, None])
    second = _solve(cost, options, bound)
    second = first if second is None else second
    cheapest = sum(cost[i] for i in second)
    bound = ([*bound[0], cost], [*bound[1], None], [*bound[2], cheapest + 0.5])
    return _earliest(second, options, bound)


_Rows = tuple[list[list[int]], list[float | None], list[float | None]]


def _rows(options: Sequence[Option], limits: Limits) -> _Rows:
    """The limits as rows of numbers with a lowest and a highest sum."""
    rows: list[list[int]] = []
    low: list[float | None] = []
    high: list[float | None] = []
    for limit, amounts in (
        (limits.budget, [one.cost for one in options]),
        (limits.capacity, [one.effort for one in options]),
        (limits.most, [1] * len(options)),
    ):
        if limit is not None:
            rows.append(amounts)
            low.append(None)
            high.append(limit + 0.5)
    for level in limits.levels:
        rows.append([int(one.level == level) for one in options])
        low.append(0.5)
        high.append(None)
    return rows, low, high


def _earliest(found: tuple[int, ...], options: Sequence[Option], bound: _Rows) -> tuple[int, ...]:
    """Of all choices as good as this one, the one whose options come first.

    Options are fixed one after the other; where the choice at hand has the option, it stays.
    """
    fixed: dict[int, int] = {}
    for place in range(len(options)):
        if place in found:
            fixed[place] = 1
            continue
        other = _solve([0] * len(options), options, bound, fixed | {place: 1})
        if other is None:
            fixed[place] = 0
        else:
            fixed[place], found = 1, other
    return found


def _solve(
    costs: Sequence[int],
    options: Sequence[Option],
    rows: _Rows,
    fixed: dict[int, int] | None = None,
) -> tuple[int, ...] | None:
    import numpy as np  # noqa: PLC0415  # pages with a few practices do without
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415

    lowest = [float(one.must) for one in options]
    highest = [1.0] * len(options)
    for place, value in (fixed or {}).items():
        lowest[place] = max(lowest[place], float(value))
        highest[place] = min(highest[place], float(value))
    if any(low > high for low, high in zip(lowest, highest, strict=True)):
        return None
    constraints: Any = ()
    if rows[0]:
        constraints = LinearConstraint(
            np.array(rows[0], dtype=float),
            [-np.inf if one is None else one for one in rows[1]],
            [np.inf if one is None else one for one in rows[2]],
        )
    done = milp(
        np.array(costs, dtype=float),
        constraints=constraints,
        integrality=np.ones(len(options)),
        bounds=Bounds(lowest, highest),
        options={"mip_rel_gap": 0},
    )
    return None if done.x is None else tuple(i for i, x in enumerate(done.x) if x > 0.5)  # noqa: PLR2004

"""The EU's median and quartiles, only where at least five countries stand behind them."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from ncc_kernel.analysis.profile import Profile

FEWEST = 5
"""Countries below which no EU value is shown, so that none can be worked out from it."""


@dataclass(frozen=True, slots=True)
class Band:
    """Median and quartiles (inclusive method) of `count` countries, on the scale 0 to 5."""

    dimension: str
    count: int
    lower: float
    median: float
    upper: float


@dataclass(frozen=True, slots=True)
class Peers:
    """The EU's values for a cycle, and how many countries have a profile at all."""

    countries: int
    bands: tuple[Band, ...]

    def band(self, dimension: str) -> Band | None:
        """The values of that dimension, or None when fewer than five countries have one."""
        return next((band for band in self.bands if band.dimension == dimension), None)


def peer_values(profiles: Iterable[Profile]) -> Peers:
    """The EU's values from all profiles, in any order."""
    known = [profile for profile in profiles if profile.shows]
    dimensions = [score.dimension for score in known[0].scores] if known else []
    bands = (_band(name, [profile.score(name).shown for profile in known]) for name in dimensions)
    return Peers(len(known), tuple(band for band in bands if band is not None))


def _band(dimension: str, shown: list[float | None]) -> Band | None:
    values = sorted(value for value in shown if value is not None)
    if len(values) < FEWEST:
        return None
    lower, median, upper = statistics.quantiles(values, n=4, method="inclusive")
    return Band(dimension, len(values), lower, median, upper)


def question_medians(given: Iterable[tuple[str, int | None]]) -> dict[str, float]:
    """The EU's median level of each question that at least five countries gave a level.

    `given` are every country's answers, each by its question's code and level.
    """
    levels: dict[str, list[int]] = {}
    for code, level in given:
        if level is not None:
            levels.setdefault(code, []).append(level)
    return {
        code: float(statistics.median(of_one))
        for code, of_one in sorted(levels.items())
        if len(of_one) >= FEWEST
    }

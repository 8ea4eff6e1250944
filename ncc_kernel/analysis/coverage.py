"""How far the map reaches: by type and region, over time, and where much is at stake and little is done."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ncc_kernel.analysis.ecosystem import MAP_KINDS, NOT_SAID, Ecosystem
from ncc_kernel.model.ecosystem import Challenge
from ncc_kernel.model.revision import Revision, is_private

WEIGHTS = {"urgency": 2, "severity": 2, "feasibility": 1}
"""How much each score counts for a challenge's priority; shown wherever a priority is."""

HIGH = 3.5
"""The priority, of 5, from which a challenge is high."""

FEW = 2
"""The number of initiatives below which a challenge of high priority is a gap."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A challenge with its priority, if it is scored, and the initiatives that name it."""

    key: str
    challenge: Challenge
    priority: float | None
    initiatives: int
    country: str = ""

    @property
    def gap(self) -> bool:
        """Whether much is at stake and little is done."""
        return self.priority is not None and self.priority >= HIGH and self.initiatives < FEW

    def order(self) -> tuple[bool, float, int, str, str]:
        """Gaps first, then by priority; the unscored last."""
        high = -(self.priority or 0.0)
        return not self.gap, high, self.initiatives, self.challenge.title, self.key


def priority(challenge: Challenge) -> float | None:
    """The weighted mean of the scores that are given, 1 to 5; None without any."""
    given = [(getattr(challenge, name), weight) for name, weight in WEIGHTS.items()]
    known = [(score, weight) for score, weight in given if score is not None]
    if not known:
        return None
    total: int = sum(score * weight for score, weight in known)
    return round(total / sum(weight for _score, weight in known), 1)


def standings(eco: Ecosystem) -> tuple[Standing, ...]:
    """Every challenge: gaps first, then by priority, the unscored last."""
    counts = Counter(key for one in eco.initiatives.values() for key in set(one.challenges))
    rows = [
        Standing(key, one, priority(one), counts[key], eco.home("challenge", key))
        for key, one in eco.challenges.items()
    ]
    return tuple(sorted(rows, key=Standing.order))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Agents by row (a region or a country) and column (a part of society); blanks are zeros."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]

    @property
    def blank_rows(self) -> tuple[str, ...]:
        """Rows in which nobody is."""
        filled = {row for (row, _column), count in self.counts.items() if count}
        return tuple(row for row in self.rows if row and row not in filled)

    @property
    def blanks(self) -> int:
        """How many of all cells of known rows and columns are empty."""
        rows, columns = ([one for one in ones if one] for ones in (self.rows, self.columns))
        return sum(not self.counts.get((row, column)) for row in rows for column in columns)


def coverage(
    eco: Ecosystem,
    where: Mapping[str, str],
    parts: Mapping[str, str],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
) -> Coverage:
    """Agents by place and part of society; `where` is the row of each agent, `parts` of each type.

    What is not known stands in a row and a column of its own, when there is any.
    """
    counts = Counter(
        (where.get(key, NOT_SAID), parts.get(one.type, NOT_SAID)) for key, one in eco.agents.items()
    )
    return covered(counts, rows=rows, columns=columns)


def covered(
    counts: Mapping[tuple[str, str], int], *, rows: Sequence[str], columns: Sequence[str]
) -> Coverage:
    """The same from what is counted already."""
    known = {
        (row if row in rows else NOT_SAID, column if column in columns else NOT_SAID): 0
        for row, column in counts
    }
    for (row, column), count in counts.items():
        at = row if row in rows else NOT_SAID, column if column in columns else NOT_SAID
        known[at] += count
    more_rows = (NOT_SAID,) if any(row == NOT_SAID for row, _column in known) else ()
    more_columns = (NOT_SAID,) if any(column == NOT_SAID for _row, column in known) else ()
    return Coverage((*rows, *more_rows), (*columns, *more_columns), known)


Growth = tuple[tuple[str, Mapping[str, int]], ...]
"""For each month (YYYY-MM), how many entries of each kind stood at its end."""


def growth(changes: Iterable[Revision], standing: Collection[tuple[str, str, str]]) -> Growth:
    """How the map grew, by the month in which each entry that still stands began.

    `standing` are the entries to count, by kind, country and key; an entry that was taken away
    and came back began anew.
    """
    began: dict[tuple[str, str, str], str | None] = {}
    for one in changes:
        if one.kind in MAP_KINDS:
            at = one.kind, one.country, one.key
            if one.payload is None or is_private(one.payload):
                began[at] = None
            elif began.get(at) is None:
                began[at] = f"{one.at:%Y-%m}"
    months = Counter(
        (month, kind) for (kind, c, k), month in began.items() if month and (kind, c, k) in standing
    )
    return grown(months)


def grown(months: Mapping[tuple[str, str], int]) -> Growth:
    """The sums to the end of each month, from how many began in each; no month is left out."""
    if not months:
        return ()
    named = sorted({month for month, _kind in months})
    sums: Counter[str] = Counter()
    found = []
    for month in _through(named[0], named[-1]):
        for kind in ("agent", "initiative", "link"):
            sums[kind] += months.get((month, kind), 0)
        found.append((month, dict(sums)))
    return tuple(found)


def _through(first: str, last: str) -> list[str]:
    year, month = int(first[:4]), int(first[5:])
    found = []
    while f"{year:04}-{month:02}" <= last:
        found.append(f"{year:04}-{month:02}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004
    return found

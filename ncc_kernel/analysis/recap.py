"""What happened so far, from the record alone, so that whoever joins today can follow."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ncc_kernel.model.kinds import KINDS, TOLD_KINDS
from ncc_kernel.model.revision import Revision


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one person did on one day."""

    on: date
    author: str
    country: str
    done: tuple[tuple[str, int], ...]
    seqs: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """For example "12 answers, 1 agent"."""
        return ", ".join(f"{count} {counted(kind, count)}" for kind, count in self.done)


@dataclass(frozen=True, slots=True)
class Recap:
    """The sittings, newest first, and the sums over the whole record that was given.

    `revisions` counts an entry once a sitting: a form that saves by itself writes it many times.
    """

    sittings: tuple[Sitting, ...]
    revisions: int
    people: int
    first: date | None
    last: date | None
    span: tuple[int, ...] = ()
    """The first and the last revision that it stands on."""


def recap(revisions: Iterable[Revision], *, limit: int = 6) -> Recap:
    """The last `limit` sittings and the sums of all; what the program itself wrote is left out."""
    theirs = [one for one in revisions if one.kind in TOLD_KINDS and not _cleared(one)]
    ordered = sorted(theirs, key=lambda one: one.seq)
    sat: dict[tuple[date, str, str], list[Revision]] = {}
    for one in ordered:
        sat.setdefault((one.at.date(), one.author, one.country), []).append(one)
    newest = sorted(sat.values(), key=lambda done: -done[-1].seq)
    days = [one.at.date() for one in ordered]
    return Recap(
        sittings=tuple(_sitting(done) for done in newest[:limit]),
        revisions=sum(len(_entries(done)) for done in sat.values()),
        people=len({one.author for one in ordered}),
        first=min(days, default=None),
        last=max(days, default=None),
        span=tuple(dict.fromkeys(one.seq for one in (*ordered[:1], *ordered[-1:]))),
    )


def counted(kind: str, count: int) -> str:
    """The kind's name in the number that fits."""
    return KINDS[kind].label if count == 1 else KINDS[kind].plural


def _cleared(one: Revision) -> bool:
    """Whether this only takes away what was half typed, as every whole answer does."""
    return one.kind == "draft" and one.payload is None


def _entries(done: list[Revision]) -> set[tuple[str, str]]:
    return {(one.kind, one.key) for one in done}


def _sitting(done: list[Revision]) -> Sitting:
    counts = Counter(kind for kind, _key in _entries(done))
    ordered = tuple((kind, counts[kind]) for kind in TOLD_KINDS if kind in counts)
    seqs = tuple(one.seq for one in done)
    return Sitting(done[0].at.date(), done[0].author, done[0].country, ordered, seqs)

"""The story so far in sentences, each of which names the revisions that it stands on.

Nothing is told that the record does not hold, so whoever doubts a sentence can look it up, and
whoever joins on a day finds what happened before it. Sentences are templates of ours with what
people typed beside them; it is put in, and escaped, where the page is made.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ncc_kernel.analysis.recap import counted
from ncc_kernel.model.kinds import KINDS, TOLD_KINDS, Area
from ncc_kernel.model.revision import Payload, Revision
from ncc_kernel.model.text import day_words

ACTIVITIES: dict[Area, str] = {
    "form": "Self-assessment",
    "map": "Ecosystem mapping",
    "cocreation": "Co-creation and prototyping",
    "scaling": "Scaling",
    "community": "Learning community",
    "programme": "Seminars and events",
}
"""The activities of the programme, by the part of the record that each fills."""

NO_NAMES: Mapping[str, str] = {}

MOST = 6
"""Sentences of one kind in a chapter; what is beyond is told in one."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A dated sentence: a template, what people typed in it, and the revisions it stands on."""

    on: date
    words: str
    typed: tuple[str, ...]
    seqs: tuple[int, ...]

    def __post_init__(self) -> None:
        """A sentence that stands on nothing is none."""
        if not self.seqs:
            raise ValueError(f"a sentence without a revision: {self.words}")


@dataclass(frozen=True, slots=True)
class Chapter:
    """What the sentences are about, newest first."""

    title: str
    sentences: tuple[Sentence, ...]


def story(
    revisions: Iterable[Revision],
    *,
    since: int | None = None,
    names: Mapping[str, str] = NO_NAMES,
) -> tuple[Chapter, ...]:
    """The chapters that have something to tell; `since` is the last revision a reader has seen.

    `names` are the countries' names by code; without one the code stands there.

    Decisions come first, for they explain the rest; then each activity, who joined, what is open.
    """
    told = [one for one in sorted(revisions, key=lambda one: one.seq) if one.kind in TOLD_KINDS]
    chapters = (
        *((since_then(told, since),) if since is not None else ()),
        Chapter("Decisions", decisions(told, names=names)),
        Chapter("Activity by activity", _activities(told)),
        Chapter("Who joined", joined(told, names=names)),
        Chapter("What is open", still_open(told, names=names)),
    )
    return tuple(chapter for chapter in chapters if chapter.sentences)


def since_then(told: Sequence[Revision], since: int) -> Chapter:
    """What came after that revision, activity by activity."""
    later = [one for one in told if one.seq > since]
    return Chapter("Since you were last here", _activities(later))


def seq_before(revisions: Iterable[Revision], day: date) -> int:
    """The last revision before a day, 0 when there is none: what somebody had seen by then."""
    return max((one.seq for one in revisions if one.at.date() < day), default=0)


def last_of(revisions: Iterable[Revision], author: str) -> int | None:
    """The last revision by somebody: they were here then. None when they never wrote."""
    return max((one.seq for one in revisions if one.author == author), default=None)


def current(told: Iterable[Revision]) -> dict[tuple[str, str, str, str], Revision]:
    """The last revision of each entry, without those withdrawn."""
    last = {one.address: one for one in told}
    return {address: one for address, one in last.items() if one.payload is not None}


def decisions(
    told: Iterable[Revision], limit: int = MOST, *, names: Mapping[str, str] = NO_NAMES
) -> tuple[Sentence, ...]:
    """What was decided, newest first."""
    found = [one for one in current(told).values() if one.kind == "decision"]
    found.sort(key=lambda one: (_text(one, "on"), one.seq), reverse=True)
    return tuple(_decision(one, names) for one in found[:limit])


def _decision(one: Revision, names: Mapping[str, str]) -> Sentence:
    title, why = _text(one, "title"), _text(one, "why")
    day = date.fromisoformat(_text(one, "on"))
    if why:
        return Sentence(
            day, f"{_where(one, names)}decided: {{}} Why: {{}}", (title, why), (one.seq,)
        )
    return Sentence(day, f"{_where(one, names)}decided: {{}}", (title,), (one.seq,))


def _where(one: Revision, names: Mapping[str, str]) -> str:
    if one.country == "EU":
        return "The working group "
    return f"{names.get(one.country, one.country)} "


def _activities(told: Sequence[Revision]) -> tuple[Sentence, ...]:
    found = []
    for area, name in ACTIVITIES.items():
        done = [one for one in told if KINDS[one.kind].area == area]
        if done:
            found.append(_activity(name, done))
    return tuple(sorted(found, key=lambda one: (one.on, one.seqs[-1]), reverse=True))


def _activity(name: str, done: Sequence[Revision]) -> Sentence:
    entries = {(one.kind, one.country, one.cycle, one.key) for one in done}
    counts = Counter(address[0] for address in entries)
    kinds = ", ".join(
        f"{counts[kind]} {counted(kind, counts[kind])}" for kind in TOLD_KINDS if kind in counts
    )
    people = len({one.author for one in done})
    who = "1 person" if people == 1 else f"{people} people"
    first, last = done[0].at.date(), done[-1].at.date()
    since = f", the first on {day_words(first)}" if first != last else ""
    return Sentence(last, f"{name}: {kinds}, by {who}{since}.", (), tuple(one.seq for one in done))


def joined(
    told: Iterable[Revision], limit: int = MOST, *, names: Mapping[str, str] = NO_NAMES
) -> tuple[Sentence, ...]:
    """Who made a first entry, newest first; the earlier ones in one sentence."""
    first: dict[str, Revision] = {}
    for one in told:
        first.setdefault(one.author, one)
    newest = sorted(first.values(), key=lambda one: -one.seq)
    found = [
        Sentence(one.at.date(), f"{{}} joined{_for(one, names)}.", (one.author,), (one.seq,))
        for one in newest[:limit]
    ]
    if before := newest[limit:][::-1]:
        people = "1 person" if len(before) == 1 else f"{len(before)} people"
        seqs = tuple(one.seq for one in before)
        found.append(Sentence(before[-1].at.date(), f"Before them {people} joined.", (), seqs))
    return tuple(found)


def _for(one: Revision, names: Mapping[str, str]) -> str:
    if one.country == "EU":
        return ", for the working group"
    return f", for {names.get(one.country, one.country)}"


def still_open(
    told: Sequence[Revision], limit: int = MOST, *, names: Mapping[str, str] = NO_NAMES
) -> tuple[Sentence, ...]:
    """What waits for somebody, kind by kind: the next due first, the rest as a number."""
    entries = list(current(told).values())
    today = max((one.at.date() for one in told), default=date.min)
    found: list[Sentence] = []
    for kind, is_open in OPEN.items():
        waiting = [one for one in entries if one.kind == kind and is_open(one.payload or {}, today)]
        waiting.sort(key=lambda one: (_due(one) or date.max, one.seq))
        found += [_waiting(one, names) for one in waiting[: max(1, limit // 2)]]
        if more := waiting[max(1, limit // 2) :]:
            words = f"{len(more)} more {counted(kind, len(more))} {'is' if len(more) == 1 else 'are'} open."
            found.append(
                Sentence(more[-1].at.date(), words, (), tuple(sorted(one.seq for one in more)))
            )
    return tuple(found)


def _waiting(one: Revision, names: Mapping[str, str]) -> Sentence:
    due, label = _due(one), KINDS[one.kind].label
    name = _text(one, "title")
    when = f", {'on' if one.kind == 'seminar' else 'due'} {day_words(due)}" if due else ""
    state = _text(one, "state").replace("_", " ")
    said = f" is {state}" if state else " waits"
    words = f"{_place(one, names)} {label}{' {}' if name else ''}{said}{when}."
    return Sentence(one.at.date(), words, (name,) if name else (), (one.seq,))


def _place(one: Revision, names: Mapping[str, str]) -> str:
    return "Working group," if one.country == "EU" else f"{names.get(one.country, one.country)},"


def _due(one: Revision) -> date | None:
    raw = _text(one, "first" if one.kind == "seminar" else "due")
    return date.fromisoformat(raw) if raw else None


def _coming(payload: Payload, today: date) -> bool:
    state = payload.get("state", "planned")
    return state in ("planned", "announced") and str(payload["first"]) >= today.isoformat()


def _to_do(payload: Payload, _today: date) -> bool:
    return payload.get("state", "planned") in ("open", "planned", "under_way")


def _follow(payload: Payload, _today: date) -> bool:
    return payload.get("state", "open") in ("open", "under_way")


def _back(payload: Payload, _today: date) -> bool:
    return payload.get("state") in ("returned", "reopened")


OPEN: Mapping[str, Callable[[Payload, date], bool]] = {
    "seminar": _coming,
    "submission": _back,
    "follow_up": _follow,
    "path_item": _to_do,
    "commitment": lambda payload, _today: payload.get("state", "open") == "open",
}
"""Kinds of entries that can be open, and when one is."""


def _text(one: Revision, field: str) -> str:
    value: Any = (one.payload or {}).get(field)
    return str(value) if value is not None else ""


def ranges(seqs: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The seqs as spans without a gap: (1, 2, 3, 7) is 1 to 3, and 7."""
    spans: list[tuple[int, int]] = []
    for seq in sorted(set(seqs)):
        if spans and seq == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], seq)
        else:
            spans.append((seq, seq))
    return tuple(spans)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A revision as a row of proof: what kind of entry it made, changed or withdrew, by whom."""

    revision: Revision
    what: str
    name: str
    did: str


def receipts(revisions: Iterable[Revision], seqs: Iterable[int]) -> tuple[Receipt, ...]:
    """The rows for those of these seqs that are among the revisions."""
    by_seq = {one.seq: one for one in revisions}
    return tuple(_receipt(by_seq[seq], by_seq) for seq in sorted(by_seq.keys() & set(seqs)))


def _receipt(one: Revision, by_seq: Mapping[int, Revision]) -> Receipt:
    before = by_seq.get(one.base) if one.base is not None else None
    payload = one.payload or (before.payload if before else None) or {}
    name = str(payload.get("title") or payload.get("name") or one.key)
    return Receipt(one, KINDS[one.kind].label, name, _did(one, before))


def _did(one: Revision, before: Revision | None) -> str:
    if one.payload is None:
        return "withdrawn"
    if before is None or before.payload is None:
        return "new" if one.base is None else "changed"
    fields = sorted(
        name
        for name in {*one.payload, *before.payload}
        if one.payload.get(name) != before.payload.get(name)
    )
    return f"changed: {', '.join(fields)}"

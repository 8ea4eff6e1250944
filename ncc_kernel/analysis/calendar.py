"""The year's calendar: what the programme plans and what the record holds, in the order of days."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ncc_kernel.model.calendar import Happening, Versions, What
from ncc_kernel.model.programme import Programme
from ncc_kernel.model.revision import Revision
from ncc_kernel.model.seminar import CopEvent, FollowUp, Seminar, Timed

DATED = ("seminar", "cop_event", "follow_up", "path_item")
"""Kinds of entries that stand in a calendar."""

OURS = ".ncc-workbooks"
"""How all names end that we give to what happens."""

NEAR = timedelta(days=30)
"""A seminar within this of a CoP event on the same topic doubles it."""


def versions(revisions: Iterable[Revision]) -> tuple[Versions, ...]:
    """The dated entries among these revisions, each with its whole history, by their first one."""
    found: dict[tuple[str, str, str, str], list[Revision]] = {}
    for one in sorted(revisions, key=lambda one: one.seq):
        if one.kind in DATED:
            found.setdefault(one.address, []).append(one)
    entries = (Versions(tuple(history)) for history in found.values())
    return tuple(one for one in entries if any(r.payload is not None for r in one.revisions))


def of_programme(programme: Programme) -> tuple[Happening, ...]:
    """Steps by each source's window, and the programme's events."""
    found = [
        Happening(
            "event",
            event.name,
            event.first,
            event.last,
            _uid("event", event.code),
            place=event.mode,
            about=event.partner,
        )
        for event in programme.events
    ]
    for step in programme.steps:
        windows = dict.fromkeys((window.first, window.last) for window in step.windows)
        for number, (first, last) in enumerate(windows, start=1):
            sources = [w.source for w in step.windows if (w.first, w.last) == (first, last)]
            said = f" ({sources[0].partition(',')[0]})" if len(windows) > 1 else ""
            uid = _uid("step", f"{programme.year}-{step.code}-{number}")
            title = f"Step {step.number}: {step.name}{said}"
            about = f"{step.about} Source: {', '.join(sources)}."
            found.append(Happening("step", title, first, last, uid, about=about))
    return tuple(sorted(found, key=_order))


def of_record(entries: Iterable[Versions], store: str) -> tuple[Happening, ...]:
    """What the record holds; withdrawn entries too, as cancelled. `store` is the record's own name."""
    found: dict[str, Happening] = {}
    for entry in entries:
        one = _happening(entry, store)
        if one is None:
            continue
        if one.uid in found or (one.what == "cop_event" and one.uid.endswith(OURS)):
            # A feed from outside gives no name of ours to its events, and none twice.
            one = replace(one, uid=_entry_uid(entry, store))
        found[one.uid] = one
    return tuple(sorted(found.values(), key=_order))


def standing(happenings: Iterable[Happening]) -> tuple[Happening, ...]:
    """Those that were not cancelled."""
    return tuple(one for one in happenings if not one.cancelled)


def _order(one: Happening) -> tuple[date, date, str, str]:
    return one.first, one.last, one.what, one.uid


def _uid(what: str, code: str, store: str = "programme") -> str:
    return f"{what}-{code}@{store}{OURS}"


def _entry_uid(entry: Versions, store: str) -> str:
    said = entry.said
    return _uid(said.kind, f"{said.country}-{said.cycle}-{said.key}", store)


def _happening(entry: Versions, store: str) -> Happening | None:
    said, last = entry.said, entry.last
    payload = said.payload or {}
    uid = _entry_uid(entry, store)
    version, cancelled = len(entry.revisions) - 1, entry.withdrawn
    if said.kind == "seminar":
        seminar = Seminar.model_validate(payload)
        first, until = span(seminar)
        return Happening(
            "seminar",
            seminar.title,
            first,
            until,
            uid,
            version,
            seminar.begins,
            seminar.ends,
            about=seminar.about,
            place=seminar.place or seminar.mode,
            topic=seminar.topic,
            cancelled=cancelled or seminar.state == "cancelled",
            at=last.at,
            seq=last.seq,
        )
    if said.kind == "cop_event":
        event = CopEvent.model_validate(payload)
        first, until = span(event)
        # Its own name: who follows the CoP's calendar too sees it once.
        return Happening(
            "cop_event",
            event.title,
            first,
            until,
            event.uid or uid,
            event.sequence + version,
            event.begins,
            event.ends,
            about=event.about,
            place=event.place,
            link=event.link,
            topic=event.topic,
            cancelled=cancelled or event.state == "cancelled",
            at=last.at,
            seq=last.seq,
        )
    if said.kind == "follow_up":
        follow = FollowUp.model_validate(payload)
        return _due(entry, "follow_up", follow.title, follow.due, follow.state, uid)
    due = payload.get("due")
    when = date.fromisoformat(due) if due else None
    return _due(entry, "path_item", str(payload["title"]), when, str(payload.get("state", "")), uid)


def _due(
    entry: Versions, what: What, title: str, due: date | None, state: str, uid: str
) -> Happening | None:
    """What is due on a day; what has no day stands in no calendar."""
    if due is None:
        return None
    gone = entry.withdrawn or state == "dropped"
    done = state == "done"
    said = f"{'Done' if done else 'Due'}: {title}"
    return Happening(
        what,
        said,
        due,
        due,
        uid,
        len(entry.revisions) - 1,
        country=entry.said.country,
        cancelled=gone,
        done=done,
        at=entry.last.at,
        seq=entry.last.seq,
    )


def span(timed: Timed) -> tuple[date, date]:
    """First and last day."""
    return timed.first, timed.last or timed.first


@dataclass(frozen=True, slots=True)
class Doubling:
    """A seminar and a CoP event on the same topic, this many days apart."""

    seminar: Happening
    event: Happening
    topic: str
    days: int


def doublings(programme: Programme, happenings: Collection[Happening]) -> tuple[Doubling, ...]:
    """Seminars that double a topic of the SI CoP within 30 days, in the order of the seminars."""
    found = []
    there = standing(happenings)
    for seminar in (one for one in there if one.what == "seminar"):
        for event in cop_events_on(programme, seminar.topic, there):
            apart = days_apart(seminar, event.first, event.last)
            if apart <= NEAR.days:
                found.append(Doubling(seminar, event, event.topic, apart))
    return tuple(found)


def cop_events_on(
    programme: Programme, topic: str, happenings: Iterable[Happening]
) -> tuple[Happening, ...]:
    """The CoP's events on a topic that is a seminar's topic too."""
    same = {one.code for one in programme.cop_topics if topic in one.seminars}
    return tuple(
        one for one in standing(happenings) if one.what == "cop_event" and one.topic in same
    )


def days_apart(one: Happening, first: date, last: date) -> int:
    """The days between it and a span; 0 when they share a day."""
    return max((first - one.last).days, (one.first - last).days, 0)

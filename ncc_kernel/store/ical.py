"""iCalendar in: events of the SI CoP from its feed or file, each on its own.

The file is cut into its events first, by a scanner that follows BEGIN and END and drops what is
inside an event (alarms, and nests of any depth). Each event is then parsed alone, so one that is
broken takes none with it. Repetitions are unrolled within bounds, whatever a rule asks for.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from ncc_kernel.errors import Rejected, Unreadable
from ncc_kernel.model.calendar import BRUSSELS
from ncc_kernel.model.programme import CopTopic
from ncc_kernel.model.repetition import FREQUENCIES, Repetition
from ncc_kernel.model.revision import EU, EVERY_CYCLE, Payload, Revision
from ncc_kernel.model.text import showable
from ncc_kernel.store.candidates import Batch, Candidate, Refused
from ncc_kernel.store.sheets import decode, read_bytes

LARGEST = 10_000_000
MOST_EVENTS = 5_000
MOST_LINES = 500
LONGEST_LINE = 50_000
"""Bytes of a file, events in it, lines of an event and characters of a line that are read."""

AHEAD = timedelta(days=2 * 366)
MOST_DATES = 60
"""How far, and how often, an event that repeats is taken."""

YEARS = (2000, 2100)
TITLE, ABOUT = 400, 10_000
STATES = {"CANCELLED": "cancelled", "CONFIRMED": "announced", "TENTATIVE": "planned"}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FINE = ("BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS", "BYWEEKNO")
ZONE = ZoneInfo(BRUSSELS)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one event, the line of the file it begins on, and what is wrong with it."""

    line: int
    lines: tuple[str, ...]
    fault: str = ""


def from_ics(path: Path, file: str, topics: Sequence[CopTopic], batch: Batch) -> None:
    """Candidates from a calendar; each event that cannot be taken with its line and why."""
    raw = read_bytes(path)
    if len(raw) > LARGEST:
        raise Unreadable(
            f"{path.name} has more than {LARGEST // 1_000_000} MB.", "export a shorter period"
        )
    if not raw.startswith((b"\xff\xfe", b"\xfe\xff")) and raw.count(0) < len(raw) // 4:
        raw = raw.replace(b"\x00", b"")  # one event with a NUL must not cost us the others
    text, guessed = decode(path, raw)
    if guessed:
        said = f"Read as {guessed}, a guess; if letters are wrong, save the file as UTF-8."
        batch.notes.append(Refused(file, 0, "", said))
    blocks = list(islice(blocks_of(text), MOST_EVENTS + 1))
    if not blocks and "BEGIN:VCALENDAR" not in text.upper():
        raise Unreadable(
            f"{path.name} is no calendar.", "send a file in the iCalendar format, .ics"
        )
    batch.rows[file] = min(len(blocks), MOST_EVENTS)
    if len(blocks) > MOST_EVENTS:
        said = f"Only the first {MOST_EVENTS} events were read."
        batch.notes.append(Refused(file, blocks.pop().line, "", said))
    found: list[Candidate] = []
    for block in blocks:
        try:
            found += _candidates(block, file, topics)
        except Rejected as fault:
            batch.refused.append(Refused(file, block.line, _name(block), fault.what))
    _keep_newest(found, batch)


def blocks_of(text: str) -> Iterator[Block]:
    """The events of a calendar, cut out without parsing them."""
    depth, begun, lines, fault = 0, 0, [], ""
    for number, line in _unfolded(text):
        head = line[:40].strip().upper()
        if begun == 0:
            if head == "BEGIN:VEVENT":
                depth, begun, lines, fault = 1, number, [line.strip()], ""
            continue
        if head.startswith("BEGIN:"):
            depth += 1
            fault = fault or ("An event stands inside it." if head == "BEGIN:VEVENT" else "")
        elif head.startswith("END:"):
            depth -= 1
            if depth == 0:
                yield Block(begun, (*lines, "END:VEVENT"), fault)
                begun = 0
        elif depth == 1:
            if len(lines) < MOST_LINES:
                lines.append(line)
            else:
                fault = fault or f"It has more than {MOST_LINES} lines."
    if begun:
        yield Block(begun, (*lines, "END:VEVENT"), "The file ends in the middle of it.")


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Each content line with the line of the file it begins on."""
    parts: list[str] = []
    begun, length = 1, 0
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if raw[:1] in (" ", "\t") and parts:
            if length <= LONGEST_LINE:
                parts.append(raw[1:])
                length += len(raw)
            continue
        if parts:
            yield begun, "".join(parts)[:LONGEST_LINE]
        parts, begun, length = [raw], number, len(raw)
    yield begun, "".join(parts)[:LONGEST_LINE]


def _name(block: Block) -> str:
    found = next((line for line in block.lines if line[:7].upper() == "SUMMARY"), "")
    return _one_line(found.partition(":")[2])[:80]


def _candidates(block: Block, file: str, topics: Sequence[CopTopic]) -> list[Candidate]:
    if block.fault:
        raise Rejected(block.fault)
    event = _parsed(block)
    notes: list[str] = []
    payload = _payload(event, topics, notes)
    uid = _text(event, "uid")
    if not uid:
        uid = f"{payload['title']} {payload['first']}"
        notes.append("It has no UID; its title and day stand for one.")
    source = f"Calendar {file}"[:400]
    again = event.get("recurrence-id")
    dates = _dates(event, date.fromisoformat(payload["first"]), notes)
    length = _days(payload)
    found = []
    for first in dates:
        moved = _moved(payload, first, length)
        occasion = _day_of(again.dt) if again is not None else first if len(dates) > 1 else None
        own = f"{uid}#{occasion:%Y%m%d}" if occasion else uid
        found.append(
            Candidate(
                file=file,
                line=block.line,
                kind="cop_event",
                key=key_of(own),
                country=EU,
                cycle=EVERY_CYCLE,
                payload=moved | {"uid": own[:400], "source": source},
                notes=tuple(notes) if first == dates[0] else (),
            )
        )
    return found


def key_of(uid: str) -> str:
    """The entry's key: the same for the same UID, whatever is in it."""
    return f"cop-{hashlib.sha256(uid.encode('utf-8', 'replace')).hexdigest()[:20]}"


def _parsed(block: Block) -> icalendar.Event:
    try:
        event = icalendar.Event.from_ical("\r\n".join(block.lines))
    except Exception as fault:  # noqa: BLE001  # whatever the library makes of hostile lines
        raise Rejected(f"It cannot be read: {_short(fault)}.") from None
    if not isinstance(event, icalendar.Event):
        raise Rejected("It is no event.")
    for name, why in getattr(event, "errors", ()):
        if str(name).upper() in ("DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID"):
            raise Rejected(f"{name} cannot be read: {_short(why)}.")
    return event


def _payload(event: icalendar.Event, topics: Sequence[CopTopic], notes: list[str]) -> Payload:
    title = _one_line(_text(event, "summary"))
    if not title:
        raise Rejected("It has no title (SUMMARY).")
    if len(title) > TITLE:
        notes.append(f"The title was cut after {TITLE} characters.")
    about = str(showable(_text(event, "description")))
    if len(about) > ABOUT:
        notes.append(f"The description was cut after {ABOUT} characters.")
    link = _one_line(_text(event, "url"))
    state = STATES.get(_text(event, "status").upper(), "planned")
    topic = _topic(event, title, topics, notes)
    return {
        "title": title[:TITLE],
        **({"topic": topic} if topic else {}),
        **({"about": about[:ABOUT]} if about else {}),
        **({"place": place} if (place := _one_line(_text(event, "location"))[:TITLE]) else {}),
        **({"link": link[:TITLE]} if link.startswith(("https://", "http://")) else {}),
        **({"state": state} if state != "planned" else {}),
        **_when(event, notes),
        **_sequence(event, notes),
    }


def _sequence(event: icalendar.Event, notes: list[str]) -> Payload:
    raw = _text(event, "sequence")
    if not raw:
        return {}
    if raw.isascii() and raw.isdigit() and int(raw) < 2**31:
        return {"sequence": int(raw)} if int(raw) else {}
    notes.append(f"SEQUENCE {raw[:20]!r} is no number; taken as 0.")
    return {}


def _when(event: icalendar.Event, notes: list[str]) -> Payload:
    start = _moment(event, "dtstart", notes)
    if start is None:
        raise Rejected("It has no day (DTSTART).")
    end = _moment(event, "dtend", notes)
    if end is None and (length := _value(event, "duration")) is not None:
        end = start + length if isinstance(length, timedelta) else None
    if isinstance(start, datetime):
        return _timed(start, end if isinstance(end, datetime) else None)
    first, last = _day_of(start), _day_of(end) - DAY if end is not None else start
    if last < first - DAY:
        raise Rejected(f"It ends ({last}) before it begins ({first}).")
    return _span(first, max(first, last))


def _timed(start: datetime, end: datetime | None) -> Payload:
    if end is not None and end < start:
        raise Rejected(f"It ends ({end:%Y-%m-%d %H:%M}) before it begins ({start:%Y-%m-%d %H:%M}).")
    begins = {"begins": f"{start:%H:%M}"}
    if end is None or end == start:
        return _span(start.date(), start.date()) | begins
    if end.time() == time(0):  # midnight belongs to the day before
        return _span(start.date(), max(start.date(), end.date() - DAY)) | begins
    return _span(start.date(), end.date()) | begins | {"ends": f"{end:%H:%M}"}


def _span(first: date, last: date) -> Payload:
    for day in (first, last):
        if not YEARS[0] <= day.year <= YEARS[1]:
            raise Rejected(f"{day} is not a day of this programme's time.")
    if (last - first).days > 366:  # noqa: PLR2004  # a year
        raise Rejected(f"It lasts from {first} to {last}, which is no event.")
    return {"first": first.isoformat()} | ({"last": last.isoformat()} if last != first else {})


def _moment(event: icalendar.Event, name: str, notes: list[str]) -> date | datetime | None:
    """A day, or a moment in Brussels; a time without a zone is taken as Brussels time."""
    found = _value(event, name)
    if found is None or not isinstance(found, date):
        if name in event:
            raise Rejected(f"{name.upper()} is no day.")
        return None
    if not isinstance(found, datetime):
        return found
    if found.tzinfo is None:
        zone = getattr(event.get(name), "params", {}).get("TZID")
        if zone:
            notes.append(f"The time zone {str(zone)[:40]!r} is not known; taken as Brussels time.")
        return found.replace(tzinfo=ZONE)
    try:
        return found.astimezone(ZONE)
    except (OverflowError, ValueError):
        raise Rejected(f"{name.upper()} is no day that there is.") from None


def _value(event: icalendar.Event, name: str) -> Any:
    found = event.get(name)
    if isinstance(found, list):
        raise Rejected(f"{name.upper()} stands there {len(found)} times.")
    return getattr(found, "dt", None)


def _day_of(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when


def _dates(event: icalendar.Event, first: date, notes: list[str]) -> list[date]:
    """The first days of an event that repeats, within our bounds; the one day of any other."""
    rule = event.get("rrule")
    if rule is None:
        return [first]
    if isinstance(rule, list):
        raise Rejected("It has more than one rule of repetition.")
    count = min(int((rule.get("COUNT") or [MOST_DATES])[0]), MOST_DATES)
    untils = (_day_of(one) for one in rule.get("UNTIL", []) if isinstance(one, date))
    found = list(islice(_repetition(rule).days(first, min([first + AHEAD, *untils])), count))
    without = _excluded(event)
    kept = [day for day in found if day not in without]
    if len(found) == MOST_DATES or (found and found[-1] > first + AHEAD - 40 * DAY):
        notes.append(f"It repeats; {len(kept)} dates to {kept[-1] if kept else first} were taken.")
    if not kept:
        raise Rejected("Its rule of repetition gives no day.")
    return kept


def _repetition(rule: Mapping[str, Any]) -> Repetition:
    frequency = str((rule.get("FREQ") or [""])[0]).upper()
    known = next((one for one in FREQUENCIES if one == frequency), None)
    if known is None or any(name in rule for name in FINE):
        raise Rejected(
            f"It repeats {frequency.lower() or 'by no rule'} or within a day, which is no event."
        )
    if any(int(step) < 1 for step in rule.get("INTERVAL", [1])):
        raise Rejected("It repeats at an interval of 0.")
    try:
        return Repetition(
            known,
            interval=int(rule.get("INTERVAL", [1])[0]),
            months=frozenset(int(one) for one in rule.get("BYMONTH", [])),
            month_days=frozenset(int(one) for one in rule.get("BYMONTHDAY", [])),
            year_days=frozenset(int(one) for one in rule.get("BYYEARDAY", [])),
            weekdays=frozenset(_weekday(str(one)) for one in rule.get("BYDAY", [])),
            week_start=_weekday(str(rule.get("WKST", ["MO"])[0]))[1],
        )
    except (ValueError, IndexError) as fault:
        raise Rejected(f"Its rule of repetition cannot be read: {_short(fault)}.") from None


def _weekday(said: str) -> tuple[int, int]:
    """The place and the weekday in words such as TU, 2TU and -1SU."""
    return int(said[:-2] or 0), WEEKDAYS.index(said[-2:].upper())


def _excluded(event: icalendar.Event) -> set[date]:
    raw = event.get("exdate", [])
    lists = raw if isinstance(raw, list) else [raw]
    try:
        return {_day_of(one.dt) for some in lists for one in some.dts}
    except icalendar.BrokenCalendarProperty:
        raise Rejected("The days on which it does not take place cannot be read.") from None


def _days(payload: Payload) -> timedelta:
    first = str(payload["first"])
    return date.fromisoformat(str(payload.get("last", first))) - date.fromisoformat(first)


def _moved(payload: Payload, first: date, length: timedelta) -> Payload:
    kept = {name: value for name, value in payload.items() if name not in ("first", "last")}
    return kept | _span(first, first + length)


def _topic(event: icalendar.Event, title: str, topics: Sequence[CopTopic], notes: list[str]) -> str:
    """The CoP's topic by the event's categories, else by words in its title; empty when unclear."""
    raw = event.get("categories", [])
    lists = raw if isinstance(raw, list) else [raw]
    said = {str(one).strip().casefold() for some in lists for one in getattr(some, "cats", ())}
    for topic in topics:
        if said & {topic.code.casefold(), topic.name.casefold()}:
            return topic.code
    hits = {t.code: sum(_heard(word, title) for word in t.words) for t in topics}
    best = max(hits.values(), default=0)
    likely = [code for code, count in hits.items() if count == best and best]
    if len(likely) != 1:
        return ""
    notes.append(f"Topic {likely[0]}, by the words of its title.")
    return likely[0]


def _heard(word: str, title: str) -> bool:
    return re.search(rf"\b{re.escape(word)}s?\b", title, re.IGNORECASE) is not None


def _keep_newest(found: Sequence[Candidate], batch: Batch) -> None:
    """Of several versions of one event in a file, the one with the highest SEQUENCE."""
    newest: dict[str, Candidate] = {}
    for one in found:
        other = newest.get(one.key)
        if other is None or _version(one.payload) > _version(other.payload):
            newest[one.key] = one
    for one in found:
        if newest[one.key] is one:
            batch.candidates.append(one)
        else:
            line = newest[one.key].line
            batch.refused.append(one.told(f"Another version of it, on line {line}, was taken."))


def _version(payload: Payload | None) -> int:
    return int((payload or {}).get("sequence", 0))


def beside_record(one: Candidate, theirs: Revision | None) -> Candidate:
    """The candidate with what a person chose for it here; Rejected when the record has a newer one."""
    if one.kind != "cop_event" or not one.payload or theirs is None or not theirs.payload:
        return one
    if _version(one.payload) < _version(theirs.payload):
        raise Rejected(
            f"The record has version {_version(theirs.payload)} of it, this is {_version(one.payload)}."
        )
    chosen = theirs.payload.get("topic")
    return one._replace(payload=one.payload | ({"topic": chosen} if chosen else {}))


def _text(event: icalendar.Event, name: str) -> str:
    found = event.get(name)
    if isinstance(found, list):
        found = found[0] if found else ""
    return str(found if found is not None else "")


def _one_line(text: str) -> str:
    """On one line, without what no page can hold: a line end in a title begins no new property."""
    return " ".join(str(showable(text)).split())


def _short(fault: object) -> str:
    return " ".join(str(showable(str(fault))).split())[:120].rstrip(".")

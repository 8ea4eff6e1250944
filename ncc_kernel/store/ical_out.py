"""iCalendar out: one feed for all, one for each country; the same record gives the same bytes.

A UID is for good and SEQUENCE rises with each revision, so a calendar that reads the feed again
moves an event and never doubles it. DTSTAMP is when the record was written, not the clock. What was
withdrawn stays in the feed as cancelled, so that it goes from calendars that had it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from ncc_kernel.model.calendar import BRUSSELS, Happening

PRODUCT = "-//NCC workbooks//Calendar//EN"
ZONE = ZoneInfo(BRUSSELS)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
CATEGORIES = {
    "step": "Step of the programme",
    "event": "Event of the working group",
    "seminar": "Seminar",
    "cop_event": "SI CoP",
    "follow_up": "Follow-up",
    "path_item": "Learning path",
}


def to_ics(happenings: Iterable[Happening], *, name: str, year: int) -> bytes:
    """The calendar as a file; `year` is the programme's, whose own events have no revision."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", one_line(name))
    calendar.add("x-wr-timezone", BRUSSELS)
    calendar.add_component(_zone())
    for one in happenings:
        calendar.add_component(_event(one, datetime(year, 1, 1, tzinfo=UTC)))
    return bytes(calendar.to_ical())


def _event(one: Happening, written: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", one_line(one.uid))
    event.add("dtstamp", (one.at or written).astimezone(UTC).replace(microsecond=0))
    event.add("sequence", one.version)
    event.add("summary", one_line(one.title))
    if one.all_day:
        event.add("dtstart", one.first)
        event.add("dtend", one.last + DAY)  # the first day that is no more in it
    else:
        begin = _moment(one.first, one.begins)
        event.add("dtstart", begin)
        event.add("dtend", _moment(one.last, one.ends) if one.ends else begin + HOUR)
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    # A step or a deadline takes nobody's time.
    event.add("transp", "OPAQUE" if one.what in ("event", "seminar") else "TRANSPARENT")
    event.add("categories", [CATEGORIES[one.what]])
    if one.about:
        event.add("description", one.about)
    if one.place:
        event.add("location", one_line(one.place))
    if one.link:
        event.add("url", one_line(one.link))
    if one.at is not None:
        event.add("last-modified", one.at.astimezone(UTC).replace(microsecond=0))
    return event


def _moment(day: date, clock: str) -> datetime:
    hour, minute = (int(part) for part in clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def _zone() -> icalendar.Timezone:
    """Brussels as it is since 1996, which is all that a programme's calendar needs."""
    zone = icalendar.Timezone()
    zone.add("tzid", BRUSSELS)
    for part, month, begins, before, after, name in (
        (icalendar.TimezoneDaylight(), 3, datetime(1996, 3, 31, 2), 1, 2, "CEST"),  # noqa: DTZ001  # local by definition
        (icalendar.TimezoneStandard(), 10, datetime(1996, 10, 27, 3), 2, 1, "CET"),  # noqa: DTZ001
    ):
        part.add("dtstart", begins)
        part.add("tzoffsetfrom", before * HOUR)
        part.add("tzoffsetto", after * HOUR)
        part.add("tzname", name)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone


def one_line(text: str) -> str:
    """On one line: a line end that somebody typed must begin no new property."""
    return " ".join(text.split())

"""`ncc export ics` and `ncc import feed.ics`, as a coordinator uses them."""

from pathlib import Path

from ical.calendar_stream import IcsCalendarStream

from tests.conftest import TestHome

FEED = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//cop//EN
BEGIN:VEVENT
UID:calls@cop
DTSTART;TZID=Europe/Brussels:20241121T100000
DTEND;TZID=Europe/Brussels:20241121T120000
SUMMARY:Preparing calls
END:VEVENT
BEGIN:VEVENT
UID:broken@cop
DTSTART:tomorrow
SUMMARY:Broken
END:VEVENT
END:VCALENDAR
"""


def uids(path: Path) -> dict[str, str]:
    found = IcsCalendarStream.calendar_from_ics(path.read_bytes().decode())
    return {str(one.uid): str(one.summary) for one in found.events}


def test_a_feed_comes_in_and_goes_out_for_all_and_for_one_country(
    empty_home: TestHome, tmp_path: Path
) -> None:
    feed, everyone, portugal = (tmp_path / name for name in ("cop.ics", "all.ics", "pt.ics"))
    feed.write_text(FEED)

    came = empty_home.ncc("import", feed)
    again = empty_home.ncc("import", feed)
    empty_home.ncc("export", "ics", "-o", everyone)
    went = empty_home.ncc("export", "ics", "--country", "Portugal", "-o", portugal)

    assert came.code == went.code == 0, came.err + went.err
    assert "cop.ics, line 10, Broken: DTSTART cannot be read" in came.out
    assert "1 new, 0 changed, 0 as before, 1 not taken." in came.out
    assert "0 new, 0 changed, 1 as before" in again.out
    assert uids(everyone)["calls@cop"] == "Preparing calls"
    assert uids(everyone) == uids(portugal)
    assert b"X-WR-CALNAME:NCC working group: Portugal" in portugal.read_bytes()


def test_two_exports_of_the_sample_are_the_same_bytes_and_a_country_has_its_own_days(
    home: TestHome, tmp_path: Path
) -> None:
    paths = [tmp_path / name for name in ("a.ics", "b.ics", "bg.ics")]

    for path, words in zip(paths, ((), (), ("--country", "BG")), strict=True):
        assert home.ncc("export", "ics", *words, "-o", path).code == 0

    assert paths[0].read_bytes() == paths[1].read_bytes()
    own = set(uids(paths[2])) - set(uids(paths[0]))
    assert own
    assert all(uid.startswith(("follow_up-BG-", "path_item-BG-")) for uid in own)
    assert set(uids(paths[0])) <= set(uids(paths[2]))


def test_what_is_no_calendar_is_refused_in_words(empty_home: TestHome, tmp_path: Path) -> None:
    feed = tmp_path / "cop.ics"
    feed.write_text("<html>Not found</html>")

    done = empty_home.ncc("import", feed)

    assert done.code == 2
    assert "cop.ics is no calendar." in done.err

"""Tables of our own and files that are none: one bad row never loses the good rows beside it."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ncc_kernel.store import sheets
from ncc_kernel.store.imports import Report
from ncc_kernel.store.log import Store

Take = Callable[..., Report]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


@pytest.fixture
def xlsx(tmp_path: Path) -> Write:
    def saved(*rows: list[Any], name: str = "agents.xlsx", merge: str = "") -> Path:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for row in rows:
            sheet.append(row)
        if merge:
            sheet.merge_cells(merge)
        book.save(tmp_path / name)
        return tmp_path / name

    return saved


def names(store: Store, kind: str = "agent") -> dict[str, str]:
    return {one.key: (one.payload or {})["name"] for one in store.current(kind)}


def reasons(done: Report) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in done.refused]


def test_an_own_table_in_csv_is_taken(take: Take, write: Write, store: Store) -> None:
    path = write(
        "agents.csv",
        "kind,country,key,name,type,objectives,place.name,needs.scaling\n"
        "agent,Greece,a1,Lab,Social enterprise or cooperative,ESO4.1|ESO4.8,Patras,3\n",
    )

    done = take(path, store=store)

    [found] = store.current("agent")
    assert (done.files[0].new, done.refused, done.notes) == (1, (), ())
    assert (found.country, found.cycle, found.key) == ("EL", "-", "a1")
    assert found.payload == {
        "name": "Lab",
        "type": "social_enterprise",
        "objectives": ["ESO4.1", "ESO4.8"],
        "place": {"name": "Patras"},
        "needs": {"scaling": 3},
    }


def test_an_own_table_in_xlsx_is_taken_with_its_numbers_and_dates(
    take: Take, xlsx: Write, lite: Store
) -> None:
    path = xlsx(
        ["key", "country", "title", "start", "place.lat", "place.lon", "needs.evaluation"],
        ["i1", "AT", "Garden", date(2024, 3, 1), 48.2, 16.37, 2],
    )

    done = take(path, kind="initiative")

    [found] = lite.current("initiative")
    assert (done.refused, done.unreadable) == ((), ())
    assert found.payload == {
        "title": "Garden",
        "start": "2024-03-01",
        "place": {"precision": "point", "lat": 48.2, "lon": 16.37},
        "needs": {"evaluation": 2},
    }


def test_the_country_of_the_call_serves_rows_that_name_none(
    take: Take, write: Write, lite: Store
) -> None:
    path = write("agents.csv", "key,country,name\na1,,One\na2,ES,Two\n")

    take(path, kind="agent", defaults={"country": "PT"})

    assert [(one.key, one.country) for one in lite.current("agent")] == [("a2", "ES"), ("a1", "PT")]


BAD_ROWS = {
    "no country": (",b,Bad", "No country is given."),
    "outside the EU": ("Norway,b,Bad", "'Norway' is not one of the EU's 27 member states."),
    "no such country": ("Narnia,b,Bad", "'Narnia' is not a country's name or code."),
    "no key": ("PT,,Bad", "The row has no key."),
    "key with a space": ("PT,b c,Bad", "'b c' cannot be a key."),
    "key too long": (f"PT,{'b' * 121},Bad", f"'{'b' * 60}' cannot be a key."),
    "nothing but a key": ("PT,b,", "The row has a key and nothing else."),
    "name too long": (f"PT,b,{'x' * 401}", "name: String should have at most 400 characters"),
    "a comma too many": ("PT,b,Bad,,,stray", "The row has more cells than there are columns: 'stray'"),
    "no such size of need": ("PT,b,Bad,7", "needs.scaling: Input should be less than or equal to 3"),
    "a decimal comma": ('PT,b,Bad,"1,5"', "needs.scaling: "),
    "no such tier": ("PT,b,Bad,,best", "tier: Input should be 'nominated'"),
    "doubled key": ("PT,a1,Bad", "Doubled: the same key as line 2."),
    "doubled name": ("PT,b,GOOD", "Doubled: the same name, country and web site as line 2."),
    "key of another country": ("ES,a1,Bad", "The key a1 is already recorded in PT."),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_is_named_and_the_rows_around_it_are_taken(
    take: Take, write: Write, lite: Store, case: str
) -> None:
    row, reason = BAD_ROWS[case]
    path = write(
        "agents.csv", f"country,key,name,needs.scaling,tier\nPT,a1,Good\n{row}\nPT,a2,Also good\n"
    )

    done = take(path, kind="agent")

    assert names(lite) == {"a1": "Good", "a2": "Also good"}
    [(line, said)] = reasons(done)
    assert line == 3
    assert said.startswith(reason)
    assert (done.files[0].rows, done.files[0].new, done.files[0].refused) == (3, 2, 1)


def test_a_bad_row_does_not_make_a_double_of_the_good_one_after_it(
    take: Take, write: Write, lite: Store
) -> None:
    path = write("agents.csv", "country,key,name,tier\nPT,a1,Lab,best\nPT,a1,Lab,enriched\n")

    done = take(path, kind="agent")

    assert names(lite) == {"a1": "Lab"}
    assert [line for line, _ in reasons(done)] == [2]


def test_a_link_to_an_agent_that_was_not_taken_dangles(
    take: Take, write: Write, lite: Store
) -> None:
    agents = write("agents.csv", "kind,country,key,name,tier\nagent,PT,a1,Lab,best\n")
    things = write("things.csv", "kind,country,key,title\ninitiative,PT,i1,Garden\n")
    links = write(
        "links.csv",
        "kind,key,agent,target,link_kind\nlink,l1,a1,i1,leads\nlink,l2,zz,i1,leads\nlink,l3,a1,,leads\n",
    )

    done = take(links, agents, things)

    assert lite.current("link") == ()
    dangling = [said for _, said in reasons(done) if said.startswith("Dangling link: the agent")]
    assert [said.split(":")[1:3] for said in dangling] == [
        [" the agent a1 was not taken", " tier"],
        [" the agent zz is not in the record or the files."],
        [" the agent a1 was not taken", " tier"],
    ]


def test_a_value_that_cannot_be_true_is_left_out_and_noted(
    take: Take, write: Write, lite: Store
) -> None:
    path = write(
        "agents.csv",
        "key,country,name,type,website,place.lat,place.lon,colour\n"
        "a1,PT,Lab,wizard,nowhere,59.9,30.3,red\n",
    )

    done = take(path, kind="agent")

    assert [one.payload for one in lite.current("agent")] == [{"name": "Lab"}]
    assert [one.reason.split(";")[0] for one in done.notes] == [
        "The column 'colour' is not a field of agent.",
        "The web site 'nowhere' is no address",
        "The coordinates 59.9, 30.3 are not in PT as drawn",
        "'wizard' is not in Types of agents. Left empty.",
    ]


@pytest.mark.parametrize("columns", ["place,place.name", "place.name,place"])
def test_a_field_that_is_both_text_and_object_is_refused(
    take: Take, write: Write, lite: Store, columns: str
) -> None:
    path = write("a.csv", f"key,country,name,{columns}\na1,PT,Lab,x,y\na2,PT,Other,,\n")

    done = take(path, kind="agent")

    assert names(lite) == {"a2": "Other"}
    assert reasons(done) == [(2, "The columns 'place' and 'place.…' contradict each other.")]


def test_lines_are_counted_through_cells_of_several_lines(take: Take, write: Write) -> None:
    path = write(
        "agents.csv", 'country,key,name,note\r\nPT,a1,One,"a\r\nb\r\nc"\r\n\r\nXX,a2,Two,\r\n'
    )

    done = take(path, kind="agent")

    assert [line for line, _ in reasons(done)] == [6]


TEXT = "key,country,name\na1,PL,Fundacja Łódzkich Społeczników\na2,CZ,Příliš žluťoučký kůň\n"


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("cp1250"),
        TEXT.replace(",", ";").encode("utf-8-sig"),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
    ids=["UTF-8", "BOM", "UTF-16", "UTF-16 BE", "cp1250", "semicolon", "tab", "CRLF", "CR"],
)
def test_a_table_is_read_as_spreadsheets_write_it(
    take: Take, write: Write, lite: Store, raw: bytes
) -> None:
    done = take(write("agents.csv", raw), kind="agent")

    assert names(lite) == {"a1": "Fundacja Łódzkich Społeczników", "a2": "Příliš žluťoučký kůň"}
    guessed = [one.reason for one in done.notes]
    told = ["Read as cp1250, a guess; if letters are wrong, save the file as UTF-8."]
    assert guessed == (told if raw == TEXT.encode("cp1250") else [])


def packed(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


def broken_sheet() -> bytes:
    book, buffer, out = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    book.worksheets[0].append(["key", "country", "name"])
    book.save(buffer)
    with zipfile.ZipFile(buffer) as whole, zipfile.ZipFile(out, "w") as torn:
        for part in whole.infolist():
            raw = whole.read(part)
            torn.writestr(part, raw[:-40] if part.filename.endswith("sheet1.xml") else raw)
    return out.getvalue()


UNREADABLE = {
    "0 bytes": ("a.csv", b"", "a.csv is empty."),
    "only blanks": ("a.csv", b"\n \r\n\t\n", "a.csv is empty."),
    "NUL in text": ("a.csv", b"key,country,name\na1,PT,A\x00B\n", "a.csv is not text."),
    "a picture": ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xd8\xff", "a.csv is not text."),
    "half of UTF-16": ("a.csv", "key,name\n".encode("utf-16")[:-1], "a.csv is not text."),
    "doubled column": ("a.csv", b"key,name,name\na1,A,B\n", "a.csv has the column 'name' twice."),
    "no header": ("a.csv", b",,\na1,A,B\n", "a.csv has no header line."),
    "unknown columns": ("a.csv", b"Nom,Pays\nA,France\n", "a.csv has columns that we do not know"),
    "another kind of file": ("a.pdf", b"%PDF-1.7", "a.pdf is of no kind that we read."),
    "old Excel": ("a.xls", b"\xd0\xcf\x11\xe0", "a.xls is of no kind that we read."),
    "not a zip": ("a.xlsx", b"key,country,name\na1,PT,A\n", "a.xlsx is not a readable XLSX file."),
    "a zip of something": ("a.xlsx", packed(a=b"b"), "a.xlsx is not a readable XLSX file."),
    "macros": ("a.xlsx", packed(xl__vbaProject_dot_bin=b"x"), "a.xlsx holds macros."),
    "a torn sheet": ("a.xlsx", broken_sheet(), "a.xlsx, sheet Sheet, is damaged."),
    "an empty sheet": ("a.xlsx", None, "a.xlsx has no header line."),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_is_told_and_the_other_is_taken(
    take: Take, write: Write, xlsx: Write, lite: Store, case: str
) -> None:
    name, raw, said = UNREADABLE[case]
    bad = xlsx(name=name) if raw is None else write(name, raw)
    good = write("good.csv", "kind,key,country,name\nagent,a1,PT,Lab\n")

    done = take(bad, good)

    [fault] = done.unreadable
    assert fault.what.startswith(said)
    assert names(lite) == {"a1": "Lab"}


def test_a_file_that_is_not_there_and_a_folder_are_told(take: Take, tmp_path: Path) -> None:
    done = take(tmp_path / "none.csv", tmp_path)

    assert [fault.what.split(" ", 1)[1] for fault in done.unreadable] == [
        "cannot be read: No such file or directory.",
        "is of no kind that we read.",
    ]


def test_a_file_over_50_mb_is_not_read(take: Take, tmp_path: Path) -> None:
    with (tmp_path / "big.csv").open("wb") as file:
        file.truncate(50_000_001)

    done = take(tmp_path / "big.csv")

    assert [fault.what for fault in done.unreadable] == ["big.csv is larger than 50 MB."]


def test_a_zip_bomb_is_not_unpacked(take: Take, write: Write) -> None:
    raw = packed(xl__workbook_dot_xml=bytes(201_000_000))
    assert len(raw) < 1_000_000

    done = take(write("bomb.xlsx", raw))

    assert [fault.what for fault in done.unreadable] == [
        "bomb.xlsx unpacks to more than it should."
    ]


def test_more_than_a_million_rows_are_not_read(
    take: Take, write: Write, xlsx: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    rows = [["key", "country", "name"], *(["a", "PT", "A"] for _ in range(3))]

    done = take(write("a.csv", "key\n" + "a\n" * 4), xlsx(*rows))

    assert [fault.what for fault in done.unreadable] == [
        "a.csv has more than 3 rows.",
        "agents.xlsx has more than 3 rows.",
    ]


def test_a_cell_in_the_last_corner_of_a_sheet_is_no_endless_read(
    take: Take, tmp_path: Path, lite: Store
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["key", "country", "name"])
    book.worksheets[0].append(["a1", "PT", "Lab"])
    book.worksheets[0]["XFD100000"] = "far away"
    book.save(tmp_path / "wide.xlsx")
    began = time.monotonic()

    done = take(tmp_path / "wide.xlsx", kind="agent")

    assert time.monotonic() - began < 10
    assert names(lite) == {"a1": "Lab"}
    assert done.unreadable == ()


def test_merged_cells_give_their_value_to_the_first_row_alone(
    take: Take, xlsx: Write, lite: Store
) -> None:
    path = xlsx(["key", "country", "name"], ["a1", "PT", "One"], ["a2", "PT", "Two"], merge="B2:B3")

    done = take(path, kind="agent")

    assert names(lite) == {"a1": "One"}
    assert reasons(done) == [(3, "No country is given.")]


ENTRY = {"kind": "agent", "country": "PT", "key": "a1", "payload": {"name": "Lab"}}
BAD_LINES = {
    "no JSON": "{kind: agent}",
    "nested without end": "[" * 100_000,
    "a list": "[1, 2]",
    "a number": "7",
    "no payload": json.dumps({"kind": "agent", "country": "PT", "key": "b"}),
    "payload is text": json.dumps(ENTRY | {"payload": "Lab"}),
    "kind is a list": json.dumps(ENTRY | {"kind": ["agent"]}),
    "no such kind": json.dumps(ENTRY | {"kind": "wizard"}),
    "origin": json.dumps(ENTRY | {"kind": "origin", "payload": {"store": "x", "illustrative": False}}),
    "key is a list": json.dumps(ENTRY | {"key": ["b"]}),
    "name is a list": json.dumps(ENTRY | {"key": "b", "payload": {"name": ["Lab"]}}),
    "unknown field": json.dumps(ENTRY | {"key": "b", "payload": {"name": "x", "colour": "red"}}),
    "NaN": '{"kind":"agent","country":"PT","key":"b","payload":{"name":"x","needs":{"scaling":NaN}}}',
    "huge": '{"kind":"agent","country":"PT","key":"b","payload":{"name":"x","needs":{"scaling":1e308}}}',
    "a lone surrogate in the country": '{"kind":"agent","country":"\\ud800","key":"b","payload":{"name":"x"}}',
    "a lone surrogate in the name": '{"kind":"agent","country":"XX","key":"b","payload":{"name":"\\ud800"}}',
    "a cycle that is none": json.dumps(
        {"kind": "answer", "country": "PT", "cycle": "2031-1", "key": "D1.1",
         "payload": {"state": "answered", "level": 1}}
    ),
    "a question that is none": json.dumps(
        {"kind": "answer", "country": "PT", "cycle": "2024-1", "key": "D9.9",
         "payload": {"state": "answered", "level": 1}}
    ),
    "N/A without a reason": json.dumps(
        {"kind": "answer", "country": "PT", "cycle": "2024-1", "key": "D1.1",
         "payload": {"state": "not_applicable"}}
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line_of_json_is_named_and_the_lines_around_it_are_taken(
    take: Take, write: Write, lite: Store, case: str
) -> None:
    last = json.dumps(ENTRY | {"key": "a2", "payload": {"name": "Other"}})
    path = write("a.jsonl", "\n".join([json.dumps(ENTRY), BAD_LINES[case], last]))

    done = take(path)

    assert names(lite) == {"a1": "Lab", "a2": "Other"}
    [refused] = done.refused
    assert (refused.line, done.files[0].rows, done.files[0].new) == (2, 3, 2)
    assert f"{refused.name}{refused.reason}".encode()


def test_all_bad_lines_at_once_leave_the_good_ones_on_both_databases(
    take: Take, write: Write, store: Store
) -> None:
    keys = ("b" * 121, "b\x00c" * 50, "\ud800", "b c")
    bad = [*BAD_LINES.values(), *(json.dumps(ENTRY | {"key": key}) for key in keys)]
    last = json.dumps(ENTRY | {"key": "a2", "payload": {"name": "Other \x00"}})
    path = write("a.jsonl", "\n".join([json.dumps(ENTRY), *bad, last]))

    done = take(path, store=store)

    assert names(store) == {"a1": "Lab", "a2": "Other"}
    assert [line for line, _ in reasons(done)] == list(range(2, len(bad) + 2))


@pytest.mark.parametrize("seq", [10**30, "9" * 5000, -1, True, [], 999_999])
def test_a_seq_that_cannot_be_is_a_conflict_only_where_there_is_something_else(
    take: Take, write: Write, store: Store, seq: object
) -> None:
    take(write("a.jsonl", json.dumps(ENTRY)), store=store)
    mine = ENTRY | {"seq": seq, "payload": {"name": "Mine"}}
    new = mine | {"key": "a2", "payload": {"name": "New"}}

    done = take(write("b.jsonl", f"{json.dumps(mine)}\n{json.dumps(new)}\n"), store=store)

    assert names(store) == {"a1": "Lab", "a2": "New"}
    assert reasons(done) == [(1, "Conflict: t changed it meanwhile to Lab; yours is Mine.")]


def test_a_line_without_payload_withdraws_only_when_it_says_so(
    take: Take, write: Write, lite: Store
) -> None:
    take(write("a.jsonl", json.dumps(ENTRY)))

    done = take(write("b.jsonl", json.dumps(ENTRY | {"payload": None})))

    assert lite.current("agent") == ()
    assert done.files[0].changed == 1


def test_a_conflict_names_the_line_of_its_own_cycle(take: Take, write: Write) -> None:
    def line(cycle: str, level: int, **more: int) -> str:
        payload = {"state": "answered", "level": level}
        entry = {"kind": "answer", "country": "PT", "cycle": cycle, "key": "D1.1"}
        return json.dumps(entry | {"payload": payload} | more) + "\n"

    take(write("a.jsonl", line("2023-1", 1) + line("2024-1", 1)))

    done = take(write("b.jsonl", line("2023-1", 1) + line("2024-1", 2, seq=999)))

    assert [one.line for one in done.refused] == [2]
    assert [one.mine.cycle for one in done.conflicts] == ["2024-1"]


def test_answers_without_a_guides_version_are_of_todays_guide(
    take: Take, write: Write, lite: Store
) -> None:
    take(write("a.csv", "kind,country,cycle,key,state,level\nanswer,PT,2024-1,D1.1,answered,3\n"))

    [found] = lite.current("answer")

    assert found.payload == {"state": "answered", "level": 3, "guide": "0.1"}

"""Steps 3 and 4 out and in again: every kind of entry, in every format, with any text in it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ncc_kernel.model.kinds import kinds_in
from ncc_kernel.model.revision import Draft, Payload
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.exports import read_entries, to_csv, to_jsonl, to_xlsx
from ncc_kernel.store.imports import Report
from ncc_kernel.store.log import Store

NOW = datetime(2024, 5, 6, tzinfo=UTC)
KINDS = tuple(sorted(kinds_in("cocreation", "scaling")))
ALL = ("challenge", "agent", "initiative", *KINDS)
Take = Callable[..., Report]
TEXTS = ("=1+1", "a|b\\|c\\", 'two\nlines, "quotes"; <b>\u202e 0012')


def entries_of(text: str) -> list[tuple[str, str, Payload]]:
    """One entry of each kind with every field filled, in the order of import."""
    about = {"source": text, "note": text, "visibility": "public", "review": "checked"}
    return [
        ("challenge", "c1", {"title": text}),
        ("agent", "a1", {"name": text}),
        ("initiative", "i1", {"title": text}),
        ("process", "p1", about | {"title": text, "challenge": "c1", "question": text, "phase": "develop", "depth": "involve", "methods": ["interview", "pilot"], "begins": "2023-02-01", "ends": "2024-02-01", "facilitator": text, "agents": ["a1"], "included": ["affected", "costs"], "inclusion": text, "consent": False, "ethics": text, "template": True, "adapt": text, "origin": "p1", "origin_country": "PT"}),
        ("session", "s1", about | {"title": text, "process": "p1", "day": "2023-03-01", "methods": ["ideation"], "facilitator": text, "took_part": {"acad": 0, "civ": 12}, "inputs": text, "outputs": text, "decided": text}),
        ("commitment", "m1", about | {"title": text, "process": "p1", "authority": "a1", "authority_name": text, "made": "2023-01-01", "due": "2024-01-01", "state": "in_part", "seen_on": "2024-01-02"}),
        ("prototype", "t1", about | {"title": text, "process": "p1", "hypothesis": text, "riskiest": text, "setting": text, "users": 0, "begins": "2023-04-01", "ends": "2023-05-01", "cost": 1234.5, "learning": text, "verdict": "pivot", "reason": text, "decided_on": "2023-06-01"}),
        ("indicator", "n1", about | {"name": text, "prototype": "t1", "unit": text, "baseline": -2.5, "target": 0.0, "result": 1e9, "how": text}),
        ("practice", "r1", about | {"title": text, "summary": text, "prototype": "t1", "initiative": "i1", "process": "p1", "challenges": ["c1"], "objectives": ["ESO4.1", "ESO4.8"], "programme_priority": text, "stage": "sustain", "readiness": 0, "readiness_shown": text, "use": 9, "use_shown": text, "evidence": 5, "evidence_shown": text, "cost_per_user": 0.0, "scaling_type": "deep", "scaling_level": "state", "scaling_cost": 5e6, "effort": 12.5, "owner": text, "conditions": text, "partners": ["a1"], "funding": text, "begins": "2024-01-01", "ends": "2025-01-01", "transferable": ["written", "free"], "transfer": text}),
        ("component", "k1", about | {"name": text, "practice": "r1", "readiness": 3, "readiness_shown": text, "use": 0, "use_shown": text}),
        ("criterion", "z1", about | {"name": text, "weight": 0.0, "about": text}),
        ("score", "o1", about | {"practice": "r1", "criterion": "z1", "points": 0, "evidence": text}),
        ("selection_round", "u1", about | {"title": text, "day": "2024-05-01", "budget": 0.0, "capacity": 7.5, "most": 0, "must": ["r1"], "each_level": ["local", "state"]}),
        ("selection", "d1", about | {"practice": "r1", "round": "u1", "outcome": "adapt", "day": "2024-05-02", "decided_by": text, "reason": text, "dissent": text, "process": "p1"}),
    ]  # fmt: skip


def record(store: Store, text: str) -> None:
    drafts = [Draft("PT", "-", kind, key, None, raw) for kind, key, raw in entries_of(text)]
    assert len(store.append(drafts, author="rui", at=NOW).written) == len(drafts)


def held(store: Store) -> dict[tuple[str, ...], Payload | None]:
    return {one.address: one.payload for kind in ALL for one in store.current(kind)}


def write(store: Store, catalogue: Catalogue, folder: Path, form: str) -> Path:
    path = folder / f"work.{form}"
    entries = read_entries(store, ALL)
    made = {
        "jsonl": lambda: to_jsonl(entries).encode(),
        "csv": lambda: to_csv(entries, catalogue).encode(),
        "xlsx": lambda: to_xlsx(entries, catalogue),
    }
    path.write_bytes(made[form]())
    return path


def test_the_entries_of_this_test_fill_every_field_of_every_kind(catalogue: Catalogue) -> None:
    filled = {kind: raw for kind, _key, raw in entries_of("x")}

    for kind in KINDS:
        asked = {one.path.partition(".")[0] for one in catalogue.entry_forms[kind].fields}
        assert asked == filled[kind].keys(), kind


@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx"])
def test_every_entry_comes_back_as_it_went_out_whatever_its_text(
    take: Take, lite: Store, catalogue: Catalogue, tmp_path: Path, form: str
) -> None:
    for number, text in enumerate(TEXTS):
        _again(take, lite, (catalogue, tmp_path, form), number, text)


def _again(
    take: Take,
    lite: Store,
    where: tuple[Catalogue, Path, str],
    number: int,
    text: str,
) -> None:
    """Each text changes the entries of the one before, so that one store does for all."""
    seqs = {one.address: one.seq for kind in ALL for one in lite.current(kind)}
    drafts = [
        Draft("PT", "-", kind, key, seqs.get((kind, "PT", "-", key)), raw)
        for kind, key, raw in entries_of(text)
    ]
    assert len(lite.append(drafts, author="rui", at=NOW).written) == len(drafts), number
    before, last = held(lite), lite.last_seq()

    done = take(write(lite, *where))

    assert (done.refused, done.notes, done.conflicts) == ((), (), ())
    assert done.files[0].unchanged == len(drafts)
    assert (held(lite), lite.last_seq()) == (before, last)


@pytest.mark.parametrize("form", ["jsonl", "xlsx"])
def test_an_export_fills_an_empty_store_with_the_same_entries(
    take: Take, lite: Store, store: Store, catalogue: Catalogue, tmp_path: Path, form: str
) -> None:
    record(lite, "plain")

    done = take(write(lite, catalogue, tmp_path, form), store=store)

    assert (done.refused, done.notes) == ((), ())
    assert held(store) == held(lite)


def test_a_table_says_the_words_of_codes_beside_them(lite: Store, catalogue: Catalogue) -> None:
    record(lite, "plain")

    text = to_csv(read_entries(lite, ["practice"]), catalogue)

    assert "readiness (label)" in text.splitlines()[0]
    assert "0 Idea" in text
    assert "Scaling deep" in text


@pytest.mark.parametrize(
    ("kind", "column", "said"),
    [
        ("practice", "prototype", "nothing"),
        ("session", "process", "nothing"),
        ("score", "criterion", "nothing"),
    ],
)
def test_a_row_that_names_what_is_not_there_is_refused_by_name(
    take: Take, lite: Store, tmp_path: Path, kind: str, column: str, said: str
) -> None:
    record(lite, "plain")
    rows = {"practice": "title", "session": "title", "score": "points"}
    more = {"score": ("practice", "r1")}.get(kind, ("source", "x"))
    path = tmp_path / "one.csv"
    path.write_text(
        f"key,country,{rows[kind]},{column},{more[0]}\nnew,PT,3,{said},{more[1]}\n",
        encoding="utf-8",
    )

    done = take(path, kind=kind)

    assert [one.line for one in done.refused] == [2]
    assert "nothing is not in the record or the files" in done.refused[0].reason

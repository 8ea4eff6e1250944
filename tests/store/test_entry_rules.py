"""Import by the files of data/entries: labels become codes, and nothing refers into nothing."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ncc_kernel.model.revision import Draft
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.exports import read_entries, to_csv, to_jsonl
from ncc_kernel.store.imports import Report
from ncc_kernel.store.log import Store

Take = Callable[..., Report]
AT = datetime(2024, 5, 6, tzinfo=UTC)


@pytest.fixture
def bring(take: Take, tmp_path: Path) -> Take:
    """Import these entries of Portugal, given as kind, key and payload."""

    def brought(*entries: tuple[str, str, dict[str, Any]]) -> Report:
        lines = [
            json.dumps(
                {"kind": kind, "country": "PT", "cycle": "-", "key": key, "payload": payload}
            )
            for kind, key, payload in entries
        ]
        path = tmp_path / "entries.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        return take(path)

    return brought


def payloads(store: Store) -> dict[str, Any]:
    return {one.key: one.payload for kind in ("agent", "initiative", "link") for one in store.current(kind)}  # fmt: skip


def test_labels_become_codes_in_every_field_that_has_a_vocabulary(bring: Take, lite: Store) -> None:
    place = {"name": "Porto", "precision": "Country"}
    words = {"objectives": ["Active inclusion", "eso4.1"], "tier": "Case study", "place": place}

    done = bring(("agent", "a1", {"name": "A", "type": "Foundation"} | words))

    assert done.notes == ()
    assert payloads(lite)["a1"] == {
        "name": "A", "type": "foundation", "objectives": ["ESO4.8", "ESO4.1"], "tier": "case_study",
        "place": {"name": "Porto"},
    }  # fmt: skip


def test_what_is_in_no_vocabulary_is_noted_and_left_empty(bring: Take, lite: Store) -> None:
    done = bring(("agent", "a1", {"name": "A", "objectives": ["ESO4.1", "luck"], "type": "wizard"}))

    assert [one.reason.split(";")[0] for one in done.notes] == [
        "'wizard' is not in Types of agents. Left empty.",
        "'luck' is not in ESF+ specific objectives. Left empty.",
    ]
    assert payloads(lite)["a1"] == {"name": "A", "objectives": ["ESO4.1"]}


def test_a_wish_for_privacy_that_is_misspelt_is_refused_and_never_widened(
    bring: Take, lite: Store
) -> None:
    done = bring(("agent", "a1", {"name": "A", "visibility": "privat"}))

    assert "visibility" in done.refused[0].reason
    assert payloads(lite) == {}


def test_a_link_of_no_known_kind_is_refused(bring: Take, lite: Store) -> None:
    link = {"agent": "a1", "target": "a1", "target_kind": "agent", "kind": "loves"}

    done = bring(("agent", "a1", {"name": "A"}), ("link", "l1", link))

    assert [one.reason.split(".")[0] for one in done.refused] == [
        "What it does there: 'loves' is not in Kinds of links"
    ]


def test_an_initiative_on_a_challenge_that_nobody_recorded_is_refused(
    bring: Take, lite: Store
) -> None:
    done = bring(
        ("challenge", "c1", {"title": "Loneliness"}),
        ("initiative", "i1", {"title": "One", "challenges": ["c1"]}),
        ("initiative", "i2", {"title": "Two", "challenges": ["c1", "c9"]}),
    )

    assert [one.reason for one in done.refused] == [
        "Challenges it works on: the challenge c9 is not in the record or the files."
    ]
    assert list(payloads(lite)) == ["i1"]


def test_a_challenge_of_another_country_is_none_of_ours(bring: Take, lite: Store) -> None:
    lite.append([Draft("ES", "-", "challenge", "c1", None, {"title": "x"})], author="t", at=AT)

    done = bring(("initiative", "i1", {"title": "One", "challenges": ["c1"]}))

    assert [one.reason for one in done.refused] == [
        "Challenges it works on: the challenge c1 is not in the record or the files."
    ]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_what_the_record_holds_comes_back_although_no_list_has_it(
    take: Take, lite: Store, catalogue: Catalogue, tmp_path: Path, form: str
) -> None:
    old = {"name": "A", "type": "wizard", "objectives": ["ESO4.1", "luck"]}
    lite.append([Draft("PT", "-", "agent", "a1", None, old)], author="t", at=AT)
    entries, path = read_entries(lite, ["agent"]), tmp_path / f"all.{form}"
    path.write_text(to_jsonl(entries) if form == "jsonl" else to_csv(entries, catalogue))

    done = take(path, kind="agent")

    assert (done.refused, done.notes, done.files[0].unchanged) == ((), (), 1)


def test_the_export_has_a_label_beside_each_code_that_a_form_knows(
    lite: Store, catalogue: Catalogue
) -> None:
    agent = {"name": "A", "needs": {"scaling": 0}, "capabilities": {"evaluation": 3}}
    lite.append([Draft("PT", "-", "agent", "a1", None, agent)], author="t", at=AT)

    head, row = to_csv(read_entries(lite, ["agent"]), catalogue).splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=True))

    assert (cells["needs.scaling"], cells["needs.scaling (label)"]) == ("0", "None")
    assert cells["capabilities.evaluation (label)"] == "High"
    assert cells["needs.evaluation (label)"] == ""

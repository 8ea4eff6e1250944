"""Files beside a statement, as the form tells of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ncc_kernel.errors import Rejected
from ncc_kernel.model.evidence import file_key, parse_file
from ncc_kernel.model.revision import Draft, Revision
from ncc_kernel.store.evidence import Evidence
from ncc_kernel.store.log import Store

NOON = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


def sent(record: Store, folder: Path, question: str = "D1.1", name: str = "minutes.txt") -> str:
    evidence = Evidence(folder, record, "PT", "2024-1")
    return evidence.add(question, name, name.encode(), author="rui", at=NOON).key


def names(told: dict[str, Any]) -> dict[str, list[str]]:
    return {code: [one["name"] for one in files] for code, files in told["files"].items()}


def test_a_file_that_somebody_sends_is_told_to_every_open_page(
    opened: Callable[..., Any], record: Store, tmp_path: Path
) -> None:
    page = opened()
    assert page.hello()["files"] == {}

    sent(record, tmp_path)

    (told,) = [one for one in page.poll() if one["is"] == "files"]
    assert names(told) == {"D1.1": ["minutes.txt"]}
    assert told["files"]["D1.1"][0]["by"] == "rui"
    assert names(opened("eva").hello()) == {"D1.1": ["minutes.txt"]}


def test_a_file_is_taken_away_once_and_its_content_stays(
    opened: Callable[..., Any], record: Store, tmp_path: Path
) -> None:
    key = sent(record, tmp_path)
    page = opened()
    page.hello()

    first = page.one(do="drop_file", key=key)
    again = page.one(do="drop_file", key=key)

    assert (names(first), names(again)) == ({}, {})
    assert len(record.history("evidence", "PT", "2024-1", key)) == 2
    assert len(list((tmp_path / "PT").iterdir())) == 1


def test_a_file_is_evidence_for_a_high_level(
    opened: Callable[..., Any], record: Store, tmp_path: Path
) -> None:
    page = opened()
    page.hello()
    without = page.change("D1.1", None, {"answer": "4"})
    sent(record, tmp_path)
    page.poll()

    page.change("D1.1", without["seq"], {"answer": "5"})

    (checked,) = [one for one in page.send(do="check") if one["is"] == "checked"]
    assert [one["field"] for one in without["warnings"]] == ["evidence"]
    assert [one for one in checked["warnings"] if one["question"] == "D1.1"] == []


def test_a_new_file_alone_makes_what_was_returned_worth_submitting_again(
    opened: Callable[..., Any], record: Store, tmp_path: Path
) -> None:
    page, cora = opened(), opened("cora", "coordinator")
    page.hello()
    cora.hello()
    page.change("D1.1", None, {"answer": "3"})
    first = page.one(do="submit")
    closed = page.one(do="drop_file", key="D1.1:none")
    cora.one(do="review", decision="return", note="Show it.")
    refused = page.one(do="submit")

    sent(record, tmp_path)
    second = page.one(do="submit")

    assert (closed["is"], refused["is"]) == ("refused", "refused")
    assert (first["is"], second["is"]) == ("receipt", "receipt")
    assert first["digest"] != second["digest"]


class Overtaken(Store):
    """A record in which somebody takes the file away between a look and what follows it."""

    def history(self, kind: str, country: str, cycle: str, key: str) -> tuple[Revision, ...]:
        """What stood there just before."""
        found = super().history(kind, country, cycle, key)
        gone = Draft(country, cycle, kind, key, found[-1].seq, None)
        self.append([gone], author="eva", at=NOON)
        return found


def test_a_file_that_is_taken_away_meanwhile_is_not_said_to_be_kept(
    store_url: str, tmp_path: Path
) -> None:
    with Overtaken(store_url) as store:
        key = file_key(parse_file("D1.1", "minutes.txt", b"minutes.txt"))
        said = parse_file("D1.1", "minutes.txt", b"minutes.txt").model_dump(mode="json")
        store.append(
            [Draft("PT", "2024-1", "evidence", key, None, said | {"name": "old.txt"})],
            author="ana",
            at=NOON,
        )

        with pytest.raises(Rejected, match="took this file away"):
            sent(store, tmp_path)

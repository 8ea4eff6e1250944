"""Import: what is good in the files is taken, every other row is named with its line and why.

Twice is the same as once: a row that says what the record says already is not written again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ncc_kernel.errors import NccError, Rejected, Unreadable
from ncc_kernel.model.kinds import PEOPLES_KINDS, kind_of, parse_payload
from ncc_kernel.model.revision import Conflict, Draft, Revision
from ncc_kernel.store.answers_sheet import is_answers_sheet, read_answers_sheet
from ncc_kernel.store.candidates import (
    Batch,
    Candidate,
    Refused,
    from_jsonl,
    from_mapped,
    from_own,
)
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.store.mapping import Mapping, find_mapping
from ncc_kernel.store.settle import Settled, settle
from ncc_kernel.store.sheets import Sheet, read_sheet

Current = dict[tuple[str, str, str, str], Revision]


@dataclass(frozen=True, slots=True)
class FileCounts:
    """What came of one file's rows."""

    file: str
    rows: int
    new: int
    changed: int
    unchanged: int
    refused: int


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an import: counts by file, rows not taken, notes on rows taken, conflicts."""

    files: tuple[FileCounts, ...]
    refused: tuple[Refused, ...]
    notes: tuple[Refused, ...]
    conflicts: tuple[Conflict, ...]
    unreadable: tuple[NccError, ...]
    written: bool


@dataclass(frozen=True, slots=True)
class _Ready:
    candidate: Candidate
    draft: Draft
    fate: str


def import_files(
    paths: Sequence[Path],
    *,
    store: Store,
    catalogue: Catalogue,
    author: str,
    at: datetime,
    mapping: Mapping | None = None,
    kind: str | None = None,
    defaults: dict[str, str] | None = None,
    dry_run: bool = False,
) -> Report:
    """Take what is good in the files; with `dry_run` only say what would be taken."""
    batch, unreadable = read_batch(
        paths, catalogue, mapping=mapping, kind=kind, defaults=defaults or {}
    )
    current: Current = {one.address: one for name in PEOPLES_KINDS for one in store.current(name)}
    settled = settle(batch, catalogue, current)
    ready, conflicts = _prepare(settled, store, catalogue, current)
    refused = [*batch.refused, *settled.refused]
    drafts = [one.draft for one in ready if one.fate in ("new", "changed")]
    if drafts and not dry_run:
        done = store.append(drafts, author=author, at=at)
        conflicts = [*conflicts, *done.conflicts]
    refused += [_conflicted(conflict, settled.taken) for conflict in conflicts]
    return Report(
        files=tuple(_counts(batch, file, ready, refused) for file in batch.rows),
        refused=tuple(sorted(refused, key=lambda one: (one.file, one.line))),
        notes=tuple(sorted([*batch.notes, *settled.notes], key=lambda one: (one.file, one.line))),
        conflicts=tuple(conflicts),
        unreadable=tuple(unreadable),
        written=not dry_run,
    )


def read_batch(
    paths: Sequence[Path],
    catalogue: Catalogue,
    *,
    mapping: Mapping | None,
    kind: str | None,
    defaults: dict[str, str],
) -> tuple[Batch, list[NccError]]:
    """The candidates of all files that can be read, and the faults of those that cannot."""
    batch, unreadable, sheets = Batch(), [], []
    for path in paths:
        try:
            if path.suffix.lower() in (".jsonl", ".ndjson"):
                from_jsonl(path, batch)
            elif path.suffix.lower() == ".xlsx" and is_answers_sheet(path):
                read_answers_sheet(path, catalogue, batch)
            elif path.suffix.lower() in (".csv", ".xlsx", ".tsv", ".txt"):
                sheets.append(read_sheet(path))
            else:
                raise Unreadable(
                    f"{path.name} is of no kind that we read.", "use CSV, XLSX or JSONL"
                )
        except NccError as fault:
            unreadable.append(fault)
    mapping = mapping or find_mapping(sheets, catalogue.folder / "mappings")
    for sheet in sheets:
        try:
            _from_sheet(sheet, mapping, kind, defaults, batch)
        except NccError as fault:
            unreadable.append(fault)
    batch.leads = mapping.leads if mapping else ()
    return batch, unreadable


def _from_sheet(
    sheet: Sheet, mapping: Mapping | None, kind: str | None, defaults: dict[str, str], batch: Batch
) -> None:
    if mapping is not None:
        from_mapped(sheet, mapping, batch)
    else:
        from_own(sheet, kind, defaults, batch)


def _prepare(
    settled: Settled, store: Store, catalogue: Catalogue, current: Current
) -> tuple[list[_Ready], list[Conflict]]:
    ready: list[_Ready] = []
    conflicts: list[Conflict] = []
    for one in settled.taken:
        try:
            draft = _draft(one, catalogue)
        except Rejected as fault:
            settled.refused.append(Refused(one.file, one.line, one.name, fault.what))
            continue
        theirs = current.get(draft.address)
        if (one.based and _same(store, one.base, draft)) or (
            theirs.payload if theirs else None
        ) == draft.payload:
            ready.append(_Ready(one, draft, "unchanged"))
        elif one.based and one.base != (theirs.seq if theirs else None):
            conflicts.append(Conflict(replace(draft, base=one.base), theirs))
        else:
            base = theirs.seq if theirs else None
            fate = "changed" if theirs else "new"
            ready.append(_Ready(one, replace(draft, base=base), fate))
    return ready, conflicts


def _draft(one: Candidate, catalogue: Catalogue) -> Draft:
    kind = kind_of(one.kind)
    cycles = [cycle.code for cycle in catalogue.cycles()]
    if kind.per_cycle and one.cycle not in cycles:
        raise Rejected(f"{one.cycle!r} is not a cycle.", f"use one of {', '.join(cycles)}")
    if one.kind == "answer" and one.key not in {q.code for q in catalogue.guide.questions}:
        raise Rejected(f"The guide has no question {one.key[:40]!r}.")
    payload = None if one.payload is None else parse_payload(one.kind, one.payload)
    return Draft(one.country, kind.cycle(one.cycle), one.kind, one.key, None, payload)


def _same(store: Store, base: int | None, draft: Draft) -> bool:
    """Whether the person left the entry as it was when the file went out."""
    was = store.revision(base) if base is not None else None
    return was is not None and was.address == draft.address and was.payload == draft.payload


def _conflicted(conflict: Conflict, taken: Iterable[Candidate]) -> Refused:
    mine = conflict.mine
    found = next(
        c for c in taken if (c.kind, c.country, c.key) == (mine.kind, mine.country, mine.key)
    )
    theirs = conflict.theirs
    said = (
        f"{theirs.author} changed it meanwhile to {_short(theirs.payload)}"
        if theirs
        else "it was withdrawn"
    )
    return Refused(
        found.file, found.line, found.key, f"Conflict: {said}; yours is {_short(mine.payload)}."
    )


def _short(payload: dict[str, Any] | None) -> str:
    if payload is None:
        return "nothing"
    if "state" in payload:
        level = payload.get("level")
        return f"level {level}" if level is not None else str(payload["state"]).replace("_", " ")
    return str(payload.get("name") or payload.get("title") or payload)[:80]


def _counts(
    batch: Batch, file: str, ready: Sequence[_Ready], refused: Sequence[Refused]
) -> FileCounts:
    fates = [one.fate for one in ready if one.candidate.file == file]
    return FileCounts(
        file,
        batch.rows[file],
        fates.count("new"),
        fates.count("changed"),
        fates.count("unchanged"),
        sum(one.file == file for one in refused),
    )

"""Import: what is good in the files is taken, every other row is named with its line and why.

Twice is the same as once: a row that says what the record says already is not written again.
"""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ncc_kernel.errors import NccError, Rejected, Unreadable
from ncc_kernel.model.kinds import PEOPLES_KINDS
from ncc_kernel.model.programme import CopTopic
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
from ncc_kernel.store.geojson import from_geojson
from ncc_kernel.store.ical import beside_record, from_ics
from ncc_kernel.store.kumu import from_blueprint, from_kumu_xlsx, is_kumu_xlsx
from ncc_kernel.store.log import Store
from ncc_kernel.store.mapping import Mapping, find_mapping
from ncc_kernel.store.settle import Settled, settle
from ncc_kernel.store.sheets import Sheet, read_sheet
from ncc_kernel.store.xlsform import is_kobo, read_kobo

READ = "CSV, XLSX, JSONL, GeoJSON, JSON of Kumu or ICS"

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


class _Ready(NamedTuple):
    candidate: Candidate
    draft: Draft
    fate: Literal["new", "changed", "unchanged", "conflict"]
    conflict: Conflict | None = None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for garbage: hundreds of thousands of rows live until the end of an import."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_uncollected()
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
    _beside_record(settled, current)
    ready = [_ready(one, store, current) for one in settled.taken]
    drafts = [one.draft for one in ready if one.fate in ("new", "changed")]
    if drafts and not dry_run:
        done = store.append(drafts, author=author, at=at, checked=True)
        if late := {conflict.mine.address: conflict for conflict in done.conflicts}:
            ready = [_overtaken(one, late.get(one.draft.address)) for one in ready]
    fates: dict[tuple[str, str], int] = Counter((one.candidate.file, one.fate) for one in ready)
    refused = [*batch.refused, *settled.refused, *(_told(one) for one in ready if one.conflict)]
    return Report(
        files=tuple(_counts(batch, file, fates, refused) for file in batch.rows),
        refused=tuple(sorted(refused, key=lambda one: (one.file, one.line))),
        notes=tuple(sorted([*batch.notes, *settled.notes], key=lambda one: (one.file, one.line))),
        conflicts=tuple(one.conflict for one in ready if one.conflict),
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
    batch = Batch()
    unreadable: list[NccError] = []
    sheets: list[Sheet] = []
    for path, file in _called(paths):
        try:
            sheets += _read_file(path, file, catalogue, batch, kind=kind, defaults=defaults)
        except NccError as fault:
            unreadable.append(fault)
    mapping = mapping or find_mapping(sheets, catalogue.folder / "mappings")
    while sheets:
        sheet = sheets.pop(0)  # and let go of: a table of many rows is as large as what comes of it
        try:
            _from_sheet(sheet, mapping, kind, defaults, batch)
        except NccError as fault:
            unreadable.append(fault)
    return batch, unreadable


def _read_file(
    path: Path,
    file: str,
    catalogue: Catalogue,
    batch: Batch,
    *,
    kind: str | None,
    defaults: dict[str, str],
) -> tuple[Sheet, ...]:
    """The file's table, unless the file says itself how it is read: then its candidates are."""
    match path.suffix.lower():
        case ".jsonl" | ".ndjson":
            from_jsonl(path, file, batch)
        case ".ics" | ".ical":
            from_ics(path, file, _topics(catalogue), batch)
        case ".geojson":
            from_geojson(path, file, batch, kind=kind, defaults=defaults)
        case ".json":
            from_blueprint(path, file, batch, defaults=defaults)
        case ".xlsx" if is_answers_sheet(path):
            read_answers_sheet(path, file, catalogue, batch)
        case ".xlsx" if is_kumu_xlsx(path):
            from_kumu_xlsx(path, file, batch, defaults=defaults)
        case ".csv" | ".xlsx" | ".tsv" | ".txt":
            sheet = replace(read_sheet(path), file=file)
            if not is_kobo(sheet):
                return (sheet,)
            read_kobo(sheet, catalogue, batch)
        case _:
            raise Unreadable(f"{path.name} is of no kind that we read.", f"use {READ}")
    return ()


def _topics(catalogue: Catalogue) -> tuple[CopTopic, ...]:
    found = {topic.code: topic for one in catalogue.programmes for topic in one.cop_topics}
    return tuple(found.values())


def _beside_record(settled: Settled, current: Current) -> None:
    """Events of a calendar keep what was chosen for them here; older versions are refused."""
    taken = []
    for one in settled.taken:
        try:
            taken.append(beside_record(one, current.get(one.address)))
        except Rejected as fault:
            settled.refused.append(one.told(fault.what))
    settled.taken[:] = taken


def _called(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Each file once, with the name it is called by: the whole path where two names are alike."""
    files = list(dict.fromkeys(path.resolve() for path in paths))
    names = Counter(path.name for path in files)
    for path in files:
        yield path, path.name if names[path.name] == 1 else str(path)


def _from_sheet(
    sheet: Sheet, mapping: Mapping | None, kind: str | None, defaults: dict[str, str], batch: Batch
) -> None:
    if sheet.guessed:
        said = f"Read as {sheet.guessed}, a guess; if letters are wrong, save the file as UTF-8."
        batch.notes.append(Refused(sheet.file, 0, "", said))
    if mapping is not None:
        from_mapped(sheet, mapping, batch)
    else:
        from_own(sheet, kind, defaults, batch)


def _ready(one: Candidate, store: Store, current: Current) -> _Ready:
    theirs = current.get(one.address)
    base = theirs.seq if theirs else None
    draft = Draft(one.country, one.cycle, one.kind, one.key, base, one.payload)
    if (theirs.payload if theirs else None) == one.payload:
        return _Ready(one, draft, "unchanged")
    if one.based and one.base != base:
        was = store.revision(one.base) if one.base else None
        known = was is not None and was.address == one.address  # else its seq is another store's
        if known and was is not None and was.payload == one.payload:
            return _Ready(one, draft, "unchanged")  # the person left it as it went out
        if known or theirs:
            return _Ready(one, draft, "conflict", Conflict(replace(draft, base=one.base), theirs))
    return _Ready(one, draft, "changed" if theirs else "new")


def _overtaken(one: _Ready, conflict: Conflict | None) -> _Ready:
    """What became of it when somebody else wrote between our reading and our writing."""
    return one if conflict is None else one._replace(fate="conflict", conflict=conflict)


def _told(one: _Ready) -> Refused:
    theirs = one.conflict.theirs if one.conflict else None
    said = (
        f"{theirs.author} changed it meanwhile to {_short(theirs.payload)}"
        if theirs
        else "it was withdrawn"
    )
    return one.candidate.told(f"Conflict: {said}; yours is {_short(one.draft.payload)}.")


def _short(payload: dict[str, Any] | None) -> str:
    if payload is None:
        return "nothing"
    if "state" in payload:
        level = payload.get("level")
        return f"level {level}" if level is not None else str(payload["state"]).replace("_", " ")
    return str(payload.get("name") or payload.get("title") or payload)[:80]


def _counts(
    batch: Batch, file: str, fates: dict[tuple[str, str], int], refused: Sequence[Refused]
) -> FileCounts:
    return FileCounts(
        file,
        batch.rows[file],
        fates.get((file, "new"), 0),
        fates.get((file, "changed"), 0),
        fates.get((file, "unchanged"), 0),
        sum(one.file == file for one in refused),
    )

"""`ncc import` and `ncc export`: data in and out, with a word on every row not taken."""

import csv
import io
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ncc_kernel.errors import ParameterRejected
from ncc_kernel.model.kinds import PEOPLES_KINDS, kind_of
from ncc_kernel.model.revision import EU
from ncc_kernel.paths import find_home, write_atomically
from ncc_kernel.store.catalogue import Catalogue, read_catalogue
from ncc_kernel.store.log import Store

if TYPE_CHECKING:
    from ncc_kernel.model.revision import Revision
    from ncc_kernel.store.imports import Report

MAP_FORMATS = ("geojson", "kumu")
FORMATS = ("jsonl", "csv", "xlsx", "ics", *MAP_FORMATS, "xlsform")


def import_files(
    files: Annotated[
        list[Path], typer.Argument(help="CSV, XLSX, JSONL, GeoJSON, JSON of Kumu or ICS files.")
    ],
    *,
    kind: Annotated[str | None, typer.Option(help="What the rows are, if they do not say.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="A mapping, as in data/mappings.")] = None,
    country: Annotated[str | None, typer.Option(help="For rows that name none.")] = None,
    cycle: Annotated[str | None, typer.Option(help="For answers that name none.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be taken.")] = False,
    author: Annotated[str, typer.Option(help="Who the record names.")] = "ncc import",
    report: Annotated[Path | None, typer.Option(help="Write the rows not taken as CSV.")] = None,
) -> None:
    """Take what is good in the files; name every other row with its line and why."""
    from ncc_kernel.store.imports import import_files as take
    from ncc_kernel.store.mapping import read_mapping

    if kind is not None:
        kind_of(kind)
    home = find_home(os.environ)
    catalogue = read_catalogue(home.data)
    defaults = {"country": _code(country, catalogue) or "", "cycle": _cycle(cycle, catalogue)}
    with Store(home.store_url) as store:
        done = take(
            files,
            store=store,
            catalogue=catalogue,
            author=author,
            at=datetime.now(UTC),
            mapping=read_mapping(mapping) if mapping else None,
            kind=kind,
            defaults=defaults,
            dry_run=dry_run,
        )
    _tell(done)
    if report is not None:
        _write_report(done, report)
    if done.unreadable:
        raise typer.Exit(1 if done.files else 2)


def _tell(done: "Report") -> None:
    for one in done.refused:
        print(f"Not taken: {one.file}, line {one.line}, {one.name}: {one.reason}")
    for one in done.notes:
        print(f"Note: {one.file}, line {one.line}, {one.name}: {one.reason}")
    for fault in done.unreadable:
        print(fault, file=sys.stderr)
    for file in done.files:
        print(
            f"{file.file}: {file.rows} rows; {file.new} new, {file.changed} changed, "
            f"{file.unchanged} as before, {file.refused} not taken."
        )
    if not done.written:
        print("A dry run: nothing was written.")


def _write_report(done: "Report", path: Path) -> None:
    from ncc_kernel.store.sheets import escape

    rows = [("no", one) for one in done.refused] + [("yes", one) for one in done.notes]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("taken", "file", "line", "name", "reason"))
    writer.writerows(
        (taken, escape(o.file), o.line, escape(o.name), escape(o.reason)) for taken, o in rows
    )
    write_atomically(path, text.getvalue())


def export_file(
    format_: Annotated[str, typer.Argument(metavar="FORMAT", help=", ".join(FORMATS))],
    *,
    kind: Annotated[str | None, typer.Option(help="Only this kind.")] = None,
    country: Annotated[str | None, typer.Option(help="Only this country.")] = None,
    cycle: Annotated[
        str | None, typer.Option(help="The round of answers; else the latest.")
    ] = None,
    visibility: Annotated[
        str | None,
        typer.Option(help="public, working_group or all; for maps working_group, else all."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where to; else stdout.")
    ] = None,
) -> None:
    """Write the current entries. XLSX of a country's answers is the sheet that a team fills."""
    from ncc_kernel.store import exports
    from ncc_kernel.store.readers import SEEN, read_for_readers

    circle = visibility or ("working_group" if format_ in (*MAP_FORMATS, "xlsform") else "all")
    if circle not in SEEN:
        raise ParameterRejected(f"{circle!r} is not a circle.", f"use one of {', '.join(SEEN)}")
    if format_ not in FORMATS:
        raise ParameterRejected(f"{format_!r} is not a format.", f"use {', '.join(FORMATS)}")
    home = find_home(os.environ)
    catalogue = read_catalogue(home.data)
    code = _code(country, catalogue)
    round_ = _cycle(cycle, catalogue)
    with Store(home.store_url) as store:
        if format_ == "xlsx" and kind == "answer" and code is not None:
            from ncc_kernel.store.answers_sheet import write_answers_sheet

            _put(write_answers_sheet(store, catalogue, code, round_), output)
            return
        if format_ == "ics":
            from ncc_kernel.workbook.feed import calendar_feed

            _put(calendar_feed(store, catalogue, cycle=round_, country=code or EU), output)
            return
        kinds = _kinds(kind, format_)
        entries = read_for_readers(
            store, kinds, circle, catalogue.entry_forms, country=code, cycle=round_
        )
    if format_ in (*MAP_FORMATS, "xlsform"):
        _put(_map(format_, kind, entries, catalogue, code, output), output)
    elif format_ == "jsonl":
        _put(exports.to_jsonl(entries).encode(), output)
    elif format_ == "csv":
        _put(exports.to_csv(entries, catalogue).encode(), output)
    else:
        _put(exports.to_xlsx(entries, catalogue), output)


def _kinds(kind: str | None, format_: str) -> tuple[str, ...]:
    """The kinds to read: those asked for, and for the field those that are chosen among too."""
    from ncc_kernel.store.columns import MAP_KINDS

    if kind and format_ != "xlsform":
        return (kind_of(kind).name,)
    return MAP_KINDS if format_ in (*MAP_FORMATS, "xlsform") else PEOPLES_KINDS


def _map(
    format_: str,
    kind: str | None,
    entries: "tuple[Revision, ...]",
    catalogue: Catalogue,
    country: str | None,
    output: Path | None,
) -> bytes:
    """The map in a format of maps; Kumu's is XLSX where the file is to be one, else JSON."""
    from ncc_kernel.store.geojson import to_geojson
    from ncc_kernel.store.kumu import to_blueprint, to_kumu_xlsx
    from ncc_kernel.store.xlsform import to_xlsform

    if format_ == "geojson":
        return to_geojson(entries, catalogue).encode()
    if format_ == "xlsform":
        return to_xlsform(kind or "agent", catalogue, entries, country=country)
    if output is not None and output.suffix.lower() == ".xlsx":
        return to_kumu_xlsx(entries, catalogue)
    return to_blueprint(entries, catalogue).encode()


def _code(country: str | None, catalogue: Catalogue) -> str | None:
    from ncc_kernel.model.country import parse_country

    return parse_country(country, catalogue.countries).code if country is not None else None


def _cycle(cycle: str | None, catalogue: Catalogue) -> str:
    known = [one.code for one in catalogue.cycles()]
    if cycle is not None and cycle not in known:
        raise ParameterRejected(f"{cycle!r} is not a cycle.", f"use one of {', '.join(known)}")
    return cycle or catalogue.latest_cycle()


def _put(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        return
    write_atomically(output, content)
    print(f"Written to {output}")

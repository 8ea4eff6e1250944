"""`ncc run`: make every page that is stale, and say of each what came of it."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from ncc_kernel.batch.execute import CELLS, ENGINES, Job, Outcome, set_aside
from ncc_kernel.batch.index import render_index
from ncc_kernel.batch.ledger import Ledger, Line, only_batch, read_ledger
from ncc_kernel.batch.plan import (
    Ground,
    Run,
    choose,
    digest_of_code,
    digest_of_notebook,
    library_versions,
    plan_runs,
)
from ncc_kernel.batch.pool import Ended, Limits, run_all
from ncc_kernel.cli.progress import Progress
from ncc_kernel.errors import DataFault, ParameterRejected
from ncc_kernel.model.book import BOOKS, Book, book_named
from ncc_kernel.model.country import spellings
from ncc_kernel.model.parameters import NAMES, TOPIC, check_names, check_parameters
from ncc_kernel.model.revision import EU, EVERY_CYCLE, NAME_OF_ALL
from ncc_kernel.paths import CHECKOUT, Home, find_home, write_atomically
from ncc_kernel.store.catalogue import Catalogue, read_catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.workbook.arguments import check_arguments
from ncc_kernel.workbook.reference import ensure_reference

RENDER = "ncc_kernel.briefs.render:render_page"
FAILED, STOPPED = 1, 128


def run(
    *,
    workbook: Annotated[
        list[str] | None, typer.Option(help="Only this one; may be repeated.")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option(help="Only this one; may be repeated.")
    ] = None,
    cycle: Annotated[str | None, typer.Option(help="The round; the latest when left out.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Runs at a time.")] = os.cpu_count() or 2,
    force: Annotated[bool, typer.Option("--force", help="Make fresh pages again too.")] = False,
    only_failed: Annotated[bool, typer.Option("--only-failed", help="Only what failed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    cell_seconds: Annotated[int, typer.Option(min=1, help="Time limit of a cell.")] = 120,
    run_seconds: Annotated[int, typer.Option(min=1, help="Time limit of a run.")] = 600,
    engine: Annotated[
        str, typer.Option(help="cells: in the run's own process; kernel: in a kernel beside it.")
    ] = CELLS,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", help="NAME=VALUE, as papermill has it; checked."),
    ] = None,
) -> None:
    """Make the pages of a cycle: only what is stale. Exit 0 all well, 1 some failed, 2 misuse."""
    if engine not in ENGINES:
        raise ParameterRejected(f"{engine!r} is not an engine.", f"use {' or '.join(ENGINES)}")
    home = find_home(os.environ)
    catalogue = read_catalogue(home.data)
    given = _given(parameter or [])
    if cycle is not None and "cycle" in given:
        raise ParameterRejected("The cycle is given twice.", "leave --cycle or -p cycle= out")
    wanted = _Wanted.of(
        catalogue,
        workbook or [],
        (country or []) + ([given["country"]] if "country" in given else []),
        given.get("cycle") if cycle is None else cycle,
        given.get("topic"),
    )
    began = time.monotonic()
    with Store(home.store_url) as store, only_batch(home.cycle_reports(wanted.cycle)):
        ensure_reference(store, catalogue, cycle=wanted.cycle, at=datetime.now(UTC), renew=force)
        ground = _ground(home, catalogue, store, wanted.cycle)
        illustrative = _illustrative(store)
        ledger = read_ledger(home.cycle_reports(wanted.cycle))
        runs = plan_runs(wanted.books, wanted.countries, wanted.cycle, ground)
        runs = tuple(one for one in runs if wanted.topic in ("", one.parameters.topic))
        # The EU's pages take longest, its overview most of all: begun last, they would keep one
        # core waiting for the other.
        runs = tuple(
            sorted(runs, key=lambda one: (one.parameters.country != EU, one.book.by_topic))
        )
        todo, fresh = choose(
            runs,
            fresh=lambda one: not force and ledger.stands(one.name, one.digest),
            failed=(lambda one: ledger.failed(one.name)) if only_failed else None,
        )
        progress = Progress(len(todo), as_json=as_json)
        for one in fresh:
            progress.stands(one, _page(home, one))
        with _stoppable():
            try:
                made = [_job(home, one, engine) for one in todo]
                limits = Limits(cell_seconds, run_seconds)
                _make(home, todo, made, ledger, progress, places=jobs, limits=limits)
            finally:
                _write_index(home, catalogue, ground, ledger, wanted.cycle, illustrative)
        index = home.cycle_reports(wanted.cycle) / "index.html"
        failed = progress.close(fresh=len(fresh), seconds=time.monotonic() - began, index=index)
    raise typer.Exit(FAILED if failed else 0)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which books for which countries of which cycle, all of them checked."""

    books: tuple[Book, ...]
    countries: tuple[str, ...]
    cycle: str
    topic: str = ""

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        books: Sequence[str],
        countries: Sequence[str],
        cycle: str | None,
        topic: str | None = None,
    ) -> "_Wanted":
        codes = (*catalogue.codes, EU)
        meant = {**spellings(catalogue.countries, ("en",)), "eu": EU}
        checked = [
            check_parameters(
                {"country": code, "cycle": catalogue.latest_cycle() if cycle is None else cycle},
                countries=codes,
                cycles=[one.code for one in catalogue.cycles()],
                meant=meant,
            )
            for code in (countries or codes)
        ]
        named = tuple(book_named(name) for name in books) or BOOKS
        chosen = {one.country for one in checked}
        if not books:
            named = tuple(book for book in named if book.scope == "country" or EU in chosen)
        own = tuple(code for code in catalogue.codes if code in chosen)
        if topic is not None:
            named = _with_topic(named, catalogue, checked[0].cycle, topic, asked=bool(books))
        return cls(named, own, checked[0].cycle, topic or "")


def _with_topic(
    books: Sequence[Book], catalogue: Catalogue, cycle: str, topic: str, *, asked: bool
) -> tuple[Book, ...]:
    """The workbooks that have a page for that topic; one that was asked for must be among them."""
    for book in books:
        if asked or book.by_topic:
            raw = {"country": book.codes(catalogue.codes)[0], "cycle": cycle, "topic": topic}
            check_arguments(raw, book=book, catalogue=catalogue)
    return tuple(book for book in books if book.by_topic)


def _given(pairs: Sequence[str]) -> dict[str, str]:
    split = [pair.partition("=") for pair in pairs]
    for name, sign, _value in split:
        check_names([name], (*NAMES, TOPIC))
        if not sign:
            raise ParameterRejected(f"-p {name} has no value.", f"write -p {name}=VALUE")
        if name == "mode":
            raise ParameterRejected("The batch always runs in mode 'brief'.", "leave mode out")
    return {name: value for name, _sign, value in split}


def _ground(home: Home, catalogue: Catalogue, store: Store, cycle: str) -> Ground:
    previous = catalogue.previous_cycle(cycle)
    origin = store.current("origin", country=EU)
    return Ground(
        store=str(origin[0].payload["store"]) if origin and origin[0].payload else "",
        code=digest_of_code(CHECKOUT / "ncc_kernel"),
        data=catalogue.digest(),
        notebooks={book.name: _notebook_digest(home, book) for book in BOOKS},
        libraries=library_versions(),
        tips=store.tips(),
        cycles=(cycle, EVERY_CYCLE, *((previous,) if previous else ())),
        topics=tuple(one.code for one in catalogue.programme_of(cycle).seminars),
    )


def _notebook_digest(home: Home, book: Book) -> str:
    path = home.workbooks / book.notebook
    if not path.is_file():
        raise DataFault(f"{path} is missing.", "restore it from the repository")
    return digest_of_notebook(path)


def _illustrative(store: Store) -> bool:
    found = store.current("origin", country=EU)
    return any(one.payload is not None and one.payload["illustrative"] for one in found)


def _page(home: Home, one: Run) -> Path:
    return home.cycle_reports(one.parameters.cycle) / one.page


def _job(home: Home, one: Run, engine: str) -> Job:
    page = _page(home, one)
    return Job(
        notebook=home.workbooks / one.book.notebook,
        page=page,
        partial=page.parent / one.partial.name,
        parameters=one.parameters.as_dict(),
        render=RENDER,
        engine=engine,
    )


def _make(
    home: Home,
    todo: Sequence[Run],
    jobs: Sequence[Job],
    ledger: Ledger,
    progress: Progress,
    *,
    places: int,
    limits: Limits,
) -> None:
    ends = run_all(
        jobs,
        places=places,
        limits=limits,
        environ=os.environ,
        started=lambda number: progress.begins(todo[number]),
        cold=progress.cold,
    )
    try:
        for end in ends:
            one = todo[end.number]
            if not end.outcome.ok:
                set_aside(_page(home, one))
            ledger.enter(_line(one, end))
            progress.ended(one, end, _page(home, one))
    finally:
        ends.close()  # type: ignore[attr-defined]  # a generator: its processes end here


def _line(one: Run, end: Ended) -> Line:
    outcome: Outcome = end.outcome
    return Line(
        workbook=one.book.name,
        country=one.parameters.country,
        status="ok" if outcome.ok else "failed",
        digest=one.digest,
        seq=one.seq,
        seconds=round(end.seconds, 2),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        page=one.page.as_posix(),
        sha256=outcome.sha256,
        cell=outcome.cell,
        cause=outcome.cause,
        topic=one.parameters.topic,
    )


def _write_index(
    home: Home,
    catalogue: Catalogue,
    ground: Ground,
    ledger: Ledger,
    cycle: str,
    illustrative: bool,  # noqa: FBT001
) -> None:
    names = {one.code: one.name() for one in catalogue.countries} | {EU: NAME_OF_ALL}
    every = plan_runs(BOOKS, catalogue.codes, cycle, ground)
    page = render_index(every, ledger, cycle=cycle, names=names, illustrative=illustrative)
    path = home.cycle_reports(cycle) / "index.html"
    if not path.is_file() or path.read_text(encoding="utf-8") != page:
        write_atomically(path, page)


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM and Ctrl-C end every run, keep the ledger, and give the usual exit codes."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise _Stopped(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except _Stopped as stopped:
        print("Stopped; what was finished is kept.", file=sys.stderr)
        raise typer.Exit(STOPPED + stopped.number) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Stopped(BaseException):
    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

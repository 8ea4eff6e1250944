"""The index of a cycle: every country with the state of each of its pages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ncc_kernel import __version__
from ncc_kernel.batch.ledger import Ledger
from ncc_kernel.batch.plan import Run
from ncc_kernel.model.revision import EU, NAME_OF_ALL

HERE = Path(__file__).parent
STYLE = HERE.parent / "briefs" / "templates" / "ncc_brief" / "style.css"
WORDS = {"fresh": "up to date", "stale": "stale", "failed": "failed", "missing": "not made yet"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One page in the index: where it is, and its state as a word and a class."""

    href: str
    text: str
    kind: str
    word: str


def render_index(
    runs: Sequence[Run], ledger: Ledger, *, cycle: str, names: Mapping[str, str], illustrative: bool
) -> str:
    """The page; countries in the order of their names, the EU on top."""
    states = {run.name: state(run, ledger) for run in runs}
    page = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined
    ).get_template("index.html.j2")
    failed = [ledger.lines[name] for name, word in states.items() if word == "failed"]
    return page.render(
        cycle=cycle,
        version=__version__,
        illustrative=illustrative,
        style=_style(),
        counts={word: Counter(states.values())[word] for word in WORDS},
        total=len(runs),
        failures=[
            {"name": one.run.replace("/", " "), "cell": one.cell, "cause": one.cause}
            for one in failed
        ],
        tables=[
            _table(NAME_OF_ALL, [r for r in runs if r.parameters.country == EU], states, names),
            _table("Countries", [r for r in runs if r.parameters.country != EU], states, names),
        ],
    )


def state(run: Run, ledger: Ledger) -> str:
    """Fresh, stale, failed or missing."""
    if ledger.failed(run.name):
        return "failed"
    if ledger.stands(run.name, run.digest):
        return "fresh"
    page = ledger.path.parent / run.page
    return "stale" if page.is_file() else "missing"


def _table(
    title: str, runs: Sequence[Run], states: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, object]:
    runs = sorted(runs, key=lambda run: run.book.page != "brief.html")  # what most people look for
    books = list(dict.fromkeys(run.title for run in runs))
    by_country: dict[str, list[Cell]] = {}
    for run in runs:
        by_country.setdefault(run.parameters.country, []).append(_cell(run, states[run.name]))
    rows = [{"name": names[code], "cells": cells} for code, cells in by_country.items()]
    rows.sort(key=lambda row: str(row["name"]))
    return {
        "title": title,
        "caption": f"{title}: pages and their state",
        "books": books,
        "rows": rows,
    }


def _cell(run: Run, word: str) -> Cell:
    path = run.page
    if word == "failed":
        return Cell(run.partial.as_posix(), "partial notebook", word, WORDS[word])
    href = "" if word == "missing" else path.as_posix()
    return Cell(href, run.title, "ok" if word == "fresh" else word, WORDS[word])


def _style() -> Markup:
    return Markup(STYLE.read_text(encoding="utf-8"))  # our own file

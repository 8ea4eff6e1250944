"""The one object that a notebook holds: each method is one piece of the page."""

import hashlib
import os
import sys
from pathlib import Path

from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Html, Piece
from ncc_kernel.model.book import book_named
from ncc_kernel.paths import find_home
from ncc_kernel.store.catalogue import read_catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.workbook import assessment, calendar, form, mapping, opening, overview
from ncc_kernel.workbook.arguments import check_arguments
from ncc_kernel.workbook.reading import Reading


class Workbook:
    """A page about a country (or the EU) in a cycle, piece by piece, in the notebook's order."""

    def __init__(self, read: Reading, notebook: Path) -> None:
        self._read = read
        self._notebook = notebook

    def opening(self) -> opening.Opening:
        """Whose page this is."""
        return opening.opening(self._read)

    def recap(self) -> Html:
        """What happened so far."""
        return opening.recap_piece(self._read)

    def provenance(self) -> Html:
        """How this page was made."""
        digest = hashlib.sha256(self._notebook.read_bytes()).hexdigest()
        return opening.provenance(self._read, digest)

    def programme_chart(self) -> Figure:
        """The year's steps, with every window."""
        return calendar.programme_picture(self._read)

    def steps(self) -> Html:
        """What each step is about."""
        return calendar.steps(self._read)

    def coming(self) -> Html:
        """What comes next in the calendar."""
        return calendar.coming(self._read)

    def how_we_work(self) -> Html:
        """Principles, seminars, and the SI CoP."""
        return calendar.how_we_work(self._read)

    def form(self) -> Piece:
        """What the team fills in (nothing in a brief)."""
        return form.form(self._read, os.environ)

    def summary(self) -> Html:
        """The findings in sentences."""
        return assessment.summary(self._read)

    def profile_chart(self) -> Figure:
        """The profile against the EU median and the last cycle."""
        return assessment.profile_picture(self._read)

    def changes(self) -> Html:
        """Change since the last cycle."""
        return assessment.change_table(self._read)

    def strengths(self) -> Html:
        """What the country can share."""
        return assessment.strength_list(self._read)

    def gaps(self) -> Html:
        """What is weak, by priority."""
        return assessment.gap_list(self._read)

    def next_steps(self) -> Html:
        """What to do next."""
        return assessment.next_steps(self._read)

    def answers(self) -> Html:
        """Every answer."""
        return assessment.answer_tables(self._read)

    def map_summary(self) -> Html:
        """How much is on the map."""
        return mapping.map_summary(self._read)

    def map_chart(self) -> Piece:
        """Where the agents are."""
        return mapping.map_picture(self._read)

    def types_chart(self) -> Piece:
        """Agents by type."""
        return mapping.types_picture(self._read)

    def stages_chart(self) -> Piece:
        """Initiatives by stage."""
        return mapping.stages_picture(self._read)

    def links_chart(self) -> Piece:
        """Links by kind."""
        return mapping.links_picture(self._read)

    def needs_chart(self) -> Piece:
        """Needs beside capabilities."""
        return mapping.needs_picture(self._read)

    def challenges(self) -> Html:
        """Challenges and their initiatives."""
        return mapping.challenge_table(self._read)

    def connected(self) -> Html:
        """The most connected agents."""
        return mapping.connected(self._read)

    def blank_spots(self) -> Html:
        """What the map lacks."""
        return mapping.blank_spots(self._read)

    def entries(self) -> Html:
        """Agents and initiatives by name."""
        return mapping.entry_tables(self._read)

    def eu_summary(self) -> Html:
        """How far the countries are."""
        return overview.eu_summary(self._read)

    def spread_chart(self) -> Piece:
        """The spread of each dimension."""
        return overview.spread_picture(self._read)

    def states(self) -> Html:
        """How far each country is, as tiles and as a table."""
        return overview.states(self._read)

    def common_gaps(self) -> Html:
        """What countries find hard together."""
        return overview.common_gaps(self._read)


def open_workbook(name: str, country: str, cycle: str, mode: str = "edit") -> Workbook:
    """The workbook of that name for a country and a cycle, read from the record as it is now.

    A bad value, and a parameter that papermill was given and no workbook has, is an error in
    words: never the default country's page.
    """
    home = find_home(os.environ)
    book = book_named(name)
    catalogue = read_catalogue(home.data)
    cells = getattr(sys.modules.get("__main__"), "In", ())
    raw = {"country": country, "cycle": cycle, "mode": mode}
    parameters = check_arguments(raw, book=book, catalogue=catalogue, cells=cells)
    store = _store(home.store_url, parameters.mode)
    read = Reading(book, parameters, catalogue, store, store.last_seq())
    return Workbook(read, home.workbooks / book.notebook)


def _store(url: str, mode: str) -> Store:
    """The record; in the hands of the session that opened the page, where there is one."""
    token = os.environ.get("NCC_SESSION")
    store = Store(url)
    if mode != "edit" or not token:
        return store
    from ncc_kernel.forms import desk  # noqa: PLC0415  # pages must not pay for it
    from ncc_kernel.store.accounts import Accounts  # noqa: PLC0415
    from ncc_kernel.store.guarded import GuardedStore  # noqa: PLC0415

    return GuardedStore(store, Accounts(store.engine), token, desk.now)

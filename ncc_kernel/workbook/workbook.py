"""The one object that a notebook holds: each method is one piece of the page."""

import functools
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
from ncc_kernel.workbook import (
    assessment,
    calendar,
    cocreation,
    copying,
    entries,
    following,
    form,
    groups,
    learning_path,
    mapping,
    objectives,
    offers,
    opening,
    overview,
    practice_brief,
    recap_story,
    scaling,
    selecting,
    seminar,
    templates,
)
from ncc_kernel.workbook.arguments import check_arguments
from ncc_kernel.workbook.asking import asked_part
from ncc_kernel.workbook.reading import Reading


class Workbook:
    """A page about a country (or the EU) in a cycle, piece by piece, in the notebook's order."""

    def __init__(self, read: Reading, notebook: Path) -> None:
        self._read = read
        self._notebook = notebook
        self._has_form = False

    def opening(self) -> opening.Opening:
        """Whose page this is."""
        return opening.opening(self._read)

    def recap(self, since: int | str | None = None) -> Html:
        """What happened so far; `since` a revision or a day, what came after it is told too."""
        return opening.recap_piece(self._read, since)

    def provenance(self) -> Html:
        """How this page was made."""
        digest = hashlib.sha256(self._notebook.read_bytes()).hexdigest()
        return opening.provenance(self._read, digest)

    def story(self) -> Html:
        """All that happened before, for whoever joins today."""
        return recap_story.whole_story(self._read)

    def calendar_chart(self) -> Figure:
        """The year by day."""
        return calendar.calendar_picture(self._read)

    def seminar_needed(self) -> Html:
        """Who needs this seminar."""
        return seminar.needed(self._read)

    def seminar_contents(self) -> Html:
        """What it should treat."""
        return seminar.proposed_contents(self._read)

    def seminar_agenda(self) -> Html:
        """Its agenda and materials."""
        return seminar.agenda_piece(self._read)

    def seminar_dates(self) -> Html:
        """Days that are free for it, and why."""
        return seminar.dates(self._read)

    def seminar_people(self) -> Html:
        """Who is registered and who came."""
        return seminar.people(self._read)

    def seminar_outcomes(self) -> Html:
        """Evaluations, follow-ups, decisions."""
        return seminar.outcomes(self._read)

    def cop_positions(self) -> Html:
        """What centres bring to the SI CoP."""
        return objectives.cop_positions(self._read)

    def esf_and_cop(self) -> Html:
        """Which ESF+ objectives the work ties to; for the EU, what centres bring to the SI CoP too."""
        return objectives.esf_and_cop(self._read)

    def seminar_form(self) -> Piece:
        """Seminars, SI CoP events and decisions of the working group (nothing in a brief)."""
        return self.entries_form("seminar", "cop_event", "decision")

    def programme_form(self) -> Piece:
        """A country's registrations, evaluations, follow-ups and decisions (nothing in a brief)."""
        return self.entries_form("registration", "evaluation", "follow_up", "decision")

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
        self._has_form = self._read.parameters.mode == "edit"
        return form.form(self._read, os.environ)

    def entries_form(self, *kinds: str) -> Piece:
        """What the team adds one by one, of these kinds (nothing in a brief)."""
        return entries.entries_form(self._read, kinds, os.environ)

    def map_form(self) -> Piece:
        """Where the team adds agents, initiatives, challenges and links (nothing in a brief)."""
        return self.entries_form("agent", "initiative", "challenge", "link")

    def summary(self) -> Html:
        """The findings in sentences."""
        return assessment.summary(self._read)

    def profile_chart(self) -> Piece:
        """The profile against the EU median and the last cycle; below a form, where it stands."""
        if self._has_form:
            return form.where_the_profile_is()
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

    def answers(self) -> Html:
        """Every answer."""
        return assessment.answer_tables(self._read)

    def map_summary(self) -> Html:
        """How much is on the map."""
        return mapping.map_summary(self._read)

    def map_chart(self) -> Piece:
        """Where the agents are."""
        return mapping.map_picture(self._read)

    def ecosystem_map(self) -> Piece:
        """The map's pictures; live where the page stays open."""
        return mapping.ecosystem_map(self._read, os.environ)

    def blank_spots(self) -> Html:
        """What the map lacks."""
        return mapping.blank_spots(self._read)

    def entries(self) -> Html:
        """Agents and initiatives by name."""
        return mapping.entry_tables(self._read)

    def eu_summary(self) -> Html:
        """How far the countries are."""
        return overview.eu_summary(self._read)

    def states(self) -> Html:
        """How far each country is, as tiles and as a table."""
        return overview.states(self._read)

    def cocreation_form(self) -> Piece:
        """What the team adds in step 3 (nothing in a brief)."""
        kinds = ("process", "session", "commitment", "prototype", "indicator")
        return entries.entries_form(self._read, kinds, os.environ)

    def cocreation_summary(self) -> Html:
        """How much was worked on together."""
        return cocreation.cocreation_summary(self._read)

    def cocreation_charts(self) -> Piece:
        """Processes by phase, who took part, and how far prototypes came; live for who works."""
        pictures = {
            "Phases": cocreation.phases_picture,
            "Who took part": cocreation.turnout_picture,
            "Prototypes": cocreation.prototypes_picture,
        }
        return following.following(self._read, pictures, "cocreation", environ=os.environ)

    def processes(self) -> Html:
        """Every process with what belongs to it."""
        return cocreation.process_sheets(self._read)

    def templates(self) -> Html:
        """Processes that countries offer to others."""
        return templates.template_offers(self._read)

    def copy_template(self) -> Piece:
        """A template of another country, copied for a challenge (nothing in a brief)."""
        return copying.copy_template(self._read, os.environ)

    def scaling_form(self) -> Piece:
        """What the team adds in step 4 (nothing in a brief)."""
        kinds = ("practice", "component", "criterion", "score", "selection_round", "selection")
        return entries.entries_form(self._read, kinds, os.environ)

    def portfolio_summary(self) -> Html:
        """How many practices there are."""
        return scaling.portfolio_summary(self._read)

    def portfolio_charts(self) -> Piece:
        """Readiness and evidence, balance, flow and value at risk; live for who works."""
        pictures = {
            "Readiness and evidence": scaling.portfolio_picture,
            "Balance": scaling.balance_picture,
            "From challenge to practice": scaling.flow_picture,
            "Value at risk": scaling.risk_picture,
        }
        return following.following(
            self._read, pictures, "cocreation", "scaling", environ=os.environ
        )

    def selection(self) -> Piece:
        """What the country's criteria propose, and how firmly."""
        return selecting.selection_picture(self._read)

    def decisions(self) -> Html:
        """What people decided, with reason and dissent."""
        return selecting.decisions(self._read)

    def practices(self) -> Html:
        """Every practice with its levels."""
        return scaling.practice_sheets(self._read)

    def offers(self) -> Html:
        """Practices that fit other countries' open challenges."""
        return offers.transfer_offers(self._read)

    def cocreation_and_scaling(self) -> Html:
        """Steps 3 and 4 in short, with one case told."""
        return practice_brief.cocreation_and_scaling(self._read)

    def findings(self) -> Html:
        """Strengths and gaps."""
        return assessment.findings(self._read)

    def own_group(self) -> Html:
        """The country's learning group and mentors."""
        return groups.own_group(self._read)

    def learning_path(self) -> Html:
        """What the country does to learn."""
        return learning_path.learning_path(self._read)

    def path_form(self) -> Piece:
        """Where the team records its learning path (nothing in a brief)."""
        offers = functools.partial(learning_path.offers, self._read)
        return entries.entries_form(self._read, ("path_item",), os.environ, offers)

    def community(self) -> Html:
        """All learning groups, needs beside offers, and mentors."""
        return groups.community(self._read)

    def rules_form(self) -> Piece:
        """Where the coordinator rules on the groups (nothing in a brief)."""
        return entries.entries_form(self._read, ("group_rule",), os.environ)

    def eu_findings(self) -> Html:
        """The spread of each dimension, and what countries find hard together."""
        return overview.eu_findings(self._read)


def open_workbook(
    name: str, country: str, cycle: str, mode: str = "edit", topic: str | None = None
) -> Workbook:
    """The workbook of that name for a country and a cycle, read from the record as it is now.

    A bad value, and a parameter that papermill was given and no workbook has, is an error in
    words: never the default country's page.
    """
    home = find_home(os.environ)
    book = book_named(name)
    catalogue = read_catalogue(home.data)
    cells = getattr(sys.modules.get("__main__"), "In", ())
    raw = {"country": country, "cycle": cycle, "mode": mode}
    raw |= {} if topic is None else {"topic": topic}
    parameters = check_arguments(raw, book=book, catalogue=catalogue, cells=cells)
    store = _store(home.store_url, parameters.mode)
    part = asked_part(os.environ, catalogue, parameters.country)
    read = Reading(
        book, parameters, catalogue, store, store.last_seq(), part, reader=_reader(store)
    )
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


def _reader(store: Store) -> str:
    """Who is signed in, by whom what is new is told; nobody where the store is open to all."""
    session = getattr(store, "session", None)
    return str(session().account.name) if session is not None else ""

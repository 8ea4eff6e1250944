"""Pieces on the ESF+: which objectives the work ties to, and what centres bring to the SI CoP."""

from markupsafe import Markup

from ncc_kernel.analysis.objectives import TIED_KINDS, Tie, ties
from ncc_kernel.analysis.peers import FEWEST
from ncc_kernel.analysis.positions import Position, TopicPositions, positions
from ncc_kernel.charts.markup import Cell, Html, Table, folded, listing, paragraph, section, typed
from ncc_kernel.model.kinds import KINDS
from ncc_kernel.model.programme import CopTopic
from ncc_kernel.model.revision import EU
from ncc_kernel.workbook.reading import Reading

GROUPS = {
    "asked": "What centres ask for",
    "offered": "What centres can offer",
    "open": "What else they answered",
}
"""How positions are grouped on a page."""


def esf_and_cop(read: Reading) -> Html:
    """The ties to the ESF+; on the EU's page the positions for the SI CoP beside them."""
    if read.parameters.country != EU:
        return esf_links(read)
    return Html(Markup("").join((esf_links(read).html(), cop_positions(read).html())))


def esf_links(read: Reading) -> Html:
    """Challenges, initiatives and practices by ESF+ objective, and the functions they ask for."""
    country = None if read.parameters.country == EU else read.parameters.country
    entries = [
        one
        for kind in TIED_KINDS
        for one in read.store.current(kind, country=country, as_of=read.until)
    ]
    found = ties(read.catalogue.vocabularies["esf_objective"], entries)
    heading = "Ties to the ESF+"
    if not found.tied:
        return Html(
            section(heading, paragraph("Nothing in the record names an ESF+ objective yet."))
        )
    kinds = [kind for kind in TIED_KINDS if any(kind in tie.counts for tie in found.tied)]
    priorities = any(tie.priorities for tie in found.tied)
    last = "Countries" if country is None else "Challenges and practices"
    columns = (
        "Objective",
        *(KINDS[kind].plural.capitalize() for kind in kinds),
        "Functions of the centre that they ask for",
        *(["Programme priorities"] if priorities else []),
        last,
    )
    rows = tuple(_row(read, tie, kinds, priorities=priorities) for tie in found.tied)
    numeric = frozenset(range(1, 1 + len(kinds)))
    table = Table("What ties to which objective of the ESF+", columns, rows, numeric)
    missing = ", ".join(
        f"{count} {KINDS[kind].plural if count != 1 else KINDS[kind].label}"
        for kind, count in found.without.items()
    )
    said = [
        f"{len(found.tied)} of {len(found.ties)} objectives have something in the record that ties to them.",
        *([f"Without an objective: {missing}."] if missing else []),
        "A practice or process without an objective of its own takes those of its challenge. Private entries are not counted.",
    ]
    shown = folded("The objectives one by one", table.html()) if country is None else table.html()
    return Html(section(heading, paragraph(" ".join(said)), shown))


def _row(read: Reading, tie: Tie, kinds: list[str], *, priorities: bool) -> tuple[Cell, ...]:
    functions = ", ".join(
        f"{read.guide.dimension(code).short} ({count})" for code, count in tie.functions.items()
    )
    counts: tuple[Cell, ...] = tuple(tie.counts.get(kind, 0) for kind in kinds)
    name = f"{tie.objective.code} {tie.objective.label}"
    if not tie.objective.si_priority:
        name += " (not under the social innovation priority)"
    last: Cell = (
        _countries(read, tie.countries)
        if read.parameters.country == EU
        else Markup("; ").join(typed(title) for title in tie.names)
    )
    within = [Markup("; ").join(map(typed, tie.priorities)) or None] if priorities else []
    return name, *counts, functions or None, *within, last or None


def _countries(read: Reading, codes: tuple[str, ...]) -> str:
    """The countries by name; where most are meant, how many, and which are not."""
    others = tuple(code for code in read.catalogue.codes if code not in codes)
    if len(codes) <= len(others):
        return _names(read, codes)
    without = f", not {_names(read, others)}" if others else ""
    return f"{len(codes)} of {len(read.catalogue.codes)}{without}"


def cop_positions(read: Reading) -> Html:
    """What the centres bring to the SI CoP, topic by topic, grouped; for its events."""
    topics = _topics(read)
    found = positions(read.guide, topics, read.everyones_answers)
    parts = [_topic(read, one) for one in found if one.positions]
    if not parts:
        return Html(Markup())
    note = "From what countries answered in the self-assessment. Comments are a team's own and are only counted. Countries stand in alphabetical order."
    return Html(section("Positions for the SI CoP", *parts, paragraph(note, "quiet small")))


def _topics(read: Reading) -> tuple[CopTopic, ...]:
    """The CoP's topics that touch the page's seminar; all of them on pages about none."""
    topic = read.parameters.topic
    every = read.programme.cop_topics
    return tuple(one for one in every if topic in one.seminars) if topic else every


def _topic(read: Reading, found: TopicPositions) -> Markup:
    inner = [
        section(title, listing(_position(read, one) for one in some), level=3)
        for group, title in GROUPS.items()
        if (some := found.of(group))
    ]
    parts = Markup("").join(inner)
    shown = '<details class="named"><summary>{}</summary>{}</details>'
    return Markup(shown).format(found.topic.name, parts)


def _position(read: Reading, one: Position) -> str:
    said = [f"{one.question.code} {one.question.statement}"]
    if one.middle is None:
        said.append(f"Fewer than {FEWEST} countries answered.")
    else:
        said.append(
            f"{one.answered} countries answered, the one in the middle at level {one.middle:.1f}; "
            f"{one.low} at level 2 or below, {one.high} at level 4 or 5."
        )
    if one.pressing:
        said.append(f"It presses in {_names(read, one.pressing)}.")
    if one.showing:
        said.append(f"Offered by {_names(read, one.showing)}.")
    if one.commented:
        said.append(f"{one.commented} {'team' if one.commented == 1 else 'teams'} commented.")
    return " ".join(said)


def _names(read: Reading, codes: tuple[str, ...]) -> str:
    return ", ".join(sorted(read.catalogue.country(code).name() for code in codes))

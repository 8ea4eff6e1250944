"""Pieces of the ecosystem map: what is on it, where, what is needed, and what is blank."""

from collections.abc import Sequence

from markupsafe import Markup

from ncc_kernel.analysis.ecosystem import (
    Counts,
    blank_types,
    by_challenge,
    by_link_kind,
    by_stage,
    by_type,
    linked_agents,
    most_connected,
    needs_and_capabilities,
)
from ncc_kernel.analysis.summary import counted
from ncc_kernel.charts.ecosystem import counts_figure, isolated, map_figure, matches_figure
from ncc_kernel.charts.markup import Html, Piece, Table, listing, paragraph, section, typed
from ncc_kernel.model.revision import EU
from ncc_kernel.model.vocabulary import Vocabulary
from ncc_kernel.workbook.reading import Reading

SHOWN = 100
"""Entries listed on a page; how many more there are is said."""


def map_summary(read: Reading) -> Html:
    """How much is on the map, in a sentence, and what is kept back."""
    eco = read.ecosystem
    kept = "Entries that a country keeps private are not on this page." if eco.withheld else ""
    if eco.empty:
        return Html(_nothing_yet() + paragraph(kept, "quiet"))
    text = (
        f"{counted(len(eco.agents), 'agent')}, {counted(len(eco.initiatives), 'initiative')}, "
        f"{counted(len(eco.links), 'link')} and {counted(len(eco.challenges), 'challenge')}."
    )
    return Html(section("What is on the map", paragraph(text), paragraph(kept, "quiet")))


def _nothing_yet() -> Markup:
    text = (
        "Nothing is on the map yet. A nomination takes less than ten minutes: a name, a type and a "
        "place are enough. Bring a list in with: ncc import FILE.csv"
    )
    return section("What is on the map", paragraph(text))


def map_picture(read: Reading) -> Piece:
    """Where the agents are."""
    if read.ecosystem.empty:
        return Html(Markup())
    shapes = read.catalogue.geometry()
    if read.parameters.country != EU:
        own = [f for f in shapes["features"] if f["properties"]["code"] == read.parameters.country]
        shapes = {**shapes, "features": own}
    return map_figure(read.ecosystem, name=read.called, shapes=shapes, source=source(read))


def types_picture(read: Reading) -> Piece:
    """Agents by type."""
    words = read.catalogue.vocabularies["actor_type"]
    counts = by_type(read.ecosystem)
    finding = _most("type", "agents", counts, words)
    return _counts(read, counts, finding, "Agents by type.", words)


def stages_picture(read: Reading) -> Piece:
    """Initiatives by stage of their life."""
    words = read.catalogue.vocabularies["life_cycle"]
    counts = by_stage(read.ecosystem, words.codes) if read.ecosystem.initiatives else ()
    finding = _most("stage", "initiatives", counts, words)
    return _counts(read, counts, finding, "Initiatives by stage of their life cycle.", words)


def links_picture(read: Reading) -> Piece:
    """Links by kind."""
    words = read.catalogue.vocabularies["link_kind"]
    counts = by_link_kind(read.ecosystem)
    return _counts(read, counts, _most("kind", "links", counts, words), "Links by kind.", words)


def _counts(read: Reading, counts: Counts, finding: str, measure: str, words: Vocabulary) -> Piece:
    if not counts:
        return Html(Markup())
    if not any(code and count for code, count in counts):
        return Html(paragraph(finding, "quiet"))
    return counts_figure(counts, finding=finding, measure=measure, words=words, source=source(read))


def _most(what: str, plural: str, counts: Counts, words: Vocabulary) -> str:
    total = sum(count for _code, count in counts)
    most = max((count for code, count in counts if code), default=0)
    if not most:
        return f"The {plural} do not say their {what} yet."
    named = [isolated(words, code) for code, count in counts if code and count == most]
    if len(named) == 1:
        return f"The most frequent {what} is \N{LEFT DOUBLE QUOTATION MARK}{named[0]}\N{RIGHT DOUBLE QUOTATION MARK}: {most} of {total} {plural}."
    return f"No {what} stands out: the {len(named)} most frequent have {most} of {total} {plural} each."


def needs_picture(read: Reading) -> Piece:
    """Needs of initiatives beside capabilities of agents."""
    if read.ecosystem.empty:
        return Html(Markup())
    matches = needs_and_capabilities(read.ecosystem)
    if not any(match.needing or match.offering for match in matches):
        text = "No entry says yet what it needs much of, or what it can give."
        return Html(paragraph(text, "quiet"))
    kinds = read.catalogue.vocabularies["need_kind"]
    labels = {code: kinds.label(code) for code in kinds.codes}
    return matches_figure(matches, labels=labels, source=source(read))


def challenge_table(read: Reading) -> Html:
    """Challenges with the number of initiatives that name them, fewest first."""
    rows = by_challenge(read.ecosystem)
    if not rows:
        return Html(paragraph("No challenge is recorded yet.", "quiet"))
    table = Table(
        "Challenges, those with the fewest initiatives first",
        ("Challenge", "Urgency", "Severity", "Initiatives"),
        tuple(
            (typed(r.challenge.title), r.challenge.urgency, r.challenge.severity, r.initiatives)
            for r in rows[:SHOWN]
        ),
        frozenset({1, 2, 3}),
    )
    return Html(section("Challenges", table.html()))


def blank_spots(read: Reading) -> Html:
    """What nobody on the map has, and what entries do not say."""
    eco = read.ecosystem
    words = read.catalogue.vocabularies["actor_type"]
    missing = blank_types(eco, [code for code in words.codes if code != "other"])
    unplaced = sum(agent.place.lat is None for agent in eco.agents.values())
    unlinked = len(eco.agents) - len(linked_agents(eco))
    said = [
        f"{len(missing)} types of agents have no entry: {', '.join(words.label(c) for c in missing)}."
        if missing
        else "Every type of agent has an entry.",
        f"{unplaced} of {len(eco.agents)} agents have no known place.",
        f"{unlinked} of {len(eco.agents)} agents have no link.",
    ]
    return Html(section("Blank spots", listing(said) if not eco.empty else Markup()))


def entry_tables(read: Reading) -> Html:
    """The agents and the initiatives, by name."""
    eco = read.ecosystem
    types, stages = (read.catalogue.vocabularies[c] for c in ("actor_type", "life_cycle"))
    agents = sorted(eco.agents.values(), key=lambda agent: agent.name.casefold())
    initiatives = sorted(eco.initiatives.values(), key=lambda one: one.title.casefold())
    agent_rows = [
        (typed(one.name), _label(types, one.type), _text(one.place.name)) for one in agents
    ]
    rows = [
        (typed(one.title), _label(stages, one.stage), _text(one.place.name)) for one in initiatives
    ]
    parts = (
        *_listed("Agents", ("Name", "Type", "Place"), agent_rows),
        *_listed("Initiatives", ("Title", "Stage", "Place"), rows),
    )
    return Html(section("All entries", *parts) if parts else Markup())


def _label(words: Vocabulary, code: str) -> Markup | None:
    return _text(words.label(code))


def _text(text: str) -> Markup | None:
    """What was typed, or None, which is shown as missing."""
    return typed(text) if text else None


def _listed(
    caption: str, columns: tuple[str, ...], rows: Sequence[tuple[Markup | str | None, ...]]
) -> list[Markup]:
    if not rows:
        return []
    more = (
        f" (the first {SHOWN} of {len(rows)}; all with: ncc export csv)"
        if len(rows) > SHOWN
        else ""
    )
    return [Table(f"{caption}{more}", columns, tuple(rows[:SHOWN])).html()]


def connected(read: Reading) -> Html:
    """The agents with the most links."""
    rows = tuple((typed(agent.name), count) for agent, count in most_connected(read.ecosystem))
    if not rows:
        return Html(Markup())
    return Html(Table("Most connected agents", ("Agent", "Links"), rows, frozenset({1})).html())


def source(read: Reading) -> str:
    """The source line of the map's pictures."""
    return (
        f"Ecosystem map of {read.called}, entries shared with the working group, record {read.seq}."
    )

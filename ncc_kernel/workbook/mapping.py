"""Pieces of the ecosystem map: what is on it, the pictures, what is blank, and all entries."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from ncc_kernel.analysis.ecosystem import blank_types, linked_agents
from ncc_kernel.analysis.summary import counted
from ncc_kernel.charts.markup import (
    Html,
    Piece,
    Table,
    beside,
    listing,
    paragraph,
    section,
    typed,
    typed_or_none,
)
from ncc_kernel.model.vocabulary import Vocabulary
from ncc_kernel.workbook.atlas import Ground
from ncc_kernel.workbook.pictures import Nothing, Pictures
from ncc_kernel.workbook.reading import Reading

SHOWN = 100
"""Entries listed on a page; how many more there are is said."""

KEPT = "Entries that a country keeps private are on no page of others and in no number here."


def map_summary(read: Reading) -> Html:
    """How much is on the map, in a sentence."""
    eco = read.ecosystem
    if eco.empty:
        return Html(_nothing_yet() + paragraph(KEPT, "quiet"))
    text = (
        f"{counted(len(eco.agents), 'agent')}, {counted(len(eco.initiatives), 'initiative')}, "
        f"{counted(len(eco.links), 'link')} and {counted(len(eco.challenges), 'challenge')}."
    )
    return Html(section("What is on the map", paragraph(text), paragraph(KEPT, "quiet")))


def _nothing_yet() -> Markup:
    text = (
        "Nothing is on the map yet. A nomination takes less than ten minutes: a name, a type and a "
        "place are enough. A list in a spreadsheet comes in with: ncc import FILE.csv"
    )
    return section("What is on the map", paragraph(text))


def read_pictures(read: Reading) -> Pictures:
    """The pictures of the part of the map that was asked for."""
    ground = Ground(read)
    return Pictures(ground, ground.atlas(read.part, until=read.until), read.part, read.seq)


def map_picture(read: Reading) -> Piece:
    """Where the agents are, under a heading of its own; nothing while the map is empty."""
    if read.ecosystem.empty:
        return Html(Markup())
    return Html(section("Ecosystem map", read_pictures(read).map().html()))


def ecosystem_map(read: Reading, environ: Mapping[str, str]) -> Piece:
    """All pictures of the map; where a page stays open they follow the record."""
    if read.parameters.mode != "edit":
        return all_pictures(read)
    from ncc_kernel.workbook import live  # noqa: PLC0415  # pages must not pay for widgets

    return live.live_map(read, environ)


def all_pictures(read: Reading) -> Html:
    """The pictures one below the other, as they are now."""
    made = read_pictures(read)
    if not (made.said() or made.atlas.agents or made.atlas.initiatives or made.atlas.challenges):
        text = "Maps, networks and blank spots are drawn once there is an entry on the map."
        return Html(section("The map in pictures", paragraph(text)))
    said = paragraph(made.said()) if made.said() else Markup()
    parts: list[Markup] = []
    empty: list[Markup] = []
    for one in made:
        piece = one.make()
        if isinstance(piece, Nothing):
            empty.append(Markup("<strong>{}.</strong> {}").format(one.heading, piece.why))
            continue
        shown = section(one.heading, piece.html(), level=3)
        parts.append(parts.pop() + shown if one.under and parts else shown)
    # A sentence beside a tall picture would leave a hole.
    rest = section("Not to be seen yet", listing(empty), level=3) if empty else Markup()
    return Html(section("The map in pictures", said, beside(*parts), rest))


def blank_spots(read: Reading) -> Html:
    """What nobody on the map has, and what entries do not say."""
    eco = read.ecosystem
    if eco.empty:
        return Html(Markup())
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
    return Html(section("What entries do not say", listing(said)))


def entry_tables(read: Reading) -> Html:
    """The agents and the initiatives, by name."""
    eco = read.ecosystem
    types, stages = (read.catalogue.vocabularies[c] for c in ("actor_type", "life_cycle"))
    agents = sorted(eco.agents.values(), key=lambda agent: agent.name.casefold())
    initiatives = sorted(eco.initiatives.values(), key=lambda one: one.title.casefold())
    agent_rows = [
        (typed(one.name), _label(types, one.type), typed_or_none(one.place.name)) for one in agents
    ]
    rows = [
        (typed(one.title), _label(stages, one.stage), typed_or_none(one.place.name))
        for one in initiatives
    ]
    parts = (
        *_listed("Agents", ("Name", "Type", "Place"), agent_rows),
        *_listed("Initiatives", ("Title", "Stage", "Place"), rows),
    )
    return Html(section("All entries", *parts) if parts else Markup())


def _label(words: Vocabulary, code: str) -> Markup | None:
    return typed_or_none(words.label(code))


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

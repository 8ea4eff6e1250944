"""Pieces of the EU overview: the state of all countries, never a league table."""

from collections import Counter

from markupsafe import Markup

from ncc_kernel.analysis.gaps import gaps
from ncc_kernel.analysis.peers import FEWEST, peer_values
from ncc_kernel.analysis.profile import Profile
from ncc_kernel.charts.markup import Cell, Html, Piece, Table, listing, paragraph, section
from ncc_kernel.charts.overview import Tile, tiles_figure
from ncc_kernel.charts.profile import spread_figure
from ncc_kernel.workbook.reading import Reading


def eu_summary(read: Reading) -> Html:
    """How far the countries are, in sentences with their numbers."""
    started = sum(profile.started for profile in read.profiles)
    compared = sum(profile.shows for profile in read.profiles)
    answered = sum(profile.answered for profile in read.profiles)
    on_map = Counter[str]()
    for (_country, kind), count in read.on_map.items():
        on_map[kind] += count
    places = len({country for country, kind in read.on_map if kind in ("agent", "initiative")})
    sentences = [
        f"{started} of {len(read.profiles)} countries have begun the self-assessment of cycle {read.parameters.cycle}{_waiting(read)}.",
        f"{compared} have answered enough to show at least one dimension; {answered} statements are answered in all.",
        _hardest(read),
        f"On the ecosystem map: {places} countries, {on_map['agent']} agents, {on_map['initiative']} initiatives and {on_map['link']} links.",
    ]
    return Html(section("Summary", listing(filter(None, sentences), kind="lead")))


def _waiting(read: Reading, few: int = 5) -> str:
    names = sorted(
        read.catalogue.country(one.country).name() for one in read.profiles if not one.started
    )
    return f"; still to begin: {', '.join(names)}" if 0 < len(names) <= few else ""


def _hardest(read: Reading) -> str:
    for code, count in _often(read)[:1]:
        statement = read.guide.question(code).statement.rstrip(".")
        return f"Most often at level 2 or below: {code} {statement} ({count} countries)."
    return ""


def spread_picture(read: Reading) -> Piece:
    """How far countries are apart in each dimension, with nobody named."""
    peers = peer_values(read.profiles)
    if not peers.bands:
        text = f"Fewer than {FEWEST} countries have answered enough, so the EU's values are not shown yet."
        return Html(paragraph(text, "quiet"))
    return spread_figure(
        read.guide,
        read.profiles,
        peers,
        source=f"Self-assessment, cycle {read.parameters.cycle}, record {read.seq}. {read.guide.status}",
    )


def eu_findings(read: Reading) -> Html:
    """What the self-assessments say together: the spread, and what many find hard."""
    return Html(spread_picture(read).html() + common_gaps(read).html())


def states(read: Reading) -> Html:
    """How far each country is: a tile each, and a table in alphabetical order of the names."""
    rows = sorted(
        (_state(read, one, read.on_map) for one in read.profiles), key=lambda row: str(row[0])
    )
    # Before the first submission there is nothing to tell apart.
    last = ("Self-assessment",) if read.submissions else ()
    columns = ("Country", "Answered", "Applicable", "Agents", "Initiatives", *last)
    table = Table("What each country has entered", columns, tuple(rows), frozenset({1, 2, 3, 4}))
    tiles = [Tile(one, read.catalogue.country(one.country).tile) for one in read.profiles]
    picture = tiles_figure(
        tiles,
        cycle=read.parameters.cycle,
        table=table,
        source=f"Self-assessment and ecosystem map of {len(tiles)} countries, record {read.seq}. {read.guide.status}",
    )
    return Html(section("State of the countries", picture.html()))


def _state(read: Reading, profile: Profile, on_map: Counter[tuple[str, str]]) -> tuple[Cell, ...]:
    name = read.catalogue.country(profile.country).name()
    answered, applicable = (
        (profile.answered, profile.applicable) if profile.started else (None, None)
    )
    entries = (on_map[profile.country, kind] or None for kind in ("agent", "initiative"))
    handed_in = (_handed_in(read, profile),) if read.submissions else ()
    return name, answered, applicable, *entries, *handed_in


def _handed_in(read: Reading, profile: Profile) -> Cell:
    """How the self-assessment stands."""
    found = read.submissions.get(profile.country)
    if found is not None and found.payload is not None:
        return str(found.payload["state"])
    return "draft" if profile.started else None


def common_gaps(read: Reading, limit: int = 8) -> Html:
    """The statements that most countries find weak; below five countries none is told."""
    rows = tuple(
        (f"{code} {read.guide.question(code).statement}", count)
        for code, count in _often(read)[:limit]
    )
    if not rows:
        return Html(Markup())
    table = Table(
        "Statements that most countries put at level 2 or below",
        ("Statement", "Countries"),
        rows,
        frozenset({1}),
    )
    return Html(section("What countries find hard together", table.html()))


def _often(read: Reading) -> list[tuple[str, int]]:
    """Statements with the number of countries that find them weak, most first."""
    counts = Counter(
        finding.question.code
        for given in read.everyones_answers.values()
        for finding in gaps(read.guide, given)
    )
    often = [(code, count) for code, count in counts.items() if count >= FEWEST]
    return sorted(often, key=lambda item: (-item[1], item[0]))

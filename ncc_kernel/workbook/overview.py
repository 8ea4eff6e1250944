"""Pieces of the EU overview: the state of all countries, never a league table."""

from collections import Counter

from markupsafe import Markup

from ncc_kernel.analysis.gaps import gaps
from ncc_kernel.analysis.peers import FEWEST, peer_values
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Cell, Html, Table, listing, section
from ncc_kernel.charts.profile import spread_figure
from ncc_kernel.model.answer import Answer
from ncc_kernel.workbook.reading import Reading


def eu_summary(read: Reading) -> Html:
    """How far the countries are, in sentences with their numbers."""
    started = sum(profile.started for profile in read.profiles)
    compared = sum(profile.shows for profile in read.profiles)
    answered = sum(profile.answered for profile in read.profiles)
    eco = read.ecosystem
    places = len({one.country for one in read.entries if one.kind in ("agent", "initiative")})
    sentences = [
        f"{started} of {len(read.profiles)} countries have begun the self-assessment of cycle {read.parameters.cycle}.",
        f"{compared} have answered enough to show at least one dimension; {answered} statements are answered in all.",
        f"{places} countries are on the ecosystem map, with {len(eco.agents)} agents, {len(eco.initiatives)} initiatives and {len(eco.links)} links.",
    ]
    return Html(section("Summary", listing(sentences, kind="lead")))


def spread_picture(read: Reading) -> Figure:
    """How far countries are apart in each dimension, with nobody named."""
    return spread_figure(
        read.guide,
        read.profiles,
        peer_values(read.profiles),
        source=f"Self-assessment, cycle {read.parameters.cycle}, record {read.seq}. {read.guide.status}",
    )


def state_table(read: Reading) -> Html:
    """What each country has entered, in alphabetical order of the names."""
    on_map = Counter((one.country, one.kind) for one in read.entries)
    rows = sorted(_state(read, code, on_map) for code in read.catalogue.codes)
    columns = ("Country", "Answered", "Applicable", "Agents", "Initiatives")
    table = Table("What each country has entered", columns, tuple(rows), frozenset({1, 2, 3, 4}))
    return Html(section("State of the countries", table.html()))


def _state(read: Reading, code: str, on_map: Counter[tuple[str, str]]) -> tuple[Cell, ...]:
    profile = next(one for one in read.profiles if one.country == code)
    name = read.catalogue.country(code).name()
    answered = profile.answered if profile.started else None
    return name, answered, profile.applicable, on_map[code, "agent"], on_map[code, "initiative"]


def common_gaps(read: Reading, limit: int = 8) -> Html:
    """The statements that most countries find weak; below five countries none is told."""
    answers: dict[str, dict[str, Answer]] = {}
    for one in read.store.current("answer", cycle=read.parameters.cycle, as_of=read.until):
        answers.setdefault(one.country, {})[one.key] = Answer.model_validate(one.payload)
    counts = Counter(
        finding.question.code for given in answers.values() for finding in gaps(read.guide, given)
    )
    often = [(code, count) for code, count in counts.most_common() if count >= FEWEST]
    often.sort(key=lambda item: (-item[1], item[0]))
    rows = tuple(
        (f"{code} {read.guide.question(code).statement}", count) for code, count in often[:limit]
    )
    if not rows:
        return Html(Markup())
    table = Table(
        "Statements at level 2 or below in most countries",
        ("Statement", "Countries"),
        rows,
        frozenset({1}),
    )
    return Html(section("What countries find hard together", table.html()))

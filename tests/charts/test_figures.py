"""What each figure says: its finding, what is missing, and where things are."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import altair as alt
import pytest

from ncc_kernel.analysis.ecosystem import Match
from ncc_kernel.analysis.peers import Band, Peers
from ncc_kernel.analysis.profile import Profile, score_profile
from ncc_kernel.charts.cocreation import Measured
from ncc_kernel.charts.ecosystem import counts_figure, matches_figure
from ncc_kernel.charts.figure import Figure, svg
from ncc_kernel.charts.markup import Table
from ncc_kernel.charts.profile import profile_figure, spread_figure
from ncc_kernel.charts.programme import programme_figure
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.cocreation import Indicator
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.programme import Cycle, Programme, Step, Window
from ncc_kernel.store.catalogue import Catalogue
from tests.support.pictures import drawn

Parse = Callable[[object], Any]
LABELS = {"cocreation": "Co-creation", "scaling": "Scaling", "evaluation": "Evaluation"}
NO_PEERS = Peers(0, ())


def profiled(guide: Guide, **levels: int) -> Profile:
    answers = {
        f"{dimension}.{n}": Answer(state="answered", level=level)
        for dimension, level in levels.items()
        for n in range(1, 6)
    }
    return score_profile(guide, answers, country="PT", cycle="2024-1")


def profile_of(guide: Guide, profile: Profile, peers: Peers = NO_PEERS) -> Figure:
    return profile_figure(guide, profile, name="Portugal", peers=peers, before=None, source="s")


def texts(parse: Parse, figure: Figure) -> list[str]:
    return [one.text for one in parse(figure.html()).one("svg").all("text")]


def table(parse: Parse, figure: Figure) -> list[list[str]]:
    rows = parse(figure.html()).one("tbody").all("tr")
    return [[cell.text for cell in row.children] for row in rows]


def test_what_has_too_few_answers_is_no_data_and_a_zero_is_a_zero(
    guide: Guide, parse: Parse
) -> None:
    figure = profile_of(guide, profiled(guide, D1=0, D2=4))

    rows = {row[0]: row[1:3] for row in table(parse, figure)}

    assert rows["Systemic ecosystem mapping"] == ["0.0", "5 of 5"]
    assert rows["Continuous interaction with the ecosystem"] == ["4.0", "5 of 5"]
    assert rows["Financing"] == ["no data", "0 of 5"]
    assert texts(parse, figure).count("too few answers") == 6
    assert figure.finding == ("Portugal is strongest in Continuous interaction with the ecosystem.")


def test_a_profile_without_any_answer_says_so(guide: Guide, parse: Parse) -> None:
    figure = profile_of(guide, profiled(guide))

    assert figure.finding == "Portugal has too few answers to show any dimension yet."
    assert {row[1] for row in table(parse, figure)} == {"no data"}


def test_a_profile_is_compared_where_the_eu_has_a_value(guide: Guide, parse: Parse) -> None:
    peers = Peers(
        9, (Band("D1", 9, 1.0, 2.0, 3.0), Band("D2", 5, 3.0, 4.0, 4.5), Band("D8", 5, 1, 2, 3))
    )

    figure = profile_of(guide, profiled(guide, D1=3, D2=4, D3=5), peers)

    assert figure.finding == "Portugal stands above the EU median in 1 of 2 dimensions."
    assert table(parse, figure)[1][3:5] == ["4.0", "3.0 to 4.5"]
    assert table(parse, figure)[2][3:5] == ["no data", "no data"]


def test_the_spread_names_no_country(guide: Guide) -> None:
    profiles = [profiled(guide, D1=level, D2=1) for level in (2, 3, 3, 4, 5)]
    peers = Peers(5, (Band("D1", 5, 3.0, 3.0, 4.0), Band("D2", 5, 1.0, 1.0, 1.0)))

    figure = spread_figure(guide, profiles, peers, source="s")

    assert figure.finding == (
        "The EU median is highest in Systemic ecosystem mapping (3.0) "
        "and lowest in Continuous interaction with the ecosystem (1.0)."
    )
    assert "PT" not in str(figure.html())


def test_four_countries_have_no_spread_and_no_dots(guide: Guide, parse: Parse) -> None:
    profiles = [profiled(guide, D1=level) for level in (1, 2, 3, 4)]

    figure = spread_figure(guide, profiles, Peers(4, ()), source="s")

    assert figure.finding == (
        "Fewer than five countries have answered enough to show the EU's values."
    )
    assert "symbol" not in {one.kind for one in drawn(str(svg(figure.chart, {}))).marks}
    assert table(parse, figure) == []


def test_the_bars_of_a_count_keep_their_order_and_name_the_unsaid(
    catalogue: Catalogue, parse: Parse
) -> None:
    words = catalogue.vocabularies["actor_type"]

    figure = counts_figure(
        (("ngo", 3), ("media", 1), ("", 7)), finding="f", measure="m", words=words, source="s"
    )

    assert table(parse, figure) == [
        [words.label("ngo"), "3"],
        [words.label("media"), "1"],
        ["not said", "7"],
    ]
    drawn = [text for text in texts(parse, figure) if not text.isdigit()]
    assert drawn == [words.label("ngo"), words.label("media"), "not said"]


def test_nothing_to_count_is_a_figure_without_bars(parse: Parse) -> None:
    figure = counts_figure((), finding="f", measure="m", words=None, source="s")

    assert table(parse, figure) == []


@pytest.mark.parametrize(
    ("matches", "finding"),
    [
        (
            [Match("cocreation", 0, 0, 9), Match("scaling", 0, 0, 9)],
            "No entry says yet what it needs much of or can give.",
        ),
        (
            [Match("cocreation", 1, 3, 0), Match("scaling", 2, 2, 5)],
            "For each kind of support there are at least as many helpers as pressing needs.",
        ),
        (
            [Match("cocreation", 2, 1, 0), Match("scaling", 4, 1, 5)],
            "Scaling is short: initiatives that need it 4, agents that can give it 1.",
        ),
    ],
)
def test_needs_are_short_where_most_stand_without_help(matches: list[Match], finding: str) -> None:
    assert matches_figure(matches, labels=LABELS, source="s").finding == finding


def test_the_programme_shows_both_windows_of_a_step(catalogue: Catalogue, parse: Parse) -> None:
    programme = next(one for one in catalogue.programmes if one.year == 2024)

    figure = programme_figure(programme, today=date(2024, 5, 6), source="s")

    assert figure.finding == "For 3 of 4 steps the programme gives different windows."
    rows = table(parse, figure)
    assert ["2. Ecosystem mapping", "1 April 2024 to 31 July 2024"] in [r[:2] for r in rows]
    assert ["2. Ecosystem mapping", "1 April 2024 to 31 December 2024"] in [r[:2] for r in rows]
    assert ["Seminar for the NCC working group", "13 March 2024"] in [r[:2] for r in rows]
    assert {"programme text", "calendar grid"} <= set(texts(parse, figure))


def test_another_years_programme_is_drawn_with_its_own_sources(parse: Parse) -> None:
    window = Window(first=date(2025, 2, 1), last=date(2025, 2, 28), source="plan, page 2")
    other = Window(first=date(2025, 2, 1), last=date(2025, 3, 31), source="minutes")
    programme = Programme(
        year=2025,
        title="t",
        status="s",
        source="s",
        cycles=(Cycle(code="2025-1", label="Spring"),),
        steps=(
            Step(number=1, code="a", name="Foresight", about="a", windows=(window, other)),
            Step(number=2, code="b", name="Procurement", about="b", windows=(window,)),
        ),
    )

    figure = programme_figure(programme, today=None, source="s")

    assert {"1. Foresight", "2. Procurement", "plan", "minutes"} <= set(texts(parse, figure))
    assert {"programme text", "calendar grid"}.isdisjoint(texts(parse, figure))


def clipped(*values: int) -> Figure:
    """A figure whose picture has clip paths, which go by ids."""
    rows = [{"x": x, "y": y} for x, y in enumerate(values)]
    chart = alt.Chart(alt.InlineData(values=rows)).mark_line(clip=True).encode(x="x:Q", y="y:Q")
    return Figure("f", "m", chart, Table("t", ("a",), ()), "s")


def test_two_pictures_on_a_page_share_no_id_and_each_finds_its_own(parse: Parse) -> None:
    html = str(clipped(1, 2).html() + clipped(2, 1).html())

    ids = [one.attributes["id"] for one in parse(html).walk() if "id" in one.attributes]

    assert len(set(ids)) == len(ids) == 2
    assert set(re.findall(r"url\(#([^)]+)\)", html)) == set(ids)


def test_a_picture_with_ids_is_the_same_bytes_whatever_was_drawn_before() -> None:
    first = clipped(1, 2).html()
    clipped(5, 6).html()

    assert clipped(1, 2).html() == first


@pytest.mark.parametrize(
    ("before", "hoped", "found", "way"),
    [
        (10, 30, 20, 0.5),
        (0, 4, 4, 1.0),
        (None, 30, 20, None),
        (10, None, 20, None),
        (10, 30, None, None),
        (10, 10, 20, None),
    ],
)
def test_the_way_of_an_indicator_is_known_where_all_three_values_are(
    before: float | None, hoped: float | None, found: float | None, way: float | None
) -> None:
    one = Indicator(name="N", prototype="p", baseline=before, target=hoped, result=found)

    assert Measured("P", "", one).way == way

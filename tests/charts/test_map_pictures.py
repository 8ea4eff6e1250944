"""The map's pictures: every country is seen, what is far stands in a box, labels do not collide."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from ncc_kernel.analysis.coverage import covered
from ncc_kernel.analysis.ecosystem import Ecosystem
from ncc_kernel.analysis.meetings import NO_MEETINGS, Meeting, Meetings, Side
from ncc_kernel.analysis.network import network_of
from ncc_kernel.charts.coverage import coverage_figure, gaps_figure, growth_figure
from ncc_kernel.charts.figure import Figure, svg
from ncc_kernel.charts.meetings import between_figure, meetings_figure
from ncc_kernel.charts.network import apart, connected_figure, network_figure
from ncc_kernel.charts.region_map import FAR, TINY, classes, layout, region_map_figure
from ncc_kernel.charts.theme import NARROW
from ncc_kernel.charts.tiles import country_tiles_figure
from ncc_kernel.model.ecosystem import Agent, Initiative, Link
from ncc_kernel.store.catalogue import Catalogue
from tests.support.pictures import drawn

Parse = Callable[[object], Any]


def texts(parse: Parse, figure: Figure) -> list[str]:
    return [one.text.strip("\u2068\u2069") for one in parse(figure.html()).one("svg").all("text")]


def table(parse: Parse, figure: Figure) -> list[list[str]]:
    rows = parse(figure.html()).one("tbody").all("tr")
    return [[cell.text for cell in row.children] for row in rows]


def marks(figure: Figure, kind: str) -> int:
    one = drawn(str(svg(figure.chart, figure.datasets)))
    return sum(mark.kind == kind for mark in one.marks)


def land(figure: Figure) -> int:
    """How many regions are drawn without anybody in them."""
    return str(figure.html()).count('fill="#e8ebf7"')


def size(figure: Figure) -> tuple[float, float]:
    (found,) = re.findall(r'<svg viewBox="0 0 (\S+) (\S+)"', str(figure.html()))
    return float(found[0]), float(found[1])


def map_of(catalogue: Catalogue, code: str, **more: Any) -> Figure:
    regions = catalogue.regions(None if code == "EU" else code)
    borders = catalogue.outlines() if code == "EU" else ()
    told = {"counts": {}, "unplaced": 0, **more}
    counts = told.pop("counts")
    return region_map_figure(
        counts, regions=regions, borders=borders, name=code, source="Map.", **told
    )


@pytest.mark.parametrize(
    ("code", "regions", "place"),
    [
        ("MT", 1, (14.4, 35.9)),
        ("LU", 1, (6.1, 49.6)),
        ("CY", 1, (33.3, 35.1)),
        ("EL", 13, (23.7, 37.9)),
        ("FI", 5, (24.9, 60.1)),
        ("FR", 27, (-52.3, 4.9)),
        ("ES", 19, (-15.4, 28.1)),
    ],
)
def test_a_country_of_any_size_fills_its_map(
    catalogue: Catalogue, code: str, regions: int, place: tuple[float, float]
) -> None:
    figure = map_of(catalogue, code, dots=[place])

    width, height = size(figure)
    assert marks(figure, "symbol") == 1
    assert len(catalogue.regions(code)) == regions == land(figure)
    assert 150 < width <= NARROW + 10
    assert 150 < height <= 600
    assert "EuroGeographics" in figure.source


def test_the_map_of_the_eu_has_all_regions_and_boxes_for_the_far_and_the_tiny(
    catalogue: Catalogue, parse: Parse
) -> None:
    figure = map_of(catalogue, "EU", counts={"MT00": 3, "PT17": 1}, unplaced=2)

    shown = texts(parse, figure)
    assert {"Luxembourg", "Malta", "Madeira", "Canarias", "Guyane"} <= set(shown)
    assert figure.finding == "240 of the 242 NUTS 2 regions of EU have no agent yet."
    assert len(table(parse, figure)) == 243
    assert table(parse, figure)[-1] == ["region not known", "no data", "2"]
    assert len(str(figure.html())) < 250_000


def test_what_is_far_is_drawn_inside_its_box(catalogue: Catalogue) -> None:
    laid = layout(catalogue.regions("FR"))

    spot = laid.spot(-52.3, 4.9)
    box = next(panel.frame for panel in laid.panels if panel.label == "Guyane")

    assert spot is not None
    assert box[0] < spot[0] < box[0] + box[2]
    assert box[1] < spot[1] < box[1] + box[3]
    assert laid.spot(100.0, 0.0) is None


def test_a_speck_far_from_its_region_does_not_make_the_region_small(catalogue: Catalogue) -> None:
    laid = layout(catalogue.regions("FR"))

    west, east = laid.spot(-61.8, 16.2), laid.spot(-61.2, 16.2)

    assert west is not None
    assert east is not None
    assert east[0] - west[0] > 40
    assert laid.spot(-63.05, 18.08) is None


def test_who_could_meet_whom_names_the_country_of_each_where_there_are_several() -> None:
    none: frozenset[str] = frozenset()
    needs = Side("initiative", "i", "Casa", "PT", "PT11", none, none, 3)
    gives = Side("agent", "a", "Lab", "LU", "LU00", none, none, 3)
    found = Meetings(1, (Meeting("scaling", needs, gives, (), (), same_region=False),))
    told: Any = {
        "name": "each country",
        "support": {"scaling": "Scaling"},
        "countries": {"PT": "Portugal", "LU": "Luxembourg"},
        "regions": {"PT11": "Norte", "LU00": "Luxembourg"},
        "abroad": False,
        "source": "S.",
    }

    of_all = meetings_figure(found, several=True, **told)
    of_one = meetings_figure(found, **told)

    assert [str(cell) for cell in of_all.table.rows[0][:4]] == [
        "<bdi>Casa</bdi>",
        "<bdi>Norte, Portugal</bdi>",
        "<bdi>Lab</bdi>",
        "<bdi>Luxembourg</bdi>",
    ]
    assert str(of_one.table.rows[0][1]) == "<bdi>Norte</bdi>"
    assert "(LU)" in str(of_all.html())
    assert "(LU)" not in str(of_one.html())


def test_every_group_of_a_large_network_is_named_below_it() -> None:
    picture = drawn(str(svg((large := net(chain(300))).chart, large.datasets)))

    balls = [one for one in picture.marks if one.kind == "symbol"]
    letters = [one.words for one in picture.marks if len(one.words) == 1]
    named = [one.words for one in picture.marks if len(one.words) > 1]
    assert len(balls) == len(letters) == len(named)
    assert [one[0] for one in named] == letters == sorted(letters)


def test_every_member_state_has_regions_and_an_outline(catalogue: Catalogue) -> None:
    regions = [one for code in catalogue.codes for one in catalogue.regions(code)]
    coarse = catalogue.regions()

    assert [one.code for one in catalogue.outlines()] == list(catalogue.codes)
    assert {one.country for one in coarse} == set(catalogue.codes)
    assert [(one.code, one.name) for one in regions] == [(one.code, one.name) for one in coarse]
    assert {*FAR, *TINY} <= {one.code for one in coarse}
    assert len(coarse) == 242


def test_places_off_the_map_are_told_and_do_not_change_the_picture(catalogue: Catalogue) -> None:
    alone = map_of(catalogue, "MT", counts={"MT00": 1}, dots=[(14.4, 35.9)])
    astray = map_of(
        catalogue, "MT", counts={"MT00": 1}, dots=[(14.4, 35.9), (0.0, 90.0), (180.0, -90.0)]
    )

    assert svg(astray.chart, astray.datasets) == svg(alone.chart, alone.datasets)
    assert "2 of them lie off the map." in astray.source


def test_thousands_of_agents_leave_a_map_small(catalogue: Catalogue) -> None:
    many = [(-9.0 + n % 89 / 45, 38.0 + n % 97 / 30) for n in range(5_000)]

    figure = map_of(catalogue, "PT", dots=many)

    assert len(str(figure.html())) < 350_000


def test_an_empty_map_shows_the_country_and_says_so(catalogue: Catalogue) -> None:
    figure = map_of(catalogue, "LU")

    assert (marks(figure, "symbol"), land(figure)) == (0, 1)
    assert figure.finding == "No agent is on the map of LU yet."


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([], []),
        ([0, 0], []),
        ([4], ["4"]),
        ([1, 2, 3], ["1", "2", "3"]),
        ([0, 1, 1, 5, 9, 40], ["1 to 4", "5 to 8", "9 to 40"]),
        ([1, 2], ["1", "2"]),
    ],
)
def test_numbers_are_told_in_classes_without_gaps(counts: list[int], said: list[str]) -> None:
    assert [one for _start, one in classes(counts)] == said


def chain(size: int, name: str = "Name {}") -> Ecosystem:
    agents = {f"a{n:03}": Agent(name=name.format(n)) for n in range(size)}
    initiatives = {f"i{n:03}": Initiative(title=f"Do {n}") for n in range(size)}
    links = {
        f"l{n}": Link(agent=f"a{n // 2:03}", target=f"i{(n + 1) // 2:03}", kind="leads")
        for n in range(2 * size - 1)
    }
    return Ecosystem(agents, initiatives, links, {})


def net(eco: Ecosystem) -> Figure:
    return network_figure(network_of(eco), name="Portugal", labels={}, source="S.")


def test_a_small_network_shows_each_entry_a_large_one_its_groups() -> None:
    small, large = net(chain(10)), net(chain(300))

    assert marks(small, "symbol") == 20
    assert small.finding.startswith("20 linked entries of Portugal form ")
    assert 4 < marks(large, "symbol") <= 16
    assert "Each ball is a group" in large.measure
    assert len(str(large.html())) < 60_000


def test_no_label_lies_on_another(parse: Parse) -> None:
    html = str(net(chain(30, "A rather long name of somebody {}")).html())

    places = [
        (float(x), float(y), len(said.strip("\u2068\u2069")))
        for x, y, said in re.findall(
            r"<text[^>]*translate\(([\d.]+),([\d.]+)\)[^>]*>([^<]+)<", html
        )
    ]
    boxes = [(x - n * 3, y - 6, x + n * 3, y + 6) for x, y, n in places]
    overlaps = [
        (a, b)
        for i, a in enumerate(boxes)
        for b in boxes[i + 1 :]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert len(places) > 5
    assert overlaps == []


def test_balls_are_pushed_apart_and_stay_in_the_picture() -> None:
    places = apart([(50.0, 50.0)] * 6, [20.0] * 6)

    far = [
        ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5
        for n, (ax, ay) in enumerate(places)
        for bx, by in places[n + 1 :]
    ]
    assert min(far) > 40
    assert all(0 < x < NARROW and 0 < y < 420 for x, y in places)


def test_nothing_yet_is_a_finding_of_its_own(parse: Parse) -> None:
    words = {"name": "Malta", "source": "S."}
    nothing = Ecosystem({}, {}, {}, {})
    found = covered({}, rows=("r",), columns=("c",))
    known: Any = {"rows": {"r": "R"}, "columns": {"c": "C"}, "short": {"c": "C"}}

    findings = [
        network_figure(network_of(nothing), labels={}, **words).finding,
        gaps_figure((), **words).finding,
        coverage_figure(found, what="region", plural="regions", **known, **words).finding,
        growth_figure((), labels={"agent": "A"}, **words).finding,
        meetings_figure(
            NO_MEETINGS, support={}, countries={}, regions={}, abroad=False, **words
        ).finding,
        country_tiles_figure({}, places={"PT": (0, 0)}, names={"PT": "P"}, source="S.").finding,
    ]

    assert findings == [
        "No link between agents and initiatives of Malta is recorded yet.",
        "No challenge of Malta is recorded yet.",
        "No agent is on the map of Malta yet.",
        "Nothing is on the map of Malta yet.",
        "No need meets a capability within Malta that is not linked yet.",
        "No country has an agent on the map yet.",
    ]
    assert between_figure({}, countries={}, source="S.") is None
    assert connected_figure([], **words) is None


def test_a_blank_region_is_named_in_the_finding_and_empty_in_the_grid(parse: Parse) -> None:
    found = covered({("PT17", "civ"): 2}, rows=("PT11", "PT17"), columns=("civ", "gov"))

    figure = coverage_figure(
        found,
        name="Portugal",
        what="region",
        plural="regions",
        rows={"PT11": "Norte", "PT17": "Lisboa"},
        columns={"civ": "Civil society", "gov": "Government"},
        short={"civ": "Civic", "gov": "Public"},
        source="S.",
    )

    assert figure.finding == "1 of 2 regions of Portugal has no agent."
    assert table(parse, figure) == [
        ["Norte", "no data", "no data"],
        ["Lisboa", "2", "no data"],
    ]
    assert sorted(texts(parse, figure)) == ["", "", "", "2", "Civic", "Lisboa", "Norte", "Public"]

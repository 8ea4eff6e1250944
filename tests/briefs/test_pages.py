"""Every page: what it says about itself, what it leaves out, how heavy it is, what it asks for."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ncc_kernel.briefs.render import TEMPLATES
from ncc_kernel.model.guide import Guide
from ncc_kernel.paths import CHECKOUT

HEAVIEST = 400_000
HEAVIEST_OF_ALL = 1_000_000
"""The page about 27 countries may weigh more."""

COUNTRY_BOOKS = ("00_programme", "01_self_assessment", "02_ecosystem_mapping", "06_country_brief")
EVERY_PAGE = (*((book, "PT") for book in COUNTRY_BOOKS), ("07_eu_overview", "EU"))
SILENT = (*((book, "MT") for book in COUNTRY_BOOKS), ("07_eu_overview", "EU"))
OUR_PAGE = re.compile(r"(\.\./[A-Z]{2}/)?0\d_[a-z_]+\.html(#[\w.:-]+)?")
"""Another page of the same batch, from which this one stands in the next folder at most."""

Made = Callable[[str, str], str]
PageOf = Callable[[Any], Made]


def words_of(page: str) -> str:
    """What a reader sees, without pictures; a space for each tag."""
    bare = re.sub(r"<(style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())


@pytest.fixture(scope="module")
def sampled(
    tmp_path_factory: pytest.TempPathFactory, sample_file: Path, make_page: Made
) -> Iterator[Made]:
    """Pages from the sample data, each made once for all tests of this file."""
    root = tmp_path_factory.mktemp("sampled")
    (root / "data" / "store").mkdir(parents=True)
    shutil.copy(sample_file, root / "data" / "store" / "ncc.sqlite")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NCC_HOME", str(root))
        patch.delenv("NCC_STORE", raising=False)
        yield cache(make_page)


@pytest.fixture(params=EVERY_PAGE, ids="-".join)
def page(request: pytest.FixtureRequest, sampled: Made) -> str:
    return sampled(*request.param)


def test_a_page_asks_nothing_of_any_host(page: str) -> None:
    asked = re.findall(r"(?:src|href|srcset|action|data|poster)\s*=\s*[\"']?([^\"'\s>]+)", page)

    assert [one for one in asked if not (one.startswith("#") or OUR_PAGE.fullmatch(one))] == []
    assert re.findall(r"url\(\s*['\"]?(?!#)[^)]*\)|@import|https?://(?!www\.w3\.org)", page) == []
    assert "default-src 'none'" in page


def test_a_page_has_no_script_no_code_and_no_prompt(page: str) -> None:
    assert re.findall(r"<script|<iframe|\son\w+=|In\s*\[|Out\s*\[|open_workbook|wb\.", page) == []
    assert "# Parameters" not in page


def test_a_page_has_one_heading_of_the_first_level_and_its_landmarks(page: str) -> None:
    assert re.match(r'<!DOCTYPE html>\s+<html lang="en">', page)
    assert [page.count(f"<{tag}") for tag in ("h1", "main", "header", "footer")] == [1, 1, 1, 1]
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_picture_has_its_finding_as_its_label_and_its_numbers_as_a_table(page: str) -> None:
    figures = re.findall(r"<figure.*?</figure>", page, flags=re.DOTALL)

    for figure in figures:
        finding = re.search(r'<strong class="finding">(.*?)</strong>', figure)
        label = re.search(
            r'aria-label="([^"]*)"[^>]*role="img"|role="img" aria-label="([^"]*)"', figure
        )
        assert finding
        assert label
        assert (label[1] or label[2]).startswith(finding[1])
        assert finding[1].endswith(".")
        assert "<table>" in figure
        assert '<p class="source">' in figure


def test_a_page_from_invented_data_says_so(page: str) -> None:
    assert words_of(page).count("Illustrative data.") == 1


def test_a_page_says_from_what_it_was_made(page: str) -> None:
    assert re.search(
        r"Made from record \d+ \(last entry: \d+ \w+ 2024\), guide 0\.1, workbook ", page
    )


def test_a_page_is_light(page: str) -> None:
    of_all = "European Union: EU overview" in page
    assert len(page.encode()) <= (HEAVIEST_OF_ALL if of_all else HEAVIEST)


@pytest.mark.parametrize(
    ("book", "country"),
    [("01_self_assessment", "PT"), ("06_country_brief", "PT"), ("07_eu_overview", "EU")],
)
def test_where_the_guide_is_shown_it_is_marked_as_our_draft(
    sampled: Made, guide: Guide, book: str, country: str
) -> None:
    assert "not the official guide" in guide.status

    assert guide.status in words_of(sampled(book, country))


def test_a_page_from_real_data_does_not_say_that_it_is_invented(
    empty_home: Any, page_of: PageOf
) -> None:
    assert "Illustrative" not in page_of(empty_home)("06_country_brief", "PT")


@pytest.mark.parametrize(("book", "country"), SILENT)
def test_where_nothing_was_entered_a_page_says_so_and_shows_no_zero(
    sampled: Made, book: str, country: str
) -> None:
    text = words_of(sampled(book, country))

    assert re.search(r"no data|not answered|Nothing (is|has)|none yet", text)
    assert re.findall(r"\bNone\b|\bnan\b|\bNaN\b|\bnull\b|\bno date\b", text) == []
    assert not re.search(r"Malta (0|no data) 40|Malta 0", text)


@pytest.mark.parametrize(("book", "country"), EVERY_PAGE)
def test_an_empty_record_still_makes_a_page_that_says_what_to_do(
    empty_home: Any, page_of: PageOf, book: str, country: str
) -> None:
    text = words_of(page_of(empty_home)(book, country))

    assert "Nothing has been recorded for this cycle yet" in text
    assert re.findall(r"\bNone\b|\bnan\b|could not be made", text) == []


def test_the_brief_says_all_that_a_brief_must(sampled: Made) -> None:
    brief = sampled("06_country_brief", "PT")

    headings = [words_of(one) for one in re.findall(r"<h[12].*?</h[12]>", brief)]
    assert [one.rstrip("\N{PILCROW SIGN} ") for one in headings] == [
        "Portugal: country brief",
        "The story so far",
        "Summary",
        "Strengths",
        "Gaps",
        "Learning group",
        "Learning path",
        "Ecosystem map",
        "Co-creation and scaling",
        "One case, from challenge to decision",
        "Portfolio",
        "Coming up",
        "How this page was made",
    ]
    summary = re.search(r">Summary<.*?<ul class=\"lead\">(.*?)</ul>", brief, re.DOTALL)
    assert summary
    sentences = re.findall(r"<li>(.*?)</li>", summary[1])
    assert 3 <= len(sentences) <= 5
    assert all(re.search(r"\d", one) for one in sentences)


def test_the_brief_sets_the_country_beside_the_eu_and_its_own_last_cycle(sampled: Made) -> None:
    text = words_of(sampled("06_country_brief", "PT"))

    assert "Ring: cycle 2023-1. Stroke: EU median; band: EU quartiles, from" in text
    assert "Dimension Level Answered EU median EU quartiles Last cycle" in text


def test_a_country_with_an_article_is_called_by_it(sampled: Made) -> None:
    text = words_of(sampled("06_country_brief", "NL"))

    assert "The Netherlands answered" in text
    assert "NUTS 2 regions of the Netherlands have no agent yet" in text


def test_the_overview_shows_the_state_of_all_27(sampled: Made) -> None:
    overview = sampled("07_eu_overview", "EU")

    assert "<h1" in overview
    assert "European Union: EU overview" in words_of(overview)
    states = re.search(
        r'<details class="printed">(?:(?!<details).)*?What each country has entered.*?</table>',
        overview,
        re.DOTALL,
    )
    assert states
    assert states[0].count('<th scope="row">') == 27
    tiles = re.findall(r"<text[^>]*font-weight=\"bold\"[^>]*>([A-Z]{2})</text>", overview)
    assert len(set(tiles)) == 27
    assert {"EL", "MT"} <= set(tiles)


def test_the_overview_counts_nothing_that_a_country_keeps_private(
    home: Any, page_of: PageOf
) -> None:
    page = page_of(home)
    with home.store() as store:
        kept = [
            one
            for one in store.current("agent", country="PT")
            if one.payload and one.payload.get("visibility") == "private"
        ]
        every = len(store.current("agent", country="PT"))
    assert kept

    brief, overview = (
        words_of(page("06_country_brief", "PT")),
        words_of(page("07_eu_overview", "EU")),
    )

    told = re.search(r"The ecosystem map holds (\d+) agents", brief)
    row = re.search(r"Portugal \d+ \d+ (\d+) ", overview)
    assert told
    assert row
    assert told[1] == row[1] == str(every - len(kept))
    assert all(one.payload["name"] not in brief for one in kept if one.payload)


def test_the_installed_template_is_the_one_of_the_package() -> None:
    import sys

    installed = Path(sys.prefix) / "share" / "jupyter" / "nbconvert" / "templates" / "ncc_brief"

    for path in (TEMPLATES / "ncc_brief").iterdir():
        assert (installed / path.name).read_bytes() == path.read_bytes(), (
            f"{path.name} was changed after it was installed; run: make run"
        )


def test_the_page_takes_its_style_from_the_package(sampled: Made) -> None:
    style = (TEMPLATES / "ncc_brief" / "style.css").read_text(encoding="utf-8")

    assert style in sampled("00_programme", "PT")


def test_two_briefs_from_the_same_seq_are_the_same_bytes(home: Any) -> None:
    words = ("run", "--workbook", "06_country_brief", "--country", "PT", "--force")
    brief = home.reports() / "PT" / "brief.html"

    first = home.ncc(*words, env={"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "1"})
    one = brief.read_bytes()
    brief.unlink()
    second = home.ncc(
        *words, env={"TZ": "America/Lima", "PYTHONHASHSEED": "2", "LANG": "pt_PT.UTF-8"}
    )

    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert brief.read_bytes() == one


def test_the_pages_of_real_messy_input_are_light_and_show_it(
    empty_home: Any, page_of: PageOf, dsi4eu: Path
) -> None:
    mapping = CHECKOUT / "data" / "mappings" / "dsi4eu.toml"
    done = empty_home.ncc("import", *sorted(dsi4eu.glob("*.csv")), "--mapping", mapping)
    assert done.code == 0, done.err
    with empty_home.store() as store:
        agents = Counter(one.country for one in store.current("agent"))
    page = page_of(empty_home)

    largest = {code: page("02_ecosystem_mapping", code) for code, _ in agents.most_common(3)}
    overview = page("07_eu_overview", "EU")

    assert {len(one.encode()) <= HEAVIEST for one in largest.values()} == {True}
    assert len(overview.encode()) <= HEAVIEST_OF_ALL
    for code, one in largest.items():
        assert f"{agents[code]} agents, " in words_of(one)
    assert f"{sum(agents.values())} agents" in words_of(overview)
    assert "No entry says yet what it needs much of, or what it can give." in words_of(overview)

"""Pages in a real browser, opened from a file: accessible, silent, printable, narrow, by keyboard."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install -e .[dev]"
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGES = (
    "PT/brief.html",
    "PT/01_self_assessment.html",
    "PT/02_ecosystem_mapping.html",
    "PT/00_programme.html",
    "MT/brief.html",
    "EU/overview.html",
    "index.html",
)
ON_PAPER = {"PT/brief.html": 8, "EU/overview.html": 19}
"""Pages that are printed, with the sheets they may take; a brief is read at one sitting."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory, sample_file: Path) -> Path:
    """The pages of two countries and of the EU, made once by the command."""
    root = tmp_path_factory.mktemp("pages")
    (root / "data" / "store").mkdir(parents=True)
    shutil.copy(sample_file, root / "data" / "store" / "ncc.sqlite")
    words = ["run", "--country", "PT", "--country", "MT", "--country", "EU"]
    done = subprocess.run(
        [sys.executable, "-m", "ncc_kernel.cli.app", *words],
        env={"NCC_HOME": str(root), "PATH": "/usr/bin:/bin", "HOME": str(root)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return root / "reports" / "2024-1"


def opened(browser: "Browser", path: Path, **options: Any) -> "Page":
    page = browser.new_page(**options)
    page.goto(path.as_uri())
    return page


def faults(page: "Page") -> list[str]:
    """What axe finds serious or critical, with the places."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(
    browser: "Browser", reports: Path, name: str, scheme: Any
) -> None:
    page = opened(browser, reports / name, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    assert faults(page) == []
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_but_itself(browser: "Browser", reports: Path, name: str) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))

    page.goto((reports / name).as_uri(), wait_until="networkidle")

    assert asked == [(reports / name).as_uri()]
    assert complaints == []
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_on_a_narrow_screen_nothing_is_wider_than_it(
    browser: "Browser", reports: Path, name: str
) -> None:
    page = opened(browser, reports / name, viewport={"width": 320, "height": 640})

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_the_first_stop_of_the_keyboard_skips_to_the_content(
    browser: "Browser", reports: Path, name: str
) -> None:
    page = opened(browser, reports / name)

    page.keyboard.press("Tab")

    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the content"
    box = focused.bounding_box()
    assert box
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"#content$"))
    page.close()


def test_the_numbers_below_a_picture_open_by_keyboard(browser: "Browser", reports: Path) -> None:
    page = opened(browser, reports / "PT" / "brief.html")
    numbers = page.locator("figure details").first
    numbers.locator("summary").focus()

    page.keyboard.press("Enter")

    assert numbers.locator("table").is_visible()
    page.close()


def test_pictures_are_dark_in_the_dark(browser: "Browser", reports: Path) -> None:
    page = opened(browser, reports / "PT" / "brief.html", color_scheme="dark")
    colour = "one => getComputedStyle(one).fill"

    ground = page.locator(".picture svg [fill='#ffffff']").first.evaluate(colour)
    label = page.locator(".picture svg text").first.evaluate(colour)

    assert (ground, label) == ("rgb(13, 13, 38)", "rgb(240, 240, 250)")
    page.close()


@pytest.mark.parametrize("name", ON_PAPER)
def test_no_letter_of_a_picture_is_cut(browser: "Browser", reports: Path, name: str) -> None:
    page = opened(browser, reports / name, viewport={"width": 1200, "height": 900})

    cut = page.evaluate(
        """() => [...document.querySelectorAll('.picture svg')].flatMap(svg => {
          const frame = svg.getBoundingClientRect();
          return [...svg.querySelectorAll('text')].filter(text => {
            const box = text.getBoundingClientRect();
            return box.left < frame.left - 1 || box.right > frame.right + 1
              || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
          }).map(text => text.textContent);
        })"""
    )

    assert cut == []
    page.close()


@pytest.mark.parametrize("name", ON_PAPER)
def test_a_page_prints_on_a4_with_tags_and_a_running_header(
    browser: "Browser", reports: Path, name: str, tmp_path: Path
) -> None:
    page = opened(browser, reports / name)
    paper = tmp_path / "paper.pdf"

    page.pdf(path=paper, prefer_css_page_size=True, tagged=True, print_background=True)

    raw = paper.read_bytes()
    sheets = len(re.findall(rb"/Type\s*/Page\b", raw))
    sizes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", raw)
    assert 2 <= sheets <= ON_PAPER[name]
    assert {(round(float(w)), round(float(h))) for w, h in sizes} == {(595, 842)}
    assert b"/StructTreeRoot" in raw
    assert b"/Lang" in raw
    if shutil.which("pdftotext"):
        told = subprocess.run(
            ["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True
        ).stdout
        header = "European Union" if name.startswith("EU") else "Portugal"
        head = f"NCC workbooks \N{MIDDLE DOT} {header} \N{MIDDLE DOT} cycle 2024-1"
        assert told.count(head) == told.count("Illustrative data\n") == sheets
        assert "The numbers of this picture" not in told
    page.close()


def test_the_index_leads_to_every_page_that_was_made(browser: "Browser", reports: Path) -> None:
    page = opened(browser, reports / "index.html")

    links = page.locator("main a").evaluate_all("all => all.map(one => one.href)")

    made = {path.as_uri() for path in reports.glob("*/*.html")}
    assert set(links) == made
    assert len(made) == 16
    page.close()

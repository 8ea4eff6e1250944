"""What is written about the project is true of it."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main

import ncc_kernel
from ncc_kernel.cli.app import app
from ncc_kernel.model.book import BOOKS
from ncc_kernel.paths import CHECKOUT

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
NAME = re.compile(r"[A-Za-z0-9_.-]+")
BINARY = {".png", ".ico", ".woff2"}


def pyproject() -> dict[str, Any]:
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))


def tracked() -> list[Path]:
    """What is committed, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so nothing says which files are committed")
    paths = [CHECKOUT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def canonical(requirement: str) -> str:
    found = NAME.match(requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_every_command_stands_in_the_readme() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]

    missing = [name for name in commands if f"`ncc {name}`" not in README]

    assert missing == []


def test_every_option_of_run_that_the_readme_names_exists() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    row = next(line for line in README.splitlines() if line.startswith("| `ncc run`"))

    known = {option for one in commands["run"].params for option in one.opts}

    assert set(re.findall(r"--[a-z-]+", row)) <= known


def test_every_folder_at_the_top_stands_in_the_readme() -> None:
    folders = {path.relative_to(CHECKOUT).parts[0] for path in tracked() if path.parent != CHECKOUT}

    missing = [one for one in folders if not one.startswith(".") and f"`{one}/`" not in README]

    assert missing == []


def test_every_workbook_stands_in_the_readme() -> None:
    assert [book.name for book in BOOKS if book.name not in README] == []


def test_every_file_and_folder_that_the_readme_links_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)

    missing = [one for one in links if "://" not in one and not (CHECKOUT / one).exists()]

    assert missing == []


def test_the_version_is_the_same_everywhere() -> None:
    changelog = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)

    assert newest
    assert pyproject()["project"]["version"] == ncc_kernel.__version__ == newest[1]


def test_conda_users_get_what_pip_users_get() -> None:
    lines = (CHECKOUT / "environment.yml").read_text(encoding="utf-8").splitlines()
    listed = [line.strip().removeprefix("- ") for line in lines if line.startswith("      - ")]

    assert [one for one in listed if one != "-e ."] == pyproject()["project"]["dependencies"]
    assert f"  - python{pyproject()['project']['requires-python']}" in lines


def test_the_lock_pins_every_dependency_and_holds_no_address() -> None:
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    project = pyproject()["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = {canonical(line) for line in lock.splitlines() if "==" in line}

    assert [one for one in wanted if canonical(one) not in pinned] == []
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==\S+", line) for line in lock.splitlines())


def test_the_licence_is_the_eupl() -> None:
    licence = (CHECKOUT / "LICENSE").read_text(encoding="utf-8")

    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in licence
    assert re.findall(r"^(\d+)\.\s?[A-Z]", licence, re.MULTILINE) == [str(n) for n in range(1, 16)]
    assert licence.rstrip().endswith("require the production of a new EUPL version.")
    assert pyproject()["project"]["license"] == "EUPL-1.2"


def test_no_committed_text_names_this_machine_or_a_registry() -> None:
    forbidden = re.compile(
        "|".join(("/" + "work/", "pypi" + r"\.org", "file" + r"s\.pythonhosted", "index" + "-url"))
    )

    named = [
        path.relative_to(CHECKOUT).as_posix()
        for path in tracked()
        if path.suffix not in BINARY
        and forbidden.search(path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert named == []


def test_every_verb_of_make_says_what_it_does() -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)

    assert phony
    silent = [
        verb
        for verb in phony[1].split()
        if not re.search(rf"^{verb}:.*## \w", makefile, re.MULTILINE)
    ]
    assert silent == []


@pytest.mark.parametrize("verb", ["run", "test"])
def test_the_two_commands_of_the_readme_are_verbs_of_make(verb: str) -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")

    assert f"make {verb} " in README
    assert re.search(rf"^{verb}:", makefile, re.MULTILINE)


def test_the_gate_calls_the_test_command_of_the_readme() -> None:
    gate = (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8")

    assert re.search(r"^make test$", gate, re.MULTILINE)

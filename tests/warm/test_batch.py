"""The batch with the tower, without it, and when it dies under way."""

import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from tower import Tower, wait_until

FOUR = ("--country", "AT", "--country", "PT", "--workbook", "00_programme", "--workbook")
RUN = ("run", *FOUR, "01_self_assessment")


def pages(home: Any) -> dict[str, bytes]:
    return {
        f"{one.parent.name}/{one.name}": one.read_bytes() for one in home.reports().glob("*/*.html")
    }


def test_every_page_is_made_when_the_template_is_killed_under_way(tower: Tower, home: Any) -> None:
    environ = home.environ | {"NCC_WARM_DIR": tower.environ["NCC_WARM_DIR"]}
    home.ncc(*RUN, "--country", "MT", env=environ)
    batch = subprocess.Popen(
        [sys.executable, "-m", "ncc_kernel.cli.app", *RUN, "--force", "--jobs", "1"], env=environ
    )

    killed = 0
    while batch.poll() is None and killed < 2:
        time.sleep(0.4)
        status = tower.status()
        if status is not None and status["forks"]:
            os.kill(tower.pid, signal.SIGKILL)
            killed += 1

    assert batch.wait(60) == 0
    assert killed > 0
    assert len(pages(home)) >= 4


def test_cold_runs_make_the_same_pages_and_say_why_once(tower: Tower, home: Any) -> None:
    environ = {"NCC_WARM_DIR": tower.environ["NCC_WARM_DIR"]}
    assert home.ncc(*RUN, env=environ).code == 0
    warm = pages(home)

    done = home.ncc(*RUN, "--force", env=environ | {"NCC_WARM": "0"})

    assert done.code == 0
    assert done.err.count("Every run starts from nothing, which is slow: NCC_WARM=0.") == 1
    assert pages(home) == warm


def test_both_engines_make_the_same_pages(tower: Tower, home: Any) -> None:
    environ = {"NCC_WARM_DIR": tower.environ["NCC_WARM_DIR"]}
    assert home.ncc(*RUN, env=environ).code == 0
    cells = pages(home)

    assert home.ncc(*RUN, "--force", "--engine", "kernel", env=environ).code == 0

    assert pages(home) == cells


def test_no_fork_is_left_after_a_batch(tower: Tower, home: Any) -> None:
    home.ncc(*RUN, env={"NCC_WARM_DIR": tower.environ["NCC_WARM_DIR"]})

    assert wait_until(lambda: tower.forks() == [])


@pytest.mark.parametrize("engine", ["", "papermill"])
def test_an_engine_that_does_not_exist_is_misuse(home: Any, engine: str) -> None:
    done = home.ncc("run", "--engine", engine)

    assert done.code == 2
    assert "is not an engine." in done.err


def test_the_doctor_tells_of_the_template_and_ends_it(tower: Tower, home: Any) -> None:
    environ = {"NCC_WARM_DIR": tower.environ["NCC_WARM_DIR"]}
    home.ncc(*RUN, env=environ)

    told = home.ncc("doctor", env=environ)
    ended = home.ncc("doctor", "--stop-template", env=environ)
    gone = home.ncc("doctor", env=environ)
    cold = home.ncc("doctor", env=environ | {"NCC_WARM": "0"})

    assert told.code == 0
    assert "as on disk" in told.out
    assert "asked to end" in ended.out
    assert "not running; it starts when it is first needed" in gone.out
    assert "everything starts cold: NCC_WARM=0" in cold.out

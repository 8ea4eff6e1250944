"""The drawing service: the same pictures as without it, each drawn once."""

import json
import socket
import threading
from pathlib import Path

import pytest

from ncc_kernel.charts.draw import ADDRESS, Drawings, draw, serve


def bars(*values: int) -> str:
    rows = [{"name": str(place), "value": value} for place, value in enumerate(values)]
    ways = {"x": {"field": "value", "type": "quantitative"}, "y": {"field": "name"}}
    return json.dumps({"data": {"values": rows}, "mark": "bar", "encoding": ways})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a service keeps its drawings, which is there for this test."""
    address, folder = tmp_path / "draw", tmp_path / "kept"
    folder.mkdir()
    listener = socket.socket(socket.AF_UNIX)
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    listener.bind(address.name)
    listener.listen()
    threading.Thread(target=serve, args=(listener, folder), daemon=True).start()
    monkeypatch.setenv(ADDRESS, address.name)
    return folder


def test_a_picture_is_drawn_once_and_is_what_it_is_without_a_service(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = draw(bars(1, 2))
    (kept,) = folder.iterdir()
    kept.write_bytes(kept.read_bytes() + b"<!-- kept -->")

    again = draw(bars(1, 2))

    monkeypatch.delenv(ADDRESS)
    assert first == draw(bars(1, 2))
    assert again == first + "<!-- kept -->"


def test_another_number_is_another_picture(folder: Path) -> None:
    assert draw(bars(1, 2)) != draw(bars(1, 3))
    assert len(list(folder.iterdir())) == 2


def test_what_cannot_be_drawn_is_an_error_and_is_not_kept(folder: Path) -> None:
    with pytest.raises(ValueError, match=r"."):
        draw('{"mark": "nothing that Vega-Lite knows"}')

    assert list(folder.iterdir()) == []


def test_the_oldest_drawings_go_when_there_are_many(tmp_path: Path) -> None:
    drawings = Drawings(tmp_path, most=16)

    for number in range(100):
        drawings.keep(str(number).encode(), b"<svg/>")

    assert len(list(tmp_path.iterdir())) <= 16
    assert drawings.find(b"99") == b"<svg/>"
    assert drawings.find(b"0") is None


def test_a_folder_that_is_gone_keeps_nothing_and_stops_nobody(tmp_path: Path) -> None:
    drawings = Drawings(tmp_path / "gone")

    drawings.keep(b"a", b"<svg/>")

    assert drawings.find(b"a") is None

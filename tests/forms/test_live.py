"""The live map without a browser: what is new at once, pictures one by one, nothing drawn twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from ncc_kernel.errors import ParameterRejected
from ncc_kernel.forms.live import (
    Choice,
    LivePicture,
    LiveReach,
    LiveSession,
    Made,
    News,
    Parts,
    View,
)

CHOICES = (Choice("type", "Type", (("ngo", "NGO"),)),)


@dataclass
class World:
    """A record that the test moves, and what was drawn of it."""

    seq: int = 1
    news: News = field(default_factory=News)
    shows: dict[str, str] = field(default_factory=lambda: {"map": "1", "network": "1"})
    drawn: list[str] = field(default_factory=list)
    asked: list[tuple[dict[str, str], int]] = field(default_factory=list)

    def check(self, raw: Mapping[str, str]) -> Mapping[str, str]:
        if raw.get("type", "ngo") != "ngo":
            raise ParameterRejected("'x' is not a type on this map.", "use ngo")
        return dict(raw)

    def view(self, chosen: Mapping[str, str], seq: int) -> View:
        self.asked.append((dict(chosen), seq))
        pictures = (LivePicture(n, n.title(), lambda n=n: self.made(n)) for n in self.shows)
        return View("2 agents.", "", tuple(pictures))

    def made(self, name: str) -> Made:
        digest = self.shows[name]

        def draw() -> Parts:
            self.drawn.append(name)
            return Parts(f"{name} {digest}", picture="<svg></svg>")

        return Made(digest, draw)

    def session(self) -> LiveSession:
        reach = LiveReach(lambda: self.seq, lambda _since, _until: self.news, self.check, self.view)
        return LiveSession(reach, choices=CHOICES, chosen={"type": "ngo"}, seq=1)


@pytest.fixture
def world() -> World:
    return World()


def draw(session: LiveSession) -> list[Any]:
    """What is sent until nothing is left to draw."""
    sent = []
    while (drawing := session.to_draw()) is not None:
        sent.append(drawing())
    return sent


def test_a_page_begins_with_its_choices_and_then_gets_each_picture(world: World) -> None:
    session = world.session()

    (hello,) = session.receive({"do": "hello", "id": 4})
    sent = draw(session)

    assert hello == {
        "is": "all",
        "id": 4,
        "choices": [{"name": "type", "label": "Type", "options": [["ngo", "NGO"]]}],
        "chosen": {"type": "ngo"},
    }
    assert [one["is"] for one in sent] == ["view", "picture", "picture"]
    assert sent[0]["order"] == [["map", "Map"], ["network", "Network"]]
    assert sent[1]["finding"] == "map 1"
    assert world.asked == [({"type": "ngo"}, 1)]


def test_nothing_new_is_nothing_sent(world: World) -> None:
    session = world.session()
    session.receive({"do": "hello"})
    draw(session)

    assert (session.poll(), session.to_draw()) == ([], None)


def test_a_new_entry_is_told_at_once_and_only_what_changed_is_drawn(world: World) -> None:
    session = world.session()
    session.receive({"do": "hello"})
    draw(session)
    world.drawn.clear()

    world.seq, world.news = 2, News(("<strong>Spain</strong>: new agent",), changed=True)
    world.shows["map"] = "2"
    told = session.poll()

    assert told == [{"is": "news", "items": ["<strong>Spain</strong>: new agent"], "more": 0}]
    assert world.drawn == []
    assert [one["is"] for one in draw(session)] == ["view", "picture", "same"]
    assert world.drawn == ["map"]
    assert world.asked[-1] == ({"type": "ngo"}, 2)


def test_what_is_private_to_others_moves_nothing(world: World) -> None:
    session = world.session()
    session.receive({"do": "hello"})
    draw(session)

    world.seq = 2

    assert (session.poll(), session.to_draw()) == ([], None)


def test_another_part_of_the_map_is_drawn_when_it_is_chosen(world: World) -> None:
    session = world.session()
    session.receive({"do": "hello"})
    draw(session)

    (said,) = session.receive({"do": "filter", "id": 9, "chosen": {}})
    world.shows["network"] = "other"

    assert said == {"is": "chosen", "id": 9, "chosen": {}}
    assert [one["is"] for one in draw(session)] == ["view", "same", "picture"]
    assert world.asked[-1] == ({}, 1)


def test_what_cannot_be_chosen_is_a_sentence_and_changes_nothing(world: World) -> None:
    session = world.session()
    session.receive({"do": "hello"})
    draw(session)

    (said,) = session.receive({"do": "filter", "id": 9, "chosen": {"type": "x"}})

    assert (said["is"], said["message"], said["hint"]) == (
        "refused",
        "'x' is not a type on this map.",
        "use ngo",
    )
    assert session.to_draw() is None


def test_what_changes_while_pictures_are_drawn_is_drawn_next(world: World) -> None:
    session = world.session()
    session.receive({"do": "hello"})
    first = session.to_draw()
    assert first is not None

    world.seq, world.news, world.shows["map"] = 2, News(changed=True), "2"
    session.poll()
    first()
    sent = draw(session)

    assert [one["is"] for one in sent] == ["view", "picture", "picture"]
    assert world.asked == [({"type": "ngo"}, 1), ({"type": "ngo"}, 2)]
    assert world.drawn == ["map", "network"]


def test_many_news_at_once_are_cut_and_counted(world: World) -> None:
    session = world.session()
    world.seq, world.news = 2, News(tuple(f"n{n}" for n in range(30)), changed=True)

    (told,) = session.poll()

    assert (told["items"], told["more"]) == ([f"n{n}" for n in range(22, 30)], 22)


@pytest.mark.parametrize(
    "message", [None, 7, [], {}, {"do": "nothing"}, {"do": "filter", "chosen": "x"}, "hello"]
)
def test_what_is_no_message_breaks_nothing(world: World, message: object) -> None:
    session = world.session()

    said = session.receive(message)

    assert [one["is"] for one in said] in ([], ["chosen"])


def test_a_ping_is_answered(world: World) -> None:
    assert world.session().receive({"do": "ping", "n": 3}) == [{"is": "pong", "n": 3}]

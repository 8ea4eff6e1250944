"""The map's pictures as a widget that follows the record: what others enter is there within a second.

A look at the record asks for the newest seq alone; only when that has moved is more read. What is
new is told at once, in words; then each picture that has changed is drawn aside and sent by itself.
What nobody but another country's team may know of never comes near a message: the functions that
the session is given read without it.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from ncc_kernel.errors import NccError
from ncc_kernel.forms.telling import Message, refused
from ncc_kernel.forms.widget import LineWidget

EVERY = 0.25
"""Seconds between two looks at the record."""

TOLD = 8
"""The latest news, of which more are not kept in a page."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A field by which the map is narrowed, its label, and what may be chosen: code and label."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a picture is made of, as safe HTML; without a picture it is words alone."""

    finding: str
    measure: str = ""
    picture: str = ""
    source: str = ""
    table: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A picture that is not drawn yet: `digest` changes when what it shows does."""

    digest: str
    draw: Callable[[], Parts]


@dataclass(frozen=True, slots=True)
class LivePicture:
    """A picture of the page; making it and drawing it both take a moment."""

    name: str
    heading: str
    make: Callable[[], Made]


@dataclass(frozen=True, slots=True)
class View:
    """A part of the map at one moment: in a sentence, which part it is, and its pictures."""

    counts: str
    said: str
    pictures: tuple[LivePicture, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What was entered since: as sentences in safe HTML, and whether the pictures may differ."""

    sentences: tuple[str, ...] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class LiveReach:
    """The functions through which the live map reads.

    `check` gives what is chosen when it can be chosen, else it raises NccError. `news` tells what
    came after one seq up to another.
    """

    last: Callable[[], int]
    news: Callable[[int, int], News]
    check: Callable[[Mapping[str, str]], Mapping[str, str]]
    view: Callable[[Mapping[str, str], int], View]


class LiveSession:
    """The live map without its widget: a message in, messages out."""

    def __init__(
        self,
        reach: LiveReach,
        *,
        choices: Sequence[Choice],
        chosen: Mapping[str, str],
        seq: int,
    ) -> None:
        self._reach = reach
        self._choices = tuple(choices)
        self._chosen = dict(chosen)
        self._seq = seq
        self._stale = False
        self._turn = 0
        self._waiting: deque[LivePicture] = deque()
        self._sent: dict[str, str] = {}

    def receive(self, message: object) -> list[Message]:
        """What to send back for a message of the browser."""
        if not isinstance(message, dict):
            return []
        number = message.get("id")
        if message.get("do") == "ping":
            return [{"is": "pong", "n": message.get("n")}]
        if message.get("do") == "hello":
            self._sent.clear()
            self._stale = True
            return [self._all(number)]
        if message.get("do") == "filter":
            return [self._filter(message.get("chosen"), number)]
        return []

    def _all(self, number: object) -> Message:
        """What a page needs to begin; the pictures follow one by one."""
        choices = [
            {"name": one.name, "label": one.label, "options": [list(o) for o in one.options]}
            for one in self._choices
        ]
        return {"is": "all", "id": number, "choices": choices, "chosen": dict(self._chosen)}

    def _filter(self, chosen: object, number: object) -> Message:
        asked = chosen if isinstance(chosen, dict) else {}
        try:
            self._chosen = dict(self._reach.check({str(k): str(v) for k, v in asked.items()}))
        except NccError as fault:
            return refused(fault.what, fault.hint, number)
        self._stale = True
        return {"is": "chosen", "id": number, "chosen": dict(self._chosen)}

    def poll(self) -> list[Message]:
        """What others did since the last look."""
        last = self._reach.last()
        if last <= self._seq:
            return []
        news = self._reach.news(self._seq, last)
        self._seq = last
        self._stale = self._stale or news.changed
        told = list(news.sentences[-TOLD:])
        return (
            [{"is": "news", "items": told, "more": len(news.sentences) - len(told)}] if told else []
        )

    def to_draw(self) -> Callable[[], Message] | None:
        """The numbers anew when something is, then picture by picture; None when all is sent."""
        if self._stale:
            self._stale = False
            self._turn += 1
            return self._looking(dict(self._chosen), self._seq, self._turn)
        if self._waiting:
            return self._drawing(self._waiting.popleft())
        return None

    def _looking(self, chosen: Mapping[str, str], seq: int, turn: int) -> Callable[[], Message]:
        def look() -> Message:
            view = self._reach.view(chosen, seq)
            if turn == self._turn:
                self._waiting = deque(view.pictures)
            order = [[one.name, one.heading] for one in view.pictures]
            return {"is": "view", "counts": view.counts, "said": view.said, "order": order}

        return look

    def _drawing(self, one: LivePicture) -> Callable[[], Message]:
        def draw() -> Message:
            made = one.make()
            if self._sent.get(one.name) == made.digest:
                return {"is": "same", "name": one.name}
            parts = made.draw()
            self._sent[one.name] = made.digest
            return {"is": "picture", "name": one.name, **asdict(parts)}

        return draw


class LiveWidget(LineWidget):
    """The live map in a page."""

    every = EVERY
    module = "live"

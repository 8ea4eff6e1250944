"""A form as a widget: messages of the browser go to the session, its answers go back.

The widget holds nothing but the line. Once the browser has said hello, a task asks each second
for what others did; the picture is drawn aside, so that no saved mark waits for it. The task ends
with the kernel, with the widget, and rests while the browser is silent.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any, ClassVar, Protocol

import anywidget

from ncc_kernel.errors import NccError
from ncc_kernel.forms.modules import MODULES
from ncc_kernel.forms.telling import Message, refused

SERVED = "application/vnd.ncc.widget+json"
"""The kind of output in which our server's page finds a widget's module and its first words."""

EVERY = 1.0
"""Seconds between two looks at the record."""

SILENT = 30.0
"""Seconds without a word from the browser after which nothing is asked any more."""

BROKEN = "Something went wrong here, not with you."
HINT = "what you typed is kept in the page; try again, and if it stays, tell who runs this"

log = logging.getLogger(__name__)


class Session(Protocol):
    """What answers the browser, and knows nothing of it."""

    def receive(self, message: object) -> list[Message]:
        """What to send back for a message."""

    def poll(self) -> list[Message]:
        """What others did since; asked once a second while somebody listens."""

    def to_draw(self) -> Callable[[], Message] | None:
        """What takes a moment and may run aside, where there is something new to draw."""


class LineWidget(anywidget.AnyWidget):
    """A session in one page; an heir names its module.

    `served`: in a page of our own server, which has the modules as files and hands out with the
    page what the session answers to hello. So the form stands before the line does.
    """

    every = EVERY
    module: ClassVar[str]

    def __init__(self, session: Session, *, served: bool = False) -> None:
        look = MODULES[self.module]
        super().__init__(**({} if served else {"_esm": look.script, "_css": look.style}))
        self._session = session
        self._served = served
        self._heard = 0.0
        self._said = ""
        self._drawing: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self.on_msg(self._take)

    def close(self) -> None:
        """Let go of the line and of what asks for changes."""
        for task in (self._watching, self._drawing):
            if task is not None:
                task.cancel()
        super().close()

    def _take(self, _widget: object, content: object, _buffers: object) -> None:
        """Called by ipywidgets for each message of the browser."""
        self._say(self._replies(content))
        self._live()

    def _replies(self, content: object) -> list[Message]:
        number = content.get("id") if isinstance(content, dict) else None
        try:
            return self._session.receive(content)
        except Exception:
            log.exception("A message of the form was not answered.")
            return [refused(BROKEN, HINT, number)]

    def _live(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel around it: a test, or a script
            return
        self._heard = loop.time()
        if self._watching is None or self._watching.done():
            self._watching = loop.create_task(self._watch())
        self._draw()

    async def _watch(self) -> None:
        """Ask for what is new, as long as somebody listens."""
        loop = asyncio.get_running_loop()
        while loop.time() - self._heard < SILENT:
            await asyncio.sleep(self.every)
            self._say(self._news())
            self._draw()

    def _news(self) -> list[Message]:
        """What others did; a fault is told once, not each second."""
        try:
            news = self._session.poll()
        except NccError as fault:
            told = refused(fault.what, fault.hint, None)
        except Exception:
            log.exception("The form could not ask for changes.")
            told = refused(BROKEN, HINT, None)
        else:
            self._said = ""
            return news
        again = told["message"] == self._said
        self._said = told["message"]
        return [] if again else [told]

    def _draw(self) -> None:
        """Draw the picture aside; what changes while it is drawn is drawn next."""
        if self._drawing is None or self._drawing.done():
            self._drawing = asyncio.get_running_loop().create_task(self._picture())

    async def _picture(self) -> None:
        try:
            while (drawing := self._session.to_draw()) is not None:
                self._say([await asyncio.to_thread(drawing)])
        except Exception:
            log.exception("The picture of the form was not drawn.")
            self._say([refused("The picture cannot be drawn now.", "the answers are saved", None)])

    def _say(self, messages: list[Message]) -> None:
        for message in messages:
            with contextlib.suppress(BrokenPipeError):
                self.send(message)

    def bundle(self) -> dict[str, Any]:
        """How Jupyter is told to show it."""
        made = self._repr_mimebundle_()
        found = made[0] if isinstance(made, tuple) else made
        bundle = dict(found or {})
        if self._served:
            bundle[SERVED] = {"module": self.module, "said": self._replies({"do": "hello"})}
        return bundle


class FormWidget(LineWidget):
    """The self-assessment."""

    module = "form"

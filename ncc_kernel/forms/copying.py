"""Templates of other countries: one is chosen with a challenge of one's own, and copied at a press."""

from collections.abc import Callable, Sequence
from typing import Any

from ncc_kernel.errors import NccError
from ncc_kernel.forms.telling import Message, refused
from ncc_kernel.forms.widget import LineWidget

Choices = Sequence[tuple[str, str]]
"""What may be chosen: a code, and the words for it."""


class CopySession:
    """A message in, messages out; `copy` makes the copy and gives a sentence on it."""

    def __init__(
        self, templates: Choices, challenges: Choices, copy: Callable[[str, str], str]
    ) -> None:
        self._templates = templates
        self._challenges = challenges
        self._copy = copy

    def receive(self, message: object) -> list[Message]:
        """What to send back for a message of the browser."""
        if not isinstance(message, dict):
            return []
        if message.get("do") == "ping":
            return [{"is": "pong", "n": message.get("n")}]
        if message.get("do") == "hello":
            return [
                {
                    "is": "all",
                    "templates": [list(one) for one in self._templates],
                    "challenges": [list(one) for one in self._challenges],
                }
            ]
        return [self._copied(message)] if message.get("do") == "copy" else []

    def _copied(self, message: dict[str, Any]) -> Message:
        number = message.get("id")
        try:
            said = self._copy(str(message.get("template")), str(message.get("challenge")))
        except NccError as fault:
            return refused(fault.what, fault.hint, number)
        return {"is": "copied", "id": number, "said": said}

    def poll(self) -> list[Message]:
        """Nothing is followed here."""
        return []

    def to_draw(self) -> None:
        """Nothing is drawn here."""


class CopyWidget(LineWidget):
    """The choice of a template and of a challenge, and the button that copies."""

    module = "copying"

"""What every form does with messages: find who answers, say a refusal in words, tell who is here."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from ncc_kernel.errors import NccError, Rejected
from ncc_kernel.forms.telling import Message, refused

LOAD_AGAIN = "load the page again; what you typed is kept in it"

Answering = Callable[[Mapping[str, Any]], list[Message]]


class Company(Protocol):
    """How a form knows who else is here, and lets them know of itself."""

    @property
    def others(self) -> Callable[[], Sequence[tuple[str, str]]]:
        """Name and place of each."""

    @property
    def here(self) -> Callable[[str | None], None]:
        """Is told a place, or None for a mere sign of life."""


class Conversation(ABC):
    """A form in the hands of one person, without its widget; an heir says what it answers."""

    def __init__(self, company: Company, answers: Mapping[str, Answering]) -> None:
        self._company = company
        self._answers = answers
        self._others: list[tuple[str, str]] | None = None

    def receive(self, message: object) -> list[Message]:
        """What to send back; what is wrong is said in a sentence, with the id that was given."""
        if not isinstance(message, Mapping):
            return [refused("This is no message of a form.", "", None)]
        if message.get("do") == "ping":
            return [{"is": "pong", "n": message.get("n")}]
        try:
            answer = self._answers.get(str(message.get("do")))
            if answer is None:
                raise Rejected("The page asks for something this form does not do.", LOAD_AGAIN)
            replies = answer(message)
        except NccError as fault:
            return [refused(fault.what, fault.hint, message.get("id"))]
        return [*replies, *self._tell()]

    def poll(self) -> list[Message]:
        """What others did since, and who is here; asked once a second."""
        self._refresh()
        self._company.here(None)
        people = list(self._company.others())
        present: list[Message] = []
        if people != self._others:
            self._others = people
            named = [{"name": name, "place": place} for name, place in people]
            present = [{"is": "present", "people": named}]
        return [*self._tell(), *present]

    @abstractmethod
    def _refresh(self) -> None:
        """Read what came since."""

    @abstractmethod
    def _tell(self) -> list[Message]:
        """What others changed and the page does not know yet."""

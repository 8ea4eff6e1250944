"""What a form of entries is about and what it may reach: given to it, so that it knows no store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ncc_kernel.forms.scene import Allowed
from ncc_kernel.model.entry_form import EntryForm
from ncc_kernel.model.revision import Appended, Draft, Payload, Revision
from ncc_kernel.model.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class EntriesScene:
    """Which kinds are filled in, for which country and cycle, by whom.

    `forms` are in the order of the tabs; `named` are the forms of all kinds, for the names of
    what is referred to; `offers` are what entries of a kind are proposed to be, for a person to
    take over, change and save.
    """

    forms: tuple[EntryForm, ...]
    named: Mapping[str, EntryForm]
    vocabularies: Mapping[str, Vocabulary]
    cycles: Mapping[str, str]
    """The cycle that entries of each kind are recorded under."""
    country: str
    country_name: str
    cycle: str
    name: str
    place: str | None = None
    illustrative: bool = False
    urls: Mapping[str, str] = field(default_factory=dict)
    offers: Mapping[str, Sequence[Payload]] = field(default_factory=dict)


def _nobody() -> tuple[tuple[str, str], ...]:
    return ()


def _nowhere(_place: str | None) -> None:
    """Nobody is told where one is."""


def _nothing(_seq: int) -> tuple[Revision, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class EntriesReach:
    """The functions through which a form of entries reads and writes.

    `since` gives what was recorded for this country after a seq, oldest first; `elsewhere` the
    same of other countries' entries that may be referred to from here, where a field asks for
    them. What the person may not see comes as withdrawn, or not at all. `append` takes all of the
    drafts or, where one is in conflict, none.
    """

    since: Callable[[int], Sequence[Revision]]
    history: Callable[[str, str], Sequence[Revision]]
    append: Callable[[Sequence[Draft]], Appended]
    now: Callable[[], datetime]
    allowed: Callable[[str], Allowed]
    elsewhere: Callable[[int], Sequence[Revision]] = _nothing
    others: Callable[[], Sequence[tuple[str, str]]] = _nobody
    here: Callable[[str | None], None] = _nowhere

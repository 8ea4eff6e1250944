"""Who sees which workbook of which country, and how: decided before a kernel is started.

A page is asked for by its address. Every name and value in it is checked as the batch checks
them; none is guessed, so no mistake shows another country's page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ncc_kernel.errors import Forbidden, ParameterRejected
from ncc_kernel.model.account import Account
from ncc_kernel.model.book import Book
from ncc_kernel.model.map_address import NAMES, query_of
from ncc_kernel.model.parameters import Mode, Parameters
from ncc_kernel.model.permission import may
from ncc_kernel.model.revision import EU
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.workbook import asking
from ncc_kernel.workbook.arguments import check_arguments

FORMS = {
    "01_self_assessment": "answer",
    "02_ecosystem_mapping": "agent",
    "03_cocreation": "process",
    "04_scaling": "practice",
}
"""The workbooks in which a team types, and a kind that it records there."""

WHOLLY_OWN = frozenset({"01_self_assessment"})
"""Those that show what a team said word by word: nobody else sees them in any mode."""


def admit(
    account: Account, asked: Mapping[str, Sequence[str]], *, book: Book, catalogue: Catalogue
) -> Parameters:
    """The parameters with which this account sees the workbook.

    Raises ParameterRejected for what does not exist and Forbidden for what is not theirs to see.
    """
    of_map = NAMES if book.name in asking.BOOKS else ()
    raw = {name: _single(name, values) for name, values in asked.items() if name not in of_map}
    wanted = check_arguments(raw, book=book, catalogue=catalogue)
    if book.name in FORMS:
        check_form(account, wanted, asked_mode=raw.get("mode"), book=book)
    return replace(wanted, mode=_mode(account, wanted, book))


def admit_part(
    asked: Mapping[str, Sequence[str]], *, book: Book, catalogue: Catalogue, country: str
) -> str:
    """The part of the map that the address chooses, as it stands there; empty for the whole.

    Raises ParameterRejected for what cannot be chosen.
    """
    if book.name not in asking.BOOKS:
        return ""
    raw = {name: _single(name, values) for name, values in asked.items() if name in NAMES}
    return query_of(asking.check_part(raw, catalogue, country))


def check_form(account: Account, wanted: Parameters, *, asked_mode: str | None, book: Book) -> None:
    """Nothing, or Forbidden: the form of a country is its own team's and the coordinators'."""
    if may(account, "read_form", country=wanted.country, kind=FORMS[book.name]):
        return
    if asked_mode == "brief" and book.name not in WHOLLY_OWN:
        return
    whose = "for no country in particular" if account.country is None else f"for {account.country}"
    raise Forbidden(
        f"You are signed in {whose}, so the form of {wanted.country} is not open to you.",
        "the start page lists what is open to you",
    )


def _mode(account: Account, wanted: Parameters, book: Book) -> Mode:
    """Edit where the account may type or the country is its own; all else as a brief shows it."""
    if wanted.mode == "brief":
        return "brief"
    if wanted.country == EU:
        # The EU's map is live for all who are signed in; what else is typed there is a coordinator's.
        live = book.name in asking.BOOKS
        return "edit" if live or account.role == "coordinator" else "brief"
    kind = FORMS.get(book.name, "answer")
    return "edit" if may(account, "read_form", country=wanted.country, kind=kind) else "brief"


def _single(name: str, values: Sequence[str]) -> str:
    if len(values) != 1:
        raise ParameterRejected(f"{name!r} is given {len(values)} times.", "give it once")
    return values[0]

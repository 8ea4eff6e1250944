"""Who sees which workbook of which country, and how: decided before a kernel is started.

A page is asked for by its address. Every name and value in it is checked as the batch checks
them; none is guessed, so no mistake shows another country's page.
"""

from collections.abc import Mapping, Sequence

from ncc_kernel.errors import Forbidden, ParameterRejected
from ncc_kernel.model.account import Account
from ncc_kernel.model.book import Book
from ncc_kernel.model.parameters import Mode, Parameters
from ncc_kernel.model.permission import may
from ncc_kernel.model.revision import EU
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.workbook.arguments import check_arguments

FORMS = {"01_self_assessment": "answer", "02_ecosystem_mapping": "agent"}
"""The workbooks in which a team types, and the kind it records there."""

WHOLLY_OWN = frozenset({"01_self_assessment"})
"""Those that show what a team said word by word: nobody else sees them in any mode."""


def admit(
    account: Account, asked: Mapping[str, Sequence[str]], *, book: Book, catalogue: Catalogue
) -> Parameters:
    """The parameters with which this account sees the workbook.

    Raises ParameterRejected for what does not exist and Forbidden for what is not theirs to see.
    """
    raw = {name: _single(name, values) for name, values in asked.items()}
    wanted = check_arguments(raw, book=book, catalogue=catalogue)
    if book.name in FORMS:
        check_form(account, wanted, asked_mode=raw.get("mode"), book=book)
    return Parameters(wanted.country, wanted.cycle, _mode(account, wanted, book))


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
    if wanted.mode == "brief" or wanted.country == EU:
        return "brief"
    kind = FORMS.get(book.name, "answer")
    return "edit" if may(account, "read_form", country=wanted.country, kind=kind) else "brief"


def _single(name: str, values: Sequence[str]) -> str:
    if len(values) != 1:
        raise ParameterRejected(f"{name!r} is given {len(values)} times.", "give it once")
    return values[0]

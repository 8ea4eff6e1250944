"""Who uses the workbooks: a name, a role and, for those of one country, that country."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from ncc_kernel.errors import Rejected
from ncc_kernel.model.country import Country, parse_country

Role = Literal["editor", "reviewer", "coordinator", "reader"]
"""An editor fills in; a reviewer checks before it is submitted; both are of one country.

A coordinator looks after all countries. A reader reads: of one country, or of the working group.
"""

ROLES: tuple[Role, ...] = get_args(Role)
OF_A_COUNTRY: tuple[Role, ...] = ("editor", "reviewer")

LONGEST_NAME = 120
"""Characters of a name: it is the author's in the record."""

LASTS = timedelta(hours=12)
"""How long a session lasts at most."""

IDLE = timedelta(minutes=60)
"""How long a session lasts without its person doing anything."""


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who may sign in; `country` None means of no country in particular."""

    name: str
    role: Role
    country: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in: since when, when they last did something, and where they are."""

    account: Account
    opened: datetime
    acted: datetime
    place: str

    @property
    def ends(self) -> datetime:
        """When it ends if its person does nothing more: what a warning counts down to."""
        return min(self.opened + LASTS, self.acted + IDLE)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who has a country's form open now, and where in it."""

    name: str
    place: str


def parse_account(
    name: str, role: str, country: str | None, countries: tuple[Country, ...]
) -> Account:
    """The account that is meant, or Rejected: an unknown role, no country, or one too many."""
    known = next((one for one in ROLES if one == role.strip().casefold()), None)
    if known is None:
        raise Rejected(f"{role[:40]!r} is not a role.", f"use one of {', '.join(ROLES)}")
    code = parse_country(country, countries).code if country else None
    if known in OF_A_COUNTRY and code is None:
        raise Rejected(f"The role {known} is of one country, and none is given.", "name it")
    if known == "coordinator" and code is not None:
        raise Rejected("A coordinator is of no single country.", "leave the country out")
    return Account(parse_name(name), known, code)


def parse_name(raw: str) -> str:
    """The name as it is kept, or Rejected when people could not read it or tell it from others."""
    name = " ".join(unicodedata.normalize("NFKC", raw).split())
    hint = f"use 1 to {LONGEST_NAME} letters, digits, spaces and . _ @ ' -"
    if not 0 < len(name) <= LONGEST_NAME or not all(c.isalnum() or c in " ._@'-" for c in name):
        raise Rejected(f"{name[:40]!r} cannot be the name of an account.", hint)
    return name


def folded(name: str) -> str:
    """What is alike in two names that people would take for one: no two accounts share it."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())

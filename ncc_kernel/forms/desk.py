"""Who sits here and what time it is: forms are at the edge, so they may ask the machine."""

import getpass
from collections.abc import Mapping
from datetime import UTC, datetime


def now() -> datetime:
    """The time, with the zone of this machine."""
    return datetime.now(UTC).astimezone()


def served(environ: Mapping[str, str]) -> bool:
    """Whether our server shows the page, to somebody who is signed in."""
    return bool(environ.get("NCC_SESSION"))


def author(environ: Mapping[str, str]) -> str:
    """Who the record names where nobody has signed in: NCC_AUTHOR, or the login name."""
    given = environ.get("NCC_AUTHOR", "").strip()
    if given:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        return "someone"

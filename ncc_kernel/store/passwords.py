"""Passwords: at least twelve characters, kept as Argon2id, compared in the same time for everyone."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from ncc_kernel.errors import Rejected
from ncc_kernel.model.account import folded

SHORTEST, LONGEST = 12, 1000
FEWEST_DIFFERENT = 5

# Nobody's: what a password is compared with when there is no such name, so that it takes as long.
NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=4"
    "$1o33cgIIa+nEHLnGCr+fGw$7EU5Kz7OhRm/PXWIATdddrfoqnTBkwewuagG0iRJ2Cg"
)

_HASHER = PasswordHasher()


def parse_password(raw: str, name: str) -> str:
    """The password as it is hashed, or Rejected in words that never repeat it."""
    password = _normal(raw)
    hint = f"use {SHORTEST} characters or more; several words in a row are good"
    if len(password) < SHORTEST:
        raise Rejected("The password is too short.", hint)
    if len(password) > LONGEST:
        raise Rejected("The password is too long.", f"use at most {LONGEST} characters")
    if len(set(password)) < FEWEST_DIFFERENT:
        raise Rejected("The password is the same few characters again and again.", hint)
    if folded(password) in (folded(name), folded(name * 2)):
        raise Rejected("The password is the name.", hint)
    return password


def hash_password(password: str) -> str:
    """What is kept of a password: a hash with its salt and its parameters."""
    return _HASHER.hash(_bytes(password))


def fits(raw: str, kept: str | None) -> bool:
    """Whether this is the password that was kept; nothing kept fits nothing, and takes as long."""
    try:
        _HASHER.verify(kept or NOBODYS, _bytes(raw[: LONGEST + 1]))
    except (Argon2Error, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")


def _normal(raw: str) -> str:
    """The same characters, whichever keyboard made them."""
    return unicodedata.normalize("NFKC", raw)

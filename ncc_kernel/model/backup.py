"""A backup: the whole store in one file, as lines that any program can read.

The manifest says what is in it and the digest of each part. Whoever reads it trusts nothing that
is not checked here: a backup may have been cut off, changed, or made by somebody else.
"""

import json
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, StringConstraints, field_validator

from ncc_kernel.model.account import Role
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.kinds import KINDS
from ncc_kernel.model.revision import Payload, Revision

FORMAT: Final = "ncc backup"
VERSION = 1
"""Of the file's own shape; raised when an older release could not read it any more."""

REVISIONS = "revisions.jsonl"
ACCOUNTS = "accounts.jsonl"
EVIDENCE = "evidence/"

LAST = 2**31 - 1
"""The highest seq that fits the column on every database."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
File = Annotated[str, StringConstraints(pattern=r"^evidence/[A-Z]{2}/[0-9a-f]{64}$")]
Place = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Seq = Annotated[int, Field(ge=1, le=LAST)]


class _Kept(Frozen):
    """A row as it stands: nothing is trimmed, and no text is taken for a number."""

    model_config = ConfigDict(strict=True, str_strip_whitespace=False)


class Recorded(_Kept):
    """A row of the record; `payload` is its text to the letter, so that pages stay the same."""

    seq: Seq
    at: str
    author: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    country: Place
    cycle: Annotated[str, StringConstraints(min_length=1, max_length=8)]
    kind: str
    key: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    base: Seq | None
    payload: str | None

    @field_validator("at")
    @classmethod
    def _a_moment(cls, said: str) -> str:
        if datetime.fromisoformat(said).tzinfo is None:
            raise ValueError("it names no time zone")
        return said

    @field_validator("kind")
    @classmethod
    def _known(cls, said: str) -> str:
        if said not in KINDS:
            raise ValueError(f"this release knows no entries of kind {said[:40]!r}")
        return said

    @field_validator("payload")
    @classmethod
    def _an_object(cls, said: str | None) -> str | None:
        if said is not None and not isinstance(json.loads(said), dict):
            raise ValueError("it is no object")
        return said

    def revision(self) -> Revision:
        """The row as the record's unit."""
        told: Payload | None = None if self.payload is None else json.loads(self.payload)
        at, place = datetime.fromisoformat(self.at), (self.country, self.cycle, self.kind, self.key)
        return Revision(self.seq, at, self.author, *place, self.base, told)


class KeptAccount(_Kept):
    """Who may sign in; the password is its hash."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    folded: Annotated[str, StringConstraints(min_length=1, max_length=360)]
    role: Role
    country: Place | None
    password: Annotated[str, StringConstraints(max_length=200, pattern=r"^\$argon2")] | None


class Part(Frozen):
    """One part of the file: how long it is, its digest, and how many rows it has."""

    name: Literal["revisions.jsonl", "accounts.jsonl"] | File
    size: Annotated[int, Field(ge=0)]
    sha256: Digest
    rows: Annotated[int, Field(ge=0)] = 0


class Manifest(Frozen):
    """What a backup says about itself; `missing` are files that the record names and nobody has."""

    format: Literal["ncc backup"]
    version: int
    release: str
    tables: str
    """The version of the store's tables, as `ncc status` shows it."""

    made: datetime
    store: str
    """Which store it is of: a restored one is the same store."""

    last_seq: Annotated[int, Field(ge=0, le=LAST)]
    parts: tuple[Part, ...]
    missing: tuple[File, ...] = ()

    def rows(self, name: str) -> int:
        """How many rows the part of that name has."""
        return next((part.rows for part in self.parts if part.name == name), 0)

    @property
    def files(self) -> tuple[Part, ...]:
        """The files of evidence."""
        return tuple(part for part in self.parts if part.name.startswith(EVIDENCE))

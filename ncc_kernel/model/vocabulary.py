"""Words with codes: what is recorded is the code, what is read is the label."""

import difflib
from typing import Annotated, Self

from pydantic import Field, model_validator

from ncc_kernel.errors import Rejected
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.text import Key, Name, Prose


class Term(Frozen):
    """A code, its label, and what it means; `unverified` where we could not check the source."""

    code: Key
    label: Name
    definition: Prose = ""
    parent: str | None = None
    si_priority: bool = True
    unverified: bool = False


class Vocabulary(Frozen):
    """Terms in the order they are shown."""

    code: Key
    name: Name
    source: Prose
    terms: Annotated[tuple[Term, ...], Field(min_length=1)]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in order."""
        return tuple(term.code for term in self.terms)

    def label(self, code: str) -> str:
        """The label of a code; a code that is not known is shown as it is."""
        return next((term.label for term in self.terms if term.code == code), code)

    def parse(self, raw: str) -> str:
        """The code that is meant by a code or a label, whatever its case."""
        wanted = raw.strip().casefold()
        for term in self.terms:
            if wanted in (term.code.casefold(), term.label.casefold()):
                return term.code
        near = difflib.get_close_matches(wanted, [code.casefold() for code in self.codes], n=1)
        hint = f"did you mean {near[0]}?" if near else f"use one of {', '.join(self.codes)}"
        raise Rejected(f"{raw[:60]!r} is not in {self.name}.", hint)

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        if len(set(self.codes)) < len(self.codes):
            raise ValueError(f"vocabulary {self.code}: a code is used twice")
        return self

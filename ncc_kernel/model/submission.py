"""A country's self-assessment as it is handed in, returned, accepted or opened again."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.number import Whole
from ncc_kernel.model.text import Key, Prose

SELF_ASSESSMENT = "self_assessment"
"""The key of the submission, and of a request to open it again."""

SubmissionState = Literal["submitted", "returned", "accepted", "reopened"]
"""What a submission can be; a self-assessment without one is a draft."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Submission(Frozen):
    """How a self-assessment stands: its reference, and exactly which answers it covers.

    `digest` is the sha256 of the answers, `seq` the last revision of the record they include.
    """

    state: SubmissionState
    reference: Key
    digest: Digest
    seq: Annotated[Whole, Field(ge=0)]
    note: Prose = ""

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.state == "returned" and not self.note:
            raise ValueError("what is returned needs a note that says what to mend")
        return self


class ReopenRequest(Frozen):
    """A country asks for its submission to be opened again, and says why."""

    note: Prose

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if not self.note:
            raise ValueError("a request to reopen needs a note that says why")
        return self

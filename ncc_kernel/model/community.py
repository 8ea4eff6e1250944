"""The learning community: what the coordinator decides on groups, and what a country works on."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.number import Day, Whole
from ncc_kernel.model.text import Line, Name, Prose

RuleKind = Literal["together", "apart", "move", "number"]
PathKind = Literal["resource", "method", "peer_visit", "seminar", "funding"]
PathState = Literal["planned", "under_way", "done", "dropped"]

FEWEST_GROUPS, MOST_GROUPS = 3, 4
"""How many learning groups there may be. Source: the work programme, "3 or 4 groups"."""

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
StatementCode = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9._:-]*)?$")]
"""The code of a statement of the guide; empty where an item is about none in particular."""


class GroupRule(Frozen):
    """A coordinator's word on the learning groups, with its reason.

    `together` and `apart` hold while the groups are formed; `move` puts its countries into the
    group of `to` afterwards, whatever the sizes; `number` says how many groups there are.
    """

    rule: RuleKind
    countries: Annotated[tuple[CountryCode, ...], Field(max_length=27)] = ()
    to: CountryCode | None = None
    number: Annotated[Whole, Field(ge=FEWEST_GROUPS, le=MOST_GROUPS)] | None = None
    reason: Name

    @model_validator(mode="after")
    def _says_all_it_must(self) -> Self:
        if len(set(self.countries)) < len(self.countries):
            raise ValueError("a country is named twice")
        if self.rule in ("together", "apart") and len(self.countries) < 2:  # noqa: PLR2004
            raise ValueError(f"{self.rule} needs at least two countries")
        if self.rule == "move" and (not self.countries or self.to is None):
            raise ValueError("a move needs the countries, and the country whose group they join")
        if self.rule == "move" and self.to in self.countries:
            raise ValueError("a country cannot be moved to its own group")
        if (self.rule == "number") != (self.number is not None):
            raise ValueError("the number of groups goes with the rule number, and only with it")
        return self


class PathItem(Frozen):
    """Something a country does to learn: what, about which statement, with whom, by when."""

    title: Name
    type: PathKind
    question: StatementCode = ""
    partner: CountryCode | None = None
    lead: Line = ""
    begins: Day | None = None
    due: Day | None = None
    state: PathState = "planned"
    link: Line = ""
    note: Prose = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.begins is not None and self.due is not None and self.due < self.begins:
            raise ValueError(f"it is due ({self.due}) before it begins ({self.begins})")
        return self

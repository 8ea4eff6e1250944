"""What a workbook is a function of: country, cycle, mode, and for some a topic; checked alike everywhere."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from ncc_kernel.errors import ParameterRejected

Mode = Literal["edit", "brief"]
MODES: tuple[Mode, ...] = ("edit", "brief")
NAMES = ("country", "cycle", "mode")
TOPIC = "topic"
"""The fourth parameter, of workbooks that are made once for each topic of the seminars."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """A country (or EU), a cycle, a mode and where the workbook has one a topic, that exist."""

    country: str
    cycle: str
    mode: Mode
    topic: str = ""

    def as_dict(self) -> dict[str, str]:
        """As papermill and the Voila hook inject them."""
        named = {"country": self.country, "cycle": self.cycle, "mode": self.mode}
        return named | ({TOPIC: self.topic} if self.topic else {})


def check_names(names: Collection[str], known: Collection[str] = NAMES) -> None:
    """Nothing, or ParameterRejected when a name is no parameter of a workbook."""
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"use {', '.join(known)}"
            raise ParameterRejected(f"{name!r} is not a parameter of a workbook.", hint)


def check_parameters(
    raw: Mapping[str, object],
    *,
    countries: Collection[str],
    cycles: Collection[str],
    meant: Mapping[str, str] | None = None,
    topics: Collection[str] = (),
) -> Parameters:
    """The parameters, when every name is known and every value is one that exists.

    `countries` are the codes this workbook is made for, `topics` those it has a page for; with
    none, a topic is no parameter of it. `meant` maps other spellings of a
    country to its code, for the hint alone: a parameter is a name in paths and is never guessed.
    """
    check_names(raw, (*NAMES, TOPIC) if topics else NAMES)
    country = _one_of(raw.get("country"), countries, "country", _hint(raw, countries, meant or {}))
    cycle = _one_of(raw.get("cycle"), cycles, "cycle", f"use one of {', '.join(cycles)}")
    mode = _one_of(raw.get("mode", "edit"), MODES, "mode", f"use one of {', '.join(MODES)}")
    if not topics:
        return Parameters(country, cycle, cast("Mode", mode))
    topic = _one_of(raw.get(TOPIC), topics, TOPIC, f"use one of {', '.join(topics)}")
    return Parameters(country, cycle, cast("Mode", mode), topic)


def _one_of(value: object, known: Collection[str], name: str, hint: str) -> str:
    if isinstance(value, str) and value in known:
        return value
    if value is None or value == "":
        raise ParameterRejected(f"No {name} is given.", hint)
    shown = repr(value)
    raise ParameterRejected(f"{shown[:60]} is not a {name} of this workbook.", hint)


def _hint(raw: Mapping[str, object], countries: Collection[str], meant: Mapping[str, str]) -> str:
    code = meant.get(str(raw.get("country", "")).strip().casefold())
    return f"write {code}" if code in countries else f"use one of {', '.join(countries)}"

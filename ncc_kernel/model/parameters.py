"""What a workbook is a function of: country, cycle and mode, checked the same way everywhere."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from ncc_kernel.errors import ParameterRejected

Mode = Literal["edit", "brief"]
MODES: tuple[Mode, ...] = ("edit", "brief")
NAMES = ("country", "cycle", "mode")


@dataclass(frozen=True, slots=True)
class Parameters:
    """A country (or EU), a cycle and a mode that exist."""

    country: str
    cycle: str
    mode: Mode

    def as_dict(self) -> dict[str, str]:
        """As papermill and the Voila hook inject them."""
        return {"country": self.country, "cycle": self.cycle, "mode": self.mode}


def check_names(names: Collection[str]) -> None:
    """Nothing, or ParameterRejected when a name is no parameter of a workbook."""
    for name in names:
        if name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=1)
            hint = f"did you mean {near[0]}?" if near else f"use {', '.join(NAMES)}"
            raise ParameterRejected(f"{name!r} is not a parameter of a workbook.", hint)


def check_parameters(
    raw: Mapping[str, object],
    *,
    countries: Collection[str],
    cycles: Collection[str],
    meant: Mapping[str, str] | None = None,
) -> Parameters:
    """The parameters, when every name is known and every value is one that exists.

    `countries` are the codes this workbook is made for; `meant` maps other spellings of a
    country to its code, for the hint alone: a parameter is a name in paths and is never guessed.
    """
    check_names(raw)
    country = _one_of(raw.get("country"), countries, "country", _hint(raw, countries, meant or {}))
    cycle = _one_of(raw.get("cycle"), cycles, "cycle", f"use one of {', '.join(cycles)}")
    mode = _one_of(raw.get("mode", "edit"), MODES, "mode", f"use one of {', '.join(MODES)}")
    return Parameters(country, cycle, cast("Mode", mode))


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

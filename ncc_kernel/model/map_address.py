"""The part of the map that an address asks for: `?type=ngo&objective=ESO4.11`."""

import re
from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl, urlencode

from ncc_kernel.errors import ParameterRejected
from ncc_kernel.model.map_filter import MapFilter

VOCABULARIES = {
    "type": "actor_type",
    "objective": "esf_objective",
    "stage": "life_cycle",
    "tier": "tier",
}
"""What is chosen from a vocabulary, and from which; a region is chosen by its NUTS 2 code."""

NAMES = (*VOCABULARIES, "region")
"""By what an address may narrow the map."""


def check_filter(
    raw: Mapping[str, str], *, codes: Mapping[str, Collection[str]], regions: Collection[str]
) -> MapFilter:
    """The part of the map, or ParameterRejected in words; `codes` are those of each vocabulary."""
    chosen = {name: value for name, value in raw.items() if value}
    for name, value in chosen.items():
        if name not in NAMES:
            hint = f"choose by {', '.join(NAMES)}"
            raise ParameterRejected(f"The map cannot be filtered by {name[:40]!r}.", hint)
        known = regions if name == "region" else codes[VOCABULARIES[name]]
        if value not in known:
            article = "an" if name[0] in "aeiou" else "a"
            said = f"{value[:40]!r} is not {article} {name} on this map."
            raise ParameterRejected(said, f"use {_some(known, name)}")
    return MapFilter(**chosen)


def chosen_in(part: MapFilter) -> dict[str, str]:
    """What is chosen, by name, in a fixed order; what is not is left out."""
    found = {name: str(getattr(part, name)) for name in NAMES}
    return {name: value for name, value in found.items() if value}


def query_of(part: MapFilter) -> str:
    """The words of an address that choose this."""
    return urlencode(chosen_in(part))


def read_query(query: str) -> dict[str, str]:
    """What the words of an address choose, not checked yet."""
    return dict(parse_qsl(query, max_num_fields=20))


def _some(known: Collection[str], name: str, most: int = 20) -> str:
    if name == "region":
        return "the code of a NUTS 2 region of the country, such as " + min(known, default="PT17")
    return "one of " + ", ".join(sorted(known, key=_natural)[:most])


def _natural(code: str) -> tuple[str, int]:
    """ESO4.2 stands before ESO4.10."""
    number = re.search(r"\d*$", code)
    return code.rstrip("0123456789"), int(number[0] or 0) if number else 0

"""The member states: one code each (EL for Greece), names in every language by babel."""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated

from babel import Locale
from pydantic import Field, StringConstraints

from ncc_kernel.errors import Rejected
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.text import Key, Name, Prose

LANGUAGES = tuple(
    "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".split()  # noqa: SIM905
)
"""The 24 official languages of the EU."""


class Country(Frozen):
    """A member state: the Eurostat code, the ISO codes, and where it stands on a tile map."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    iso2: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    iso3: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    iso_numeric: Annotated[str, StringConstraints(pattern=r"^\d{3}$")]
    consortia_2021: tuple[Key, ...]
    tile: Annotated[tuple[int, int], Field()]
    aliases: tuple[Name, ...] = ()

    def name(self, language: str = "en") -> str:
        """The country's name in an official language of the EU."""
        return _territories(language)[self.iso2]


class Consortium(Frozen):
    """A transnational consortium of the first call (2021 to 2023)."""

    code: Key
    name: Name
    source: Prose


@cache
def _territories(language: str) -> Mapping[str, str]:
    territories: Mapping[str, str] = Locale.parse(language).territories
    return territories


def spellings(countries: Iterable[Country], languages: Iterable[str] = LANGUAGES) -> dict[str, str]:
    """Every spelling that means a country, folded, with its code."""
    found: dict[str, str] = {}
    for country in countries:
        codes = (country.code, country.iso2, country.iso3, country.iso_numeric, *country.aliases)
        names = (country.name(language) for language in languages)
        found |= {_fold(spelling): country.code for spelling in (*codes, *names)}
    return found


def parse_country(raw: str, countries: tuple[Country, ...]) -> Country:
    """The member state that is meant; liberal in spelling, never guessing.

    Rejected says which it is: nothing given, a country outside the EU, or an unknown spelling.
    """
    wanted = _fold(raw)
    if not wanted:
        raise Rejected("No country is given.", "fill in the country")
    known = _spellings(countries)
    if code := known.get(wanted):
        return next(country for country in countries if country.code == code)
    first = wanted.partition(",")[0]
    if first not in known and not _elsewhere().isdisjoint((wanted, first)):
        raise Rejected(f"{raw.strip()[:60]!r} is not one of the EU's 27 member states.", "")
    near = difflib.get_close_matches(first, known, n=1, cutoff=0.8)
    hint = f"did you mean {known[near[0]]}?" if near else "write a two-letter code such as PT"
    raise Rejected(f"{raw.strip()[:60]!r} is not a country's name or code.", hint)


@cache
def _spellings(countries: tuple[Country, ...]) -> dict[str, str]:
    return spellings(countries)


@cache
def _elsewhere() -> frozenset[str]:
    """The rest of the world by its names in English and its ISO codes, and usual short forms."""
    names = _territories("en")
    usual = "UK,Great Britain,England,Scotland,Wales,USA,Russian Federation,Korea,Macedonia,Turkey"
    usual += ",Cote d'Ivoire,Czechoslovakia,Yugoslavia"
    elsewhere = {_fold(name) for name in (*names.values(), *names.keys(), *usual.split(","))}
    return frozenset(elsewhere)


def _fold(raw: str) -> str:
    """Case, dots, spaces, accents and invisible marks aside; other alphabets stay as they are."""
    apart = unicodedata.normalize("NFKD", raw.replace(".", "").casefold())
    return " ".join("".join(c for c in apart if unicodedata.category(c) not in _ASIDE).split())


_ASIDE = ("Mn", "Cf")
"""Accents, and format characters such as zero width spaces and marks of direction."""

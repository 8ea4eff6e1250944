"""Reference data: countries, programmes, vocabularies and the guide, read from text and checked."""

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ncc_kernel.errors import DataFault, ParameterRejected
from ncc_kernel.model.country import Consortium, Country
from ncc_kernel.model.door import M, parse_file
from ncc_kernel.model.entry_form import EntryForm, parse_entry_form
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.guide import Guide, parse_guide
from ncc_kernel.model.mapping_example import MappingExample, Shelf
from ncc_kernel.model.programme import Cycle, Programme
from ncc_kernel.model.region import Region, parse_regions
from ncc_kernel.model.vocabulary import Vocabulary


class _Countries(Frozen):
    countries: tuple[Country, ...]
    consortia: tuple[Consortium, ...]


class _Vocabularies(Frozen):
    vocabularies: tuple[Vocabulary, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What everybody shares and nobody types: read-only, reviewed like code."""

    folder: Path
    countries: tuple[Country, ...]
    consortia: tuple[Consortium, ...]
    programmes: tuple[Programme, ...]
    vocabularies: dict[str, Vocabulary]
    guide: Guide
    entry_forms: dict[str, EntryForm] = field(default_factory=dict)
    """How entries of a kind are filled in; kinds without a file have no form."""
    mapping_examples: tuple[MappingExample, ...] = ()
    """Mapping that helped somebody, with sources."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The countries' codes, in alphabetical order of the codes."""
        return tuple(sorted(country.code for country in self.countries))

    def country(self, code: str) -> Country:
        """The country of that code."""
        return next(one for one in self.countries if one.code == code)

    def cycles(self) -> tuple[Cycle, ...]:
        """All cycles of all programmes, in order."""
        found = {cycle.code: cycle for one in self.programmes for cycle in one.cycles}
        return tuple(found[code] for code in sorted(found))

    def programme_of(self, cycle: str) -> Programme:
        """The programme in which that cycle lies."""
        for programme in self.programmes:
            if any(one.code == cycle for one in programme.cycles):
                return programme
        raise ParameterRejected(f"{cycle!r} is not a cycle.", "see data/programmes")

    def previous_cycle(self, cycle: str) -> str | None:
        """The cycle before that one, or None for the first."""
        earlier = [one.code for one in self.cycles() if one.code < cycle]
        return earlier[-1] if earlier else None

    def latest_cycle(self) -> str:
        """The cycle to use when none is named: the last one."""
        return self.cycles()[-1].code

    def geometry(self) -> dict[str, Any]:
        """The 27 countries as GeoJSON features with their code, and a source line."""
        return self._shapes("countries.json")

    def outlines(self) -> tuple[Region, ...]:
        """The 27 countries as they are drawn over the regions of the EU."""
        return parse_regions(self.geometry())

    def regions(self, country: str | None = None) -> tuple[Region, ...]:
        """A country's NUTS 2 regions in detail, or all of the EU's, coarser."""
        if country is None:
            return parse_regions(self._shapes("regions_coarse.json"))
        raw = self._shapes("regions.json")
        own = [one for one in raw["features"] if one["properties"]["country"] == country]
        return parse_regions({"features": own})

    def _shapes(self, name: str) -> dict[str, Any]:
        path = self.folder / "geometry" / name
        try:
            shapes: dict[str, Any] = json.loads(path.read_bytes())
        except (OSError, ValueError) as fault:
            raise DataFault(f"{path.name} cannot be read: {fault}.", f"restore {path}") from None
        return shapes

    def digest(self) -> str:
        """One value for all reference data: it changes when a byte of any file does."""
        return _digest(self.folder)


_known: dict[Path, tuple[str, Catalogue]] = {}
"""What was read by this process, or by the one it was forked from, and the digest of its files."""


def read_catalogue(folder: Path) -> Catalogue:
    """The catalogue of a data folder, or a DataFault that names the file, the key and a remedy.

    Files that are byte for byte as they were are not parsed again.
    """
    try:
        digest = _digest(folder)
    except OSError:
        return _parse(folder)  # which has the words for it
    known, found = _known.get(folder, ("", None))
    if found is None or known != digest:
        found = _parse(folder)
        if _digest(folder) == digest:  # nobody wrote meanwhile
            _known[folder] = (digest, found)
    return found


def _parse(folder: Path) -> Catalogue:
    countries = _read(folder / "countries.toml", _Countries)
    programmes = sorted((folder / "programmes").glob("*.toml"))
    if not programmes:
        raise DataFault(
            f"{folder / 'programmes'} holds no programme.", "add one, such as 2024.toml"
        )
    vocabularies = _read(folder / "vocabularies.toml", _Vocabularies).vocabularies
    guide = folder / "guides" / "self_assessment.toml"
    read = tuple(_read(path, Programme) for path in programmes)
    _each_once("countries.toml, countries", (one.code for one in countries.countries))
    _each_once("countries.toml, consortia", (one.code for one in countries.consortia))
    _each_once("vocabularies.toml, vocabularies", (one.code for one in vocabularies))
    _each_once("programmes, cycles", (cycle.code for one in read for cycle in one.cycles))
    return Catalogue(
        folder=folder,
        countries=tuple(sorted(countries.countries, key=lambda country: country.code)),
        consortia=_known_consortia(countries),
        programmes=read,
        vocabularies={one.code: one for one in vocabularies},
        guide=parse_guide(_toml(guide), where=_shown(guide)),
        mapping_examples=_shelf(folder / "mapping_examples.toml"),
        entry_forms=_entry_forms(folder / "entries", {one.code: one for one in vocabularies}),
    )


def _shelf(path: Path) -> tuple[MappingExample, ...]:
    """The examples; a folder of data without the file has an empty shelf."""
    return _read(path, Shelf).examples if path.is_file() else ()


def _entry_forms(folder: Path, vocabularies: dict[str, Vocabulary]) -> dict[str, EntryForm]:
    found: dict[str, EntryForm] = {}
    for path in sorted(folder.glob("*.toml")):
        form = parse_entry_form(_toml(path), where=_shown(path), vocabularies=vocabularies)
        if form.kind != path.stem:
            raise DataFault(
                f"{_shown(path)}, kind: the file is named {path.stem!r} and says {form.kind!r}.",
                f"name the file {form.kind}.toml",
            )
        found[form.kind] = form
    return found


def _each_once(where: str, codes: Iterable[str]) -> None:
    for code, count in Counter(codes).items():
        if count > 1:
            raise DataFault(f"data/{where}: the code {code} is used twice.", "give each its own")


def _known_consortia(read: _Countries) -> tuple[Consortium, ...]:
    known = {one.code for one in read.consortia}
    for country in read.countries:
        for code in country.consortia_2021:
            if code not in known:
                raise DataFault(
                    f"data/countries.toml, {country.code}.consortia_2021: no consortium {code}.",
                    "add it under [[consortia]] or correct the code",
                )
    return read.consortia


def _read(path: Path, model: type[M]) -> M:
    return parse_file(model, _toml(path), where=_shown(path))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataFault(f"{path} is missing.", "restore it from the repository") from None
    except OSError as fault:
        raise DataFault(f"{path} cannot be read: {fault.strerror}.", "check its rights") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise DataFault(f"{_shown(path)} is not readable TOML: {fault}.", f"edit {path}") from None


def _shown(path: Path) -> str:
    return (
        "/".join(("data", *path.parts[path.parts.index("data") + 1 :]))
        if "data" in path.parts
        else path.name
    )


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in _files(folder):
        total.update(path.relative_to(folder).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(folder: Path) -> list[Path]:
    names = ("countries.toml", "vocabularies.toml", "mapping_examples.toml")
    named = [folder / name for name in names]
    found = [
        path
        for part in ("programmes", "guides", "geometry", "entries")
        for path in (folder / part).glob("*.*")
    ]
    return sorted(path for path in (*named, *found) if path.is_file())

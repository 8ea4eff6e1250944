"""How a foreign table becomes ours: columns, codes and keys, written down in a file."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ncc_kernel.errors import DataFault
from ncc_kernel.model.door import parse_file
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.store.sheets import Sheet

Separator = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1)]
"""Between the items of a list in one cell; it may be a blank or the end of a line."""


class FileMapping(Frozen):
    """One table: which it is (by its columns), of what kind, and what each field is taken from."""

    kind: Literal["agent", "initiative", "link", "challenge"]
    key: str
    columns: dict[str, str]
    country: str = ""
    country_from: Literal["column", "links"] = "column"
    fixed: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    split: dict[str, Separator] = Field(default_factory=dict)
    prefixed: tuple[str, ...] = ()

    def fits(self, sheet: Sheet) -> bool:
        """Whether the table has every column that the mapping reads."""
        wanted = {self.key, *self.columns.values(), *((self.country,) if self.country else ())}
        return wanted <= set(sheet.columns)


class Mapping(Frozen):
    """All tables of one source; `prefix` keeps its keys apart from everybody else's."""

    title: str
    note: str = ""
    prefix: str
    files: tuple[FileMapping, ...]

    def of(self, sheet: Sheet) -> FileMapping | None:
        """The table's mapping, or None."""
        return next((one for one in self.files if one.fits(sheet)), None)


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file, or a DataFault that names the key."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataFault(f"There is no mapping at {path}.", "see data/mappings") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise DataFault(f"{path.name} is not readable TOML: {fault}.", f"edit {path}") from None
    return parse_file(Mapping, raw, where=f"data/mappings/{path.name}")


def find_mapping(sheets: Iterable[Sheet], folder: Path) -> Mapping | None:
    """The first known mapping that fits all the tables."""
    tables = list(sheets)
    for path in sorted(folder.glob("*.toml")):
        mapping = read_mapping(path)
        if tables and all(mapping.of(sheet) for sheet in tables):
            return mapping
    return None

"""Which pages there are to make, and which of them are stale.

A page is stale exactly when something it is made from changed: its notebook, the code, the
reference data, the part of the record that concerns it, or a library that draws it. All of that
goes into one digest, so staleness is a comparison of two texts.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath

from ncc_kernel.analysis.freshness import Tips, page_seq
from ncc_kernel.model.book import Book
from ncc_kernel.model.parameters import Parameters

DRAWN_BY = ("altair", "vl-convert-python", "nbconvert", "papermill", "ipykernel")


@dataclass(frozen=True, slots=True)
class Run:
    """One workbook for one country: the seq it is made from, and the digest of all of it."""

    book: Book
    parameters: Parameters
    seq: int
    digest: str

    @property
    def name(self) -> str:
        """For people, and the ledger's key: for example 01_self_assessment/PT."""
        return f"{self.book.named(self.parameters.topic)}/{self.parameters.country}"

    @property
    def title(self) -> str:
        """For people: the workbook's title, with its topic."""
        return self.book.titled(self.parameters.topic)

    @property
    def page(self) -> PurePosixPath:
        """Its page under `reports/<cycle>/`."""
        return self.book.path(self.parameters.country, self.parameters.topic)

    @property
    def partial(self) -> PurePosixPath:
        """Where the partial notebook of a failed run lies, beside the page."""
        return self.page.with_name(f"{self.book.named(self.parameters.topic)}.failed.ipynb")


@dataclass(frozen=True, slots=True)
class Ground:
    """What all runs stand on: digests of code, data and notebooks, and the record's tips."""

    store: str
    code: str
    data: str
    notebooks: Mapping[str, str]
    libraries: Mapping[str, str]
    tips: Tips
    cycles: tuple[str, ...]
    topics: tuple[str, ...] = ()


def plan_runs(
    books: Iterable[Book], countries: tuple[str, ...], cycle: str, ground: Ground
) -> tuple[Run, ...]:
    """Every workbook for every country it is made for, in a fixed order."""
    return tuple(
        _run(book, Parameters(country, cycle, "brief", topic), ground)
        for book in books
        for country in book.codes(countries)
        for topic in (ground.topics if book.by_topic else ("",))
    )


def _run(book: Book, parameters: Parameters, ground: Ground) -> Run:
    seq = page_seq(ground.tips, country=parameters.country, cycles=ground.cycles)
    made_from = {
        "book": book.name,
        "notebook": ground.notebooks[book.name],
        "parameters": parameters.as_dict(),
        "store": ground.store,
        "seq": seq,
        "code": ground.code,
        "data": ground.data,
        "drawn by": ground.libraries,
    }
    digest = hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()
    return Run(book, parameters, seq, digest)


def choose(
    runs: Iterable[Run],
    *,
    fresh: Callable[[Run], bool],
    failed: Callable[[Run], bool] | None = None,
) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The runs to make, and those whose page stands; with `failed`, only runs that failed."""
    wanted = [run for run in runs if failed is None or failed(run)]
    standing = tuple(run for run in wanted if fresh(run))
    return tuple(run for run in wanted if run not in standing), standing


def digest_of_code(package: Path) -> str:
    """One value for every file of the package: it changes when a byte of any does."""
    total = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".md":
            total.update(path.relative_to(package).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def digest_of_notebook(path: Path) -> str:
    """The digest of a notebook's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def library_versions() -> dict[str, str]:
    """The versions of the libraries that draw pages."""
    return {name: _version(name) for name in DRAWN_BY}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"

"""What a notebook was given, checked before anything is read.

papermill only warns about a parameter that a notebook does not know, and then runs the default
country. The cell that it injects is in the kernel's input history, so its names are checked here.
"""

import ast
from collections.abc import Iterable, Mapping

from ncc_kernel.model.book import Book
from ncc_kernel.model.country import spellings
from ncc_kernel.model.parameters import Parameters, check_names, check_parameters
from ncc_kernel.model.revision import EU
from ncc_kernel.store.catalogue import Catalogue

INJECTED = "# Parameters"
"""How the cell begins that papermill puts in."""


def injected_names(cells: Iterable[str]) -> tuple[str, ...]:
    """The names that injected cells set."""
    names: list[str] = []
    for cell in cells:
        if not cell.startswith(INJECTED):
            continue
        for node in ast.parse(cell).body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    return tuple(names)


def check_arguments(
    raw: Mapping[str, object], *, book: Book, catalogue: Catalogue, cells: Iterable[str] = ()
) -> Parameters:
    """The parameters of this workbook, or ParameterRejected in words."""
    check_names(injected_names(cells), book.parameters)
    return check_parameters(
        raw,
        countries=book.codes(catalogue.codes),
        cycles=[cycle.code for cycle in catalogue.cycles()],
        meant={**spellings(catalogue.countries, ("en",)), "eu": EU},
        topics=topics_of(book, catalogue),
    )


def topics_of(book: Book, catalogue: Catalogue) -> tuple[str, ...]:
    """The topics that a workbook has a page for, in any programme."""
    found = (topic for programme in catalogue.programmes for topic in book.topics(programme))
    return tuple(dict.fromkeys(found))

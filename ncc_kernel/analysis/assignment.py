"""The one question that groups and mentors ask of scipy: who gets what, at the least cost."""

from typing import Any

from numpy.typing import NDArray

Pairs = tuple[NDArray[Any], NDArray[Any]]


def assign(values: NDArray[Any], *, maximize: bool = False) -> Pairs:
    """Rows and the columns they get, each at most once, so that the sum is least (or greatest).

    Whole numbers stay whole: equal sums are equal. Equal values give the same answer always.
    """
    # scipy.optimize takes a third of a second to import, and few pages need it.
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    rows, columns = linear_sum_assignment(values, maximize=maximize)
    return rows, columns

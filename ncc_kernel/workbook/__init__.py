"""The one object that a notebook holds.

The batch asks this package for the EU's reference values and must not pay for altair, so the
notebook's own names are looked up when they are asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ncc_kernel.workbook.workbook import Workbook, open_workbook

__all__ = ["Workbook", "open_workbook"]


def __getattr__(name: str) -> Any:  # what a module attribute is, is its own affair
    if name not in __all__:
        raise AttributeError(name)
    from ncc_kernel.workbook import workbook  # noqa: PLC0415  # see above

    return getattr(workbook, name)

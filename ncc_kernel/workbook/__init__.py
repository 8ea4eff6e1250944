"""The one object that a notebook holds."""

from ncc_kernel.workbook.workbook import Workbook, open_workbook

__all__ = ["Workbook", "open_workbook"]

"""The form of entries as a widget."""

from ncc_kernel.forms.widget import LineWidget


class EntriesWidget(LineWidget):
    """Lists of entries, and the form of one."""

    module = "entries"

"""The form of entries as a widget."""

from ncc_kernel.forms.widget import LineWidget, joined


class EntriesWidget(LineWidget):
    """Lists of entries, and the form of one."""

    _esm = joined("line.js", "entry_fields.js", "entry_editor.js", "entry_list.js", "entries.js")
    _css = joined("form.css", "entries.css")

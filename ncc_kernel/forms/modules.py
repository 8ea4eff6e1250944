"""What each widget looks like in the browser: one script and one style of several files.

anywidget takes a single module, which may lean on nothing else, so the texts are joined.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Module:
    """The files of a widget's script and of its style, in order."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]

    @property
    def script(self) -> str:
        """The JavaScript module."""
        return _joined(self.scripts)

    @property
    def style(self) -> str:
        """The style sheet."""
        return _joined(self.styles)


MODULES: Mapping[str, Module] = {
    "form": Module(
        ("line.js", "statement.js", "evidence.js", "submitting.js", "form.js"), ("form.css",)
    ),
    "entries": Module(
        ("line.js", "entry_fields.js", "entry_editor.js", "entry_list.js", "entries.js"),
        ("form.css", "entries.css"),
    ),
    "live": Module(("line.js", "live.js"), ("live.css",)),
    "copying": Module(("line.js", "copying.js"), ("form.css",)),
}
"""By the name that a widget of ours gives itself."""


def _joined(names: tuple[str, ...]) -> str:
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in names)

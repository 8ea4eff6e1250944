"""A piece that is a widget where one can be shown, and words elsewhere."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ncc_kernel.charts.markup import Html, Piece


@dataclass(frozen=True, repr=False)
class WidgetPiece(Piece):
    """A widget for Jupyter and for our pages; without one, how to do without it.

    `widget` is any of ours in `forms`, which is not imported here: pages must not pay for widgets.
    """

    words: Markup
    widget: Any

    def html(self) -> Markup:
        """The words."""
        return self.words

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002  # IPython's signature
        exclude: object = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Both, for Jupyter."""
        bundle: dict[str, Any] = self.widget.bundle()
        return bundle | {"text/html": str(self.words), "text/plain": repr(Html(self.words))}

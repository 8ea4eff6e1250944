"""What a team fills in: the form where somebody can type, words how else it is done, nothing on a page."""

from collections.abc import Mapping

from markupsafe import Markup

from ncc_kernel.charts.markup import Html, Piece, listing, paragraph, section
from ncc_kernel.workbook.reading import Reading


def form(read: Reading, environ: Mapping[str, str]) -> Piece:
    """In edit mode the form itself; on a page there is none."""
    if read.parameters.mode != "edit":
        return Html(Markup())
    from ncc_kernel.workbook import filling  # noqa: PLC0415  # pages must not pay for widgets

    return filling.form(read, how_to_fill(read).html(), environ)


def where_the_profile_is() -> Html:
    """What stands in the profile's place below a form, whose own follows every answer.

    A second one would be wrong as soon as a level is changed.
    """
    words = "The profile stands beside the sections of the form above; it follows every answer."
    return Html(paragraph(words, "quiet"))


def how_to_fill(read: Reading) -> Html:
    """How a team fills the guide in without the form."""
    code, cycle = read.parameters.country, read.parameters.cycle
    commands = (
        Markup(
            "<code>ncc export xlsx --kind answer --country {} --cycle {} -o {}.xlsx</code>"
        ).format(code, cycle, code),
        "fill it in: one sheet for each dimension, the words of every level beside the answer",
        Markup(
            "<code>ncc import {}.xlsx</code>; what two people changed at once is shown, not lost"
        ).format(code),
    )
    return Html(section("Fill it in with a spreadsheet", listing(commands, ordered=True)))

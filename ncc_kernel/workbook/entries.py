"""Entries that a team adds one by one: the form where somebody can type, nothing on a page."""

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from ncc_kernel.charts.markup import Html, Piece, listing, section
from ncc_kernel.errors import DataFault
from ncc_kernel.model.entry_form import EntryForm
from ncc_kernel.model.revision import Payload
from ncc_kernel.workbook.reading import Reading


def _no_offers() -> Mapping[str, Sequence[Payload]]:
    return {}


def entries_form(
    read: Reading,
    kinds: Sequence[str],
    environ: Mapping[str, str],
    offers: Callable[[], Mapping[str, Sequence[Payload]]] = _no_offers,
) -> Piece:
    """In edit mode the form of these kinds, a part for each; on a page there is none.

    `offers` gives what entries of a kind are proposed to be, to take over.
    """
    forms = tuple(_form(read, kind) for kind in kinds)
    if read.parameters.mode != "edit" or not forms:
        return Html(Markup())
    from ncc_kernel.workbook import entering  # noqa: PLC0415  # pages must not pay for widgets

    return entering.entries_form(read, forms, how_to_enter(read, forms).html(), environ, offers())


def _form(read: Reading, kind: str) -> EntryForm:
    if kind not in read.catalogue.entry_forms:
        known = ", ".join(sorted(read.catalogue.entry_forms))
        raise DataFault(
            f"There is no form for entries of kind {kind!r}.",
            f"add data/entries/{kind}.toml, or use one of {known}",
        )
    return read.catalogue.entry_forms[kind]


def how_to_enter(read: Reading, forms: Sequence[EntryForm]) -> Html:
    """How a team adds entries without the form."""
    code = read.parameters.country
    kind = forms[0].kind
    commands = (
        Markup("<code>ncc export xlsx --kind {} --country {} -o {}.xlsx</code>").format(
            kind, code, kind
        ),
        "change rows, or add some: a new row needs a key that no other has, and the country's code",
        Markup(
            "<code>ncc import {}.xlsx --kind {}</code>; what was not taken is told, with its line"
        ).format(kind, kind),
    )
    titles = ", ".join(one.title.lower() for one in forms)
    return Html(section(f"With a spreadsheet: {titles}", listing(commands, ordered=True)))

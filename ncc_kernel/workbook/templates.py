"""Ways of working that advanced centres offer to others, and whose own turn it is to offer."""

from ncc_kernel.analysis.cocreation import (
    advanced,
    copies,
    dimension_of_step,
    is_advanced,
    shared,
    templates,
)
from ncc_kernel.analysis.summary import counted
from ncc_kernel.charts.markup import Html, Table, folded, paragraph, section, typed
from ncc_kernel.model.cocreation import Process
from ncc_kernel.model.revision import EU
from ncc_kernel.workbook.reading import Reading

STEP = 3
SHOWN = 40
"""Templates listed."""


def template_offers(read: Reading) -> Html:
    """Processes of advanced centres that others may copy and adapt, and where copies came from.

    A country's printed page does not follow what other countries enter; it says where to look.
    """
    heading = "Templates to copy and adapt"
    own = _own_standing(read)
    if read.parameters.country != EU and read.parameters.mode != "edit":
        text = "What other countries offer stands in the EU overview and, always as it is now, in this workbook on the server."
        return Html(section(heading, paragraph(own), paragraph(text, "quiet")))
    found = shared(read.of_kinds("process", everybody=True), "process", Process)
    offered = [
        (ref, one)
        for ref, one in sorted(found.items())
        if one.template and ref[0] != read.parameters.country
    ]
    if not offered:
        return Html(section(heading, paragraph(own), paragraph("No country offers one yet.")))
    ready = advanced(read.profiles, dimension_of_step(read.guide, STEP))
    rows = tuple(
        (
            typed(one.title),
            read.catalogue.country(ref[0]).name(),
            "yes" if ref[0] in ready else "not by its answers",
            len(
                [
                    copy
                    for _at, copy in sorted(found.items())
                    if copy.origin == ref[1] and copy.origin_country in ("", ref[0])
                ]
            ),
            typed(one.adapt) if one.adapt else None,
        )
        for ref, one in offered[:SHOWN]
    )
    columns = ("Process", "Country", "Advanced by its assessment", "Copies", "What to adapt")
    below = read.parameters.country != EU
    how = f"Take one over {'below' if below else 'in the workbook on co-creation'}: where it came from stays with the copy."
    table = Table(f"{heading} ({len(offered)})", columns, rows, frozenset({3})).html()
    offering = sorted({read.catalogue.country(ref[0]).name() for ref, _one in offered})
    said = f"{counted(len(offered), 'template')}, offered by {', '.join(offering)}."
    shown = (
        folded(f"What they are: {counted(len(rows), 'template')}", table)
        if read.parameters.mode != "edit"
        else table
    )
    return Html(
        section(heading, paragraph(f"{said} {own}".strip()), shown, paragraph(how, "quiet"))
    )


def _own_standing(read: Reading) -> str:
    if read.parameters.country == EU:
        return f"Processes made from another country's template: {len(copies(read.cocreation))}."
    if not is_advanced(read.profile, dimension_of_step(read.guide, STEP)):
        return ""
    mine = len(templates(read.cocreation))
    if mine:
        return f"{read.begins} is advanced in co-creation by its own assessment and offers {counted(mine, 'template')} to others."
    return f"{read.begins} is advanced in co-creation by its own assessment: others can learn from its processes. Mark one as a template."

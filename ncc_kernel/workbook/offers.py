"""Practices of one country for open challenges of another: an offer, shown to both teams."""

from collections.abc import Sequence

from markupsafe import Markup

from ncc_kernel.analysis.cocreation import read_cocreation, shared
from ncc_kernel.analysis.scaling import read_portfolio
from ncc_kernel.analysis.transfer import Offer, offers
from ncc_kernel.charts.markup import Cell, Html, Table, folded, paragraph, section, typed
from ncc_kernel.model.ecosystem import Challenge
from ncc_kernel.model.kinds import kinds_in
from ncc_kernel.model.revision import EU
from ncc_kernel.workbook.reading import Reading, challenges_named
from ncc_kernel.workbook.scaling import level
from ncc_kernel.workbook.trail import leading

SHOWN = 30
AT_ONCE = 5
"""Offers that are seen at once; the others up to those shown are folded."""

HEADING = "Practices for others' open challenges"


def transfer_offers(read: Reading) -> Html:
    """What fits whom: both ways for a country that works on the server, all of it for the EU.

    A country's printed page does not follow what other countries enter; it says where to look.
    """
    if read.parameters.country == EU:
        return Html(section(HEADING, *_listed(read, _offers(read), "All offers")))
    if read.parameters.mode != "edit":
        text = "What other countries' practices offer here, and this country's to others, stands in the EU overview and, as it is now, in this workbook on the server."
        return Html(section(HEADING, paragraph(text, "quiet")))
    mine = [one for one in _offers(read) if one.concerns(read.parameters.country)]
    here = read.parameters.country
    taking = [one for one in mine if one.challenge[0] == here]
    giving = [one for one in mine if one.practice.ref[0] == here]
    return Html(
        section(
            HEADING,
            *_listed(read, taking, f"What {read.called} could take over"),
            *_listed(read, giving, f"Who could take over what {read.called} has"),
        )
    )


def _offers(read: Reading) -> tuple[Offer, ...]:
    everybody = read.parameters.country == EU
    work = (
        read.cocreation
        if everybody
        else read_cocreation(read.of_kinds(*sorted(kinds_in("cocreation")), everybody=True))
    )
    portfolio = (
        read.portfolio
        if everybody
        else read_portfolio(read.of_kinds(*sorted(kinds_in("scaling")), everybody=True))
    )
    challenges = (
        read.challenges
        if everybody
        else shared(read.of_kinds("challenge", everybody=True), "challenge", Challenge)
    )
    initiatives = (
        read.initiative_challenges
        if everybody
        else challenges_named(read.of_kinds("initiative", everybody=True))
    )
    consortia = {one.code: frozenset(one.consortia_2021) for one in read.catalogue.countries}
    return offers(
        challenges,
        work,
        portfolio,
        initiatives,
        consortia=consortia,
        found=read.standings if everybody else None,
    )


def _listed(read: Reading, found: Sequence[Offer], caption: str) -> tuple[Markup, ...]:
    if not found:
        return (paragraph(f"{caption}: nothing fits yet."),)
    more = len(found) - SHOWN
    columns = ("Practice", "From", "For the challenge", "In", "Shared objective", "Like words", "Context", "Readiness")  # fmt: skip
    rows = tuple(_row(read, one) for one in sorted(found, key=_order)[:SHOWN])
    head = f"{caption}{f' (the best {SHOWN} of {len(found)})' if more > 0 else ''}"
    note = "Context: how much is said to make it easy to take over, and whether both were in one consortium of the first call. An offer, no more: talk to each other."
    if len(rows) <= AT_ONCE:
        return Table(head, columns, rows).html(), paragraph(note, "quiet")
    rest = Table(f"{head}: the others", columns, rows[AT_ONCE:]).html()
    first = Table(head, columns, rows[:AT_ONCE]).html()
    return first, folded(f"{len(rows) - AT_ONCE} more", rest), paragraph(note, "quiet")


def _order(one: Offer) -> tuple[float, object, object]:
    return -round(one.fit, 6), one.challenge, one.practice.ref


def _row(read: Reading, one: Offer) -> tuple[Cell, ...]:
    standing, names = one.practice, read.catalogue
    neighbours = "; one consortium" if one.neighbours else ""
    return (
        leading(read, "practice", standing.ref, standing.practice.title),
        names.country(standing.ref[0]).name(),
        typed(one.title),
        names.country(one.challenge[0]).name(),
        ", ".join(one.objectives),
        f"{one.alike:.0%}",
        f"{len(standing.practice.transferable)} of 5 checks{neighbours}",
        level(standing.readiness, proven=standing.proven),
    )

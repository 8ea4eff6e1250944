"""Pieces of the selection: what the country's criteria propose, how firmly, and what people decided."""

from collections.abc import Mapping

from markupsafe import Markup

from ncc_kernel.analysis.cocreation import Ref
from ncc_kernel.analysis.robustness import MANY, Robustness, robustness
from ncc_kernel.analysis.scaling import process_of
from ncc_kernel.analysis.selection import Field, Proposal, euros, field_of, propose, why_not
from ncc_kernel.analysis.summary import counted
from ncc_kernel.charts.markup import Cell, Html, Piece, Table, listing, paragraph, section, typed
from ncc_kernel.charts.scaling import ranking_figure
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.trail import leading, placed

HEADING = "Selection"
PEOPLE = "This is a proposal from the country's own criteria; people decide."


def selection_picture(read: Reading) -> Piece:
    """Criteria, ranking, proposal and its robustness, and what was left aside and why."""
    if read.portfolio.empty:
        return Html(Markup())
    field = field_of(read.portfolio, read.parameters.country)
    if not field.weights:
        text = "No criterion with a weight is recorded yet, so practices cannot be ranked. Agree on criteria before scores."
        return Html(section(HEADING, paragraph(text), _aside(field)))
    if not field.candidates:
        text = "No practice can be ranked yet."
        return Html(section(HEADING, _criteria(field), paragraph(text), _aside(field)))
    proposal = propose(field)
    firm = robustness(field, proposal)
    figure = ranking_figure(
        proposal,
        finding=_finding(field, proposal),
        measure="Weighted mean of the scores, 0 to 5. Equal means share a place.",
        table=_table(read, proposal, firm, why_not(field, proposal) if firm else {}),
        source=f"Criteria, scores and round of {read.called}, record {read.seq}.",
    )
    return Html(
        section(
            HEADING,
            paragraph(PEOPLE),
            _criteria(field),
            figure.html(),
            _firmness(field, proposal, firm),
            _aside(field),
        )
    )


def _criteria(field: Field) -> Markup:
    rows = tuple(
        (typed(field.names[key]), f"{weight:.0%}")
        for key, weight in sorted(field.weights.items(), key=lambda one: (-one[1], one[0]))
    )
    return Table("Criteria and their weights", ("Criterion", "Weight"), rows, frozenset({1})).html()


def _finding(field: Field, proposal: Proposal) -> str:
    if proposal.impossible:
        return f"Nothing can be proposed. {proposal.impossible}"
    chosen, total = len(proposal.chosen), len(field.candidates)
    if field.round is None or not _limits(field):
        return f"No budget and no other limit is recorded, so all {total} candidates fit; only their order tells."
    return f"{chosen} of {counted(total, 'candidate')} fit {_limits(field)}: {_takes(field, proposal)}."


def _limits(field: Field) -> str:
    if field.round is None:
        return ""
    limits = field.round[1]
    said = [
        f"the budget of {euros(limits.budget)}" if limits.budget is not None else "",
        f"{limits.capacity:g} days" if limits.capacity is not None else "",
        f"at most {limits.most} practices" if limits.most is not None else "",
        "what must be among them" if limits.must or limits.each_level else "",
    ]
    return " and ".join(one for one in said if one)


def _takes(field: Field, proposal: Proposal) -> str:
    chosen = [one.practice for one in field.candidates if one.ref in proposal.chosen]
    lacking = sum(one.scaling_cost is None or one.effort is None for one in chosen)
    said = f"they cost {euros(proposal.cost)} and take {proposal.effort:g} days"
    return f"{said}, without {lacking} that do not say their cost or days" if lacking else said


def _table(
    read: Reading, proposal: Proposal, firm: Robustness | None, why: Mapping[Ref, str]
) -> Table:
    columns = ("Place", "Practice", "Mean", "Places at other weights", "Proposed", "Proposed at other weights", "Cost", "Days", "Process beside it")  # fmt: skip
    rows = []
    for one in proposal.ranked:
        practice, ref = one.candidate.practice, one.candidate.ref
        low, high = firm.places[ref] if firm else (one.place, one.place)
        rows.append(
            (
                one.place,
                leading(read, "practice", ref, practice.title),
                f"{one.value:.2f}",
                (f"{low} to {high}" if low < high else f"{low}") if firm else None,
                "yes"
                if proposal.proposes(one.candidate)
                else f"no: {why[ref]}"
                if ref in why
                else "no",
                f"{firm.among[ref]} of {firm.tried}" if firm else None,
                euros(practice.scaling_cost) if practice.scaling_cost is not None else None,
                f"{practice.effort:g}" if practice.effort is not None else None,
                beside(read, ref),
            )
        )
    return Table("Candidates by their weighted mean", columns, tuple(rows), frozenset({0, 2, 6, 7}))


def beside(read: Reading, ref: Ref) -> Cell:
    """The process that is selected beside a practice, as a link."""
    key = process_of(ref, read.portfolio.practices[ref], read.cocreation) or ""
    process = read.cocreation.processes.get((ref[0], key))
    return leading(read, "process", (ref[0], key), process.title) if process else None


def _firmness(field: Field, proposal: Proposal, firm: Robustness | None) -> Markup:
    heading = "How firmly the proposal stands"
    if proposal.impossible:
        return Markup()
    if firm is None:
        text = (
            f"With more than {MANY} candidates this is not worked out; choose a shorter list first."
        )
        return section(heading, paragraph(text, "quiet"), level=3)
    said = [
        f"It stays as good as any other choice at {firm.holds} of {firm.tried} weightings spread evenly over all that are possible.",
        *(_span(field, one.criterion, one.lowest, one.highest) for one in firm.spans),
        *_doubts(field, firm),
    ]
    return section(heading, listing(said), level=3)


def _span(field: Field, key: str, lowest: float, highest: float) -> Markup:
    name = typed(field.names[key])
    now = f"{field.weights[key]:.0%}"
    if lowest <= 0 and highest >= 1:
        return Markup("No weight of {} changes it (now {}).").format(name, now)
    return Markup("It stays while {} weighs between {:.0%} and {:.0%} (now {}).").format(
        name, lowest, highest, now
    )


def _doubts(field: Field, firm: Robustness) -> list[Markup | str]:
    titles = {one.ref: one.practice.title for one in field.candidates}
    unshown = sum(len(one.unshown) for one in field.candidates)
    if not unshown:
        return ["Every score says what it rests on."]
    count = f"{counted(unshown, 'score')} {'rests' if unshown == 1 else 'rest'} on nothing that is written down"
    if not firm.doubts:
        return [f"{count}; none of them would change the proposal alone."]
    changing = (
        Markup("{}: {} on {} would change it at {} instead of {} points.").format(
            "Uncertain",
            typed(titles[one.ref]),
            typed(field.names[one.criterion]),
            one.turns_at,
            one.points,
        )
        for one in firm.doubts
    )
    return [f"{count}; these would change the proposal alone:", *changing]


def _aside(field: Field) -> Markup:
    if not field.aside:
        return Markup()
    rows = tuple((typed(one.practice.title), typed(one.why)) for one in field.aside)
    return Table("Practices that are not ranked, and why", ("Practice", "Why"), rows).html()


def decisions(read: Reading) -> Html:
    """What people decided on each practice, with reason and dissent; and on what not yet."""
    if read.portfolio.empty:
        return Html(Markup())
    words = read.catalogue.vocabularies["selection_outcome"]
    proposal = propose(field_of(read.portfolio, read.parameters.country))
    proposed = _proposed(proposal)
    rows = []
    for ref, one in sorted(
        read.portfolio.selections.items(), key=lambda item: (item[1].day, item[0]), reverse=True
    ):
        at = (ref[0], one.practice)
        practice = read.portfolio.practices[at]
        rows.append(
            (
                placed("selection", ref, words.label(one.outcome)),
                leading(read, "practice", at, practice.title),
                one.day,
                typed(one.decided_by) if one.decided_by else None,
                typed(one.reason),
                typed(one.dissent) if one.dissent else "none recorded",
                proposed.get(at, "not ranked"),
                _chosen_process(read, ref, one.process) or beside(read, at),
            )
        )
    columns = ("Decision", "Practice", "On", "By", "Reason", "Dissent", "Proposal said", "Process beside it")  # fmt: skip
    decided = {(ref[0], one.practice) for ref, one in read.portfolio.selections.items()}
    open_ones = [
        typed(one.title)
        for ref, one in sorted(read.portfolio.practices.items())
        if ref not in decided
    ]
    table = (
        Table("Decisions on practices, the latest first", columns, tuple(rows)).html()
        if rows
        else paragraph("Nothing has been decided yet.")
    )
    waiting = (
        section("Not decided yet", listing(open_ones[:40]), level=3) if open_ones else Markup()
    )
    return Html(section("What people decided", table, waiting))


def _proposed(proposal: Proposal) -> Mapping[Ref, str]:
    if proposal.impossible:
        return {}
    return {
        one.candidate.ref: "proposed" if proposal.proposes(one.candidate) else "not proposed"
        for one in proposal.ranked
    }


def _chosen_process(read: Reading, ref: Ref, key: str | None) -> Cell:
    process = read.cocreation.processes.get((ref[0], key or ""))
    return leading(read, "process", (ref[0], key or ""), process.title) if process else None

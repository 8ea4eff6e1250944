"""Pieces of step 4: the portfolio in pictures, every practice by itself, and how levels changed."""

from collections.abc import Sequence

from markupsafe import Markup

from ncc_kernel.analysis.cocreation import Ref
from ncc_kernel.analysis.scaling import (
    Standing,
    at_risk,
    balance,
    flow,
    grid,
    lacking,
    level_steps,
    process_of,
)
from ncc_kernel.analysis.selection import euros
from ncc_kernel.analysis.summary import counted
from ncc_kernel.charts.markup import (
    Cell,
    Html,
    Piece,
    Table,
    listing,
    paragraph,
    section,
    typed,
    typed_or_none,
)
from ncc_kernel.charts.scaling import balance_figure, flow_figure, grid_figure, risk_figure
from ncc_kernel.model.revision import EU
from ncc_kernel.model.scaling import Practice
from ncc_kernel.model.text import day_words
from ncc_kernel.workbook.cocreation import as_opened
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.trail import leading, placed

SHOWN = 40
"""Practices told one by one; how many more there are is said."""

CLAIMED = Markup('<span class="tag">claimed</span>')


def portfolio_summary(read: Reading) -> Html:
    """How many practices there are and how far they are decided; before the pictures of them."""
    if read.portfolio.empty:
        return Html(Markup())
    practices = read.portfolio.practices
    decided = {(ref[0], one.practice) for ref, one in read.portfolio.selections.items()}
    open_yet = sum(ref not in decided for ref in practices)
    text = f"{counted(len(practices), 'practice')}; {open_yet or 'none'} of them {'waits' if open_yet == 1 else 'wait'} for a decision."
    return Html(section("Portfolio", paragraph(text)))


def portfolio_picture(read: Reading) -> Piece:
    """Readiness by evidence; what to do first where there is no practice yet."""
    if read.portfolio.empty:
        return _nothing_yet(read)
    found = read.standings
    spots = grid(found)
    if not spots:
        text = f"{counted(len(found), 'practice')}, none of which says both its readiness and its level of evidence."
        return Html(paragraph(text, "quiet"))
    unplaced = len(found) - sum(one.count for one in spots)
    words = read.catalogue.vocabularies["evidence_level"]
    return grid_figure(spots, unplaced, evidence=words, source=source(read))


def _nothing_yet(read: Reading) -> Html:
    ripe = [
        one.title
        for _ref, one in sorted(read.cocreation.prototypes.items())
        if one.verdict == "scale"
    ]
    said = [
        "A practice comes from a prototype or from an initiative of the map. Three fields are enough: a title, where it comes from, its readiness.",
        "Say what shows each level. A level without it is shown as claimed.",
        "Agree on criteria and weights before anybody sees a score.",
    ]
    first = paragraph("No practice is in the portfolio yet. How to begin:")
    waiting = (
        section("Prototypes found ready to scale", listing(typed(one) for one in ripe), level=3)
        if ripe
        else Markup()
    )
    return Html(section("Portfolio", first, listing(said), waiting))


def balance_picture(read: Reading) -> Piece:
    """How the practices spread over stages, ways and levels of scaling, and objectives."""
    portfolio = read.portfolio
    if portfolio.empty:
        return Html(Markup())
    words = read.catalogue.vocabularies
    spread = balance(
        portfolio,
        stages=words["life_cycle"].codes,
        types=words["scaling_type"].codes,
        levels=words["scale_level"].codes,
        objectives=words["esf_objective"].codes,
    )
    total = len(portfolio.practices)
    return balance_figure(spread, words=words, total=total, source=source(read))


def risk_picture(read: Reading) -> Piece:
    """What scaling would cost, by what stands behind the practices."""
    if read.portfolio.empty:
        return Html(Markup())
    risk = at_risk(read.standings)
    if not risk.total:
        text = "No practice says what scaling would cost, so what is at risk cannot be told."
        return Html(paragraph(text, "quiet"))
    return risk_figure(risk, source=source(read))


def flow_picture(read: Reading) -> Piece:
    """From challenge to practice: how many challenges came how far."""
    if not read.challenges:
        return Html(Markup())
    flows = flow(read.challenges, read.cocreation, read.portfolio, read.initiative_challenges)
    return flow_figure(flows, source=source(read))


def practice_sheets(read: Reading) -> Html:
    """Every practice with its levels and where it came from; what is missing; levels that changed."""
    if read.portfolio.empty:
        return Html(Markup())
    found = read.standings
    columns = ("Practice", "Comes from", "Readiness", "Use", "Evidence", "Bottleneck", "Scaling", "Owner", "Decision")  # fmt: skip
    rows = tuple(_row(read, one) for one in found[:SHOWN])
    more = len(found) - SHOWN
    caption = f"Practices{f' (the first {SHOWN} of {len(found)}; all with: ncc export csv --kind practice)' if more > 0 else ''}"
    note = "Readiness is that of the least ready thing the practice needs."
    details = (_details(read, one) for one in found[:SHOWN])
    return Html(
        section(
            "Practices",
            as_opened(read),
            Table(caption, columns, rows).html(),
            paragraph(note, "quiet"),
            *details,
            _missing(found),
            _history(read),
        )
    )


def _row(read: Reading, one: Standing) -> tuple[Cell, ...]:
    practice, words = one.practice, read.catalogue.vocabularies
    way = [
        words["scaling_type"].label(practice.scaling_type) if practice.scaling_type else "",
        words["scale_level"].label(practice.scaling_level) if practice.scaling_level else "",
    ]
    return (
        placed("practice", one.ref, practice.title),
        _origin(read, one.ref, practice),
        level(one.readiness, proven=one.proven),
        level(practice.use, proven=bool(practice.use_shown)),
        level(one.evidence, proven=one.evidence_proven),
        typed(one.bottleneck) if one.bottleneck else "the practice itself",
        ", ".join(part for part in way if part) or None,
        typed(practice.owner) if practice.owner else None,
        _decisions(read, one.ref),
    )


def level(number: int | None, *, proven: bool) -> Cell:
    """A level, marked as claimed where nothing is said to show it."""
    if number is None or proven:
        return number
    return Markup("{} {}").format(number, CLAIMED)


def _origin(read: Reading, ref: Ref, practice: Practice) -> Markup | None:
    at = (ref[0], practice.prototype or "")
    if prototype := read.cocreation.prototypes.get(at):
        return leading(read, "prototype", at, prototype.title)
    return typed_or_none(read.initiative_titles.get((ref[0], practice.initiative or ""), ""))


def _decisions(read: Reading, ref: Ref) -> Markup | str:
    words = read.catalogue.vocabularies["selection_outcome"]
    found = [
        leading(read, "selection", at, f"{words.label(one.outcome)} ({day_words(one.day)})")
        for at, one in read.portfolio.decisions_on(ref)
    ]
    return Markup(", ").join(found) or "none yet"


def _details(read: Reading, one: Standing) -> Markup:
    """What a table has no room for, folded."""
    practice = one.practice
    checks = read.catalogue.vocabularies["transfer_check"]
    beside = (one.ref[0], process_of(one.ref, practice, read.cocreation) or "")
    process = read.cocreation.processes.get(beside)
    said: list[tuple[str, Cell]] = [
        ("What it is", typed_or_none(practice.summary)),
        ("What shows its readiness", typed_or_none(practice.readiness_shown)),
        ("What shows its use", typed_or_none(practice.use_shown)),
        ("What proves its evidence", typed_or_none(practice.evidence_shown)),
        ("Process beside it", leading(read, "process", beside, process.title) if process else None),
        ("Cost per user", _money(practice.cost_per_user)),
        ("Cost of scaling", _money(practice.scaling_cost)),
        ("Conditions", typed_or_none(practice.conditions)),
        ("Partners", typed_or_none(", ".join(_partners(read, one.ref, practice)))),
        ("Funding", typed_or_none(practice.funding)),
        ("Timeline", _time(practice)),
        ("Easy to take over", ", ".join(checks.label(code) for code in practice.transferable) or None),
        ("What others should know", typed_or_none(practice.transfer)),
    ]  # fmt: skip
    parts = tuple(
        (
            typed(part.name),
            level(part.readiness, proven=bool(part.readiness_shown)),
            level(part.use, proven=bool(part.use_shown)),
        )
        for ref, part in sorted(read.portfolio.components.items())
        if (ref[0], part.practice) == one.ref
    )
    tables = Table("The practice in short", ("What", "How"), tuple(said)).html()
    if parts:
        columns = ("Component", "Readiness", "Use")
        tables += Table("What else must be in place", columns, parts).html()
    return Markup("<details><summary>{}</summary>{}</details>").format(
        typed(practice.title), tables
    )


def _partners(read: Reading, ref: Ref, practice: Practice) -> list[str]:
    """What they are called; of one who is kept private not even the key is told."""
    known = read.agent_names
    return [known[ref[0], key] for key in practice.partners if (ref[0], key) in known]


def _money(amount: float | None) -> str | None:
    return None if amount is None else euros(amount)


def _time(practice: Practice) -> str | None:
    if practice.begins is None and practice.ends is None:
        return None
    first, last = (day_words(day) if day else "open" for day in (practice.begins, practice.ends))
    return f"{first} to {last}"


def _missing(found: Sequence[Standing]) -> Markup:
    said = [f"{count} of {len(found)} practices {what}." for what, count in lacking(found)]
    return section("What is missing", listing(said), level=3) if said else Markup()


def _history(read: Reading) -> Markup:
    """Levels that were changed: what they were stays in the record."""
    if read.parameters.country == EU:
        return Markup()
    shown = {key for _country, key in read.portfolio.practices}
    steps = [one for one in level_steps(read.changes) if one.key in shown]
    if not steps:
        return Markup()
    rows = tuple(
        (typed(one.title), one.what, one.before, one.after, one.on)
        for one in reversed(steps[-SHOWN:])
    )
    columns = ("Practice", "What", "Was", "Became", "On")
    table = Table("Levels that changed, the latest first", columns, rows, frozenset({2, 3})).html()
    return section("What levels were before", table, level=3)


def source(read: Reading) -> str:
    """The source line of the pictures."""
    return f"Portfolio of {read.called}, entries shared with the working group, record {read.seq}."

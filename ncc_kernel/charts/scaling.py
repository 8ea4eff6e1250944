"""Pictures of the portfolio: how ready and how well shown, how balanced, how far, and at what risk.

Practices are counted before they are drawn, so ten thousand make no more marks than ten.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from ncc_kernel.analysis.ecosystem import Counts
from ncc_kernel.analysis.scaling import SOLID, AtRisk, Balance, Flow, Spot
from ncc_kernel.analysis.selection import Proposal, Ranked, euros
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Cell, Table, typed
from ncc_kernel.charts.theme import BLUE, INK, LAND, LINE, NARROW, ORANGE, PALE, QUIET, WIDTH, given
from ncc_kernel.model.vocabulary import Vocabulary

READY = 7
"""The readiness from which a practice works near everyday conditions."""

NOT_SAID = "not said"
LISTED = 100
RANKED = 25
"""Candidates in the picture of the ranking; the table has all of them."""

STEPS = ("challenges", "with a process", "with a prototype", "with a practice", "with one to scale")


def grid_figure(
    spots: Sequence[Spot], unplaced: int, *, evidence: Vocabulary, source: str
) -> Figure:
    """Readiness by evidence, a number in each square, and how many of them are only claimed."""
    rows = [
        {
            "readiness": one.readiness,
            "evidence": one.evidence,
            "said": str(one.count),
            "claimed": f"{one.count - one.proven} claimed" if one.count > one.proven else "",
            "shown": "shown" if one.proven else "claimed",
        }
        for one in spots
    ]
    return Figure(
        finding=_grid_finding(spots),
        measure=f"Practices by readiness (0 to 9, the least ready component) and level of evidence (1 to 5). {_left_out(unplaced)}",
        chart=_grid(rows),
        table=Table(
            "Practices by readiness and evidence",
            ("Readiness", "Level of evidence", "Practices", "Shown", "Claimed"),
            tuple(
                (
                    one.readiness,
                    f"{one.evidence} {evidence.label(str(one.evidence))}",
                    one.count,
                    one.proven,
                    one.count - one.proven,
                )
                for one in spots
            ),
            frozenset({2, 3, 4}),
        ),
        source=source,
    )


def _left_out(unplaced: int) -> str:
    return f"{unplaced} more do not say both." if unplaced else ""


def _grid_finding(spots: Sequence[Spot]) -> str:
    total = sum(one.count for one in spots)
    far = [one for one in spots if one.readiness >= READY and one.evidence >= SOLID]
    shown, count = sum(one.proven for one in far), sum(one.count for one in far)
    claim = count - shown
    more = f"; {claim} more claim{'s' if claim == 1 else ''} so" if claim else ""
    verb = "works" if shown == 1 else "work"
    return f"{shown} of {total} practices {verb} near everyday conditions with a cause shown{more}."


def _grid(rows: Sequence[Mapping[str, object]]) -> alt.TopLevelMixin:
    kinds = ["shown", "claimed"]
    base = alt.Chart(given(rows)).encode(
        x=alt.X(
            "evidence:O",
            title="Level of evidence",
            scale=alt.Scale(domain=list(range(1, 6)), paddingInner=0.05),
            axis=alt.Axis(labelAngle=0, ticks=False, domain=False),
        ),
        y=alt.Y(
            "readiness:O",
            title="Readiness",
            sort="descending",
            scale=alt.Scale(domain=list(range(9, -1, -1)), paddingInner=0.08),
            axis=alt.Axis(ticks=False, domain=False),
        ),
    )
    squares = base.mark_rect(stroke=LINE).encode(
        color=alt.Color(
            "shown:N",
            title=None,
            sort=kinds,
            scale=alt.Scale(domain=kinds, range=[PALE, LAND]),
            legend=alt.Legend(
                labelExpr="datum.label == 'shown' ? 'some of them shown' : 'all of them claimed'"
            ),
        )
    )
    numbers = base.mark_text(dx=-29, fontWeight="bold").encode(text=alt.Text("said:N"))
    claims = base.mark_text(dx=-20, align="left", fontSize=11, color=QUIET).encode(
        text=alt.Text("claimed:N")
    )
    return alt.layer(squares, numbers, claims).properties(width=NARROW - 50, height=280)


def balance_figure(
    balance: Balance, *, words: Mapping[str, Vocabulary], total: int, source: str
) -> Figure:
    """Four small pictures above one another: stage, way, level, and field of the challenge."""
    panels = (
        ("Maturity", balance.stages, words["life_cycle"]),
        ("Way of scaling", balance.types, words["scaling_type"]),
        ("Level", balance.levels, words["scale_level"]),
        ("ESF+ objective", balance.challenges, words["esf_objective"]),
    )
    return Figure(
        finding=_balance_finding(balance, words, total),
        measure="Practices by maturity, way of scaling, level and ESF+ objective (a practice may name several).",
        chart=alt.vconcat(
            *(_panel(name, counts, of) for name, counts, of in panels), spacing=14
        ).resolve_scale(x="shared"),
        table=Table(
            "Balance of the portfolio",
            ("What", "Group", "Practices"),
            tuple(
                (label, name, count)
                for name, counts, of in panels
                for label, count in _labelled(counts, of)
            ),
            frozenset({2}),
        ),
        source=source,
    )


def _labelled(counts: Counts, words: Vocabulary) -> list[tuple[Cell, int]]:
    return [(typed(words.label(code)) if code else NOT_SAID, count) for code, count in counts]


def _panel(name: str, counts: Counts, words: Vocabulary) -> Any:
    rows = [
        {"what": words.label(code) if code else NOT_SAID, "count": count} for code, count in counts
    ]
    base = alt.Chart(given(rows)).encode(
        y=alt.Y(
            "what:N",
            sort=[str(row["what"]) for row in rows],
            title=None,
            axis=alt.Axis(domain=False, ticks=False, minExtent=215, maxExtent=215),
        ),
        x=alt.X("count:Q", title=None, axis=None),
    )
    bars = base.mark_bar(color=BLUE, height=12)
    numbers = base.mark_text(align="left", dx=4).encode(text=alt.Text("count:Q"))
    title = alt.Title(
        name, anchor="start", frame="bounds", color=QUIET, fontSize=13, fontWeight="normal"
    )
    return alt.layer(bars, numbers).properties(
        title=title, width=NARROW - 250, height=20 * max(len(rows), 1)
    )


def _balance_finding(balance: Balance, words: Mapping[str, Vocabulary], total: int) -> str:
    said = [(code, count) for code, count in balance.types if code]
    code, most = max(said, key=lambda one: one[1], default=("", 0))
    if not most:
        return f"None of {total} practices says how it would scale."
    bare = [
        words["scale_level"].label(code).lower()
        for code, count in balance.levels
        if code in ("local", "regional", "state") and not count
    ]
    label = words["scaling_type"].label(code).lower()
    rest = f"; none is meant for the {' or '.join(bare)} level" if bare else ""
    return f"{most} of {total} practices go for {label}{rest}."


def flow_figure(flows: Sequence[Flow], *, source: str) -> Figure:
    """How many challenges reached each step; the table has every challenge with its numbers."""
    counts = [len(flows), *(sum(one.steps[step] > 0 for one in flows) for step in range(4))]
    rows = [{"what": what, "count": count} for what, count in zip(STEPS, counts, strict=True)]
    base = alt.Chart(given(rows)).encode(
        y=alt.Y("what:N", sort=list(STEPS), title=None, axis=alt.Axis(domain=False, ticks=False)),
        x=alt.X("count:Q", title=None, axis=None),
    )
    bars = base.mark_bar(color=BLUE, height=16)
    numbers = base.mark_text(align="left", dx=4).encode(text=alt.Text("count:Q"))
    more = len(flows) - LISTED
    return Figure(
        finding=f"Of {counts[0]} challenge{'' if counts[0] == 1 else 's'} {counts[1]} {'has' if counts[1] == 1 else 'have'} a process, {counts[2]} a prototype, {counts[3]} a practice and {counts[4]} one that is to be scaled.",
        measure="Challenges by how far the work on them has come.",
        chart=alt.layer(bars, numbers).properties(width=NARROW - 150, height=130),
        table=Table(
            f"What came of each challenge{f' (the first {LISTED} of {len(flows)})' if more > 0 else ''}",
            ("Challenge", "Processes", "Prototypes", "Practices", "To be scaled"),
            tuple((typed(one.title), *one.steps) for one in flows[:LISTED]),
            frozenset({1, 2, 3, 4}),
        ),
        source=source,
    )


def risk_figure(risk: AtRisk, *, source: str) -> Figure:
    """What scaling would cost, by what stands behind it."""
    rows = [
        {"what": what, "amount": amount, "said": euros(amount), "kind": kind}
        for what, amount, kind in (
            ("a cause is shown (evidence 3 to 5)", risk.shown, "shown"),
            ("shown, but weakly (evidence 1 or 2)", risk.weak, "risk"),
            ("claimed only", risk.claimed, "risk"),
        )
    ]
    base = alt.Chart(given(rows)).encode(
        y=alt.Y(
            "what:N",
            sort=[str(row["what"]) for row in rows],
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=300),
        ),
        x=alt.X("amount:Q", title=None, axis=None),
    )
    bars = base.mark_bar(height=16).encode(
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=["shown", "risk"], range=[BLUE, ORANGE]),
            legend=None,
        )
    )
    numbers = base.mark_text(align="left", dx=4).encode(text=alt.Text("said:N"))
    unknown = (
        f" {risk.without_cost} practices do not say what scaling would cost; they are not in it."
        if risk.without_cost
        else ""
    )
    return Figure(
        finding=f"{euros(risk.unproven)} of {euros(risk.total)} would go to practices that are claimed or weakly shown.",
        measure=f"Cost of scaling by what stands behind the practices.{unknown}",
        chart=alt.layer(bars, numbers).properties(width=NARROW - 330, height=78),
        table=Table(
            "Cost of scaling by what stands behind it",
            ("What stands behind it", "Euro"),
            tuple((str(row["what"]), euros(float(str(row["amount"])))) for row in rows),
            frozenset({1}),
        ),
        source=source,
    )


def ranking_figure(
    proposal: Proposal, *, finding: str, measure: str, table: Table, source: str
) -> Figure:
    """The candidates by their weighted mean; those proposed are darker and say so."""
    rows = [_ranked(n, one, proposal) for n, one in enumerate(proposal.ranked[:RANKED], start=1)]
    kinds = ["proposed", "not proposed"]
    base = alt.Chart(given(rows)).encode(
        y=alt.Y(
            "what:N",
            sort=[str(row["what"]) for row in rows],
            title=None,
            axis=alt.Axis(domain=False, ticks=False),
        ),
        x=alt.X("value:Q", title=None, axis=None, scale=alt.Scale(domain=[0, 5])),
    )
    bars = base.mark_bar(height=14).encode(
        color=alt.Color(
            "kind:N",
            title=None,
            sort=kinds,
            scale=alt.Scale(domain=kinds, range=[BLUE, PALE]),
        )
    )
    numbers = base.mark_text(align="left", dx=4, color=INK).encode(text=alt.Text("said:N"))
    return Figure(
        finding=finding,
        measure=measure,
        chart=alt.layer(bars, numbers).properties(width=WIDTH - 300, height=24 * max(len(rows), 2)),
        table=table,
        source=source,
        table_open=True,
    )


def _ranked(number: int, one: Ranked, proposal: Proposal) -> dict[str, object]:
    chosen = proposal.proposes(one.candidate)
    return {
        "what": f"{number}. {one.candidate.practice.title[:34]}",
        "value": one.value,
        "said": f"{one.value:.2f}{' proposed' if chosen else ''}",
        "kind": "proposed" if chosen else "not proposed",
    }

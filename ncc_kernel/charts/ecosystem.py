"""Pictures of the ecosystem map in bars: who and what is on it, needs beside capabilities."""

from collections.abc import Mapping, Sequence

import altair as alt

from ncc_kernel.analysis.ecosystem import Counts, Match
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Table, typed
from ncc_kernel.charts.theme import BLUE, NARROW, ORANGE, given
from ncc_kernel.model.vocabulary import Vocabulary

NOT_SAID = "not said"
_NUMBERED = alt.X("count:Q", title=None, axis=None)
"""The number stands at the end of each bar; a scale below would say it twice."""


def counts_figure(
    counts: Counts,
    *,
    finding: str,
    measure: str,
    words: Vocabulary | None,
    source: str,
    blank: Sequence[str] = (),
) -> Figure:
    """Horizontal bars of counts, in the order given; what was left empty is named so.

    `blank` are codes that nothing has: they are named and stand in the table, without a bar.
    """
    rows = [{"what": _label(code, words), "count": count} for code, count in counts]
    order = [_label(code, words) for code, _count in counts]
    base = alt.Chart(given(rows)).encode(
        y=alt.Y(
            "what:N",
            sort=order,
            title=None,
            axis=alt.Axis(domain=False, ticks=False),
        ),
        x=_NUMBERED,
    )
    bars = base.mark_bar(color=BLUE, height=14)
    numbers = base.mark_text(align="left", dx=4).encode(text=alt.Text("count:Q"))
    none = f" Not there yet: {', '.join(_label(code, words) for code in blank)}." if blank else ""
    return Figure(
        finding=finding,
        measure=f"{measure}{none}",
        chart=alt.layer(bars, numbers).properties(
            width=NARROW - 250, height=24 * max(len(rows), 2)
        ),
        table=Table(
            measure,
            ("What", "Number"),
            tuple(
                (typed(_label(code, words)), count)
                for code, count in (*counts, *((code, 0) for code in blank))
            ),
            frozenset({1}),
        ),
        source=source,
    )


def matches_figure(matches: Sequence[Match], *, labels: Mapping[str, str], source: str) -> Figure:
    """Pressing needs of initiatives beside capabilities of agents, for each kind of support."""
    rows = [
        {"kind": labels[match.kind], "side": side, "count": count}
        for match in matches
        for side, count in (
            ("initiatives that need it", match.needing),
            ("agents that can give it", match.offering),
        )
    ]
    sides = ["initiatives that need it", "agents that can give it"]
    base = alt.Chart(given(rows)).encode(
        y=alt.Y(
            "kind:N",
            title=None,
            sort=[labels[m.kind] for m in matches],
            axis=alt.Axis(domain=False, ticks=False),
        ),
        yOffset=alt.YOffset("side:N", sort=sides),
        x=_NUMBERED,
    )
    bars = base.mark_bar(height=14).encode(
        color=alt.Color(
            "side:N",
            title=None,
            sort=sides,
            scale=alt.Scale(domain=sides, range=[ORANGE, BLUE]),
        )
    )
    numbers = base.mark_text(align="left", dx=4).encode(text=alt.Text("count:Q"))
    chart = alt.layer(bars, numbers).properties(width=NARROW - 130, height=44 * len(matches))
    return Figure(
        finding=_matches_finding(matches, labels),
        measure=f"Needs of 2 or 3 of 3 among initiatives, capabilities of 2 or 3 of 3 among agents. {_unsaid(matches)}",
        chart=chart,
        table=Table(
            "Needs and capabilities",
            (
                "Support",
                "Initiatives that need it",
                "Agents that can give it",
                "Initiatives that did not say",
            ),
            tuple((labels[m.kind], m.needing, m.offering, m.unknown) for m in matches),
            frozenset({1, 2, 3}),
        ),
        source=source,
    )


def _unsaid(matches: Sequence[Match]) -> str:
    most = max(match.unknown for match in matches)
    return f"Initiatives that did not say: up to {most}." if most else ""


def _matches_finding(matches: Sequence[Match], labels: Mapping[str, str]) -> str:
    if not any(match.needing or match.offering for match in matches):
        return "No entry says yet what it needs much of or can give."
    short = max(matches, key=lambda match: match.needing - match.offering)
    if short.needing <= short.offering:
        return "For each kind of support there are at least as many helpers as pressing needs."
    return (
        f"{labels[short.kind]} is short: initiatives that need it {short.needing}, "
        f"agents that can give it {short.offering}."
    )


def isolated(words: Vocabulary, code: str) -> str:
    """The label within a sentence; a code that nobody knows does not turn the words around it."""
    if code in words.codes:
        return words.label(code)
    return f"\N{FIRST STRONG ISOLATE}{code}\N{POP DIRECTIONAL ISOLATE}"


def _label(code: str, words: Vocabulary | None) -> str:
    if not code:
        return NOT_SAID
    return words.label(code) if words else code

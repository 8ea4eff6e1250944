"""Pictures of the self-assessment: a country's profile, and the spread over the EU."""

import functools
from collections.abc import Sequence

import altair as alt

from ncc_kernel.analysis.peers import Peers
from ncc_kernel.analysis.profile import Profile, Score
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Table
from ncc_kernel.charts.theme import (
    BLUE,
    INK,
    NARROW,
    ORANGE,
    PALE,
    PAPER,
    QUIET,
    Specification,
    given,
    pixels,
    specification,
)
from ncc_kernel.model.guide import Guide

_SCALE = alt.Scale(domain=[0, 5])
_LEVELS = alt.Axis(values=[0, 1, 2, 3, 4, 5], format="d", labelFlush=False)
_DIMENSIONS = alt.Axis(domain=False, ticks=False, labelPadding=12)
"""The padding leaves room for a mark at level 0."""


def profile_figure(
    guide: Guide, profile: Profile, *, name: str, peers: Peers, before: Profile | None, source: str
) -> Figure:
    """The country's mean level per dimension, beside the EU's median and its own last cycle."""
    return Figure(
        finding=profile_finding(guide, profile, name=name, peers=peers),
        measure=f"Mean level of the answered statements per dimension, 0 to 5. {_legend(profile, peers, before)}",
        chart=_profile_chart(tuple(dimension.short for dimension in guide.dimensions)),
        datasets={
            "profile": [_profile_row(guide, score, peers, before) for score in profile.scores]
        },
        table=_profile_table(guide, profile, peers, before),
        source=source,
    )


def profile_finding(guide: Guide, profile: Profile, *, name: str, peers: Peers) -> str:
    """What the picture shows, in a sentence."""
    shown = [score for score in profile.scores if score.shown is not None]
    if not shown:
        return f"{name} has too few answers to show any dimension yet."
    compared = [(s.shown, band.median) for s in shown if (band := peers.band(s.dimension))]
    if compared:
        above = sum(value is not None and value > median for value, median in compared)
        of = f"{len(compared)} dimensions" if len(compared) > 1 else "1 dimension that it can show"
        return f"{name} stands above the EU median in {above} of {of}."
    best = max(shown, key=lambda score: score.shown or 0)
    return f"{name} is strongest in {guide.dimension(best.dimension).name}."


def _legend(profile: Profile, peers: Peers, before: Profile | None) -> str:
    parts = [f"Bar and number: cycle {profile.cycle}."] if profile.shows else []
    if before is not None and before.shows:
        parts.append(f"Ring: cycle {before.cycle}.")
    if peers.bands:
        fewest = min(band.count for band in peers.bands)
        parts.append(f"Stroke: EU median; band: EU quartiles, from {fewest} countries or more.")
    return " ".join(parts)


@functools.cache
def _profile_chart(order: tuple[str, ...]) -> Specification:
    """Without data: altair takes as long as the drawing, and a form draws at each answer."""
    width = NARROW - 90
    base = alt.Chart(alt.NamedData(name="profile")).encode(
        y=alt.Y("dimension:N", sort=list(order), title=None, axis=_DIMENSIONS)
    )
    value = alt.X("value:Q", scale=_SCALE, title="Level", axis=_LEVELS)
    band = base.mark_bar(color=PALE, height=24).encode(
        x=alt.X("lower:Q", scale=_SCALE), x2=alt.X2("upper:Q")
    )
    bars = base.mark_bar(color=BLUE, height=11).encode(x=value)
    # A bar of 0 has no length, and 0 must not look like nothing.
    ends = base.mark_tick(color=BLUE, thickness=3, size=11, opacity=1).encode(x=alt.X("value:Q"))
    median = base.mark_tick(color=INK, thickness=3, size=24, opacity=1).encode(x=alt.X("median:Q"))
    last = base.mark_point(
        fill=PAPER, stroke=ORANGE, size=70, strokeWidth=2.5, opacity=1, filled=True
    ).encode(x=alt.X("last:Q"))
    none = base.mark_text(align="left", dx=8, color=QUIET).encode(
        x=pixels(0), text=alt.Text("none:N")
    )
    numbers = base.mark_text(align="right", fontWeight="bold").encode(
        x=pixels(width + 36), text=alt.Text("number:N")
    )
    layers = (band, bars, ends, median, last, none, numbers)
    return specification(alt.layer(*layers).properties(width=width, height=272))


def _profile_row(
    guide: Guide, score: Score, peers: Peers, before: Profile | None
) -> dict[str, object]:
    band = peers.band(score.dimension)
    return {
        "dimension": guide.dimension(score.dimension).short,
        "value": score.shown,
        "lower": band.lower if band else None,
        "median": band.median if band else None,
        "upper": band.upper if band else None,
        "last": before.score(score.dimension).shown if before else None,
        "none": "" if score.shown is not None else "too few answers",
        "number": "" if score.shown is None else f"{score.shown:.1f}",
    }


def _profile_table(guide: Guide, profile: Profile, peers: Peers, before: Profile | None) -> Table:
    return Table(
        caption="Mean level per dimension",
        columns=("Dimension", "Level", "Answered", "EU median", "EU quartiles", "Last cycle"),
        rows=tuple(
            (
                guide.dimension(score.dimension).name,
                score.shown,
                f"{score.answered} of {score.applicable}",
                band.median if band else None,
                f"{band.lower:.1f} to {band.upper:.1f}" if band else None,
                before.score(score.dimension).shown if before else None,
            )
            for score in profile.scores
            for band in (peers.band(score.dimension),)
        ),
        numeric=frozenset({1, 2, 3, 4, 5}),
    )


def spread_figure(
    guide: Guide, profiles: Sequence[Profile], peers: Peers, *, source: str
) -> Figure:
    """How far the countries are apart in each dimension; no country is named or ranked."""
    return Figure(
        finding=_spread_finding(guide, peers),
        measure="Each dot is a country's mean level, 0 to 5; band: quartiles, stroke: median.",
        chart=_spread_chart(guide, profiles, peers),
        table=_spread_table(guide, peers),
        source=source,
    )


def _spread_finding(guide: Guide, peers: Peers) -> str:
    if not peers.bands:
        return "Fewer than five countries have answered enough to show the EU's values."
    high = max(peers.bands, key=lambda band: band.median)
    low = min(peers.bands, key=lambda band: band.median)
    return (
        f"The EU median is highest in {guide.dimension(high.dimension).name} ({high.median:.1f}) "
        f"and lowest in {guide.dimension(low.dimension).name} ({low.median:.1f})."
    )


def _spread_chart(guide: Guide, profiles: Sequence[Profile], peers: Peers) -> alt.TopLevelMixin:
    order = [dimension.short for dimension in guide.dimensions]
    bands = [
        {
            "dimension": guide.dimension(band.dimension).short,
            "lower": band.lower,
            "median": band.median,
            "upper": band.upper,
        }
        for band in peers.bands
    ]
    dots = [
        {"dimension": guide.dimension(score.dimension).short, "value": round(score.shown, 2)}
        for profile in profiles
        for score in profile.scores
        if score.shown is not None and peers.band(score.dimension)
    ]
    y = alt.Y(
        "dimension:N",
        sort=order,
        title=None,
        axis=_DIMENSIONS,
        scale=alt.Scale(domain=order),
    )
    base = alt.Chart(given(bands)).encode(y=y)
    band = base.mark_bar(color=PALE, height=22).encode(
        x=alt.X("lower:Q", scale=_SCALE, title="Level", axis=_LEVELS), x2=alt.X2("upper:Q")
    )
    median = base.mark_tick(color=INK, thickness=3, size=22, opacity=1).encode(x=alt.X("median:Q"))
    points = (
        alt.Chart(given(dots))
        .mark_circle(color=BLUE, size=34, opacity=0.55)
        .encode(y=y, x=alt.X("value:Q", scale=_SCALE))
    )
    return alt.layer(band, points, median).properties(width=NARROW - 70, height=264)


def _spread_table(guide: Guide, peers: Peers) -> Table:
    return Table(
        caption="Median and quartiles per dimension",
        columns=("Dimension", "Lower quartile", "Median", "Upper quartile", "Countries"),
        rows=tuple(
            (guide.dimension(band.dimension).name, band.lower, band.median, band.upper, band.count)
            for band in peers.bands
        ),
        numeric=frozenset({1, 2, 3, 4}),
    )

"""The summary of a brief: three to five sentences made from the data, each with its number."""

from collections.abc import Sequence

from ncc_kernel.analysis.ecosystem import Ecosystem
from ncc_kernel.analysis.gaps import Finding
from ncc_kernel.analysis.peers import Peers
from ncc_kernel.analysis.profile import Change, Profile
from ncc_kernel.model.guide import Guide

NEAR = 0.25
"""Levels within which a mean counts as "about" the EU median."""


def country_summary(
    guide: Guide,
    profile: Profile,
    *,
    name: str,
    peers: Peers,
    changes: Sequence[Change],
    found: tuple[Sequence[Finding], Sequence[Finding]],
    ecosystem: Ecosystem,
) -> tuple[str, ...]:
    """What a minister reads first; `found` are strengths and gaps. Nothing is said without data."""
    strong, weak = found
    sentences = [
        _coverage(profile, name),
        _standing(guide, profile, peers),
        _movement(guide, changes),
        _findings(strong, weak),
        _map(ecosystem),
    ]
    return tuple(sentence for sentence in sentences if sentence)


def _coverage(profile: Profile, name: str) -> str:
    if not profile.started:
        return f"{name} has not answered the self-assessment of this cycle yet."
    shown = sum(score.shown is not None for score in profile.scores)
    return (
        f"{name} answered {profile.answered} of {profile.applicable} applicable statements "
        f"({profile.coverage:.0%}), enough to show {shown} of {len(profile.scores)} dimensions."
    )


def _standing(guide: Guide, profile: Profile, peers: Peers) -> str:
    shown = [(score.shown, score.dimension) for score in profile.scores if score.shown is not None]
    if not shown:
        return ""
    (high, best), (low, worst) = max(shown, key=lambda s: s[0]), min(shown, key=lambda s: s[0])
    if len(shown) == 1:
        return (
            f"The only dimension that can be shown is {_name(guide, best)}, at {high:.1f} of 5"
            f"{_against(high, best, peers)}."
        )
    if high == low:
        return f"The {len(shown)} dimensions that can be shown are equal, at {high:.1f} of 5."
    return (
        f"Its strongest dimension is {_name(guide, best)} at {high:.1f} of 5"
        f"{_against(high, best, peers)}; its weakest is {_name(guide, worst)} at {low:.1f}"
        f"{_against(low, worst, peers)}."
    )


def _against(value: float, dimension: str, peers: Peers) -> str:
    band = peers.band(dimension)
    if band is None:
        return ""
    apart = value - band.median
    word = "about" if abs(apart) < NEAR else "above" if apart > 0 else "below"
    return f" ({word} the EU median of {band.median:.1f})"


def _movement(guide: Guide, changes: Sequence[Change]) -> str:
    if not changes:
        return ""
    up = sum(change.by >= NEAR for change in changes)
    down = sum(change.by <= -NEAR for change in changes)
    most = max(changes, key=lambda change: abs(change.by))
    return (
        f"Since the last cycle {up} of {len(changes)} comparable dimensions rose and {down} fell; "
        f"the largest change is {_name(guide, most.dimension)}, {signed(most.by)}."
    )


def signed(levels: float) -> str:
    """A difference with its sign, a true minus, and no sign on what rounds to nothing."""
    rounded = round(levels, 1)
    return f"{rounded:+.1f}".replace("-", "\N{MINUS SIGN}") if rounded else "0.0"


def _findings(strong: Sequence[Finding], weak: Sequence[Finding]) -> str:
    if not strong and not weak:
        return ""
    urgent = sum(gap.urgent for gap in weak)
    return (
        f"{counted(len(strong), 'statement')} stand{'s' if len(strong) == 1 else ''} at level 4 or "
        f"5 and can be shared; {len(weak)} stand{'s' if len(weak) == 1 else ''} at level 2 or "
        f"below, {urgent} of them with high priority."
    )


def _map(ecosystem: Ecosystem) -> str:
    if ecosystem.empty:
        return "Nothing is on the ecosystem map yet."
    return (
        f"The ecosystem map holds {counted(len(ecosystem.agents), 'agent')}, "
        f"{counted(len(ecosystem.initiatives), 'initiative')} and "
        f"{counted(len(ecosystem.links), 'link')} between them."
    )


def counted(number: int, noun: str) -> str:
    """For example "1 agent", "3 agents"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _name(guide: Guide, dimension: str) -> str:
    return guide.dimension(dimension).name

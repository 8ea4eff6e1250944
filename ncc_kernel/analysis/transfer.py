"""Which practice fits which open challenge of another country, as an offer to both teams.

Four things speak for a fit, each from none to full: a shared ESF+ objective (without one there is
no offer), a challenge in like words, a context that lets it travel, and readiness. All four are
shown, so that people can judge the offer instead of a number.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ncc_kernel.analysis.cocreation import Cocreation, Ref
from ncc_kernel.analysis.scaling import Initiatives, Portfolio, Standing, challenges_of, standings
from ncc_kernel.model.ecosystem import Challenge
from ncc_kernel.model.scaling import Practice

READY = 5
"""The readiness from which a practice is offered: it works at least in a protected setting."""

KEPT = 40
"""Practices looked at for each objective, the readiest first."""

CHECKS = 5
"""Points of the check of transferability."""

_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Offer:
    """A practice of one country that fits an open challenge of another, and what speaks for it."""

    practice: Standing
    challenge: Ref
    title: str
    objectives: tuple[str, ...]
    alike: float
    context: float
    neighbours: bool

    @property
    def fit(self) -> float:
        """All four together, 0 to 1."""
        ready = (self.practice.readiness or 0) / 9
        return (1 + self.alike + self.context + ready) / 4

    def concerns(self, country: str) -> bool:
        """Whether the country gives or takes here."""
        return country in (self.practice.ref[0], self.challenge[0])


def open_challenges(
    challenges: Mapping[Ref, Challenge],
    work: Cocreation,
    portfolio: Portfolio,
    initiatives: Initiatives,
) -> dict[Ref, Challenge]:
    """The challenges for which no practice has been chosen to be scaled."""
    answered: set[Ref] = set()
    for ref, one in portfolio.selections.items():
        practice = portfolio.practices.get((ref[0], one.practice))
        if one.outcome == "scale" and practice is not None:
            keys = challenges_of((ref[0], one.practice), practice, work, initiatives)
            answered |= {(ref[0], key) for key in keys}
    return {ref: one for ref, one in challenges.items() if ref not in answered}


def offers(
    challenges: Mapping[Ref, Challenge],
    work: Cocreation,
    portfolio: Portfolio,
    initiatives: Initiatives,
    *,
    consortia: Mapping[str, frozenset[str]],
    found: Sequence[Standing] | None = None,
    best: int = 2,
) -> tuple[Offer, ...]:
    """For each open challenge the `best` practices of other countries, by the challenge's country.

    `found` are the practices' standings, where they are known already.
    """
    stand = standings(portfolio) if found is None else found
    ready = _ready(challenges, work, stand, initiatives)
    made: list[Offer] = []
    for ref, challenge in sorted(open_challenges(challenges, work, portfolio, initiatives).items()):
        pool = {
            one.ref: (one, about)
            for code in challenge.objectives
            for one, about in ready.get(code, ())
            if one.ref[0] != ref[0]
        }
        fitting = [_offer(one, about, ref, challenge, consortia) for one, about in pool.values()]
        fitting.sort(key=lambda offer: (-round(offer.fit, 6), offer.practice.ref))
        made += fitting[:best]
    return tuple(made)


_About = tuple[frozenset[str], tuple[str, ...]]
"""The words of the challenges that a practice answers, and its objectives."""


def _ready(
    challenges: Mapping[Ref, Challenge],
    work: Cocreation,
    stand: Sequence[Standing],
    initiatives: Initiatives,
) -> dict[str, tuple[tuple[Standing, _About], ...]]:
    """The practices that may be offered, by objective, the readiest first."""
    by_objective: dict[str, list[tuple[Standing, _About]]] = {}
    for one in stand:
        if one.readiness is None or one.readiness < READY:
            continue
        keys = challenges_of(one.ref, one.practice, work, initiatives)
        answers = [c for key in keys if (c := challenges.get((one.ref[0], key))) is not None]
        objectives = _objectives(one.practice, answers)
        words = frozenset().union(*(words_of(answer.title) for answer in answers))
        for code in objectives:
            by_objective.setdefault(code, []).append((one, (words, objectives)))
    return {code: _readiest(found) for code, found in by_objective.items()}


def _readiest(
    found: Sequence[tuple[Standing, _About]],
) -> tuple[tuple[Standing, _About], ...]:
    ordered = sorted(
        found, key=lambda one: (-(one[0].readiness or 0), -(one[0].evidence or 0), one[0].ref)
    )
    return tuple(ordered[:KEPT])


def _objectives(practice: Practice, answers: Sequence[Challenge]) -> tuple[str, ...]:
    codes = [*practice.objectives, *(code for one in answers for code in one.objectives)]
    return tuple(dict.fromkeys(codes))


def _offer(
    one: Standing,
    about: _About,
    ref: Ref,
    challenge: Challenge,
    consortia: Mapping[str, frozenset[str]],
) -> Offer:
    words, objectives = about
    wanted = words_of(challenge.title)
    together = words & wanted
    alike = len(together) / len(words | wanted) if together else 0.0
    none: frozenset[str] = frozenset()
    neighbours = bool(consortia.get(ref[0], none) & consortia.get(one.ref[0], none))
    ticked = min(CHECKS, len(set(one.practice.transferable))) / CHECKS
    return Offer(
        one,
        ref,
        challenge.title,
        tuple(code for code in objectives if code in challenge.objectives),
        alike,
        (ticked + neighbours) / 2,
        neighbours,
    )


def words_of(text: str) -> frozenset[str]:
    """The words of a title that carry meaning: four letters and more."""
    return frozenset(word.casefold() for word in _WORD.findall(text))

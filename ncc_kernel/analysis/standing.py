"""What of a country is compared when groups are formed, and what it needs and offers.

Levels and needs are known per dimension, only where enough is answered; what is not known is left
out of every comparison, never counted as 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ncc_kernel.analysis.gaps import STRONG, URGENT, WEAK
from ncc_kernel.analysis.profile import Answers, Profile, score_profile
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.guide import LEVELS, Guide


@dataclass(frozen=True, slots=True)
class Need:
    """A statement on which a country needs support; `weight` grows with priority and distance."""

    country: str
    statement: str
    dimension: str
    weight: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A statement on which a country can help others."""

    country: str
    statement: str
    dimension: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A country's levels and the shares of its statements that need support, by dimension."""

    country: str
    levels: Mapping[str, float]
    shares: Mapping[str, float]
    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    comparable: bool

    def needs_in(self, dimension: str) -> int:
        """How many statements of the dimension it needs support on."""
        return sum(need.dimension == dimension for need in self.needs)

    def offers_in(self, dimension: str) -> int:
        """How many statements of the dimension it can help with."""
        return sum(offer.dimension == dimension for offer in self.offers)


def comparable(profile: Profile) -> bool:
    """Whether more than half of the dimensions are known, so that any two such share some."""
    return sum(score.shown is not None for score in profile.scores) * 2 > len(profile.scores)


def standing(guide: Guide, answers: Answers, *, country: str, cycle: str) -> Standing:
    """The standing that these answers make."""
    profile = score_profile(guide, answers, country=country, cycle=cycle)
    levels = {one.dimension: one.shown for one in profile.scores if one.shown is not None}
    needs = needs_of(guide, answers, country=country)
    counted = {code: sum(need.dimension == code for need in needs) for code in levels}
    shares = {one: counted[one] / profile.score(one).answered for one in levels}
    offers = tuple(
        Offer(country, question.code, question.dimension)
        for question in guide.questions
        if (given := answers.get(question.code)) is not None and can_help(given)
    )
    return Standing(country, levels, shares, needs, offers, comparable(profile))


def standings(
    guide: Guide, by_country: Mapping[str, Answers], *, cycle: str
) -> tuple[Standing, ...]:
    """Every country's standing, by code: the order in which they came is forgotten."""
    return tuple(
        standing(guide, by_country[code], country=code, cycle=cycle) for code in sorted(by_country)
    )


def needs_of(guide: Guide, answers: Answers, *, country: str) -> tuple[Need, ...]:
    """Statements that the country asks support for, and gaps that it gives a high priority."""
    return tuple(
        Need(country, question.code, question.dimension, weight(given))
        for question in guide.questions
        if (given := answers.get(question.code)) is not None and in_need(given)
    )


def in_need(answer: Answer) -> bool:
    """Whether it says so itself, or is weak with a high priority. Source: our draft guide."""
    if answer.level is None:
        return False
    return answer.needs or (answer.level <= WEAK and (answer.priority or 0) >= URGENT)


def can_help(answer: Answer) -> bool:
    """Whether it stands at level 4 or 5 and offers support. Source: our draft guide."""
    return answer.level is not None and answer.level >= STRONG and answer.offers


def weight(answer: Answer) -> int:
    """Priority times the levels still to go; without a target one level, without a priority 1."""
    level = answer.level or 0
    target = answer.target if answer.target is not None else level + 1
    return (answer.priority or 1) * min(max(target - level, 1), LEVELS - 1)


@dataclass(frozen=True, slots=True)
class Balance:
    """A dimension: the countries that need support in it, and those that can help."""

    dimension: str
    needing: tuple[str, ...]
    offering: tuple[str, ...]


def need_and_offer(guide: Guide, all_of_them: Iterable[Standing]) -> tuple[Balance, ...]:
    """Who needs and who offers, in the guide's order of dimensions."""
    known = tuple(all_of_them)
    return tuple(
        Balance(
            one.code,
            tuple(each.country for each in known if each.needs_in(one.code)),
            tuple(each.country for each in known if each.offers_in(one.code)),
        )
        for one in guide.dimensions
    )

"""The coordinator's rules for the groups, taken together: what they ask, or why they cannot hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from ncc_kernel.errors import Rejected
from ncc_kernel.model.community import MOST_GROUPS, GroupRule

MEND = "withdraw one of the rules, or change it"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the coordinator asks, in the order in which it was recorded."""

    given: tuple[GroupRule, ...] = ()

    @property
    def number(self) -> int:
        """How many groups there are: the last word on it, or four."""
        asked = [rule.number for rule in self.given if rule.number is not None]
        return asked[-1] if asked else MOST_GROUPS

    @property
    def moves(self) -> tuple[tuple[str, str, str], ...]:
        """Each country that is moved, whose group it joins, and why."""
        return tuple(
            (country, rule.to, rule.reason)
            for rule in self.given
            if rule.rule == "move" and rule.to is not None
            for country in rule.countries
        )

    def pairs(self, kind: str) -> tuple[tuple[str, str], ...]:
        """The pairs that must be `together` or `apart`."""
        found: list[tuple[str, str]] = []
        for rule in self.given:
            if rule.rule == kind:
                found += _pairs(sorted(rule.countries), chain=kind == "together")
        return tuple(dict.fromkeys(found))

    def reasons(self, country: str) -> tuple[GroupRule, ...]:
        """The rules that name the country."""
        return tuple(one for one in self.given if country in (*one.countries, one.to))

    def without(self, country: str) -> "Rules":
        """The rules as they are when that country is left out."""
        kept = (_less(rule, country) for rule in self.given)
        return Rules(tuple(rule for rule in kept if rule is not None))


def _pairs(countries: list[str], *, chain: bool) -> list[tuple[str, str]]:
    if chain:
        return list(pairwise(countries))
    return [(one, other) for index, one in enumerate(countries) for other in countries[index + 1 :]]


def _less(rule: GroupRule, country: str) -> GroupRule | None:
    if country not in (*rule.countries, rule.to):
        return rule
    left = tuple(one for one in rule.countries if one != country)
    fewest = 1 if rule.rule == "move" else 2
    if rule.to == country or len(left) < fewest:
        return None
    return rule.model_copy(update={"countries": left})


def check(rules: Rules, known: Iterable[str]) -> None:
    """Nothing, or Rejected with a sentence where two rules say opposite things."""
    codes = set(known)
    for rule in rules.given:
        for country in (*rule.countries, *((rule.to,) if rule.to else ())):
            if country not in codes:
                raise Rejected(f"A rule for the groups names {country}, which is no country.", MEND)
    label = {code: code for code in codes}
    for one, other in rules.pairs("together"):
        label = {c: label[one] if mine == label[other] else mine for c, mine in label.items()}
    for one, other in rules.pairs("apart"):
        if label[one] == label[other]:
            raise Rejected(
                f"The rules say that {one} and {other} must be together and must be apart.", MEND
            )
    moved: dict[str, str] = {}
    for country, to, _reason in rules.moves:
        if moved.setdefault(country, to) != to:
            raise Rejected(
                f"{country} is moved to the group of {moved[country]} and to that of {to}.", MEND
            )
    if circle := next((one for one, to in moved.items() if to in moved), None):
        raise Rejected(
            f"{circle} is moved to the group of {moved[circle]}, which is itself moved.", MEND
        )

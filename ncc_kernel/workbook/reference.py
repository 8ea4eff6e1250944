"""The EU's reference values: which part of the record they were taken from.

A brief compares a country with the EU. If that comparison followed every single answer, one
change in one country would change 27 briefs, and a printed one would never match a second print.
So the EU's values are taken at a seq, that seq stands in the record, and each page says it.
They are taken anew when the set of countries that can be compared changes, and by `--force`.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from ncc_kernel.analysis.group_rules import Rules
from ncc_kernel.analysis.peers import question_medians
from ncc_kernel.analysis.profile import Answers, Profile, score_profile
from ncc_kernel.analysis.standing import Standing, comparable, standing
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.community import GroupRule
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.revision import EU, Draft, Revision
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store

KEY = "peers"


def read_answers(
    store: Store, codes: tuple[str, ...], *, cycle: str, as_of: int | None = None
) -> dict[str, Answers]:
    """Every country's answers by question, in the order of the codes."""
    found = dict(each_answers(store, codes, cycle=cycle, as_of=as_of))
    return {code: found[code] for code in codes}


def each_answers(
    store: Store, codes: Iterable[str], *, cycle: str, as_of: int | None = None
) -> Iterator[tuple[str, Answers]]:
    """Each country, by code, and its answers by question; one country at a time."""
    left = deque(sorted(codes))
    found = store.each("answer", cycle=cycle, as_of=as_of)
    for country, answers in groupby(found, key=lambda one: one.country):
        while left and left[0] < country:
            yield left.popleft(), {}
        if left and left[0] == country:
            yield left.popleft(), {one.key: Answer.model_validate(one.payload) for one in answers}
    for code in left:
        yield code, {}


def score_all(
    guide: Guide, by_country: Mapping[str, Answers], *, cycle: str
) -> tuple[Profile, ...]:
    """The profile of every country, in their order."""
    return tuple(
        score_profile(guide, answers, country=code, cycle=cycle)
        for code, answers in by_country.items()
    )


def current_reference(store: Store, cycle: str) -> Revision | None:
    """The revision that says at which seq the EU's values were taken, if any does."""
    found = store.current("reference", country=EU, cycle=cycle, key=KEY)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Taken:
    """What the EU's values, learning groups and mentors are made from, of every country by code.

    `medians` are the EU's of each question; `as_of` is the seq of the answers, None for today's.
    """

    profiles: tuple[Profile, ...]
    standings: tuple[Standing, ...]
    medians: Mapping[str, float]
    as_of: int | None


def read_taken(store: Store, catalogue: Catalogue, cycle: str) -> Taken:
    """What was taken last, or what there is today before the first time.

    The answers are gone through country by country: all at once they would be the largest thing
    in the memory of an open form.
    """
    reference = current_reference(store, cycle)
    as_of = reference.payload["as_of"] if reference and reference.payload else None
    guide = catalogue.guide
    profiles: list[Profile] = []
    standings: list[Standing] = []
    levels: list[tuple[str, int | None]] = []
    for code, answers in each_answers(store, catalogue.codes, cycle=cycle, as_of=as_of):
        profiles.append(score_profile(guide, answers, country=code, cycle=cycle))
        standings.append(standing(guide, answers, country=code, cycle=cycle))
        levels.extend((question, one.level) for question, one in answers.items())
    return Taken(tuple(profiles), tuple(standings), question_medians(levels), as_of)


def read_rules(store: Store, cycle: str, *, as_of: int | None = None) -> Rules:
    """The coordinator's rules for the learning groups of a cycle, in the order of the record."""
    found = store.current("group_rule", country=EU, cycle=cycle, as_of=as_of)
    ordered = sorted(found, key=lambda one: one.seq)
    return Rules(tuple(GroupRule.model_validate(one.payload) for one in ordered))


def ensure_reference(
    store: Store, catalogue: Catalogue, *, cycle: str, at: datetime, renew: bool = False
) -> bool:
    """Take the EU's values anew where that is due; whether it was."""
    newest = {
        country: seq
        for (country, of, kind), seq in store.tips().items()
        if (of, kind) == (cycle, "answer")
    }
    reference = current_reference(store, cycle)
    taken = reference.payload["as_of"] if reference and reference.payload else 0
    since = [country for country, seq in newest.items() if seq > taken]
    alike = (_alike(store, catalogue.guide, cycle, country, taken) for country in since)
    if not since or (taken and not renew and all(alike)):
        return False
    base = reference.seq if reference else None
    draft = Draft(EU, cycle, "reference", KEY, base, {"as_of": max(newest.values())})
    return bool(store.append([draft], author="ncc run", at=at).written)


def _alike(store: Store, guide: Guide, cycle: str, country: str, taken: int) -> bool:
    """Whether a country counts now as it did when the values were taken."""
    now, then = (
        score_profile(guide, _answers_of(store, country, cycle, seq), country=country, cycle=cycle)
        for seq in (None, taken)
    )
    return _counts(now) == _counts(then)


def _answers_of(store: Store, country: str, cycle: str, as_of: int | None) -> Answers:
    found = store.current("answer", country=country, cycle=cycle, as_of=as_of)
    return {one.key: Answer.model_validate(one.payload) for one in found}


def _counts(profile: Profile) -> tuple[bool, bool]:
    """Whether it counts in the medians, and in the learning groups too."""
    return profile.shows, comparable(profile)

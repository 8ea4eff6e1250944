"""The learning community of a cycle: groups and mentors, from how countries stand and the coordinator's rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ncc_kernel.analysis.group_rules import Rules
from ncc_kernel.analysis.group_words import Words
from ncc_kernel.analysis.groups import Grouping, form_groups
from ncc_kernel.analysis.mentors import LIMIT, Mentoring, match_mentors
from ncc_kernel.analysis.standing import Standing
from ncc_kernel.errors import Rejected
from ncc_kernel.store.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Community:
    """Who learns with whom and who helps whom; `as_of` is the seq of the answers, if one was set."""

    words: Words
    mentoring: Mentoring
    as_of: int | None

    @property
    def grouping(self) -> Grouping:
        """The groups; without any, its fault says why."""
        return self.words.grouping

    @property
    def names(self) -> Mapping[str, str]:
        """How countries are called within a sentence."""
        return self.words.names


def make_community(
    catalogue: Catalogue,
    known: Sequence[Standing],
    *,
    rules: Rules,
    as_of: int | None = None,
    number: int | None = None,
    limit: int = LIMIT,
) -> Community:
    """The community of countries that stand so.

    Rules that contradict each other are a sentence in place of the groups, not an error: a page
    shows it and stands.
    """
    names = called(catalogue)
    try:
        grouping = form_groups(known, rules=rules, number=number)
    except Rejected as fault:
        grouping = Grouping(tuple(known), rules, number or rules.number, fault=fault.what)
    mentoring = match_mentors(known, group_of=grouping.place_of, names=names, limit=limit)
    return Community(Words(grouping, catalogue.guide, names), mentoring, as_of)


def called(catalogue: Catalogue) -> dict[str, str]:
    """Each country's name as it stands within a sentence."""
    names = {code: catalogue.country(code).name() for code in catalogue.codes}
    return names | {"NL": f"the {names['NL']}"}

"""Groups in words: what each wants to learn and can share, and why a country is in its own.

A group is named by its letter (in the alphabetical order of first members) and by its subjects,
never by how high it stands. No level of a single country is told.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from ncc_kernel.analysis.groups import PARTS, Grouping, Trial, distance
from ncc_kernel.analysis.peers import FEWEST
from ncc_kernel.analysis.standing import Standing
from ncc_kernel.model.guide import Guide

CLOSE = 0.75
"""Levels within which a country counts as close to its group in a dimension."""

SOME = 2
"""Members from whom on a group is said to need or to share something."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a grouping, in the names of the guide and of the countries."""

    grouping: Grouping
    guide: Guide
    names: Mapping[str, str]

    def letter(self, index: int) -> str:
        """For example "Group A"."""
        return f"Group {chr(ord('A') + index)}"

    def name(self, index: int) -> str:
        """The letter with what the group wants to learn and can share."""
        learns, shares = self.subjects(index)
        said = [f"learns {self._short(learns)}"] if learns else []
        said += [f"shares {self._short(shares)}"] if shares else []
        return f"{self.letter(index)}: {', '.join(said)}" if said else self.letter(index)

    def subjects(self, index: int) -> tuple[str, str]:
        """The dimensions that this group needs, and offers, more often than all do; "" for none."""
        learns = self._standing_out(index, "needs_in", without="")
        return learns, self._standing_out(index, "offers_in", without=learns)

    def _standing_out(self, index: int, of: str, *, without: str) -> str:
        ours, everybody = self._known(self.grouping.groups[index]), self._known(self.names)
        found: list[tuple[float, int, str]] = []
        for one in self.guide.dimensions:
            count = _counted(ours, of, one.code)
            if count >= SOME and one.code != without:
                usual = _counted(everybody, of, one.code) / len(everybody)
                found.append((count / len(ours) - usual, count, one.code))
        return max(found, key=lambda item: item[:2])[2] if found else ""

    def why(self, index: int) -> str:
        """What the members of a group have in common, in sentences with their numbers."""
        members = self.grouping.groups[index]
        known = self._known(members)
        if len(known) < SOME:
            return f"{len(members)} countries; too few have answered enough to say more."
        sentences = [
            f"{len(members)} countries, on average {self._within(known):.1f} levels apart."
        ]
        learns, shares = self.subjects(index)
        if learns:
            count = _counted(known, "needs_in", learns)
            sentences.append(f"{_verb(count, 'need')} support in {self._short(learns)}.")
        if shares:
            count = _counted(known, "offers_in", shares)
            sentences.append(f"{_verb(count, 'offer')} support in {self._short(shares)}.")
        alike = self._most_alike(known)
        sentences += [f"They are most alike in {self._short(alike)}."] if alike else []
        return " ".join(sentences)

    def _within(self, known: Sequence[Standing]) -> float:
        pairs = [distance(one, other) for at, one in enumerate(known) for other in known[at + 1 :]]
        return mean(pairs) / PARTS

    def _most_alike(self, known: Sequence[Standing]) -> str:
        """The dimension in which they differ least, where at least five of them are known."""
        found = []
        for one in self.guide.dimensions:
            levels = [each.levels[one.code] for each in known if one.code in each.levels]
            if len(levels) >= FEWEST:
                middle = median(levels)
                found.append((mean(abs(level - middle) for level in levels), one.code))
        return min(found)[1] if found else ""

    def member(self, code: str) -> str:
        """Why the country is in its group: what it shares with it, from the data."""
        return " ".join([*self._ruled(code), *self._compared(code)])

    def _ruled(self, code: str) -> list[str]:
        if code in self.grouping.moved:
            move = next(one for one in self.grouping.rules.moves if one[0] == code)
            return [
                f"Moved by the coordinator to the group of {self.names[move[1]]}: {_end(move[2])}"
            ]
        said = {
            "together": "Kept together by the coordinator with",
            "apart": "Kept apart by the coordinator from",
        }
        return [
            f"{said[rule.rule]} {self._list([c for c in rule.countries if c != code])}: "
            f"{_end(rule.reason)}"
            for rule in self.grouping.rules.reasons(code)
            if rule.rule in said
        ]

    def _compared(self, code: str) -> list[str]:
        own = self.grouping.by_code[code]
        if not own.comparable:
            said = f"{len(own.levels)} of {len(self.guide.dimensions)} dimensions"
            return [
                f"Placed where there was room: enough is answered in {said}, too few to compare."
            ]
        others = [one for one in self._known(self._company(code)) if one.country != code]
        if not others:
            return ["Nobody else in this group can be compared yet."]
        found = (self._near(own, others), self._exchange(own, others), self._distances(code))
        return [one for one in found if one]

    def _near(self, own: Standing, others: Sequence[Standing]) -> str:
        found = []
        for one in own.levels:
            theirs = [each.levels[one] for each in others if one in each.levels]
            if len(theirs) >= SOME and (apart := abs(own.levels[one] - median(theirs))) <= CLOSE:
                found.append((apart, one))
        near = [self._short(one) for _apart, one in sorted(found)[:2]]
        return f"Close to its group in {' and '.join(near)}." if near else ""

    def _exchange(self, own: Standing, others: Sequence[Standing]) -> str:
        needed = self._most(own, others, "needs_in", "needs_in")
        shared = self._most(own, others, "offers_in", "needs_in", without=needed)
        said = []
        if needed:
            said.append(f"needs support in {self._short(needed[0])}, as {_others(needed[1])}")
        if shared:
            said.append(f"offers support in {self._short(shared[0])}, {_wanted(shared[1])}")
        return f"It {', and '.join(said)}." if said else ""

    def _most(
        self,
        own: Standing,
        others: Sequence[Standing],
        mine: str,
        theirs: str,
        *,
        without: tuple[str, int] | None = None,
    ) -> tuple[str, int] | None:
        """The dimension where the country does one thing and most of the others the other."""
        found = [
            (_counted(others, theirs, one.code), one.code)
            for one in self.guide.dimensions
            if getattr(own, mine)(one.code) and (without is None or one.code != without[0])
        ]
        count, code = max(found, key=lambda item: item[0], default=(0, ""))
        return (code, count) if count else None

    def _distances(self, code: str) -> str:
        own = self.grouping.by_code[code]
        apart = {}
        for index, group in enumerate(self.grouping.groups):
            others = [one for one in self._known(group) if one.country != code]
            if others:
                apart[index] = mean(distance(own, one) for one in others) / PARTS
        here = apart.pop(self.grouping.place_of[code])
        said = f"On average {here:.1f} levels from the others"
        if not apart:
            return f"{said}."
        next_best = min(apart, key=lambda index: (apart[index], index))
        than = f"{apart[next_best]:.1f} from {self.letter(next_best)}"
        if round(apart[next_best], 1) >= round(here, 1):
            return f"{said}, and {than}, the next nearest."
        return f"{said}; {than}, which would be nearer, but sizes and the others decide too."

    def other_number(self, other: Grouping) -> str:
        """What another number of groups would give, in a sentence."""
        if other.fault:
            return other.fault
        sizes = sorted({len(group) for group in other.groups})
        of = " or ".join(map(str, sizes))
        return (
            f"With {other.number} groups of {of} countries, a country would be on average "
            f"{other.apart:.2f} levels from the middle of its group; with "
            f"{self.grouping.number} groups it is {self.grouping.apart:.2f}."
        )

    def steadiness(self, tried: Sequence[Trial]) -> str:
        """How much the groups change when one country is left out, in sentences."""
        calm = sum(not one.changed for one in tried)
        said = (
            f"Leaving out one country, each of {len(tried)} in turn, changes nobody else's group "
            f"in {calm} of {len(tried)} cases."
        )
        often = Counter(code for one in tried for code in one.changed)
        if not often:
            return said
        shown = [
            f"{self.names[code]} ({count})"
            for code, count in sorted(often.items())
            if count > len(tried) // 5
        ]
        return f"{said} {_often(shown, len(often))}"

    def _list(self, codes: Sequence[str]) -> str:
        named = [self.names[code] for code in sorted(codes)]
        return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"

    def _company(self, code: str) -> tuple[str, ...]:
        return self.grouping.groups[self.grouping.place_of[code]]

    def _known(self, codes: Sequence[str] | Mapping[str, str]) -> list[Standing]:
        found = (
            self.grouping.by_code[code] for code in sorted(codes) if code in self.grouping.by_code
        )
        return [one for one in found if one.comparable]

    def _short(self, dimension: str) -> str:
        return self.guide.dimension(dimension).short.lower()


def _counted(standings: Sequence[Standing], of: str, dimension: str) -> int:
    return sum(getattr(one, of)(dimension) > 0 for one in standings)


def _verb(count: int, verb: str) -> str:
    return f"{count} of them {verb}{'s' if count == 1 else ''}"


def _others(count: int) -> str:
    return "1 other does" if count == 1 else f"{count} others do"


def _wanted(count: int) -> str:
    return "which 1 other needs" if count == 1 else f"which {count} others need"


def _often(shown: Sequence[str], moved: int) -> str:
    if not shown:
        return "No country changes its group in more than a fifth of the cases."
    return (
        f"Between two groups, with the number of cases: {', '.join(shown)}; {moved} change at all."
    )


def _end(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."

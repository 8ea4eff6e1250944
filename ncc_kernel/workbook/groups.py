"""Pieces of the learning community: the groups of all countries, a country's own, and mentors.

They are made from the answers that the EU's reference values are made from, so that an answer of
one country does not change the pages of the others; each piece says at which record.
"""

from collections.abc import Sequence

from markupsafe import Markup

from ncc_kernel.analysis.group_rules import Rules
from ncc_kernel.analysis.groups import NUMBERS, form_groups, trials
from ncc_kernel.analysis.mentors import Mentorship, Unmet
from ncc_kernel.analysis.standing import need_and_offer
from ncc_kernel.analysis.summary import counted
from ncc_kernel.charts.groups import GroupTile, groups_figure, need_offer_figure
from ncc_kernel.charts.markup import (
    Cell,
    Html,
    Piece,
    Table,
    beside,
    folded,
    listing,
    paragraph,
    section,
    typed,
)
from ncc_kernel.errors import Rejected
from ncc_kernel.model.revision import EU
from ncc_kernel.workbook.reading import Reading

ABOUT = (
    "Groups bring together countries of similar profile and need, in nearly equal numbers. "
    "They stand in alphabetical order; no group is above another."
)


def taken(read: Reading) -> str:
    """From which part of the record groups and mentors are taken."""
    as_of = read.community.as_of
    return f"record {as_of}" if as_of else "the current record"


def community(read: Reading) -> Html:
    """Groups, needs beside offers, and mentors, of all countries."""
    return Html(groups(read).html() + need_offer(read).html() + mentors(read).html())


def groups(read: Reading) -> Html:
    """All groups on tiles and as a table, with what the other number would give, and stability."""
    community = read.community
    grouping, words = community.grouping, community.words
    if not grouping.groups:
        return Html(section("Learning groups", paragraph(grouping.fault), *_rules(read)))
    tiles = [
        GroupTile(
            one.country,
            read.catalogue.country(one.country).tile,
            chr(ord("A") + grouping.place_of[one.country]),
            one.comparable,
        )
        for one in grouping.standings
    ]
    sizes = sorted({len(group) for group in grouping.groups})
    picture = groups_figure(
        tiles,
        finding=f"{len(grouping.groups)} learning groups of {' or '.join(map(str, sizes))} countries.",
        measure=f"Letter and colour: the group. {_starred(grouping.unknown)}".strip(),
        table=_members(read),
        source=f"Self-assessments as of {taken(read)}. {read.guide.status}",
    )
    items = (
        Markup("<strong>{}.</strong> {} {}").format(
            words.name(index),
            words.why(index),
            f"Members: {', '.join(_names(read, group))}.",
        )
        for index, group in enumerate(grouping.groups)
    )
    other = next(number for number in NUMBERS if number != grouping.number)
    rest = (
        *_rules(read),
        paragraph(_other(read, other)),
        paragraph(words.steadiness(trials(grouping))),
    )
    both = beside(listing(items), picture.html())
    return Html(section("Learning groups", paragraph(ABOUT), both, *rest))


def _other(read: Reading, number: int) -> str:
    """What the other number of groups would give, by the same rules."""
    grouping = read.community.grouping
    kept = Rules(tuple(one for one in grouping.rules.given if one.rule != "number"))
    try:
        other = form_groups(grouping.standings, rules=kept, number=number)
    except Rejected as fault:
        return fault.what
    said = read.community.words.other_number(other)
    members = "; ".join(", ".join(_names(read, group)) for group in other.groups)
    return f"{said} They would be: {members}." if members else said


def _starred(unknown: Sequence[str]) -> str:
    return (
        "A star: too little is answered to compare, placed where there was room." if unknown else ""
    )


def _names(read: Reading, codes: Sequence[str]) -> list[str]:
    return sorted(read.catalogue.country(code).name() for code in codes)


def _members(read: Reading) -> Table:
    words, grouping = read.community.words, read.community.grouping
    rows = sorted(
        (
            read.catalogue.country(code).name(),
            words.letter(index),
            typed(words.member(code)),
        )
        for index, group in enumerate(grouping.groups)
        for code in group
    )
    return Table("Why each country is in its group", ("Country", "Group", "Why"), tuple(rows))


def _rules(read: Reading) -> list[Markup]:
    """The coordinator's rules, as they were recorded, with their reasons."""
    labels = read.catalogue.vocabularies["group_rule"]
    rows = tuple(
        (
            labels.label(rule.rule),
            ", ".join(_names(read, rule.countries)) or str(rule.number),
            read.catalogue.country(rule.to).name() if rule.to else "",
            typed(rule.reason),
        )
        for rule in read.community.grouping.rules.given
    )
    columns = ("Rule", "Countries or number", "To the group of", "Reason")
    return (
        [Table("What the coordinator decided on the groups", columns, rows).html()] if rows else []
    )


def need_offer(read: Reading) -> Piece:
    """Who needs and who offers what, by country and dimension."""
    standings = read.community.grouping.standings
    if not any(one.needs or one.offers for one in standings):
        text = "No country has said yet on what it needs support or can help."
        return Html(section("Needs and offers", paragraph(text)))
    names = {code: read.catalogue.country(code).name() for code in read.catalogue.codes}
    return need_offer_figure(
        read.guide,
        standings,
        names=names,
        finding=_balance(read),
        source=f"Self-assessments as of {taken(read)}. {read.guide.status}",
    )


def _balance(read: Reading) -> str:
    """The dimension in which most needs meet fewest offers, in a sentence."""
    balances = need_and_offer(read.guide, read.community.grouping.standings)
    short = max(balances, key=lambda one: len(one.needing) - len(one.offering))
    name = read.guide.dimension(short.dimension).name
    return (
        f"{name}: {len(short.needing)} countries need support and {len(short.offering)} offer it."
    )


def mentors(read: Reading) -> Html:
    """All mentorships, and every need that none of them serves, with the reason."""
    mentoring = read.community.mentoring
    if not mentoring.mentorships and not mentoring.unmet:
        text = "No country has asked for support yet, so there is nobody to find a mentor for."
        return Html(section("Mentors", paragraph(text)))
    rows = tuple(_mentorship(read, one) for one in mentoring.mentorships)
    columns = ("Country", "Mentor", "In", "Statements", "Why from another group")
    served = sum(len(one.statements) for one in mentoring.mentorships)
    said = (
        f"{len(rows)} mentorships serve {served} needs; a country takes on at most "
        f"{mentoring.limit}. {len(mentoring.unmet)} needs are not served."
    )
    parts = [paragraph(said)]
    if rows:
        table = Table("Who helps whom", columns, rows).html()
        parts.append(folded(f"Who helps whom: {counted(len(rows), 'mentorship')}", table))
    return Html(section("Mentors", *parts, _unmet(read, mentoring.unmet)))


def _mentorship(read: Reading, one: Mentorship) -> tuple[Cell, ...]:
    return (
        read.catalogue.country(one.country).name(),
        read.catalogue.country(one.mentor).name(),
        read.guide.dimension(one.dimension).short,
        ", ".join(one.statements),
        f"{one.why_across[0].upper()}{one.why_across[1:]}." if one.why_across else "",
    )


def _unmet(read: Reading, unmet: Sequence[Unmet]) -> Markup:
    """The needs that nobody serves: a country sees its own, the EU everybody's, folded."""
    own = read.parameters.country != EU
    head = () if own else ("Country",)
    rows = tuple(
        (
            *(() if own else (read.catalogue.country(one.country).name(),)),
            f"{one.statement} {read.guide.question(one.statement).statement}",
            one.why,
        )
        for one in unmet
    )
    if not rows:
        return paragraph("Every need that was named has a mentor.")
    table = Table("Needs without a mentor", (*head, "Statement", "Why"), rows).html()
    quiet = Markup("<details><summary>Needs without a mentor: {}</summary>{}</details>")
    return quiet.format(len(rows), table)


def own_group(read: Reading) -> Html:
    """The country's group with the reason, its mentors, and whom it helps."""
    grouping, words = read.community.grouping, read.community.words
    code = read.parameters.country
    note = paragraph(f"Groups and mentors are taken from {taken(read)}.", "quiet small")
    if not grouping.groups:
        return Html(section("Learning group", paragraph(grouping.fault), *_mentors(read), note))
    index = grouping.place_of[code]
    others = [one for one in grouping.groups[index] if one != code]
    parts = (
        Markup("<p><strong>{}.</strong> With {}.</p>").format(
            words.name(index), ", ".join(_names(read, others))
        ),
        paragraph(typed(words.member(code))),
        paragraph(words.why(index), "quiet"),
    )
    return Html(section("Learning group", *parts, *_mentors(read), note))


def _mentors(read: Reading) -> list[Markup]:
    mentoring, code = read.community.mentoring, read.parameters.country
    helped, helping = mentoring.of(code), mentoring.by(code)
    unmet = [one for one in mentoring.unmet if one.country == code]
    items = [_helped(read, one) for one in helped] + [_helping(read, one) for one in helping]
    if not items and not unmet:
        return [paragraph("No need for support and no offer of it leads to a mentor yet.")]
    parts = (
        [section("Mentors", listing(items), _statements(read, (*helped, *helping)), level=3)]
        if items
        else []
    )
    return [*parts, _unmet(read, unmet)] if unmet else parts


def _statements(read: Reading, found: Sequence[Mentorship]) -> Markup:
    """What the codes of the statements stand for, for who does not know the guide by heart."""
    codes = sorted({code for one in found for code in one.statements})
    said = listing(f"{code} {read.guide.question(code).statement}" for code in codes)
    return folded("What these statements say", said)


def _helped(read: Reading, one: Mentorship) -> Markup:
    across = f" From another group: {one.why_across}." if one.why_across else ""
    return Markup("<strong>{}</strong> can help with {}: {}.{}").format(
        read.catalogue.country(one.mentor).name(),
        read.guide.dimension(one.dimension).short.lower(),
        ", ".join(one.statements),
        across,
    )


def _helping(read: Reading, one: Mentorship) -> str:
    return (
        f"{read.begins} can help {read.community.names[one.country]} with "
        f"{read.guide.dimension(one.dimension).short.lower()}: {', '.join(one.statements)}."
    )

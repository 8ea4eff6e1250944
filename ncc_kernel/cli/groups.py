"""`ncc groups`: the learning groups and mentors that today's answers make."""

import json
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ncc_kernel.errors import ParameterRejected
from ncc_kernel.paths import find_home
from ncc_kernel.store.catalogue import Catalogue, read_catalogue
from ncc_kernel.store.log import Store

if TYPE_CHECKING:
    from ncc_kernel.workbook.community import Community


def groups(
    *,
    cycle: Annotated[str | None, typer.Option(help="The round; the latest when left out.")] = None,
    number: Annotated[
        int | None,
        typer.Option(
            "--groups", help="How many groups, 3 or 4; else what the coordinator decided, or 4."
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Mentorships that a country takes on.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Form the learning groups and find mentors, from the answers as they are now."""
    from ncc_kernel.analysis.groups import NUMBERS, form_groups
    from ncc_kernel.analysis.standing import standings
    from ncc_kernel.workbook.community import make_community
    from ncc_kernel.workbook.reference import current_reference, read_answers, read_rules

    if number not in (None, *NUMBERS):
        raise ParameterRejected(f"There can be 3 or 4 groups, not {number}.", "write --groups 4")
    home = find_home(os.environ)
    catalogue = read_catalogue(home.data)
    round_ = _cycle(cycle, catalogue)
    with Store(home.store_url) as store:
        answers = read_answers(store, catalogue.codes, cycle=round_)
        rules = read_rules(store, round_)
        taken = current_reference(store, round_)
    known = standings(catalogue.guide, answers, cycle=round_)
    community = make_community(catalogue, known, rules=rules, number=number, limit=limit)
    # A page shows a sentence where rules contradict each other; a command ends with it.
    form_groups(community.grouping.standings, rules=rules, number=number)
    if community.grouping.fault:
        print(community.grouping.fault, file=sys.stderr)
    if as_json:
        print(json.dumps(as_dict(community), ensure_ascii=False))
        return
    _tell(community, catalogue)
    if taken is not None and taken.payload is not None:
        print(
            f"\nThe pages show groups and mentors as of record {taken.payload['as_of']}; "
            "ncc run --force takes them anew."
        )


def as_dict(community: "Community") -> dict[str, object]:
    """What `--json` prints."""
    words = community.words
    return {
        "groups": [
            {"name": words.name(index), "members": list(members), "why": words.why(index)}
            for index, members in enumerate(words.grouping.groups)
        ],
        "mentors": [
            {"need": ", ".join(one.statements), "mentor": one.mentor, "for": one.country}
            for one in community.mentoring.mentorships
        ],
        "unmet": [
            {"need": one.statement, "for": one.country, "why": one.why}
            for one in community.mentoring.unmet
        ],
    }


def _tell(community: "Community", catalogue: Catalogue) -> None:
    words, mentoring = community.words, community.mentoring
    for index, members in enumerate(words.grouping.groups):
        print(f"{words.name(index)}\n  {words.why(index)}")
        for code in members:
            print(f"  {code} {catalogue.country(code).name()}: {words.member(code)}")
        print()
    several = "" if mentoring.limit == 1 else "s"
    print(f"Mentors, at most {mentoring.limit} mentorship{several} each:")
    for one in mentoring.mentorships:
        print(f"  {one.mentor} helps {one.country}: {', '.join(one.statements)}")
    print(f"\nNeeds without a mentor: {len(mentoring.unmet)}")
    for need in mentoring.unmet:
        print(f"  {need.country} {need.statement}: {need.why}")


def _cycle(cycle: str | None, catalogue: Catalogue) -> str:
    known = [one.code for one in catalogue.cycles()]
    if cycle is not None and cycle not in known:
        raise ParameterRejected(f"{cycle!r} is not a cycle.", f"use one of {', '.join(known)}")
    return cycle or catalogue.latest_cycle()

"""The start page, by task: my country, what is due, how each workbook stands, what happened last."""

from dataclasses import dataclass
from datetime import date

from ncc_kernel.analysis.recap import Recap, recap
from ncc_kernel.model.account import Account
from ncc_kernel.model.permission import may
from ncc_kernel.model.programme import Programme
from ncc_kernel.model.revision import EU, EVERY_CYCLE, Revision
from ncc_kernel.serving.files import UPLOAD_LIMIT
from ncc_kernel.serving.plain import Page
from ncc_kernel.serving.service import Service


@dataclass(frozen=True, slots=True)
class Standing:
    """How one country stands in one cycle."""

    code: str
    name: str
    answered: int
    applicable: int
    state: str
    mapped: int
    last: date | None
    briefs: tuple[str, ...]


class Start(Page):
    """`/`."""

    def get(self) -> None:
        """The page for who asks."""
        service, account = self.service, self.account
        service.accounts.touch(self.session_token, at=service.now())
        cycle = service.catalogue.latest_cycle()
        codes = open_to(account, service.catalogue.codes)
        standings = read_standings(service, codes, cycle)
        mine = next((one for one in standings if one.code == account.country), None)
        programme = service.catalogue.programme_of(cycle)
        day = service.now().date()
        self.finish(
            self.page(
                "start.html",
                account=account,
                cycle=cycle,
                mine=mine,
                all=standings if account.role == "coordinator" else (),
                due=programme.steps_at(day),
                coming=programme.coming(day, limit=4),
                programme=programme,
                story=read_story(service, account.country, cycle),
                may_write=mine and may(account, "write", country=mine.code, kind="answer"),
                steps=_workbooks(programme),
                limit=UPLOAD_LIMIT // 2**20,
                eu=service.home.cycle_reports(cycle).joinpath(EU, "overview.html").is_file(),
            )
        )


def open_to(account: Account, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The countries whose work this account follows."""
    if account.role == "coordinator":
        return codes
    return (account.country,) if account.country in codes and account.country else ()


def read_standings(service: Service, codes: tuple[str, ...], cycle: str) -> tuple[Standing, ...]:
    """How these countries stand, by code."""
    wanted = set(codes)
    known = {question.code for question in service.catalogue.guide.questions}
    answers = _by_country(service.store.current("answer", cycle=cycle), wanted)
    states = _by_country(service.store.current("submission", cycle=cycle), wanted)
    agents = _by_country(service.store.current("agent", cycle=EVERY_CYCLE), wanted)
    return tuple(
        Standing(
            code=code,
            name=service.catalogue.country(code).name(),
            answered=_having(answers.get(code, []), known, "answered"),
            applicable=len(known) - _having(answers.get(code, []), known, "not_applicable"),
            state=_state(states.get(code, [])),
            mapped=len(agents.get(code, ())),
            last=max((one.at.date() for one in answers.get(code, ())), default=None),
            briefs=_briefs(service, code, cycle),
        )
        for code in codes
    )


def read_story(service: Service, country: str | None, cycle: str) -> Recap:
    """What happened so far: in one's country, or everywhere for those of none."""
    cycles = (cycle, EVERY_CYCLE)
    return recap(service.store.changes(0, country=country, cycles=cycles, limit=100_000), limit=6)


def _by_country(found: tuple[Revision, ...], wanted: set[str]) -> dict[str, list[Revision]]:
    grouped: dict[str, list[Revision]] = {}
    for one in found:
        if one.country in wanted:
            grouped.setdefault(one.country, []).append(one)
    return grouped


def _having(found: list[Revision], known: set[str], state: str) -> int:
    return sum(one.key in known and (one.payload or {}).get("state") == state for one in found)


def _state(found: list[Revision]) -> str:
    return str((found[0].payload or {}).get("state", "draft")) if found else "draft"


def _briefs(service: Service, code: str, cycle: str) -> tuple[str, ...]:
    folder = service.home.cycle_reports(cycle) / code
    return tuple(name for name in ("brief.html",) if (folder / name).is_file())


def _workbooks(programme: Programme) -> dict[str, str]:
    return {step.workbook: step.name for step in programme.steps if step.workbook}

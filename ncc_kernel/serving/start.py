"""The start page, by task: my country, what is due, how each workbook stands, what happened last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ncc_kernel.analysis.privacy import open_to_all
from ncc_kernel.analysis.recap import Recap, counted, recap
from ncc_kernel.model.account import Account, Present
from ncc_kernel.model.book import Book
from ncc_kernel.model.kinds import Area, kinds_in
from ncc_kernel.model.permission import may
from ncc_kernel.model.programme import Programme
from ncc_kernel.model.revision import EU, EVERY_CYCLE, Revision
from ncc_kernel.model.text import day_words
from ncc_kernel.serving.files import UPLOAD_LIMIT
from ncc_kernel.serving.plain import Page
from ncc_kernel.serving.published import Published, read_published
from ncc_kernel.serving.service import Service
from ncc_kernel.store.activity import Activity, activity_in, read_activity

RECORDED: dict[str, Area] = {
    "02_ecosystem_mapping": "map",
    "03_cocreation": "cocreation",
    "04_scaling": "scaling",
}
"""Which part of the record a workbook is about, where entries say how far it is."""

ABOUT = {
    "00_programme": "Where the year stands and how the group works. Two minutes.",
    "06_country_brief": "Made anew from the record as it is now.",
}


MANY = 1_000_000
"""Revisions, more than there are."""


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
    brief: Published


@dataclass(frozen=True, slots=True)
class Task:
    """One workbook on the start page: where it opens, and how far it is in words."""

    title: str
    address: str
    words: str
    last: str = ""
    brief: Published | None = None


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
                here=read_here(service, account),
                tasks=read_tasks(service, account, mine, cycle) if mine else (),
                together=read_together(service, programme, cycle),
                all=by_name(standings) if account.role == "coordinator" else (),
                countries={one.code: one.name() for one in service.catalogue.countries},
                due=programme.steps_at(day),
                coming=programme.coming(day, limit=4),
                programme=programme,
                story=read_story(service, account, cycle),
                may_write=mine and may(account, "write", country=mine.code, kind="answer"),
                books=service.books,
                limit=UPLOAD_LIMIT // 2**20,
            )
        )


def open_to(account: Account, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The countries whose work this account follows."""
    if account.role == "coordinator":
        return codes
    return (account.country,) if account.country in codes and account.country else ()


def by_name(standings: Sequence[Standing]) -> tuple[Standing, ...]:
    """In the order in which people look a country up; codes sort Germany before Denmark."""
    return tuple(sorted(standings, key=lambda one: one.name))


def read_here(service: Service, account: Account) -> tuple[Present, ...]:
    """Who else of one's country has a form open now."""
    if account.country is None:
        return ()
    return service.accounts.present(account.country, at=service.now(), besides=account.name)


def read_standings(service: Service, codes: tuple[str, ...], cycle: str) -> tuple[Standing, ...]:
    """How these countries stand, by code."""
    wanted = set(codes)
    known = {question.code for question in service.catalogue.guide.questions}
    answers = _by_country(service.store.current("answer", cycle=cycle), wanted)
    states = _by_country(service.store.current("submission", cycle=cycle), wanted)
    agents = read_activity(service.store, ["agent"], cycles=[EVERY_CYCLE], countries=codes)
    mapped = {one.country: one.count for one in agents}
    briefs = read_published(service, cycle, codes)
    return tuple(
        Standing(
            code=code,
            name=service.catalogue.country(code).name(),
            answered=_having(answers.get(code, []), known, "answered"),
            applicable=len(known) - _having(answers.get(code, []), known, "not_applicable"),
            state=_state(states.get(code, []), answers.get(code, [])),
            mapped=mapped.get(code, 0),
            last=max((one.at.date() for one in answers.get(code, ())), default=None),
            brief=briefs[code],
        )
        for code in codes
    )


def read_tasks(service: Service, account: Account, mine: Standing, cycle: str) -> tuple[Task, ...]:
    """Every workbook of a country, and how far it is."""
    kinds, cycles = kinds_in("form", *RECORDED.values()), (cycle, EVERY_CYCLE)
    if may(account, "read_private", country=mine.code, kind=""):
        done = read_activity(service.store, kinds, cycles=cycles, countries=(mine.code,))
    else:
        done = activity_in(_told(service, mine.code, cycles), kinds)
    books = [book for book in service.books.values() if book.scope == "country"]
    return tuple(_task(book, mine, done, cycle) for book in books)


def _task(book: Book, mine: Standing, done: tuple[Activity, ...], cycle: str) -> Task:
    address = f"/w/{book.name}?country={mine.code}&cycle={cycle}"
    brief = mine.brief if book.name == "06_country_brief" else None
    if book.name == "01_self_assessment":
        told = [one for one in done if one.kind in kinds_in("form")]
        words = (
            f"{mine.state.capitalize()}: {mine.answered} of {mine.applicable} applicable "
            "statements answered."
        )
        return Task(book.title, address, words, _last(told))
    area = RECORDED.get(book.name)
    if area is None:
        return Task(book.title, address, ABOUT.get(book.name, ""), brief=brief)
    told = [one for one in done if one.kind in kinds_in(area)]
    listed = ", ".join(f"{one.count} {counted(one.kind, one.count)}" for one in told if one.count)
    return Task(book.title, address, f"{listed}." if listed else "Nothing yet.", _last(told))


def _last(told: list[Activity]) -> str:
    if not told:
        return ""
    newest = max(told, key=lambda one: one.last)
    return f"Last: {day_words(newest.last)}, {newest.by}."


def read_together(service: Service, programme: Programme, cycle: str) -> tuple[Task, ...]:
    """The workbooks that are of no single country."""
    found = []
    for book in (one for one in service.books.values() if one.scope == EU):
        for topic in book.topics(programme) or ("",):
            more = f"&topic={topic}" if topic else ""
            address = f"/w/{book.name}?country={EU}&cycle={cycle}{more}"
            found.append(Task(book.titled(topic), address, ""))
    return tuple(found)


def read_story(service: Service, account: Account, cycle: str) -> Recap:
    """What happened so far: in one's country, or everywhere for those of none.

    Who may not read what is private to a country is told nothing of it.
    """
    cycles, country = (cycle, EVERY_CYCLE), account.country
    if may(account, "read_private", country=country or EU, kind=""):
        return recap(service.store.changes(0, country=country, cycles=cycles, limit=MANY), limit=6)
    return recap(_told(service, country, cycles), limit=6)


def _told(service: Service, country: str | None, cycles: Sequence[str]) -> tuple[Revision, ...]:
    """What is told to who may not read what is private."""
    found = service.store.changes(0, country=country, cycles=cycles, limit=MANY)
    return open_to_all(found)


def _by_country(found: tuple[Revision, ...], wanted: set[str]) -> dict[str, list[Revision]]:
    grouped: dict[str, list[Revision]] = {}
    for one in found:
        if one.country in wanted:
            grouped.setdefault(one.country, []).append(one)
    return grouped


def _having(found: list[Revision], known: set[str], state: str) -> int:
    return sum(one.key in known and (one.payload or {}).get("state") == state for one in found)


def _state(found: list[Revision], answers: list[Revision]) -> str:
    """How the self-assessment stands, in a word or two."""
    if found:
        return str((found[0].payload or {}).get("state", "draft"))
    return "draft" if answers else "not begun"

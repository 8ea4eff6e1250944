"""Pieces of a seminar's page: who needs it, contents, agenda, dates, who comes, what comes of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from markupsafe import Markup

from ncc_kernel.analysis.calendar import cop_events_on, of_programme
from ncc_kernel.analysis.dates import Judged, Search, judge_days, propose
from ncc_kernel.analysis.recap_story import decisions
from ncc_kernel.analysis.seminar import (
    FEWEST_MARKS,
    Wish,
    agenda,
    contents,
    dimensions_of,
    marks,
    seats,
    wishes,
)
from ncc_kernel.charts.markup import (
    Cell,
    Html,
    Table,
    linked,
    listing,
    paragraph,
    section,
    typed,
)
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.programme import Named
from ncc_kernel.model.revision import EU
from ncc_kernel.model.seminar import Evaluation, FollowUp, Registration, Seminar
from ncc_kernel.workbook.calendar import warnings
from ncc_kernel.workbook.dated import recorded
from ncc_kernel.workbook.opening import day
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.recap_story import proofs, recap_proofs, refs, sentence, shown_seqs

NOTICE = timedelta(days=21)
"""How long before a seminar people want to know its day; ours."""

MOST_CONTENTS = 5
"""Statements that fit into one seminar."""

F = TypeVar("F", bound=Frozen)


def topic_of(read: Reading) -> Named:
    """The seminar's topic as the programme names it; its first one on pages about none."""
    known = read.programme.seminars
    return next((one for one in known if one.code == read.parameters.topic), known[0])


@dataclass(frozen=True, slots=True)
class Held:
    """A seminar on this page's topic as the record has it."""

    key: str
    seminar: Seminar
    seq: int


def held(read: Reading) -> tuple[Held, ...]:
    """The recorded seminars on the topic, in the order of their days."""
    found = read.store.current("seminar", country=EU, cycle=read.parameters.cycle, as_of=read.until)
    ours = [Held(one.key, Seminar.model_validate(one.payload), one.seq) for one in found]
    topic = topic_of(read).code
    return tuple(
        sorted(
            (one for one in ours if one.seminar.topic == topic), key=lambda one: one.seminar.first
        )
    )


def needed(read: Reading) -> Html:
    """Who needs the seminar and who can show something, from the assessments."""
    topic = topic_of(read)
    found = _wishes(read)
    dimensions = dimensions_of(read.guide, topic.code)
    named = " and ".join(one.name for one in dimensions)
    need = _names(read, (one.country for one in found if one.needs))
    show = _names(read, (one.country for one in found if one.shares))
    unknown = _names(read, (one.country for one in found if one.standing == "unknown"))
    if len(unknown) == len(found):
        text = f"No country has answered enough on {named} yet to tell. The self-assessments come first."
        return Html(section("Who needs it", paragraph(text)))
    sentences = [
        f"{len(need)} of {len(found)} countries find themselves weak in a statement of {named} and say that it presses: {_list(need)}.",
        f"{len(show)} are strong in one and offer to show it: {_list(show)}.",
    ]
    if unknown:
        sentences.append(f"Of {len(unknown)} too little is answered to tell: {_list(unknown)}.")
    rows = tuple(
        (
            read.catalogue.country(one.country).name(),
            ", ".join(one.needs) or "none",
            ", ".join(one.shares) or "none",
        )
        for one in sorted(found, key=lambda one: read.catalogue.country(one.country).name())
        if one.needs or one.shares
    )
    columns = ("Country", "Presses in", "Can show")
    table = Table(f"Statements of {named}, by country in alphabetical order", columns, rows)
    note = "Presses: level 2 or below, with priority 4 or 5 or a need of support. Can show: level 4 or 5, with an offer."
    return Html(
        section(
            "Who needs it",
            listing(sentences, kind="lead"),
            _folded(table) if rows else Markup(),
            paragraph(note, "quiet small"),
        )
    )


def proposed_contents(read: Reading) -> Html:
    """What the seminar should treat, from the countries' gaps."""
    found = contents(read.guide, topic_of(read).code, read.everyones_answers)
    if not found:
        text = (
            "No country finds itself weak in a statement of this topic yet, so nothing is proposed."
        )
        return Html(section("Proposed contents", paragraph(text)))
    rows = tuple(
        (
            f"{one.question.code} {one.question.statement}",
            one.pressing,
            one.weak,
            one.next_step,
            ", ".join(_names(read, one.showing)) or "nobody yet",
        )
        for one in found
    )
    columns = ("Statement", "Presses", "Weak", "What the guide advises", "Who can show how")
    table = Table("Statements by how many countries they press", columns, rows, frozenset({1, 2}))
    words = f"The first {min(MOST_CONTENTS, len(found))} fit into one seminar."
    return Html(section("Proposed contents", paragraph(words), table.html()))


def agenda_piece(read: Reading) -> Html:
    """The agenda: the summary of the process, the SI CoP's information point, then the contents."""
    chosen = [
        f"{one.question.code} {one.question.statement}"
        for one in contents(read.guide, topic_of(read).code, read.everyones_answers)[:MOST_CONTENTS]
    ]
    found = held(read)
    if not found:
        text = "No seminar on this topic is recorded yet. This is what one would look like."
        return Html(section("Agenda", paragraph(text), _agenda(read, None, chosen)))
    parts = [
        section(
            typed(one.seminar.title),
            paragraph(Markup("{} {}").format(_facts(one.seminar), refs((one.seq,)))),
            *([paragraph(typed(one.seminar.about))] if one.seminar.about else []),
            _agenda(read, one.seminar, chosen),
            _materials(one.seminar),
            level=3,
        )
        for one in found
    ]
    return Html(section("Agenda", *parts))


def _facts(seminar: Seminar) -> str:
    until = f" to {day(seminar.last)}" if seminar.last and seminar.last != seminar.first else ""
    times = f", {seminar.begins}{f' to {seminar.ends}' if seminar.ends else ''} (Brussels)"
    where = "online" if seminar.mode == "online" else "on site"
    place = f", {seminar.place}" if seminar.place else ""
    return f"{day(seminar.first)}{until}{times if seminar.begins else ''}, {where}{place}. State: {seminar.state}."


def _agenda(read: Reading, seminar: Seminar | None, chosen: list[str]) -> Markup:
    cop = [one for one in recorded(read) if one.what == "cop_event"]
    on = seminar.first if seminar else (read.recap.last or date.min)
    nearest = next((one for one in cop if one.first >= on), None)
    point = f"next, {nearest.title} on {day(nearest.first)}" if nearest else ""
    points = agenda(
        chosen,
        begins=seminar.begins if seminar else "",
        cop=point,
        items=seminar.agenda if seminar else (),
    )
    return listing(
        (
            Markup('{}{} <span class="quiet">{} minutes</span>').format(
                Markup("<strong>{}</strong> ").format(one.at) if one.at else "",
                typed(one.words),
                one.minutes,
            )
            for one in points
        ),
        ordered=True,
    )


def _materials(seminar: Seminar) -> Markup:
    if not seminar.materials:
        return Markup()
    return section("Materials", listing(linked(one) for one in seminar.materials), level=4)


def dates(read: Reading) -> Html:
    """Days that are free for it, each with why; and a warning where the topic is doubled."""
    search = search_of(read)
    judged = judge_days(search, _iso2(read), _country_names(read))
    proposed = propose(judged)
    warned = warnings(read, topic_of(read).code)
    if not proposed:
        text = f"No day from {day(search.first)} to {day(search.last)} is free."
        return Html(section("When", warned, paragraph(text), _ruled_out(judged)))
    rows = tuple((f"{one.first:%A}, {day(one.first)}", _why(one, search)) for one in proposed)
    table = Table("Days proposed for an online seminar", ("Day", "Why"), rows)
    looked = f"Looked at: {len(judged)} days from {day(search.first)} to {day(search.last)}, {sum(one.free for one in judged)} of them free. Holidays are those of whole countries."
    return Html(
        section("When", warned, table.html(), _ruled_out(judged), paragraph(looked, "quiet small"))
    )


def search_of(read: Reading, first: date | None = None, last: date | None = None) -> Search:
    """What days are looked for: three weeks after the record's last day, within the programme."""
    topic = topic_of(read).code
    both = (*(one for one in of_programme(read.programme) if one.what == "event"), *recorded(read))
    busy = tuple(one for one in both if one.what in ("event", "seminar", "cop_event"))
    need = tuple(one.country for one in _wishes(read) if one.needs)
    windows = [window for row in read.programme.rows for window in row.windows] or [
        window for step in read.programme.steps for window in step.windows
    ]
    after = read.recap.last + NOTICE if read.recap.last else date.min
    begins = max(min(one.first for one in windows), after)
    ends = max(one.last for one in windows)
    return Search(
        first=first or min(begins, ends),
        last=last or ends,
        days=1,
        needing=need,
        others=tuple(code for code in read.catalogue.codes if code not in need),
        busy=busy,
        same_topic=cop_events_on(read.programme, topic, busy),
    )


def _why(one: Judged, search: Search) -> str:
    need = len(search.needing)
    those = "country that needs it" if need == 1 else f"{need} countries that need it"
    holiday = f"no holiday in the {those}, " if need else ""
    clear = (
        f"A working day with no event, {holiday}and no SI CoP event on the topic within two weeks."
    )
    return f"{clear} Against it: {'; '.join(one.against)}." if one.against else clear


def _ruled_out(judged: Iterable[Judged]) -> Markup:
    rows = tuple(
        (f"{one.first:%A}, {day(one.first)}", Markup("; ").join(typed(r) for r in one.ruled_out))
        for one in judged
        if not one.free and one.first.weekday() < 5  # noqa: PLR2004  # weekends need no reason
    )
    if not rows:
        return Markup()
    return _folded(Table("Working days that are not free, and why", ("Day", "Why not"), rows))


def people(read: Reading) -> Html:
    """Who is registered and who came, by country in alphabetical order."""
    parts = []
    for one in held(read):
        given = _of(read, "registration", Registration, one.key)
        total = seats([registration for _country, registration in given])
        came = (
            f"{total.attended} people of {total.told} countries came."
            if total.attended is not None
            else "Who came is not recorded yet."
        )
        words = f"{total.people} people of {total.countries} countries are registered. {came}"
        rows = tuple(
            (
                read.catalogue.country(country).name(),
                entry.people,
                entry.attended,
                typed(entry.wishes) if entry.wishes else None,
                typed(entry.shares) if entry.shares else None,
            )
            for country, entry in given
        )
        columns = ("Country", "Registered", "Came", "Wants to take home", "Can show")
        table = Table(f"Registrations: {one.seminar.title}", columns, rows, frozenset({1, 2}))
        body = [paragraph(words), *([table.html()] if rows else [])]
        parts.append(section(typed(one.seminar.title), *body, level=3))
    if not parts:
        return Html(section("Who comes", paragraph("No seminar on this topic is recorded yet.")))
    how = "A country registers, evaluates and notes its follow-ups in its own Programme workbook."
    return Html(section("Who comes", *parts, paragraph(how, "quiet small")))


def outcomes(read: Reading) -> Html:
    """What came of it: evaluations, follow-ups with their learning paths, and decisions."""
    parts = []
    linked_to: list[int] = []
    for one in held(read):
        given = [entry for _country, entry in _of(read, "evaluation", Evaluation, one.key)]
        body = [paragraph(_marks(given)), _follow_ups(read, one), *_said(given)]
        decided = decisions(r for r in read.told if (r.payload or {}).get("seminar") == one.key)
        if decided:
            linked_to += [seq for s in decided for seq in shown_seqs(s.seqs)]
            body.append(section("Decisions", listing(sentence(s) for s in decided), level=4))
        parts.append(section(typed(one.seminar.title), *body, level=3))
    if not parts:
        text = "Evaluations, follow-ups and decisions stand here once there is a seminar."
        return Html(section("What came of it", paragraph(text)))
    already = set(recap_proofs(read))
    table = proofs(read.told, [seq for seq in linked_to if seq not in already])
    return Html(section("What came of it", *parts, table))


def _marks(given: list[Evaluation]) -> str:
    found = marks(given)
    if not found.count:
        return "Nobody has evaluated it yet."
    if found.useful is None:
        return f"{found.count} evaluated it; the marks are shown from {FEWEST_MARKS} on."
    shown = [
        f"{words} {value:.1f}"
        for words, value in (
            ("useful", found.useful),
            ("clear", found.clear),
            ("applicable at home", found.applicable),
        )
        if value is not None
    ]
    return f"{found.count} evaluations, from 1 (not at all) to 5 (very much): {', '.join(shown)}."


def _said(given: Iterable[Evaluation]) -> list[Markup]:
    told = [one for one in given if one.visibility != "private"]
    parts = []
    for title, words in (
        ("What people take home", [one.learned for one in told if one.learned]),
        ("What they missed", [one.missing for one in told if one.missing]),
    ):
        if words:
            parts.append(section(title, listing(_times(words)), level=4))
    return parts


def _times(words: list[str]) -> list[Markup]:
    """What was said, each once, with how many said it where several did."""
    counts = Counter(words)
    return [
        Markup("{}{}").format(typed(said), f" (said {count} times)" if count > 1 else "")
        for said, count in counts.items()
    ]


def _follow_ups(read: Reading, one: Held) -> Markup:
    given = _of(read, "follow_up", FollowUp, one.key)
    if not given:
        return Markup()
    titles = _path_titles(read)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            read.catalogue.country(country).name(),
            typed(entry.title),
            entry.question or None,
            day(entry.due) if entry.due else None,
            entry.state.replace("_", " "),
            _path(titles, country, entry.path_item),
        )
        for country, entry in given
    )
    columns = ("Country", "What", "Statement", "By when", "State", "In the learning path")
    return Table(f"Follow-ups: {one.seminar.title}", columns, rows).html()


def _path(titles: Mapping[tuple[str, str], str], country: str, key: str) -> Cell:
    if not key:
        return "not yet"
    return typed(titles.get((country, key), key))


def _path_titles(read: Reading) -> dict[tuple[str, str], str]:
    found = read.store.current("path_item", as_of=read.until)
    return {(one.country, one.key): str((one.payload or {}).get("title", one.key)) for one in found}


def _of(read: Reading, kind: str, model: type[F], seminar: str) -> list[tuple[str, F]]:
    """The entries of that kind about the seminar, by their countries' names."""
    found = read.store.current(kind, cycle=read.parameters.cycle, as_of=read.until)
    known = set(read.catalogue.codes)
    about = [
        (one.country, model.model_validate(one.payload))
        for one in found
        if one.country in known and (one.payload or {}).get("seminar") == seminar
    ]
    return sorted(about, key=lambda pair: read.catalogue.country(pair[0]).name())


def _wishes(read: Reading) -> tuple[Wish, ...]:
    topic = topic_of(read).code
    return wishes(read.guide, topic, read.profiles, read.everyones_answers)


def _names(read: Reading, codes: Iterable[str]) -> list[str]:
    return sorted(read.catalogue.country(code).name() for code in codes)


def _list(names: list[str]) -> str:
    return ", ".join(names) if names else "none"


def _iso2(read: Reading) -> dict[str, str]:
    return {one.code: one.iso2 for one in read.catalogue.countries}


def _country_names(read: Reading) -> dict[str, str]:
    return {one.code: one.name() for one in read.catalogue.countries}


def _folded(table: Table) -> Markup:
    return Markup("<details><summary>{}</summary>{}</details>").format(table.caption, table.html())

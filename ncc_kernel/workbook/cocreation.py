"""Pieces of step 3: processes around challenges, who took part, what was promised and tried."""

from markupsafe import Markup

from ncc_kernel.analysis.cocreation import (
    Ref,
    by_phase,
    by_verdict,
    kept_promises,
    turnout,
    unsaid,
    without_process,
)
from ncc_kernel.analysis.ecosystem import Counts
from ncc_kernel.analysis.summary import counted
from ncc_kernel.charts.cocreation import Measured, progress_figure
from ncc_kernel.charts.ecosystem import counts_figure, isolated
from ncc_kernel.charts.markup import (
    Cell,
    Html,
    Piece,
    Table,
    listing,
    paragraph,
    section,
    typed,
    typed_or_none,
)
from ncc_kernel.model.cocreation import Process
from ncc_kernel.model.revision import EU
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.trail import leading, placed

SHOWN = 40
"""Rows of a table; how many more there are is said."""


def cocreation_summary(read: Reading) -> Html:
    """How much was worked on together, in sentences with their numbers."""
    work = read.cocreation
    if work.empty:
        return _nothing_yet(read)
    met = turnout(work.sessions.values())
    kept, ended, promised = kept_promises(work.commitments.values())
    helix = read.catalogue.vocabularies["helix"]
    absent = ", ".join(helix.label(part).lower() for part in met.absent)
    said = [
        f"{_processes(len(work.processes))}, {counted(len(work.sessions), 'session')} and {counted(len(work.prototypes), 'prototype')}{_places(read)}.",
        f"{met.total} people were counted at sessions; who came twice counts twice.{f' {met.unsaid} sessions counted nobody.' if met.unsaid else ''}",
        f"Nobody was counted from: {absent}." if absent and met.total else "",
        f"Authorities kept {kept} of {ended} commitments that came to an end; {promised - ended} are open."
        if promised
        else "No authority has promised anything yet.",
    ]
    return Html(
        section(
            "Working together",
            listing([one for one in said if one], kind="lead"),
        )
    )


def _processes(count: int) -> str:
    return f"{count} process{'' if count == 1 else 'es'}"


def _places(read: Reading) -> str:
    if read.parameters.country != EU:
        return ""
    places = len({country for country, _key in read.cocreation.processes})
    return f" in {places} of {len(read.catalogue.codes)} countries"


def _nothing_yet(read: Reading) -> Html:
    said = [
        "A process begins with one challenge of the map and one question. Three fields are enough: a title, the challenge, the phase.",
        "Ask an authority what it will do with the results before the work starts, and record it as a commitment.",
        "Count who takes part by part of society; names are never asked for.",
        "The working group's templates stand in the EU overview; copy one and adapt it.",
    ]
    bare = without_process(read.challenges, read.cocreation)
    names = listing(typed(one.title) for _ref, one in bare[:8])
    waiting = section("Challenges that wait for a process", names, level=3) if bare else Markup()
    first = paragraph("No co-creation process is recorded yet. How to begin:")
    return Html(section("Working together", first, listing(said), waiting))


def phases_picture(read: Reading) -> Piece:
    """Processes by phase."""
    words = read.catalogue.vocabularies["phase"]
    counts = by_phase(read.cocreation, words.codes)
    if read.cocreation.empty:
        return Html(Markup())
    there = [(code, count) for code, count in counts if code and count]
    total = len(read.cocreation.processes)
    code, most = max(there, key=lambda one: one[1], default=("", 0))
    finding = (
        f"{most} of {_processes(total)} {'is' if most == 1 else 'are'} in the phase {isolated(words, code)}."
        if most
        else "No process says its phase yet."
    )
    first = [one for one, count in there if count == most]
    if len(first) > 1:
        phases = " and ".join(isolated(words, one) for one in first)
        finding = f"Of {_processes(total)} {most} each {'is' if most == 1 else 'are'} in the phases {phases}."
    return counts_figure(
        counts,
        finding=finding,
        measure="Co-creation processes by phase.",
        words=words,
        source=source(read),
    )


def turnout_picture(read: Reading) -> Piece:
    """Who took part, by part of society."""
    met = turnout(read.cocreation.sessions.values())
    if not met.sessions:
        return Html(Markup())
    if not met.total:
        return Html(paragraph("No session says yet who took part.", "quiet"))
    words = read.catalogue.vocabularies["helix"]
    code, most = max(met.people, key=lambda one: one[1])
    return counts_figure(
        met.people,
        finding=f"{most / met.total:.0%} of those counted came from: {words.label(code).lower()}.",
        measure=f"People at {counted(met.sessions, 'session')} by part of society; who came twice counts twice.",
        words=words,
        source=source(read),
    )


def prototypes_picture(read: Reading) -> Piece:
    """How far prototypes came; for the EU, what was decided on them."""
    work = read.cocreation
    verdicts = read.catalogue.vocabularies["prototype_verdict"]
    if not work.prototypes:
        return Html(Markup())
    if read.parameters.country == EU or not work.indicators:
        counts = by_verdict(work, verdicts.codes)
        return counts_figure(
            counts,
            finding=_decided(counts, len(work.prototypes)),
            measure="Prototypes by what was decided.",
            words=verdicts,
            source=source(read),
        )
    measured = [
        Measured(prototype.title, verdicts.label(prototype.verdict), one)
        for ref, prototype in sorted(work.prototypes.items())
        for _ref, one in work.indicators_of(ref)
    ]
    return progress_figure(measured, source=source(read))


def _decided(counts: Counts, total: int) -> str:
    by = dict(counts)
    return f"Of {total} prototypes {by.get('scale', 0)} are to be scaled and {by.get('stop', 0)} were stopped; {by.get('', 0)} wait for a decision."


def process_sheets(read: Reading) -> Html:
    """Each process with its challenge, sessions, commitments and prototypes, linked both ways."""
    work = read.cocreation
    if work.empty:
        return Html(Markup())
    sheets = [_sheet(read, ref, one) for ref, one in sorted(work.processes.items())[:SHOWN]]
    more = len(work.processes) - SHOWN
    rest = paragraph(f"{more} more: ncc export csv --kind process" if more > 0 else "", "quiet")
    lacking = [f"{count} of {whole} {what}" for what, count, whole in unsaid(work)]
    missing = section("What is not said yet", listing(lacking), level=3) if lacking else Markup()
    return Html(section("Processes", as_opened(read), _challenges(read), *sheets, rest, missing))


def _challenges(read: Reading) -> Markup:
    """The challenges, each leading to its processes: where every case begins."""
    work = read.cocreation
    rows = tuple(
        (
            placed("challenge", ref, one.title),
            Markup(", ").join(
                leading(read, "process", at, process.title)
                for at, process in sorted(work.processes.items())
                if (at[0], process.challenge) == ref
            )
            or "none yet",
        )
        for ref, one in sorted(read.challenges.items())[:SHOWN]
    )
    return Table("Challenges and their processes", ("Challenge", "Processes"), rows).html()


def _sheet(read: Reading, ref: Ref, one: Process) -> Markup:
    words = read.catalogue.vocabularies
    challenge = read.challenges.get((ref[0], one.challenge))
    facts: list[tuple[str, Cell]] = [
        ("Challenge", leading(read, "challenge", (ref[0], one.challenge), challenge.title) if challenge else None),
        ("Question", typed_or_none(one.question)),
        ("Phase", words["phase"].label(one.phase) if one.phase else None),
        ("Depth of participation", words["participation_depth"].label(one.depth) if one.depth else None),
        ("Methods", ", ".join(words["cocreation_method"].label(code) for code in one.methods) or None),
        ("Who facilitates", typed_or_none(one.facilitator)),
        ("Inclusion", _inclusion(read, one)),
        ("Consent and ethics", typed_or_none(one.ethics)),
        ("Who took part", _took_part(read, ref)),
        ("Prototypes", _prototypes(read, ref)),
    ]  # fmt: skip
    if one.origin:
        facts.append(("Copied from", _copied_from(read, one.origin_country)))
    if one.template:
        facts.append(("Offered to others", typed_or_none(one.adapt) or "yes"))
    head = Markup("<h3>{}</h3>").format(placed("process", ref, one.title))
    return (
        head
        + Table("The process in short", ("What", "How"), tuple(facts)).html()
        + _parts(read, ref)
    )


def _inclusion(read: Reading, one: Process) -> Markup | None:
    words = read.catalogue.vocabularies["inclusion_check"]
    said = [*(words.label(code) for code in one.included), one.inclusion]
    return typed_or_none("\n".join(text for text in said if text))


def _copied_from(read: Reading, code: str) -> str:
    """Whose template it was; not which one, for that may be private by now."""
    known = code in read.catalogue.codes
    return f"a template of {read.catalogue.country(code).name()}" if known else "a template"


def _took_part(read: Reading, ref: Ref) -> str | None:
    met = turnout(one for _ref, one in read.cocreation.sessions_of(ref))
    helix = read.catalogue.vocabularies["helix"]
    said = ", ".join(f"{helix.label(part).lower()} {count}" for part, count in met.people if count)
    return f"{met.total} at {counted(met.sessions, 'session')}: {said}" if said else None


def _prototypes(read: Reading, ref: Ref) -> Markup | None:
    found = [
        leading(read, "prototype", at, p.title) for at, p in read.cocreation.prototypes_of(ref)
    ]
    return Markup(", ").join(found) or None


def _parts(read: Reading, ref: Ref) -> Markup:
    work, words = read.cocreation, read.catalogue.vocabularies
    back = leading(read, "process", ref, work.processes[ref].title)
    sessions = tuple(
        (typed(one.title), one.day, typed_or_none(one.decided))
        for _at, one in work.sessions_of(ref)
    )
    promises = tuple(
        (
            typed(one.title),
            typed_or_none(
                one.authority_name or read.agent_names.get((ref[0], one.authority or ""), "")
            ),
            one.made,
            one.due,
            words["commitment_state"].label(one.state),
        )
        for _at, one in work.commitments_of(ref)
    )
    prototypes = tuple(
        (
            placed("prototype", at, one.title),
            back,
            typed_or_none(one.hypothesis),
            typed_or_none(one.learning),
            words["prototype_verdict"].label(one.verdict) if one.verdict else "not decided yet",
            typed_or_none(one.reason),
            _practices(read, at),
        )
        for at, one in work.prototypes_of(ref)
    )
    tables = (
        Table("Sessions", ("Session", "Day", "Decided"), sessions),
        Table("Commitments of authorities", ("What", "Who", "Promised", "Due", "State"), promises),
        Table("Prototypes", ("Prototype", "Process", "Hypothesis", "Learnt", "Decision", "Reason", "Practice"), prototypes),
    )  # fmt: skip
    return Markup("").join(table.html() for table in tables if table.rows)


def _practices(read: Reading, prototype: Ref) -> Markup | str:
    """The practices that came of a prototype, as links."""
    found = [
        leading(read, "practice", ref, one.title)
        for ref, one in sorted(read.portfolio.practices.items())
        if (ref[0], one.prototype) == prototype
    ]
    return Markup(", ").join(found) or "none"


def as_opened(read: Reading) -> Markup:
    """A word on tables that stand still while the page is open."""
    text = "As it was when this page was opened; open it again for what came since."
    return paragraph(text, "quiet small") if read.parameters.mode == "edit" else Markup()


def source(read: Reading) -> str:
    """The source line of the pictures."""
    return (
        f"Co-creation of {read.called}, entries shared with the working group, record {read.seq}."
    )

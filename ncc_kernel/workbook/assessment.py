"""Pieces of the self-assessment: summary, profile, strengths, gaps, and every answer."""

from markupsafe import Markup

from ncc_kernel.analysis.gaps import Finding, gaps, strengths
from ncc_kernel.analysis.profile import Profile, changes_since
from ncc_kernel.analysis.summary import country_summary, signed
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Cell, Html, Table, listing, paragraph, section, typed
from ncc_kernel.charts.profile import profile_figure
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.guide import Question
from ncc_kernel.workbook.reading import Reading

SHOWN = 12
"""Gaps that a page lists; how many more there are is said."""

NOT_ANSWERED = "No statement is answered yet, so nothing can be said."

STATES = {"not_applicable": "not applicable", "dont_know": "don't know"}


def summary(read: Reading) -> Html:
    """Three to five sentences made from the data, each with its number."""
    sentences = country_summary(
        read.guide,
        read.profile,
        name=read.begins,
        peers=read.peers,
        changes=changes_since(read.profile, read.before) if read.before else (),
        found=(strengths(read.guide, read.answers), gaps(read.guide, read.answers)),
        ecosystem=read.ecosystem,
    )
    return Html(section("Summary", listing(sentences, kind="lead")))


def profile_picture(read: Reading, now: Profile | None = None) -> Figure:
    """The profile (as it was read, or as it is `now`) against the EU median and the last cycle."""
    profile = now or read.profile
    return profile_figure(
        read.guide,
        profile,
        name=read.begins,
        peers=read.peers,
        before=read.before,
        source=(
            f"Self-assessment of {read.called}, cycle {read.parameters.cycle}: {profile.answered} "
            f"of {profile.applicable} applicable statements answered. Guide: {read.guide.status}"
        ),
    )


def change_table(read: Reading) -> Html:
    """How each dimension moved since the last cycle, where both can be compared."""
    changes = changes_since(read.profile, read.before) if read.before else ()
    if not changes:
        return Html(paragraph("There is no earlier cycle to compare with yet.", "quiet"))
    rows = tuple(
        (read.guide.dimension(c.dimension).name, c.before, c.now, signed(c.by)) for c in changes
    )
    columns = ("Dimension", f"Cycle {read.previous}", f"Cycle {read.parameters.cycle}", "Change")
    return Html(Table("Change since the last cycle", columns, rows, frozenset({1, 2, 3})).html())


def strength_list(read: Reading) -> Html:
    """Statements at level 4 or 5: what this country can share."""
    found = strengths(read.guide, read.answers)
    if not found:
        none = "No statement stands at level 4 or 5 yet." if read.profile.answered else NOT_ANSWERED
        return Html(section("Strengths", paragraph(none)))
    return Html(section("Strengths", _findings(found, "Statements at level 4 or 5")))


def gap_list(read: Reading) -> Html:
    """Statements at level 2 or below, by the country's own priority."""
    found = gaps(read.guide, read.answers)
    if not found:
        none = "No answered statement stands at level 2 or below."
        return Html(section("Gaps", paragraph(none if read.profile.answered else NOT_ANSWERED)))
    more = len(found) - SHOWN
    rest = (
        f"{more} more of the same or lower priority stand on the page of the self-assessment."
        if more > 0
        else ""
    )
    caption = f"Statements at level 2 or below, by priority ({len(found)} in all)"
    table = _findings(found[:SHOWN], caption, gap=True)
    return Html(section("Gaps", table, paragraph(rest, "quiet")))


def findings(read: Reading) -> Html:
    """Strengths, then gaps."""
    return Html(strength_list(read).html() + gap_list(read).html())


def _findings(found: tuple[Finding, ...], caption: str, *, gap: bool = False) -> Markup:
    columns = (
        "Statement",
        "Level",
        "What that level says",
        *(("Priority", "Target") if gap else ("Support",)),
    )
    rows = tuple(_finding(one, gap=gap) for one in found)
    return Table(caption, columns, rows, frozenset({1, 4}) if gap else frozenset({1})).html()


def _finding(one: Finding, *, gap: bool) -> tuple[Cell, ...]:
    head = f"{one.question.code} {one.question.statement}"
    words = one.question.levels[one.level]
    if not gap:
        return head, one.level, words, "can offer support" if one.answer.offers else ""
    return head, one.level, words, _priority(one), _target(one.answer)


def _priority(one: Finding) -> Cell:
    if one.answer.priority is None:
        return None
    kind = Markup(' class="tag urgent"') if one.urgent else Markup(' class="tag"')
    word = "high, " if one.urgent else ""
    return Markup("<span{}>{}{} of 5</span>").format(kind, word, one.answer.priority)


def _target(answer: Answer) -> Cell:
    return answer.target


def answer_tables(read: Reading) -> Html:
    """Every statement with its answer, comment and evidence; what is not answered says so."""
    parts = [paragraph(f"{read.guide.status} {read.guide.intro}", "draft")]
    for dimension in read.guide.dimensions:
        score = read.profile.score(dimension.code)
        caption = (
            f"{dimension.code} {dimension.name}: {score.answered} of {score.applicable} answered"
        )
        rows = tuple(_answer_row(read, one) for one in read.guide.questions_of(dimension.code))
        columns = ("Statement", "Answer", "Comment and evidence")
        parts.append(Table(caption, columns, rows).html())
    return Html(section("Every answer", *parts))


def _answer_row(read: Reading, question: Question) -> tuple[Cell, ...]:
    answer = read.answers.get(question.code)
    head = f"{question.code} {question.statement}"
    if answer is None:
        return head, Markup('<span class="missing">not answered</span>'), ""
    return head, _level(question, answer), _remarks(answer)


def _level(question: Question, answer: Answer) -> Markup:
    if answer.level is None:
        reason = Markup(": {}").format(typed(answer.reason)) if answer.reason else ""
        return Markup("{}{}").format(STATES[answer.state], reason)
    return Markup("<strong>{}</strong> {}").format(answer.level, question.levels[answer.level])


def _remarks(answer: Answer) -> Markup:
    said = (
        ("", answer.comment),
        ("Evidence: ", answer.evidence),
        ("Link: ", answer.evidence_link),
        ("Confidence: ", answer.confidence or ""),
    )
    return Markup("<br>").join(
        Markup("{}{}").format(label, typed(text)) for label, text in said if text
    )

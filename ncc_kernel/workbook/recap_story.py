"""The story so far on a page: each sentence with links to the revisions it stands on.

The revisions are rows of a table on the same page, `#r123` for revision 123, so a sentence can be
looked up without anything but the page.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from markupsafe import Markup

from ncc_kernel.analysis.recap_story import (
    Chapter,
    Sentence,
    last_of,
    ranges,
    receipts,
    seq_before,
    since_then,
    story,
)
from ncc_kernel.charts.markup import Html, Table, listing, paragraph, section, typed
from ncc_kernel.errors import Rejected
from ncc_kernel.model.kinds import TOLD_KINDS
from ncc_kernel.model.revision import EU, Revision
from ncc_kernel.model.text import day_words
from ncc_kernel.workbook.dated import doubled_seqs, recorded
from ncc_kernel.workbook.reading import Reading

SPANS = 3
"""Spans of revisions that a sentence links to; between the first and the last one more are told."""

PROOFS = "The revisions behind the story"


def _shown(seqs: Sequence[int]) -> tuple[tuple[int, int], ...]:
    spans = ranges(seqs)
    return spans if len(spans) <= SPANS else (*spans[: SPANS - 1], spans[-1])


def refs(seqs: Sequence[int]) -> Markup:
    """Links to the revisions: "r3, r7 to r12"."""
    shown = _shown(seqs)
    words = [_span(*span) for span in shown]
    if between := len(ranges(seqs)) - len(shown):
        words.insert(-1, Markup("{} more").format(f"{between}"))
    return Markup('<span class="quiet small">({})</span>').format(Markup(", ").join(words))


def _span(first: int, last: int) -> Markup:
    if first == last:
        return Markup('<a href="#r{0}">r{0}</a>').format(first)
    return Markup('<a href="#r{0}">r{0}</a> to <a href="#r{1}">r{1}</a>').format(first, last)


def shown_seqs(seqs: Sequence[int]) -> tuple[int, ...]:
    """The revisions that `refs` links to."""
    return tuple(dict.fromkeys(seq for span in _shown(seqs) for seq in span))


def sentence(one: Sentence) -> Markup:
    """The sentence with its day and its links; what people typed is escaped here."""
    words = Markup(one.words).format(*(typed(text) for text in one.typed))
    return Markup("<strong>{}</strong> {} {}").format(day_words(one.on), words, refs(one.seqs))


def chapters(found: Iterable[Chapter], *, level: int = 3) -> Markup:
    """Each chapter under its heading."""
    parts = (
        section(one.title, listing(sentence(s) for s in one.sentences), level=level)
        for one in found
    )
    return Markup("").join(parts)


def proofs(revisions: Sequence[Revision], seqs: Iterable[int]) -> Markup:
    """The table of revisions that the sentences link to, folded."""
    rows = tuple(
        (
            Markup('<span id="r{0}">r{0}</span>').format(one.revision.seq),
            day_words(one.revision.at.date()),
            typed(one.revision.author),
            one.revision.country,
            Markup("{} {}").format(one.what, typed(one.name)),
            one.did,
        )
        for one in receipts(revisions, seqs)
    )
    if not rows:
        return Markup()
    table = Table(PROOFS, ("Revision", "Day", "Who", "For", "What", "Change"), rows).html()
    told = paragraph("r and a number is one entry as it was made or changed.", "quiet small")
    return Markup("<details><summary>{}</summary>{}{}</details>").format(PROOFS, told, table)


def recap_proofs(read: Reading, extra: Sequence[Sentence] = ()) -> tuple[int, ...]:
    """The revisions that the recap at the head of a page links to, and those of the calendar.

    Seminars and doubled topics are told on several pieces of a page; each has its row once, here.
    """
    told = read.recap
    seqs = [*shown_seqs(told.span)]
    for sitting in told.sittings:
        seqs += shown_seqs(sitting.seqs)
    for one in (*extra, *head(read)):
        seqs += shown_seqs(one.seqs)
    seqs += [one.seq for one in recorded(read) if one.what == "seminar"]
    seqs += doubled_seqs(read)
    return tuple(dict.fromkeys(seqs))


def _chapters(read: Reading) -> tuple[Chapter, ...]:
    """The story, with the countries by name."""
    return story(read.told, names={one.code: one.name() for one in read.catalogue.countries})


def head(read: Reading, limit: int = 3) -> tuple[Sentence, ...]:
    """The newest decisions: what the recap at the head of a page tells beside the sittings."""
    found = next((one for one in _chapters(read) if one.title == "Decisions"), None)
    return found.sentences[:limit] if found else ()


def since_chapter(read: Reading, since: int | str | None) -> Markup:
    """What came since a revision, a day, or the reader's own last entry; nothing for who is new."""
    seq = since_seq(read, since)
    if seq is None:
        return Markup()
    found = since_sentences(read, since)
    title = "Since you were last here"
    if found:
        return chapters([Chapter(title, found)])
    words = paragraph(f"Nothing was recorded since revision {seq}.")
    return section(title, words, level=3)


def since_sentences(read: Reading, since: int | str | None) -> tuple[Sentence, ...]:
    """The sentences of that chapter."""
    seq = since_seq(read, since)
    told = [one for one in read.told if one.kind in TOLD_KINDS]
    return since_then(told, seq).sentences if seq is not None else ()


def since_seq(read: Reading, since: int | str | None) -> int | None:
    """The revision that is meant: a number, a day like 2024-09-01, or the reader's own last one."""
    if since is None:
        return last_of(read.told, read.reader) if read.reader else None
    if isinstance(since, int) and not isinstance(since, bool):
        return max(since, 0)
    wrong = Rejected(
        f"{str(since)[:40]!r} is neither a revision nor a day.", "write 120, or 2024-09-01"
    )
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(since)):
        raise wrong
    try:
        return seq_before(read.told, date.fromisoformat(str(since)))
    except ValueError:
        raise wrong from None


def whole_story(read: Reading) -> Html:
    """What happened before, on one page, for whoever joins today."""
    found = _chapters(read)
    place = ", in all countries" if read.parameters.country == EU else ""
    heading = f"What happened so far{place}"
    if not found:
        return Html(section(heading, paragraph("Nothing has been recorded yet.")))
    linked = [seq for one in found for s in one.sentences for seq in shown_seqs(s.seqs)]
    already = set(recap_proofs(read, since_sentences(read, None)))
    table = proofs(read.told, [seq for seq in linked if seq not in already])
    return Html(section(heading, chapters(found), table))

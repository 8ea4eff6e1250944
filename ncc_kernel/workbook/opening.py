"""The head of every workbook: whose page this is, what it was made from, and what happened so far."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from ncc_kernel import __version__
from ncc_kernel.charts.markup import Html, Piece, Table, folded, listing, paragraph, section, typed
from ncc_kernel.model.revision import EU
from ncc_kernel.model.text import day_words
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.recap_story import (
    head,
    proofs,
    recap_proofs,
    refs,
    sentence,
    since_chapter,
    since_sentences,
)

PAGE = "application/vnd.ncc.page+json"
"""The kind of output in which the page's template finds its title, banner and provenance."""

STORY = "The story so far"
WHOLE_STORY = ("00_programme",)
"""The workbooks that tell all of it."""


def day(when: date | None) -> str:
    """A day as people write it, or words for none."""
    return day_words(when) if when else "none yet"


@dataclass(frozen=True, repr=False)
class Opening(Piece):
    """The facts of the page, for the reader as words and for the template as data."""

    content: Markup
    page: dict[str, object]

    def html(self) -> Markup:
        """The facts as words."""
        return self.content

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002  # IPython's signature
        exclude: object = None,  # noqa: ARG002
    ) -> dict[str, object]:
        """Both, for Jupyter."""
        return {"text/html": str(self.content), "text/plain": repr(self), PAGE: self.page}


def opening(read: Reading) -> Opening:
    """Whose page this is, for which cycle, made from which part of the record."""
    cycle = next(c for c in read.catalogue.cycles() if c.code == read.parameters.cycle)
    facts = [
        ("Country" if read.parameters.country != EU else "For", read.name),
        ("Cycle", f"{cycle.code}, {cycle.label.lower()}"),
        ("Last entry", day(read.recap.last)),
        *_handed_in(read),
    ]
    inner = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in facts
    )
    content = Markup('<dl class="facts">{}</dl>').format(inner)
    return Opening(content, _page(read))


def _handed_in(read: Reading) -> list[tuple[str, str]]:
    """How the self-assessment stands, once it was submitted."""
    found = read.submissions.get(read.parameters.country)
    if found is None or found.payload is None:
        return []
    said = f"{found.payload['state']} on {day(found.at.date())}, {found.payload['reference']}"
    return [("Self-assessment", said)]


def _page(read: Reading) -> dict[str, object]:
    return {
        "title": f"{read.name}: {within(read.book.titled(read.parameters.topic))}, {read.parameters.cycle}",
        "place": read.name,
        "topic": read.parameters.topic.replace("_", " and "),
        "running": f"{read.name} \N{MIDDLE DOT} cycle {read.parameters.cycle}",
        "illustrative": read.illustrative,
        "provenance": provenance_line(read),
    }


def within(title: str) -> str:
    """A title as it stands after a colon: "country brief", but "EU overview"."""
    return title if title[:2].isupper() else title[0].lower() + title[1:]


def provenance_line(read: Reading) -> str:
    """From what the page was made, in one line."""
    return (
        f"Made from record {read.seq} (last entry: {day(read.recap.last)}), "
        f"guide {read.guide.version}, workbook {read.book.name}, version {__version__}."
    )


def recap_piece(read: Reading, since: int | str | None = None) -> Html:
    """What happened so far, newest first, so that whoever joins today can follow.

    `since` is a revision or a day; without it, what came after the reader's own last entry is told.
    """
    told = read.recap
    # Where the whole story follows, the decisions are told there.
    newest = () if read.book.name in WHOLE_STORY else head(read)
    decided = listing(sentence(one) for one in newest) if newest else Markup()
    proven = proofs(read.told, recap_proofs(read, since_sentences(read, since)))
    if not told.revisions:
        nothing = "Nothing has been recorded for this cycle yet. The self-assessment comes first."
        return Html(section(STORY, paragraph(nothing), decided, proven))
    days = (
        f"On {day(told.first)}"
        if told.first == told.last
        else f"From {day(told.first)} to {day(told.last)}"
    )
    begun = (
        f"{days}, {told.people} "
        f"{'person' if told.people == 1 else 'people'} made {told.revisions} "
        f"{'entry' if told.revisions == 1 else 'entries'}."
    )
    lines = (
        Markup("<strong>{}</strong> {}{}: {} {}").format(
            day(one.on),
            f"{_place(read, one.country)}, " if read.parameters.country == EU else "",
            typed(one.author),
            one.words,
            refs(one.seqs),
        )
        for one in told.sittings
    )
    # On a page the summary comes first; who works in the notebook sees the story at once.
    unfolded = Markup(" open" if read.parameters.mode == "edit" else "")
    sittings = Markup("<details{}><summary>The latest, by day and person</summary>{}</details>")
    return Html(
        section(
            STORY,
            paragraph(Markup("{} {}").format(begun, refs(told.span))),
            decided,
            since_chapter(read, since),
            sittings.format(unfolded, listing(lines)),
            proven,
        )
    )


def _parameters(read: Reading) -> str:
    given = f"country {read.parameters.country}, cycle {read.parameters.cycle}"
    return f"{given}, topic {read.parameters.topic}" if read.parameters.topic else given


def _place(read: Reading, code: str) -> str:
    return read.catalogue.country(code).name() if code in read.catalogue.codes else "Working group"


def provenance(read: Reading, notebook_digest: str) -> Html:
    """All one needs to make this page again."""
    peers = read.peers
    taken = f"record {read.peers_as_of}" if read.peers_as_of else "the current record"
    rows = (
        ("Record", f"revision {read.seq}, the last that concerns this page"),
        ("Last entry", day(read.recap.last)),
        ("Parameters", _parameters(read)),
        ("Guide", f"{read.guide.title}, version {read.guide.version}. {read.guide.status}"),
        ("EU values", f"{peers.countries} countries, taken at {taken}; none below 5 countries"),
        ("Programme", f"{read.programme.title} ({read.programme.status})"),
        ("Workbook", f"{read.book.notebook}, sha256 {notebook_digest[:16]}"),
        ("Software", f"NCC workbooks {__version__}"),
    )
    return Html(
        section(
            "How this page was made",
            folded(
                "Record, guide, programme and software",
                Table("Provenance", ("What", "Value"), rows).html(),
            ),
        )
    )

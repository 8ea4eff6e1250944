"""One case of a country, told from the record in five sentences that lead to each other."""

from markupsafe import Markup

from ncc_kernel.analysis.case import Sentence, find_case, told
from ncc_kernel.charts.markup import Html, listing, paragraph, section, typed
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.trail import leading

HEADING = "One case, from challenge to decision"
NAMES = {
    "challenge": "the challenge",
    "process": "the process",
    "prototype": "the prototypes",
    "practice": "the practice",
    "selection": "the decision",
}


def case_story(read: Reading) -> Html:
    """The case that went furthest; each sentence leads to its entry, and to the one before and after."""
    case = find_case(
        read.challenges,
        read.cocreation,
        read.portfolio,
        read.initiative_challenges,
        read.parameters.country,
    )
    if case is None or (case.process is None and case.practice is None):
        text = "There is no case to tell yet: no process and no practice is recorded for a challenge of the map."
        return Html(section(HEADING, paragraph(text, "quiet")))
    words = read.catalogue.vocabularies
    labels = {
        name: {code: words[name].label(code) for code in words[name].codes}
        for name in ("phase", "selection_outcome")
    }
    said = told(case, labels=labels)
    items = [_item(read, said, place) for place in range(len(said))]
    return Html(section(HEADING, listing(items, ordered=True, kind="lead")))


def _item(read: Reading, said: tuple[Sentence, ...], place: int) -> Markup:
    one = said[place]
    steps = [
        Markup('<a href="#case.{}">{} {}</a>').format(
            said[other].step, word, NAMES[said[other].step]
        )
        for other, word in ((place - 1, "before:"), (place + 1, "next:"))
        if 0 <= other < len(said)
    ]
    steps.append(leading(read, one.kind, one.ref, "the entry"))
    around = Markup(' <span class="quiet small">({})</span>').format(Markup("; ").join(steps))
    return Markup('<span id="case.{}">{}</span>{}').format(one.step, typed(one.text), around)

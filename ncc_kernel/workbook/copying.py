"""Copying another country's template: the choice where somebody may write, nothing on a page."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from ncc_kernel.analysis.cocreation import Ref, adapted, shared
from ncc_kernel.charts.markup import Html, Piece
from ncc_kernel.errors import Rejected
from ncc_kernel.model.cocreation import Process
from ncc_kernel.model.revision import EVERY_CYCLE, Draft
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.widget_piece import WidgetPiece

WORDS = Markup("<p>Add a process of your own and choose the template under Copied from.</p>")


def copy_template(read: Reading, environ: Mapping[str, str]) -> Piece:
    """Templates and challenges to choose from; nothing where there is none of either."""
    desk = _Desk(read, environ)
    if read.parameters.mode != "edit" or not desk.templates() or not read.challenges:
        return Html(Markup())
    from ncc_kernel.forms.copying import CopySession, CopyWidget  # noqa: PLC0415  # pages do without
    from ncc_kernel.forms.desk import served  # noqa: PLC0415

    templates = [
        (_code(ref), f"{read.catalogue.country(ref[0]).name()}: {one.title}")
        for ref, one in desk.templates().items()
    ]
    challenges = [(key, one.title) for (_country, key), one in sorted(read.challenges.items())]
    session = CopySession(templates, challenges, desk.copy)
    return WidgetPiece(WORDS, CopyWidget(session, served=served(environ)))


@dataclass(frozen=True)
class _Desk:
    """What copying may do to the record."""

    read: Reading
    environ: Mapping[str, str]

    def templates(self) -> dict[Ref, Process]:
        """What other countries offer, as it was when the page was opened."""
        found = shared(self.read.of_kinds("process", everybody=True), "process", Process)
        here = self.read.parameters.country
        return {ref: one for ref, one in sorted(found.items()) if one.template and ref[0] != here}

    def copy(self, template: str, challenge: str) -> str:
        """A process of this country, made from the template; the same copy is made once."""
        from ncc_kernel.forms import desk  # noqa: PLC0415

        found = {_code(ref): (ref, one) for ref, one in self.templates().items()}
        country = self.read.parameters.country
        if template not in found or (country, challenge) not in self.read.challenges:
            raise Rejected("That template or challenge is not there.", "load the page again")
        ref, one = found[template]
        made = adapted(one, country=ref[0], key=ref[1], challenge=challenge)
        mark = hashlib.sha256(f"{template} {challenge}".encode()).hexdigest()[:12]
        draft = Draft(
            country,
            EVERY_CYCLE,
            "process",
            f"process-copy-{mark}",
            None,
            made.model_dump(mode="json", exclude_defaults=True),
        )
        done = self.read.store.append([draft], author=desk.author(self.environ), at=desk.now())
        if done.conflicts or done.unchanged:
            return "This template was copied for that challenge already."
        return "Copied: it stands among your processes now, in the phase Discover. Change what does not fit."


def _code(ref: Ref) -> str:
    return f"{ref[0]}:{ref[1]}"

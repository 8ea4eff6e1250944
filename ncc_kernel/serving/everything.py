"""Everything on paper: each statement with its answer in words, who gave it and when, unfolded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tornado.ioloop import IOLoop

from ncc_kernel.forms.standing import Shown, Standing
from ncc_kernel.model.evidence import EvidenceFile
from ncc_kernel.model.guide import Dimension, Guide, Question
from ncc_kernel.model.parameters import Parameters
from ncc_kernel.model.typed_draft import TypedDraft
from ncc_kernel.serving.files import Files
from ncc_kernel.store.guarded import GuardedStore

STATES = {"": "Not answered", "not_applicable": "Not applicable", "dont_know": "Don't know"}


@dataclass(frozen=True, slots=True)
class Row:
    """One statement as it stands on paper."""

    question: Question
    level: str
    words: str
    given: tuple[tuple[str, str], ...]
    files: Sequence[EvidenceFile]
    complete: bool
    by: str
    at: datetime | None


class Everything(Files):
    """`/files/<country>/<cycle>/answers.html`."""

    async def get(self, country: str, cycle: str) -> None:
        """The page, as the record is now."""
        place, service = self.place(country, cycle), self.service
        standing = await IOLoop.current().run_in_executor(None, self._read, place)
        guide = service.catalogue.guide
        submitted = standing.submitted
        self.finish(
            self.page(
                "everything.html",
                place=place,
                name=service.catalogue.country(place.country).name(),
                guide=guide,
                parts=[(one, rows_of(guide, one, standing)) for one in guide.dimensions],
                said=submitted[0] if submitted else None,
                made=submitted[1] if submitted else None,
                now=service.now(),
                seq=standing.seq,
            )
        )

    def _read(self, place: Parameters) -> Standing:
        service = self.service
        store = GuardedStore(service.store, service.accounts, self.session_token, service.now)
        standing = Standing(one.code for one in service.catalogue.guide.questions)
        found = store.changes(0, country=place.country, cycles=(place.cycle,), limit=1_000_000)
        standing.take(found)
        standing.seq = found[-1].seq if found else 0
        return standing


def rows_of(guide: Guide, dimension: Dimension, standing: Standing) -> list[Row]:
    """The statements of one dimension."""
    files = standing.files
    return [
        _row(guide, one, standing.shown(one.code), files.get(one.code, ()))
        for one in guide.questions_of(dimension.code)
    ]


def _row(guide: Guide, question: Question, shown: Shown, files: Sequence[EvidenceFile]) -> Row:
    typed, last = shown.typed, shown.last
    level = typed.answer if typed.answer not in STATES else ""
    return Row(
        question=question,
        level=f"{level} {guide.scale[int(level)].name}" if level else STATES[typed.answer],
        words=question.levels[int(level)] if level else "",
        given=_given(guide, typed),
        files=files,
        complete=shown.complete,
        by=last.author if last and not typed.empty else "",
        at=last.at if last and not typed.empty else None,
    )


def _given(guide: Guide, typed: TypedDraft) -> tuple[tuple[str, str], ...]:
    target = f"{typed.target} {guide.scale[int(typed.target)].name}" if typed.target else ""
    said = (
        ("Why not applicable", typed.reason),
        ("Comment", typed.comment),
        ("Evidence", typed.evidence),
        ("Link to the evidence", typed.evidence_link),
        ("Confidence", typed.confidence),
        ("Priority", f"{typed.priority} of 5" if typed.priority else ""),
        ("Level to reach", target),
        ("Support", "can offer support" if typed.offers else ""),
        ("Support", "needs support" if typed.needs else ""),
    )
    return tuple((label, text) for label, text in said if text)

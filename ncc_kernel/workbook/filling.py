"""The form of the self-assessment, wired to the record, the charts and whoever is signed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from ncc_kernel.analysis.profile import Answers, score_profile
from ncc_kernel.charts.figure import svg
from ncc_kernel.charts.markup import Table, section, typed
from ncc_kernel.forms import desk
from ncc_kernel.forms.scene import Allowed, Picture, Reach, Receipt, Scene
from ncc_kernel.forms.session import FormSession
from ncc_kernel.forms.widget import FormWidget
from ncc_kernel.model.account import Account
from ncc_kernel.model.permission import may
from ncc_kernel.model.revision import Appended, Draft, Revision
from ncc_kernel.store.guarded import GuardedStore
from ncc_kernel.workbook.assessment import answer_tables, profile_picture
from ncc_kernel.workbook.company import in_company
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.widget_piece import WidgetPiece

ON_ONES_OWN = "coordinator"
"""The role of who works on the store directly, with nobody signed in."""


def form(read: Reading, words: Markup, environ: Mapping[str, str]) -> WidgetPiece:
    """The form of this country and cycle, in the hands of whoever opened the page."""
    return WidgetPiece(words, FormWidget(make_session(read, environ), served=desk.served(environ)))


def make_session(read: Reading, environ: Mapping[str, str]) -> FormSession:
    """The form without its widget."""
    desk_of = _Desk(read, desk.author(environ))
    return FormSession(desk_of.scene(), desk_of.reach())


@dataclass(frozen=True)
class _Desk:
    """A country's form in the hands of one person: everything it may do to the world."""

    read: Reading
    author: str

    def scene(self) -> Scene:
        """What the form is about."""
        read, guarded = self.read, self._guarded
        before = read.answers_before
        here = guarded.session() if guarded else None
        known = {one.code for one in read.guide.questions}
        return Scene(
            guide=read.guide,
            country=read.parameters.country,
            country_name=read.name,
            cycle=read.parameters.cycle,
            name=here.account.name if here else self.author,
            role=here.account.role if here else ON_ONES_OWN,
            previous={code: answer.level for code, answer in before.items()},
            medians=read.medians,
            illustrative=read.illustrative,
            place=here.place if here and here.place in known else None,
            urls=_urls(read) if here else {},
        )

    def reach(self) -> Reach:
        """Through what it reads, writes and draws."""
        guarded, country = self._guarded, self.read.parameters.country
        reach = Reach(
            since=self._since,
            history=self._history,
            append=self._append,
            now=desk.now,
            allowed=self._allowed,
            draw=self._draw,
            copy=self._copy,
        )
        return reach if guarded is None else in_company(reach, guarded, country)

    @property
    def _guarded(self) -> GuardedStore | None:
        return self.read.store if isinstance(self.read.store, GuardedStore) else None

    def _since(self, seq: int) -> Sequence[Revision]:
        at = self.read.parameters
        return self.read.store.changes(seq, country=at.country, cycles=(at.cycle,), limit=1_000_000)

    def _history(self, kind: str, key: str) -> Sequence[Revision]:
        at = self.read.parameters
        return self.read.store.history(kind, at.country, at.cycle, key)

    def _append(self, drafts: Sequence[Draft]) -> Appended:
        now: datetime = desk.now()
        return self.read.store.append(drafts, author=self.author, at=now, together=True)

    def _allowed(self) -> Allowed:
        if self._guarded is None:
            return Allowed(write=True, submit=True, review=True)
        return allowed(self._guarded.session().account, self.read.parameters.country)

    def _draw(self, answers: Answers) -> Picture:
        at = self.read.parameters
        profile = score_profile(self.read.guide, answers, country=at.country, cycle=at.cycle)
        figure = profile_picture(self.read, profile)
        picture = str(svg(figure.chart, figure.datasets))
        return Picture(picture, str(figure.table.html()), figure.finding)

    def _copy(self, receipt: Receipt, _answers: Answers) -> str:
        """The receipt with every answer that it covers, as the record had them."""
        covered = replace(self.read, until=receipt.submission.seq)
        rows = (
            ("Reference", receipt.submission.reference),
            ("Country and cycle", f"{covered.name}, {covered.parameters.cycle}"),
            ("Submitted", receipt.at),
            ("By", typed(receipt.by)),
            ("Digest (sha256) of the answers", receipt.submission.digest),
            ("Record", f"revision {receipt.submission.seq}"),
        )
        table = Table("Receipt of the self-assessment", ("What", "Value"), rows)
        return str(section("Receipt", table.html())) + str(answer_tables(covered).html())


def _urls(read: Reading) -> dict[str, str]:
    """What the server gives out beside the form; on one's own machine there is no server."""
    at = read.parameters
    place = f"/files/{at.country}/{at.cycle}"
    return {
        "xlsx": f"{place}/answers.xlsx",
        "print": f"{place}/answers.html",
        "evidence": f"{place}/evidence",
    }


def allowed(account: Account, country: str) -> Allowed:
    """What the account may do with that country's form."""
    return Allowed(
        read=may(account, "read_form", country=country, kind="answer"),
        write=may(account, "write", country=country, kind="answer"),
        submit=may(account, "submit", country=country, kind="submission"),
        review=may(account, "review", country=country, kind="submission"),
    )

"""How long one stays signed in: asked by every page, so that nobody is put out without a word."""

from datetime import timedelta
from http import HTTPStatus

from tornado.web import HTTPError

from ncc_kernel.model.account import IDLE, LASTS
from ncc_kernel.serving.plain import Page

WARNED = timedelta(minutes=5)
"""How long before the end a page warns."""


class Staying(Page):
    """`/session`: asking is no sign of life; posting is one."""

    def get(self) -> None:
        """When the session ends, and whether its person can put that off."""
        self._tell()

    def post(self) -> None:
        """Stay."""
        self.service.accounts.touch(self.session_token, at=self.service.now())
        self._tell()

    def _tell(self) -> None:
        now = self.service.now()
        session = self.service.accounts.session(self.session_token, at=now)
        if session is None:
            raise HTTPError(HTTPStatus.FORBIDDEN)
        last = session.opened + LASTS
        self.finish(
            {
                "seconds": int((session.ends - now).total_seconds()),
                "warned": int(WARNED.total_seconds()),
                "stays": min(now + IDLE, last) > session.ends + WARNED / 2,
            }
        )

"""Signing in and out: a plain form, one cookie, and the same sentence for whatever is wrong.

The cookie holds a random name of the session and is out of reach of scripts. A one-time link is
shown a form first, so that a program which looks at links does not use it up.
"""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.ioloop import IOLoop

from ncc_kernel.errors import NccError, SignInRefused
from ncc_kernel.model.account import LASTS, Account
from ncc_kernel.serving.kernels import OwnedKernels
from ncc_kernel.serving.plain import Page
from ncc_kernel.serving.service import COOKIE, SAME_SITE
from ncc_kernel.store.passwords import SHORTEST, parse_password

LONGEST_FIELD = 1000
RULE = f"{SHORTEST} characters or more; several words in a row are good."


class SignInPage(Page):
    """Pages that open a session."""

    def begin(self, account: Account) -> None:
        """Open the session and hand out its cookie; whatever session there was here ends."""
        service = self.service
        before = self.get_cookie(COOKIE)
        if before:
            service.accounts.end_session(before)
        token = service.token()
        service.accounts.open_session(account, at=service.now(), token=token)
        self.set_cookie(
            COOKIE,
            token,
            httponly=True,
            samesite=SAME_SITE,
            secure=service.options.https or self.request.protocol == "https",
            path="/",
            max_age=int(LASTS.total_seconds()),
        )

    def typed(self, name: str) -> str:
        """A field of the form, as it was typed."""
        return str(self.get_body_argument(name, "", strip=False))[:LONGEST_FIELD]


class SignIn(SignInPage):
    """`/signin`: works without JavaScript, with paste and with password managers."""

    @allow_unauthenticated
    def get(self) -> None:
        """The form."""
        self._show()

    @allow_unauthenticated
    async def post(self) -> None:
        """In, and on to where they wanted to go; or the form again with one sentence."""
        service, name, password = self.service, self.typed("name"), self.typed("password")

        def look() -> Account:
            return service.accounts.check_password(name, password, at=service.now())

        try:
            # A password's hash takes a tenth of a second on purpose: not on everybody's time.
            account = await IOLoop.current().run_in_executor(None, look)
            self.begin(account)
        except SignInRefused as refusal:
            self.set_status(HTTPStatus.FORBIDDEN)
            self._show(refusal, name=name)
            return
        self.redirect(local(self.get_body_argument("next", "/")), status=HTTPStatus.SEE_OTHER)

    def _show(self, refusal: NccError | None = None, *, name: str = "") -> None:
        onward = local(self.get_argument("next", "/"))
        self.finish(self.page("signin.html", refusal=refusal, name=name, onward=onward))


class FirstSignIn(SignInPage):
    """`/first?key=…`: the link lets in once, to choose a password."""

    @allow_unauthenticated
    def get(self) -> None:
        """The form."""
        self._show(self.get_query_argument("key", ""))

    @allow_unauthenticated
    async def post(self) -> None:
        """The password is set and the session opened; the link is used up."""
        key, password = self.typed("key"), self.typed("password")
        service = self.service

        def use() -> Account:
            parse_password(password, "")  # before the link is used up
            account = service.accounts.use_link(key, at=service.now())
            service.accounts.set_password(account.name, password)
            return account

        try:
            account = await IOLoop.current().run_in_executor(None, use)
            self.begin(account)
        except NccError as refusal:
            self.set_status(HTTPStatus.FORBIDDEN)
            self._show(key, refusal)
            return
        self.redirect("/", status=HTTPStatus.SEE_OTHER)

    def _show(self, key: str, refusal: NccError | None = None) -> None:
        self.finish(self.page("first.html", refusal=refusal, key=key[:LONGEST_FIELD], rule=RULE))


class SignOut(Page):
    """`/signout`: the session, its websockets and its kernels end at once."""

    async def post(self) -> None:
        """Out."""
        token = self.session_token
        self.service.accounts.end_session(token)
        kernels: OwnedKernels = self.kernel_manager
        self.clear_cookie(COOKIE, path="/")
        self.redirect("/signin", status=HTTPStatus.SEE_OTHER)
        await kernels.end_session(token)


def local(address: Any) -> str:
    """The address if it is one of ours, else the start page: nobody is sent elsewhere from here."""
    text = str(address)
    parts = urlsplit(text) if text.isascii() and text.isprintable() else None
    elsewhere = parts is None or parts.scheme or parts.netloc
    if elsewhere or not text.startswith("/") or text.startswith(("//", "/\\")) or "\\" in text:
        return "/"
    return text

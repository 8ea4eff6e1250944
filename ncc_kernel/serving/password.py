"""One's own password, changed in the browser: every other session of the account ends with it."""

from http import HTTPStatus

from tornado.ioloop import IOLoop

from ncc_kernel.errors import NccError
from ncc_kernel.model.account import Account
from ncc_kernel.serving.kernels import OwnedKernels
from ncc_kernel.serving.signin import RULE, SignInPage
from ncc_kernel.store.passwords import parse_password


class ChangePassword(SignInPage):
    """`/password`."""

    def get(self) -> None:
        """The form."""
        self._show()

    async def post(self) -> None:
        """The new password stands, and a new session is opened here; all others have ended."""
        service, who, before = self.service, self.account, self.session_token
        current, password = self.typed("current"), self.typed("password")

        def change() -> Account:
            parse_password(password, who.name)  # before an attempt is counted
            known = service.accounts.check_password(who.name, current, at=service.now())
            service.accounts.set_password(who.name, password)
            return known

        try:
            account = await IOLoop.current().run_in_executor(None, change)
            self.begin(account)
        except NccError as refusal:
            self.set_status(HTTPStatus.FORBIDDEN)
            self._show(refusal)
            return
        kernels: OwnedKernels = self.kernel_manager
        await kernels.end_session(before)
        self.redirect("/password?done=1", status=HTTPStatus.SEE_OTHER)

    def _show(self, refusal: NccError | None = None) -> None:
        done = self.get_query_argument("done", "") == "1"
        self.finish(
            self.page("password.html", refusal=refusal, rule=RULE, done=done, who=self.account)
        )

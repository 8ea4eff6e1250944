"""Who asks: Jupyter's two questions, answered from the session in the store.

The cookie names a session and nothing else, so signing out, a new password and a lost role work
at once, in every process. There is no token in an address and none in a header.
"""

from dataclasses import dataclass
from typing import Any, cast

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User

from ncc_kernel.model.account import Account
from ncc_kernel.serving.service import COOKIE, Service


@dataclass
class SignedIn(User):
    """The person of a session, as Jupyter wants it, with the account and the session's name."""

    account: Account | None = None
    token: str = ""


class SessionIdentity(IdentityProvider):
    """Tells who asks by the cookie alone."""

    def get_user(self, handler: Any) -> SignedIn | None:
        """The person, or None: called by Jupyter before each request and each websocket."""
        service: Service = handler.settings["ncc"]
        token = handler.get_cookie(COOKIE) or ""
        session = service.accounts.session(token, at=service.now()) if token else None
        if session is None:
            return None
        return SignedIn(username=session.account.name, account=session.account, token=token)

    def is_token_authenticated(self, handler: Any) -> bool:  # noqa: ARG002  # Jupyter's signature
        """Never: what is asked with a cookie is checked for its origin and for XSRF."""
        return False

    def get_handlers(self) -> list[tuple[str, object]]:
        """None of Jupyter's: the sign-in page is ours."""
        return []


class KernelOwners(Authorizer):
    """Denies by default; a kernel is for the person who opened it, by websocket, and no more."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
        """Called by Jupyter's handlers before they do anything."""
        if (action, resource) != ("execute", "kernels"):
            return False
        kernel_id = getattr(handler, "kernel_id", None)
        owners = handler.settings["kernel_manager"].owners
        return kernel_id is not None and owners.get(kernel_id) == cast("SignedIn", user).token

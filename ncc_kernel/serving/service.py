"""What all handlers share: the home, the record, the accounts, and the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ncc_kernel.model.book import BOOKS, Book
from ncc_kernel.paths import Home
from ncc_kernel.store.accounts import Accounts
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store

COOKIE = "ncc_session"
"""The cookie that holds nothing but the random name of a session in the store."""

SAME_SITE = "Lax"
"""Who follows a link from a mail and is signed in comes in: the cookies go with a page that a person
opens from elsewhere, and with nothing that another site sends, loads or frames. No GET changes
anything, every POST carries the page's own value as well, and a websocket's origin is checked; so
nothing hangs on "Strict", under which such a link led to the sign-in page. Both cookies are alike: a
page that came with the one and not the other would draw a new value, and the old tab's would fail."""


@dataclass(frozen=True)
class Options:
    """How the server is run: what a person decides at its start."""

    host: str = "127.0.0.1"
    port: int = 8866
    idle_seconds: int = 600
    https: bool = False
    behind_proxy: bool = False
    contact: str = ""


@dataclass(frozen=True)
class Service:
    """One running server's view of one home."""

    home: Home
    catalogue: Catalogue
    store: Store
    accounts: Accounts
    options: Options
    now: Callable[[], datetime]
    token: Callable[[], str]
    books: dict[str, Book] = field(default_factory=lambda: {book.name: book for book in BOOKS})

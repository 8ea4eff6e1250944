"""Our own static files and the modules of our widgets: read once, compressed once, kept by browsers for a year.

Their addresses carry a digest of their content, so what is kept is never old. Only names of this
list are served; no path is ever looked up on the disk.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError, RequestHandler

from ncc_kernel.forms.modules import MODULES

PREFIX = "/static/"
_HERE = Path(__file__).parent
_FILES = {
    # The look of the briefs, so that forms and briefs look alike; a file, nothing is imported.
    "look.css": _HERE.parent / "briefs" / "templates" / "ncc_brief" / "style.css",
    "site.css": _HERE / "static" / "site.css",
    "page.js": _HERE / "static" / "page.js",
    "session.js": _HERE / "static" / "session.js",
}
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    content: bytes
    packed: bytes
    kind: str
    digest: str


class Assets:
    """The files by the name in their address."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        read = {name: _packed(name, text.encode()) for name, text in texts.items()}
        self._names = {name: f"{one.digest}/{name}" for name, one in read.items()}
        self._files = {self._names[name]: one for name, one in read.items()}

    def stamped(self, name: str) -> str:
        """The name with its digest."""
        return self._names[name]

    def find(self, stamped: str) -> Asset | None:
        """The file of that address."""
        return self._files.get(stamped)


class AssetHandler(RequestHandler):
    """Gives a file of the list, to everybody: the sign-in page needs them too."""

    def set_default_headers(self) -> None:
        """Nothing in a static file may do anything."""
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.clear_header("Server")

    @allow_unauthenticated
    def get(self, name: str) -> None:
        """The file, packed if the browser unpacks."""
        found = ASSETS.find(name)
        if found is None:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        self.set_header("Content-Type", found.kind)
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(found.packed)
        else:
            self.finish(found.content)

    def write_error(self, status_code: int, **_kwargs: object) -> None:
        """A word."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("There is no such file." if status_code == HTTPStatus.NOT_FOUND else "No.")


def _packed(name: str, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:16]
    kind = _TYPES[name[name.rindex(".") :]]
    return Asset(content, gzip.compress(content, 9, mtime=0), kind, digest)


ASSETS = Assets(
    {name: path.read_text(encoding="utf-8") for name, path in _FILES.items()}
    | {f"{name}.js": one.script for name, one in MODULES.items()}
    | {f"{name}.css": one.style for name, one in MODULES.items()}
)

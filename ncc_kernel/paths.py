"""Where things lie: one home folder with `data/`, `workbooks/` and `reports/`."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ncc_kernel.errors import DataFault

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds `data/`, `workbooks/` and `reports/`.

    Reference data and workbooks that a home does not have come from the checkout, so that an
    `NCC_HOME` that is an empty folder works.
    """

    root: Path
    store_url: str

    @property
    def data(self) -> Path:
        """Reference data: countries, programmes, guides, vocabularies, geometry, mappings."""
        own = self.root / "data"
        return own if (own / "countries.toml").is_file() else CHECKOUT / "data"

    @property
    def workbooks(self) -> Path:
        """The notebooks."""
        own = self.root / "workbooks"
        return own if own.is_dir() else CHECKOUT / "workbooks"

    @property
    def reports(self) -> Path:
        """What the program writes, and nobody else."""
        return self.root / "reports"

    @property
    def evidence(self) -> Path:
        """Files that teams hand in beside their answers: beside the store, never served as they lie."""
        return self.root / "data" / "evidence"

    def cycle_reports(self, cycle: str) -> Path:
        """The pages of one cycle."""
        return self.reports / cycle


def find_home(environ: Mapping[str, str]) -> Home:
    """The home that the environment names, or the checkout.

    `NCC_HOME` is the folder, `NCC_STORE` a SQLAlchemy URL (default: SQLite under `data/store/`).
    """
    root = Path(environ.get("NCC_HOME") or CHECKOUT).expanduser().resolve()
    if not root.is_dir():
        raise DataFault(f"NCC_HOME names {root}, which is not a folder.", "make it, or unset it")
    url = environ.get("NCC_STORE") or f"sqlite:///{root / 'data' / 'store' / 'ncc.sqlite'}"
    return Home(root, url)


def write_atomically(target: Path, content: str | bytes) -> Path:
    """Write the whole file aside, then rename it: a reader sees the old one or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    raw = content.encode() if isinstance(content, str) else content
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as aside:
            aside.write(raw)
            aside.flush()
            os.fsync(aside.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target

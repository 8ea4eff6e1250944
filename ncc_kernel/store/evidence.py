"""Files of evidence: their content lies in a folder of its own, by country and digest.

The record says what each is called and beside which answer it stands; a content that no entry
of a country names is given to nobody. A file is never changed and never taken away, so every
version of the record still has its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ncc_kernel.errors import NccError, Rejected
from ncc_kernel.model.evidence import MOST_FILES, EvidenceFile, file_key, parse_file
from ncc_kernel.model.revision import Draft, Revision
from ncc_kernel.paths import write_atomically
from ncc_kernel.store.log import Store

MOST_OF_A_COUNTRY = 500 * 1024 * 1024
"""Bytes of all files of one country."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The files of one country and cycle, in a folder beside the store."""

    folder: Path
    store: Store
    country: str
    cycle: str

    def add(self, question: str, name: str, content: bytes, *, author: str, at: datetime) -> Draft:
        """Keep a file beside a question; the draft that was recorded. The store checks who asks."""
        file = parse_file(question, name, content)
        key = file_key(file)
        beside = self._beside(question)
        if key not in beside and len(beside) >= MOST_FILES:
            raise Rejected(f"{question} has {MOST_FILES} files already.", "take one away first")
        path = self._path(file.sha256)
        fresh = not path.exists()
        if fresh:
            self._make_room(len(content))
            write_atomically(path, content)
        known = self.store.history("evidence", self.country, self.cycle, key)
        base = known[-1].seq if known else None
        draft = Draft(self.country, self.cycle, "evidence", key, base, file.model_dump(mode="json"))
        try:
            done = self.store.append([draft], author=author, at=at)
        except NccError:
            if fresh and self.find(file.sha256) is None:
                path.unlink(missing_ok=True)
            raise
        if done.conflicts:
            raise Rejected("Somebody took this file away just now.", "send it again")
        if not path.exists():  # sent by two at once, and refused to the one who was first
            write_atomically(path, content)
        return draft

    def find(self, sha256: str) -> tuple[EvidenceFile, bytes] | None:
        """The file of that digest, if an entry of this country and cycle names it or once did."""
        told = self.store.changes(0, country=self.country, cycles=(self.cycle,), limit=1_000_000)
        for one in files_in(told):
            if one.sha256 == sha256 and (path := self._path(sha256)).is_file():
                return one, path.read_bytes()
        return None

    def _beside(self, question: str) -> set[str]:
        found = self.store.current("evidence", country=self.country, cycle=self.cycle)
        return {one.key for one in found if (one.payload or {}).get("question") == question}

    def _make_room(self, size: int) -> None:
        kept = self.folder / self.country
        used = sum(one.stat().st_size for one in kept.iterdir()) if kept.is_dir() else 0
        if used + size > MOST_OF_A_COUNTRY:
            raise Rejected(
                f"The files of {self.country} would be more than {MOST_OF_A_COUNTRY // 2**20} MB.",
                "give a link instead, or ask a coordinator",
            )

    def _path(self, sha256: str) -> Path:
        return self.folder / self.country / sha256


def files_in(revisions: Iterable[Revision]) -> list[EvidenceFile]:
    """The files that these revisions name."""
    found = [one.payload for one in revisions if one.kind == "evidence" and one.payload]
    return [EvidenceFile.model_validate(one) for one in found]

"""Other countries' entries, where a field may refer to them.

They may be very many, so they are read when the first of them is asked for, and followed from
then on.
"""

from collections.abc import Iterable

from ncc_kernel.forms.entries_scene import EntriesReach, EntriesScene
from ncc_kernel.forms.entries_telling import name_of
from ncc_kernel.model.revision import Revision
from ncc_kernel.model.text import without_accents

FOUND = 20
"""Entries that one search gives."""


class Abroad:
    """What may be referred to beyond the border."""

    def __init__(self, scene: EntriesScene, reach: EntriesReach) -> None:
        self._scene = scene
        self._reach = reach
        fields = (one for form in scene.forms for one in form.references if one.any_country)
        self._kinds = frozenset(kind for one in fields for kind in one.of)
        self._entries: dict[tuple[str, str], Revision] = {}
        self._seq: int | None = None

    def follow(self) -> set[tuple[str, str]]:
        """What is new there, once somebody has asked."""
        return set() if self._seq is None else self._read(self._seq)

    def last(self, kind: str, key: str) -> Revision | None:
        """What is known of that entry, a withdrawal too; nothing is read for it."""
        return self._entries.get((kind, key))

    def get(self, kind: str, key: str) -> list[Revision]:
        """The entry, where there is one now and it may be referred to."""
        if kind not in self._kinds:
            return []
        self._look()
        there = self._entries.get((kind, key))
        return [] if there is None or there.payload is None else [there]

    def find(self, kinds: Iterable[object], words: str) -> list[Revision]:
        """Entries of these kinds with all the words in their names, the first few."""
        self._look()
        wanted, asked = without_accents(words).split(), self._kinds & {str(one) for one in kinds}
        found: list[Revision] = []
        for one in self._entries.values():
            if one.kind in asked and one.payload is not None and len(found) < FOUND:
                name = without_accents(name_of(self._scene, one))
                found += [one] if all(word in name for word in wanted) else []
        return found

    def _look(self) -> None:
        if self._seq is None:
            self._read(0)

    def _read(self, since: int) -> set[tuple[str, str]]:
        news = self._reach.elsewhere(since)
        self._seq = max((one.seq for one in news), default=since)
        self._entries |= {(one.kind, one.key): one for one in news}
        return {(one.kind, one.key) for one in news}

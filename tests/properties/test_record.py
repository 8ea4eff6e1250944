"""Two editors in random interleavings: no lost update, every conflict shown."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ncc_kernel.model.revision import Draft
from ncc_kernel.store.log import Store

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
EDITORS = st.sampled_from(["ana", "rui"])
KEYS = st.sampled_from(["D1.1", "D1.2"])
EXAMPLES = count(1)


@dataclass(frozen=True)
class Seen:
    """What an editor has before the eyes: the seq it was read at, and the level."""

    base: int | None = None
    level: int | None = None


class TwoEditors(RuleBasedStateMachine):
    """The record against a plain dict of what is current, and a list of all that was accepted."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.cycle = f"r{next(EXAMPLES)}"
        self.truth: dict[str, Seen] = {}
        self.accepted: list[tuple[int, str, str, int | None]] = []
        self.eyes: dict[tuple[str, str], Seen] = {}

    @rule(editor=EDITORS, key=KEYS)
    def read(self, editor: str, key: str) -> None:
        found = self.store.current("answer", country="PT", cycle=self.cycle, key=key)
        levels = [(one.seq, (one.payload or {})["level"]) for one in found]
        self.eyes[editor, key] = Seen(*levels[0]) if levels else Seen()

    @rule(editor=EDITORS, key=KEYS, level=st.integers(0, 5))
    def save(self, editor: str, key: str, level: int) -> None:
        self._send(editor, key, level)

    @rule(editor=EDITORS, key=KEYS)
    def withdraw(self, editor: str, key: str) -> None:
        self._send(editor, key, None)

    def _send(self, editor: str, key: str, level: int | None) -> None:
        base = self.eyes.get((editor, key), Seen()).base
        payload = None if level is None else {"state": "answered", "level": level}
        truth = self.truth.get(key, Seen())
        gone = truth.base is not None and truth.level is None

        draft = Draft("PT", self.cycle, "answer", key, base, payload)
        done = self.store.append([draft], author=editor, at=NOW)

        if level == truth.level:
            assert (done.written, done.conflicts, done.unchanged) == ((), (), 1)
        elif base == truth.base or (gone and base is None):
            assert (len(done.written), done.conflicts, done.unchanged) == (1, (), 0)
            seq = done.written[0].seq
            self.truth[key] = self.eyes[editor, key] = Seen(seq, level)
            self.accepted.append((seq, editor, key, level))
        else:
            assert (done.written, len(done.conflicts), done.unchanged) == ((), 1, 0)
            theirs = done.conflicts[0].theirs
            assert done.conflicts[0].mine == draft
            assert (theirs.seq if theirs else None) == truth.base
            assert theirs is None or (theirs.payload or {}).get("level") == truth.level

    @invariant()
    def what_is_current_is_what_was_last_accepted(self) -> None:
        found = self.store.current("answer", country="PT", cycle=self.cycle)
        held = {key: seen.level for key, seen in self.truth.items() if seen.level is not None}

        assert {one.key: (one.payload or {})["level"] for one in found} == held

    def teardown(self) -> None:
        told = self.store.changes(0, country="PT", cycles=(self.cycle,))

        assert self.accepted == [
            (one.seq, one.author, one.key, (one.payload or {}).get("level")) for one in told
        ]


def test_two_editors_lose_nothing_and_see_every_conflict(store: Store, long_run: bool) -> None:  # noqa: FBT001
    examples = 1000 if long_run else 50

    run_state_machine_as_test(
        lambda: TwoEditors(store),
        settings=settings(
            max_examples=examples,
            stateful_step_count=15,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

"""What everybody may be told of: nothing of a private entry, and nothing of what is part of one."""

from collections.abc import Iterable

from ncc_kernel.model.kinds import kind_of, wholes
from ncc_kernel.model.permission import PRIVATE_KINDS
from ncc_kernel.model.revision import EVERY_CYCLE, Revision, is_private


def open_to_all(changes: Iterable[Revision]) -> tuple[Revision, ...]:
    """The changes, oldest first, that anybody may read.

    An entry that is private now is told with none of its revisions, and one that was private with
    none of those; what takes a private entry away is as private as the entry was.
    """
    kept = [(one.address, one) for one in changes]
    last = {address: one for address, one in kept if one.payload is not None}
    closed = {address for address, one in last.items() if is_private(one.payload)}
    parts = {address: one for address, one in last.items() if kind_of(one.kind).part_of}
    while more := {at for at, one in parts.items() if at not in closed and _within(one, closed)}:
        closed |= more
    return tuple(
        one
        for address, one in kept
        if one.kind not in PRIVATE_KINDS
        and address not in closed
        and not is_private(one.payload)
        and not (address in parts and _within(one, closed))
    )


def _within(one: Revision, closed: set[tuple[str, str, str, str]]) -> bool:
    """Whether it is part of an entry that is closed."""
    return any(
        (kind, one.country, EVERY_CYCLE, key) in closed
        for kind, key in wholes(one.kind, one.payload or {})
    )

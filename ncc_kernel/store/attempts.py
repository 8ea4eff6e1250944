"""Wrong passwords: ten for a name bring a delay that grows, in every process alike.

An attempt is counted before it is looked at, so many at once count as many. A name that nobody
has is counted like any other, so that the delay does not tell which names there are.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ncc_kernel.model.account import folded
from ncc_kernel.store.schema import sign_in_failure
from ncc_kernel.store.sessions import digest, stamp

FREE_ATTEMPTS = 10
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)
"""After a day without a further attempt, wrong passwords are forgotten."""


def count_attempt(connection: Connection, name: str, *, at: datetime) -> bool:
    """Count it, unless the name has to wait; whether the attempt may be looked at."""
    table, key = sign_in_failure, digest(folded(name[:1000]))
    connection.execute(table.delete().where(table.c.last < stamp(at - FORGOTTEN)))
    row = connection.execute(sa.select(table).where(table.c.digest == key)).first()
    if row is None:
        connection.execute(table.insert().values(digest=key, wrong=1, last=stamp(at)))
        return True
    # The distance in time, not its sign: those who come at once may come in any order.
    if abs(at - datetime.fromisoformat(row.last)) < _delay(row.wrong):
        return False
    again = {"wrong": row.wrong + 1, "last": stamp(at)}
    connection.execute(table.update().where(table.c.digest == key).values(**again))
    return True


def _delay(wrong: int) -> timedelta:
    if wrong < FREE_ATTEMPTS:
        return timedelta(0)
    doubled = min(wrong - FREE_ATTEMPTS, 10)
    return min(FIRST_DELAY * (1 << doubled), LONGEST_DELAY)


def forget_attempts(connection: Connection, name: str) -> None:
    """Begin to count anew for that name."""
    mine = sign_in_failure.c.digest == digest(folded(name[:1000]))
    connection.execute(sign_in_failure.delete().where(mine))

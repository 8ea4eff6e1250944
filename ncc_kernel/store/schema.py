"""The record's two tables, narrow ones to count from, and those of who may sign in.

They are the same on SQLite and PostgreSQL.
"""

import sqlalchemy as sa

from ncc_kernel.model.ecosystem import NEED_KINDS

HEAD = "0004"
"""The migration this release works with; a test holds it equal to Alembic's head."""

AUTHOR = 120
"""Characters of an author's name."""

metadata = sa.MetaData()

revision = sa.Table(
    "revision",
    metadata,
    # The order of the record. Writers take turns (see log.py), so seq order is commit order.
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("author", sa.String(AUTHOR), nullable=False),
    sa.Column("country", sa.String(2), nullable=False),
    sa.Column("cycle", sa.String(8), nullable=False),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("key", sa.String(120), nullable=False),
    sa.Column("base", sa.Integer, nullable=True),
    sa.Column("payload", sa.Text, nullable=True),
    sa.Index("revision_address", "kind", "country", "cycle", "key", "seq"),
    sa.Index("revision_place", "country", "cycle", "kind", "seq"),
    sqlite_autoincrement=True,
)

current = sa.Table(
    "current",
    metadata,
    sa.Column("kind", sa.String(24), primary_key=True),
    sa.Column("country", sa.String(2), primary_key=True),
    sa.Column("cycle", sa.String(8), primary_key=True),
    sa.Column("key", sa.String(120), primary_key=True),
    sa.Column("seq", sa.Integer, sa.ForeignKey("revision.seq"), nullable=False),
)

# What the map's totals are counted from; made from the record alone (see map_rows.py).
_NUMBER = sa.BigInteger().with_variant(
    sa.Integer, "sqlite"
)  # an INTEGER is SQLite's own row number

map_key = sa.Table(
    "map_key",
    metadata,
    # Twice the seq at which the key was first named, one more where a link names it as its target.
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("key", sa.String(120), nullable=False),
    sa.Index("map_key_named", "kind", "key", unique=True),
)

map_entry = sa.Table(
    "map_entry",
    metadata,
    # Of the revision that stands.
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("number", _NUMBER, nullable=False),
    sa.Column("country", sa.String(2), nullable=False),
    sa.Column("since", sa.String(10), nullable=False),
    sa.Column("hidden", sa.Integer, nullable=False),
    sa.Column("tier", sa.String(16), nullable=False),
    sa.Column("review", sa.String(16), nullable=False),
    # What an agent is, or at what stage an initiative is: a code, cut off where it is none.
    sa.Column("sort", sa.String(200), nullable=False),
    sa.Column("region", sa.String(8), nullable=False),
    *(sa.Column(f"{side}_{of}", sa.SmallInteger) for side in ("needs", "can") for of in NEED_KINDS),
    sa.Column("urgency", sa.SmallInteger),
    sa.Column("severity", sa.SmallInteger),
    sa.Column("feasibility", sa.SmallInteger),
    sa.Index("map_entry_number", "number", "country", unique=True),
    # In the order in which they are counted: SQLite then neither sorts nor reads the rows.
    sa.Index(
        "map_entry_count",
        *("kind", "hidden", "country", "sort", "region", "tier", "review", "number", "since"),
        *(f"{side}_{of}" for side in ("needs", "can") for of in NEED_KINDS),
    ),
)

map_tag = sa.Table(
    "map_tag",
    metadata,
    # In the order in which they are looked up. There are none of private entries.
    sa.Column("field", sa.String(24), primary_key=True),
    sa.Column("kind", sa.String(24), primary_key=True),
    sa.Column("value", sa.String(400), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Index("map_tag_seq", "seq"),
    sqlite_with_rowid=False,
)

map_link = sa.Table(
    "map_link",
    metadata,
    # Of the revision that stands. There are none of private links.
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    # Whether both its ends are there and everybody may see them.
    sa.Column("open", sa.SmallInteger, nullable=False),
    sa.Column("to_agent", sa.SmallInteger, nullable=False),
    # The numbers of its agent and of its target in map_key.
    sa.Column("near", _NUMBER, nullable=False),
    sa.Column("far", _NUMBER, nullable=False),
    sa.Column("country", sa.String(2), nullable=False),
    sa.Column("sort", sa.String(200), nullable=False),
    sa.Index("map_link_near", "near", "open", "to_agent", "far", "country", "sort"),
    sa.Index("map_link_far", "far", "open", "to_agent", "near", "country", "sort"),
    sa.Index("map_link_count", "country", "sort", "open", "to_agent"),
)

MAP_ROWS = (map_key, map_entry, map_tag, map_link)
"""All that is made from the record to count the map from."""

account = sa.Table(
    "account",
    metadata,
    sa.Column("name", sa.String(AUTHOR), primary_key=True),
    # What is alike in names that people would take for one.
    sa.Column("folded", sa.String(3 * AUTHOR), nullable=False, unique=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("country", sa.String(2), nullable=True),
    # Argon2id, with salt and parameters in it; none until its person has chosen a password.
    sa.Column("password", sa.String(200), nullable=True),
)

session = sa.Table(
    "session",
    metadata,
    # The token itself is in the browser's cookie alone.
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("name", sa.ForeignKey("account.name", ondelete="CASCADE"), nullable=False),
    sa.Column("opened", sa.String(32), nullable=False),
    sa.Column("acted", sa.String(32), nullable=False),
    sa.Column("seen", sa.String(32), nullable=False),
    sa.Column("country", sa.String(2), nullable=True),
    sa.Column("place", sa.String(120), nullable=False),
    sa.Index("session_name", "name"),
    sa.Index("session_present", "country", "seen"),
)

sign_in_link = sa.Table(
    "sign_in_link",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("name", sa.ForeignKey("account.name", ondelete="CASCADE"), nullable=False),
    sa.Column("until", sa.String(32), nullable=False),
)

sign_in_failure = sa.Table(
    "sign_in_failure",
    metadata,
    # Of the name as typed, so that a name nobody has is delayed like any other.
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("wrong", sa.Integer, nullable=False),
    sa.Column("last", sa.String(32), nullable=False),
)

version = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32)))


def make_scratch(url: str) -> None:
    """A store for a moment, in SQLite: the tables as they are now, without guards or history."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        metadata.create_all(connection)
        version.metadata.create_all(connection)
        connection.execute(version.insert().values(version_num=HEAD))
    engine.dispose()

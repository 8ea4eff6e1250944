"""The record's two tables and those of who may sign in, the same on SQLite and PostgreSQL."""

import sqlalchemy as sa

HEAD = "0002"
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

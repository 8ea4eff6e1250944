"""The record's two tables, the same on SQLite and PostgreSQL."""

import sqlalchemy as sa

HEAD = "0001"
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

version = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32)))

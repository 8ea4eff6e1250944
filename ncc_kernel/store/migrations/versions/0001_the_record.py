"""The record: revisions, which nobody can change afterwards, and what is current."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SQLITE = """
CREATE TRIGGER revision_no_{verb} BEFORE {verb} ON revision
BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
"""
# REPLACE takes a row away without asking the trigger on DELETE.
_SQLITE_REPLACE = """
CREATE TRIGGER revision_no_replace BEFORE INSERT ON revision
WHEN EXISTS (SELECT 1 FROM revision WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
"""
_POSTGRESQL = """
CREATE FUNCTION revision_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the record is append-only'; END $$
"""


def upgrade() -> None:
    """Make the two tables and the guard."""
    op.create_table(
        "revision",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("cycle", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("base", sa.Integer, nullable=True),
        sa.Column("payload", sa.Text, nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_index("revision_address", "revision", ["kind", "country", "cycle", "key", "seq"])
    op.create_index("revision_place", "revision", ["country", "cycle", "kind", "seq"])
    op.create_table(
        "current",
        sa.Column("kind", sa.String(24), primary_key=True),
        sa.Column("country", sa.String(2), primary_key=True),
        sa.Column("cycle", sa.String(8), primary_key=True),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("seq", sa.Integer, sa.ForeignKey("revision.seq"), nullable=False),
    )
    _guard()


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(verb=verb))
        op.execute(_SQLITE_REPLACE)
        return
    op.execute(_POSTGRESQL)
    op.execute(
        "CREATE TRIGGER revision_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON revision "
        "FOR EACH STATEMENT EXECUTE FUNCTION revision_is_append_only()"
    )

"""Who may sign in: accounts, their sessions, links that let in once, and wrong passwords."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the four tables; the record is not touched."""
    op.create_table(
        "account",
        sa.Column("name", sa.String(120), primary_key=True),
        sa.Column("folded", sa.String(360), nullable=False, unique=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("country", sa.String(2), nullable=True),
        sa.Column("password", sa.String(200), nullable=True),
    )
    op.create_table(
        "session",
        sa.Column("digest", sa.String(64), primary_key=True),
        _owner(),
        sa.Column("opened", sa.String(32), nullable=False),
        sa.Column("acted", sa.String(32), nullable=False),
        sa.Column("seen", sa.String(32), nullable=False),
        sa.Column("country", sa.String(2), nullable=True),
        sa.Column("place", sa.String(120), nullable=False),
    )
    op.create_index("session_name", "session", ["name"])
    op.create_index("session_present", "session", ["country", "seen"])
    op.create_table(
        "sign_in_link",
        sa.Column("digest", sa.String(64), primary_key=True),
        _owner(),
        sa.Column("until", sa.String(32), nullable=False),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("last", sa.String(32), nullable=False),
    )


def _owner() -> sa.Column[str]:
    of = sa.ForeignKey("account.name", ondelete="CASCADE")
    return sa.Column("name", sa.String(120), of, nullable=False)

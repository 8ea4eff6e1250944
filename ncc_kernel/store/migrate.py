"""Make a store, or bring an older one up to this release, by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from ncc_kernel.store.engine import WRITER, make_engine, parse_url, sqlite_file


def migrate(url: str) -> None:
    """The store at `url` is at this release's version when this returns."""
    parsed = parse_url(url)
    if file := sqlite_file(parsed):
        file.parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(parsed)
    try:
        with engine.connect().execution_options(**WRITER) as connection, connection.begin():
            command.upgrade(alembic_config(connection), "head")
    finally:
        engine.dispose()


def alembic_config(connection: object = None) -> Config:
    """Alembic's settings, all from the package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config

"""The `ncc` command and its verbs. Errors are sentences on stderr; exit 2 is misuse."""

import sys
from typing import Annotated

import typer

from ncc_kernel import __version__
from ncc_kernel.cli import backup, care, doctor, exchange, groups, merging, run, serve, user
from ncc_kernel.errors import NccError

app = typer.Typer(
    name="ncc",
    help="Workbooks of the National Competence Centres for Social Innovation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback(invoke_without_command=True)
def _root(
    *, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


app.command("init")(care.init)
app.command("run")(run.run)
app.command("import")(exchange.import_files)
app.command("export")(exchange.export_file)
app.command("groups")(groups.groups)
app.command("doubles")(merging.doubles)
app.command("merge")(merging.merge)
app.command("unmerge")(merging.unmerge)
app.command("status")(care.status)
app.command("doctor")(doctor.doctor)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("migrate")(care.migrate_store)
app.command("lab")(care.lab)
app.command("serve")(serve.serve)
app.add_typer(user.app, name="user")


def main() -> None:
    """Run the command; an error that a person can act on is a sentence, never a trace."""
    try:
        app()
    except NccError as fault:
        typer.echo(fault.what, err=True)
        if fault.hint:
            typer.echo(f"Hint: {fault.hint}", err=True)
        sys.exit(2)
    except OSError as fault:
        where = fault.filename2 or fault.filename or "A file"
        typer.echo(f"{where} cannot be used: {fault.strerror or fault}.", err=True)
        typer.echo("Hint: check that it is there, your rights, and the space left", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()

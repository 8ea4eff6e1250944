"""Who may sign in: add, list and remove accounts, give a role or a password. Passwords are not shown."""

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ncc_kernel.errors import Rejected
from ncc_kernel.model.account import ROLES, Account, parse_account
from ncc_kernel.paths import find_home
from ncc_kernel.store.catalogue import read_catalogue

if TYPE_CHECKING:
    from ncc_kernel.store.accounts import Accounts

app = typer.Typer(help="Who may sign in.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The name to sign in with; it is the author's too.")]
RoleOption = Annotated[str, typer.Option("--role", help=f"One of {', '.join(ROLES)}.")]
CountryOption = Annotated[
    str | None, typer.Option("--country", help="Whose; editors and reviewers need it.")
]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Take the first line of the input as password.")
]


@app.command("add")
def add(
    name: Name,
    *,
    role: RoleOption,
    country: CountryOption = None,
    password_stdin: FromStdin = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Its person chooses one: see ncc user link.")
    ] = False,
) -> None:
    """Add an account; its password is asked for."""
    who = _account(name, role, country)
    password = None if no_password else _password(from_stdin=password_stdin)
    with _accounts() as accounts:
        accounts.add(who, password=password)
    typer.echo(f"Added {_told(who)}.")


@app.command("list")
def list_() -> None:
    """Say who may sign in, and as what."""
    with _accounts() as accounts:
        found = accounts.list_()
    for who in found:
        typer.echo(f"{who.name:30} {who.role:12} {who.country or 'no country'}")
    if not found:
        typer.echo("There is no account yet. Hint: ncc user add NAME --role coordinator", err=True)


@app.command("role")
def role(name: Name, *, role: RoleOption, country: CountryOption = None) -> None:
    """Give an account another role or country; whoever uses it is signed out."""
    who = _account(name, role, country)
    with _accounts() as accounts:
        accounts.change(who)
    typer.echo(f"It is {_told(who)} now, and signed out.")


@app.command("passwd")
def passwd(name: Name, *, password_stdin: FromStdin = False) -> None:
    """Give an account a new password; whoever uses it is signed out."""
    with _accounts() as accounts:
        accounts.set_password(name, _password(from_stdin=password_stdin))
    typer.echo("The password is new; its sessions have ended.")


@app.command("link")
def link(
    name: Name,
    *,
    address: Annotated[
        str, typer.Option("--address", help="Where people find the server, as in their browsers.")
    ] = "http://127.0.0.1:8866/",
) -> None:
    """Print a link by which its person signs in once, within a day, and chooses a password."""
    import secrets
    from datetime import UTC, datetime

    if not address.startswith(("http://", "https://")):
        raise Rejected(f"{address[:80]!r} is no address.", "begin it with https://")
    token = secrets.token_urlsafe(32)
    with _accounts() as accounts:
        accounts.one_time_link(name, at=datetime.now(UTC), token=token)
    typer.echo(f"{address.rstrip('/')}/first?key={token}")


@app.command("remove")
def remove(name: Name) -> None:
    """Take an account away; what its person wrote stays in the record."""
    with _accounts() as accounts:
        accounts.remove(name)
    typer.echo("The account is removed; its sessions have ended.")


def _accounts() -> "Accounts":
    from ncc_kernel.store.accounts import Accounts

    return Accounts(find_home(os.environ).store_url)


def _account(name: str, role: str, country: str | None) -> Account:
    catalogue = read_catalogue(find_home(os.environ).data)
    return parse_account(name, role, country, catalogue.countries)


def _told(who: Account) -> str:
    return f"{who.name}, {who.role}" + (f" of {who.country}" if who.country else "")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Rejected("There is no terminal to ask for a password.", "use --password-stdin")
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked

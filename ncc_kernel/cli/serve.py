"""`ncc serve`: the workbooks for the teams, in a browser, behind a sign-in."""

import os
import secrets
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ncc_kernel.paths import find_home

if TYPE_CHECKING:
    from ncc_kernel.serving.service import Service

FIRST = "coordinator"
"""The account that a first start makes, for whoever reads its terminal."""


def serve(
    *,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8866,
    idle: Annotated[
        int, typer.Option(help="Seconds after which a closed page's kernel ends.", min=2)
    ] = 600,
    https: Annotated[
        bool, typer.Option("--https", help="People reach it by https: cookies are Secure.")
    ] = False,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="Believe the proxy's X-Forwarded headers.")
    ] = False,
    contact: Annotated[
        str,
        typer.Option(envvar="NCC_CONTACT", help="Whom people ask: shown on the contact page."),
    ] = "",
) -> None:
    """Open the workbooks to the teams. The first start prints a link to sign in with, once."""
    import logging

    from ncc_kernel.serving.app import address_of
    from ncc_kernel.serving.app import serve as run
    from ncc_kernel.serving.service import Options, Service
    from ncc_kernel.store.accounts import Accounts
    from ncc_kernel.store.catalogue import read_catalogue
    from ncc_kernel.store.log import Store

    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("ncc.serving").setLevel(logging.INFO)
    home = find_home(os.environ)
    options = Options(host, port, idle, https, behind_proxy, contact)
    with Store(home.store_url) as store, Accounts(home.store_url) as accounts:
        service = Service(
            home=home,
            catalogue=read_catalogue(home.data),
            store=store,
            accounts=accounts,
            options=options,
            now=_now,
            token=_token,
        )
        if not accounts.list_():
            typer.echo(f"Sign in once, within a day: {address_of(options)}{_first(service)}")
        run(service, ready=lambda: print(f"The workbooks are at {address_of(options)}", flush=True))


def _first(service: "Service") -> str:
    from ncc_kernel.model.account import Account

    key = _token()
    service.accounts.add(Account(FIRST, "coordinator", None), password=None)
    service.accounts.one_time_link(FIRST, at=_now(), token=key)
    return f"first?key={key}"


def _now() -> datetime:
    return datetime.now(UTC)


def _token() -> str:
    return secrets.token_urlsafe(32)

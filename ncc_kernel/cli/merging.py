"""`ncc doubles`, `ncc merge` and `ncc unmerge`: entries that are one, decided by a person."""

import os
from datetime import UTC, datetime
from typing import Annotated

import typer

from ncc_kernel.paths import find_home
from ncc_kernel.store.catalogue import Catalogue, read_catalogue
from ncc_kernel.store.log import Store

Kind = Annotated[str, typer.Option(help="agent, initiative or challenge.")]
Country = Annotated[str, typer.Option(help="The country whose entries they are.")]
Author = Annotated[str, typer.Option(help="Who the record names.")]


def doubles(
    *, country: Annotated[str | None, typer.Option(help="Only this country.")] = None
) -> None:
    """List entries that may be one and the same, and how to merge each pair."""
    from ncc_kernel.analysis.doubles import MERGEABLE
    from ncc_kernel.analysis.doubles import doubles as propose

    home = find_home(os.environ)
    code = _code(country, read_catalogue(home.data)) if country else None
    with Store(home.store_url) as store:
        found = propose([one for kind in MERGEABLE for one in store.current(kind, country=code)])
    for one in found:
        names = [_name(entry.payload or {}) for entry in (one.first, one.second)]
        print(f"{one.country} {one.kind}: {names[0]} and {names[1]}; same {' and '.join(one.why)}")
        print(
            f"  ncc merge {one.first.key} {one.second.key} "
            f"--kind {one.kind} --country {one.country}"
        )
    print(f"{len(found)} pairs that may be one.")


def merge(
    keep: Annotated[str, typer.Argument(help="The key that stays.")],
    drop: Annotated[str, typer.Argument(help="The key that is withdrawn.")],
    *,
    country: Country,
    kind: Kind = "agent",
    reason: Annotated[str, typer.Option(help="Why they are one.")] = "",
    author: Author = "ncc merge",
) -> None:
    """Make two entries one; what named the second names the first. See: ncc unmerge."""
    from ncc_kernel.store.merge import merge_entries

    home = find_home(os.environ)
    catalogue = read_catalogue(home.data)
    with Store(home.store_url) as store:
        done = merge_entries(
            store,
            catalogue.entry_forms,
            kind=kind,
            country=_code(country, catalogue),
            keep=keep,
            drop=drop,
            reason=reason,
            author=author,
            at=datetime.now(UTC),
        )
    changed = len((done.payload or {})["before"])
    print(f"{drop} is withdrawn, {keep} stays; {changed} entries changed.")


def unmerge(
    drop: Annotated[str, typer.Argument(help="The key that the merge withdrew.")],
    *,
    country: Country,
    kind: Kind = "agent",
    author: Author = "ncc unmerge",
) -> None:
    """Take a merge back: all is as before, but for what was changed since."""
    from ncc_kernel.store.merge import undo_merge

    home = find_home(os.environ)
    code = _code(country, read_catalogue(home.data))
    with Store(home.store_url) as store:
        done = undo_merge(
            store, kind=kind, country=code, drop=drop, author=author, at=datetime.now(UTC)
        )
    for one in done.left:
        print(f"Left as it is, it was changed since: {one.kind} {one.key}")
    print(f"{len(done.restored)} entries are as they were before the merge.")


def _code(country: str, catalogue: Catalogue) -> str:
    from ncc_kernel.model.country import parse_country

    return parse_country(country, catalogue.countries).code


def _name(payload: dict[str, object]) -> str:
    return str(payload.get("name") or payload.get("title") or "")

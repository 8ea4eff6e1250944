"""Entries that may be one and the same, proposed for a person to decide: nothing is merged here."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ncc_kernel.model.revision import Payload, Revision
from ncc_kernel.model.text import without_accents

Why = Literal["web site", "name and place"]

MERGEABLE = ("agent", "initiative", "challenge")

# What a name has that tells nothing: the legal form, which one list has and the other leaves out.
_FORMS = re.compile(
    r"\b(e ?v|ev|ggmbh|gmbh|ag|asbl|vzw|aisbl|ipss|onlus|aps|ets|srl|sro|zs|sa|sl|scoop|ltd|clg|ry|ab|as|oy|zrt|kft|nonprofit|fondation|foundation|stichting|stiftung|fundacion|fundacao|fondazione)\b"
)
_SHARED = frozenset(
    {"facebook.com", "linkedin.com", "twitter.com", "instagram.com", "youtube.com", "medium.com"}
    | {"sites.google.com", "wordpress.com", "blogspot.com", "github.com", "wixsite.com", "x.com"}
)
"""Sites that hold the pages of many: being there together says nothing."""


@dataclass(frozen=True, slots=True)
class Double:
    """Two entries of one kind and country that look alike, the older first, and why."""

    kind: str
    country: str
    first: Revision
    second: Revision
    why: tuple[Why, ...]


def doubles(entries: Iterable[Revision]) -> tuple[Double, ...]:
    """Pairs that have the web site in common, or the name and the place; in a fixed order.

    Of three that are alike two pairs are proposed, each with the oldest.
    """
    groups: dict[tuple[Why, str, str, str], list[Revision]] = {}
    ordered = sorted(entries, key=lambda one: (one.kind, one.country, one.seq, one.key))
    for one in ordered:
        if one.kind in MERGEABLE and one.payload is not None:
            for why, mark in _marks(one.payload):
                groups.setdefault((why, one.kind, one.country, mark), []).append(one)
    reasons: dict[tuple[int, int], list[Why]] = {}
    by_seq = {one.seq: one for one in ordered}
    for (why, *_), alike in groups.items():
        for other in alike[1:]:
            reasons.setdefault((alike[0].seq, other.seq), []).append(why)
    return tuple(
        Double(by_seq[a].kind, by_seq[a].country, by_seq[a], by_seq[b], tuple(sorted(set(why))))
        for (a, b), why in sorted(
            reasons.items(),
            key=lambda item: (by_seq[item[0][0]].country, by_seq[item[0][0]].kind, item[0]),
        )
    )


def _marks(payload: Payload) -> Iterator[tuple[Why, str]]:
    """What an entry has in common with its doubles."""
    site = bare_site(str(payload.get("website", "")))
    if site:
        yield "web site", site
    name = bare_name(str(payload.get("name") or payload.get("title") or ""))
    if name:
        place = payload.get("place") or {}
        yield "name and place", f"{name}\n{_bare(str(place.get('name', '')))}"


def bare_site(address: str) -> str:
    """The address without protocol, `www.`, port, query and closing stroke; empty where many share it."""
    said = re.sub(r"^[a-z][a-z0-9+.-]*://", "", address.strip().casefold())
    host, _, path = re.split(r"[?#]", said, maxsplit=1)[0].partition("/")
    host = host.rpartition("@")[2].partition(":")[0].removeprefix("www.").strip(".")
    path = re.sub(r"/+", "/", path).strip("/")
    path = re.sub(r"(^|/)index\.(html?|php)$", "", path)
    if "." not in host or (not path and host in _SHARED):
        return ""
    return f"{host}/{path}" if path else host


def bare_name(name: str) -> str:
    """The name without accents, case, punctuation and legal form."""
    bare = _bare(name)
    return " ".join(_FORMS.sub(" ", bare).split()) or bare


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", without_accents(text)).split())

"""The sample record, as its own authors and dates have it."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from ncc_kernel.errors import DataFault
from ncc_kernel.model.revision import Draft
from ncc_kernel.store.log import Store


def load_samples(store: Store, data: Path) -> int:
    """Append the sample record to an empty store; how many revisions that made."""
    path = data / "samples" / "record.jsonl"
    seqs: dict[tuple[str, str, str, str], int] = {}
    for (at, author), lines in groupby(_lines(path), key=lambda line: (line["at"], line["author"])):
        drafts = [_draft(line, seqs) for line in lines]
        done = store.append(drafts, author=author, at=datetime.fromisoformat(at))
        seqs |= {one.address: one.seq for one in done.written}
    return len(seqs)


def _draft(line: dict[str, Any], seqs: dict[tuple[str, str, str, str], int]) -> Draft:
    address = line["kind"], line["country"], line["cycle"], line["key"]
    kind, country, cycle, key = address
    return Draft(country, cycle, kind, key, seqs.get(address), line["payload"])


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        raw = path.read_text(encoding="utf-8").strip("\n").split("\n")
    except OSError:
        raise DataFault(f"{path} cannot be read.", "run: python data/samples/generate.py") from None
    for number, line in enumerate(raw, start=1):
        try:
            yield json.loads(line)
        except ValueError:
            hint = "run: python data/samples/generate.py"
            raise DataFault(f"{path}, line {number}, is not JSON.", hint) from None

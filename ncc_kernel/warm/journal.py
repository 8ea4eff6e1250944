"""What a run leaves behind cell by cell, for whoever started it to read when it is gone."""

import json
from pathlib import Path
from typing import Any

from ncc_kernel.warm.wire import Channel, Message


class Journal:
    """Each cell as it ended, a line each: a run that is killed leaves behind what it had."""

    def __init__(self, path: Path, channel: Channel) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._channel = channel

    def opened(self, nb: Any) -> None:
        """The notebook before its first cell."""
        self._write(nb)

    def began(self, index: int, cell: Any) -> None:
        """Told to the client: it keeps the time."""
        said = cell.source.strip().splitlines()
        self._channel.send({"began": index, "what": said[0][:80] if said else ""})

    def ended(self, index: int, cell: Any) -> None:
        """The cell with its outputs."""
        self._write({"index": index, "cell": cell})
        self._channel.send({"ended": index})

    def _write(self, what: object) -> None:
        self._file.write(json.dumps(what) + "\n")
        self._file.flush()


def read_journal(path: Path) -> Message | None:
    """The notebook as far as it came; None when it did not come to its first cell.

    A last line that was cut off by a kill is left out.
    """
    if not path.is_file():
        return None
    nb: Message | None = None
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        read = json.loads(line)
        if nb is None:
            nb = read
        else:
            nb["cells"][read["index"]] = read["cell"]
    return nb

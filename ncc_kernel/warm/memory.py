"""How much memory a process takes, with shared pages shared out among those who share them."""

from pathlib import Path


def pss(pid: int) -> float | None:
    """Proportional set size in MB; None where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    found = (line.split()[1] for line in lines if line.startswith("Pss:"))
    return int(next(found, "0")) / 1024

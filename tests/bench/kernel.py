"""One kernel, warm and cold: how long a plain papermill takes, and what one more idle kernel weighs.

    python tests/bench/kernel.py

The same notebook with the kernels `ncc` and `python3`, in turn, five times each after a warm-up: the
command `papermill` from its start to its end, and papermill's own work in a process that has
imported it. Then kernels that have run the workbook's first cells and wait: the proportional set
size of each, and what is its alone.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import papermill
from jupyter_client.manager import KernelManager

from ncc_kernel.paths import CHECKOUT
from ncc_kernel.warm.memory import pss

BOOK = CHECKOUT / "workbooks" / "01_self_assessment.ipynb"
KERNELS = ("ncc", "python3")
ROUNDS = 5
KEPT = 10
OPEN = """
from ncc_kernel.workbook import open_workbook
wb = open_workbook("01_self_assessment", "PT", "2024-1", "brief")
wb.opening()
"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ncc-bench-") as folder:
        os.environ.update(NCC_HOME=folder, NCC_WARM_DIR=folder)
        subprocess.run([_bin("ncc"), "init", "--sample"], check=True)
        out = Path(folder) / "out.ipynb"
        for what, run in (("the command", _command), ("papermill's own work", _in_process)):
            print(f"\n{what}: seconds, median of {ROUNDS}")
            _compare(_medians(lambda kernel, run=run: run(kernel, out)))  # type: ignore[misc]
        print(f"\none more idle kernel with the workbook open, {KEPT} of each: MB")
        _compare({kernel: _weight(kernel) for kernel in KERNELS})
        subprocess.run([_bin("ncc"), "doctor", "--stop-template"], check=True, capture_output=True)


def _medians(run: Callable[[str], None]) -> dict[str, float]:
    taken: dict[str, list[float]] = {kernel: [] for kernel in KERNELS}
    for number in range(ROUNDS + 1):
        for kernel in KERNELS:
            began = time.monotonic()
            run(kernel)
            if number:
                taken[kernel].append(time.monotonic() - began)
    return {kernel: statistics.median(times) for kernel, times in taken.items()}


def _command(kernel: str, out: Path) -> None:
    command = [_bin("papermill"), str(BOOK), str(out), "-p", "country", "PT", "-k", kernel]
    subprocess.run([*command, "--no-progress-bar"], check=True, capture_output=True)


def _in_process(kernel: str, out: Path) -> None:
    papermill.execute_notebook(
        str(BOOK), str(out), {"country": "PT"}, kernel_name=kernel, progress_bar=False
    )


def _weight(kernel: str) -> float:
    """The mean of the kernels' PSS, all of them waiting."""
    managers = [_waiting(kernel) for _ in range(KEPT)]
    time.sleep(2)
    pids = [manager.provisioner.pid for manager in managers]
    weights = [pss(pid) or 0.0 for pid in pids]
    own = [_private(pid) for pid in pids]
    mean, alone = statistics.mean(weights), statistics.mean(own)
    print(f"  {kernel}: PSS {mean:.1f}, its alone (what one more adds) {alone:.1f}")
    for manager in managers:
        manager.shutdown_kernel(now=True)
    return statistics.mean(weights)


def _waiting(kernel: str) -> KernelManager:
    manager = KernelManager(kernel_name=kernel)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    reply = client.execute_interactive(OPEN, timeout=60, output_hook=lambda _message: None)
    client.stop_channels()
    if reply["content"]["status"] != "ok":
        raise SystemExit(f"the workbook did not open: {reply['content'].get('evalue')}")
    return manager


def _private(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    found = [int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:")]
    return sum(found) / 1024


def _compare(figures: Mapping[str, float]) -> None:
    shown = ", ".join(f"{kernel} {value:.2f}" for kernel, value in figures.items())
    print(f"  {shown}: {figures['python3'] / figures['ncc']:.1f}x")


def _bin(name: str) -> str:
    return str(Path(sys.executable).parent / name)


if __name__ == "__main__":
    main()

"""The environment of the peers: what everybody gets who installs them with pip, and our package.

It is made once and kept beside ours. papermill and nbconvert come with all they ask for, so it has
the optional package that our own environment leaves out (see the Makefile).
"""

import subprocess
import sys

from ncc_kernel.paths import CHECKOUT

PEERS = CHECKOUT / ".venv-peers"


def make_peers() -> None:
    """Make the environment, unless it is there."""
    made = PEERS / ".made"
    if made.is_file():
        return
    print("Installing the peers (once)…", flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
    pip = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    lock = ["-r", str(CHECKOUT / "requirements.lock")]
    subprocess.run([*pip, *lock, "ploomber-engine", "panel"], check=True, stderr=subprocess.DEVNULL)
    editable = ["--no-deps", "-e", str(CHECKOUT)]
    subprocess.run([*pip, *editable], check=True, stderr=subprocess.DEVNULL)
    made.touch()

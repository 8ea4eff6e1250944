"""The way into the `ncc` command.

Nothing of what is imported is ever given up, so Python need not look through it for garbage:
neither while it is imported, nor later, nor at the end. That is a fifth of a short command's time.
"""

import gc


def main() -> None:
    """Import the command, then run it."""
    gc.disable()
    from ncc_kernel.cli.app import main as run  # see above

    gc.freeze()
    gc.enable()
    run()

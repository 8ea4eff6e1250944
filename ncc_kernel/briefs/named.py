"""The renderer by name: a batch hands it to a process without importing nbconvert itself."""

from pathlib import Path


def render_by_name(notebook: Path) -> str:
    """The page of an executed notebook (see render.py)."""
    from ncc_kernel.briefs.render import render_page  # noqa: PLC0415  # only where it is used

    return render_page(notebook)

"""An executed workbook becomes a page, by nbconvert and our template `ncc_brief`.

The template is the one that plain `jupyter nbconvert --template ncc_brief` finds; here it is
taken from the package itself, so that a page never comes from an older installed copy.
"""

from pathlib import Path

from nbconvert import HTMLExporter
from nbformat import NotebookNode

TEMPLATES = Path(__file__).parent / "templates"


def render_page(notebook: NotebookNode, *, name: str) -> str:
    """The HTML of the page; the same outputs give the same text. `name` stands in for a title."""
    exporter = HTMLExporter(template_name="ncc_brief", extra_template_basedirs=[str(TEMPLATES)])
    body, _resources = exporter.from_notebook_node(notebook, {"metadata": {"name": name}})
    return str(body)

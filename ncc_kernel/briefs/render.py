"""An executed workbook becomes a page, by nbconvert and our template `ncc_brief`.

The template is the one that plain `jupyter nbconvert --template ncc_brief` finds; here it is
taken from the package itself, so that a page never comes from an older installed copy.
"""

from pathlib import Path
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from nbconvert import HTMLExporter, TemplateExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

TEMPLATES = Path(__file__).parent / "templates"


class _PageExporter(HTMLExporter):  # type: ignore[misc]  # nbconvert is untyped
    """HTMLExporter without its second reading of the finished page.

    It parses the whole page again to add what our template gives already, and takes longer for
    that than for making it.
    """

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page, as the template made it."""
        made: tuple[str, dict[str, Any]] = TemplateExporter.from_notebook_node(
            self, nb, resources, **kw
        )
        return made


class _Compiled(BytecodeCache):
    """Templates as they were compiled in this process; one whose text changed is compiled anew.

    Jinja holds the digest of the text beside the code, and asks for it.
    """

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def render_page(notebook: NotebookNode, *, name: str) -> str:
    """The HTML of the page; the same outputs give the same text. `name` stands in for a title."""
    exporter = _PageExporter(
        template_name="ncc_brief",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
    )
    exporter.environment.bytecode_cache = _COMPILED
    body, _resources = exporter.from_notebook_node(notebook, {"metadata": {"name": name}})
    return str(body)


def heat() -> None:
    """Make a page of nothing, so that what is compiled from code alone is compiled before a fork."""
    render_page(new_notebook(cells=[new_markdown_cell("# Nothing")]), name="nothing")

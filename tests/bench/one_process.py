"""The floor: the same cells, charts and templates in one process, with no kernel and no papermill.

Nothing is isolated, limited or kept here; it shows what the work itself costs. Run by batch.py.
"""

import ast
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_output

from ncc_kernel.briefs.render import render_page
from ncc_kernel.paths import CHECKOUT


def main() -> None:
    """Make the pages that stand on standard input, a workbook, a country and a topic a line."""
    out = Path(sys.argv[1])
    out.mkdir()
    for line in sys.stdin:
        book, country, *topic = line.split()
        nb = nbformat.read(CHECKOUT / "workbooks" / f"{book}.ipynb", as_version=4)
        named = dict(zip(("country", "topic"), (country, *topic), strict=False))
        execute(nb, named | {"cycle": "2024-1", "mode": "brief"})
        page = render_page(nb, name=book)
        (out / f"{'-'.join((book, country, *topic))}.html").write_text(page, encoding="utf-8")


def execute(nb: Any, parameters: dict[str, str]) -> None:
    """Run the cells in a namespace of their own, and keep what the last line of each shows."""
    space: dict[str, Any] = {}
    for cell in nb.cells:
        if cell.cell_type == "code":
            shown = evaluate(cell.source, space)
            if shown is not None:
                cell.outputs = [new_output("execute_result", data=as_data(shown))]
        if "parameters" in cell.metadata.get("tags", []):
            space.update(parameters)


def evaluate(source: str, space: dict[str, Any]) -> Any:
    """The value of the last line, if it is an expression."""
    *lines, last = ast.parse(source).body
    exec(compile(ast.Module(lines, []), "cell", "exec"), space)  # our own notebooks
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "cell", "eval"), space)
    exec(compile(ast.Module([last], []), "cell", "exec"), space)
    return None


def as_data(shown: Any) -> dict[str, Any]:
    """What Jupyter would ask of the value."""
    if hasattr(shown, "_repr_mimebundle_"):
        return dict(shown._repr_mimebundle_())
    return {"text/html": shown._repr_html_(), "text/plain": repr(shown)}


if __name__ == "__main__":
    main()

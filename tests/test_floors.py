"""The floors of the package: who may import whom, and who may ask the machine."""

import ast
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from ncc_kernel.paths import CHECKOUT

PACKAGE = CHECKOUT / "ncc_kernel"
FLOORS = (
    ("errors", "paths", "__init__"),
    ("model",),
    ("store", "analysis"),
    ("charts", "forms"),
    ("workbook",),
    ("batch", "briefs", "serving"),
    ("cli",),
)
TOWER = "warm"
TOWER_MAY = {
    "IPython",
    "comm",
    "ipykernel",
    "jupyter_client",
    "nbclient",
    "nbformat",
    "papermill",
    "traitlets",
    "zmq",
}
HOMES = {
    "altair": {"charts"},
    "vl_convert": {"charts"},
    "ipywidgets": {"forms"},
    "anywidget": {"forms"},
    "papermill": {"batch", "warm", "serving"},
    "nbconvert": {"briefs"},
    "voila": {"serving"},
    "jupyter_server": {"serving"},
    "tornado": {"serving"},
    "scipy": {"analysis"},
    "holidays": {"analysis"},
    "icalendar": {"store"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "typer": {"cli"},
    "rich": {"cli"},
}
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}

ASKS_THE_MACHINE = {
    "os.environ",
    "os.getenv",
    "os.urandom",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.perf_counter",
    "time.localtime",
    "uuid.uuid1",
    "uuid.uuid4",
    "socket.gethostname",
    "random",
    "secrets",
    "getpass",
    "locale",
}
MAY_ASK = {"cli", "forms", "serving", TOWER}
"""Folders at the edge: people, browsers and processes are there."""

EXCEPTIONS = {
    "workbook/workbook.py": {"os.environ"},  # a notebook holds no command line: this is its edge
    "batch/pool.py": {"time.monotonic", "uuid.uuid4"},  # limits of time, marks of its processes
    "charts/draw.py": {"os.environ"},  # where the drawing service is; without it, the same bytes
}


@dataclass(frozen=True)
class Module:
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def part(self) -> str:
        first = self.path.relative_to(PACKAGE).parts[0]
        return first.removesuffix(".py")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @cached_property
    def imports(self) -> set[str]:
        """Every dotted name that is imported: lazily and for typing too."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                found |= {f"{base}.{alias.name}" for alias in node.names}
        return found

    @property
    def own(self) -> set[str]:
        """The parts of our package that it imports from."""
        parts = [name.split(".") for name in self.imports if name.split(".")[0] == "ncc_kernel"]
        known = {one for floor in FLOORS for one in floor} | {TOWER}
        return {part[1] if len(part) > 1 and part[1] in known else "__init__" for part in parts}

    @property
    def foreign(self) -> set[str]:
        """Packages of others that it imports."""
        roots = {name.split(".")[0] for name in self.imports}
        return roots - sys.stdlib_module_names - {"ncc_kernel"}

    @property
    def asks(self) -> set[str]:
        """What of clock, chance and environment it names."""
        dotted = {
            ast.unparse(node) for node in ast.walk(self.tree) if isinstance(node, ast.Attribute)
        }
        tails = {".".join(name.split(".")[-2:]) for name in dotted} | {
            ".".join(name.split(".")[-2:]) for name in self.imports
        }
        roots = {name.split(".")[0] for name in self.imports}
        return (tails | roots) & ASKS_THE_MACHINE

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        folder = ["ncc_kernel", *self.path.relative_to(PACKAGE).parts[:-1]]
        base = folder[: len(folder) - node.level + 1]
        return ".".join([*base, *([node.module] if node.module else [])])


MODULES = tuple(Module(path) for path in sorted(PACKAGE.rglob("*.py")))


def floor(part: str) -> int:
    return next(level for level, parts in enumerate(FLOORS) if part in parts)


def named(module: Module) -> str:
    return module.name


DOMAIN = [module for module in MODULES if module.part != TOWER]
IN_TOWER = [module for module in MODULES if module.part == TOWER]


@pytest.mark.parametrize("module", DOMAIN, ids=named)
def test_imports_point_down(module: Module) -> None:
    own_folder = set(FLOORS[0]) if module.part in FLOORS[0] else {module.part}
    others = module.own - own_folder - {TOWER}

    wrong = {part for part in others if floor(part) >= floor(module.part)}

    assert wrong == set(), f"{module.name} reaches up or sideways to {wrong}"


@pytest.mark.parametrize("module", DOMAIN, ids=named)
def test_only_who_starts_processes_knows_the_warm_tower(module: Module) -> None:
    may = {*FLOORS[5], *FLOORS[6]}

    assert TOWER not in module.own or module.part in may, f"{module.name} imports {TOWER}"


@pytest.mark.parametrize("module", IN_TOWER, ids=named)
def test_the_warm_tower_knows_nothing_of_the_domain(module: Module) -> None:
    assert module.own <= {TOWER}
    assert module.foreign <= TOWER_MAY


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_heavy_packages_have_one_home(module: Module) -> None:
    astray = {
        name: HOMES[name]
        for name in module.foreign & HOMES.keys()
        if module.part not in HOMES[name]
    }

    assert astray == {}, f"{module.name} imports what lives elsewhere: {astray}"


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_no_module_has_an_empty_name(module: Module) -> None:
    words = {word for part in Path(module.name).with_suffix("").parts for word in part.split("_")}

    assert words & EMPTY_WORDS == set()


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_clock_chance_and_environment_are_asked_at_the_edge_alone(module: Module) -> None:
    if module.part in MAY_ASK:
        return

    assert module.asks == EXCEPTIONS.get(module.name, set())


def test_every_folder_of_the_package_stands_on_a_floor() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}

    assert folders <= {part for parts in FLOORS for part in parts} | {TOWER}


def test_every_exception_names_a_module_that_is_there() -> None:
    assert EXCEPTIONS.keys() <= {module.name for module in MODULES}

"""What is imported is declared in pyproject.toml, and what is declared is imported."""

from __future__ import annotations

import ast
import functools
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PRODUCT: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
GROUPS: dict[str, list[Any]] = PROJECT["dependency-groups"]

PEERS = ROOT / "bench" / "peers"
"""They are compared with where they are installed, and come by a group of their own (bench-peers)."""

NOT_OURS = (
    ROOT / "examples" / "comparison_paraview.py",
    ROOT / "bench" / "scripts" / "twenty_filters.py",
    *(ROOT / "bench" / "figures" / "paraview").iterdir(),
    *(ROOT / "tests" / "paraview_scripts" / "scripts").iterdir(),
)
"""Run by the Python of classic ParaView too, which is no package that could be installed."""

RUN_BY_NAME = {
    "build",
    "import-linter",
    "ipykernel",
    "jupyterlab",
    "mypy",
    "pytest-benchmark",
    "pytest-xdist",
    "ruff",
    "types-psutil",
}
"""Programs, plug-ins and stubs: nobody imports them."""


def normal(name: str) -> str:
    """A distribution's name as package indexes compare them."""
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: Iterable[Any]) -> set[str]:
    """The distributions that a list of requirements names."""
    return {normal(re.split(r"[^\w.-]", one, maxsplit=1)[0]) for one in requirements if isinstance(one, str)}


@functools.cache
def modules(path: Path) -> frozenset[str]:
    """The modules that a file imports, wherever in it."""
    return frozenset(_modules(path))


def _modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


@functools.cache
def imported(*folders: str) -> set[str]:
    """The distributions that the files below these folders import."""
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    ours = {*PRODUCT, "bench", "examples", "tests", *(file.stem for file in (ROOT / "tests").rglob("*.py"))}
    found: set[str] = set()
    for file in files:
        if file not in NOT_OURS and PEERS not in file.parents:
            found |= {name.partition(".")[0] for name in modules(file)}
    known = distributions()
    return {normal(_from(name, known.get(name, [name]))) for name in found - ours - sys.stdlib_module_names}


@functools.cache
def distributions() -> Mapping[str, list[str]]:
    """The distributions that are installed here, by module: all their lists of files are read for that."""
    return metadata.packages_distributions()


def _from(name: str, several: list[str]) -> str:
    """The distribution that a module is of; of several that share its name the one that is called so."""
    return name if name in several else several[0]


CORE = names(PROJECT["project"]["dependencies"])
CHOSEN = {name for extra in EXTRAS.values() for name in names(extra)}


LIBRARIES = {"mpich"}
"""No modules, but what others load: mpi4py does."""


def test_what_the_product_imports_is_declared_and_nothing_else() -> None:
    assert imported(*PRODUCT) == (CORE | CHOSEN) - LIBRARIES


def test_a_choice_is_no_second_name_for_what_is_always_there() -> None:
    assert not CORE & CHOSEN
    assert set(EXTRAS) == {
        "examples",
        "fast",
        "formats",
        "gui",
        "html",
        "metrics",
        "mpi",
        "notebook",
        "raytracing",
        "repl",
        "video",
        "web",
    }


def test_what_examples_benchmarks_and_tests_import_is_declared() -> None:
    assert imported("examples") <= CORE | CHOSEN
    of_bench = names(GROUPS["bench"]) | names(GROUPS["bench-faces"])
    assert imported("bench") <= CORE | CHOSEN | of_bench
    assert imported("tests") <= CORE | CHOSEN | names(GROUPS["test"]) | of_bench


def test_groups_hold_nothing_that_nobody_needs() -> None:
    used = imported("tests", "bench")
    for group in ("bench", "bench-faces", "test", "dev"):
        assert names(GROUPS[group]) <= used | RUN_BY_NAME
        assert not names(GROUPS[group]) & (CORE | CHOSEN)


def test_what_is_new_may_be_tried() -> None:
    """An upper bound of Python keeps users of the next from trying; NumPy's second API is in use."""
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert "numpy>=2" in PROJECT["project"]["dependencies"]

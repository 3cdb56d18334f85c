"""The arrows of docs/architecture.md are the only ones."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import grimp
import pytest

from ..harness.time_limits import scaled

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "services_core", "services_inproc", "services_zmq", "async_paraview", "servermanager", "apvserver", "apvpython"
)  # fmt: skip


def circles(arrows: Mapping[str, set[str]]) -> list[list[str]]:
    """The sets of modules that import each other, directly or not: what is strongly connected, after Tarjan."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        path.append(module)
        for other in sorted(arrows[module]):
            if other not in number:
                visit(other)
            if other in path:
                lowest[module] = min(lowest[module], lowest[other])
        if lowest[module] == number[module]:
            place = path.index(module)
            if len(path) > place + 1:
                found.append(sorted(path[place:]))
            del path[place:]

    for module in sorted(arrows):
        if module not in number:
            visit(module)
    return found


def test_circles_are_found() -> None:
    arrows = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": {"e"}, "e": set(), "f": {"g", "a"}, "g": {"f"}}
    assert circles(arrows) == [["a", "b", "c"], ["f", "g"]]


@pytest.fixture(scope="module")
def arrows() -> dict[str, set[str]]:
    """What each module of the product imports, for types only included."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_modules_import_each_other(package: str, arrows: dict[str, set[str]]) -> None:
    """Not even for types: what is below knows what is above as a protocol, if at all."""
    assert [one for one in circles(arrows) if one[0].startswith(f"{package}.")] == []


def test_import_arrows() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=scaled(60))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


def test_the_contract_needs_neither_zmq_nor_vtk_nor_numpy() -> None:
    """A client over another backend pays for none of them."""
    code = (
        "import sys, services_core, services_inproc; "
        "print([name for name in ('zmq', 'vtkmodules', 'numpy', 'typer') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=scaled(60))
    assert result.stdout.strip() == "[]", result.stdout + result.stderr


def test_a_remote_client_imports_no_vtk() -> None:
    code = "import sys, servermanager; print('vtkmodules' in sys.modules, 'apvserver' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=scaled(60))
    assert result.stdout.strip() == "False False", result.stdout + result.stderr

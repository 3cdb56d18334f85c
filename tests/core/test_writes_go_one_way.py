"""Whatever is written for users goes through `async_paraview.atomic_files`: other ways to write are looked for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "async_paraview",
    "servermanager",
    "apvserver",
    "apvpython",
    "services_core",
    "services_inproc",
    "services_zmq",
)
MODES, WRITING = frozenset("rwxabt+"), frozenset("wax+")
WRITES = frozenset({"write_text", "write_bytes", "mkstemp", "NamedTemporaryFile"})

ANY = re.compile(rb"\b(?:open|fdopen|Write|save|" + "|".join(sorted(WRITES)).encode() + rb")\b")
"""In every file with a call that may write: parsing the others takes longest."""

EXCEPTIONS = {
    "async_paraview/atomic_files.py": "the one writer",
    "apvserver/__main__.py": "the log that the user names grows, line by line",
    "apvserver/hosting/monitoring/figures.py": "what its services are at, in the same way",
    "apvserver/activity.py": "what a worker is at, in memory that it shares with the server",
    "apvserver/memory_bound.py": "a setting of the kernel",
    "apvserver/vtk/base/vtk_log.py": "VTK's log, a temporary file of the process",
    "apvserver/vtk/types/reflection_cache.py": "a cache: what is lost is found out again",
    "apvserver/vtk/rendering/exports/chart_files.py": "a temporary file that VTK writes, to be handed out",
    "apvserver/vtk/files/readers/gmsh_reader.py": "a temporary file to be read by VTK",
    "apvserver/vtk/files/readers/meshio_reader.py": "a temporary file to be read by meshio",
    # What writes into the directory of the one writer, which is handed to it as a path:
    "apvserver/vtk/files/writers/csv_writer.py": "staged by writing.py",
    "apvserver/vtk/files/writers/legacy/legacy_text.py": "staged by writing.py",
    "apvserver/vtk/files/writers/meta_image.py": "staged by writing.py",
    "apvserver/vtk/files/writers/verification.py": "looks for room behind what was staged",
    "apvserver/vtk/files/writers/writing.py": "stages what VTK's writers make",
    "apvserver/vtk/files/writers/in_a_child.py": "staged by writing.py",
    "apvserver/vtk/files/writers/saved_series.py": "staged there",
    "servermanager/exports/export.py": "what belongs together, in the directory of the one writer",
    "servermanager/views/animation.py": "PyAV writes to the path of an AtomicFile, Pillow to memory",
    "servermanager/views/images.py": "Pillow writes to memory",
    "servermanager/exports/vtkjs.py": "an archive in memory",
    "servermanager/ui/keeping.py": "a temporary file to be read as a state",
    "apvserver/render/image_formats.py": "Pillow writes to memory",
}
"""Modules that write in a way of their own, and why they may."""


def writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the words of each call that may write a file."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in WRITES or (name == "Write" and not node.args) or (name == "save" and _is_pillow(node)):
            yield node.lineno, f"{name}()"
        elif name in ("open", "fdopen"):
            arguments = [*node.args, *(one.value for one in node.keywords)]
            modes = [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            found = next((mode for mode in modes if set(mode) <= MODES and WRITING & set(mode)), None)
            is_pipe = len(node.args) > 2 and isinstance(node.args[2], ast.Constant) and node.args[2].value == 0
            if found is not None and not is_pipe:
                yield node.lineno, f"open({found!r})"


def _is_pillow(node: ast.Call) -> bool:
    made = ast.dump(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    return any(maker in made for maker in ("fromarray", "frombuffer", "frombytes"))


def test_nothing_is_written_around_the_one_writer() -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()}:{line} {what}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in EXCEPTIONS and ANY.search(content := path.read_bytes())
        for line, what in writes(ast.parse(content))
    }
    assert not found, f"these write files by themselves; use async_paraview.atomic_files: {sorted(found)}"


def test_every_exception_still_writes() -> None:
    idle = [name for name in EXCEPTIONS if not list(writes(ast.parse((ROOT / name).read_bytes())))]
    assert idle == [], "these write nothing: take them off the list"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("open(p, 'w')", 1),
        ("p.open('xb')", 1),
        ("p.open(mode='r+b')", 1),
        ("os.fdopen(handle, 'w')", 1),
        ("open(p, 'rb')", 0),
        ("open(descriptor, 'wb', 0)", 0),
        ("p.open()", 0),
        ("p.write_bytes(b'')", 1),
        ("writer.Write()", 1),
        ("Image.fromarray(a).save(p)", 1),
        ("session.open('web')", 0),
    ],
)
def test_the_search_finds_what_writes(text: str, count: int) -> None:
    assert len(list(writes(ast.parse(text)))) == count

"""Writes legacy .vtk files: by VTK, and anew where it leaves digits away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from vtkmodules.vtkCommonMath import vtkMatrix3x3

from apvserver.vtk_bridge.information import children
from apvserver.vtk_bridge.legacy_text import Place, rewrite
from apvserver.vtk_bridge.written_as import LEGACY_WRITERS

_ASCII: Final = 1
_BINARY: Final = 2


def is_legacy(writer: Any) -> bool:
    return type(writer).__name__ in LEGACY_WRITERS


def write_legacy(name: Path, writer: Any, data: Any) -> None:
    """Have a writer of legacy files write one with all digits. Raises `FileError`.

    VTK's text, and the places of images in any of its files, have too few of them.
    """
    form = writer.GetFileType()
    places = [*_places(data)]
    if form != _ASCII and all(float(f"{one:g}") == one for place in places for one in place.values):
        _execute(writer)
        return
    binary = name.with_name(f"{name.name}.binary")
    writer.SetFileName(str(binary))
    writer.SetFileType(_BINARY)
    try:
        _execute(writer)
        if binary.is_file() and not writer.GetErrorCode():
            rewrite(binary, name, iter(places), as_text=form == _ASCII)
    finally:
        writer.SetFileType(form)
        writer.SetFileName(str(name))
        binary.unlink(missing_ok=True)


def _execute(writer: Any) -> None:
    """Python's lock is kept by `Write`, and not by `Update`."""
    writer.Modified()
    writer.Update()


def _places(data: Any) -> Iterator[Place]:
    """What is in a file with few digits, in the order in which it is written."""
    if data is None:
        return
    if data.IsA("vtkImageData"):
        yield from _of_image(data)
    elif data.IsA("vtkMolecule") and data.HasLattice():
        yield from _of_lattice(data)
    elif data.IsA("vtkCompositeDataSet"):
        if data.IsA("vtkOverlappingAMR"):
            yield from _of_levels(data)
        for _, child in children(data):
            yield from _places(child)


def _of_image(data: Any) -> Iterator[Place]:
    """The first point is written as the origin. Not by `GetPoint`: of an empty image it ends the process."""
    origin, spacing = data.GetOrigin(), data.GetSpacing()
    yield _exactly(spacing)
    moved = [start * step for start, step in zip(data.GetExtent()[::2], spacing, strict=True)]
    first = tuple(one + other for one, other in zip(origin, moved, strict=True))
    yield Place(first, max(map(abs, (*origin, *moved))))


def _of_levels(data: Any) -> Iterator[Place]:
    origin = [0.0, 0.0, 0.0]
    data.GetOverlappingAMRMetaData().GetOrigin(origin)
    yield _exactly(tuple(origin))
    for level in range(data.GetNumberOfLevels()):
        spacing = [0.0, 0.0, 0.0]
        data.GetSpacing(level, spacing)
        yield _exactly(tuple(spacing))


def _of_lattice(data: Any) -> Iterator[Place]:
    """Vectors of the lattice are columns of its matrix."""
    matrix = vtkMatrix3x3()
    matrix.DeepCopy(data.GetLattice())
    for column in range(3):
        yield _exactly(tuple(matrix.GetElement(row, column) for row in range(3)))
    origin = data.GetLatticeOrigin()
    yield _exactly(tuple(origin[axis] for axis in range(3)))


def _exactly(values: tuple[float, ...]) -> Place:
    return Place(values, max(map(abs, values)))

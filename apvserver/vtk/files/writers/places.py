"""Numbers of places that VTK's writers give six digits: of images in legacy files, of adaptive meshes in any file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from vtkmodules.vtkCommonMath import vtkMatrix3x3

from ...base.blocks import children

_OF_LEVELS: Final = re.compile(r'(<vtkOverlappingAMR origin="|<Block level="\d+" spacing=")([^"]*)"')


class Place(NamedTuple):
    """Numbers of a place, and how large numbers are of which they are made: to see that a line is of this place."""

    values: tuple[float, ...]
    scale: float


def places_of(data: Any) -> Iterator[Place]:
    """Yield what is in a file with few digits, in the order in which it is written."""
    if data is None:
        return
    if data.IsA("vtkImageData"):
        yield from _of_image(data)
    elif data.IsA("vtkMolecule") and data.HasLattice():
        yield from _of_lattice(data)
    elif data.IsA("vtkCompositeDataSet"):
        if data.IsA("vtkOverlappingAMR"):
            yield from of_levels(data)
        for _, child in children(data):
            yield from places_of(child)


def _of_image(data: Any) -> Iterator[Place]:
    """Yield the first point, written as the origin. Not by `GetPoint`: of an empty image it ends the process."""
    origin, spacing = data.GetOrigin(), data.GetSpacing()
    yield _exactly(spacing)
    moved = [start * step for start, step in zip(data.GetExtent()[::2], spacing, strict=True)]
    first = tuple(one + other for one, other in zip(origin, moved, strict=True))
    yield Place(first, max(map(abs, (*origin, *moved))))


def of_levels(data: Any) -> Iterator[Place]:
    origin = [0.0, 0.0, 0.0]
    data.GetOverlappingAMRMetaData().GetOrigin(origin)
    yield _exactly(tuple(origin))
    for level in range(data.GetNumberOfLevels()):
        spacing = [0.0, 0.0, 0.0]
        data.GetSpacing(level, spacing)
        yield _exactly(tuple(spacing))


def _of_lattice(data: Any) -> Iterator[Place]:
    """Yield the vectors of the lattice, columns of its matrix."""
    matrix = vtkMatrix3x3()
    matrix.DeepCopy(data.GetLattice())
    for column in range(3):
        yield _exactly(tuple(matrix.GetElement(row, column) for row in range(3)))
    origin = data.GetLatticeOrigin()
    yield _exactly(tuple(origin[axis] for axis in range(3)))


def _exactly(values: tuple[float, ...]) -> Place:
    return Place(values, max(map(abs, values)))


def exact_levels(text: str, data: Any) -> str:
    """Return the list of an adaptive mesh, as VTK's XML writer makes it, with all digits of its origin and spacings."""
    places = of_levels(data)
    digits = iter([" ".join(map(repr, place.values)) for place in places])
    return _OF_LEVELS.sub(lambda found: f'{found[1]}{next(digits, found[2])}"', text)

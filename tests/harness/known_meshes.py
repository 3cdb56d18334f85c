"""Meshes and surfaces of few cells whose places and values are known, and the libraries that write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import meshio
import numpy as np
import trimesh
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData, vtkUnstructuredGrid

from .known_data import Known
from .saving import array

PLACES: Final = np.array(
    [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1), (2, 0, 0)], float
)
HEXAHEDRON: Final = (0, 1, 2, 3, 4, 5, 6, 7)
TETRA: Final = (1, 8, 2, 5)
HEAT: Final = 1 + PLACES @ [1, 10, 100]
STRESS: Final = np.array([5.0, 7.0])
KINDS: Final = {4: 10, 8: 12}
SOLID: Final = np.array([(0, 0, 0), (2, 0, 0), (0, 3, 0), (0, 0, 4)], float)
FACES: Final = ((0, 2, 1), (0, 1, 3), (1, 2, 3), (0, 3, 2))
"""A tetrahedron, seen from outside: counter-clockwise."""


def mesh(
    *cells: tuple[int, ...], values: bool = False, cell_values: bool = False, names: Any = None, **more: Any
) -> Known:
    """Cells of the places, with the heat of points and the stress of cells where the format has such."""
    called = {"heat": "heat", "stress": "stress", **(names or {})}
    return Known(
        PLACES,
        {called["heat"]: HEAT} if values else {},
        tuple((KINDS[len(one)], one) for one in cells),
        {called["stress"]: STRESS[: len(cells)]} if cell_values else {},
        **more,
    )


def surface(tolerance: float = 1e-6) -> Known:
    return Known(SOLID, cells=tuple((5, face) for face in FACES), tolerance=tolerance)


def by_meshio(
    *cells: tuple[int, ...],
    file_format: str | None = None,
    values: bool = False,
    cell_values: bool = False,
    **options: Any,
) -> Callable[[Path], object]:
    kinds = {4: "tetra", 8: "hexahedron"}
    made = meshio.Mesh(
        PLACES,
        [(kinds[len(one)], np.array([one])) for one in cells],
        point_data={"heat": HEAT} if values else {},
        cell_data={"stress": [np.array([one]) for one in STRESS[: len(cells)]]} if cell_values else {},
    )
    return lambda path: meshio.write(path, made, file_format=file_format, **options)


def surface_by_meshio(**options: Any) -> Callable[[Path], object]:
    made = meshio.Mesh(SOLID, [("triangle", np.array(FACES))])
    return lambda path: meshio.write(path, made, **options)


def surface_by_trimesh(kind: str) -> Callable[[Path], object]:
    made = trimesh.Trimesh(SOLID, FACES, process=False)
    return lambda path: made.export(path, file_type=kind)


def text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content)


def lines(rows: Any, start: int | None = 1, end: str = "") -> str:
    """Rows of numbers, counted from `start`."""

    def count(number: int) -> str:
        return "" if start is None else f"{number + start} "

    return "".join(f"{count(number)}{' '.join(map(str, row))}{end}\n" for number, row in enumerate(rows))


def ones(cell: tuple[int, ...]) -> tuple[int, ...]:
    """The numbers of points counted from 1."""
    return tuple(one + 1 for one in cell)


def vtk_grid() -> Any:
    made, points = vtkUnstructuredGrid(), vtkPoints()
    points.SetDataTypeToDouble()
    points.SetData(array("points", PLACES))
    made.SetPoints(points)
    for cell in (TETRA, HEXAHEDRON):
        made.InsertNextCell(KINDS[len(cell)], len(cell), cell)
    made.GetPointData().AddArray(array("heat", HEAT))
    made.GetCellData().AddArray(array("stress", STRESS))
    return made


def vtk_surface() -> Any:
    made, points, cells = vtkPolyData(), vtkPoints(), vtkCellArray()
    points.SetData(array("points", SOLID.astype("f4")))
    for face in FACES:
        cells.InsertNextCell(3, face)
    made.SetPoints(points)
    made.SetPolys(cells)
    return made

"""What a file is known to hold: values at places, cells by their corners, times; and the comparison with what opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from .opening import leaves, opened, times

SURFACE_KINDS: Final = (5, 7, 9)
"""Triangles, polygons and quads of VTK: they may begin at any corner, and must keep their sense of rotation."""
TETRA: Final = 10
SAME_TETRA: Final = [order for order in permutations(range(4)) if np.linalg.det(np.eye(4)[list(order)]) > 0]
"""Orders of the corners of a tetrahedron that leave the sign of its volume."""


@dataclass(frozen=True)
class Known:
    """Data that a file holds, with its values' names; the name "" stands for the only array that there is."""

    places: Any
    values: Mapping[str, Any] = field(default_factory=dict)
    cells: tuple[tuple[int, tuple[int, ...]], ...] = ()
    cell_values: Mapping[str, Any] = field(default_factory=dict)
    times: tuple[float, ...] = ()
    step: float = 0.0
    """Each time after the first adds this to all values."""
    tolerance: float = 1e-6


def assert_holds(path: Path, known: Known, port: int = 0) -> None:
    """Open a file as `session.open` does, at each of its times, the last one first."""
    assert times(path) == known.times
    for number, time in reversed(list(enumerate(known.times or (None,)))):
        _compare(opened(path, time=time, port=port), known, known.step * number)


def _compare(data: Any, known: Known, added: float) -> None:
    parts = [one for _, one in leaves(data)] if not data.IsA("vtkTable") else []
    if data.IsA("vtkTable"):
        for name, values in known.values.items():
            np.testing.assert_allclose(vtk_to_numpy(data.GetColumnByName(name)), values, rtol=known.tolerance)
    elif known.cells:
        _compare_cells(parts, known, added)
    else:
        found = np.concatenate([_rows(one, known.values) for one in parts])
        wanted = np.column_stack([known.places, *(_wide(values) + added for values in known.values.values())])
        _assert_rows(found, wanted, known.tolerance)


def _points(data: Any) -> Any:
    if data.IsA("vtkMolecule"):
        return vtk_to_numpy(data.GetAtomicPositionArray().GetData())
    return np.array([data.GetPoint(index) for index in range(data.GetNumberOfPoints())]).reshape(-1, 3)


def _values(data: Any, name: str) -> Any:
    if data.IsA("vtkMolecule"):
        return _wide(vtk_to_numpy(data.GetAtomicNumberArray()))
    attributes = data.GetPointData()
    array = attributes.GetArray(name) if name else attributes.GetScalars() or attributes.GetArray(0)
    assert array is not None, f"no array {name!r}"
    return _wide(vtk_to_numpy(array))


def _wide(values: Any) -> Any:
    numbers = np.asarray(values, float)
    return numbers.reshape(len(numbers), -1)


def _rows(data: Any, names: Mapping[str, Any]) -> Any:
    return np.column_stack([_points(data), *(_values(data, name) for name in names)])


def _assert_rows(found: Any, wanted: Any, tolerance: float) -> None:
    """Each row is there as often, in any order."""
    assert found.shape == wanted.shape
    found, wanted = (one[np.lexsort(np.round(one[:, 2::-1], 3).T)] for one in (found, wanted))
    np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance)


def _compare_cells(parts: list[Any], known: Known, added: float) -> None:
    rows = np.column_stack([known.places, *(_wide(values) + added for values in known.values.values())])
    cell_rows = np.column_stack([np.zeros(len(known.cells)), *(_wide(v) + added for v in known.cell_values.values())])
    wanted = [
        _cell(kind, rows[list(corners)], of_cell)
        for (kind, corners), of_cell in zip(known.cells, cell_rows, strict=True)
    ]
    found = [one for part in parts for one in _cells(part, known)]
    assert sorted(kind for kind, _, _ in found) == sorted(kind for kind, _, _ in wanted)
    found, wanted = (sorted(one, key=lambda c: (c[0], np.round(c[1], 3).tolist())) for one in (found, wanted))
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one[1], other[1], rtol=known.tolerance, atol=known.tolerance)
        np.testing.assert_allclose(one[2], other[2], rtol=known.tolerance, atol=known.tolerance)


def _cells(data: Any, known: Known) -> list[tuple[int, Any, Any]]:
    rows, of_cells = _rows(data, known.values), np.zeros((data.GetNumberOfCells(), 1))
    for name in known.cell_values:
        array = data.GetCellData().GetArray(name) if name else data.GetCellData().GetArray(0)
        assert array is not None, f"no array {name!r}"
        of_cells = np.column_stack([of_cells, _wide(vtk_to_numpy(array))])
    made = []
    for index in range(data.GetNumberOfCells()):
        cell = data.GetCell(index)
        corners = [cell.GetPointId(number) for number in range(cell.GetNumberOfPoints())]
        made.append(_cell(data.GetCellType(index), rows[corners], of_cells[index]))
    return made


def _cell(kind: int, corners: Any, values: Any) -> tuple[int, Any, Any]:
    """The rows of the corners in an order that all files of the same cell have."""
    if kind in SURFACE_KINDS:
        first = min(range(len(corners)), key=lambda number: np.round(corners[number, :3], 3).tolist())
        corners = np.roll(corners, -first, axis=0)
    elif kind == TETRA:
        corners = corners[list(min(SAME_TETRA, key=lambda order: np.round(corners[list(order), :3], 3).tolist()))]
    return kind, corners, values

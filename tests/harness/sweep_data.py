"""The kinds of data that people bring, each small: by name, a function that makes one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import vtkmodules.vtkCommonCore as core
import vtkmodules.vtkCommonDataModel as model
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonMath import vtkMatrix3x3
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersSources import vtkSphereSource

GHOSTS = model.vtkDataSetAttributes.GhostArrayName()
DUPLICATE_CELL = model.vtkDataSetAttributes.DUPLICATECELL
HIDDEN_CELL = model.vtkDataSetAttributes.HIDDENCELL
HIDDEN_POINT = model.vtkDataSetAttributes.HIDDENPOINT
ALL_CELLS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)


def numbers(name: str, values: Any) -> Any:
    made = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    made.SetName(name)
    return made


def texts(name: str, count: int) -> Any:
    made = core.vtkStringArray()
    made.SetName(name)
    for index in range(count):
        made.InsertNextValue(f"text {index % 3}")
    return made


def variants(name: str, count: int) -> Any:
    made = core.vtkVariantArray()
    made.SetName(name)
    for index in range(count):
        made.InsertNextValue(core.vtkVariant(index))
    return made


def waves(count: int, components: int = 1) -> Any:
    """Numbers between -10 and 10, none of which is like its neighbour."""
    each = 10 * np.sin(np.arange(count * components) * 0.7 + 0.3)
    return each.reshape(count, components) if components > 1 else each


def dressed(data: Any) -> Any:
    """With a number and a vector for each point and each cell, and a text of the whole."""
    for attributes, count, letter in (
        (data.GetPointData(), data.GetNumberOfPoints(), "p"),
        (data.GetCellData(), data.GetNumberOfCells(), "c"),
    ):
        attributes.SetScalars(numbers(letter, waves(count).astype(np.float32)))
        attributes.SetVectors(numbers(f"{letter}v", waves(count, 3)))
    data.GetFieldData().AddArray(texts("title", 1))
    return data


def with_arrays(data: Any, make: Callable[[str, int], Sequence[Any]]) -> Any:
    """With the arrays that a function of a letter and a number of values makes, for points and for cells."""
    for attributes, count, letter in (
        (data.GetPointData(), data.GetNumberOfPoints(), "p"),
        (data.GetCellData(), data.GetNumberOfCells(), "c"),
    ):
        for array in make(letter, count):
            attributes.AddArray(array)
    return data


def bare_image(*extent: int) -> Any:
    made = model.vtkImageData()
    made.SetExtent(*(extent or (0, 5, 0, 4, 0, 3)))
    made.SetOrigin(1, 2, 3)
    made.SetSpacing(0.5, 1, 2)
    return made


def image(*extent: int) -> Any:
    return dressed(bare_image(*extent))


def turned_image() -> Any:
    made, matrix = image(), vtkMatrix3x3()
    for row, axis in enumerate(((0, -1, 0), (1, 0, 0), (0, 0, 1))):
        for column, value in enumerate(axis):
            matrix.SetElement(row, column, value)
    made.SetDirectionMatrix(matrix)
    return made


def picture() -> Any:
    made = bare_image(0, 7, 0, 5, 0, 0)
    made.GetPointData().SetScalars(numbers("colours", (np.arange(48 * 3) % 256).astype(np.uint8).reshape(48, 3)))
    return made


def ghosts(data: Any, point: int, cell: int, every: int = 3) -> Any:
    for attributes, count, mark in (
        (data.GetPointData(), data.GetNumberOfPoints(), point),
        (data.GetCellData(), data.GetNumberOfCells(), cell),
    ):
        if mark:
            attributes.AddArray(numbers(GHOSTS, np.where(np.arange(count) % every == 0, mark, 0).astype(np.uint8)))
    return data


def rectilinear() -> Any:
    made = model.vtkRectilinearGrid()
    made.SetDimensions(5, 4, 3)
    made.SetXCoordinates(numbers("x", [0.0, 1, 3, 4, 8]))
    made.SetYCoordinates(numbers("y", [0.0, 2, 3, 3.5]))
    made.SetZCoordinates(numbers("z", [-1.0, 0, 5]))
    return dressed(made)


def structured(*dimensions: int) -> Any:
    made = model.vtkStructuredGrid()
    x, y, z = dimensions or (5, 4, 3)
    made.SetDimensions(x, y, z)
    places = np.array([[i + 0.1 * j, j * (1 + 0.1 * k), k] for k in range(z) for j in range(y) for i in range(x)])
    made.SetPoints(points_of(places))
    return dressed(made)


def points_of(places: Any) -> Any:
    made = core.vtkPoints()
    made.SetData(numbers("Points", np.asarray(places, np.float64).reshape(-1, 3)))
    return made


def explicit_grid() -> Any:
    made = model.vtkExplicitStructuredGrid()
    made.SetDimensions(3, 3, 2)
    made.SetPoints(points_of([[i, j, k] for k in range(2) for j in range(3) for i in range(3)]))
    cells = model.vtkCellArray()
    for j in range(2):
        for i in range(2):
            low = [i + 3 * j, i + 1 + 3 * j, i + 4 + 3 * j, i + 3 + 3 * j]
            cells.InsertNextCell(8, [*low, *(one + 9 for one in low)])
    made.SetCells(cells)
    made.ComputeFacesConnectivityFlagsArray()
    return dressed(made)


def sphere() -> Any:
    source = vtkSphereSource()
    source.SetThetaResolution(8)
    source.SetPhiResolution(6)
    source.Update()
    made = model.vtkPolyData()
    made.DeepCopy(source.GetOutput())
    return dressed(made)


CLOUD = np.array([[i % 4, (i // 4) % 3 + 0.1 * i, 0.05 * i * i] for i in range(24)], np.float64)


def poly(verts: Any = (), lines: Any = (), polys: Any = (), strips: Any = (), places: Any = CLOUD) -> Any:
    made = model.vtkPolyData()
    made.SetPoints(points_of(places))
    for cells, put in (
        (verts, made.SetVerts),
        (lines, made.SetLines),
        (polys, made.SetPolys),
        (strips, made.SetStrips),
    ):
        if cells:
            array = model.vtkCellArray()
            for cell in cells:
                array.InsertNextCell(len(cell), list(cell))
            put(array)
    return dressed(made)


def mixed_poly() -> Any:
    return poly([[0], [1, 2]], [[3, 4], [5, 6, 7]], [[8, 9, 13, 12], [10, 11, 15]], [[16, 17, 20, 21, 18]])


def grid(cells: Sequence[tuple[int, Sequence[int]]], places: Any = CLOUD) -> Any:
    made = model.vtkUnstructuredGrid()
    made.SetPoints(points_of(places))
    for kind, ids in cells:
        made.InsertNextCell(kind, len(ids), list(ids))
    return dressed(made)


def of_cells(*kinds: int) -> Any:
    """A grid with one cell of each kind, where VTK has its reference cell, beside each other."""
    places: list[Any] = []
    cells = []
    for number, kind in enumerate(kinds):
        cell = model.vtkGenericCell.InstantiateCell(kind)
        own = _reference(kind, cell)
        cells.append((kind, range(len(places), len(places) + len(own))))
        places.extend(np.asarray(own) + np.array([2.0 * number, 0, 0]))
    return grid(cells, places)


def _reference(kind: int, cell: Any) -> Any:
    few = {1: 1, 2: 3, 3: 2, 4: 4, 6: 5, 7: 5}
    if kind in few:
        angles = np.arange(few[kind]) * 2 * np.pi / few[kind]
        strip = [[i // 2, i % 2, 0] for i in range(few[kind])]
        return strip if kind in (4, 6) else np.stack([np.cos(angles), np.sin(angles), 0 * angles], 1)
    if kind in (70, 71, 72):  # Lagrange tetrahedron and others: of second order
        if kind == 72:
            return [[i / 2, j / 2, k / 2] for i, j, k in _LAGRANGE_HEX]
        return _parametric(model.vtkGenericCell.InstantiateCell({70: 26, 71: 24}[kind]))
    return _parametric(cell)


_LAGRANGE_HEX = [
    *((0, 0, 0), (2, 0, 0), (2, 2, 0), (0, 2, 0), (0, 0, 2), (2, 0, 2), (2, 2, 2), (0, 2, 2)),
    *((1, 0, 0), (2, 1, 0), (1, 2, 0), (0, 1, 0), (1, 0, 2), (2, 1, 2), (1, 2, 2), (0, 1, 2)),
    *((0, 0, 1), (2, 0, 1), (0, 2, 1), (2, 2, 1)),
    *((0, 1, 1), (2, 1, 1), (1, 0, 1), (1, 2, 1), (1, 1, 0), (1, 1, 2), (1, 1, 1)),
]


def _parametric(cell: Any) -> Any:
    count = cell.GetNumberOfPoints()
    return np.array(cell.GetParametricCoords()[: 3 * count]).reshape(count, 3)


def polyhedra() -> Any:
    """Two cubes as polyhedra side by side."""
    made = model.vtkUnstructuredGrid()
    places = [[i, j, k] for k in range(2) for j in range(2) for i in range(3)]
    made.SetPoints(points_of(places))
    for i in range(2):
        v = [i + a + 3 * b + 6 * c for c in range(2) for b in range(2) for a in range(2)]
        faces = ((0, 1, 3, 2), (4, 5, 7, 6), (0, 1, 5, 4), (2, 3, 7, 6), (0, 2, 6, 4), (1, 3, 7, 5))
        stream = core.vtkIdList()
        for one in [len(faces), *(x for face in faces for x in (4, *(v[f] for f in face)))]:
            stream.InsertNextId(one)
        made.InsertNextCell(model.VTK_POLYHEDRON, stream)
    return dressed(made)


def hexahedra() -> Any:
    append = vtkAppendFilter()
    append.AddInputData(image())
    append.Update()
    made = model.vtkUnstructuredGrid()
    made.DeepCopy(append.GetOutput())
    return made


def not_numbers(letter: str, count: int) -> list[Any]:
    some = waves(count)
    some[::3] = np.nan
    ends = waves(count)
    ends[1::4], ends[2::4] = np.inf, -np.inf
    vectors = waves(count, 3)
    vectors[::2, 1] = np.nan
    return [
        numbers(f"{letter}some", some),
        numbers(f"{letter}ends", ends),
        numbers(f"{letter}none", np.full(count, np.nan)),
        numbers(f"{letter}vectors", vectors),
    ]


def integers(letter: str, count: int) -> list[Any]:
    kinds = (np.uint8, np.int8, np.uint16, np.int64, np.uint64)
    found = [numbers(f"{letter}{kind.__name__}", (np.arange(count) * 7 % 50).astype(kind)) for kind in kinds]
    bits = core.vtkBitArray()
    bits.SetName(f"{letter}bits")
    for index in range(count):
        bits.InsertNextValue(index % 2)
    found.append(bits)
    found.append(numbers(f"{letter}bytes3", (np.arange(3 * count) % 200).astype(np.uint8).reshape(-1, 3)))
    found.append(numbers(f"{letter}large", np.full(count, 2**62 + 1, np.int64)))
    return found


def components(letter: str, count: int) -> list[Any]:
    return [numbers(f"{letter}{size}", waves(count, size)) for size in (2, 4, 6, 9)]


def no_numbers(letter: str, count: int) -> list[Any]:
    return [texts(f"{letter}text", count), variants(f"{letter}variant", count)]


def nameless(_letter: str, count: int) -> list[Any]:
    made = numbers("", waves(count))
    made.SetName(None)
    return [made]


def awkward_names(_letter: str, count: int) -> list[Any]:
    return [numbers(name, waves(count)) for name in ("a b", "x(m)/s", "max", "é", "")]


def bare_copy(data: Any) -> Any:
    data.GetPointData().Initialize()
    data.GetCellData().Initialize()
    return data


def table(rows: int = 12, words: bool = False) -> Any:
    made = model.vtkTable()
    for name in "xyz":
        made.AddColumn(numbers(name, waves(rows)))
    made.AddColumn(numbers("count", np.arange(rows)))
    if words:
        made.AddColumn(texts("words", rows))
        made.AddColumn(variants("any", rows))
    return made


def table_of_texts() -> Any:
    made = model.vtkTable()
    for name in "abc":
        made.AddColumn(texts(name, 6))
    return made


def graph(kind: Any) -> Any:
    made = kind()
    for _ in range(5):
        made.AddVertex()
    for index in range(4):
        made.AddGraphEdge(index, index + 1) if hasattr(made, "AddGraphEdge") else made.AddEdge(index, index + 1)
    made.SetPoints(points_of(CLOUD[:5]))
    made.GetVertexData().AddArray(numbers("v", waves(5)))
    made.GetEdgeData().AddArray(numbers("e", waves(4)))
    return made

"""The kinds of mesh: from a peer's plain data to checked descriptions."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

from ..byte_views import BufferPool
from ..description import (
    ArrayDescription,
    AttributesDescription,
    Extent,
    ImageNode,
    Node,
    PolyNode,
    RectilinearNode,
    StructuredNode,
    TableNode,
    UnstructuredNode,
)
from ..errors import DataSetError
from .parse_arrays import parse_attributes, parse_cell_types, parse_cells, parse_coordinates, parse_points
from .plain_values import finite_numbers, integer, number, sequence

MAX_UNBACKED_POINTS: Final = 2**30
"""A grid whose size nothing but its extent vouches for may not be larger: VTK would allocate by it."""

_INT_MAX = 2**31 - 1
_POLY_CELLS: Final = ("verts", "lines", "polys", "strips")

Plain = dict[str, Any]


def parse_base(plain: Plain, pool: BufferPool) -> dict[str, Any]:
    """Read what every data object has, as arguments of `Node`."""
    what = plain["type"]
    step = plain.get("time_step")
    return {
        "type": what,
        "field_data": parse_attributes(plain.get("field_data"), pool, f"{what} field data", tuples=None),
        "time_step": None if step is None else number(step, f"{what}: time step"),
    }


def _parse_mesh(plain: Plain, pool: BufferPool, points: int, cells: int) -> dict[str, Any]:
    what = plain["type"]
    return {
        **parse_base(plain, pool),
        "number_of_points": points,
        "number_of_cells": cells,
        "point_data": parse_attributes(plain.get("point_data"), pool, f"{what} point data", tuples=points),
        "cell_data": parse_attributes(plain.get("cell_data"), pool, f"{what} cell data", tuples=cells),
    }


def parse_extent(value: object, what: str) -> Extent:
    """Read six ints, each pair at least `(n, n - 1)`: VTK multiplies negative lengths to positive sizes."""
    items = sequence(value, f"{what}: extent", length=6)
    extent = tuple(integer(item, f"{what}: extent", low=-_INT_MAX - 1, high=_INT_MAX) for item in items)
    for low, high in zip(extent[::2], extent[1::2], strict=True):
        if not 0 <= high - low + 1 <= _INT_MAX:
            raise DataSetError(f"{what}: expected low <= high + 1 in each direction, got extent {extent}")
    return extent


def dimensions(extent: Extent) -> tuple[int, int, int]:
    """Return the numbers of points along i, j and k."""
    i, j, k = (high - low + 1 for low, high in zip(extent[::2], extent[1::2], strict=True))
    return i, j, k


def structured_sizes(extent: Extent) -> tuple[int, int]:
    """Return the numbers of points and of cells of a structured grid.

    A direction of one point has no thickness.
    """
    lengths = dimensions(extent)
    points = math.prod(lengths)
    return points, math.prod(max(length - 1, 1) for length in lengths) if points else 0


def _check_backed(what: str, points: int, *data: AttributesDescription) -> None:
    if points > MAX_UNBACKED_POINTS and not any(attributes.arrays for attributes in data):
        raise DataSetError(f"{what}: {points} points without any array; at most {MAX_UNBACKED_POINTS} expected")


def _parse_image(plain: Plain, pool: BufferPool) -> ImageNode:
    what = plain["type"]
    extent = parse_extent(plain.get("extent"), what)
    node = ImageNode(
        **_parse_mesh(plain, pool, *structured_sizes(extent)),
        extent=extent,
        origin=finite_numbers(plain.get("origin"), f"{what}: origin", length=3),
        spacing=finite_numbers(plain.get("spacing"), f"{what}: spacing", length=3),
        direction=finite_numbers(plain.get("direction"), f"{what}: direction", length=9),
    )
    _check_backed(what, node.number_of_points, node.point_data, node.cell_data)
    return node


def _parse_rectilinear(plain: Plain, pool: BufferPool) -> RectilinearNode:
    what = plain["type"]
    extent = parse_extent(plain.get("extent"), what)
    points, cells = structured_sizes(extent)
    axes = sequence(plain.get("coordinates"), f"{what}: coordinates", length=3)
    coordinates = tuple(
        parse_coordinates(axis, pool, f"{what} {name} coordinates") for name, axis in zip("xyz", axes, strict=True)
    )
    for name, axis, length in zip("xyz", coordinates, dimensions(extent), strict=True):
        if points and (axis is None or axis.tuples < length):
            seen = 0 if axis is None else axis.tuples
            raise DataSetError(f"{what}: expected {length} {name} coordinates, got {seen}")
    node = RectilinearNode(**_parse_mesh(plain, pool, points, cells), extent=extent, coordinates=coordinates)
    _check_backed(what, points, node.point_data, node.cell_data)
    return node


def _count(points: ArrayDescription | None) -> int:
    return 0 if points is None else points.tuples


def _parse_structured(plain: Plain, pool: BufferPool) -> StructuredNode:
    what = plain["type"]
    extent = parse_extent(plain.get("extent"), what)
    expected, cells = structured_sizes(extent)
    points = parse_points(plain.get("points"), pool)
    if _count(points) != expected:
        raise DataSetError(f"{what}: extent {extent} needs {expected} points, got {_count(points)}")
    return StructuredNode(**_parse_mesh(plain, pool, expected, cells), extent=extent, points=points)


def _parse_poly(plain: Plain, pool: BufferPool) -> PolyNode:
    points = parse_points(plain.get("points"), pool)
    cells = tuple(parse_cells(plain.get(name), pool, f"{plain['type']} {name}") for name in _POLY_CELLS)
    count = sum(group.count for group in cells if group is not None)
    return PolyNode(**_parse_mesh(plain, pool, _count(points), count), points=points, cells=cells)


def _parse_unstructured(plain: Plain, pool: BufferPool) -> UnstructuredNode:
    what = plain["type"]
    points = parse_points(plain.get("points"), pool)
    cells = parse_cells(plain.get("cells"), pool, f"{what} cells")
    count = 0 if cells is None else cells.count
    faces = parse_cells(plain.get("faces"), pool, f"{what} faces")
    locations = parse_cells(plain.get("face_locations"), pool, f"{what} face locations")
    if (faces is None) != (locations is None):
        raise DataSetError(f"{what}: expected faces and face locations together, got one of them")
    if locations is not None and locations.count != count:
        raise DataSetError(f"{what}: expected face locations of {count} cells, got {locations.count}")
    return UnstructuredNode(
        **_parse_mesh(plain, pool, _count(points), count),
        points=points,
        cells=cells,
        cell_types=parse_cell_types(plain.get("cell_types"), pool, count=count),
        faces=faces,
        face_locations=locations,
    )


def _parse_table(plain: Plain, pool: BufferPool) -> TableNode:
    what = plain["type"]
    rows = integer(plain.get("rows"), f"{what}: rows", low=0, high=2**63 - 1)
    data = parse_attributes(plain.get("row_data"), pool, f"{what} row data", tuples=rows)
    if rows and not data.arrays:
        raise DataSetError(f"{what}: expected columns for {rows} rows, got none")
    return TableNode(**parse_base(plain, pool), number_of_rows=rows, row_data=data)


LEAVES: Final = MappingProxyType[str, Callable[[Plain, BufferPool], Node]](
    {
        "vtkImageData": _parse_image,
        "vtkRectilinearGrid": _parse_rectilinear,
        "vtkStructuredGrid": _parse_structured,
        "vtkPolyData": _parse_poly,
        "vtkUnstructuredGrid": _parse_unstructured,
        "vtkTable": _parse_table,
    }
)
"""Class name -> the function that reads its description."""

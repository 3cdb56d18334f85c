"""A data set's description after checking: frozen values that say which array is what, without VTK."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Final, TypeAlias

from ..records import dataclass
from .byte_views import own_bytes

MAX_DEPTH: Final = 32
"""Composite data sets, and the nodes of a data assembly, may be nested this deep."""

Extent: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ArrayDescription:
    """One array: `tuples` x `components` values of the wire type `type` (scalar_types.py) in `data`."""

    name: str | None
    type: str
    components: int
    tuples: int
    component_names: tuple[str | None, ...]
    data: memoryview


@dataclass(frozen=True, slots=True)
class AttributesDescription:
    """The arrays of point, cell, row or field data; `active` maps an attribute (`Scalars`) to an array's place."""

    arrays: tuple[ArrayDescription, ...] = ()
    active: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CellsDescription:
    """`count` cells: their points in `connectivity`, and either `offsets` (count + 1) or one `cell_size` for all."""

    count: int
    connectivity: ArrayDescription
    offsets: ArrayDescription | None
    cell_size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every data object has."""

    type: str
    field_data: AttributesDescription
    time_step: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableNode(Node):
    """A table."""

    number_of_rows: int
    row_data: AttributesDescription


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshNode(Node):
    """What every kind of mesh has."""

    number_of_points: int
    number_of_cells: int
    point_data: AttributesDescription
    cell_data: AttributesDescription


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageNode(MeshNode):
    """A regular grid; `direction` holds the 3 x 3 matrix row by row."""

    extent: Extent
    origin: tuple[float, ...]
    spacing: tuple[float, ...]
    direction: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RectilinearNode(MeshNode):
    """A grid of axis-parallel planes, given by their coordinates along x, y and z."""

    extent: Extent
    coordinates: tuple[ArrayDescription | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuredNode(MeshNode):
    """A curvilinear grid."""

    extent: Extent
    points: ArrayDescription | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolyNode(MeshNode):
    """A polygonal mesh; `cells` are its verts, lines, polys and strips, None for those it has not."""

    points: ArrayDescription | None
    cells: tuple[CellsDescription | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnstructuredNode(MeshNode):
    """Cells of any type; `face_locations` lists the faces of each cell, `faces` the points of each face."""

    points: ArrayDescription | None
    cells: CellsDescription | None
    cell_types: ArrayDescription | None
    faces: CellsDescription | None
    face_locations: CellsDescription | None


@dataclass(frozen=True, slots=True)
class AssemblyNode:
    """One node of a data assembly; `parent` is the place of its parent in the list, None for the root."""

    name: str
    parent: int | None
    datasets: tuple[int, ...]
    attributes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositeNode(Node):
    """A data set made of others, in order; None stands for an empty block."""

    children: tuple[Node | None, ...]
    names: tuple[str | None, ...]
    assembly: tuple[AssemblyNode, ...] | None


def arrays_of(value: object) -> Iterator[ArrayDescription]:
    """Yield every array below a description."""
    if isinstance(value, ArrayDescription):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from arrays_of(item)
    elif isinstance(value, Node | AttributesDescription | CellsDescription):
        for field in fields(value):
            yield from arrays_of(getattr(value, field.name))


def with_own_memory(value: Any) -> Any:
    """Return the same description, of copies of all arrays below it."""
    if isinstance(value, ArrayDescription):
        return replace(value, data=own_bytes(value.data))
    if isinstance(value, tuple):
        return tuple(map(with_own_memory, value))
    if isinstance(value, Node | AttributesDescription | CellsDescription):
        return replace(value, **{field.name: with_own_memory(getattr(value, field.name)) for field in fields(value)})
    return value

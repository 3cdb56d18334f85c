"""A fetched data set: its arrays in numpy at once, VTK and PyVista on demand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ..displays import table
from ..vtk_imports import one_at_a_time
from .array_map import ArrayMap
from .array_views import Values, numbers
from .bounds import Bounds, bounds_of
from .byte_views import BufferLike
from .checking.content import check_content
from .checking.parse import parse
from .checking.parse_meshes import dimensions
from .description import (
    AttributesDescription,
    CompositeNode,
    ImageNode,
    MeshNode,
    Node,
    PolyNode,
    RectilinearNode,
    StructuredNode,
    TableNode,
    UnstructuredNode,
    arrays_of,
    with_own_memory,
)
from .errors import DataSetError

_NOTHING = AttributesDescription()


class DataSet:
    """A data object as it arrived: read-only, over the received memory, without importing VTK.

    In one process that memory is the sender's: nothing here lets you write to it. What `to_vtk` and `to_pyvista` give
    is yours to change.

    What a kind of data object does not have is empty (array maps), 0 (counts) or None (points, bounds).
    """

    def __init__(self, meta: dict[str, Any], buffers: Sequence[BufferLike], *, validate: bool = True) -> None:
        """Read a description. Raises DataSetError if it is unsound.

        With `validate` the arrays' contents are scanned as well, and DataSetError is raised if they are unsound.
        """
        self._node = parse(meta, buffers)
        if validate:
            check_content(self._node)

    @classmethod
    def _of_node(cls, node: Node) -> DataSet:
        data_set = cls.__new__(cls)
        data_set._node = node
        return data_set

    @property
    def type_name(self) -> str:
        """Return the class in VTK, such as "vtkPolyData"."""
        return self._node.type

    @property
    def number_of_points(self) -> int:
        """Return the number of points; of a composite, that of all its blocks."""
        if isinstance(self._node, MeshNode):
            return self._node.number_of_points
        return sum(block.number_of_points for _, block in self.blocks if block is not None)

    @property
    def number_of_cells(self) -> int:
        """Return the number of cells; of a composite, that of all its blocks."""
        if isinstance(self._node, MeshNode):
            return self._node.number_of_cells
        return sum(block.number_of_cells for _, block in self.blocks if block is not None)

    @property
    def number_of_rows(self) -> int:
        """Return the number of rows of a table."""
        return self._node.number_of_rows if isinstance(self._node, TableNode) else 0

    @cached_property
    def bounds(self) -> Bounds | None:
        """Return (xmin, xmax, ymin, ymax, zmin, zmax).

        Those of point sets are found by one pass over the points, on first use.
        """
        return bounds_of(self._node)

    @property
    def dimensions(self) -> tuple[int, int, int] | None:
        """Return the numbers of points along i, j and k of a structured grid.

        i varies fastest: reshape values to `dimensions[::-1]`.
        """
        if isinstance(self._node, ImageNode | RectilinearNode | StructuredNode):
            return dimensions(self._node.extent)
        return None

    @property
    def points(self) -> Values | None:
        """Return the points as n x 3, read-only; None for images, rectilinear grids, tables and composites."""
        if isinstance(self._node, StructuredNode | PolyNode | UnstructuredNode) and self._node.points is not None:
            return numbers(self._node.points)
        return None

    @property
    def time_step(self) -> float | None:
        """Return the time this data set belongs to (DATA_TIME_STEP), None if it does not say so."""
        return self._node.time_step

    @cached_property
    def point_data(self) -> ArrayMap:
        """Return the arrays with a value per point."""
        return ArrayMap(self._node.point_data if isinstance(self._node, MeshNode) else _NOTHING)

    @cached_property
    def cell_data(self) -> ArrayMap:
        """Return the arrays with a value per cell."""
        return ArrayMap(self._node.cell_data if isinstance(self._node, MeshNode) else _NOTHING)

    @cached_property
    def row_data(self) -> ArrayMap:
        """Return the columns of a table."""
        return ArrayMap(self._node.row_data if isinstance(self._node, TableNode) else _NOTHING)

    @cached_property
    def field_data(self) -> ArrayMap:
        """Return the arrays about the data object as a whole."""
        return ArrayMap(self._node.field_data)

    @cached_property
    def blocks(self) -> tuple[tuple[str | None, DataSet | None], ...]:
        """Return (name, block) for each child of a composite; an empty block is None."""
        if not isinstance(self._node, CompositeNode):
            return ()
        return tuple(
            (name, None if child is None else DataSet._of_node(child))
            for name, child in zip(self._node.names, self._node.children, strict=True)
        )

    @property
    def size_bytes(self) -> int:
        """Return the bytes of all arrays."""
        return sum(array.data.nbytes for array in arrays_of(self._node))

    def to_vtk(self, *, copy: bool = True) -> Any:
        """Return a new VTK object with memory of its own; copying leaves other threads at work.

        It takes as much memory as `size_bytes`. Without `copy` it is made over the received memory, at once: for what
        only reads. Whoever writes to that changes this data set, and in one process what the server holds.

        Raises ImportError where VTK is not installed, and DataSetError if `validate` was off and strings are bad.
        """
        with one_at_a_time:
            from .vtk_codec.decoder import build

        return build(with_own_memory(self._node) if copy else self._node)

    def to_pyvista(self, *, copy: bool = True) -> Any:
        """Return the same as PyVista's class; `copy` as of `to_vtk`.

        Raises ImportError if PyVista is missing, DataSetError if it has no class.
        """
        try:
            import pyvista
        except ImportError as error:
            raise ImportError("to_pyvista needs PyVista: pip install pyvista") from error
        try:
            return pyvista.wrap(self.to_vtk(copy=copy))
        except (TypeError, NotImplementedError) as error:
            raise DataSetError(f"PyVista has no class for {self.type_name}; use to_vtk()") from error

    def __repr__(self) -> str:
        if isinstance(self._node, CompositeNode):
            what = f"{len(self._node.children)} blocks"
        elif isinstance(self._node, TableNode):
            what = f"{self.number_of_rows} rows, columns {list(self.row_data)}"
        else:
            what = (
                f"{self.number_of_points} points {list(self.point_data)}, "
                f"{self.number_of_cells} cells {list(self.cell_data)}"
            )
        return f"<DataSet {self.type_name}: {what}, {self.size_bytes / 1e6:.3g} MB>"

    def _repr_html_(self) -> str:
        kinds = {"points": self.point_data, "cells": self.cell_data, "rows": self.row_data, "whole": self.field_data}
        rows = [(f"{of} {name}", held) for of, arrays in kinds.items() for name, held in arrays.rows()]
        return table(repr(self).strip("<>"), rows)

"""Surfaces in the order of the data that they are of, however many threads have found them."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from ...geometry.stable_order import CELLS_OF_DATA, POINTS_OF_DATA, in_order, pass_ids
from ...types.own_properties import OwnProperties, switch
from ..array_algorithm import ArrayAlgorithm
from ..uncovered import each_block

_KEPT: Final = (
    ("PassThroughCellIds", "GetCellData", CELLS_OF_DATA, "vtkOriginalCellIds"),
    ("PassThroughPointIds", "GetPointData", POINTS_OF_DATA, "vtkOriginalPointIds"),
)
"""Property, whose arrays, the name of the ids before this, and that of the ids where they stay."""


class OrderedSurface(OwnProperties, ArrayAlgorithm):
    """OrderedSurface - Puts faces in the order of the cells, and points in that of the points, that they come from.

    Of VTK's vtkGeometryFilter, which stands before this one, each thread numbers what it finds.
    """

    PROPERTIES: ClassVar = (
        switch("PassThroughCellIds", False, "Adds the index of the cell that each face is of."),
        switch("PassThroughPointIds", False, "Adds the index that each point had."),
    )

    def follow(self, filter: Any) -> None:
        """Have that filter pass both kinds of ids."""
        pass_ids(filter)

    def change(self, output: Any, *inputs: Any) -> None:
        """Order each surface."""
        output.ShallowCopy(each_block(inputs[0], self._ordered))

    def _ordered(self, surface: Any) -> Any:
        ids = [getattr(surface, whose)().GetArray(name) for _, whose, name, _ in _KEPT]
        made = surface.NewInstance()
        made.ShallowCopy(surface)
        for (switched, whose, _, name), found in zip(_KEPT, ids, strict=True):
            if found is not None and self.value_of(switched):
                copy = found.NewInstance()
                copy.ShallowCopy(found)
                copy.SetName(name)
                getattr(made, whose)().AddArray(copy)
        return in_order(made) if surface.IsA("vtkPolyData") else made

"""Columns of numbers of a table or data set, as a chart draws them: by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonCore import vtkDataArray
from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet, vtkDataSet, vtkDataSetAttributes, vtkTable

from async_paraview.names import unknown_name

from ...base.array_names import AXES, MAGNITUDE, component_name
from ...base.array_types import as_numpy
from ...base.associations import CELLS, POINTS, GeometryError
from ...base.blocks import leaves, uncovered

Numbers = npt.NDArray[np.float64]

ROWS: Final = "ROWS"
COORDINATES: Final = "Points"


def blocks_of(data: Any) -> list[Any]:
    """Return the tables and data sets in a data object. Raises `GeometryError` for what has no rows."""
    if isinstance(data, vtkTable | vtkDataSet):
        return [data]
    if isinstance(data, vtkCompositeDataSet):
        return [one for one in leaves(data) if isinstance(one, vtkTable | vtkDataSet)]
    raise GeometryError(f"{data.GetClassName()} has no rows that a chart could draw")


class Columns:
    """What can be drawn of an output. A vector has columns for its components and its length: velocity_X, ...

    Blocks of a composite follow each other with a row of NaN in between, which interrupts lines; NaN stands also where
    a block lacks an array, and in place of what is infinite. With `counted` it stands also in place of points and cells
    that are hidden, or copies of those of other pieces.
    """

    def __init__(self, data: Any, association: str | None, *, counted: bool = False) -> None:
        self._blocks = blocks_of(uncovered(data) if counted else data)
        self._counted = counted
        kinds = {isinstance(block, vtkTable) for block in self._blocks}
        self.association = association or (ROWS if kinds == {True} else POINTS)
        if any((self.association == ROWS) != is_table for is_table in kinds):
            right = "ROWS" if kinds == {True} else "POINTS or CELLS"
            raise GeometryError(f"AttributeType of this output is {right}, not {self.association}")
        self._made = [dict(self._of(block)) for block in self._blocks]
        self.names = list(dict.fromkeys(name for made in self._made for name in made))
        self.coordinates = frozenset(f"{COORDINATES}_{part}" for part in (*AXES, MAGNITUDE)) - self._arrays()

    def __getitem__(self, name: str) -> Numbers:
        """Return the numbers of a column. Raises `GeometryError` for a column that is not there, or is of texts."""
        if name not in self.names:
            texts = {n for block in self._blocks for n in _text_names(self._attributes(block))}
            if name in texts:
                raise GeometryError(f"the column {name!r} is of texts, and a chart draws numbers")
            raise GeometryError(unknown_name("column of numbers", name, self.names))
        parts: list[Numbers] = []
        for block, made in zip(self._blocks, self._made, strict=True):
            values = made[name]() if name in made else np.full(self._count(block), np.nan)
            if self._counted:
                values[~counting(block, self.association)] = np.nan
            parts += [np.array([np.nan]), values] if parts else [values]
        return np.concatenate(parts)

    def __len__(self) -> int:
        return sum(map(self._count, self._blocks)) + max(0, len(self._blocks) - 1)

    def _count(self, block: Any) -> int:
        return int(block.GetNumberOfElements(vtkTable.ROW if self.association == ROWS else _PLACES[self.association]))

    def _attributes(self, block: Any) -> Any:
        return block.GetAttributes(vtkTable.ROW if self.association == ROWS else _PLACES[self.association])

    def _arrays(self) -> set[str]:
        every = [self._attributes(block) for block in self._blocks]
        return {one.GetArrayName(index) for one in every for index in range(one.GetNumberOfArrays())}

    def _of(self, block: Any) -> Iterator[tuple[str, Callable[[], Numbers]]]:
        """Yield the columns of a block. A component called as another array has its own in brackets."""
        attributes = self._attributes(block)
        arrays = [attributes.GetAbstractArray(index) for index in range(attributes.GetNumberOfArrays())]
        arrays = [one for one in arrays if isinstance(one, vtkDataArray)]
        taken = {one.GetName() for one in arrays}
        for array in arrays:
            if array.GetName() not in (None, vtkDataSetAttributes.GhostArrayName()):
                yield from _told_apart(array.GetName(), array, taken)
        if self.association == POINTS and hasattr(block, "GetPoints") and block.GetPoints() is not None:
            yield from _told_apart(COORDINATES, block.GetPoints().GetData(), taken)


_HIDDEN: Final[Mapping[str, int]] = {POINTS: 1 | 2, CELLS: 1 | 8 | 32}
"""Of vtkGhostType: copies of other pieces, what is blanked, and cells that finer ones cover."""


def counting(block: Any, association: str) -> npt.NDArray[np.bool_]:
    """Return which points, cells or rows count: not those that are hidden, or copies."""
    if association == ROWS:
        return np.ones(block.GetNumberOfRows(), bool)
    visible = np.ones(block.GetNumberOfElements(_PLACES[association]), bool)
    ghosts = block.GetAttributes(_PLACES[association]).GetArray(vtkDataSetAttributes.GhostArrayName())
    if ghosts is not None:
        visible &= (as_numpy(ghosts) & _HIDDEN[association]) == 0
    blanked = block.GetPointData().GetArray(vtkDataSetAttributes.GhostArrayName()) if association == CELLS else None
    if blanked is not None and hasattr(block, "GetExtent"):
        visible &= ~_beside((as_numpy(blanked) & 2) != 0, block.GetExtent())
    return visible


def _beside(hidden: npt.NDArray[np.bool_], extent: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Return which cells of a structured grid have a hidden point."""
    points = [max(high - low + 1, 0) for low, high in zip(extent[::2], extent[1::2], strict=True)]
    grid = hidden.reshape(points[::-1])
    for axis, count in enumerate(points[::-1]):
        if count > 1:
            ends = np.moveaxis(grid, axis, 0)
            grid = np.moveaxis(ends[:-1] | ends[1:], 0, axis)
    return grid.ravel()


_PLACES: Final = {POINTS: vtkDataSet.POINT, CELLS: vtkDataSet.CELL}


def _text_names(attributes: Any) -> set[str]:
    arrays = (attributes.GetAbstractArray(index) for index in range(attributes.GetNumberOfArrays()))
    return {array.GetName() for array in arrays if not isinstance(array, vtkDataArray)}


def _told_apart(name: str, array: Any, taken: set[str]) -> Iterator[tuple[str, Callable[[], Numbers]]]:
    for column, values in _columns(name, array):
        yield (f"{column} ({name})" if column != name and column in taken else column), values


def _columns(name: str, array: Any) -> Iterator[tuple[str, Callable[[], Numbers]]]:
    count = array.GetNumberOfComponents()
    if count == 1:
        yield name, lambda: _numbers(as_numpy(array))
        return
    for index in range(count):
        yield f"{name}_{component_name(array, index)}", partial(_component, array, index)
    yield f"{name}_{MAGNITUDE}", lambda: _numbers(np.linalg.norm(as_numpy(array).astype(np.float64), axis=1))


def _component(array: Any, index: int) -> Numbers:
    return _numbers(as_numpy(array)[:, index])


def _numbers(values: npt.NDArray[Any]) -> Numbers:
    numbers = values.astype(np.float64)
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def shown_names(columns: Columns, x: str | None, wanted: Sequence[str] | None) -> list[str]:
    """Return the series that are drawn: those that were asked for, else all but the abscissa and the coordinates."""
    if wanted is not None:
        return list(wanted)
    return [name for name in columns.names if name != x and name not in (*columns.coordinates, "vtkValidPointMask")]


def abscissa(columns: Columns, options: Mapping[str, Any]) -> str | None:
    """Return the column along the horizontal axis; None: the number of the row."""
    if options["UseIndexForXAxis"]:
        return None
    if options["XArrayName"] is not None:
        return str(options["XArrayName"])
    return next((name for name in ("arc_length", "bin_extents", "Time") if name in columns.names), None)

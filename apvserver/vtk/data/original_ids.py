"""From what is drawn back to the data: which point or cell of which block a drawn point or cell comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet, vtkDataSet

from ..base.array_types import as_numpy, copied
from ..base.associations import ASSOCIATIONS, CELLS, ORIGIN_BLOCKS, ORIGIN_IDS, Association
from ..base.blocks import places, shared_copy
from ..base.errors import VtkError
from ..base.property_set import PropertySet
from ..geometry.extraction import FULL, extract

Ids = npt.NDArray[np.int64]


class StaleGeometry(VtkError, ValueError):
    """The picture shows older data than there is now: look again."""


class OriginalIds:
    """Where the points and cells that were extracted of an output come from."""

    def __init__(self, data: Any, properties: PropertySet) -> None:
        drawn = extract(numbered(data), properties).parts[FULL]
        self._found: dict[Association, tuple[Ids, Ids] | None] = {}
        for association in ASSOCIATIONS:
            attributes = drawn.GetCellData() if association == CELLS else drawn.GetPointData()
            ids, blocks = attributes.GetArray(ORIGIN_IDS), attributes.GetArray(ORIGIN_BLOCKS)
            self._found[association] = None if ids is None else (vtk_to_numpy(blocks), vtk_to_numpy(ids))

    def of(self, association: Association, drawn: Ids) -> tuple[Ids, Ids]:
        """Return blocks (numbers in the order of `blocks_of`; 0: one data set) and ids of drawn points or cells.

        Raises `VtkError` if what is drawn has no origin of that sort.
        """
        found = self._found[association]
        if found is None:
            raise VtkError(f"what is drawn here has no {association.lower()} of the data")
        blocks, ids = found
        if len(drawn) and not (drawn.min() >= 0 and drawn.max() < len(ids)):
            raise StaleGeometry("the picture shows other geometry than there is now")
        return blocks[drawn], ids[drawn]


def blocks_of(data: Any) -> Iterator[tuple[int, Any]]:
    """Yield the data sets of a data object with their numbers: 0 if it is no composite, else VTK's flat indices."""
    if isinstance(data, vtkDataSet):
        yield 0, data
    elif isinstance(data, vtkCompositeDataSet):
        for place, leaf in places(data):
            if isinstance(leaf, vtkDataSet):
                yield place.GetCurrentFlatIndex(), leaf


def numbered(data: Any) -> Any:
    """Return a copy, sharing all arrays, whose points and cells say where they come from."""
    if isinstance(data, vtkDataSet):
        return _numbered(data, 0)
    if not isinstance(data, vtkCompositeDataSet):
        return data
    copy = shared_copy(data)
    for place, leaf in places(data):
        if isinstance(leaf, vtkDataSet):
            copy.SetDataSet(place, _numbered(leaf, place.GetCurrentFlatIndex()))
    return copy


def values_at(data_set: Any, association: Association, id_: int) -> dict[str, Any]:
    """Return the values of all arrays of numbers at one point or cell: numbers, or lists of them."""
    attributes = data_set.GetCellData() if association == CELLS else data_set.GetPointData()
    arrays = (attributes.GetArray(index) for index in range(attributes.GetNumberOfArrays()))
    return {array.GetName(): as_numpy(array)[id_].tolist() for array in arrays if array is not None}


def _numbered(data_set: Any, block: int) -> Any:
    copy = data_set.NewInstance()
    copy.ShallowCopy(data_set)
    for attributes, count in (
        (copy.GetPointData(), data_set.GetNumberOfPoints()),
        (copy.GetCellData(), data_set.GetNumberOfCells()),
    ):
        for name, values in ((ORIGIN_IDS, np.arange(count)), (ORIGIN_BLOCKS, np.full(count, block))):
            array = copied(values.astype(np.int64))
            array.SetName(name)
            attributes.AddArray(array)
    return copy

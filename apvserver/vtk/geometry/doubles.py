"""Integers of points and cells as doubles: for what averages them, as VTK keeps the type of an array, and rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from vtkmodules.vtkCommonCore import VTK_BIT, VTK_DOUBLE, VTK_FLOAT
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes

from ..base.array_types import is_exact_in_doubles, put_in_place, retyped, seen_as_doubles
from ..base.associations import ORIGIN_BLOCKS, ORIGIN_IDS
from ..base.blocks import parts

_IDS: Final = frozenset(
    {"vtkGhostType", "vtkOriginalPointIds", "vtkOriginalCellIds", "vtkValidPointMask", ORIGIN_IDS, ORIGIN_BLOCKS}
)
LARGE: Final = 2**24
HUGE: Final = 2**28
"""So many values take 128 MB, and 2 GB, as doubles."""
_MARKED_IDS: Final = (vtkDataSetAttributes.GLOBALIDS, vtkDataSetAttributes.PEDIGREEIDS, vtkDataSetAttributes.EDGEFLAG)


def promote(
    data: Any, wanted: frozenset[int], of: Callable[[Any], bool] = lambda array: True, *, read: bool = False
) -> list[str]:
    """Replace integers of the wanted associations by doubles in a data object that nobody else has, those arrays `of`.

    With `read`, large arrays are not converted before what reads them does so, value by value. Integers beyond what
    doubles can tell apart stay as they are: the names of their arrays are given back.
    """
    kept: dict[str, None] = {}
    for leaf in parts(data):
        for association in wanted if leaf.IsA("vtkDataSet") else ():
            attributes = leaf.GetAttributes(association)
            for index, array in _integers(attributes, of):
                if is_exact_in_doubles(array):
                    _replace(attributes, index, array, read=read)
                else:
                    kept[array.GetName() or ""] = None
    return list(kept)


def _replace(attributes: Any, index: int, array: Any, *, read: bool) -> None:
    count = array.GetNumberOfValues()
    if not (read and count >= HUGE and array.HasStandardMemoryLayout()) or array.GetDataType() == VTK_BIT:
        is_short = read and count >= LARGE and array.GetDataTypeSize() <= 2
        put_in_place(attributes, index, retyped(array, VTK_FLOAT if is_short else VTK_DOUBLE))
        return
    put_in_place(attributes, index, seen_as_doubles(array))


def _integers(attributes: Any, of: Callable[[Any], bool]) -> Iterator[tuple[int, Any]]:
    for index in reversed(range(attributes.GetNumberOfArrays())):
        array = attributes.GetArray(index)
        marked = attributes.IsArrayAnAttribute(index)
        if array is None or not array.IsIntegral() or marked in _MARKED_IDS:
            continue
        if array.GetName() not in _IDS and of(array):
            yield index, array

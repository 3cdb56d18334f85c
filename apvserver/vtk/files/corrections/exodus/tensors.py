"""Gives full tensors of Exodus files VTK's order, by rows: IOSS makes one array of XX, YY, ZZ, XY, YZ, ZX, YX, ZY, XZ.

Names tell the components then, those of symmetric tensors as well.
"""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.util.numpy_support import vtk_to_numpy

from ....base.array_names import SYMMETRIC
from ....base.array_types import copied
from ....base.blocks import parts

_FULL: Final = ("XX", "YY", "ZZ", "XY", "YZ", "ZX", "YX", "ZY", "XZ")
_BY_ROWS: Final = tuple(row + column for row in "XYZ" for column in "XYZ")


def order_tensors(reader: Any, data: Any) -> None:
    """Order and name what IOSS has made of variables whose names end in XX and so on.

    Left alone are arrays that have names for their components, and all if numbers at the ends of names make vectors.
    """
    if data is None or reader.GetGroupNumericVectorFieldComponents():
        return
    for leaf in parts(data):
        if leaf is not None and leaf.IsA("vtkDataSet"):
            for attributes in (leaf.GetPointData(), leaf.GetCellData()):
                for index in range(attributes.GetNumberOfArrays()):
                    _order(attributes, attributes.GetArray(index))


def _order(attributes: Any, array: Any) -> None:
    if array is None or array.HasAComponentName() or array.IsIntegral():
        return
    names = {len(_FULL): _BY_ROWS, len(SYMMETRIC): SYMMETRIC}.get(array.GetNumberOfComponents())
    if names is None:
        return
    made = array.NewInstance()
    made.ShallowCopy(array)  # the reader may keep the array
    if len(names) == len(_FULL):
        rows = vtk_to_numpy(array)[:, [_FULL.index(one) for one in _BY_ROWS]]
        made = copied(rows)
        made.SetName(array.GetName())
    for index, name in enumerate(names):
        made.SetComponentName(index, name)
    attributes.AddArray(made)

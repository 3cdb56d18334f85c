"""Puts right what vtkXdmfReader makes of images in a plane, and refuses integers that it cuts off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkOutputWindow

from ...base.blocks import parts
from ...base.errors import FileError
from ..contents.xdmf.parsing import seen_in

_FLAT, _SOLID = "2DCORECTMESH", "3DCORECTMESH"
_WIDE: Final = "8"
_MOST: Final = 2**32 - 1


class _Seen:
    """The kinds of grids in a file, and the attributes that are stored as unsigned integers of 64 bits."""

    def __init__(self) -> None:
        self.topologies: set[str] = set()
        self.wide: set[str] = set()
        self._attribute = ""

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Topology":
            self.topologies.add((attributes.get("TopologyType") or attributes.get("Type") or "").upper())
        elif tag == "Attribute":
            self._attribute = attributes.get("Name", "")
        elif tag == "DataItem":
            kind = attributes.get("NumberType") or attributes.get("DataType") or ""
            if self._attribute and kind.upper() == "UINT" and attributes.get("Precision") == _WIDE:
                self.wide.add(self._attribute)

    def end(self, tag: str) -> None:
        if tag == "Attribute":
            self._attribute = ""


def correct_grids(reader: Any, data: Any) -> None:
    """Lay images of two axes into the plane of x and y; VTK has them in that of y and z, beside what else is in a file.

    Raises `FileError` for unsigned integers of 64 bits that VTK has cut off at 2^32 - 1.
    """
    path = reader.GetFileName()
    if not path or not Path(path).is_file() or data is None:
        return
    seen = seen_in(path, _Seen)
    leaves = [one for one in parts(data) if one is not None and one.IsA("vtkDataSet")]
    for leaf in leaves if seen.wide else ():
        _check_wide(leaf, seen.wide)
    if _FLAT not in seen.topologies:
        return
    images = [one for one in leaves if one.IsA("vtkImageData") and one.GetDimensions()[0] == 1]
    if images and _SOLID in seen.topologies:
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{path}: it has images of two and of three axes; those of two are in the plane of y and z"
        )
        return
    for image in images:
        _lay_down(image)


def _arrays(leaf: Any) -> Iterator[Any]:
    for attributes in (leaf.GetPointData(), leaf.GetCellData(), leaf.GetFieldData()):
        for index in range(attributes.GetNumberOfArrays()):
            if (array := attributes.GetArray(index)) is not None:
                yield array


def _check_wide(leaf: Any, names: set[str]) -> None:
    for array in _arrays(leaf):
        if array.GetName() in names and array.GetNumberOfValues():
            values = vtk_to_numpy(array)
            if values.dtype == np.uint32 and int(values.max()) == _MOST:
                raise FileError(
                    f"{array.GetName()!r} is stored as unsigned integers of 64 bits, and this reader cuts those off at "
                    f'{_MOST}: write it with NumberType="Int", which has the same bits below 2^63'
                )


def _lay_down(image: Any) -> None:
    """Make the second and the third axis of an image the first and the second: its values stay as they are."""
    low, high = image.GetExtent()[2:4], image.GetExtent()[4:6]
    origin, spacing = image.GetOrigin(), image.GetSpacing()
    image.SetExtent(*low, *high, 0, 0)
    image.SetOrigin(origin[1], origin[2], 0.0)
    image.SetSpacing(spacing[1], spacing[2], 1.0)

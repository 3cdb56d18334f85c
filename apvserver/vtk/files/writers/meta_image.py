"""Writes images as .mha: VTK's own writer turns them the other way than ITK, which the format is of.

The axes of the image stand in TransformMatrix one after the other; VTK 9.7 writes, and reads, that matrix transposed.
Of single planes it makes pictures, without place, spacing and an axis.
"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

_TYPES: Final = {
    "int8": "MET_CHAR", "uint8": "MET_UCHAR", "int16": "MET_SHORT", "uint16": "MET_USHORT", "int32": "MET_INT",
    "uint32": "MET_UINT", "float32": "MET_FLOAT", "float64": "MET_DOUBLE",
}  # fmt: skip
_LEVEL: Final = 2
"""Of compression; more takes much longer, and makes files of measured numbers hardly smaller."""


def write_meta_image(path: Path, data: Any, *, compressed: bool) -> None:
    """Write the scalars of an image, of 32 bits or less or double. Raises OSError."""
    scalars = data.GetPointData().GetScalars()
    values = np.ascontiguousarray(vtk_to_numpy(scalars))
    held: Any = zlib.compress(values.data, _LEVEL) if compressed else values.data
    matrix = data.GetDirectionMatrix()
    axes = [matrix.GetElement(row, column) for column in range(3) for row in range(3)]
    corner = data.GetPoint(0)
    header = {
        "ObjectType": "Image",
        "NDims": 3,
        "BinaryData": "True",
        "BinaryDataByteOrderMSB": sys.byteorder == "big",
        **({"CompressedData": "True", "CompressedDataSize": len(held)} if compressed else {"CompressedData": "False"}),
        "TransformMatrix": _listed(axes),
        "Offset": _listed(corner),
        "ElementSpacing": _listed(data.GetSpacing()),
        "DimSize": " ".join(map(str, data.GetDimensions())),
        "ElementNumberOfChannels": scalars.GetNumberOfComponents(),
        "ElementType": _TYPES[values.dtype.name],
        "ElementDataFile": "LOCAL",
    }
    with path.open("wb") as stream:
        stream.write("".join(f"{key} = {value}\n" for key, value in header.items()).encode())
        stream.write(held)


def _listed(numbers: Any) -> str:
    return " ".join(map(repr, map(float, numbers)))

"""VTK's array classes and the wire types they stand for. Imports VTK."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from vtkmodules.vtkCommonCore import (
    VTK_BIT,
    VTK_CHAR,
    VTK_DOUBLE,
    VTK_FLOAT,
    VTK_ID_TYPE,
    VTK_INT,
    VTK_LONG,
    VTK_LONG_LONG,
    VTK_SHORT,
    VTK_SIGNED_CHAR,
    VTK_STRING,
    VTK_UNSIGNED_CHAR,
    VTK_UNSIGNED_INT,
    VTK_UNSIGNED_LONG,
    VTK_UNSIGNED_LONG_LONG,
    VTK_UNSIGNED_SHORT,
    vtkBitArray,
    vtkCharArray,
    vtkDoubleArray,
    vtkFloatArray,
    vtkIdTypeArray,
    vtkIntArray,
    vtkLongArray,
    vtkLongLongArray,
    vtkShortArray,
    vtkSignedCharArray,
    vtkStringArray,
    vtkUnsignedCharArray,
    vtkUnsignedIntArray,
    vtkUnsignedLongArray,
    vtkUnsignedLongLongArray,
    vtkUnsignedShortArray,
)

_LONG_BITS: Final = 8 * int(vtkLongArray().GetDataTypeSize())

NAME_OF_VTK_TYPE: Final = MappingProxyType(
    {
        VTK_BIT: "bit",
        VTK_STRING: "string",
        VTK_CHAR: "char",
        VTK_SIGNED_CHAR: "int8",
        VTK_UNSIGNED_CHAR: "uint8",
        VTK_SHORT: "int16",
        VTK_UNSIGNED_SHORT: "uint16",
        VTK_INT: "int32",
        VTK_UNSIGNED_INT: "uint32",
        VTK_LONG: f"long{_LONG_BITS}",
        VTK_UNSIGNED_LONG: f"ulong{_LONG_BITS}",
        VTK_LONG_LONG: "int64",
        VTK_UNSIGNED_LONG_LONG: "uint64",
        VTK_ID_TYPE: "id",
        VTK_FLOAT: "float32",
        VTK_DOUBLE: "float64",
    }
)

_INTEGERS_OF_BITS: Final = {
    32: (vtkIntArray, vtkUnsignedIntArray),
    64: (vtkLongLongArray, vtkUnsignedLongLongArray),
}

ARRAY_CLASSES: Final = MappingProxyType[str, Any](
    {
        "bit": vtkBitArray,
        "string": vtkStringArray,
        "char": vtkCharArray,
        "int8": vtkSignedCharArray,
        "uint8": vtkUnsignedCharArray,
        "int16": vtkShortArray,
        "uint16": vtkUnsignedShortArray,
        "int32": vtkIntArray,
        "uint32": vtkUnsignedIntArray,
        "int64": vtkLongLongArray,
        "uint64": vtkUnsignedLongLongArray,
        "id": vtkIdTypeArray,
        "float32": vtkFloatArray,
        "float64": vtkDoubleArray,
        # A `long` of the other width than ours becomes the integer of its own width.
        **{
            f"{sign}long{bits}": long if bits == _LONG_BITS else integer
            for bits, integers in _INTEGERS_OF_BITS.items()
            for sign, long, integer in zip(("", "u"), (vtkLongArray, vtkUnsignedLongArray), integers, strict=True)
        },
    }
)
"""Wire type -> the class that is constructed for it: the only classes of arrays a peer can cause to exist."""

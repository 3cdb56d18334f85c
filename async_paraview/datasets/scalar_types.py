"""The names of array types on the wire and the numpy types that read them.

C's `long` differs between platforms, so its width is part of the name; VTK's id type is 64 bits wide.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import numpy as np

STRING: Final = "string"
BIT: Final = "bit"

NUMERIC: Final = MappingProxyType[str, "np.dtype[np.generic]"](
    {
        "char": np.dtype("i1"),
        "int8": np.dtype("i1"),
        "uint8": np.dtype("u1"),
        "int16": np.dtype("i2"),
        "uint16": np.dtype("u2"),
        "int32": np.dtype("i4"),
        "uint32": np.dtype("u4"),
        "long32": np.dtype("i4"),
        "ulong32": np.dtype("u4"),
        "int64": np.dtype("i8"),
        "uint64": np.dtype("u8"),
        "long64": np.dtype("i8"),
        "ulong64": np.dtype("u8"),
        "id": np.dtype("i8"),
        "float32": np.dtype("f4"),
        "float64": np.dtype("f8"),
    }
)
"""Numeric wire type -> numpy type of one value."""

NAMES: Final = frozenset(NUMERIC) | {STRING, BIT}


def exact_size_bytes(type_name: str, values: int) -> int | None:
    """Return the bytes that `values` values of a type occupy.

    None for strings, whose size depends on their text.
    """
    if type_name == STRING:
        return None
    if type_name == BIT:
        return (values + 7) // 8
    return values * NUMERIC[type_name].itemsize

"""Checked descriptions of arrays as numpy values: read-only views of the received memory where that can be."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .description import ArrayDescription
from .scalar_types import BIT, NUMERIC, STRING
from .strings import read_strings

Values = NDArray[Any]


def numbers(array: ArrayDescription) -> Values:
    """Return a numeric array as a read-only view: shape (n,), or (n, c) with more than one component."""
    return _shaped(np.frombuffer(array.data, dtype=NUMERIC[array.type]), array)


def values(array: ArrayDescription) -> Values:
    """Return any array, read-only: a view if numeric; bits as a new bool array, strings as an object array of str.

    Raises DataSetError if strings are not UTF-8 or their offsets do not rise.
    """
    if array.type == STRING:
        texts = np.empty(array.tuples * array.components, dtype=object)
        texts[:] = read_strings(array)
        return _shaped(texts, array)
    if array.type == BIT:
        packed = np.frombuffer(array.data, dtype=np.uint8)
        # vtkBitArray keeps the first value in the highest bit, as numpy does.
        bits = np.unpackbits(packed, count=array.tuples * array.components).astype(bool)
        return _shaped(bits, array)
    return numbers(array)


def _shaped(flat: Values, array: ArrayDescription) -> Values:
    shaped = flat if array.components == 1 else flat.reshape(array.tuples, array.components)
    shaped.flags.writeable = False
    return shaped

"""VTK data sets as values that travel: a small description and the arrays' own memory, and back.

Importing this package imports numpy but not VTK; VTK comes in with the first `encode`, `decode` or `to_vtk`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..vtk_imports import one_at_a_time
from .array_map import ArrayMap
from .assembler import Assembler
from .byte_views import BufferLike
from .checking.content import check_content
from .checking.parse import parse
from .dataset import DataSet
from .encoded import EncodedDataSet
from .errors import DataSetError
from .pieces import Piece, split

__all__ = [
    "ArrayMap",
    "Assembler",
    "BufferLike",
    "DataSet",
    "DataSetError",
    "EncodedDataSet",
    "Piece",
    "check_structure",
    "decode",
    "encode",
    "split",
]


def encode(data_object: Any) -> EncodedDataSet:
    """Describe a vtkDataObject, and return that with views of its arrays' own memory, without copying them.

    The object and its arrays must not be modified or re-executed into afterwards: the views would show it, or
    show freed memory. Hand in a shallow copy of a filter's output, which a new execution leaves alone.
    Copied are SOA and implicit arrays, strings, and cells in generic storage. Raises DataSetError if a class or
    an array is not supported, a text is not UTF-8, or numbers of tuples, points and cells disagree.
    """
    with one_at_a_time:
        from .vtk_codec.encoder import encode as encode_object

    return encode_object(data_object)


def decode(meta: Mapping[str, Any], buffers: Sequence[BufferLike], *, validate: bool = True) -> Any:
    """Rebuild the vtkDataObject over the memory of `buffers`, which it keeps alive and must not write to.

    Raises DataSetError if the description or the buffers are unsound; a hostile peer can cause that error but
    no crash. `validate=False` leaves out the scans of the arrays' contents, which is safe only for data from
    the same process. A buffer that is not aligned for its type is copied.
    """
    node = parse(meta, buffers)
    if validate:
        check_content(node)
    with one_at_a_time:
        from .vtk_codec.decoder import build

    return build(node)


def check_structure(data_object: Any) -> None:
    """Raise DataSetError unless VTK can work on a data set: extents fit, offsets rise, ids and types of cells exist.

    O(n) of the cells; values and places are not looked at, and of other data objects than data sets nothing is. The
    blocks of a composite are the caller's to hand in.
    """
    with one_at_a_time:
        from .vtk_codec.structure import check_structure as check

    check(data_object)

"""The data sets that a data object consists of: of a composite its blocks, of anything else itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet


def leaves(data: Any) -> Iterator[Any]:
    """The data sets that a composite consists of; empty places are left out."""
    iterator = data.NewIterator()
    iterator.InitTraversal()
    while not iterator.IsDoneWithTraversal():
        yield iterator.GetCurrentDataObject()
        iterator.GoToNextItem()


def parts(data: Any) -> Iterator[Any]:
    """The data sets that a composite consists of; of anything else, itself."""
    if data.IsA("vtkCompositeDataSet"):
        yield from leaves(data)
    else:
        yield data


# How each kind of composite counts, gives and names its children.
_CHILD_METHODS = (
    ("vtkPartitionedDataSetCollection", "GetNumberOfPartitionedDataSets", "GetPartitionedDataSet"),
    ("vtkPartitionedDataSet", "GetNumberOfPartitions", "GetPartitionAsDataObject"),
    ("vtkMultiPieceDataSet", "GetNumberOfPieces", "GetPieceAsDataObject"),
    ("vtkMultiBlockDataSet", "GetNumberOfBlocks", "GetBlock"),
)


def children(data: Any) -> Iterator[tuple[str, Any]]:
    """The blocks of a composite with their names, not deeper; None where one is empty."""
    for kind, count, get in _CHILD_METHODS:
        if data.IsA(kind):
            for index in range(getattr(data, count)()):
                name = _name(data, index) or f"Block {index}"
                yield name, getattr(data, get)(index)
            return
    for index, leaf in enumerate(leaves(data)):  # adaptive meshes: levels have no names
        yield f"Block {index}", leaf


def _name(data: Any, index: int) -> str:
    key = vtkCompositeDataSet.NAME()
    if not data.HasMetaData(index):
        return ""
    metadata = data.GetMetaData(index)
    return metadata.Get(key) or "" if metadata.Has(key) else ""

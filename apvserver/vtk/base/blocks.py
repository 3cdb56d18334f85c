"""The data sets that a data object consists of: of a composite its blocks, of anything else itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vtkmodules.vtkCommonDataModel import vtkAMRUtilities, vtkCompositeDataSet, vtkOverlappingAMR


def places(composite: Any, *, empty: bool = False) -> Iterator[tuple[Any, Any]]:
    """Yield the data sets of a composite, each with an iterator of VTK that stands at its place until the next one.

    With `empty` also places without data, as None.
    """
    iterator = composite.NewIterator()
    iterator.SetSkipEmptyNodes(not empty)
    iterator.InitTraversal()
    while not iterator.IsDoneWithTraversal():
        yield iterator, iterator.GetCurrentDataObject()
        iterator.GoToNextItem()


def leaves(composite: Any) -> Iterator[Any]:
    """Yield the data sets that a composite consists of; empty places are left out."""
    return (data for _, data in places(composite))


def parts(data: Any) -> Iterator[Any]:
    """Return, one after the other, the data sets that a composite consists of; of anything else, itself."""
    return leaves(data) if data.IsA("vtkCompositeDataSet") else iter((data,))


def uncovered(data: Any) -> Any:
    """Return the same data; of levels that overlap a copy that says which cells are covered by finer cells."""
    if not isinstance(data, vtkOverlappingAMR):
        return data
    made = data.NewInstance()
    made.ShallowCopy(data)
    vtkAMRUtilities.BlankCells(made)
    return made


def shared_copy(data: Any) -> Any:
    """Return a copy that shares all arrays; to it, and to its blocks, arrays can be added without changing `data`."""
    copy = data.NewInstance()
    copy.ShallowCopy(data)  # blocks of VTK's copy are copies as well, unlike those of CompositeShallowCopy
    return copy


# How each kind of composite counts, gives and names its children.
_CHILD_METHODS = (
    ("vtkPartitionedDataSetCollection", "GetNumberOfPartitionedDataSets", "GetPartitionedDataSet"),
    ("vtkPartitionedDataSet", "GetNumberOfPartitions", "GetPartitionAsDataObject"),
    ("vtkMultiPieceDataSet", "GetNumberOfPieces", "GetPieceAsDataObject"),
    ("vtkMultiBlockDataSet", "GetNumberOfBlocks", "GetBlock"),
)


def children(data: Any) -> Iterator[tuple[str, Any]]:
    """Yield the blocks of a composite with their names, not deeper; None where a block is empty."""
    for kind, count, get in _CHILD_METHODS:
        if data.IsA(kind):
            for index in range(getattr(data, count)()):
                name = _name(data, index) or f"Block {index}"
                yield name, getattr(data, get)(index)
            return
    for index, leaf in enumerate(leaves(data)):  # adaptive meshes: levels have no names
        yield f"Block {index}", leaf


def composites(data: Any) -> Iterator[Any]:
    """Yield a composite and those in it; they may have arrays of their own. Nothing of anything else."""
    if data is not None and data.IsA("vtkCompositeDataSet"):
        yield data
        for _, block in children(data):
            yield from composites(block)


def _name(data: Any, index: int) -> str:
    key = vtkCompositeDataSet.NAME()
    if not data.HasMetaData(index):
        return ""
    metadata = data.GetMetaData(index)
    return metadata.Get(key) or "" if metadata.Has(key) else ""

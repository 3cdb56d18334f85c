"""The points or cells that a vtkSelectionSource names, as one list: block, id, block, id, ..."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkSelectionNode

from ...base.errors import InvalidProperty

MAX_IDS = 10_000_000


def check_ids(name: str, value: Any) -> tuple[int, ...]:
    """Accept pairs of a block (0 if there is one data set) and an id, as a flat list."""
    items = list(value) if hasattr(value, "__iter__") and not isinstance(value, str | bytes | dict) else None
    if items is None or len(items) % 2 or len(items) > 2 * MAX_IDS or not all(type(one) is int for one in items):
        raise InvalidProperty(f"{name} expects integers block, id, block, id, ..., not {value!r:.80}")
    if any(one < 0 for one in items):
        raise InvalidProperty(f"{name} expects blocks and ids from 0, not {min(items)}")
    return tuple(items)


def write_ids(source: Any, value: tuple[int, ...]) -> None:
    """Write one node for each block."""
    blocks = sorted(zip(value[::2], value[1::2], strict=True))
    found = [(block, [id_ for _, id_ in pairs]) for block, pairs in groupby(blocks, key=lambda pair: pair[0])]
    source.RemoveAllNodes()
    source.SetNumberOfNodes(max(1, len(found)))
    source.SetContentType(0, vtkSelectionNode.INDICES)
    for node, (block, ids) in enumerate(found):
        source.SetContentType(node, vtkSelectionNode.INDICES)
        if block:
            source.SetCompositeIndex(node, block)
        for id_ in ids:
            source.AddID(node, -1, id_)


def read_ids(source: Any) -> tuple[int, ...]:
    """Return what was written."""
    source.Update()
    selection, found = source.GetOutput(), []
    for index in range(selection.GetNumberOfNodes()):
        node = selection.GetNode(index)
        key, ids = vtkSelectionNode.COMPOSITE_INDEX(), node.GetSelectionList()
        block = node.GetProperties().Get(key) if node.GetProperties().Has(key) else 0
        for id_ in vtk_to_numpy(ids).tolist() if ids is not None else ():
            found += [block, id_]
    return tuple(found)

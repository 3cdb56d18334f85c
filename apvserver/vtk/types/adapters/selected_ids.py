"""The points or cells that a vtkSelectionSource names, as one list: block, id, block, id, ..."""

from __future__ import annotations

from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkSelectionNode

from async_paraview.datasets.id_pairs import distinct

from ...base.errors import InvalidProperty

MAX_IDS = 10_000_000
_AT_A_TIME = 20_000


def check_ids(name: str, value: Any) -> tuple[int, ...]:
    """Accept pairs of a block (0 if there is one data set) and an id, as a flat list."""
    items = list(value) if hasattr(value, "__iter__") and not isinstance(value, str | bytes | dict) else None
    if items is None or len(items) % 2 or len(items) > 2 * MAX_IDS or not {int}.issuperset(map(type, items)):
        raise InvalidProperty(f"{name} expects integers block, id, block, id, ..., not {value!r:.80}")
    if items and min(items) < 0:
        raise InvalidProperty(f"{name} expects blocks and ids from 0, not {min(items)}")
    return tuple(items)


def write_ids(source: Any, value: tuple[int, ...]) -> None:
    """Write one node for each block."""
    blocks, numbers = np.array(value, np.int64).reshape(-1, 2).T
    found = [(block, numbers[blocks == block]) for block in distinct(blocks).tolist()]
    source.RemoveAllNodes()
    source.SetNumberOfNodes(max(1, len(found)))
    source.SetContentType(0, vtkSelectionNode.INDICES)
    for node, (block, ids) in enumerate(found):
        source.SetContentType(node, vtkSelectionNode.INDICES)
        if block:
            source.SetCompositeIndex(node, block)
        for begin in range(0, len(ids), _AT_A_TIME):
            for id_ in ids[begin : begin + _AT_A_TIME].tolist():
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

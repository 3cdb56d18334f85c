"""Parts of data sets: some arrays, one block, a range of rows. What is kept is shared, not copied, but for rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkTable

from services_core import suggest

from ..base.blocks import children, composites, parts, shared_copy
from ..base.errors import SubsetError

_ATTRIBUTES = {
    "POINTS": vtkDataObject.POINT,
    "CELLS": vtkDataObject.CELL,
    "FIELD": vtkDataObject.FIELD,
    "ROWS": vtkDataObject.ROW,
}


def take_block(data: Any, number: int) -> Any:
    """Return a child of a composite, counted from 0. Raises `SubsetError`."""
    if data is None or not data.IsA("vtkCompositeDataSet"):
        raise SubsetError(f"a {data.GetClassName() if data else 'missing output'} has no blocks")
    found = [block for _, block in children(data)]
    if number not in range(len(found)) or found[number] is None:
        raise SubsetError(f"there is no block {number}; there are {len(found)}, counted from 0, and some may be empty")
    return found[number]


def take_rows(data: Any, first: int, end: int) -> Any:
    """Return the rows of a table from `first` to before `end`. Raises `SubsetError`."""
    if data is None or not data.IsA("vtkTable"):
        raise SubsetError(f"a {data.GetClassName() if data else 'missing output'} has no rows; only tables have")
    if not 0 <= first <= end:
        raise SubsetError(f"rows {first} to {end} cannot be taken: both count from 0, and the first comes first")
    end = min(end, data.GetNumberOfRows())
    taken = vtkTable()
    for index in range(data.GetNumberOfColumns()):
        column = data.GetColumn(index)
        part = column.NewInstance()
        part.SetName(column.GetName())
        part.SetNumberOfComponents(column.GetNumberOfComponents())
        part.InsertTuples(0, max(0, end - first), first, column)
        taken.AddColumn(part)
    return taken


def keep_arrays(data: Any, arrays: Sequence[tuple[str, str]]) -> Any:
    """Return a shallow copy with only the named arrays. Raises `SubsetError` naming what is not there."""
    if data is None:
        return None
    copy = shared_copy(data)
    missing = set(arrays)
    present: set[tuple[str, str]] = set()
    for part in (*composites(copy), *parts(copy)):
        for association, kind in _ATTRIBUTES.items():
            attributes = part.GetAttributesAsFieldData(kind)
            if attributes is None:
                continue
            names = [attributes.GetArrayName(index) for index in range(attributes.GetNumberOfArrays())]
            present.update((association, name) for name in names)
            for name in names:
                if (association, name) not in arrays:
                    attributes.RemoveArray(name)
                missing.discard((association, name))
    if missing:
        association, name = sorted(missing)[0]
        near = suggest(name, sorted({one for _, one in present}), most=1)
        known = ", ".join(f"{kind} {one}" for kind, one in sorted(present)) or "none"
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise SubsetError(f"there is no array {name!r} of {association}; {hint}the arrays are: {known}")
    return copy

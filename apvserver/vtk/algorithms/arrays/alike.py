"""Data sets made alike: each gets the arrays of all, since VTK merges what all have and drops the rest silently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkDataArray, vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkDataSetAttributes

from ...base.array_types import as_numpy
from ...base.errors import VtkBridgeError

_GHOSTS: Final = vtkDataSetAttributes.GhostArrayName()
_KINDS: Final = (vtkDataObject.POINT, vtkDataObject.CELL)


def made_alike(data_sets: Sequence[Any], missing: float = np.nan) -> tuple[list[Any], list[str]]:
    """Shallow copies that all have the point and cell arrays of all, of one type; and the names of what some lacked.

    Where an array was missing stands `missing`, or an empty text. Data sets without points stay as they are. Raises
    `VtkBridgeError` if an array has different numbers of components.
    """
    copies = [_copy(one) for one in data_sets]
    filled = [one for one in copies if one.GetNumberOfPoints()]
    lacked: list[str] = []
    for kind in _KINDS:
        attributes = [one.GetAttributes(kind) for one in filled]
        counts = [one.GetNumberOfElements(kind) for one in filled]
        names = dict.fromkeys(name for one in attributes for name in _names(one))
        lacked += [name for name in names if _unite(name, attributes, counts, missing)]
    return copies, lacked


def _copy(data_set: Any) -> Any:
    copy = data_set.NewInstance()
    copy.ShallowCopy(data_set)
    return copy


def _names(attributes: Any) -> list[str]:
    names = (attributes.GetArrayName(index) for index in range(attributes.GetNumberOfArrays()))
    return [name for name in names if name]


def _unite(name: str, attributes: Sequence[Any], counts: Sequence[int], missing: float) -> bool:
    """Give each the array, of one type; whether some lacked it."""
    pairs = list(zip(attributes, counts, strict=True))
    found = [one.GetAbstractArray(name) for one, count in pairs if count and one.HasArray(name)]
    lacking = [(one, count) for one, count in pairs if not one.HasArray(name)]
    if not found:
        return False
    _check_components(name, found)
    if not all(isinstance(array, vtkDataArray) for array in found):
        if any(isinstance(array, vtkDataArray) for array in found):
            raise VtkBridgeError(f"the array {name!r} is of numbers in some blocks and of texts in others: rename one")
        for one, count in lacking:
            one.AddArray(_texts(name, count, found[0].GetNumberOfComponents()))
        return any(count for _, count in lacking)
    if name == _GHOSTS:
        for one, count in lacking:
            _replace(one, name, count, found[0], np.uint8, 0)
        return False
    if len({array.GetDataType() for array in found}) > 1 or lacking:
        types = [as_numpy(array).dtype for array in found]
        common = np.result_type(*types, *([np.float64] if any(t.kind != "f" for t in types) and lacking else []))
        for one, count in pairs:
            _replace(one, name, count, found[0], common, missing)
    return any(count for _, count in lacking)


def _check_components(name: str, found: Sequence[Any]) -> None:
    sizes = sorted({array.GetNumberOfComponents() for array in found})
    if len(sizes) > 1:
        raise VtkBridgeError(
            f"the array {name!r} has {' and '.join(map(str, sizes))} components in different blocks: rename one, or "
            "take the blocks one by one"
        )


def _replace(attributes: Any, name: str, count: int, model: Any, dtype: Any, missing: float) -> None:
    """Put the array in, of that type; it stays the scalars, or vectors, if it was."""
    array, components = attributes.GetArray(name), model.GetNumberOfComponents()
    marked = [kind for kind in range(vtkDataSetAttributes.NUM_ATTRIBUTES) if _is_marked(attributes, kind, name)]
    shape = (count,) if components == 1 else (count, components)
    values = np.full(shape, missing, dtype) if array is None else as_numpy(array).astype(dtype)
    made = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    made.SetName(name)
    for index in range(components if model.HasAComponentName() else 0):
        if model.GetComponentName(index):
            made.SetComponentName(index, model.GetComponentName(index))
    attributes.AddArray(made)
    for kind in marked:
        attributes.SetActiveAttribute(name, kind)


def _is_marked(attributes: Any, kind: int, name: str) -> bool:
    array = attributes.GetAbstractAttribute(kind)
    return array is not None and array.GetName() == name


def _texts(name: str, count: int, components: int) -> Any:
    made = vtkStringArray()
    made.SetName(name)
    made.SetNumberOfComponents(components)
    made.SetNumberOfTuples(count)
    return made

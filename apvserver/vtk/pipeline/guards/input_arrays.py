"""Whether the arrays that an algorithm was told to work on are there: many of VTK's filters make nothing, silently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm

from services_core import suggest

from ...base.blocks import parts
from ...types.adapters.setters import ASSOCIATIONS

_FIELD_NAME: Final = vtkDataObject.FIELD_NAME()
_FIELD_ASSOCIATION: Final = vtkDataObject.FIELD_ASSOCIATION()
_KINDS: Final[dict[str, tuple[int, ...]]] = {
    "POINTS": (vtkDataObject.POINT,),
    "CELLS": (vtkDataObject.CELL,),
    "FIELD": (vtkDataObject.FIELD,),
    "POINTS_THEN_CELLS": (vtkDataObject.POINT, vtkDataObject.CELL),
    "VERTICES": (vtkDataObject.VERTEX,),
    "EDGES": (vtkDataObject.EDGE,),
    "ROWS": (vtkDataObject.ROW,),
}
_NO_ARRAY: Final = "-invalid-array-"
"""What VTK's classes that extract over time begin with: no array is meant."""
_NAMES: Final = {number: name for name, number in ASSOCIATIONS.items()}


def missing_array(algorithm: Any) -> str | None:
    """Return what to say if an array that was chosen by name is not in the input, which is up to date; None if all are.

    An input that is empty, or not connected, is not asked for arrays. Of a composite one block that has it is enough.
    """
    for index in range(algorithm.GetNumberOfInputArraySpecifications()):
        information = algorithm.GetInputArrayInformation(index)
        name = _FIELD_NAME.Get(information)
        association = _NAMES.get(_FIELD_ASSOCIATION.Get(information))
        if not name or name == _NO_ARRAY or association is None:
            continue
        port = information.Get(vtkAlgorithm.INPUT_PORT())
        data = algorithm.GetInputDataObject(port, information.Get(vtkAlgorithm.INPUT_CONNECTION()))
        known = [one for part in parts(data) for one in _arrays(part)] if data is not None else []
        if known and not any(kind in _KINDS[association] and one == name for kind, one in known):
            return _told(association, name, known)
    return None


def _arrays(data: Any) -> Iterator[tuple[int, str]]:
    for kinds in _KINDS.values():
        attributes = data.GetAttributesAsFieldData(kinds[0]) if len(kinds) == 1 else None
        if attributes is not None:
            yield from ((kinds[0], attributes.GetArrayName(i) or "") for i in range(attributes.GetNumberOfArrays()))


def arrays_of(data: Any) -> Iterator[Any]:
    """Yield all arrays of a data object that is no composite."""
    for kinds in _KINDS.values():
        attributes = data.GetAttributesAsFieldData(kinds[0]) if len(kinds) == 1 else None
        if attributes is not None:
            yield from (attributes.GetAbstractArray(index) for index in range(attributes.GetNumberOfArrays()))


def _told(association: str, name: str, known: list[tuple[int, str]]) -> str:
    single = {kinds[0]: one for one, kinds in _KINDS.items() if len(kinds) == 1}
    names = list(dict.fromkeys(one for _, one in known))
    near = suggest(name, names)
    there = ", ".join(dict.fromkeys(f"{single[kind]} {one}" for kind, one in known[:20]))
    hint = f"; did you mean {', '.join(near)}?" if near else "."
    return f"the input has no {association} array {name!r}{hint} It has: {there}"

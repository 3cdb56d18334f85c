"""Which arrays a file is to have, by the names of ParaView's writers: the others are left out of what is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes

from async_paraview.names import unknown_name

from ...base.blocks import parts, shared_copy
from ...base.errors import InvalidProperty

CHOOSE: Final = "ChooseArraysToWrite"
_KINDS: Final[Mapping[str, int]] = {
    "PointDataArrays": 0, "CellDataArrays": 1, "FieldDataArrays": 2, "VertexDataArrays": 4, "EdgeDataArrays": 5,
    "RowDataArrays": 6,
}  # fmt: skip


def taken_choice(options: Mapping[str, Any]) -> tuple[dict[str, list[str]] | None, dict[str, Any]]:
    """Return the arrays that were chosen, by ParaView's properties, and all other options; None: all arrays.

    As in ParaView lists count only if ChooseArraysToWrite is on. Raises `InvalidProperty`.
    """
    others = {name: value for name, value in options.items() if name != CHOOSE and name not in _KINDS}
    chosen = options.get(CHOOSE, False)
    if chosen not in (0, 1):
        raise InvalidProperty(f"{CHOOSE} is True or False, not {chosen!r:.60}")
    lists = {name: _names(name, options[name]) for name in _KINDS if name in options}
    return (lists if chosen else None), others


def _names(option: str, value: Any) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not all(isinstance(one, str) for one in names):
        raise InvalidProperty(f"{option} is a list of names of arrays, not {value!r:.60}")
    return list(names)


def with_chosen(data: Any, chosen: Mapping[str, list[str]] | None) -> Any:
    """Return data that has the chosen arrays only, sharing all values. Raises `InvalidProperty` for an unknown name."""
    if chosen is None:
        return data
    held = list(parts(data))
    for option, names in chosen.items():
        there = list(dict.fromkeys(name for one in held for name in _arrays(one, _KINDS[option])))
        for name in names:
            if name not in there:
                raise InvalidProperty(f"{option}: {unknown_name('array', name, there)}")
    made = shared_copy(data)
    for one in parts(made):
        for option, kind in _KINDS.items():
            for name in _arrays(one, kind):
                if name not in chosen.get(option, ()) and name != vtkDataSetAttributes.GhostArrayName():
                    _attributes(one, kind).RemoveArray(name)
    return made


def _attributes(data: Any, kind: int) -> Any:
    return data.GetAttributesAsFieldData(kind)


def _arrays(data: Any, kind: int) -> list[str]:
    attributes = _attributes(data, kind)
    count = 0 if attributes is None else attributes.GetNumberOfArrays()
    return [name for index in range(count) if (name := attributes.GetArrayName(index))]

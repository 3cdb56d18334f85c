"""Describes the arrays of a data set: plain dicts with types and ranges."""

from collections.abc import Iterable
from typing import Any

from vtkmodules.vtkCommonDataModel import vtkDataObject

_ASSOCIATIONS = (
    ("POINTS", vtkDataObject.POINT),
    ("CELLS", vtkDataObject.CELL),
    ("FIELD", vtkDataObject.FIELD),
    ("VERTICES", vtkDataObject.VERTEX),
    ("EDGES", vtkDataObject.EDGE),
    ("ROWS", vtkDataObject.ROW),
)
Range = tuple[float, float]


def describe_arrays(data: Any) -> list[dict[str, Any]]:
    """One dict per array of a data object that is no composite, in order of association and index.

    Keys: association, name, type (VTK's name such as "float"), components, component_names, tuples, ranges (one
    (low, high) or None per component; None where there is no number), magnitude_range (None for scalars).
    """
    found: list[dict[str, Any]] = []
    for association, kind in _ASSOCIATIONS:
        attributes = data.GetAttributesAsFieldData(kind)
        if attributes is not None:
            count = attributes.GetNumberOfArrays()
            found.extend(_describe(association, attributes.GetAbstractArray(index)) for index in range(count))
    return found


def merge_arrays(leaves: Iterable[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The arrays of several data sets as one list: equal (association, name) are joined, ranges united.

    `partial` tells that an array is missing in some leaf.
    """
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    seen: dict[tuple[str, str], int] = {}
    count = 0
    for arrays in leaves:
        count += 1
        for array in arrays:
            key = (array["association"], array["name"])
            seen[key] = seen.get(key, 0) + 1
            merged[key] = _join(merged[key], array) if key in merged else array
    return [{**array, "partial": seen[key] < count} for key, array in merged.items()]


def _describe(association: str, array: Any) -> dict[str, Any]:
    components = array.GetNumberOfComponents()
    # Strings and variants are abstract arrays without ranges.
    numeric = array.IsA("vtkDataArray")
    return {
        "association": association,
        "name": array.GetName() or "",
        "type": array.GetDataTypeAsString(),
        "components": components,
        "component_names": [array.GetComponentName(c) or "" for c in range(components)]
        if array.HasAComponentName()
        else [],
        "tuples": array.GetNumberOfTuples(),
        "ranges": [_range(array, c) for c in range(components)] if numeric else [None] * components,
        "magnitude_range": _range(array, -1) if numeric and components > 1 else None,
    }


def _range(array: Any, component: int) -> Range | None:
    low, high = array.GetRange(component)
    return (low, high) if low <= high else None  # VTK's range of nothing is upside down


def _join(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    if a["components"] != b["components"]:
        return {**a, "tuples": a["tuples"] + b["tuples"]}
    return {
        **a,
        "tuples": a["tuples"] + b["tuples"],
        "ranges": [_unite(one, other) for one, other in zip(a["ranges"], b["ranges"], strict=True)],
        "magnitude_range": _unite(a["magnitude_range"], b["magnitude_range"]),
    }


def _unite(a: Range | None, b: Range | None) -> Range | None:
    if a is None or b is None:
        return a or b
    return min(a[0], b[0]), max(a[1], b[1])

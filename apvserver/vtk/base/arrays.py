"""Describes the arrays of a data set: plain dicts with types and ranges."""

from collections.abc import Callable, Iterable
from itertools import zip_longest
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkDataSetAttributes

from .values.ranges import Range

_ASSOCIATIONS = (
    ("POINTS", vtkDataObject.POINT),
    ("CELLS", vtkDataObject.CELL),
    ("FIELD", vtkDataObject.FIELD),
    ("VERTICES", vtkDataObject.VERTEX),
    ("EDGES", vtkDataObject.EDGE),
    ("ROWS", vtkDataObject.ROW),
)
Ranges = Callable[[Any, int], Range | None]
"""Gives the range of a component of a vtkDataArray; -1 is the magnitude."""

_DTYPES: Final = {
    name: np.dtype(code)
    for name, code in (
        ("signed char", "b"), ("unsigned char", "B"), ("short", "h"), ("unsigned short", "H"), ("int", "i"),
        ("unsigned int", "I"), ("long", "l"), ("unsigned long", "L"), ("long long", "q"), ("unsigned long long", "Q"),
        ("float", "f"), ("double", "d"), ("char", "b"), ("idtype", "q"), ("bit", "B"),
    )
}  # fmt: skip
"""The types of numbers by VTK's names."""


def describe_arrays(data: Any, ranges: Ranges) -> list[dict[str, Any]]:
    """Return one dict per array of a data object that is no composite, in order of association and index.

    Keys: association, name, type (VTK's name such as "float"), components, component_names, tuples, ranges (one
    (low, high) of the finite numbers per component; None where there are none), magnitude_range (None for scalars),
    attribute (what it is marked as, such as "Scalars", or "").
    """
    found: list[dict[str, Any]] = []
    of_data_sets = data.IsA("vtkDataSet")
    for association, kind in _ASSOCIATIONS[:3] if of_data_sets else _ASSOCIATIONS:
        attributes = data.GetAttributesAsFieldData(kind)
        if attributes is not None:
            count = attributes.GetNumberOfArrays()
            found.extend(
                {
                    **_describe(association, attributes.GetAbstractArray(i), ranges),
                    "attribute": _attribute(attributes, i),
                }
                for i in range(count)
            )
    return found


def merge_arrays(leaves: Iterable[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the arrays of several data sets as one list: equal (association, name) are joined, ranges united.

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


def _describe(association: str, array: Any, ranges: Ranges) -> dict[str, Any]:
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
        "ranges": [ranges(array, c) for c in range(components)] if numeric else [None] * components,
        "magnitude_range": ranges(array, -1) if numeric and components > 1 else None,
    }


def _attribute(attributes: Any, index: int) -> str:
    kind = attributes.IsArrayAnAttribute(index) if attributes.IsA("vtkDataSetAttributes") else -1
    return vtkDataSetAttributes.GetAttributeTypeAsString(kind) if kind >= 0 else ""


def _join(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    """Return both as one array, of the more components and the type that holds both; an empty one has no say."""
    tuples = a["tuples"] + b["tuples"]
    if not (a["tuples"] and b["tuples"]):
        return {**(a if a["tuples"] or not b["tuples"] else b), "tuples": tuples}
    more = a if a["components"] >= b["components"] else b
    ranges = zip_longest(a["ranges"], b["ranges"])
    return {
        **more,
        "tuples": tuples,
        "type": _wider(a["type"], b["type"]),
        "attribute": a["attribute"] or b["attribute"],
        "ranges": [_unite(one, other) for one, other in ranges],
        "magnitude_range": _unite(a["magnitude_range"], b["magnitude_range"]),
    }


def _wider(a: str, b: str) -> str:
    """Return the name of a type that holds the numbers of two; that of texts if either is none of numbers."""
    if a == b:
        return a
    for one in (a, b):
        if one not in _DTYPES:
            return one
    common = np.result_type(_DTYPES[a], _DTYPES[b])
    return next((name for name in (a, b, *_DTYPES) if _DTYPES[name] == common), "double")


def _unite(a: Range | None, b: Range | None) -> Range | None:
    if a is None or b is None:
        return a or b
    return min(a[0], b[0]), max(a[1], b[1])

"""Queries: which points, cells or rows an expression is true for, as ParaView's selections by queries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkSelection, vtkSelectionNode
from vtkmodules.vtkFiltersExtraction import vtkExtractSelection

from ...base.array_types import as_numpy, copied
from ...base.errors import InvalidProperty
from ..array_expressions import Functions, evaluated, names_in
from ..python_calculator import blocks_that_have, sources_of_blocks, warn_of_large_integers

ATTRIBUTES: Final[Mapping[int, int]] = {
    vtkSelectionNode.POINT: vtkDataObject.POINT,
    vtkSelectionNode.CELL: vtkDataObject.CELL,
    vtkSelectionNode.ROW: vtkDataObject.ROW,
}
"""Of the kinds of elements that can be selected, how their arrays are kept."""
_PLURALS: Final[Mapping[int, str]] = {
    vtkSelectionNode.POINT: "points",
    vtkSelectionNode.CELL: "cells",
    vtkSelectionNode.ROW: "rows",
}
_INSIDE: Final = "vtkInsidedness"
Mask = npt.NDArray[np.bool_]


def answers(query: str, field_type: int, blocks: list[Any]) -> list[Mask]:
    """Return for each block which of its elements a query is true for.

    Plain words are arrays of the elements that are selected, also without the letters that are none in names, and `id`
    their numbers in each block. Blocks that lack an array of the query have no such elements, where others have it.
    Raises `InvalidProperty` for what is no condition, or names an array that no block has.
    """
    kind = ATTRIBUTES.get(field_type)
    if kind is None or not any(one.GetNumberOfElements(kind) for one in blocks):
        return [np.zeros(0 if kind is None else one.GetNumberOfElements(kind), bool) for one in blocks]
    found = [np.zeros(one.GetNumberOfElements(kind), bool) for one in blocks]
    groups = [(one,) for one in blocks]
    chosen = blocks_that_have(_names(query, kind, blocks), groups)
    counts = [len(found[index]) for index in chosen]
    warn_of_large_integers("QueryString", _names(query, kind, blocks), [groups[index] for index in chosen])
    sources = sources_of_blocks([groups[index] for index in chosen], kind)
    numbers = np.concatenate([np.arange(count, dtype=float) for count in counts]) if counts else np.zeros(0)
    words = {_as_word(name): values for name, values in sources[""].items() if name}
    # Functions that look for places are given `inputs`, and know them by themselves.
    sources[""] = {"id": numbers, "inputs": np.zeros(0), **words, **sources[""]}
    true = _true(
        evaluated(query, sources, _places(field_type, [blocks[index] for index in chosen])), sum(counts), field_type
    )
    for index, values in zip(chosen, np.split(true, np.cumsum(counts)[:-1]) if counts else (), strict=True):
        found[index] = values
    return found


def _names(query: str, kind: int, blocks: list[Any]) -> frozenset[str]:
    """Return the names of arrays that a query may mean, by their names in the data."""
    written = names_in(query)
    there = {name for one in blocks for name in array_names(one, kind)}
    return written | {name for name in there if _as_word(name) in written}


def array_names(data: Any, kind: int) -> list[str]:
    """Return the names of the arrays of one kind of elements."""
    attributes = data.GetAttributesAsFieldData(kind)
    count = 0 if attributes is None else attributes.GetNumberOfArrays()
    return [name for index in range(count) if (name := attributes.GetArrayName(index))]


def _as_word(name: str) -> str:
    """Return the name of an array as a word of Python, as ParaView makes it."""
    word = re.sub(r"\W", "", name, flags=re.ASCII)
    return word if word[:1].isalpha() else f"a{word}"


def _true(value: Any, count: int, field_type: int) -> Mask:
    made = np.asarray(value)
    if made.ndim == 0:
        made = np.full(count, bool(made))
    if made.ndim == 2 and made.shape[1] == 1:
        made = made[:, 0]
    if made.shape != (count,):
        raise InvalidProperty(
            f"QueryString: expected one condition for each of {count} {_PLURALS[field_type]}, not values of the shape "
            f"{made.shape}; of vectors compare mag(...) or a component as V[:, 0]"
        )
    return made.astype(bool)


def _places(field_type: int, blocks: list[Any]) -> Functions:
    """Return the functions of ParaView that look for places: `pointIsNear`, `cellContainsPoint`."""

    def near(places: Any, distance: Any, _inputs: Any) -> Mask:
        return _at_places("pointIsNear", places, float(distance))

    def containing(_inputs: Any, places: Any) -> Mask:
        return _at_places("cellContainsPoint", places, 0.0)

    def _at_places(name: str, places: Any, distance: float) -> Mask:
        wanted = vtkSelectionNode.POINT if name == "pointIsNear" else vtkSelectionNode.CELL
        if field_type != wanted:
            raise InvalidProperty(
                f"QueryString: {name} is of {_PLURALS[wanted]}, and {_PLURALS[field_type]} are selected"
            )
        at = np.asarray(places, float).reshape(-1, 3)
        return np.concatenate([_located(one, field_type, at, distance) for one in blocks])

    return {"pointIsNear": (3, near), "cellContainsPoint": (2, containing)}


def _located(data: Any, field_type: int, places: npt.NDArray[Any], distance: float) -> Mask:
    """Return which points or cells of a data set are at places."""
    node, selection, extract, bare = vtkSelectionNode(), vtkSelection(), vtkExtractSelection(), data.NewInstance()
    bare.CopyStructure(data)
    node.SetContentType(vtkSelectionNode.LOCATIONS)
    node.SetFieldType(field_type)
    node.SetSelectionList(copied(places))
    if distance:
        node.GetProperties().Set(vtkSelectionNode.EPSILON(), distance)
    selection.AddNode(node)
    extract.SetPreserveTopology(True)
    extract.SetInputData(0, bare)
    extract.SetInputData(1, selection)
    extract.Update()
    array = extract.GetOutputDataObject(0).GetAttributesAsFieldData(ATTRIBUTES[field_type]).GetArray(_INSIDE)
    return np.asarray(as_numpy(array) > 0)

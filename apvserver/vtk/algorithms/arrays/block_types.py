"""Arrays of one name in several data sets get one type: VTK merges by the types of the first one, or drops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import get_numpy_array_type, get_vtk_array_type
from vtkmodules.vtkCommonCore import VTK_BIT, VTK_DOUBLE, vtkDataArray, vtkDoubleArray
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes

from ...base.array_types import is_exact_in_doubles, put_in_place, retyped

_WHERE: Final = ((0, "points"), (1, "cells"))
_GHOSTS: Final = vtkDataSetAttributes.GhostArrayName()


def make_types_alike(leaves: Sequence[Any]) -> list[str]:
    """Give arrays of points and of cells that have the same name the type that holds them all.

    The data sets are changed, so nobody else must have them; arrays are replaced, not changed. What is not numbers in
    all of them, or has different numbers of components, stays. Returns the names of what loses digits: integers beyond
    2**53 beside numbers with fractions, or of 64 bits with and without a sign.
    """
    inexact: dict[str, None] = {}
    for association, _ in _WHERE:
        attributes = [leaf.GetAttributes(association) for leaf in leaves]
        for name, places in _by_name(attributes).items():
            arrays = [attributes[leaf].GetAbstractArray(index) for leaf, index in places]
            kinds = {array.GetDataType() for array in arrays}
            if len(kinds) > 1 and all(isinstance(array, vtkDataArray) for array in arrays):
                common = _common_type(kinds)
                for (leaf, _), array in zip(places, arrays, strict=True):
                    if array.GetDataType() != common:
                        if common == VTK_DOUBLE and not is_exact_in_doubles(array):
                            inexact[name] = None
                        put_in_place(attributes[leaf], _index(attributes[leaf], name), retyped(array, common))
    return list(inexact)


def fill_with_nan(leaves: Sequence[Any]) -> None:
    """Give every data set the arrays of points and cells that only others have, as doubles that are no numbers.

    Where some have it, it becomes an array of doubles in all of them.
    """
    for association, _ in _WHERE:
        attributes = [leaf.GetAttributes(association) for leaf in leaves]
        for name, places in _by_name(attributes).items():
            arrays = {leaf: attributes[leaf].GetArray(index) for leaf, index in places}
            sizes = {0 if array is None else int(array.GetNumberOfComponents()) for array in arrays.values()}
            if len(arrays) == len(leaves) or len(sizes) > 1 or 0 in sizes or name == _GHOSTS:
                continue
            for place, leaf in enumerate(leaves):
                if place in arrays:
                    put_in_place(attributes[place], _index(attributes[place], name), retyped(arrays[place]))
                    continue
                count = (leaf.GetNumberOfPoints, leaf.GetNumberOfCells)[association]()
                made = vtkDoubleArray()
                made.SetNumberOfComponents(next(iter(sizes)))
                made.SetNumberOfTuples(count)
                made.Fill(np.nan)
                made.SetName(name)
                attributes[place].AddArray(made)


def left_out(leaves: Sequence[Any]) -> list[str]:
    """What is not the same in all data sets, so that VTK drops it: a phrase for each array."""
    found = []
    for association, where in _WHERE:
        attributes = [leaf.GetAttributes(association) for leaf in leaves]
        for name, places in _by_name(attributes).items():
            arrays = [attributes[leaf].GetAbstractArray(index) for leaf, index in places]
            sizes = sorted({array.GetNumberOfComponents() for array in arrays})
            if name == _GHOSTS:
                continue
            if len(arrays) < len(leaves):
                found.append(f"{name} of {where} (in {len(arrays)} of {len(leaves)})")
            elif len(sizes) > 1:
                found.append(f"{name} of {where} ({' and '.join(map(str, sizes))} components)")
            elif len({array.GetDataType() for array in arrays}) > 1:
                found.append(f"{name} of {where} (numbers and texts)")
    return found


def _by_name(attributes: Sequence[Any]) -> dict[str, list[tuple[int, int]]]:
    """For each name where it is: (data set, index)."""
    found: dict[str, list[tuple[int, int]]] = {}
    for leaf, one in enumerate(attributes):
        for index, name in _names(one):
            found.setdefault(name, []).append((leaf, index))
    return found


def _names(attributes: Any) -> Iterator[tuple[int, str]]:
    for index in range(attributes.GetNumberOfArrays()):
        if name := attributes.GetArrayName(index):
            yield index, name


def _index(attributes: Any, name: str) -> int:
    return next(index for index, one in _names(attributes) if one == name)


def _common_type(kinds: set[int]) -> int:
    """The type of VTK that holds all numbers of these; of signed and unsigned ones of 64 bits that are doubles."""
    types = (np.uint8 if one == VTK_BIT else get_numpy_array_type(one) for one in kinds)
    return int(get_vtk_array_type(np.result_type(*types)))

"""Data sets made alike: VTK merges arrays that all have, by the types of the first one, and drops the rest silently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import get_numpy_array_type, get_vtk_array_type
from vtkmodules.vtkCommonCore import VTK_BIT, VTK_DOUBLE, VTK_FLOAT, vtkDataArray
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkDataSetAttributes

from async_paraview.records import dataclass

from ...base.array_types import is_exact_in_doubles, put_in_place, retyped
from ...base.errors import VtkError

_WHERE: Final[tuple[tuple[int, str], ...]] = ((vtkDataObject.POINT, "points"), (vtkDataObject.CELL, "cells"))
_GHOSTS: Final = vtkDataSetAttributes.GhostArrayName()


@dataclass(frozen=True)
class Alike:
    """Shallow copies of data sets that all have the arrays of all.

    `lacked` names what some did not have; of what loses digits there are the names as well.
    """

    copies: list[Any]
    lacked: list[str]
    inexact: list[str]


def made_alike(data_sets: Sequence[Any]) -> Alike:
    """Return copies that all have the point and cell arrays of all, of one type.

    Where an array was missing stands NaN, or an empty text. Data sets without points stay as they are. Raises
    `VtkError` if an array has different numbers of components, or numbers here and texts there.
    """
    copies = [_copy(one) for one in data_sets]
    filled = [one for one in copies if one.GetNumberOfPoints()]
    for leaf in filled:
        for association, _ in _WHERE:
            if not leaf.GetNumberOfElements(association):
                leaf.GetAttributes(association).Initialize()  # what arrays of nothing are like does not count
    _refuse_others(filled)
    lacked, rounded = fill_gaps(filled, texts=True)
    return Alike(copies, lacked, list(dict.fromkeys([*rounded, *make_types_alike(filled)])))


def make_types_alike(leaves: Sequence[Any]) -> list[str]:
    """Give arrays of points and of cells that have the same name the type that holds them all.

    The data sets are changed, so nobody else must have them; arrays are replaced, not changed. What is not numbers in
    all of them, or has different numbers of components, stays. Returns the names of what loses digits: integers beyond
    2**53 beside numbers with fractions, or of 64 bits with and without a sign.
    """
    inexact: dict[str, None] = {}
    for _, attributes, name, arrays in _arrays_by_name(leaves):
        kinds = {array.GetDataType() for array in arrays.values()}
        if len(kinds) > 1 and all(isinstance(array, vtkDataArray) for array in arrays.values()):
            common = _common_type(kinds)
            for leaf, array in arrays.items():
                if array.GetDataType() != common:
                    if common == VTK_DOUBLE and not is_exact_in_doubles(array):
                        inexact[name] = None
                    put_in_place(attributes[leaf], _index(attributes[leaf], name), retyped(array, common))
    return list(inexact)


def fill_gaps(leaves: Sequence[Any], *, texts: bool = False) -> tuple[list[str], list[str]]:
    """Give every data set the arrays of points and cells that only others have: numbers with fractions that are NaN.

    Integers become doubles in all of them. With `texts`, arrays of texts get empty ones, and nothing is marked as
    hidden; without, both stay as they are. Returns the names of what was lacking, and of integers that lose digits.
    """
    lacked: dict[str, None] = {}
    inexact: dict[str, None] = {}
    for association, attributes, name, arrays in _arrays_by_name(leaves):
        numbers = all(isinstance(array, vtkDataArray) for array in arrays.values())
        plain = numbers and name != _GHOSTS
        if len(arrays) == len(leaves) or len(_sizes(arrays)) > 1 or not (plain or texts):
            continue
        for leaf, array in arrays.items() if plain else ():
            if array.IsIntegral():
                if not is_exact_in_doubles(array):
                    inexact[name] = None
                put_in_place(attributes[leaf], _index(attributes[leaf], name), retyped(array))
        for place, leaf in enumerate(leaves):
            if place not in arrays:
                count = leaf.GetNumberOfElements(association)
                attributes[place].AddArray(_gap(next(iter(arrays.values())), count, plain=plain))
                if count and name != _GHOSTS:
                    lacked[name] = None
    return list(lacked), list(inexact)


def left_out(leaves: Sequence[Any]) -> list[str]:
    """Return what is not the same in all data sets, so that VTK drops it: a phrase for each array."""
    found, words = [], dict(_WHERE)
    for association, _, name, arrays in _arrays_by_name(leaves):
        sizes, where = _sizes(arrays), words[association]
        if name == _GHOSTS:
            continue
        if len(arrays) < len(leaves):
            found.append(f"{name} of {where} (in {len(arrays)} of {len(leaves)})")
        elif len(sizes) > 1:
            found.append(f"{name} of {where} ({' and '.join(map(str, sizes))} components)")
        elif len({array.GetDataType() for array in arrays.values()}) > 1:
            found.append(f"{name} of {where} (numbers and texts)")
    return found


def different_sizes(name: str, sizes: Sequence[int]) -> VtkError:
    """Return the error for an array whose numbers of components are not the same in all blocks."""
    return VtkError(
        f"the array {name!r} has {' and '.join(map(str, sizes))} components in different blocks: rename one, or "
        "take the blocks one by one"
    )


def _refuse_others(leaves: Sequence[Any]) -> None:
    for _, _, name, arrays in _arrays_by_name(leaves):
        if len(sizes := _sizes(arrays)) > 1:
            raise different_sizes(name, sizes)
        if len({isinstance(array, vtkDataArray) for array in arrays.values()}) > 1:
            raise VtkError(f"the array {name!r} is of numbers in some blocks and of texts in others: rename one")


def _copy(data_set: Any) -> Any:
    copy = data_set.NewInstance()
    copy.ShallowCopy(data_set)
    return copy


def _gap(model: Any, count: int, *, plain: bool) -> Any:
    """Return an array like another, with as many values that say nothing."""
    single = model.GetDataType() == VTK_FLOAT
    made = vtkDataArray.CreateDataArray(VTK_FLOAT if single else VTK_DOUBLE) if plain else model.NewInstance()
    made.SetName(model.GetName())
    made.SetNumberOfComponents(model.GetNumberOfComponents())
    made.CopyComponentNames(model)
    made.SetNumberOfTuples(count)
    if isinstance(made, vtkDataArray):
        made.Fill(np.nan if plain else 0)
    return made


def _sizes(arrays: dict[int, Any]) -> list[int]:
    return sorted({int(array.GetNumberOfComponents()) for array in arrays.values()})


def _arrays_by_name(leaves: Sequence[Any]) -> Iterator[tuple[int, list[Any], str, dict[int, Any]]]:
    """Yield, for each name of points and of cells, the attributes of all data sets, and the arrays by data set."""
    for association, _ in _WHERE:
        attributes = [leaf.GetAttributes(association) for leaf in leaves]
        found: dict[str, dict[int, Any]] = {}
        for leaf, one in enumerate(attributes):
            for index, name in _names(one):
                found.setdefault(name, {})[leaf] = one.GetAbstractArray(index)
        for name, arrays in found.items():
            yield association, attributes, name, arrays


def _names(attributes: Any) -> Iterator[tuple[int, str]]:
    for index in range(attributes.GetNumberOfArrays()):
        if name := attributes.GetArrayName(index):
            yield index, name


def _index(attributes: Any, name: str) -> int:
    return next(index for index, one in _names(attributes) if one == name)


def _common_type(kinds: set[int]) -> int:
    """Return VTK's type that holds all numbers of these; of signed and unsigned ones of 64 bits that are doubles."""
    types = (np.uint8 if one == VTK_BIT else get_numpy_array_type(one) for one in kinds)
    return int(get_vtk_array_type(np.result_type(*types)))

"""Which arrays are tensors, and how they turn: S becomes Q S Q^T, with the rotation (or mirror) Q of a transform.

VTK's transforms turn vectors and normals, and leave tensors: a bar that was pulled along itself is then pulled across.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_DOUBLE
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes

from ...base.array_names import SYMMETRIC
from ...base.array_types import put_in_place, retyped

Numbers = npt.NDArray[np.float64]
Order = tuple[tuple[int, int], ...]
"""Row and column of each component."""

TENSORS: Final = vtkDataSetAttributes.TENSORS
_SYMMETRIC: Final = 6
_FULL: Final = 9
_PAIR: Final = re.compile(r"(?:^|[^0-9])([xyz]{2}|[123]{2})$")
_AXES: Final = {"x": 0, "y": 1, "z": 2, "1": 0, "2": 1, "3": 2}
_ALIKE: Final = 1e-9


def may_be_tensor(array: Any, marked: int) -> bool:
    """Return whether an array has the size of tensors: numbers with fractions, or what is marked as tensors."""
    return array.GetNumberOfComponents() in (_SYMMETRIC, _FULL) and (not array.IsIntegral() or marked == TENSORS)


def order_of(array: Any) -> Order | None:
    """Return where the components stand, by their names (XX, Sxy, S12), else by rows, or XX, YY, ZZ, XY, YZ, XZ.

    None if they have names that do not say it: then these are no tensors.
    """
    count = array.GetNumberOfComponents()
    names = [array.GetComponentName(index) or "" for index in range(count)]
    if not any(names):
        names = list(SYMMETRIC) if count == _SYMMETRIC else [row + column for row in "xyz" for column in "xyz"]
    found = [_PAIR.search(name.strip().lower()) for name in names]
    pairs = tuple((_AXES[one[1][0]], _AXES[one[1][1]]) for one in found if one is not None)
    distinct = {tuple(sorted(pair)) for pair in pairs} if count == _SYMMETRIC else set(pairs)
    return pairs if len(pairs) == count and len(distinct) == count else None


def is_told(array: Any, marked: int) -> bool:
    """Return whether the array itself says that it holds tensors: by its mark, or by the names of its components."""
    return marked == TENSORS or bool(array.HasAComponentName())


def rotation_in(matrix: Numbers) -> tuple[Numbers, bool]:
    """Return the rotation or mirror that is nearest to a matrix, and whether it also stretches, along some axis."""
    left, sizes, right = np.linalg.svd(matrix)
    return np.asarray(left @ right), bool(np.ptp(sizes) > _ALIKE * sizes.max())


def turn_tensors(every: Iterable[Any], transform: Any, all_of_them: bool) -> list[str]:
    """Turn the tensors among the arrays of points and cells, or the marked ones only; return what is to be told."""
    matrix = matrix_of(transform)
    turn, stretches = (np.eye(3), False) if matrix is None else rotation_in(matrix)
    told: dict[str, list[str]] = {}
    for attributes in every:
        for index in reversed(range(attributes.GetNumberOfArrays())):
            array, marked = attributes.GetArray(index), attributes.IsArrayAnAttribute(index)
            if array is None or not may_be_tensor(array, marked) or not (all_of_them or marked == TENSORS):
                continue
            order = order_of(array)
            if order is not None and matrix is not None:
                put_in_place(attributes, index, turned(array, order, turn))
            for remark in _remarks(array, marked, order, stretches, bool(matrix is None)):
                names = told.setdefault(remark, [])
                names.extend({array.GetName() or ""} - set(names))
    return [f"{', '.join(sorted(names))}: {remark}" for remark, names in told.items()]


def _remarks(array: Any, marked: int, order: Order | None, stretches: bool, curved: bool) -> Iterator[str]:
    if order is None:
        yield (
            "6 or 9 components that are not turned: their names do not say which is which of a tensor; where they are "
            "tensors, call them XX, YY, ZZ, XY, YZ, XZ"
        )
    elif curved:
        yield "tensors are not turned: the transform is not linear, and has another rotation at each place"
    else:
        if not is_told(array, marked):
            kind = ", ".join(SYMMETRIC) if len(order) == _SYMMETRIC else "XX, XY, XZ, YX and so on"
            yield f"taken for tensors ({kind}) and turned with the points"
        if stretches:
            yield "tensors are turned by the rotation in the transform, and not stretched by it"


def matrix_of(transform: Any) -> Numbers | None:
    """Return the matrix of a linear transform, without what it moves by; None of any other."""
    if not transform.IsA("vtkLinearTransform"):
        return None
    transform.Update()
    matrix = transform.GetMatrix()
    return np.array([[matrix.GetElement(row, column) for column in range(3)] for row in range(3)])


def turned(array: Any, order: Order, turns: Numbers) -> Any:
    """Return a copy of tensors that are turned: all by one matrix, or each by its own."""
    made = retyped(array, VTK_DOUBLE if array.IsIntegral() else array.GetDataType())
    values = vtk_to_numpy(made)
    full = np.zeros((len(values), 3, 3))
    for component, (row, column) in enumerate(order):
        full[:, row, column] = values[:, component]
        if len(order) == _SYMMETRIC:
            full[:, column, row] = values[:, component]
    full = turns @ full @ np.swapaxes(turns, -1, -2)
    for component, (row, column) in enumerate(order):
        values[:, component] = full[:, row, column]
    return made

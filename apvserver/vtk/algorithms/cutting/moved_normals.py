"""Normals of surfaces whose points were moved: those that were there before are not normal to anything any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkPolyDataNormals

from ...base.array_types import as_numpy
from ...base.blocks import parts
from ...base.data_making import array_of
from ..array_algorithm import ArrayAlgorithm
from ..turning.vectors import NORMALS

_MARK: Final = vtkDataSetAttributes.NORMALS


class NormalsLeftOut(ArrayAlgorithm):
    """NormalsLeftOut - Takes the normals out of data whose points were moved: VTK leaves out some of them only."""

    def change(self, output: Any, *inputs: Any) -> None:
        """Take out what is marked as normals, or has their name."""
        for leaf in parts(output):
            for attributes in (leaf.GetPointData(), leaf.GetCellData()):
                for name in list(_normals(attributes)):
                    attributes.RemoveArray(name)


class NormalsAnew(ArrayAlgorithm):
    """NormalsAnew - Gives a surface whose points were moved normals in the place of those that it had.

    They are on the side on which most of those were. Strips have none of cells.
    """

    def change(self, output: Any, *inputs: Any) -> None:
        """Replace what is marked as normals, or has their name."""
        for leaf in parts(output):
            held = [list(_normals(one)) for one in (leaf.GetPointData(), leaf.GetCellData())]
            if not any(held):
                continue
            found = _normals_of(leaf)
            for name in held[0]:
                _replace(leaf.GetPointData(), name, found.GetPointData().GetNormals())
            for name in held[1]:
                _replace(leaf.GetCellData(), name, found.GetCellData().GetNormals())


def _normals(attributes: Any) -> Iterator[str]:
    for index in range(attributes.GetNumberOfArrays()):
        array = attributes.GetArray(index)
        if array is None or array.GetNumberOfComponents() != 3 or not array.GetName():
            continue
        if array.GetName() == NORMALS or attributes.IsArrayAnAttribute(index) == _MARK:
            yield array.GetName()


def _normals_of(surface: Any) -> Any:
    bare, normals = vtkPolyData(), vtkPolyDataNormals()
    bare.CopyStructure(surface)
    normals.SetInputData(bare)
    normals.SplittingOff()
    normals.ConsistencyOff()
    normals.ComputeCellNormalsOn()
    normals.Update()
    return normals.GetOutput()


def _replace(attributes: Any, name: str, found: Any) -> None:
    before = attributes.GetArray(name)
    is_marked = attributes.GetNormals() is before
    attributes.RemoveArray(name)
    if found is None or found.GetNumberOfTuples() != before.GetNumberOfTuples():
        return
    values, old = vtk_to_numpy(found), as_numpy(before)
    inward = np.count_nonzero((values * old).sum(axis=1) < 0) * 2 > len(old)
    attributes.AddArray(array_of(-values if inward else values, name))
    if is_marked:
        attributes.SetActiveAttribute(name, _MARK)

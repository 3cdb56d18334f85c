"""Algorithms of our own for composites whose blocks do not all have the same arrays."""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet, vtkDataObject, vtkUnstructuredGrid
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkAppendFilter, vtkAppendPolyData

from ...base.blocks import parts
from ...base.errors import VtkBridgeError
from ...base.precision import choose_precision
from ..passing import PassingFilter, places_of
from .alike import made_alike

_KINDS: Final[dict[int, tuple[int, ...]]] = {
    vtkDataObject.FIELD_ASSOCIATION_POINTS: (vtkDataObject.POINT,),
    vtkDataObject.FIELD_ASSOCIATION_CELLS: (vtkDataObject.CELL,),
    vtkDataObject.FIELD_ASSOCIATION_POINTS_THEN_CELLS: (vtkDataObject.POINT, vtkDataObject.CELL),
}


class BlocksWithArray(PassingFilter):
    """BlocksWithArray - The blocks of a composite that have an array."""

    def pass_on(self, data: Any, output: Any) -> None:
        """Anything but a composite stays as it is; so does a composite of which no block has the array."""
        chosen = self._chosen()
        if not isinstance(data, vtkCompositeDataSet) or chosen is None:
            output.ShallowCopy(data)
            return
        association, name = chosen
        filled = [leaf for _, leaf in places_of(data) if leaf.GetNumberOfElements(_KINDS[association][0])]
        having = [leaf for leaf in filled if _has(leaf, association, name)]
        output.CopyStructure(data)
        for iterator, leaf in places_of(data):
            if not having or any(leaf is one for one in having):
                copy = leaf.NewInstance()
                copy.ShallowCopy(leaf)
                output.SetDataSet(iterator, copy)
        output.GetFieldData().PassData(data.GetFieldData())
        if 0 < len(having) < len(filled):
            lacking = len(filled) - len(having)
            self.warn(f"{lacking} of {len(filled)} blocks have no array {name!r} and were left out")

    def _chosen(self) -> tuple[int, str] | None:
        if not self.GetNumberOfInputArraySpecifications():
            return None
        information = self.GetInputArrayInformation(0)
        name, association = (
            information.Get(vtkDataObject.FIELD_NAME()),
            information.Get(vtkDataObject.FIELD_ASSOCIATION()),
        )
        return (association, name) if name and association in _KINDS else None


def _has(leaf: Any, association: int, name: str) -> bool:
    return any(
        leaf.GetAttributes(kind) is not None and leaf.GetAttributes(kind).HasArray(name) for kind in _KINDS[association]
    )


class FilledBlocks(PassingFilter):
    """FilledBlocks - The blocks of a composite in which there is something: some of VTK's filters fail on others."""

    def pass_on(self, data: Any, output: Any) -> None:
        """The places of the others stay, without data; anything but a composite stays as it is."""
        if not isinstance(data, vtkCompositeDataSet):
            output.ShallowCopy(data)
            return
        output.CopyStructure(data)
        for iterator, leaf in places_of(data):
            if any(leaf.GetNumberOfElements(kind) for kind in (vtkDataObject.POINT, vtkDataObject.CELL)):
                copy = leaf.NewInstance()
                copy.ShallowCopy(leaf)
                output.SetDataSet(iterator, copy)
        output.GetFieldData().PassData(data.GetFieldData())


class BlocksWithoutGaps(PassingFilter):
    """BlocksWithoutGaps - A composite with empty data where blocks are not there: vtkExtractGeometry stops at those."""

    def pass_on(self, data: Any, output: Any) -> None:
        """Anything but a composite stays as it is."""
        output.ShallowCopy(data)
        if not isinstance(data, vtkCompositeDataSet):
            return
        iterator = data.NewIterator()
        iterator.SkipEmptyNodesOff()
        iterator.InitTraversal()
        while not iterator.IsDoneWithTraversal():
            if iterator.GetCurrentDataObject() is None:
                output.SetDataSet(iterator, vtkUnstructuredGrid())
            iterator.GoToNextItem()


class AppendedGrids(PassingFilter):
    """AppendedGrids - All data sets, also those that are blocks, as one unstructured grid with the arrays of all."""

    append: Any = vtkAppendFilter

    def __init__(self) -> None:
        super().__init__()
        self._merge_points = False
        self._tolerance = 0.0

    def GetMergePoints(self) -> bool:
        """GetMergePoints(self) -> bool"""
        return self._merge_points

    def SetMergePoints(self, on: bool) -> None:
        """SetMergePoints(self, on:bool) -> None

        Whether points at the same place become one.
        """
        if bool(on) != self._merge_points:
            self._merge_points = bool(on)
            self.Modified()

    def GetTolerance(self) -> float:
        """GetTolerance(self) -> float"""
        return self._tolerance

    def SetTolerance(self, tolerance: float) -> None:
        """SetTolerance(self, tolerance:float) -> None

        How far apart such points may be.
        """
        if tolerance != self._tolerance:
            self._tolerance = max(0.0, tolerance)
            self.Modified()

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """As many as there are."""
        info.Set(vtkAlgorithm.INPUT_IS_REPEATABLE(), 1)
        return super().FillInputPortInformation(port, info)

    def kind_of(self, data: Any) -> Any:
        return self.append().GetOutput()

    def pass_on(self, data: Any, output: Any) -> None:
        """All inputs are taken, not only the first."""
        inputs = [self.GetInputDataObject(0, index) for index in range(self.GetNumberOfInputConnections(0))]
        alike, lacked = made_alike([leaf for one in inputs if one is not None for leaf in parts(one)])
        if lacked:
            names = ", ".join(map(repr, lacked))
            self.warn(f"not all of the {len(alike)} data sets have {names}: NaN, or an empty text, where it is missing")
        append = self.append()
        for leaf in alike:
            self._check(leaf)
            append.AddInputData(leaf)
        if not alike:
            return
        self._configure(append)
        choose_precision(append)
        append.SetContainerAlgorithm(self)
        append.Update()
        output.ShallowCopy(append.GetOutput())

    def _check(self, leaf: Any) -> None:
        """Any data set can be appended."""

    def _configure(self, append: Any) -> None:
        append.SetMergePoints(self._merge_points)
        append.SetTolerance(self._tolerance)


class AppendedSurfaces(AppendedGrids):
    """AppendedSurfaces - All surfaces, also those that are blocks, as one with the arrays of all."""

    append = vtkAppendPolyData
    input_types = ("vtkPolyData", "vtkCompositeDataSet")

    def _check(self, leaf: Any) -> None:
        if not leaf.IsA("vtkPolyData"):
            raise VtkBridgeError(f"a {leaf.GetClassName()} is no surface; ExtractSurface makes one of it")

    def _configure(self, append: Any) -> None:
        """Points stay as they are."""

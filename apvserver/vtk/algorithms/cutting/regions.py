"""The cells of data, and of each of its blocks, on one side of a surface, whole."""

from __future__ import annotations

from typing import Any, ClassVar

from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkUnstructuredGrid
from vtkmodules.vtkFiltersExtraction import vtkExtractGeometry

from ...base.blocks import leaves, places
from ...base.precision import choose_precision
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties, implicit_function, switch
from ..passing import PassingFilter


class CellsOfRegion(OwnProperties, PassingFilter):
    """CellsOfRegion - Takes whole cells by an implicit function, also of parts, on which vtkExtractGeometry fails."""

    PROPERTIES: ClassVar = (
        implicit_function("Region", "The function."),
        PropertyDefinition(
            "ExtractionSide",
            "enum",
            1,
            1,
            enumeration=(("outside", 0), ("inside", 1)),
            doc="Whether cells are taken where the function is positive, or negative.",
        ),
        switch("OnlyIntersected", False, "Whether only cells are taken that the surface cuts."),
        switch("Intersected", False, "Whether cells that the surface cuts are taken."),
    )

    def kind_of(self, data: Any) -> Any:
        """Return a grid, the same blocks, or blocks for what is in levels."""
        if not data.IsA("vtkCompositeDataSet"):
            return vtkUnstructuredGrid()
        return data if data.IsA("vtkDataObjectTree") else vtkMultiBlockDataSet()

    def pass_on(self, data: Any, output: Any) -> None:
        """Take the cells."""
        if not data.IsA("vtkCompositeDataSet"):
            output.ShallowCopy(self._cells(data))
        elif data.IsA("vtkDataObjectTree"):
            output.CopyStructure(data)
            for place, block in places(data):
                output.SetDataSet(place, self._cells(block) if block.IsA("vtkDataSet") else block)
        else:
            for number, block in enumerate(leaves(data)):
                output.SetBlock(number, self._cells(block))

    def _cells(self, data: Any) -> Any:
        extract = vtkExtractGeometry()
        extract.SetImplicitFunction(self.value_of("Region"))
        extract.SetExtractInside(int(self.value_of("ExtractionSide")))
        extract.SetExtractOnlyBoundaryCells(self.value_of("OnlyIntersected"))
        extract.SetExtractBoundaryCells(self.value_of("Intersected"))
        extract.SetInputData(data)
        extract.SetContainerAlgorithm(self)
        choose_precision(extract)
        extract.Update()
        return extract.GetOutput()

"""An algorithm of our own: where glyphs are put. At points, or in the middle of cells if arrays of cells are chosen."""

from __future__ import annotations

from typing import Any

from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet, vtkDataObject, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkCellCenters, vtkPointDataToCellData

from apvserver.vtk_bridge.passing import PassingFilter, places_of

_CELLS = vtkDataObject.FIELD_ASSOCIATION_CELLS


class GlyphPlaces(PassingFilter):
    """GlyphPlaces - The points of data, or the middles of its cells with the arrays of cells, if such are chosen."""

    def kind_of(self, data: Any) -> Any:
        return vtkPolyData() if self._in_cells() and not isinstance(data, vtkCompositeDataSet) else data

    def pass_on(self, data: Any, output: Any) -> None:
        """Of a composite, those of each block."""
        if not self._in_cells():
            output.ShallowCopy(data)
        elif not isinstance(data, vtkCompositeDataSet):
            output.ShallowCopy(self._middles(data))
        else:
            output.CopyStructure(data)
            for iterator, leaf in places_of(data):
                output.SetDataSet(iterator, self._middles(leaf))

    def _associations(self) -> set[int]:
        found = (self.GetInputArrayInformation(i) for i in range(self.GetNumberOfInputArraySpecifications()))
        named = [one for one in found if one.Get(vtkDataObject.FIELD_NAME())]
        return {one.Get(vtkDataObject.FIELD_ASSOCIATION()) for one in named}

    def _in_cells(self) -> bool:
        return _CELLS in self._associations()

    def _middles(self, leaf: Any) -> Any:
        if len(self._associations()) > 1:  # arrays of points are wanted as well: their averages in the cells
            average = vtkPointDataToCellData()
            average.SetContainerAlgorithm(self)
            average.SetInputData(leaf)
            average.Update()
            leaf = average.GetOutput()
        middles = vtkCellCenters()
        middles.SetContainerAlgorithm(self)
        middles.SetInputData(leaf)
        middles.Update()
        return middles.GetOutput()

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
        """Of a composite, those of each block that has the arrays."""
        if not isinstance(data, vtkCompositeDataSet):
            output.ShallowCopy(self._places(data))
            return
        output.CopyStructure(data)
        filled = [leaf for _, leaf in places_of(data) if leaf.GetNumberOfPoints()]
        lacking = [
            leaf for leaf in filled if not all(leaf.GetAttributes(k).HasArray(name) for k, name in self._chosen())
        ]
        for iterator, leaf in places_of(data):
            if not any(leaf is one for one in lacking):
                output.SetDataSet(iterator, self._places(leaf))
        output.GetFieldData().PassData(data.GetFieldData())
        if lacking:
            names = ", ".join(name for _, name in self._chosen())
            self.warn(f"{len(lacking)} of {len(filled)} blocks do not have {names} and were left out")

    def _chosen(self) -> list[tuple[int, str]]:
        """The arrays by which glyphs are turned and scaled, as (POINT or CELL of vtkDataObject, name)."""
        found = (self.GetInputArrayInformation(i) for i in range(self.GetNumberOfInputArraySpecifications()))
        kinds = {vtkDataObject.FIELD_ASSOCIATION_POINTS: vtkDataObject.POINT, _CELLS: vtkDataObject.CELL}
        named = [(one.Get(vtkDataObject.FIELD_ASSOCIATION()), one.Get(vtkDataObject.FIELD_NAME())) for one in found]
        return [(kinds[association], name) for association, name in named if name and association in kinds]

    def _in_cells(self) -> bool:
        return any(kind == vtkDataObject.CELL for kind, _ in self._chosen())

    def _places(self, leaf: Any) -> Any:
        if self._in_cells():
            return self._middles(leaf)
        copy = leaf.NewInstance()
        copy.ShallowCopy(leaf)
        return copy

    def _middles(self, leaf: Any) -> Any:
        if (
            len({kind for kind, _ in self._chosen()}) > 1
        ):  # arrays of points are wanted as well: their averages in the cells
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

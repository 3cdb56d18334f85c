"""An algorithm of our own: the cells that a function cuts, whole, in place of what it cuts out of them."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkUnstructuredGrid
from vtkmodules.vtkFiltersExtraction import vtkExtractGeometry

from ...base.array_types import as_numpy
from ...base.blocks import parts, places
from ...base.precision import choose_precision
from ...types.own_properties import OwnProperties, implicit_function, switch
from ..own_algorithms import data_of, like, output_of, told

_MANY_IDS: Final = 1 << 20
_MOST_POINTS: Final = 2**31 - 1


class CutCells(OwnProperties, VTKPythonAlgorithmBase):
    """CutCells - What was cut out of cells (first input), or those cells (second input) as they are.

    Only the cells at the function's zero are those: what it is cut at besides does not count for whole cells.
    """

    PROPERTIES: ClassVar = (
        implicit_function("CutFunction", "The function that cuts."),
        switch("PreserveInputCells", False, "Whether the cells are given as they are."),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=2, inputType="vtkDataObject", outputType="vtkDataObject")

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make what was cut, or a grid of the cells; of a composite one of those of each block."""
        cut = data_of(inInfo)
        whole = self.value_of("PreserveInputCells") and cut is not None and not cut.IsA("vtkCompositeDataSet")
        return like(vtkUnstructuredGrid() if whole else cut, outInfo)

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Hand on what was cut, or take the cells."""
        return told("CutCells", lambda: self._fill(data_of(inInfo), data_of(inInfo, 1), output_of(outInfo)))

    def _fill(self, cut: Any, data: Any, output: Any) -> None:
        if not self.value_of("PreserveInputCells"):
            for leaf in parts(cut):
                _shorten_ids(leaf)
            output.ShallowCopy(cut)
        elif not data.IsA("vtkCompositeDataSet"):
            output.ShallowCopy(self._cells(data))
        else:
            output.CopyStructure(data)
            for place, leaf in places(data):
                output.SetDataSet(place, self._cells(leaf))
            output.GetFieldData().PassData(data.GetFieldData())

    def _cells(self, data: Any) -> Any:
        function = self.value_of("CutFunction")
        if function is None or not data.GetNumberOfPoints():
            return vtkUnstructuredGrid()
        extract = vtkExtractGeometry()
        extract.SetImplicitFunction(function)
        extract.ExtractInsideOn()
        extract.ExtractBoundaryCellsOn()
        extract.ExtractOnlyBoundaryCellsOn()
        extract.SetInputData(data)
        extract.SetContainerAlgorithm(self)
        choose_precision(extract)
        extract.Update()
        return extract.GetOutput()


def _shorten_ids(cut: Any) -> None:
    """Let the numbers of points in many cells of one size take four bytes each, where VTK takes eight."""
    cells = cut.GetPolys() if cut.IsA("vtkPolyData") else None
    if cells is None or not cells.IsStorageFixedSize64Bit() or cells.GetNumberOfConnectivityIds() < _MANY_IDS:
        return
    if cut.GetNumberOfPoints() > _MOST_POINTS:
        return
    ids = as_numpy(cells.GetConnectivityArray()).astype(np.int32)  # without Python's lock, which VTK's own keeps
    cells.SetData(len(ids) // cells.GetNumberOfCells(), numpy_to_vtk(ids))

"""An algorithm of our own: data without its hidden cells, for filters that take them for cells like all others."""

from __future__ import annotations

from typing import Any

import numpy as np
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkDataSet, vtkUnstructuredGrid
from vtkmodules.vtkFiltersCore import vtkExtractCells

from .cell_groups import visible_cells
from .own_algorithms import data_of, like, output_of, told
from .uncovered import each_block


class VisibleCells(VTKPythonAlgorithmBase):  # type: ignore[misc]
    """VisibleCells - Leaves out hidden cells; data without such is what it was, and so are levels of images (AMR)."""

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, inputType="vtkDataObject", outputType="vtkDataObject")

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Give the output the kind of the input; an unstructured grid of data with hidden cells."""
        data = data_of(inInfo)
        return like(vtkUnstructuredGrid() if _has_hidden(data) else data, outInfo)

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Leave hidden cells out, and those that are copies of those of other pieces."""
        data = data_of(inInfo)
        as_it_is = data.IsA("vtkUniformGridAMR") or data.IsA("vtkAMRDataObject")  # whose blocks can be images only
        return told(
            type(self).__name__,
            lambda: output_of(outInfo).ShallowCopy(data if as_it_is else each_block(data, _visible)),
        )


def _has_hidden(data: Any) -> bool:
    return isinstance(data, vtkDataSet) and not bool(visible_cells(data).all())


def _visible(data: Any) -> Any:
    visible = visible_cells(data)
    if visible.all():
        return data
    if not visible.any():
        return vtkUnstructuredGrid()
    extract = vtkExtractCells()
    ids: Any = np.flatnonzero(visible).astype(np.int64)
    extract.SetInputData(data)
    extract.SetCellIds(ids, len(ids))
    extract.SetPassThroughCellIds(False)
    extract.Update()
    return extract.GetOutput()

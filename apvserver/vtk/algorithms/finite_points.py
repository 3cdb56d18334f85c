"""An algorithm of our own: data without the cells that have a place nowhere."""

from __future__ import annotations

from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkFiltersCore import vtkCleanPolyData, vtkPolyDataNormals

from .blanking import cells_with, remove_cells
from .passing import PassingFilter


class FinitePoints(PassingFilter):
    """FinitePoints - Data without the cells that have points whose coordinates are no numbers.

    Between a number and NaN no value is passed anywhere: VTK's contours and clips put a point at NaN there.
    """

    input_types = ("vtkPolyData", "vtkUnstructuredGrid")

    def pass_on(self, data: Any, output: Any) -> None:
        """Pass on what has all its points somewhere as it is."""
        output.ShallowCopy(data)
        points = data.GetPoints()
        nowhere = np.zeros(0, np.bool_) if points is None else ~np.isfinite(vtk_to_numpy(points.GetData())).all(axis=1)
        if not nowhere.any():
            return
        remove_cells(output, cells_with(output, nowhere))
        if output.IsA("vtkUnstructuredGrid"):
            return
        clean = vtkCleanPolyData()
        clean.PointMergingOff()
        clean.SetContainerAlgorithm(self)
        clean.SetInputData(output)
        clean.Update()
        output.ShallowCopy(clean.GetOutput())
        self._mend_normals(output)

    def _mend_normals(self, output: Any) -> None:
        """Mend normals, which VTK makes of differences of values: they are no numbers beside those that are none."""
        normals = output.GetPointData().GetNormals()
        if normals is None or np.isfinite(vtk_to_numpy(normals)).all():
            return
        output.GetPointData().RemoveArray(normals.GetName())
        again = vtkPolyDataNormals()
        again.SplittingOff()
        again.ConsistencyOff()
        again.SetContainerAlgorithm(self)
        again.SetInputData(output)
        again.Update()
        output.ShallowCopy(again.GetOutput())

"""Images of 3 x 2 points and 2 cells, with arrays whose values a test can compute by hand."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData

P: Final = np.arange(6.0)
"""Numbers for each point."""
U: Final = np.arange(18.0).reshape(6, 3)
"""Vectors for each point."""


def array(values: Any, name: str) -> Any:
    """An array of VTK."""
    made = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    made.SetName(name)
    return made


def image(**arrays: Any) -> vtkImageData:
    """3 x 2 points, 2 cells; arrays of 2 values are those of cells."""
    made = vtkImageData()
    made.SetDimensions(3, 2, 1)
    for name, values in arrays.items():
        (made.GetPointData() if len(values) == 6 else made.GetCellData()).AddArray(array(values, name))
    return made

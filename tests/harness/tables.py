"""Tables for tests: columns of numbers, by their names."""

from __future__ import annotations

from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkTable


def table(**columns: Any) -> vtkTable:
    """Return a table whose columns are numbers of double precision."""
    made = vtkTable()
    for name, values in columns.items():
        array = numpy_to_vtk(np.asarray(values, np.float64), deep=True)
        array.SetName(name)
        made.AddColumn(array)
    return made

"""What algorithm classes of our own have in common: data in and out, errors and warnings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkOutputWindow
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ..base.errors import VtkBridgeError


def told(work: Callable[[], object]) -> int:
    """Do the work; what is wrong becomes an error of the algorithm."""
    try:
        work()
    except Exception as error:  # VTK would say that something failed, and not what
        name = "" if isinstance(error, VtkBridgeError) else f"{type(error).__name__}: "
        vtkOutputWindow.GetInstance().DisplayErrorText(f"{name}{error}")
        return 0
    return 1


def warn(text: str) -> None:
    """Tell as a warning of the algorithm that executes."""
    vtkOutputWindow.GetInstance().DisplayWarningText(text)


def data_of(inInfo: Any) -> Any:
    """The data at the first input."""
    return inInfo[0].GetInformationObject(0).Get(vtkDataObject.DATA_OBJECT())


def output_of(outInfo: Any) -> Any:
    """The data object of the first output."""
    return outInfo.GetInformationObject(0).Get(vtkDataObject.DATA_OBJECT())


def like_input(inInfo: Any, outInfo: Any) -> int:
    """Make the output of the class of the input."""
    data, information = data_of(inInfo), outInfo.GetInformationObject(0)
    held = information.Get(vtkDataObject.DATA_OBJECT())
    if data is not None and (held is None or held.GetClassName() != data.GetClassName()):
        information.Set(vtkDataObject.DATA_OBJECT(), data.NewInstance())
    return int(data is not None)


def add_array(attributes: Any, name: str, numbers: Any, model: Any = None) -> None:
    """Add an array of double precision; names of components are those of `model`."""
    array = numpy_to_vtk(np.ascontiguousarray(numbers, np.float64), deep=True)
    array.SetName(name)
    for component in range(array.GetNumberOfComponents() if model is not None and model.HasAComponentName() else 0):
        if model.GetComponentName(component):
            array.SetComponentName(component, model.GetComponentName(component))
    attributes.AddArray(array)

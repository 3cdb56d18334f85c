"""What algorithm classes of our own have in common: data in and out, errors and warnings."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ..base.array_types import copied
from ..base.errors import VtkError
from ..base.vtk_messages import deliver

_log = logging.getLogger(__name__)


@runtime_checkable
class Follower(Protocol):
    """A part of a type that looks at what is before it, beside getting its output."""

    def follow(self, filter: Any) -> None:
        """Remember the part before, whose inputs are connected already."""


def told(name: str, work: Callable[[], object]) -> int:
    """Do the work of an algorithm; what goes wrong becomes an error of its, of which VTK would say nothing but that."""
    try:
        work()
    except VtkError as error:
        deliver("error", f"{name}: {error}")
        return 0
    except Exception as error:
        _log.exception("%s failed", name)
        deliver("error", f"{name}: {type(error).__name__}: {error}")
        return 0
    return 1


def warn(text: str) -> None:
    """Tell as a warning of the algorithm that executes."""
    deliver("warning", text)


def data_of(inInfo: Any, port: int = 0) -> Any:
    """Return the data at an input; None where nothing is connected."""
    return vtkDataObject.GetData(inInfo[port], 0)


def output_of(outInfo: Any) -> Any:
    """Return the data object of the first output."""
    return vtkDataObject.GetData(outInfo, 0)


def chosen_array(algorithm: Any, data: Any) -> Any:
    """Return the array of numbers of a data set that SelectInputArray names; None where it has no such array."""
    information = algorithm.GetInputArrayInformation(0)
    name = information.Get(vtkDataObject.FIELD_NAME())
    attributes = data.GetAttributesAsFieldData(information.Get(vtkDataObject.FIELD_ASSOCIATION())) if name else None
    return attributes.GetArray(name) if attributes is not None else None


def like(data: Any, outInfo: Any) -> int:
    """Make the output of the class of some data, unless it is; return 0 without data."""
    information = outInfo.GetInformationObject(0)
    held = information.Get(vtkDataObject.DATA_OBJECT())
    if data is not None and (held is None or held.GetClassName() != data.GetClassName()):
        information.Set(vtkDataObject.DATA_OBJECT(), data.NewInstance())
    return int(data is not None)


def add_array(attributes: Any, name: str, numbers: Any, model: Any = None) -> None:
    """Add an array of double precision; names of components are those of `model`."""
    array = copied(np.ascontiguousarray(numbers, np.float64))
    array.SetName(name)
    for component in range(array.GetNumberOfComponents() if model is not None and model.HasAComponentName() else 0):
        if model.GetComponentName(component):
            array.SetComponentName(component, model.GetComponentName(component))
    attributes.AddArray(array)

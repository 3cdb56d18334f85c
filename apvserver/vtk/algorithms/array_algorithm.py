"""What algorithms of our own are made of that give their first input with other arrays."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ..base.errors import VtkBridgeError
from ..base.vtk_messages import deliver

_log = logging.getLogger(__name__)


class ArrayAlgorithm(VTKPythonAlgorithmBase):  # type: ignore[misc]
    """An algorithm whose output is of the kind of its first input, and begins as a shallow copy of that."""

    def __init__(self, inputs: int = 1) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=inputs, inputType="vtkDataObject", outputType="vtkDataObject")

    @abstractmethod
    def change(self, output: Any, *inputs: Any) -> None:
        """Change the arrays of the output; a `VtkBridgeError` becomes an error of the algorithm."""

    def warn(self, text: str) -> None:
        """Say something of the output, as VTK's filters do."""
        deliver("warning", text)

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """The kind of data is that of the first input."""
        data = vtkDataObject.GetData(inInfo[0], 0)
        information = outInfo.GetInformationObject(0)
        held = information.Get(vtkDataObject.DATA_OBJECT())
        if data is not None and (held is None or held.GetClassName() != data.GetClassName()):
            information.Set(vtkDataObject.DATA_OBJECT(), data.NewInstance())
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """The first input with other arrays."""
        inputs = [vtkDataObject.GetData(one, 0) for one in inInfo]
        output = vtkDataObject.GetData(outInfo, 0)
        output.ShallowCopy(inputs[0])
        return told(type(self).__name__, lambda: self.change(output, *inputs))


def told(name: str, work: Callable[[], None]) -> int:
    """Do the work of an algorithm; what goes wrong becomes an error of its, of which VTK would say nothing but that."""
    try:
        work()
    except VtkBridgeError as error:
        deliver("error", f"{name}: {error}")
        return 0
    except Exception as error:
        _log.exception("%s failed", name)
        deliver("error", f"{name}: {type(error).__name__}: {error}")
        return 0
    return 1

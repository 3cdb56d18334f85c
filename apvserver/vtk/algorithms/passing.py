"""What algorithms of our own have in common that pass their input on, changed a little."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm, vtkStreamingDemandDrivenPipeline

from .own_algorithms import data_of, like, output_of, told, warn


class PassingFilter(VTKPythonAlgorithmBase):
    """Makes data of the kind of its input, all of which it looks at."""

    input_types: tuple[str, ...] = ("vtkDataSet", "vtkCompositeDataSet")

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, nOutputPorts=1, outputType="vtkDataObject")

    @abstractmethod
    def pass_on(self, data: Any, output: Any) -> None:
        """Fill the output. Raises `VtkError`."""

    def kind_of(self, data: Any) -> Any:
        """Return a new object of the kind that the output has."""
        return data

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take the kinds of data that are taken."""
        for kind in self.input_types:
            info.Append(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), kind)
        return 1

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the output by the input, which is up to date: pipelines execute here one after the other."""
        return like(self.kind_of(data_of(inInfo)), outInfo)

    def RequestUpdateExtent(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Ask for all of the input."""
        whole, wanted = (
            vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT(),
            vtkStreamingDemandDrivenPipeline.UPDATE_EXTENT(),
        )
        for index in range(inInfo[0].GetNumberOfInformationObjects()):
            information = inInfo[0].GetInformationObject(index)
            if information.Has(whole):
                information.Set(wanted, information.Get(whole), 6)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Pass on the input; what is wrong becomes an error of the algorithm."""
        return told(type(self).__name__, lambda: self.pass_on(data_of(inInfo), output_of(outInfo)))

    def warn(self, text: str) -> None:
        """Tell whoever executes."""
        warn(f"{type(self).__name__}: {text}")

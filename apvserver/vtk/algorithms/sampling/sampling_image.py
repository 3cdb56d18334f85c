"""An algorithm of our own: an image without values that covers data, or a part of space."""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkBoundingBox, vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm, vtkStreamingDemandDrivenPipeline

from ...base.blocks import parts

_PIPELINE: Final = vtkStreamingDemandDrivenPipeline
_ALONG_THE_AXES: Final = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
Three = tuple[int, int, int]
Six = tuple[float, float, float, float, float, float]


class SamplingImage(VTKPythonAlgorithmBase):  # type: ignore[misc]
    """SamplingImage - An image without values as large as the input, or of given bounds."""

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, nOutputPorts=1, outputType="vtkImageData")
        self._dimensions: Three = (10, 10, 10)
        self._bounds: Six = (0.0, 1.0, 0.0, 1.0, 0.0, 1.0)
        self._of_input = True

    # --- properties

    def GetSamplingDimensions(self) -> Three:
        """GetSamplingDimensions(self) -> (int, int, int)"""
        return self._dimensions

    def SetSamplingDimensions(self, x: int, y: int, z: int) -> None:
        """SetSamplingDimensions(self, x:int, y:int, z:int) -> None

        Number of points along each axis.
        """
        wanted = (max(1, x), max(1, y), max(1, z))
        if wanted != self._dimensions:
            self._dimensions = wanted
            self.Modified()

    def GetSamplingBounds(self) -> Six:
        """GetSamplingBounds(self) -> (float, float, float, float, float, float)"""
        return self._bounds

    def SetSamplingBounds(self, x0: float, x1: float, y0: float, y1: float, z0: float, z1: float) -> None:
        """SetSamplingBounds(self, x0:float, x1:float, y0:float, y1:float, z0:float, z1:float) -> None

        Where the image is.
        """
        if (x0, x1, y0, y1, z0, z1) != self._bounds:
            self._bounds = (x0, x1, y0, y1, z0, z1)
            self.Modified()

    def GetUseInputBounds(self) -> bool:
        """GetUseInputBounds(self) -> bool"""
        return self._of_input

    def SetUseInputBounds(self, on: bool) -> None:
        """SetUseInputBounds(self, on:bool) -> None

        Whether the image is as large as the input.
        """
        if bool(on) != self._of_input:
            self._of_input = bool(on)
            self.Modified()

    # --- the pipeline

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Whatever has bounds."""
        for kind in ("vtkDataSet", "vtkCompositeDataSet", "vtkHyperTreeGrid"):
            info.Append(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), kind)
        return 1

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """The extent begins at 0."""
        information = outInfo.GetInformationObject(0)
        information.Set(_PIPELINE.WHOLE_EXTENT(), self._extent(), 6)
        information.Set(vtkDataObject.DIRECTION(), _ALONG_THE_AXES, 9)  # not that of an input which is turned
        return 1

    def RequestUpdateExtent(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """All of the input: what is asked for of the image says nothing of it."""
        information = inInfo[0].GetInformationObject(0)
        if information.Has(_PIPELINE.WHOLE_EXTENT()):
            information.Set(_PIPELINE.UPDATE_EXTENT(), information.Get(_PIPELINE.WHOLE_EXTENT()), 6)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Nothing of an empty input."""
        image, bounds = vtkDataObject.GetData(outInfo), self._bounds
        if self._of_input:
            box = vtkBoundingBox()
            for leaf in parts(vtkDataObject.GetData(inInfo[0])):
                found = leaf.GetBounds()
                if found[0] <= found[1]:
                    box.AddBounds(found)
            if not box.IsValid():
                return 1
            held = [0.0] * 6
            box.GetBounds(held)
            bounds = (held[0], held[1], held[2], held[3], held[4], held[5])
        image.SetExtent(self._extent())
        image.SetDirectionMatrix(_ALONG_THE_AXES)
        image.SetOrigin(bounds[::2])
        pairs = zip(bounds[::2], bounds[1::2], self._dimensions, strict=True)
        image.SetSpacing([(high - low) / (count - 1) if count > 1 else 1.0 for low, high, count in pairs])
        return 1

    def _extent(self) -> list[int]:
        return [end for count in self._dimensions for end in (0, count - 1)]

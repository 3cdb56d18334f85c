"""An algorithm of our own: an image without values that covers data, or a part of space."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkBoundingBox, vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm, vtkStreamingDemandDrivenPipeline

from ...base.blocks import parts
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties, switch

_PIPELINE: Final = vtkStreamingDemandDrivenPipeline
_ALONG_THE_AXES: Final = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


class SamplingImage(OwnProperties, VTKPythonAlgorithmBase):
    """SamplingImage - An image without values as large as the input, or of given bounds."""

    PROPERTIES: ClassVar = (
        PropertyDefinition(
            "SamplingDimensions",
            "int",
            3,
            (10, 10, 10),
            range=(1, 2**31 - 1),
            doc="Number of points along each axis.",
        ),
        PropertyDefinition("SamplingBounds", "float", 6, (0.0, 1.0, 0.0, 1.0, 0.0, 1.0), doc="Where the image is."),
        switch("UseInputBounds", True, "Whether the image is as large as the input."),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, nOutputPorts=1, outputType="vtkImageData")

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take whatever has bounds."""
        for kind in ("vtkDataSet", "vtkCompositeDataSet", "vtkHyperTreeGrid"):
            info.Append(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), kind)
        return 1

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Announce the extent, which begins at 0."""
        information = outInfo.GetInformationObject(0)
        information.Set(_PIPELINE.WHOLE_EXTENT(), self._extent(), 6)
        information.Set(vtkDataObject.DIRECTION(), _ALONG_THE_AXES, 9)  # not that of an input which is turned
        return 1

    def RequestUpdateExtent(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Ask for all of the input: what is asked for of the image says nothing of it."""
        information = inInfo[0].GetInformationObject(0)
        if information.Has(_PIPELINE.WHOLE_EXTENT()):
            information.Set(_PIPELINE.UPDATE_EXTENT(), information.Get(_PIPELINE.WHOLE_EXTENT()), 6)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the image; of an empty input nothing."""
        image, bounds = vtkDataObject.GetData(outInfo), self.value_of("SamplingBounds")
        if self.value_of("UseInputBounds"):
            box = vtkBoundingBox()
            for leaf in parts(vtkDataObject.GetData(inInfo[0])):
                found = leaf.GetBounds()
                if found[0] <= found[1]:
                    box.AddBounds(found)
            if not box.IsValid():
                return 1
            held = [0.0] * 6
            box.GetBounds(held)
            bounds = tuple(held)
        image.SetExtent(self._extent())
        image.SetDirectionMatrix(_ALONG_THE_AXES)
        image.SetOrigin(bounds[::2])
        pairs = zip(bounds[::2], bounds[1::2], self.value_of("SamplingDimensions"), strict=True)
        image.SetSpacing([(high - low) / (count - 1) if count > 1 else 1.0 for low, high, count in pairs])
        return 1

    def _extent(self) -> list[int]:
        return [end for count in self.value_of("SamplingDimensions") for end in (0, count - 1)]

"""An image whose values are known everywhere: coordinates, squares of distances, and a swirl."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ...base.array_types import copied
from ...base.errors import InvalidProperty
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties, switch
from ..own_algorithms import output_of, told

_EXTENT = (-10, 10, -10, 10, -10, 10)


class SimpleImageSource(OwnProperties, VTKPythonAlgorithmBase):
    """SimpleImageSource - An image with points at whole numbers: X, DistanceSquared, and vectors Swirl, (y, z, x)."""

    PROPERTIES: ClassVar = (
        PropertyDefinition("WholeExtent", "int", 6, _EXTENT, doc="First and last index along each axis."),
        switch("EnableDistanceSquaredData", True, "Whether there are squares of the distance from the origin."),
        switch("EnableSwirlData", True, "Whether there are vectors (y, z, x)."),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=0, nOutputPorts=1, outputType="vtkImageData")

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Tell the extent."""
        extent = self.value_of("WholeExtent")
        outInfo.GetInformationObject(0).Set(vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT(), extent, 6)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the image."""
        return told("SimpleImageSource", lambda: self._make(output_of(outInfo)))

    def _make(self, image: Any) -> None:
        extent = self.value_of("WholeExtent")
        if any(last < first for first, last in zip(extent[::2], extent[1::2], strict=True)):
            raise InvalidProperty(f"WholeExtent is {list(extent)}: the last index must not be below the first")
        image.SetExtent(extent)
        z, y, x = np.meshgrid(*(np.arange(extent[2 * a], extent[2 * a + 1] + 1.0) for a in (2, 1, 0)), indexing="ij")
        data = image.GetPointData()
        data.SetScalars(_array("X", x.ravel()))
        if self.value_of("EnableDistanceSquaredData"):
            data.AddArray(_array("DistanceSquared", (x * x + y * y + z * z).ravel()))
        if self.value_of("EnableSwirlData"):
            data.SetVectors(_array("Swirl", np.stack([y.ravel(), z.ravel(), x.ravel()], axis=1)))


def _array(name: str, values: Any) -> Any:
    array = copied(np.ascontiguousarray(values, np.float32))
    array.SetName(name)
    return array

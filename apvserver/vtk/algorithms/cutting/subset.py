"""An algorithm of our own: a block of an image or of a grid with axes, or every n-th of its points, as ParaView's."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline
from vtkmodules.vtkFiltersExtraction import vtkExtractGrid, vtkExtractRectilinearGrid
from vtkmodules.vtkImagingCore import vtkExtractVOI

from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties, switch
from ..own_algorithms import data_of
from ..passing import PassingFilter

_LAST: Final = 2**31 - 1
_TOLD: Final = (
    vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT(),
    vtkDataObject.SPACING(),
    vtkDataObject.ORIGIN(),
    vtkDataObject.DIRECTION(),
)


class ExtractedSubset(OwnProperties, PassingFilter):
    """ExtractedSubset - A block of an image, a rectilinear or a structured grid, or every n-th of its points.

    Of images the last points are never taken beside every n-th: the points of an image have the same distance.
    """

    PROPERTIES: ClassVar = (
        PropertyDefinition("VOI", "int", 6, (0, _LAST) * 3, doc="First and last index along each axis."),
        PropertyDefinition("SampleRate", "int", 3, (1, 1, 1), doc="Takes every n-th point along each axis."),
        switch("IncludeBoundary", False, "Whether the last points of a grid are taken in any case."),
    )
    input_types = ("vtkImageData", "vtkRectilinearGrid", "vtkStructuredGrid")

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Announce which indices there will be, and where an image is."""
        data = data_of(inInfo)
        if data is not None:
            extract, output = self._extract(data), outInfo.GetInformationObject(0)
            extract.UpdateInformation()
            for key in _TOLD:
                if extract.GetOutputInformation(0).Has(key):
                    output.CopyEntry(extract.GetOutputInformation(0), key)
        return 1

    def pass_on(self, data: Any, output: Any) -> None:
        """Take the block."""
        extract = self._extract(data)
        extract.SetContainerAlgorithm(self)
        extract.Update()
        output.ShallowCopy(extract.GetOutput())

    def _extract(self, data: Any) -> Any:
        extract: Any
        if data.IsA("vtkImageData"):
            extract = vtkExtractVOI()
        else:
            extract = vtkExtractRectilinearGrid() if data.IsA("vtkRectilinearGrid") else vtkExtractGrid()
            extract.SetIncludeBoundary(self.value_of("IncludeBoundary"))
        extract.SetVOI(self.value_of("VOI"))
        extract.SetSampleRate(self.value_of("SampleRate"))
        extract.SetInputData(data)
        return extract

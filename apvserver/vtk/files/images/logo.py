"""Pictures that are laid over a view, with what of them is transparent."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
from PIL import Image, ImageOps
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ...base.data_making import array_of
from ...base.errors import FileError
from ..readers.own_reader import OwnReader

_FORMATS: Final = ("PNG", "JPEG", "BMP", "DIB", "TGA", "TIFF", "GIF", "WEBP")
_MOST_PIXELS: Final = 64_000_000
_NOTHING: Final = (0, -1, 0, -1, 0, -1)


class LogoReader(OwnReader):
    """LogoReader - A picture in colors, with transparency where it has some; without a file it is empty."""

    OUTPUTS: ClassVar = ("vtkImageData",)

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return the picture, upright. Raises `FileError`."""
        return (self.kept(path, _read),)

    def _told(self, work: Any) -> int:
        return super()._told(work) if self._name else 1

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Announce how large the picture is."""
        information = outInfo.GetInformationObject(0)
        information.Set(vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT(), _NOTHING, 6)
        return self._told(
            lambda: information.Set(
                vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT(), self.kept(self._name, _read).GetExtent(), 6
            )
        )

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Read; without a file the picture is empty."""
        outInfo.GetInformationObject(0).Get(vtkImageData.DATA_OBJECT()).Initialize()
        return super().RequestData(request, inInfo, outInfo)


def _read(path: str) -> Any:
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise FileError(f"{path}: a picture of {picture.width} x {picture.height} is too large to be laid over")
            pixels = np.asarray(ImageOps.exif_transpose(picture).convert("RGBA"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FileError(f"{path}: this picture cannot be read: {error}") from error
    rows, columns, parts = pixels.shape
    made = vtkImageData()
    made.SetDimensions(columns, rows, 1)
    made.GetPointData().SetScalars(array_of(pixels[::-1].reshape(-1, parts), "Picture"))
    return made

"""Algorithms of our own that read images and volumes, under the names of the readers of VTK that they stand for.

What VTK's classes of these names get wrong: NIfTI without slope, intercept and place; NRRD of vectors as one slice, and
big-endian gzip; MetaImage of 64 bits; TIFF upside down. See docs/images_and_volumes.md.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.numpy_support import get_vtk_array_type, numpy_to_vtk
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import vtkOutputWindow
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ...base.errors import FileError, VtkError
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties, switch, text
from .dicom.series import dicom_files, open_dicom
from .meta import open_meta
from .mgh import open_mgh
from .minc import open_minc
from .mrc import open_mrc
from .nifti import open_nifti
from .nrrd import open_nrrd
from .picture import open_picture
from .pnm import open_pnm
from .raw import native
from .stored import Placement, StoredImage, placement, right_handed
from .tiff.volumes import open_tiff

_PIPELINE: Final = vtkStreamingDemandDrivenPipeline
_WRONG: Final = (
    VtkError, OSError, MemoryError, ValueError, ArithmeticError, LookupError, TypeError, SyntaxError,
    struct.error,
)  # fmt: skip
"""What files lead to whose headers are damaged, here and in the libraries that read them."""


def _why(error: BaseException) -> str:
    if isinstance(error, VtkError | OSError | MemoryError):
        return str(error) or type(error).__name__
    return f"the file is damaged, or its header is none of this format: {type(error).__name__}: {error}"


_FILE_NAME: Final = text("FileName", None, "The file, on the server.", path=True)


class StoredImageReader(OwnProperties, VTKPythonAlgorithmBase):
    """StoredImageReader - Reads an image from a file."""

    PROPERTIES: ClassVar[tuple[PropertyDefinition, ...]] = (_FILE_NAME,)

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=0, nOutputPorts=1, outputType="vtkImageData")
        self._opened: StoredImage | None = None

    def CanReadFile(self, path: str) -> bool:
        """Return whether the file's header can be understood; what is wrong with it is told to VTK."""
        try:
            self._open(path)
        except _WRONG as error:
            vtkOutputWindow.GetInstance().DisplayErrorText(_why(error))
            return False
        return True

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Announce where the samples are, of which type, and the times."""
        return self._told(lambda: self._announce(outInfo.GetInformationObject(0)))

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Read the values of the last time that is not after the one asked for."""
        return self._told(lambda: self._read(outInfo.GetInformationObject(0)))

    def _open(self, path: str) -> StoredImage:
        """Return what the file holds. Raises `FileError`."""
        raise FileError(f"{path}: {type(self).__name__} has no format")

    def _told(self, work: Callable[[], None]) -> int:
        """Do the work; what is wrong becomes an error of the algorithm."""
        try:
            work()
        except _WRONG as error:
            vtkOutputWindow.GetInstance().DisplayErrorText(f"{type(self).__name__}: {_why(error)}")
            return 0
        return 1

    def _image(self) -> StoredImage:
        if not self.value_of("FileName"):
            raise FileError("FileName is not set: it names what is to be read")
        return right_handed(self._open(self.value_of("FileName")))

    def _announce(self, information: Any) -> None:
        image = self._opened = self._image()
        where = placement(image.affine)
        information.Set(_PIPELINE.WHOLE_EXTENT(), _extent(image), 6)
        information.Set(vtkDataObject.ORIGIN(), where.origin, 3)
        information.Set(vtkDataObject.SPACING(), where.spacing, 3)
        information.Set(vtkDataObject.DIRECTION(), where.direction, 9)
        kind = get_vtk_array_type(native(np.zeros(0, image.dtype)).dtype)
        vtkDataObject.SetPointDataActiveScalarInfo(information, kind, image.components)
        for key in (_PIPELINE.TIME_STEPS(), _PIPELINE.TIME_RANGE()):
            information.Remove(key)
        if image.times:
            information.Set(_PIPELINE.TIME_STEPS(), image.times, len(image.times))
            information.Set(_PIPELINE.TIME_RANGE(), (image.times[0], image.times[-1]), 2)

    def _read(self, information: Any) -> None:
        image = self._opened or self._image()
        key = _PIPELINE.UPDATE_TIME_STEP()
        wanted = information.Get(key) if information.Has(key) else None
        step = step_at(image.times, wanted)
        output = information.Get(vtkDataObject.DATA_OBJECT())
        fill(output, image, image.load(step), placement(image.affine))
        if image.times:
            output.GetInformation().Set(output.DATA_TIME_STEP(), image.times[step])
        for doubt in image.doubts:
            vtkOutputWindow.GetInstance().DisplayWarningText(f"{self.value_of('FileName')}: {doubt}")


def step_at(times: tuple[float, ...], wanted: float | None) -> int:
    """Return the number of the last time that is not after `wanted`; the first if there is none."""
    before = [index for index, time in enumerate(times) if wanted is not None and time <= wanted]
    return max(before, key=times.__getitem__, default=0)


def _extent(image: StoredImage) -> tuple[int, ...]:
    return tuple(end for size in image.size for end in (0, size - 1))


def fill(output: Any, image: StoredImage, values: Any, where: Placement) -> None:
    """Make a vtkImageData what was read; the memory of `values` becomes its own if it can."""
    output.Initialize()
    output.SetExtent(_extent(image))
    output.SetOrigin(where.origin)
    output.SetSpacing(where.spacing)
    output.SetDirectionMatrix(where.direction)
    flat = np.ascontiguousarray(native(values)).reshape(-1, image.components)
    if len(flat) != math.prod(image.size):
        raise FileError(f"there are {len(flat)} samples, and the header says {math.prod(image.size)}")
    array = numpy_to_vtk(flat[:, 0] if image.components == 1 else flat)
    array.SetName(image.name)
    output.GetPointData().SetScalars(array)


class vtkNIFTIImageReader(StoredImageReader):
    """vtkNIFTIImageReader - Reads NIfTI-1, NIfTI-2 and Analyze files, alone or in pairs, also compressed ones.

    Values have their slope and intercept; places are those of the file, in NIfTI's sense (x to the right).
    """

    PROPERTIES = (
        _FILE_NAME,
        switch("TimeAsVector", False, "Whether the values of all times become components."),
    )

    def _open(self, path: str) -> StoredImage:
        return open_nifti(path, times_as_components=self.value_of("TimeAsVector"))


class vtkNrrdReader(StoredImageReader):
    """vtkNrrdReader - Reads images in the NRRD format, with the files that a detached header names.

    The header says which axes are space, components and time; places are those of the file, in the space it names.
    """

    def _open(self, path: str) -> StoredImage:
        return open_nrrd(path)


class vtkMetaImageReader(StoredImageReader):
    """vtkMetaImageReader - Reads images in the MetaImage format, .mha, or .mhd with the files that it names.

    A fourth axis is time; places are those of the file.
    """

    def _open(self, path: str) -> StoredImage:
        return open_meta(path)


class vtkMRCReader(StoredImageReader):
    """vtkMRCReader - Reads maps of electron microscopy and crystallography, MRC and CCP4.

    Axes in any order and cells with any angles are put where they belong.
    """

    def _open(self, path: str) -> StoredImage:
        return open_mrc(path)


class vtkTIFFReader(StoredImageReader):
    """vtkTIFFReader - Reads TIFF and BigTIFF: upright, pages as slices, numbers of every size.

    Pages that look like the first one are read. Distances are in millimetres where the file says a resolution.
    """

    def _open(self, path: str) -> StoredImage:
        return open_tiff(path)


class PictureReader(StoredImageReader):
    """PictureReader - Reads pictures in BMP, TGA and JPEG, upright, with palettes and CMYK as colors."""

    def _open(self, path: str) -> StoredImage:
        return open_picture(path, "Picture")


class vtkBMPReader(StoredImageReader):
    """vtkBMPReader - Reads pictures in BMP of all depths."""

    def _open(self, path: str) -> StoredImage:
        return open_picture(path, "BMPImage")


class vtkTGAReader(StoredImageReader):
    """vtkTGAReader - Reads pictures in TGA, also with palettes and from the top down."""

    def _open(self, path: str) -> StoredImage:
        return open_picture(path, "TGAImage")


class vtkPNMReader(StoredImageReader):
    """vtkPNMReader - Reads PBM, PGM, PPM and PFM, as text or binary, of 8 or 16 bits."""

    def _open(self, path: str) -> StoredImage:
        return open_pnm(path)


class vtkDICOMImageReader(StoredImageReader):
    """vtkDICOMImageReader - Reads DICOM: one file, or the slices of a series in a directory as a volume.

    Values are rescaled, slices in the order of their places; places are those of the patient (LPS), in millimetres.
    """

    PROPERTIES = (
        _FILE_NAME,
        text("DirectoryName", None, "The directory, on the server, whose DICOM files are read.", path=True),
        text("SeriesInstanceUID", "", "Which series of several is read; empty if there is one."),
    )

    def __init__(self) -> None:
        super().__init__()
        self._names: Any = None

    def SetFileNames(self, names: Any) -> None:
        """SetFileNames(self, names:vtkStringArray) -> None"""
        self._names = names
        self.Modified()

    def GetFileNames(self) -> Any:
        """GetFileNames(self) -> vtkStringArray"""
        return self._names

    def _image(self) -> StoredImage:
        several = (
            [self._names.GetValue(index) for index in range(self._names.GetNumberOfValues())] if self._names else []
        )
        directory, file = self.value_of("DirectoryName"), self.value_of("FileName")
        if not several and not directory and not file:
            raise FileError("FileName, FileNames or DirectoryName names what is to be read; none is set")
        found = several or (dicom_files(directory) if directory else [file])
        return right_handed(open_dicom(found, self.value_of("SeriesInstanceUID") or ""))

    def _open(self, path: str) -> StoredImage:
        return open_dicom([path])


class vtkMINCImageReader(StoredImageReader):
    """vtkMINCImageReader - Reads MINC, version 1 and 2, with the help of nibabel."""

    def _open(self, path: str) -> StoredImage:
        return open_minc(path)


class MGHReader(StoredImageReader):
    """MGHReader - Reads FreeSurfer's MGH and MGZ."""

    def _open(self, path: str) -> StoredImage:
        return open_mgh(path)

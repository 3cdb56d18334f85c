"""The table of formats of volumes that say where they are: files of several writers, and what they hold."""

from __future__ import annotations

import gzip
import math
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import h5py
import nibabel
import nrrd
import numpy as np
import SimpleITK
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid
from vtkmodules.vtkCommonDataModel import vtkImageData

from apvserver.vtk.types.catalog import construct
from apvserver.vtk.types.properties import set_properties

from .known_data import Known
from .other_writers import mrc
from .saving import array
from .written_by import WrittenBy

SHAPE: Final = (4, 3, 2)
NUMBERS: Final = np.arange(24, dtype="i2").reshape(SHAPE) * 7 - 20
"""By x, y and z."""
TURN: Final = math.radians(30)
ROTATION: Final = np.array([[math.cos(TURN), -math.sin(TURN), 0], [math.sin(TURN), math.cos(TURN), 0], [0, 0, 1]])
SPACING: Final = (0.5, 2.0, 3.0)
CORNER: Final = (10.0, -20.0, 30.0)
PLACED: Final = np.eye(4)
PLACED[:3, :3], PLACED[:3, 3] = ROTATION * SPACING, CORNER
STRAIGHT: Final = np.diag([*SPACING, 1.0])
STRAIGHT[:3, 3] = CORNER
LPS: Final = np.diag([-1.0, -1, 1, 1])


def at(affine: Any, values: Any = NUMBERS, **more: Any) -> Known:
    """Each of the values, of x, y, z (and component), where the matrix puts it."""
    index = np.indices(values.shape[:3]).reshape(3, -1)
    return Known((affine[:3, :3] @ index + affine[:3, 3:]).T, {"": values.reshape(index.shape[1], -1)}, **more)


def itk(values: Any, affine: Any) -> Any:
    """An image of SimpleITK, which has the axes in the order z, y, x."""
    made = SimpleITK.GetImageFromArray(np.ascontiguousarray(values.transpose(2, 1, 0)))
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    made.SetOrigin(affine[:3, 3].tolist())
    made.SetSpacing(lengths.tolist())
    made.SetDirection((affine[:3, :3] / lengths).ravel().tolist())
    return made


def by_itk(values: Any, affine: Any) -> Callable[[Path], object]:
    return lambda path: SimpleITK.WriteImage(itk(values, affine), str(path))


def by_vtk(writer: str, data: Callable[[], Any], **options: Any) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        made = construct(writer)
        set_properties(made, options)
        made.SetFileName(str(path))
        made.SetInputDataObject(0, data())
        made.Write()
        assert path.stat().st_size

    return write


def vtk_volume() -> Any:
    made = vtkImageData()
    made.SetDimensions(SHAPE)
    made.SetSpacing(SPACING)
    made.SetOrigin(CORNER)
    made.GetPointData().SetScalars(array("numbers", NUMBERS.ravel("F")))
    return made


def nifti_by_hand(path: Path) -> None:
    """NIfTI-1 after nifti1.h: sform 1, values of two bytes."""
    head = bytearray(352)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, 3, *SHAPE, 1, 1, 1, 1)
    struct.pack_into("<2h", head, 70, 4, 16)
    struct.pack_into("<8f", head, 76, 1, *SPACING, 0, 0, 0, 0)
    struct.pack_into("<3f", head, 108, 352, 1, 0)
    struct.pack_into("<2h", head, 252, 0, 1)
    struct.pack_into("<12f", head, 280, *PLACED[:3].ravel())
    head[344:348] = b"n+1\0"
    path.write_bytes(bytes(head) + NUMBERS.tobytes("F"))


def nrrd_by_pynrrd(path: Path) -> None:
    space = {"space": "left-posterior-superior", "space directions": PLACED[:3, :3].T, "space origin": CORNER}
    nrrd.write(str(path), NUMBERS, {**space, "kinds": ["domain"] * 3})


def meta_by_hand(path: Path) -> None:
    """MetaIO's documentation: a header of text, values in a file of their own."""
    matrix = " ".join(map(str, ROTATION.T.ravel()))
    path.write_text(
        f"ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\n"
        f"TransformMatrix = {matrix}\nOffset = 10 -20 30\nElementSpacing = 0.5 2 3\nDimSize = 4 3 2\n"
        f"ElementType = MET_SHORT\nElementDataFile = {path.stem}.raw\n"
    )
    path.with_suffix(".raw").write_bytes(NUMBERS.tobytes("F"))


def mgh_by_hand(path: Path) -> None:
    """FreeSurfer's MGH: big-endian; the centre of the volume is at the place that the header has last."""
    centre = PLACED[:3, :3] @ (np.array(SHAPE) / 2) + CORNER
    head = struct.pack(">7i", 1, *SHAPE, 1, 4, 0)
    head += struct.pack(">h3f9f3f", 1, *SPACING, *ROTATION.T.ravel(), *centre)
    path.write_bytes(gzip.compress(head.ljust(284, b"\0") + NUMBERS.astype(">i2").tobytes("F")))


def minc_by_hand(path: Path) -> None:
    """MINC 2 after its reference: real values are those of `valid_range` between `image-min` and `image-max`."""
    with h5py.File(path, "w") as file:
        root = file.create_group("minc-2.0")
        for axis, name in enumerate(("xspace", "yspace", "zspace")):
            made = root.create_dataset(f"dimensions/{name}", data=np.int32(0))
            made.attrs.update({"start": CORNER[axis], "step": SPACING[axis], "length": np.int32(SHAPE[axis])})
            made.attrs.update({"direction_cosines": np.eye(3)[axis], "spacing": np.bytes_("regular__")})
        image = root.create_dataset("image/0/image", data=NUMBERS.T)
        image.attrs.update(
            {"dimorder": np.bytes_("zspace,yspace,xspace"), "valid_range": np.array([-32768.0, 32767.0])}
        )
        image.attrs["signtype"] = np.bytes_("signed__")
        for name, value in (("image-min", -32768.0), ("image-max", 32767.0)):
            root.create_dataset(f"image/0/{name}", data=value)


def dicom_by_pydicom(path: Path) -> None:
    """A folder of slices, with the names in another order than their places."""
    path.mkdir()
    for z in range(SHAPE[2]):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CTImageStorage, generate_uid()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        made = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
        made.SOPClassUID, made.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
        made.StudyInstanceUID, made.SeriesInstanceUID, made.Modality = "1.2.3", "1.2.3.4", "CT"
        made.Rows, made.Columns, made.SamplesPerPixel, made.PhotometricInterpretation = 3, 4, 1, "MONOCHROME2"
        made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 16, 15, 1
        made.PixelSpacing, made.ImageOrientationPatient = [2.0, 0.5], [*ROTATION[:, 0], *ROTATION[:, 1]]
        made.ImagePositionPatient = (PLACED @ [0, 0, z, 1])[:3].tolist()
        made.PixelData = np.ascontiguousarray(NUMBERS[:, :, z].T).tobytes()
        made.save_as(path / f"{9 - z}.dcm", enforce_file_format=True)


def dicom_by_itk(path: Path) -> None:
    """The slices that GDCM, in SimpleITK, writes of one volume."""
    path.mkdir()
    image, writer = itk(NUMBERS, PLACED), SimpleITK.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    for z in range(SHAPE[2]):
        part = image[:, :, z]
        position = "\\".join(map(str, image.TransformIndexToPhysicalPoint((0, 0, z))))
        direction = "\\".join(f"{one:.12g}" for one in (*ROTATION[:, 0], *ROTATION[:, 1]))
        for key, text in {
            "0020|000e": "1.2.3.5", "0008|0018": f"1.2.3.5.{z}", "0020|0032": position, "0020|0037": direction,
            "0020|0013": str(z), "0008|0060": "CT",
        }.items():  # fmt: skip
            part.SetMetaData(key, text)
        writer.SetFileName(str(path / f"{9 - z}.dcm"))
        writer.Execute(part)


VTI: Final = '<?xml version="1.0"?><VTKFile type="ImageData" version="0.1" byte_order="LittleEndian">'


def vti_by_hand(path: Path) -> None:
    """VTK's XML format, with the numbers as text."""
    numbers = " ".join(map(str, NUMBERS.ravel("F")))
    direction = " ".join(map(str, ROTATION.ravel()))
    path.write_text(
        f'{VTI}<ImageData WholeExtent="0 3 0 2 0 1" Origin="10 -20 30" Spacing="0.5 2 3" Direction="{direction}">'
        f'<Piece Extent="0 3 0 2 0 1"><PointData Scalars="n"><DataArray type="Int16" Name="n" format="ascii">{numbers}'
        "</DataArray></PointData></Piece></ImageData></VTKFile>"
    )


def legacy_by_hand(path: Path) -> None:
    """VTK's legacy format as text: STRUCTURED_POINTS with one array of short."""
    numbers = " ".join(map(str, NUMBERS.ravel("F")))
    path.write_text(
        "# vtk DataFile Version 3.0\nby hand\nASCII\nDATASET STRUCTURED_POINTS\nDIMENSIONS 4 3 2\nORIGIN 10 -20 30\n"
        f"SPACING 0.5 2 3\nPOINT_DATA 24\nSCALARS n short 1\nLOOKUP_TABLE default\n{numbers}\n"
    )


def volumes() -> list[WrittenBy]:
    """Each value at its place."""
    nifti, pair = nibabel.Nifti1Image(NUMBERS, PLACED), nibabel.Nifti1Pair(NUMBERS, PLACED)
    positive = NUMBERS + 20
    return [  # VTK's readers of its legacy format announce the time 0 of all files
        WrittenBy("NIfTI", "nibabel", "a.nii.gz", lambda path: nibabel.save(nifti, path), at(PLACED)),
        WrittenBy("NIfTI", "nibabel", "a.hdr", lambda path: nibabel.save(pair, path), at(PLACED)),
        WrittenBy("NIfTI", "SimpleITK", "a.nii", by_itk(NUMBERS, LPS @ PLACED), at(PLACED)),
        WrittenBy("NIfTI", "by hand", "a.nii", nifti_by_hand, at(PLACED)),
        WrittenBy("NRRD", "pynrrd", "a.nrrd", nrrd_by_pynrrd, at(PLACED)),
        WrittenBy("NRRD", "SimpleITK", "a.nhdr", by_itk(NUMBERS, PLACED), at(PLACED)),
        WrittenBy("MetaImage", "SimpleITK", "a.mha", by_itk(NUMBERS, PLACED), at(PLACED)),
        WrittenBy("MetaImage", "VTK", "a.mha", by_vtk("vtkMetaImageWriter", vtk_volume), at(STRAIGHT)),
        WrittenBy("MetaImage", "by hand", "a.mhd", meta_by_hand, at(PLACED)),
        WrittenBy("MRC", "SimpleITK", "a.mrc", by_itk(NUMBERS, STRAIGHT), at(STRAIGHT)),
        WrittenBy("MRC", "by hand", "a.map", lambda path: path.write_bytes(mrc(NUMBERS.transpose(2, 1, 0).copy(), 1)),
                  at(np.array([[2.0, 0, 0, 10], [0, 3, 0, 20], [0, 0, 4, 30], [0, 0, 0, 1]]))),
        WrittenBy("MGH", "nibabel", "a.mgh", lambda path: nibabel.save(nibabel.MGHImage(NUMBERS, PLACED), path),
                  at(PLACED)),
        WrittenBy("MGH", "by hand", "a.mgz", mgh_by_hand, at(PLACED)),
        WrittenBy("MINC", "SimpleITK", "a.mnc", by_itk(NUMBERS, STRAIGHT), at(STRAIGHT)),
        WrittenBy("MINC", "by hand", "a.mnc", minc_by_hand, at(STRAIGHT)),
        WrittenBy("DICOM", "pydicom", "slices", dicom_by_pydicom, at(PLACED)),
        WrittenBy("DICOM", "SimpleITK", "slices", dicom_by_itk, at(PLACED)),
        WrittenBy("VTK XML image", "VTK", "a.vti", by_vtk("vtkXMLImageDataWriter", vtk_volume), at(STRAIGHT)),
        WrittenBy("VTK XML image", "by hand", "a.vti", vti_by_hand, at(PLACED)),
        WrittenBy("VTK legacy", "SimpleITK", "a.vtk", by_itk(positive, STRAIGHT), at(STRAIGHT, positive, times=(0.0,))),
        WrittenBy("VTK legacy", "VTK", "a.vtk", by_vtk("vtkStructuredPointsWriter", vtk_volume),
                  at(STRAIGHT, times=(0.0,))),
        WrittenBy("VTK legacy", "by hand", "a.vtk", legacy_by_hand, at(STRAIGHT, times=(0.0,))),
    ]  # fmt: skip

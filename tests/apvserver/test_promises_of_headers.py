"""Small files whose headers promise a lot, or tell of values at odd places: refused at once, or right."""

from __future__ import annotations

import struct
import time
import zlib
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pydicom
import pytest
from pydicom.dataset import FileDataset, FileMetaDataset
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.base.errors import FileError, VtkError
from apvserver.vtk.base.vtk_messages import capture
from apvserver.vtk.files.images.raw import check_promise
from apvserver.vtk.files.reader_choice import choose_reader
from apvserver.vtk.pipeline.preparation import prepare
from apvserver.vtk.types.catalog import construct
from apvserver.vtk.types.properties import set_properties

from ..harness.most_memory import forget_the_most, most_bytes_since

ENOUGH_SECONDS = 10.0
ENOUGH_BYTES = 150 * 1024**2


def opened(path: Path, time_: float | None = None, **properties: Any) -> tuple[Any, str]:
    """What a file is read as, and what was wrong."""
    try:
        with capture() as captured:
            type_name, found = choose_reader(path)
            reader = construct(type_name)
            set_properties(reader, {**found, **properties})
            prepare(reader)
            if time_ is None:
                reader.Update()
            else:
                reader.UpdateTimeStep(time_)
    except VtkError as error:
        return None, str(error)
    return reader.GetOutputDataObject(0), " ".join(captured.errors)


def numbers(data: Any) -> list[float]:
    return [float(one) for one in vtk_to_numpy(data.GetPointData().GetArray(0)).ravel()]


def tiff(rows: int, columns: int, strip: bytes, compression: int = 1) -> bytes:
    """One strip of 8 bits, by TIFF 6.0."""
    entries = [(256, columns), (257, rows), (258, 8), (259, compression), (262, 1), (273, 200), (277, 1), (278, rows),
               (279, len(strip))]  # fmt: skip
    packed = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return (struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + packed + bytes(4)).ljust(200, b"\0") + strip


def dicom(path: Path) -> None:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = map(
        pydicom.uid.UID, ("1.2.840.10008.5.1.4.1.1.2", "1.2.3")
    )
    meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    made = FileDataset(str(path), {}, file_meta=meta, preamble=bytes(128))
    made.SOPClassUID, made.SOPInstanceUID, made.SeriesInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3", "1.2.4"
    made.Rows, made.Columns, made.NumberOfFrames, made.SamplesPerPixel = 60_000, 60_000, 1, 1
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 16, 15, 1
    made.PhotometricInterpretation, made.PixelData = "MONOCHROME2", bytes(32)
    made.save_as(path)


IMAGE = (
    '<VTKFile type="ImageData" version="1.0"><ImageData WholeExtent="{0}" Origin="0 0 0" Spacing="1 1 1">'
    '<Piece Extent="{0}"><PointData><DataArray type="Float64" Name="a" format="ascii">1 2</DataArray></PointData>'
    "</Piece></ImageData></VTKFile>"
)
META = "ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementType = MET_FLOAT\nElementDataFile = {}\n"
PROMISES = {
    "image.vti": IMAGE.format("0 9999 0 9999 0 999").encode(),
    "plain.tif": tiff(60_000, 60_000, b"abc"),
    "deflated.tif": tiff(60_000, 60_000, zlib.compress(b"abc"), 8),
    "grey.pgm": b"P5 100000 100000 255\nabc",
    "atoms.cube": b"t\nt\n 1000000000 0 0 0\n 2 1 0 0\n 2 0 1 0\n 2 0 0 1\n",
    "grid.cube": b"t\nt\n 0 0 0 0\n 3000000 1 0 0\n 3000000 0 1 0\n 3000000 0 0 1\n",
    "sets.inp": b"*NODE\n1,0,0,0\n2,1,0,0\n3,0,1,0\n*ELEMENT,TYPE=S3\n1,1,2,3\n"
    b"*NSET,NSET=A,GENERATE\n1,1000000000000,1\n",
    "repeated.tec": b'TITLE="a"\nVARIABLES="X" "Y"\nZONE I=2\n3000000000*0.5\n',
    "numbered.mhd": META.format("slice%0900000000d.raw 1 2 1").encode(),
    "faces.cas": b'(0 "x")\n(13 (3 1 7fffffff 3 5)(\n3 2 1 2 1 0\n))',
}


@pytest.mark.parametrize("name", PROMISES)
def test_a_small_file_that_promises_much_is_refused_before_memory_is_taken(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PROMISES[name])
    before, begun = forget_the_most(), time.monotonic()
    _, why = opened(tmp_path / name)
    assert name in why
    assert time.monotonic() - begun < ENOUGH_SECONDS
    assert most_bytes_since(before) < ENOUGH_BYTES


def test_dicom_that_promises_more_than_its_file_is_refused(tmp_path: Path) -> None:
    dicom(tmp_path / "a.dcm")
    _, why = opened(tmp_path / "a.dcm")
    assert "7200000000 bytes of values" in why


def test_what_deflate_can_hold_is_not_refused(tmp_path: Path) -> None:
    """Deflate makes 1032 bytes of one at most."""
    (tmp_path / "a").write_bytes(bytes(1024**2))
    check_promise(str(tmp_path / "a"), 1032 * 1024**2)
    with pytest.raises(FileError, match="no file of 1048576 bytes can hold them"):
        check_promise(str(tmp_path / "a"), 100_000 * 1024**2)


def test_a_strip_that_decompresses_to_more_than_the_picture_is_read_as_far_as_that(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(tiff(2, 2, zlib.compress(bytes([1, 2, 3, 4]) + bytes(1 << 28), 1), 8))
    before = forget_the_most()
    data, why = opened(tmp_path / "a.tif")
    assert (why, numbers(data)) == ("", [3, 4, 1, 2])
    assert most_bytes_since(before) < ENOUGH_BYTES


def test_directories_of_tiff_that_say_the_same_bytes_again_and_again_are_left(tmp_path: Path) -> None:
    entries = b"".join(struct.pack("<HHII", 273, 1, 60_000, 8) for _ in range(4096))
    made = struct.pack("<2sHI", b"II", 42, 8)
    for page in range(20):
        made += struct.pack("<H", 4096) + entries + struct.pack("<I", 8 + (page + 1) * (2 + len(entries) + 4))
    (tmp_path / "a.tif").write_bytes(made)
    begun = time.monotonic()
    _, why = opened(tmp_path / "a.tif")
    assert "a.tif" in why
    assert time.monotonic() - begun < ENOUGH_SECONDS


@pytest.mark.parametrize("step", [0, 1, 2])
def test_values_that_end_with_the_file_are_those_of_their_time(tmp_path: Path, step: int) -> None:
    """NRRD: "byte skip: -1"; MetaImage: "HeaderSize = -1". The last values of the file are those of the last time."""
    values = np.arange(24, dtype="<f4").reshape(3, 2, 2, 2)
    (tmp_path / "a.raw").write_bytes(b"header" + values.tobytes())
    (tmp_path / "a.nhdr").write_text(
        "NRRD0004\ntype: float\ndimension: 4\nsizes: 2 2 2 3\nkinds: domain domain domain time\nencoding: raw\n"
        "endian: little\nbyte skip: -1\ndata file: a.raw\n"
    )
    (tmp_path / "a.mhd").write_text(
        "ObjectType = Image\nNDims = 4\nDimSize = 2 2 2 3\nElementType = MET_FLOAT\nHeaderSize = -1\n"
        "ElementDataFile = a.raw\n"
    )
    for name in ("a.nhdr", "a.mhd"):
        data, why = opened(tmp_path / name, float(step))
        assert (why, numbers(data)) == ("", values[step].ravel().tolist())


@pytest.mark.parametrize("offset", [0.0, 348.0, -5.0, float("nan")])
def test_values_of_nifti_that_begin_inside_of_the_header_are_refused(tmp_path: Path, offset: float) -> None:
    """The standard: vox_offset is 352 or more where header and values are in one file."""
    nibabel.save(nibabel.Nifti1Image(np.arange(8, dtype="f4").reshape(2, 2, 2), np.eye(4)), tmp_path / "a.nii")
    made = bytearray((tmp_path / "a.nii").read_bytes())
    made[108:112] = struct.pack("<f", offset)
    (tmp_path / "a.nii").write_bytes(made)
    _, why = opened(tmp_path / "a.nii")
    assert "inside of the header" in why


def test_components_and_times_of_compressed_nifti_are_read_at_once(tmp_path: Path) -> None:
    """Read one by one, each would be decompressed from the beginning of the file."""
    values = np.random.default_rng(1).integers(0, 999, (16, 16, 10, 300)).astype("i2")
    nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), tmp_path / "times.nii.gz")
    nibabel.save(nibabel.Nifti1Image(values[:, :, :, None], np.eye(4)), tmp_path / "vectors.nii.gz")
    begun = time.monotonic()
    for name, properties in (("times.nii.gz", {"TimeAsVector": True}), ("vectors.nii.gz", {})):
        data, why = opened(tmp_path / name, **properties)
        assert why == ""
        found = vtk_to_numpy(data.GetPointData().GetScalars()).reshape(10, 16, 16, 300)
        assert np.array_equal(found, values.transpose(2, 1, 0, 3))
    assert time.monotonic() - begun < ENOUGH_SECONDS


def test_vectors_of_several_times_keep_their_components_together(tmp_path: Path) -> None:
    values = np.arange(2 * 2 * 1 * 3 * 2, dtype="f4").reshape(2, 2, 1, 3, 2)  # x, y, z, time, component
    nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), tmp_path / "a.nii.gz")
    data, _ = opened(tmp_path / "a.nii.gz", 1.0)
    assert numbers(data) == values[:, :, :, 1].transpose(2, 1, 0, 3).ravel().tolist()
    data, _ = opened(tmp_path / "a.nii.gz", TimeAsVector=True)
    assert numbers(data) == values.transpose(2, 1, 0, 3, 4).ravel().tolist()

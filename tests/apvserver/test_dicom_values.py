"""DICOM that pydicom writes: numbers are those of the file, however they are to be shown, or they are refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest

from apvserver.vtk.base.errors import FileError

from ..harness.opening import opened, values
from .test_dicom_files import pixels, write


def changed(path: Path, **header: Any) -> Path:
    made = pydicom.dcmread(path)
    for name, value in header.items():
        setattr(made, name, value)
    made.save_as(path)
    return path


def read(path: Path) -> Any:
    data = opened(path)
    return values(data.GetPointData(), data.GetPointData().GetArrayName(0)).reshape(pixels(0).shape)


@pytest.mark.parametrize("rescale", [(1, 0), (2, -1024), (0.25, 3.5)])
@pytest.mark.parametrize(("signed", "bits"), [(0, 16), (0, 12), (1, 16)])
def test_numbers_that_are_shown_bright_if_small_are_those_of_the_file(
    tmp_path: Path, rescale: tuple[float, float], signed: int, bits: int
) -> None:
    path = tmp_path / "a.dcm"
    numbers = pixels(2) - 250 * signed
    write(path, numbers, (10, 20, 30), rescale=rescale)
    changed(
        path, PhotometricInterpretation="MONOCHROME1", PixelRepresentation=signed, BitsStored=bits, HighBit=bits - 1
    )
    found = read(path)
    stored = pydicom.dcmread(path).pixel_array
    np.testing.assert_array_equal(stored, numbers)
    np.testing.assert_allclose(found, stored.astype(float) * rescale[0] + rescale[1])
    changed(path, PhotometricInterpretation="MONOCHROME2")
    np.testing.assert_allclose(read(path), found)


def test_values_that_are_single_bits(tmp_path: Path) -> None:
    """As in segmentations: the lowest bit of a byte is the first pixel."""
    path = tmp_path / "a.dcm"
    write(path, pixels(0), (0, 0, 0))
    bits = np.random.default_rng(1).integers(0, 2, pixels(0).shape, np.uint8)
    data = np.packbits(bits.ravel(), bitorder="little").tobytes()
    changed(path, BitsAllocated=1, BitsStored=1, HighBit=0, PixelRepresentation=0, PixelData=data)
    np.testing.assert_array_equal(read(path), bits)


@pytest.mark.parametrize("syntax", [pydicom.uid.ExplicitVRLittleEndian, pydicom.uid.ImplicitVRLittleEndian])
def test_a_table_to_values_is_told(tmp_path: Path, syntax: Any) -> None:
    path = tmp_path / "a.dcm"
    write(path, pixels(0), (0, 0, 0))
    warnings: list[str] = []
    opened(path, warnings=warnings)
    assert warnings == []
    table = pydicom.Dataset()
    table.add_new("LUTDescriptor", "US", [192, 0, 16])
    table.ModalityLUTType = "OD"
    table.add_new("LUTData", "OW", np.arange(1000, 1192, dtype="<u2").tobytes())
    made = pydicom.dcmread(path)
    made.ModalityLUTSequence = [table]
    made.file_meta.TransferSyntaxUID = syntax
    del made.RescaleSlope, made.RescaleIntercept
    made.save_as(path, implicit_vr=syntax.is_implicit_VR, little_endian=True)
    opened(path, warnings=warnings)
    assert len(warnings) == 1 and "(Modality LUT) is not applied" in warnings[0]


def test_numbers_in_higher_bits_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.dcm", pixels(0) << 4, (0, 0, 0))
    changed(tmp_path / "a.dcm", BitsStored=12, HighBit=15)
    with pytest.raises(FileError, match=r"a\.dcm: .* bits 4 to 15 .*HighBit 15, BitsStored 12"):
        opened(tmp_path / "a.dcm")


def test_frames_with_scales_of_their_own_that_would_be_turned_around_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.dcm", pixels(0), (0, 0, 0))
    changed(
        tmp_path / "a.dcm",
        PhotometricInterpretation="MONOCHROME1",
        SOPClassUID=pydicom.uid.EnhancedCTImageStorage,
    )
    with pytest.raises(FileError, match=r"MONOCHROME1.*MONOCHROME2"):
        opened(tmp_path / "a.dcm")

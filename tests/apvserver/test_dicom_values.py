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

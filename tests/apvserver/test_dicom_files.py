"""DICOM that pydicom writes: values, order, places and series, as SimpleITK and the standard have them."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, RLELossless, generate_uid

from apvserver.vtk.base.errors import ExecutionFailed, FileError
from apvserver.vtk.files.series import choose_for
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.placed_images import Placed, assert_at_places, read_image

ROWS, COLUMNS = 12, 16
AXIAL = (1.0, 0, 0, 0, 1, 0)
SAGITTAL = (0.0, 1, 0, 0, 0, -1)


def pixels(number: int) -> Any:
    return np.arange(ROWS * COLUMNS, dtype="<i2").reshape(ROWS, COLUMNS) + 100 * number


def write(
    path: Path,
    values: Any,
    position: Any,
    number: int = 1,
    *,
    orientation: Any = AXIAL,
    rescale: tuple[float, float] = (1, 0),
    series: str = "1.2.3.4",
    syntax: Any = ExplicitVRLittleEndian,
) -> None:
    """One slice of a CT: rows 0.5 and columns 0.75 apart."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CTImageStorage, generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    made.SOPClassUID, made.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
    made.StudyInstanceUID, made.SeriesInstanceUID, made.Modality = "1.2.3", series, "CT"
    made.PatientID, made.PatientName, made.InstanceNumber = "1", "Nobody", number
    made.Rows, made.Columns = values.shape[:2]
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 16, 15, 1
    made.PixelSpacing, made.SliceThickness = [0.5, 0.75], 9
    if position is not None:
        made.ImagePositionPatient, made.ImageOrientationPatient = list(position), list(orientation)
    made.RescaleSlope, made.RescaleIntercept = map(str, rescale)
    made.PixelData = values.astype("<i2").tobytes()
    if syntax is RLELossless:
        made.compress(RLELossless)
    made.save_as(path, enforce_file_format=True)


def affine(orientation: Any, position: Any, step: Any) -> Any:
    """By PS3.3 C.7.6.2.1.1: columns along the first direction, rows along the second."""
    made = np.eye(4)
    made[:3, 0], made[:3, 1] = np.array(orientation[:3]) * 0.75, np.array(orientation[3:]) * 0.5
    made[:3, 2], made[:3, 3] = step, position
    return made


def volume(numbers: Any, rescale: tuple[float, float] = (1, 0)) -> Any:
    """Values by column, row and slice."""
    return np.stack([pixels(one) * rescale[0] + rescale[1] for one in numbers]).transpose(2, 1, 0)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, RLELossless])
@pytest.mark.parametrize("rescale", [(1, -1024), (0.25, 3.5)])
def test_a_directory_in_the_order_of_places(tmp_path: Path, rescale: tuple[float, float], syntax: Any) -> None:
    """Not in the order of names or numbers; slices are 10 apart, whatever their thickness is."""
    for number, z in enumerate((30, 10, 20)):
        write(tmp_path / f"{number}.dcm", pixels(z), (5, 6, z), 9 - number, rescale=rescale, syntax=syntax)
    (tmp_path / "DICOMDIR.txt").write_text("not one of them")
    found = read_image(tmp_path)
    assert_at_places(found, volume((10, 20, 30), rescale), affine(AXIAL, (5, 6, 10), (0, 0, 10)))


def test_sagittal_slices(tmp_path: Path) -> None:
    """Rows go to the back, columns down: slices from right to left are in the order of their normal, -x."""
    for number, x in enumerate((10, 20, 30)):
        write(tmp_path / f"{number}", pixels(x), (x, 5, 6), orientation=SAGITTAL)
    found = read_image(tmp_path)
    assert_at_places(found, volume((30, 20, 10)), affine(SAGITTAL, (30, 5, 6), (-10, 0, 0)))


def test_slices_of_a_tilted_gantry_stay_where_they_are(tmp_path: Path) -> None:
    tilt = math.radians(20)
    tilted = (1.0, 0, 0, 0, math.cos(tilt), -math.sin(tilt))
    for number in range(3):
        write(tmp_path / f"{number}", pixels(number), (0, 0, 4 * number), orientation=tilted)
    assert_at_places(read_image(tmp_path), volume(range(3)), affine(tilted, (0, 0, 0), (0, 0, 4)))


def test_one_file_and_files_by_name(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.dcm" for number in range(3)]
    for number, path in enumerate(paths):
        write(path, pixels(number), (5, 6, 2 * number), rescale=(2, 1))
    one = read_image(paths[1])
    assert one.data.GetPoint(0) == (5, 6, 2) and np.array_equal(one.values[..., 0, 0], pixels(1).T * 2 + 1)
    chosen = choose_for([str(paths[0])], series=True)
    pipeline = Pipeline()
    pipeline.create(1, *chosen)
    Executor().execute(pipeline, 1)
    assert pipeline.output_data(1, 0).GetDimensions() == (COLUMNS, ROWS, 3)


def test_a_missing_slice_is_refused(tmp_path: Path) -> None:
    for number in (0, 1, 3, 4):
        write(tmp_path / f"{number}.dcm", pixels(number), (0, 0, 5 * number))
    with pytest.raises(ExecutionFailed, match=r"not at equal distances .* they are at 0, 5, 15, 20"):
        read_image(tmp_path)


def test_of_several_series_one_is_chosen(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / f"a{number}.dcm", pixels(number), (0, 0, number), series="1.2.3.4")
        write(tmp_path / f"b{number}.dcm", pixels(7 + number), (0, 0, number), series="1.2.3.5")
    with pytest.raises(ExecutionFailed, match=r"SeriesInstanceUID chooses one of: 1\.2\.3\.4 \(3 files\), 1\.2\.3\.5"):
        read_image(tmp_path)
    found = chosen_series(tmp_path, "1.2.3.5")
    assert np.array_equal(found.values[..., 0], volume((7, 8, 9)))


def chosen_series(path: Path, series: str) -> Placed:
    return read_image(path, SeriesInstanceUID=series)


def test_values_that_are_scaled_differently_in_each_slice(tmp_path: Path) -> None:
    """As in PET. The first has whole numbers, and those of the others must not be cut to such."""
    for number, rescale in enumerate(((1, 0), (0.5, 0), (0.25, 0))):
        write(tmp_path / f"{number}.dcm", pixels(1), (0, 0, number), rescale=rescale)
    expected = np.stack([pixels(1) * factor for factor in (1, 0.5, 0.25)]).transpose(2, 1, 0)
    assert_at_places(read_image(tmp_path), expected, affine(AXIAL, (0, 0, 0), (0, 0, 1)))


def test_slices_that_do_not_say_where_they_are(tmp_path: Path) -> None:
    for number, name in ((3, "a"), (1, "b"), (2, "c")):
        write(tmp_path / name, pixels(number), None, number)
    found = read_image(tmp_path)
    assert np.array_equal(found.values[..., 0], volume((1, 2, 3)))
    assert any("in the order of their numbers" in one for one in found.messages)


def test_without_simpleitk_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.dcm", pixels(0), (0, 0, 0))
    monkeypatch.setitem(sys.modules, "SimpleITK", None)
    with pytest.raises(ExecutionFailed, match=r'pip install "async-paraview\[formats\]"'):
        read_image(tmp_path)


# --- several frames in a file


def of_frames(path: Path, heights: Any, *, slopes: Any = None, **more: Any) -> None:
    """An Enhanced CT; without heights a secondary capture, which says of its frames no places, but for more tags."""
    usual = "1.2.840.10008.5.1.4.1.1.2.1" if heights is not None else "1.2.840.10008.5.1.4.1.1.7.3"
    uid = more.pop("SOPClassUID", usual)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = UID(uid), generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    made.SOPClassUID, made.SOPInstanceUID, made.Modality = uid, meta.MediaStorageSOPInstanceUID, "CT"
    made.StudyInstanceUID, made.SeriesInstanceUID = "1.2.3", "1.2.3.4"
    made.NumberOfFrames, made.Rows, made.Columns = 3, ROWS, COLUMNS
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 16, 15, 1
    if heights is not None:
        shared = group(
            PixelMeasuresSequence={"PixelSpacing": [0.5, 0.75], "SliceThickness": 9},
            PlaneOrientationSequence={"ImageOrientationPatient": [1, 0, 0, 0, 1, 0]},
            **scaling(2 if slopes is None else None),
        )
        made.SharedFunctionalGroupsSequence = Sequence([shared])
        made.PerFrameFunctionalGroupsSequence = Sequence(
            group(PlanePositionSequence={"ImagePositionPatient": [5, 6, z]}, **scaling(slope))
            for z, slope in zip(heights, slopes or (None,) * 3, strict=True)
        )
    for name, value in more.items():
        setattr(made, name, value)
    made.PixelData = np.stack([pixels(number) for number in range(made.NumberOfFrames)]).tobytes()
    made.save_as(path, enforce_file_format=True)


def scaling(slope: float | None) -> dict[str, Any]:
    said = {"RescaleSlope": slope, "RescaleIntercept": -7, "RescaleType": "HU"}
    return {} if slope is None else {"PixelValueTransformationSequence": said}


def group(**sequences: dict[str, Any]) -> Dataset:
    made = Dataset()
    for name, values in sequences.items():
        item = Dataset()
        for key, value in values.items():
            setattr(item, key, value)
        setattr(made, name, Sequence([item]))
    return made


@pytest.mark.parametrize("heights", [(10, 12, 14), (14, 12, 10), (12, 10, 14)])
def test_frames_in_the_order_of_places(tmp_path: Path, heights: tuple[int, ...]) -> None:
    of_frames(tmp_path / "a.dcm", heights)
    expected = volume(np.argsort(heights), (2, -7))
    assert_at_places(read_image(tmp_path / "a.dcm"), expected, affine(AXIAL, (5, 6, 10), (0, 0, 2)))


def test_frames_that_are_no_volume_are_refused(tmp_path: Path) -> None:
    of_frames(tmp_path / "a.dcm", (10, 12, 20))
    with pytest.raises(FileError, match="not at equal distances"):
        read_image(tmp_path / "a.dcm")
    of_frames(tmp_path / "b.dcm", (10, 12, 14), slopes=(1, 2, 3))
    with pytest.raises(FileError, match="different rescale slopes"):
        read_image(tmp_path / "b.dcm")


def test_frames_without_places(tmp_path: Path) -> None:
    of_frames(tmp_path / "a.dcm", None)
    found = read_image(tmp_path / "a.dcm")
    assert np.array_equal(found.values[..., 0], volume(range(3)))
    assert any("frames do not say where they are: they are in their order, 1 apart" in one for one in found.messages)


def test_distances_of_what_was_captured_are_those_of_the_header(tmp_path: Path) -> None:
    of_frames(tmp_path / "a.dcm", None, PixelSpacing=[0.5, 0.25], SpacingBetweenSlices=3)
    found = read_image(tmp_path / "a.dcm")
    assert np.allclose(found.affine[:3, :3], np.diag([0.25, 0.5, 3.0]))
    assert any("they are in their order, 3 apart" in one for one in found.messages)
    of_frames(tmp_path / "b.dcm", None, PixelSpacing=[0.5, 0.25], NumberOfFrames=1)
    assert np.allclose(read_image(tmp_path / "b.dcm").affine[:3, :3], np.diag([0.25, 0.5, 1.0]))


def test_distances_of_a_radiograph_are_those_that_were_calibrated(tmp_path: Path) -> None:
    radiograph: dict[str, Any] = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.1", "NumberOfFrames": 1}
    of_frames(tmp_path / "a.dcm", None, ImagerPixelSpacing=[0.6, 0.3], PixelSpacing=[0.5, 0.25], **radiograph)
    assert np.allclose(read_image(tmp_path / "a.dcm").affine[:3, :3], np.diag([0.25, 0.5, 1.0]))
    of_frames(tmp_path / "b.dcm", None, ImagerPixelSpacing=[0.6, 0.3], **radiograph)
    assert np.allclose(read_image(tmp_path / "b.dcm").affine[:3, :3], np.diag([0.3, 0.6, 1.0]))

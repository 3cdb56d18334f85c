"""Volumes of medicine and microscopy: each value at its place, as nibabel, SimpleITK and pynrrd read the same file."""

from __future__ import annotations

import gzip
import math
import struct
from pathlib import Path
from typing import Any

import nibabel
import nrrd
import numpy as np
import pytest
import SimpleITK

from apvserver.vtk.base.errors import ExecutionFailed, FileError

from ..harness.other_writers import mrc
from ..harness.placed_images import assert_at_places, read_image


def values_by_nibabel(path: Path) -> Any:
    by_nibabel: Any = nibabel.load(path)
    return by_nibabel.get_fdata()


SHAPE = (5, 4, 3)
TURN = math.radians(30)
TILTED = np.array([[math.cos(TURN), -math.sin(TURN), 0], [math.sin(TURN), math.cos(TURN), 0], [0, 0, 1]])
RIGHT_TO_LEFT = np.array([[-2.0, 0, 0, 90], [0, 2.5, 0, -126], [0, 0, 3, -72], [0, 0, 0, 1]])
TURNED = np.eye(4)
TURNED[:3, :3] = TILTED * [0.5, 2, 3]
TURNED[:3, 3] = 10, -20, 30
ALONG_Z = np.array([[0.0, 0, 2, 5], [3, 0, 0, 6], [0, -4, 0, 7], [0, 0, 0, 1]])
PLACES = {"turned": TURNED, "x from right to left": RIGHT_TO_LEFT, "slices along x": ALONG_Z}
LPS = np.diag([-1.0, -1, 1, 1])
TYPES = ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"]


def numbers(shape: tuple[int, ...] = SHAPE, kind: str = "i2") -> Any:
    """Other values at each sample, some of them large for their type."""
    made = np.arange(math.prod(shape)).reshape(shape).astype(kind)
    made.flat[-1] = np.iinfo(kind).max if np.dtype(kind).kind in "iu" else 1e30
    return made


def itk_affine(image: Any) -> Any:
    made = np.eye(4)
    direction = np.reshape(image.GetDirection(), (image.GetDimension(),) * 2)[:3, :3]
    made[:3, :3] = direction * image.GetSpacing()[:3]
    made[:3, 3] = image.GetOrigin()[:3]
    return made


def itk_values(image: Any) -> Any:
    found = SimpleITK.GetArrayFromImage(image)
    return found.transpose(2, 1, 0, 3) if image.GetNumberOfComponentsPerPixel() > 1 else found.transpose(2, 1, 0)


# --- NIfTI


@pytest.mark.parametrize(
    ("kind", "extension"),
    [
        (nibabel.Nifti1Image, ".nii"),
        (nibabel.Nifti1Image, ".nii.gz"),
        (nibabel.Nifti2Image, ".nii.gz"),
        (nibabel.Nifti1Pair, ".hdr"),
        (nibabel.Nifti1Pair, ".img"),
    ],
)
@pytest.mark.parametrize("where", PLACES)
def test_nifti_as_nibabel_and_itk_read_it(tmp_path: Path, where: str, kind: Any, extension: str) -> None:
    path = tmp_path / f"a{extension}"
    nibabel.save(kind(numbers(), PLACES[where]), path)
    found = read_image(path)
    by_nibabel: Any = nibabel.load(path)
    assert found.array.GetDataTypeAsString() == "short"
    assert_at_places(found, np.asarray(by_nibabel.dataobj), by_nibabel.affine)
    if kind is not nibabel.Nifti2Image:  # which ITK does not read
        by_itk = SimpleITK.ReadImage(str(path))
        assert_at_places(found, itk_values(by_itk), LPS @ itk_affine(by_itk))


def test_axes_are_in_vtk_s_sense_of_rotation(tmp_path: Path) -> None:
    """Else cells would have negative volumes; an image along the axes is not turned at all then."""
    nibabel.save(nibabel.Nifti1Image(numbers(), RIGHT_TO_LEFT), tmp_path / "a.nii")
    found = read_image(tmp_path / "a.nii")
    assert found.data.GetDirectionMatrix().IsIdentity()
    assert found.data.GetOrigin() == (82.0, -126.0, -72.0)


@pytest.mark.parametrize("kind", TYPES)
def test_nifti_of_every_type(tmp_path: Path, kind: str) -> None:
    values = numbers(kind=kind)
    nibabel.save(nibabel.Nifti1Image(values, TURNED, dtype=kind), tmp_path / "a.nii")
    found = read_image(tmp_path / "a.nii")
    assert np.array_equal(found.values[..., 0], values) and found.values.dtype.kind == np.dtype(kind).kind


def test_slope_and_intercept(tmp_path: Path) -> None:
    image = nibabel.Nifti1Image(numbers(kind="i2"), np.eye(4))
    image.header.set_slope_inter(0.125, -1000)
    nibabel.save(image, tmp_path / "a.nii")
    raw = bytearray((tmp_path / "a.nii").read_bytes())
    struct.pack_into("<2f", raw, 112, 0.125, -1000)
    (tmp_path / "a.nii").write_bytes(raw)
    by_nibabel = values_by_nibabel(tmp_path / "a.nii")
    assert by_nibabel.min() == -1000
    assert_at_places(read_image(tmp_path / "a.nii"), by_nibabel, np.eye(4))


def test_a_fine_slope_far_from_zero_takes_double_precision(tmp_path: Path) -> None:
    nibabel.save(nibabel.Nifti1Image(numbers(kind="i2"), np.eye(4)), tmp_path / "a.nii")
    raw = bytearray((tmp_path / "a.nii").read_bytes())
    struct.pack_into("<2f", raw, 112, 2.0**-10, 65536)
    (tmp_path / "a.nii").write_bytes(raw)
    found = read_image(tmp_path / "a.nii")
    assert found.array.GetDataTypeAsString() == "double"
    assert np.array_equal(found.values[..., 0], values_by_nibabel(tmp_path / "a.nii"))


def test_a_fourth_axis_is_time(tmp_path: Path) -> None:
    values = numbers((*SHAPE, 3), "f4")
    for name in ("a.nii", "a.nii.gz"):
        image = nibabel.Nifti1Image(values, TURNED)
        image.header.set_xyzt_units("mm", "msec")
        image.header["pixdim"][4], image.header["toffset"] = 500, 1000
        nibabel.save(image, tmp_path / name)
        for step, time in enumerate((1.0, 1.5, 2.0)):
            found = read_image(tmp_path / name, time=time)
            assert found.times == (1.0, 1.5, 2.0)
            assert_at_places(found, values[..., step], TURNED)
    as_vector = read_image(tmp_path / "a.nii", type_name="NIfTIReader", TimeAsVector=True)
    assert as_vector.times == () and np.array_equal(as_vector.values, values)


def test_vectors_and_colours(tmp_path: Path) -> None:
    vectors = numbers((*SHAPE, 1, 3), "f4")
    nibabel.save(nibabel.Nifti1Image(vectors, TURNED), tmp_path / "v.nii")
    assert_at_places(read_image(tmp_path / "v.nii"), vectors[..., 0, :], TURNED)
    colour = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])
    colours = np.zeros(SHAPE, colour)
    colours["R"], colours["B"] = numbers(kind="u1"), 7
    nibabel.save(nibabel.Nifti1Image(colours, TURNED), tmp_path / "c.nii")
    seen = read_image(tmp_path / "c.nii").values
    assert np.array_equal(seen[..., 0], colours["R"]) and (seen[..., 1] == 0).all() and (seen[..., 2] == 7).all()


def test_a_file_from_a_big_endian_machine(tmp_path: Path) -> None:
    header = nibabel.Nifti1Header(endianness=">")
    header.set_data_dtype("i2")
    nibabel.save(nibabel.Nifti1Image(numbers(), TURNED, header), tmp_path / "a.nii")
    assert_at_places(read_image(tmp_path / "a.nii"), numbers(), TURNED)


def test_only_the_quaternion_says_where(tmp_path: Path) -> None:
    image = nibabel.Nifti1Image(numbers(), None)
    image.set_qform(RIGHT_TO_LEFT @ np.diag([1.0, 1, -1, 1]), code=1)
    image.set_sform(None, code=0)
    nibabel.save(image, tmp_path / "a.nii")
    by_nibabel: Any = nibabel.load(tmp_path / "a.nii")
    assert_at_places(read_image(tmp_path / "a.nii"), numbers(), by_nibabel.affine)


def test_analyze_has_distances_only(tmp_path: Path) -> None:
    image = nibabel.AnalyzeImage(numbers(), np.diag([2.0, 3, 4, 1]))
    nibabel.save(image, tmp_path / "a.img")
    assert_at_places(read_image(tmp_path / "a.hdr"), numbers(), np.diag([2.0, 3, 4, 1]))


def test_complex_numbers_are_refused(tmp_path: Path) -> None:
    nibabel.save(nibabel.Nifti1Image(numbers(kind="f4").astype("c8"), np.eye(4)), tmp_path / "a.nii")
    with pytest.raises(FileError, match="it holds complex numbers"):
        read_image(tmp_path / "a.nii")


def test_a_file_that_is_cut_off(tmp_path: Path) -> None:
    nibabel.save(nibabel.Nifti1Image(numbers(), np.eye(4)), tmp_path / "a.nii")
    whole = (tmp_path / "a.nii").read_bytes()
    (tmp_path / "a.nii").write_bytes(whole[:-2])
    (tmp_path / "b.nii.gz").write_bytes(gzip.compress(whole[:-2]))
    for name in ("a.nii", "b.nii.gz"):
        with pytest.raises(ExecutionFailed, match=r"cut off: its header says 120 bytes of values, and there are 118"):
            read_image(tmp_path / name)


# --- NRRD


@pytest.mark.parametrize("encoding", ["raw", "gzip", "bzip2", "ascii"])
@pytest.mark.parametrize("endian", ["little", "big"])
@pytest.mark.parametrize("samples", [2, 9, 10])
def test_nrrd_volumes(tmp_path: Path, encoding: str, endian: str, samples: int) -> None:
    values = numbers((samples, 4, 3), "i2" if endian == "little" else ">i2")
    header = {"encoding": encoding, "endian": endian, "kinds": ["domain"] * 3, "space": "left-posterior-superior",
              "space directions": TURNED[:3, :3].T, "space origin": TURNED[:3, 3]}  # fmt: skip
    nrrd.write(str(tmp_path / "a.nrrd"), values, header)
    found = read_image(tmp_path / "a.nrrd")
    assert_at_places(found, nrrd.read(str(tmp_path / "a.nrrd"))[0], TURNED)
    if encoding in ("raw", "gzip"):
        by_itk = SimpleITK.ReadImage(str(tmp_path / "a.nrrd"))
        assert_at_places(found, itk_values(by_itk), itk_affine(by_itk))


@pytest.mark.parametrize("first", [True, False])
def test_nrrd_vectors_along_the_first_or_the_last_axis(tmp_path: Path, first: bool) -> None:
    values = numbers((3, *SHAPE) if first else (*SHAPE, 3), "f4")
    nothing, axes = [[math.nan] * 3], list(TURNED[:3, :3].T)
    header = {"kinds": ["vector", *["domain"] * 3] if first else [*["domain"] * 3, "vector"],
              "space": "left-posterior-superior", "space directions": np.array([*nothing, *axes] if first else
                                                                               [*axes, *nothing]),
              "space origin": TURNED[:3, 3]}  # fmt: skip
    nrrd.write(str(tmp_path / "a.nrrd"), values, header)
    found = read_image(tmp_path / "a.nrrd")
    assert_at_places(found, np.moveaxis(values, 0, -1) if first else values, TURNED)
    if first:
        by_itk = SimpleITK.ReadImage(str(tmp_path / "a.nrrd"))
        assert_at_places(found, itk_values(by_itk), itk_affine(by_itk))


def test_nrrd_over_time(tmp_path: Path) -> None:
    values = numbers((*SHAPE, 3), "f8")
    header = {"kinds": ["domain"] * 3 + ["time"], "spacings": [2, 3, 4, 0.5], "axis mins": [10, 20, 30, 7]}
    nrrd.write(str(tmp_path / "a.nrrd"), values, header)
    affine = np.diag([2.0, 3, 4, 1])
    affine[:3, 3] = 10, 20, 30
    found = read_image(tmp_path / "a.nrrd", time=7.6)
    assert found.times == (7.0, 7.5, 8.0)
    assert_at_places(found, values[..., 1], affine)


def test_detached_nrrd_in_numbered_files(tmp_path: Path) -> None:
    values = numbers()
    for plane in range(3):
        (tmp_path / f"plane{plane + 1:02d}.raw").write_bytes(values[..., plane].astype("<i2").tobytes(order="F"))
    head = "NRRD0004\ntype: short\ndimension: 3\nsizes: 5 4 3\nspacings: 1 2 3\nencoding: raw\nendian: little\n"
    (tmp_path / "a.nhdr").write_text(f"{head}data file: plane%02d.raw 1 3 1\n")
    (tmp_path / "b.nhdr").write_text(f"{head}data file: LIST\nplane01.raw\nplane02.raw\nplane03.raw\n")
    for name in ("a.nhdr", "b.nhdr"):
        assert_at_places(read_image(tmp_path / name), values, np.diag([1.0, 2, 3, 1]))


def test_nrrd_cells_begin_half_a_distance_before_their_middle(tmp_path: Path) -> None:
    """By the format, axis min and max of cells are the ends of the first and the last of them."""
    header = {"centerings": ["cell"] * 3, "axis mins": [0, 0, 0], "axis maxs": [10, 4, 6]}
    nrrd.write(str(tmp_path / "a.nrrd"), numbers(), header)
    affine = np.diag([2.0, 1, 2, 1])
    affine[:3, 3] = 1, 0.5, 1
    assert_at_places(read_image(tmp_path / "a.nrrd"), numbers(), affine)


def test_nrrd_of_four_axes_that_says_nothing_of_them_is_refused(tmp_path: Path) -> None:
    nrrd.write(str(tmp_path / "a.nrrd"), numbers((3, *SHAPE)))
    with pytest.raises(FileError, match="'kinds' or 'space directions' in the header say which"):
        read_image(tmp_path / "a.nrrd")


# --- MetaImage


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("name", ["a.mha", "compressed.mha", "a.mhd"])
def test_meta_images_as_itk_writes_them(tmp_path: Path, name: str, kind: str) -> None:
    written = SimpleITK.GetImageFromArray(numbers(kind=kind).transpose())
    written.SetDirection(TILTED.ravel())
    written.SetSpacing((0.5, 2, 3))
    written.SetOrigin((10, -20, 30))
    SimpleITK.WriteImage(written, str(tmp_path / name), useCompression=name.startswith("compressed"))
    found = read_image(tmp_path / name)
    assert_at_places(found, numbers(kind=kind), itk_affine(written))
    assert found.values.dtype == np.dtype(kind)


def test_meta_images_of_two_and_four_axes_and_of_vectors(tmp_path: Path) -> None:
    flat = SimpleITK.GetImageFromArray(numbers((4, 5)))
    flat.SetSpacing((2, 3))
    flat.SetDirection((0, -1, 1, 0))
    SimpleITK.WriteImage(flat, str(tmp_path / "flat.mha"))
    affine = np.array([[0.0, -3, 0, 0], [2, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    assert_at_places(read_image(tmp_path / "flat.mha"), numbers((4, 5)).T[..., None], affine)
    vectors = numbers((*SHAPE[::-1], 3), "f4")
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(vectors, isVector=True), str(tmp_path / "v.mha"))
    assert_at_places(read_image(tmp_path / "v.mha"), vectors.transpose(2, 1, 0, 3), np.eye(4))
    steps = SimpleITK.GetImageFromArray(numbers((2, *SHAPE[::-1])), isVector=False)
    steps.SetSpacing((1, 1, 1, 0.25))
    SimpleITK.WriteImage(steps, str(tmp_path / "t.mha"))
    found = read_image(tmp_path / "t.mha", time=0.25)
    assert found.times == (0.0, 0.25)
    assert_at_places(found, numbers((2, *SHAPE[::-1]))[1].transpose(), np.eye(4))


def test_a_plane_whose_matrix_lost_an_axis(tmp_path: Path) -> None:
    """VTK 9.7 writes "1 0 0 0": the second axis is put at a right angle to the first, and that is said."""
    path = tmp_path / "a.mha"
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(numbers((4, 5))), str(path))
    path.write_bytes(path.read_bytes().replace(b"TransformMatrix = 1 0 0 1", b"TransformMatrix = 1 0 0 0"))
    found = read_image(path)
    assert_at_places(found, numbers((4, 5)).T[..., None], np.eye(4))
    assert any("gives some axis no direction" in one for one in found.messages)


# --- MRC


@pytest.mark.parametrize(("mode", "kind"), [(0, "i1"), (1, "i2"), (2, "f4"), (6, "u2"), (12, "f2")])
def test_maps(tmp_path: Path, mode: int, kind: str) -> None:
    values = numbers(SHAPE[::-1], "i1").astype(f"<{kind}")
    affine = np.diag([2.0, 3, 4, 1])
    affine[:3, 3] = 10, 20, 30
    for extension in (".mrc", ".map"):
        (tmp_path / f"a{extension}").write_bytes(mrc(values, mode))
        assert_at_places(read_image(tmp_path / f"a{extension}"), values.astype("f4").transpose(), affine)


def test_a_map_whose_columns_are_along_z(tmp_path: Path) -> None:
    """CCP4 has axes in any order: 3, 1, 2 means columns along z, rows along x, sections along y."""
    values = numbers((4, 5, 3), "f4")
    (tmp_path / "a.map").write_bytes(mrc(values, 2, axes=(3, 1, 2)))
    affine = np.diag([2.0, 3, 4, 1])
    affine[:3, 3] = 10, 20, 30
    assert_at_places(read_image(tmp_path / "a.map"), values.transpose(1, 0, 2), affine)


def test_a_map_of_a_cell_that_is_not_at_right_angles(tmp_path: Path) -> None:
    """Hexagonal: the second edge has 120 degrees to the first, (-1/2, sqrt(3)/2)."""
    (tmp_path / "a.map").write_bytes(mrc(numbers(SHAPE[::-1], "f4"), 2, angles=(90, 90, 120)))
    affine = np.diag([2.0, 3, 4, 1])
    affine[:2, 1] = -1.5, 1.5 * math.sqrt(3)
    affine[:3, 3] = 10, 20, 30
    assert_at_places(read_image(tmp_path / "a.map"), numbers(SHAPE[::-1], "f4").transpose(), affine)

"""Writing files: what comes back is what was written, by our readers and by others, or it is refused."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
import tifffile
import vtkmodules.vtkCommonDataModel as model
from PIL import Image
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkFiltersCore import vtkStripper, vtkTriangleFilter
from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.base.information import describe_data
from apvserver.vtk.files.writers import verification
from apvserver.vtk.files.writers.verification import lost
from apvserver.vtk.files.writers.writing import WRITERS, write_data

from ..harness.saving import (
    NUMBERS,
    OLD,
    SAME_AS,
    array,
    assert_same,
    blocks,
    curved,
    image,
    line,
    read,
    rectilinear,
    sphere,
    table,
    unstructured,
    values_of,
    with_arrays,
)

WHOLE: dict[str, list[Callable[[], Any]]] = {
    ".vti": [lambda: with_arrays(image(origin=(1, 2, 3), spacing=(0.5, 1, 2)))],
    ".vtp": [lambda: with_arrays(sphere()), line],
    ".vtu": [lambda: with_arrays(unstructured(image()))],
    ".vts": [lambda: with_arrays(curved())],
    ".vtr": [lambda: with_arrays(rectilinear())],
    ".vtt": [table],
    ".pvti": [lambda: with_arrays(image(origin=(1, 2, 3)))],
    ".pvtp": [lambda: with_arrays(sphere()), line],
    ".pvtu": [lambda: with_arrays(unstructured(image()))],
    ".pvts": [lambda: with_arrays(curved())],
    ".pvtr": [lambda: with_arrays(rectilinear())],
    ".vtm": [blocks],
    ".vtpd": [lambda: blocks("vtkPartitionedDataSet")],
    ".vtpc": [lambda: blocks("vtkPartitionedDataSetCollection")],
    ".vtk": [
        lambda: with_arrays(image(origin=(1, 2, 3))),
        lambda: with_arrays(sphere()),
        lambda: with_arrays(rectilinear()),
        blocks,
    ],
    ".vtkhdf": [sphere, lambda: unstructured(image())],
    ".tsv": [table],
    ".csv": [table],
}
ONE_ARRAY = {
    ".png": [("uint8", 1), ("uint8", 4), ("uint16", 3)],
    ".bmp": [("uint8", 3)],
    ".pnm": [("uint8", 1), ("uint8", 3)],
    ".mha": [(kind, 1) for kind in NUMBERS if "64" not in kind or "float" in kind] + [("float32", 3)],
    ".nii.gz": [(kind, 1) for kind in NUMBERS] + [("float32", 3)],
    ".nii": [(kind, 1) for kind in NUMBERS] + [("float32", 3)],
}


@pytest.mark.parametrize("extension", WHOLE)
def test_all_arrays_come_back(extension: str, tmp_path: Path) -> None:
    for number, make in enumerate(WHOLE[extension]):
        path, data = tmp_path / f"{number}{extension}", make()
        assert write_data(str(path), data, {}).size_bytes == path.stat().st_size
        back = read(path)
        if extension in (".csv", ".tsv"):
            for name in NUMBERS:
                assert (
                    vtk_to_numpy(back.GetColumnByName(name)).tolist()
                    == vtk_to_numpy(data.GetColumnByName(name)).tolist()
                )
            assert values_of(back)[6, "texts"] == values_of(data)[6, "texts"]
        else:
            assert_same(data, back)


@pytest.mark.parametrize("extension", ONE_ARRAY)
def test_pixels_of_every_kind_come_back(extension: str, tmp_path: Path) -> None:
    dims = (5, 4, 3) if extension in (".mha", ".nii", ".nii.gz") else (5, 4, 1)
    for kind, components in ONE_ARRAY[extension]:
        path, data = tmp_path / f"a{extension}", image(dims, kind, components)
        write_data(str(path), data, {})
        assert_same(data, read(path), names=False)


def test_a_single_plane_keeps_its_place_as_mha(tmp_path: Path) -> None:
    for dims in ((5, 4, 1), (5, 1, 1), (5, 1, 4), (1, 4, 3)):
        data = image(dims, origin=(1.0, 2.0, 3.0), spacing=(0.5, 2.0, 3.0))
        write_data(str(tmp_path / "a.mha"), data, {})
        assert_same(data, read(tmp_path / "a.mha"), names=False)


def test_nifti_files_say_where_the_image_is(tmp_path: Path) -> None:
    data = image((5, 4, 3), origin=(1.0, 2.0, 3.0), spacing=(0.5, 2.0, 3.0))
    data.SetDirectionMatrix(0, -1, 0, 1, 0, 0, 0, 0, 1)
    write_data(str(tmp_path / "a.nii"), data, {})
    header = (tmp_path / "a.nii").read_bytes()[:348]
    code, rows = struct.unpack_from("<h", header, 254)[0], struct.unpack_from("<12f", header, 280)
    assert code > 0
    assert rows == (0, -2, 0, 1, 0.5, 0, 0, 2, 0, 0, 3, 3)


@pytest.mark.parametrize("extension", [".ply", ".stl", ".obj"])
def test_formats_of_shapes_hold_the_shape_and_tell_what_they_leave_out(extension: str, tmp_path: Path) -> None:
    data = with_arrays(sphere())
    written = write_data(str(tmp_path / f"a{extension}"), data, {})
    back = describe_data(read(tmp_path / f"a{extension}"))
    assert (back["points"], back["cells"]) == (50, 96)
    assert back["bounds"] == pytest.approx(describe_data(data)["bounds"])
    assert written.left_out is not None
    assert ("Normals" in written.left_out) == (extension == ".stl")
    assert all(name in written.left_out for name in ("int8", "vectors", "cells"))
    assert write_data(str(tmp_path / "a.ply"), sphere(), {}).left_out is None


def turned() -> Any:
    made = image()
    made.SetDirectionMatrix(0, 1, 0, -1, 0, 0, 0, 0, 1)
    return made


def strips() -> Any:
    triangles, stripper = vtkTriangleFilter(), vtkStripper()
    triangles.SetInputData(sphere())
    stripper.SetInputConnection(triangles.GetOutputPort())
    stripper.Update()
    return stripper.GetOutput()


def with_texts(data: Any) -> Any:
    data.GetPointData().AddArray(table().GetColumnByName("texts"))
    return data


def points_only() -> Any:
    made = model.vtkPolyData()
    made.SetPoints(vtkPoints())
    made.GetPoints().InsertNextPoint(1, 2, 3)
    return made


def cell_values() -> Any:
    made = image((5, 4, 1), "uint8")
    made.GetCellData().AddArray(array("c", np.arange(12)))
    return made


REFUSED: list[tuple[str, Callable[[], Any], str]] = [
    *((one, lambda: image(kind="uint8"), r"one plane and the data 5 x 4 x 3 points; .*ExtractSubset.*\.vti, \.mha")
      for one in (".png", ".jpg", ".bmp", ".pnm")),
    *((one, lambda: image((5, 4, 1), "float64"), r"pixels are unsigned char.* s is double; .*ImageCast.*mha hold all")
      for one in (".png", ".jpg", ".tif", ".bmp", ".pnm")),
    *((one, lambda: image((5, 4, 1), "uint8", 2), r"component\(s\) and s has 2; \.png and \.vti hold them")
      for one in (".jpg", ".tif", ".bmp", ".pnm")),
    *((one, lambda: image((5, 4, 1), "uint8", 4), r"1 or 3 component\(s\) and s has 4")
      for one in (".jpg", ".tif", ".bmp")),
    (".png", lambda: image((1, 4, 3), "uint8"), "ImagePermute turns it"),
    (".tif", lambda: image((1, 4, 3), "uint8"), "ImagePermute turns it"),
    (".tif", lambda: image((5, 4, 3), "uint8", 3), r"colors of one page, and the data has 5 x 4 x 3 points; \.vti"),
    (".tif", lambda: image((5, 4, 1), "uint16", 3), r"8 bits each; \.png holds 16"),
    (".stl", points_only, "polygons, and there are points only, 1;"),
    (".png", cell_values, r"it holds one array, and there are s, c; PassArrays keeps one"),
    (".mha", lambda: with_arrays(image()), r"it holds one array, and there are s, int8, .*PassArrays"),
    (".nii", lambda: with_arrays(image()), "it holds one array"),
    (".mha", lambda: image(kind="int64"), r"VTK writes other numbers for integers of 64 bits; \.vti and \.nii"),
    (".png", lambda: model.vtkImageData(), "no array of points"),
    (".vtk", turned, r"turned .*direction matrix.*\.vti and \.mha can"),
    (".ply", line, r"it holds polygons only, and there are 1 lines; \.vtp holds them"),
    (".stl", line, "polygons only"),
    (".ply", strips, "no triangle strips, .*Triangulate"),
    (".ply", lambda: sphere(OutputPointsPrecision=1, Center=(5e5, 0, 0)), r"move by up to 0\.03; Transform .*\.vtp"),
    (".stl", lambda: sphere(OutputPointsPrecision=1, Center=(5e5, 0, 0)), "single precision"),
    (".ex2", image, "no cells like vtkVoxel; Tetrahedralize makes"),
    (".ex2", lambda: unstructured(image()), "no cells like vtkVoxel"),
    (".ex2", lambda: with_texts(sphere()), r"it holds numbers, and texts is string; \.vtu holds it"),
    (".ply", blocks, r"not a format for vtkMultiBlockDataSet; formats for it: .*\.vtm"),
    (".vtp", image, r"not a format for vtkImageData; formats for it: .*\.vti"),
]  # fmt: skip


@pytest.mark.parametrize(("extension", "make", "words"), REFUSED)
def test_what_a_format_cannot_hold_is_refused_and_the_old_file_stays(
    extension: str, make: Callable[[], Any], words: str, tmp_path: Path
) -> None:
    path = tmp_path / f"a{extension}"
    path.write_bytes(OLD)
    with pytest.raises(FileError, match=words):
        write_data(str(path), make(), {})
    assert path.read_bytes() == OLD and os.listdir(tmp_path) == [path.name]


def test_every_extension_is_tried() -> None:
    tried = {*WHOLE, *ONE_ARRAY, ".ply", ".stl", ".obj", ".jpg", ".jpeg", ".tif", ".tiff", ".ex2", ".vthb", ".htg"}
    assert tried == set(WRITERS) - set(SAME_AS)
    assert all(WRITERS[one] == WRITERS[other] for one, other in SAME_AS.items())


@pytest.mark.parametrize(("extension", "kind", "components"), [
    (".png", "uint16", 1), (".png", "uint8", 3), (".tif", "uint8", 1), (".tif", "uint16", 1), (".tif", "uint8", 3),
    (".bmp", "uint8", 3), (".bmp", "uint8", 1), (".pnm", "uint8", 3), (".jpeg", "uint8", 1),
])  # fmt: skip
def test_others_read_the_same_pixels(extension: str, kind: str, components: int, tmp_path: Path) -> None:
    data = image((16, 8, 1), kind, components)
    write_data(str(tmp_path / f"a{extension}"), data, {})
    with Image.open(tmp_path / f"a{extension}") as picture:
        found = np.asarray(picture.convert("L") if extension == ".bmp" and components == 1 else picture)
    wanted = vtk_to_numpy(data.GetPointData().GetScalars()).reshape(8, 16, components)[::-1].squeeze()
    tolerance = 12 if extension == ".jpeg" else 0
    assert found.shape == wanted.shape and np.abs(found.astype(int) - wanted.astype(int)).max() <= tolerance


@pytest.mark.parametrize("kind", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("planes", [1, 3])
def test_pages_of_a_tiff_file_are_upright_for_others(kind: str, planes: int, tmp_path: Path) -> None:
    """The first row of a page is its top one (TIFF 6.0, Orientation = 1), which is at the highest y."""
    data = image((6, 5, planes), kind)
    write_data(str(tmp_path / "a.tif"), data, {})
    wanted = vtk_to_numpy(data.GetPointData().GetScalars()).reshape(planes, 5, 6)[:, ::-1]
    found = tifffile.imread(tmp_path / "a.tif").reshape(planes, 5, 6)
    assert found.dtype == np.dtype(kind) and np.array_equal(found, wanted)
    picture: Any
    with Image.open(tmp_path / "a.tif") as picture:
        assert picture.n_frames == planes and np.array_equal(np.asarray(picture), wanted[0])


def test_cells_of_an_exodus_file_come_back(tmp_path: Path) -> None:
    tetrahedra = vtkDataSetTriangleFilter()
    tetrahedra.SetInputData(unstructured(image()))
    tetrahedra.Update()
    written = tetrahedra.GetOutput()
    write_data(str(tmp_path / "a.ex2"), written, {})
    back = describe_data(read(tmp_path / "a.ex2"))
    assert (back["points"], back["cells"]) == (60, written.GetNumberOfCells())
    assert next(one for one in back["arrays"] if one["name"] == "s")["ranges"] == [(0.0, 59.0)]


def test_a_grid_of_several_types_of_cells_is_whole_in_an_exodus_file(tmp_path: Path) -> None:
    """One block for each type is read from it, each with some of the points; one point here is of no cell."""
    data, points = model.vtkUnstructuredGrid(), vtkPoints()
    for index in range(8):
        points.InsertNextPoint(index % 2, index // 2 % 2, index // 4)
    points.InsertNextPoint(5, 5, 5)
    data.SetPoints(points)
    for kind, ids in (
        (model.VTK_TETRA, (0, 1, 2, 4)),
        (model.VTK_TRIANGLE, (1, 3, 5)),
        (model.VTK_TETRA, (7, 6, 5, 3)),
    ):
        data.InsertNextCell(kind, len(ids), ids)
    data.GetPointData().AddArray(array("heat", np.arange(9.0) ** 2))
    data.GetCellData().AddArray(array("stress", np.array([1.0, 10.0, 100.0])))
    write_data(str(tmp_path / "a.ex2"), data, {})
    with netCDF4.Dataset(tmp_path / "a.ex2") as file:
        assert file["vals_nod_var1"][0].tolist() == [0, 1, 4, 9, 16, 25, 36, 49, 64]
        stresses = [file[f"vals_elem_var1eb{block}"][0].tolist() for block in (1, 2)]
    assert sorted(stresses) == [[1, 100], [10]]


def test_wrong_values_in_an_exodus_file_are_noticed(tmp_path: Path) -> None:
    tetrahedra = vtkDataSetTriangleFilter()
    tetrahedra.SetInputData(with_arrays(unstructured(image())))
    tetrahedra.Update()
    written = tetrahedra.GetOutput()
    values = array("heat", np.arange(60.0))
    written.GetPointData().AddArray(values)
    write_data(str(tmp_path / "a.ex2"), written, {})
    assert lost("vtkIOSSWriter", tmp_path / "a.ex2", written) == []
    values.SetTuple1(59, 1000.0)
    (told,) = lost("vtkIOSSWriter", tmp_path / "a.ex2", written)
    assert "points 'heat' is not in the file, or has other values there" in told


def test_lines_are_counted_alike_however_much_is_looked_at_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"a,b\n" + b"v 1.5,2\n" * 300 + b"\nv")
    for size in (1, 7, 64, 1 << 18):
        monkeypatch.setattr(verification, "_COUNTED", size)
        assert [verification._count(path, one) for one in (b"^", b"^v")] == [303, 301]  # noqa: SLF001

"""Files that are written, read by libraries that share no code with VTK: the same values at the same places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import meshio
import nibabel
import numpy as np
import pytest
import SimpleITK
import trimesh
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import VTK_HEXAHEDRON, VTK_TETRA

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.writers.writing import write_data

from ..harness.kinds_of_data import KINDS, grid, turned
from ..harness.saving import array, image, read, sphere


def mixed() -> Any:
    made = grid((VTK_TETRA, (0, 1, 3, 4)), (VTK_HEXAHEDRON, tuple(range(8))))
    made.GetPointData().AddArray(array("vectors", np.arange(48.0).reshape(-1, 3) / 7))
    made.GetPointData().AddArray(array('U "x" <m/s> & more', np.arange(16.0)))
    made.GetCellData().AddArray(array("long", np.array([2**53 + 1, -(2**62)])))
    return made


def points_of(data: Any) -> Any:
    return vtk_to_numpy(data.GetPoints().GetData())


@pytest.mark.parametrize(("extension", "options"), [
    (".vtu", {}), (".vtu", {"DataMode": "Ascii"}), (".vtu", {"DataMode": "Binary"}), (".vtk", {}),
])  # fmt: skip
def test_meshio_reads_grids(extension: str, options: dict[str, Any], tmp_path: Path) -> None:
    data, path = mixed(), tmp_path / f"a{extension}"
    if extension == ".vtk":
        data.GetPointData().RemoveArray('U "x" <m/s> & more')  # names are encoded there in VTK's own way
        data.GetCellData().RemoveArray("long")  # a type that it does not know
        data.GetCellData().RemoveArray("number")
    write_data(str(path), data, options)
    back = meshio.read(path)
    assert np.array_equal(back.points, points_of(data))
    assert [(block.type, block.data.tolist()) for block in back.cells] == [
        ("tetra", [[0, 1, 3, 4]]), ("hexahedron", [list(range(8, 16))]),
    ]  # fmt: skip
    for name, values in back.point_data.items():
        assert np.array_equal(values, vtk_to_numpy(data.GetPointData().GetArray(name))), name
    assert len(back.point_data) == data.GetPointData().GetNumberOfArrays()
    if extension != ".vtk":
        assert np.concatenate(back.cell_data["long"]).tolist() == [2**53 + 1, -(2**62)]


@pytest.mark.parametrize("extension", [".ply", ".stl", ".obj"])
def test_meshio_and_trimesh_read_shapes(extension: str, tmp_path: Path) -> None:
    data, path = sphere(), tmp_path / f"a{extension}"
    write_data(str(path), data, {})
    by_trimesh: Any = trimesh.load(path, process=False)
    for points in (meshio.read(path).points, by_trimesh.vertices):
        found = np.unique(np.asarray(points, np.float32), axis=0)
        assert np.array_equal(found, np.unique(points_of(data), axis=0))
    solid: Any = trimesh.load(path)
    assert solid.is_watertight and solid.volume == pytest.approx(trimesh_volume(data), rel=1e-6)


def trimesh_volume(data: Any) -> float:
    """Of the tetrahedra between the origin and each triangle."""
    corners = points_of(data)[vtk_to_numpy(data.GetPolys().GetConnectivityArray()).reshape(-1, 3)].astype(float)
    return float(np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6)


def test_meshio_reads_exodus_files(tmp_path: Path) -> None:
    data = KINDS["collection of whole blocks"]()
    write_data(str(tmp_path / "a.ex2"), data, {})
    (tmp_path / "a.ex2").rename(tmp_path / "a.e")
    back = meshio.read(tmp_path / "a.e")
    blocks = [data.GetPartition(index, 0) for index in range(2)]
    assert [len(block.data) for block in back.cells] == [one.GetNumberOfCells() for one in blocks]
    for cells, block in zip(back.cells, blocks, strict=True):
        corners = points_of(block)[vtk_to_numpy(block.GetCells().GetConnectivityArray())].reshape(-1, 8, 3)
        assert np.array_equal(back.points[cells.data], corners)
        place = vtk_to_numpy(block.GetPointData().GetArray("place"))
        assert np.array_equal(back.point_data["place"][cells.data.ravel()], place)


def test_h5py_finds_all_arrays_of_vtkhdf_files(tmp_path: Path) -> None:
    data = mixed()
    data.GetPointData().RemoveArray('U "x" <m/s> & more')
    write_data(str(tmp_path / "a.vtkhdf"), data, {})
    with h5py.File(tmp_path / "a.vtkhdf") as file:
        root = file["VTKHDF"]
        assert root.attrs["Type"] == b"UnstructuredGrid"
        assert np.array_equal(root["Points"], points_of(data))
        for name in ("place", "vectors"):
            assert np.array_equal(root["PointData"][name], vtk_to_numpy(data.GetPointData().GetArray(name)))
        assert root["CellData"]["long"][()].tolist() == [2**53 + 1, -(2**62)]


@pytest.mark.parametrize("kind", ["int16", "uint8", "float32", "float64"])
def test_itk_finds_images_where_they_are(kind: str, tmp_path: Path) -> None:
    """MetaImage has place, spacing and direction; the first two axes are the same in VTK and ITK."""
    for dims in ((5, 4, 3), (5, 4, 1)):
        data = image(dims, kind, origin=(1.0, 2.0, 3.0), spacing=(0.5, 2.0, 3.0))
        data.SetDirectionMatrix(0, -1, 0, 1, 0, 0, 0, 0, 1)
        write_data(str(tmp_path / "a.mha"), data, {})
        back = SimpleITK.ReadImage(str(tmp_path / "a.mha"))
        assert back.GetOrigin() == (1, 2, 3) and back.GetSpacing() == (0.5, 2, 3)
        assert back.GetDirection() == (0, -1, 0, 1, 0, 0, 0, 0, 1)
        last = [size - 1 for size in dims]
        assert back.TransformIndexToPhysicalPoint(last) == data.GetPoint(data.GetNumberOfPoints() - 1)
        values = vtk_to_numpy(data.GetPointData().GetScalars()).reshape(dims[::-1])
        assert np.array_equal(SimpleITK.GetArrayFromImage(back), values)


def test_an_image_that_itk_has_turned_is_not_turned_the_other_way(tmp_path: Path) -> None:
    """VTK 9.7 takes TransformMatrix for its transpose: right places, or a reason."""
    made = SimpleITK.Image([5, 4, 3], SimpleITK.sitkInt16)
    made.SetDirection((0, -1, 0, 1, 0, 0, 0, 0, 1))
    SimpleITK.WriteImage(made, str(tmp_path / "a.mha"))
    try:
        place = read(tmp_path / "a.mha").GetPoint(59)
    except FileError as error:
        place = str(error)
    assert place == made.TransformIndexToPhysicalPoint([4, 3, 2]) or "VTK would turn it the other way" in place


@pytest.mark.parametrize("kind", ["int16", "uint8", "int64", "float32", "float64"])
def test_nibabel_finds_the_same_values(kind: str, tmp_path: Path) -> None:
    data = image((5, 4, 3), kind)
    write_data(str(tmp_path / "a.nii"), data, {})
    back: Any = nibabel.load(tmp_path / "a.nii")
    values = vtk_to_numpy(data.GetPointData().GetScalars()).reshape(3, 4, 5)
    assert np.array_equal(np.asarray(back.dataobj).T, values) and back.get_data_dtype() == kind


def test_the_direction_of_an_image_is_in_the_xml(tmp_path: Path) -> None:
    write_data(str(tmp_path / "a.vti"), turned(), {})
    assert b'Direction="0 1 0 -1 0 0 0 0 1"' in (tmp_path / "a.vti").read_bytes()

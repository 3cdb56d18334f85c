"""What a client sees of a fetched data set, without VTK."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkTable

from async_paraview.datasets import DataSet, DataSetError, encode

from ..harness.time_limits import scaled
from .test_datasets_comparison import facts
from .test_datasets_samples import (
    SAMPLES,
    collection,
    dressed,
    image,
    multiblock,
    poly,
    rectilinear,
    structured,
    unstructured,
)


def fetched(source: Any) -> Any:
    encoded = encode(source)
    return DataSet(encoded.meta, [bytes(buffer) for buffer in encoded.buffers])


@pytest.mark.parametrize("make", [image, rectilinear, structured, poly, unstructured])
def test_counts_bounds_and_points_are_those_of_vtk(make: Any) -> None:
    source = make()
    data_set = fetched(source)
    assert data_set.type_name == source.GetClassName()
    assert data_set.number_of_points == source.GetNumberOfPoints()
    assert data_set.number_of_cells == source.GetNumberOfCells()
    assert data_set.bounds == pytest.approx(source.GetBounds())
    if source.IsA("vtkPointSet"):
        np.testing.assert_array_equal(data_set.points, vtk_to_numpy(source.GetPoints().GetData()))
    else:
        assert data_set.points is None
    expected = {image: (3, 3, 2), rectilinear: (3, 2, 1), structured: (3, 3, 2)}
    assert data_set.dimensions == expected.get(make)


def test_arrays_are_read_only_views_by_name() -> None:
    data_set = fetched(dressed(poly()))
    array = data_set.point_data["vtkFloatArray"]
    assert (array.shape, array.dtype, array.flags.owndata) == ((6, 3), np.float32, False)
    assert data_set.point_data["vtkGhostType"].shape == (6,)
    assert data_set.point_data["vtkBitArray"].dtype == bool
    assert data_set.point_data["texts"].tolist() == ["", "é 1", "é 2", "", "é 4", "é 5"]
    assert data_set.point_data.active["Vectors"] == "active Vectors"
    assert "absent" not in data_set.cell_data and data_set.row_data == {}
    assert data_set.time_step == 2.5
    for arrays in (data_set.point_data, data_set.cell_data, data_set.field_data):
        for values in arrays.values():
            with pytest.raises(ValueError, match="read-only"):
                values[0] = values[0]
    with pytest.raises(ValueError, match="read-only"):
        data_set.points[0] = 0
    with pytest.raises(KeyError, match="absent"):
        data_set.point_data["absent"]
    with pytest.raises(AttributeError):
        data_set.type_name = "other"


def test_values_are_those_of_vtk() -> None:
    source = dressed(unstructured())
    data_set = fetched(source)
    for name, values in data_set.cell_data.items():
        array = source.GetCellData().GetAbstractArray(name)
        if array.IsA("vtkDataArray"):
            expected = [array.GetTuple(i) for i in range(array.GetNumberOfTuples())]
            np.testing.assert_array_equal(values.reshape(len(values), -1), expected)


def test_a_table_has_rows_and_no_bounds() -> None:
    data_set = fetched(dressed(vtkTable()))
    assert (data_set.number_of_rows, data_set.number_of_points, data_set.bounds) == (5, 0, None)
    assert data_set.row_data["texts"][1] == "é 1"
    assert repr(data_set).startswith("<DataSet vtkTable: 5 rows, columns ['type 2',")


def test_composites_have_named_blocks() -> None:
    data_set = fetched(multiblock())
    assert [(name, block and block.type_name) for name, block in data_set.blocks] == [
        (None, "vtkMultiBlockDataSet"),
        (None, "vtkMultiPieceDataSet"),
        ("an empty block", None),
        (None, "vtkUnstructuredGrid"),
    ]
    assert data_set.blocks[0][1].blocks[0][0] == "the image, é"
    assert data_set.number_of_points == 18 + 6 + 10
    x_low, x_high = image().GetBounds()[:2]
    assert data_set.bounds[0] <= x_low and data_set.bounds[1] >= x_high
    assert [name for name, _ in fetched(collection()).blocks] == [None, "fluid", None]
    assert repr(data_set) == f"<DataSet vtkMultiBlockDataSet: 4 blocks, {data_set.size_bytes / 1e6:.3g} MB>"


def test_the_size_is_that_of_all_arrays_below() -> None:
    encoded = encode(multiblock())
    assert DataSet(encoded.meta, encoded.buffers).size_bytes == encoded.size_bytes


def test_points_that_are_no_numbers_do_not_count_for_the_bounds() -> None:
    mesh = poly()
    mesh.GetPoints().SetPoint(0, float("nan"), 1e6, 0)
    mesh.Modified()
    assert fetched(mesh).bounds == pytest.approx((*_range(mesh, 0), *_range(mesh, 1), *_range(mesh, 2)))


def _range(mesh: Any, axis: int) -> Any:
    values = vtk_to_numpy(mesh.GetPoints().GetData())[:, axis]
    return float(np.nanmin(values)), float(np.nanmax(values))


def test_coordinates_beyond_all_numbers_give_no_bounds() -> None:
    grid, mesh = image(), poly()
    grid.SetSpacing(1e308, 1e308, 1e308)
    for point in range(6):
        mesh.GetPoints().SetPoint(point, float("nan"), 0, 0)
    assert fetched(mesh).bounds is None
    assert fetched(grid).bounds is None


@pytest.mark.parametrize("kind", [kind for kind in SAMPLES if kind.startswith("empty")])
def test_empty_data_sets_have_nothing(kind: Any) -> None:
    data_set = fetched(SAMPLES[kind]())
    assert (data_set.number_of_points, data_set.number_of_cells, data_set.bounds) == (0, 0, None)
    assert repr(data_set)


def test_vtk_gets_the_same_memory_or_its_own() -> None:
    source = poly()
    source.GetFieldData().AddArray(numpy_to_vtk(np.arange(5.0), deep=True))
    source.GetFieldData().GetArray(0).SetName("a")
    data_set = fetched(source)
    shared, own = data_set.to_vtk(copy=False), data_set.to_vtk()
    assert facts(shared) == facts(own) == facts(source)
    address = data_set.field_data["a"].ctypes.data
    assert vtk_to_numpy(shared.GetFieldData().GetArray(0)).ctypes.data == address
    assert vtk_to_numpy(own.GetFieldData().GetArray(0)).ctypes.data != address
    del data_set
    gc.collect()
    assert facts(shared) == facts(source)


def test_pyvista_gets_its_own_class(monkeypatch: pytest.MonkeyPatch) -> None:
    pyvista = pytest.importorskip("pyvista")
    mesh = fetched(dressed(poly())).to_pyvista()
    assert isinstance(mesh, pyvista.PolyData)
    assert mesh.n_points == 6
    with pytest.raises(DataSetError, match="PyVista has no class for vtkPartitionedDataSetCollection"):
        fetched(collection()).to_pyvista()
    monkeypatch.setitem(sys.modules, "pyvista", None)
    with pytest.raises(ImportError, match="pip install pyvista"):
        fetched(poly()).to_pyvista()


def test_looking_at_arrays_needs_no_vtk(tmp_path: Path) -> None:
    encoded = encode(dressed(poly()))
    stored = tmp_path / "data"
    stored.write_bytes(msgpack.packb([encoded.meta, [bytes(buffer) for buffer in encoded.buffers]]))
    code = (
        "import sys, msgpack; from async_paraview.datasets import DataSet\n"
        f"data_set = DataSet(*msgpack.unpackb(open({str(stored)!r}, 'rb').read()))\n"
        "list(data_set.point_data.values()), data_set.bounds, data_set.points, repr(data_set)\n"
        "print([name for name in sys.modules if name.startswith('vtk')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=scaled(60))
    assert done.stdout.strip() == "[]"

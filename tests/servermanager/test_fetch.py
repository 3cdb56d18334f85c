"""Fetched data against plain VTK in this process, by value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkFiltersCore import vtkDelaunay3D
from vtkmodules.vtkFiltersGeneral import vtkMultiBlockDataGroupFilter
from vtkmodules.vtkFiltersSources import vtkConeSource, vtkSphereSource
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource

from servermanager import RemoteError, connect

from ..harness.apvtest import BACKENDS, in_loop


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def executed(algorithm: Any) -> Any:
    """Its output."""
    algorithm.Update()
    return algorithm.GetOutputDataObject(0)


def plain(array: Any) -> Any:
    """The values of a VTK array."""
    return vtk_to_numpy(array)


@in_loop
async def test_image(backend: str) -> None:
    async with connect(backend=backend) as session:
        fetched = await session.sources.RTAnalyticSource(WholeExtent=[-5, 30, 0, 20, 3, 60]).fetch()
    source = vtkRTAnalyticSource()
    source.SetWholeExtent(-5, 30, 0, 20, 3, 60)
    expected = executed(source)
    np.testing.assert_array_equal(fetched.point_data["RTData"], plain(expected.GetPointData().GetScalars()))
    assert fetched.type_name == "vtkImageData" and fetched.bounds == expected.GetBounds()
    assert fetched.to_vtk().GetExtent() == (-5, 30, 0, 20, 3, 60)


@in_loop
async def test_polydata(backend: str) -> None:
    async with connect(backend=backend) as session:
        fetched = await session.sources.SphereSource(ThetaResolution=50, PhiResolution=40).fetch()
    source = vtkSphereSource()
    source.SetThetaResolution(50)
    source.SetPhiResolution(40)
    expected = executed(source)
    np.testing.assert_array_equal(fetched.points, plain(expected.GetPoints().GetData()))
    np.testing.assert_array_equal(fetched.point_data["Normals"], plain(expected.GetPointData().GetNormals()))
    polygons = fetched.to_vtk().GetPolys().GetConnectivityArray()
    np.testing.assert_array_equal(plain(polygons), plain(expected.GetPolys().GetConnectivityArray()))


@in_loop
async def test_unstructured_grid(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere = session.sources.SphereSource(ThetaResolution=12, PhiResolution=12)
        fetched = await session.create("vtkDelaunay3D", Input=sphere).fetch()
    source, mesh = vtkSphereSource(), vtkDelaunay3D()
    source.SetThetaResolution(12)
    source.SetPhiResolution(12)
    mesh.SetInputConnection(source.GetOutputPort())
    expected = executed(mesh)
    assert fetched.number_of_cells == expected.GetNumberOfCells() > 0
    np.testing.assert_array_equal(fetched.points, plain(expected.GetPoints().GetData()))
    cells = fetched.to_vtk().GetCells().GetConnectivityArray()
    np.testing.assert_array_equal(plain(cells), plain(expected.GetCells().GetConnectivityArray()))


@in_loop
async def test_multi_block(backend: str) -> None:
    async with connect(backend=backend) as session:
        parts = [session.sources.SphereSource(), session.sources.ConeSource()]
        fetched = await session.filters.MultiBlockDataGroupFilter(Input=parts).fetch()
    group = vtkMultiBlockDataGroupFilter()
    for source in (vtkSphereSource(), vtkConeSource()):
        group.AddInputConnection(source.GetOutputPort())
    expected = executed(group)
    assert fetched.type_name == "vtkMultiBlockDataSet"
    for index, (_, block) in enumerate(fetched.blocks):
        assert block is not None
        np.testing.assert_array_equal(block.points, plain(expected.GetBlock(index).GetPoints().GetData()))


@in_loop
async def test_table(backend: str, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("name,value\none,1.5\ntwo,2.5\n")
    async with connect(backend=backend) as session:
        reader = session.readers.DelimitedTextReader(
            FileName=file, HaveHeaders=True, DetectNumericColumns=True, MaxRecords=0
        )
        fetched = await reader.fetch()
    assert (fetched.type_name, fetched.number_of_rows) == ("vtkTable", 2)
    np.testing.assert_array_equal(fetched.row_data["value"], [1.5, 2.5])
    assert list(fetched.row_data["name"]) == ["one", "two"]


@in_loop
async def test_what_was_fetched_is_a_copy_of_its_own(backend: str) -> None:
    async with connect(backend=backend) as session:
        source = session.sources.RTAnalyticSource()
        first = await source.fetch()
        kept = first.point_data["RTData"].copy()
        source.XMag = 20.0
        second = await source.fetch()
        assert (second.point_data["RTData"] != kept).any()
    np.testing.assert_array_equal(first.point_data["RTData"], kept)  # also after the session
    with pytest.raises(ValueError, match="read-only"):
        first.point_data["RTData"][0] = 1.0


@in_loop
async def test_fetch_of_what_does_not_exist(backend: str) -> None:
    async with connect(backend=backend) as session:
        with pytest.raises(RemoteError, match="port"):
            await session.sources.SphereSource().fetch(port=5)

"""What files have to offer is known before they are read, can be chosen by name, and is all read otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from vtkmodules.vtkFiltersCore import vtkElevationFilter
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource
from vtkmodules.vtkIOXML import vtkXMLImageDataWriter

from async_paraview.datasets import DataSet
from servermanager import RemoteError, Session, SourceProxy, connect

from ..harness.apvtest import in_loop


def write(path: Path, *, with_elevation: bool = True) -> None:
    """An image with the point array RTData, and with Elevation."""
    wavelet, elevation, writer = vtkRTAnalyticSource(), vtkElevationFilter(), vtkXMLImageDataWriter()
    wavelet.SetWholeExtent(0, 3, 0, 3, 0, 3)
    elevation.SetInputConnection(wavelet.GetOutputPort())
    writer.SetInputConnection((elevation if with_elevation else wavelet).GetOutputPort())
    writer.SetFileName(str(path))
    assert writer.Write()


def arrays(data: DataSet) -> list[str]:
    return sorted(data.point_data)


@in_loop
async def test_names_are_known_before_the_data_is_read(tmp_path: Path) -> None:
    write(tmp_path / "two.vti")
    async with connect() as session:
        reader = await session.open(tmp_path / "two.vti")
        await reader.definition()
        before = reader.domain("PointArrayStatus")
        assert not before.known and "await update_domains()" in before.why
        await reader.update_domains()
        assert reader.domain("PointArrayStatus").entries == ("RTData", "Elevation")
        assert reader.PointArrayStatus == {"RTData": True, "Elevation": True}
        assert reader.domain("CellArrayStatus").entries == ()
        assert reader.information == {}  # nothing was executed
        assert arrays(await reader.fetch()) == ["Elevation", "RTData"]


@in_loop
async def test_a_list_names_what_is_read_and_a_map_what_is_not(tmp_path: Path) -> None:
    write(tmp_path / "two.vti")
    async with connect() as session:
        reader = await session.open(tmp_path / "two.vti")
        reader.PointArrayStatus = ["Elevation"]
        assert arrays(await reader.fetch()) == ["Elevation"]
        reader.PointArrayStatus = {"Elevation": False}
        assert arrays(await reader.fetch()) == ["RTData"]
        reader.PointArrayStatus = []
        assert arrays(await reader.fetch()) == []
        del reader.PointArrayStatus
        assert arrays(await reader.fetch()) == ["Elevation", "RTData"]


@in_loop
async def test_an_unknown_name_is_refused_with_what_there_is(tmp_path: Path) -> None:
    write(tmp_path / "two.vti")
    async with connect() as session:
        reader = await session.open(tmp_path / "two.vti")
        reader.PointArrayStatus = ["Elevation", "Pressure"]
        refused = r"PointArrayStatus: the file has no point array 'Pressure'; it has: RTData, Elevation"
        with pytest.raises(RemoteError, match=refused):
            await reader.update_pipeline()
        with pytest.raises(RemoteError, match=refused):
            await reader.update_domains()
        reader.PointArrayStatus = ["Elevation"]
        assert [one.name for one in (await reader.update_pipeline()).arrays] == ["Elevation"]


@in_loop
async def test_what_was_chosen_survives_a_state_and_undo(tmp_path: Path) -> None:
    write(tmp_path / "two.vti")
    async with connect() as session:
        reader = await session.open(tmp_path / "two.vti")
        reader.PointArrayStatus = {"RTData": False}
        reader.PointArrayStatus = ["RTData"]
        await session.save_state(tmp_path / "scene.json")
        session.undo.undo()
        assert arrays(await reader.fetch()) == ["Elevation"]
        session.undo.redo()
        assert arrays(await reader.fetch()) == ["RTData"]
        (loaded,) = await session.load_state(tmp_path / "scene.json")
        assert arrays(await loaded.fetch()) == ["RTData"]


@in_loop
async def test_arrays_that_a_file_gets_later_are_read_unless_told_otherwise(tmp_path: Path) -> None:
    write(tmp_path / "grows.vti", with_elevation=False)
    async with connect() as session:
        reader, chosen = await opened_twice(session, tmp_path / "grows.vti")
        chosen.PointArrayStatus = ["RTData"]
        assert arrays(await reader.fetch()) == arrays(await chosen.fetch()) == ["RTData"]
        write(tmp_path / "grows.vti")
        assert arrays(await reader.fetch()) == ["Elevation", "RTData"]
        assert arrays(await chosen.fetch()) == ["RTData"]


async def opened_twice(session: Session, path: Path) -> tuple[SourceProxy, SourceProxy]:
    return await session.open(path), await session.open(path)

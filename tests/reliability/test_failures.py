"""What fails on the server reaches whoever awaits it, in VTK's own words, and the session goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from servermanager import RemoteError, connect

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.time_limits import scaled


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@in_loop
async def test_a_filter_without_input(backend: str) -> None:
    async with connect(backend=backend) as session:
        messages = session.messages()
        contour = session.filters.ContourFilter(Values=[1.0])
        for _ in range(2):  # the second answer is remembered, and the same
            with pytest.raises(RemoteError, match="it has no input: set Input") as raised:
                await contour.update_pipeline()
            assert raised.value.type_name == "ExecutionFailed"
            assert "Traceback" in raised.value.remote_traceback
        with pytest.raises(RemoteError, match="it has no input"):
            await contour.fetch()
        async with asyncio.timeout(scaled(10)):
            message = await anext(messages)
        assert message.severity == "error" and "it has no input" in message.text
        contour.Input = session.sources.RTAnalyticSource()
        await contour.update_pipeline()


@in_loop
async def test_a_truncated_file(backend: str, tmp_path: Path) -> None:
    from vtkmodules.vtkFiltersSources import vtkSphereSource
    from vtkmodules.vtkIOXML import vtkXMLPolyDataWriter

    whole, half = tmp_path / "whole.vtp", tmp_path / "half.vtp"
    sphere, writer = vtkSphereSource(), vtkXMLPolyDataWriter()
    writer.SetInputConnection(sphere.GetOutputPort())
    writer.SetFileName(str(whole))
    writer.Write()
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    async with connect(backend=backend) as session:
        reader = await session.open(str(half))
        with pytest.raises(RemoteError, match=r"ExecutionFailed: XMLPolyDataReader .*failed"):
            await reader.update_pipeline()
        reader.FileName = str(whole)
        assert (await reader.update_pipeline()).number_of_points == 50


@in_loop
async def test_a_failing_source_of_a_filter(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        reader = session.readers.XMLPolyDataReader(FileName=str(tmp_path / "missing.vtp"))
        shrunk = session.filters.ShrinkPolyData(Input=reader)
        normals = session.filters.PolyDataNormals(Input=shrunk)
        with pytest.raises(RemoteError, match=r"vtkXMLPolyDataReader.*missing\.vtp"):
            await normals.update_pipeline()
        unknown = session.sources.SpereSource()
        with pytest.raises(RemoteError, match=r"UnknownType.*SphereSource"):  # the cause, not "no proxy has id"
            await session.filters.PolyDataNormals(Input=unknown).update_pipeline()
        shrunk.Input = session.sources.SphereSource()
        assert (await normals.update_pipeline()).number_of_cells == 96


@in_loop
async def test_what_cannot_be_shown_cannot_be_photographed(backend: str, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=[40, 30])
        reader = session.readers.XMLPolyDataReader(FileName=str(tmp_path / "missing.vtp"))
        shown = session.show(reader, view)
        for _ in range(2):
            with pytest.raises(RemoteError, match=r"missing\.vtp"):
                await view.save_screenshot(picture)
        assert not picture.exists()
        shown.delete()
        await view.save_screenshot(picture)
        assert picture.exists()


@in_loop
async def test_connections_that_cannot_be(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere = session.sources.SphereSource()
        with pytest.raises(RemoteError, match="port"):
            await session.filters.ShrinkPolyData(Input=sphere.port(7)).update_pipeline()
        with pytest.raises(RemoteError, match="port"):
            await sphere.update_pipeline(port=3)
        first, second = session.filters.ShrinkPolyData(), session.filters.ShrinkPolyData()
        first.Input = second
        with pytest.raises(ValueError, match="depends on"):
            second.Input = first
        with pytest.raises(ValueError, match="depends on"):
            second.Input = second
        assert (await sphere.update_pipeline()).number_of_points == 50


@in_loop
async def test_delete_of_what_others_need(backend: str, caplog: pytest.LogCaptureFixture) -> None:
    async with connect(backend=backend) as session:
        sphere = session.sources.SphereSource()
        shrunk = session.filters.ShrinkPolyData(Input=sphere)
        await shrunk.update_pipeline()
        with pytest.raises(ValueError, match=r"ShrinkPolyData1 depend on it; delete\(\.\.\., dependents=True\)"):
            session.delete(sphere)
        session.data.send_message({"op": "delete", "ids": [sphere.id]})
        assert (await shrunk.update_pipeline()).number_of_cells == 96  # it was refused
        session.delete(shrunk)
        session.delete(sphere)
        with pytest.raises(RemoteError, match="no proxy has id"):
            await session.data.send_request({"op": "update_pipeline", "id": sphere.id})
    assert "depend" in caplog.text

"""Proxies: what is local, what the server is asked, and what a user sees of both."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from servermanager import OutputPort, RemoteError, connect

from ..harness.apvtest import BACKENDS, Server, in_loop, variables


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@in_loop
async def test_properties_are_local(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere = session.sources.SphereSource(Radius=2.0, Center=(1, 2, 3))
        assert (sphere.Radius, sphere.Center) == (2.0, [1, 2, 3])
        assert sphere.modified and not sphere.pushed
        await sphere.update_pipeline()
        assert sphere.pushed and not sphere.modified
        sphere.Radius = np.float64(3.0)
        sphere.Center = np.array([0.0, 0.0, 1.0])
        assert sphere.modified and (sphere.Radius, sphere.Center) == (3.0, [0.0, 0.0, 1.0])
        info = await sphere.update_pipeline()
        assert info.bounds is not None and info.bounds[4:] == (-2.0, 4.0)
        del sphere.Radius
        with pytest.raises(AttributeError, match="was not set here"):
            del sphere.Radius


@in_loop
async def test_definitions_give_defaults_names_and_suggestions(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere = session.sources.SphereSource()
        definition = await sphere.definition()
        assert {"Radius", "Center", "ThetaResolution"} <= {entry["name"] for entry in definition["properties"]}
        assert (sphere.Radius, sphere.ThetaResolution) == (0.5, 8)
        assert "PhiResolution" in dir(sphere) and "update_pipeline" in dir(sphere)
        with pytest.raises(AttributeError, match="did you mean Radius"):
            _ = sphere.Raduis
        with pytest.raises(AttributeError, match="did you mean ThetaResolution"):
            session.sources.SphereSource(ThetaResolutoin=3)
        with pytest.raises(AttributeError, match="CamelCase"):
            sphere.radius = 1.0
        with pytest.raises(AttributeError, match="CamelCase"):
            session.sources.SphereSource(radius=1.0)
        with pytest.raises(AttributeError, match="no attribute"):
            _ = sphere.nothing
        assert await session.sources.SphereSource.definition() == definition
        assert not hasattr(sphere, "_ipython_display_") and not hasattr(sphere, "__array__")


@in_loop
async def test_inputs_order_and_repr(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere = session.sources.SphereSource(Radius=2.0)
        shrunk = session.filters.ShrinkPolyData(Input=sphere)
        appended = session.filters.AppendPolyData(Input=[shrunk, sphere.port(0), session.sources.ConeSource()])
        assert shrunk.Input == OutputPort(sphere, 0)
        assert [proxy.type_name for proxy in appended.upstream()][-1] == "AppendPolyData"
        order = list(appended.upstream())
        assert order.index(sphere) < order.index(shrunk) and len(order) == 4
        assert repr(sphere) == f"<SphereSource {sphere.id}: Radius=2.0>"
        assert repr(shrunk) == f"<ShrinkPolyData {shrunk.id}: Input=SphereSource {sphere.id}>"
        assert "filters" in repr(session.filters) and "SphereSource" in repr(session.sources.SphereSource)
        info = await appended.update_pipeline()
        assert info.number_of_cells == 96 + 96 + 7
        other = await connect(backend="inproc")
        with pytest.raises(ValueError, match="another session"):
            session.filters.ShrinkPolyData(Input=other.sources.SphereSource())
        await other.close()


@pytest.mark.parametrize("value", [object(), {"a": 1}, 1j, b"bytes", {1, 2}])
@in_loop
async def test_values_that_cannot_travel(value: object) -> None:
    async with connect(backend="inproc") as session:
        sphere = session.sources.SphereSource()
        with pytest.raises(TypeError, match="Radius"):
            sphere.Radius = value


@in_loop
async def test_lists_ranges_and_paths(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.RTAnalyticSource()
        contour = session.filters.ContourFilter(Input=wavelet, Values=range(100, 200, 50))
        assert contour.Values == [100, 150]
        expected = (await contour.update_pipeline()).number_of_cells
        contour.Values = np.array([100.0, 150.0])
        assert (await contour.update_pipeline()).number_of_cells == expected
        assert session.readers.STLReader(FileName=tmp_path / "a.stl").FileName == str(tmp_path / "a.stl")


@in_loop
async def test_information_by_value(backend: str) -> None:
    async with connect(backend=backend) as session:
        info = await session.sources.RTAnalyticSource(WholeExtent=[0, 9, 0, 9, 0, 9]).update_pipeline()
        assert (info.data_type, info.number_of_points, info.number_of_cells) == ("vtkImageData", 1000, 729)
        assert info.bounds == (0.0, 9.0, 0.0, 9.0, 0.0, 9.0)
        array = info.array("RTData", "POINTS")
        assert (array.data_type, array.components, array.tuples) == ("float", 1, 1000)
        assert array.ranges[0] is not None and -50 < array.ranges[0][0] < array.ranges[0][1] < 300
        with pytest.raises(KeyError, match="POINTS RTData"):
            info.array("Pressure")


@in_loop
async def test_delete_and_types(backend: str) -> None:
    async with connect(backend=backend) as session:
        types = await session.types()
        assert len(types) > 1000 and "vtkSphereSource" in types
        sphere = session.sources.SphereSource()
        await sphere.update_pipeline()
        session.delete(sphere)
        with pytest.raises(RemoteError, match="no proxy has id"):
            await session.data.send_request({"op": "update_pipeline", "id": sphere.id})
        session.delete(session.sources.SphereSource())  # the server never heard of it


@in_loop
async def test_connect_awaited_and_by_variable(backend: str) -> None:
    session = await connect(backend=backend)
    assert session.about["built_in"] is True and session.about["backend"] == backend
    await session.close()
    await session.close()
    with Server("inproc") as server, variables(APV_SERVER_URL=server.url):
        async with connect(backend=backend) as remote:
            assert remote.about["url"] == server.url
            assert (await remote.sources.SphereSource().update_pipeline()).number_of_points == 50


@in_loop
async def test_progress_is_monotone(backend: str) -> None:
    async with connect(backend=backend) as session:
        steps = []

        async def collect() -> None:
            async for step in session.progress():
                steps.append(step)  # noqa: PERF401  # it is looked at meanwhile

        collecting = asyncio.create_task(collect())
        await asyncio.sleep(0)
        mesh = session.filters.Delaunay3D(Input=session.sources.PointSource(NumberOfPoints=40_000, Radius=0.5))
        await mesh.update_pipeline()
        assert [step.state for step in steps if step.proxy == mesh.id][-1] == "finished"  # before the result
        await session.close()
        await collecting  # the stream has ended
    of_mesh = [step for step in steps if step.proxy == mesh.id]
    assert of_mesh[0].state == "started" and {step.state for step in of_mesh[1:-1]} <= {"running"}
    fractions = [step.fraction for step in of_mesh if step.fraction is not None]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert {step.name for step in of_mesh} == {"Delaunay3D"} and {step.service for step in steps} == {"data"}


@in_loop
async def test_what_was_measured_is_read_after_an_execution(backend: str) -> None:
    async with connect(backend=backend) as session:
        cube = session.sources.CubeSource(XLength=2.0, YLength=3.0)
        measured = session.filters.MassProperties(Input=session.filters.TriangleFilter(Input=cube))
        await measured.definition()
        with pytest.raises(AttributeError, match=r"Volume is information that has not arrived yet"):
            _ = measured.Volume
        with pytest.raises(ValueError, match=r"Volume is information.*cannot be set"):
            measured.Volume = 3.0
        found = await measured.update_property_information()
        assert found["Volume"] == pytest.approx(6.0) == measured.Volume
        cube.XLength = 4.0
        assert (await measured.update_property_information())["SurfaceArea"] == pytest.approx(2 * (12 + 4 + 3))
        assert "Volume" in dir(measured) and "Volume" in measured.help()

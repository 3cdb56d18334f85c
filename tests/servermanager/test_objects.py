"""Objects that properties hold, definitions and domains: what a client sees of curated types."""

from __future__ import annotations

import asyncio

import pytest

from servermanager import RemoteError, connect
from servermanager.model.definitions import DefinitionManager
from services_core import Packet, Reply
from services_core.payload import pack_payload

from ..harness.apvtest import BACKENDS, in_loop


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@in_loop
async def test_a_slice_follows_its_plane(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.RTAnalyticSource()
        plane = session.objects.Plane(Origin=(0, 0, 5), Normal=(0, 0, 1))
        cut = session.filters.Slice(Input=wavelet, SliceType=plane, SliceOffsetValues=[0.0, 2.0])
        info = await cut.update_pipeline()
        assert info.bounds == (-10, 10, -10, 10, 5, 7) and info.number_of_points == 2 * 21 * 21
        plane.Origin = (0, 0, -3)
        assert session.proxies.state(cut) == "modified"
        info = await cut.update_pipeline()
        assert info.bounds == (-10, 10, -10, 10, -3, -1)
        assert session.proxies.state(cut) == "unmodified"


@in_loop
async def test_the_default_object_is_there_once_the_definition_is(backend: str) -> None:
    async with connect(backend=backend) as session:
        cut = session.filters.Slice(Input=session.sources.RTAnalyticSource())
        assert (await cut.update_pipeline()).bounds == (0, 0, -10, 10, -10, 10)
        await cut.definition()
        cut.SliceType.Normal = (0, 0, 1)
        cut.SliceType.Origin = (0, 0, 4)
        assert (await cut.update_pipeline()).bounds == (-10, 10, -10, 10, 4, 4)
        cut.SliceType = "Sphere"
        cut.SliceType.Radius = 5.0
        bounds = (await cut.update_pipeline()).bounds
        assert bounds is not None and max(map(abs, bounds)) == pytest.approx(5.0, abs=0.1)
        with pytest.raises(TypeError, match=r"SliceType holds an object, not 3; set it to one of Plane, Box"):
            cut.SliceType = 3


@in_loop
async def test_objects_of_bare_classes_and_refusals(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere = session.objects.vtkSphere(Radius=3.0)
        clip = session.filters.vtkClipDataSet(Input=session.sources.RTAnalyticSource(), ClipFunction=sphere)
        assert (await clip.update_pipeline()).number_of_cells > 0
        wrong = session.filters.vtkClipDataSet(Input=clip, ClipFunction=session.objects.vtkTransform())
        with pytest.raises(RemoteError, match="ClipFunction cannot hold vtkTransform; it takes vtkAnnulus") as caught:
            await wrong.update_pipeline()
        assert caught.value.type_name == "InvalidProperty"
        with pytest.raises(ValueError, match="ClipDataSet2, ClipDataSet1 depend on it"):
            session.delete(sphere)
        session.delete(sphere, dependents=True)
        assert session.proxies.find_source("ClipDataSet1") is None


@in_loop
async def test_values_are_checked_where_they_are_set(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.RTAnalyticSource()
        await wavelet.definition()
        with pytest.raises(TypeError, match=r"RTAnalyticSource.Maximum takes a number, not str 'x'"):
            wavelet.Maximum = "x"
        with pytest.raises(ValueError, match=r"Center takes 3 values of type float, not 2"):
            wavelet.Center = (1, 2)
        with pytest.raises(ValueError, match=r"SubsampleRate takes an integer"):
            wavelet.SubsampleRate = 1.5
        assert (await wavelet.update_pipeline()).number_of_points == 21**3


@in_loop
async def test_domains_fill_in_when_the_server_has_answered(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        contour = session.filters.Contour(Input=wavelet)
        early = contour.domain("Isosurfaces")
        assert not early.known and "has not arrived" in early.why
        await contour.definition()
        assert "await update_domains" in contour.domain("Isosurfaces").why
        await contour.update_domains()
        domain = contour.domain("Isosurfaces")
        assert domain.known and domain.range == pytest.approx((37.35, 276.83), abs=0.01)
        assert contour.domain("ContourBy").entries == (("POINTS", "RTData"),)
        assert set(contour.reset_to_domain_defaults()) >= {"Isosurfaces", "ContourBy"}
        assert contour.Isosurfaces == [pytest.approx(157.09, abs=0.01)]
        assert (await contour.update_pipeline()).number_of_cells > 1000


@in_loop
async def test_types_are_listed_found_and_explained(backend: str) -> None:
    async with connect(backend=backend) as session:
        found = {one.name: one for one in await session.definitions.list("filters")}
        assert found["Slice"].curated and found["Slice"].summary and not found["Cutter"].curated
        assert "Slice" in dir(session.filters)
        names = [one.name for one in await session.definitions.find("implicit function")]
        assert names[0] in found
        cut = session.filters.Slice()
        assert "has not arrived" in cut.help() or "SliceOffsetValues" in cut.help()
        await cut.definition()
        assert "SliceOffsetValues: list of float" in cut.help() and "SliceType: a proxy of Plane" in cut.help()


def test_a_definition_that_arrives_at_this_very_moment_is_known() -> None:
    """Its reply is there, and the thread that brought it has not come to note it yet."""
    reply: Reply[Packet] = Reply()
    reply.resolve(pack_payload({}, {"name": "Sphere", "inputs": [], "properties": [{"name": "Radius"}]}))
    definitions = DefinitionManager(lambda: None)  # type: ignore[arg-type,return-value]  # nothing is asked of it
    definitions._asked["Sphere"] = reply
    assert asyncio.run(definitions.definition("Sphere"))["properties"] == [{"name": "Radius"}]


@pytest.mark.parametrize("name", ["AxisAlignedPlane", "Spline", "Sphere", "Plane", "Transform"])
@in_loop
async def test_an_object_can_be_changed_again_though_no_algorithm_is_called_so(name: str) -> None:
    async with connect(backend="inproc") as session:
        made = session.create_object(name)
        holder = {"Transform": "Transform", "Spline": "SplineSource", "AxisAlignedPlane": "AxisAlignedSlice"}
        of = session.create(holder.get(name, "Slice"))
        definition = await of.definition()
        place = next(one["name"] for one in definition["properties"] if name in one.get("candidates", ()))
        setattr(of, place, made)
        for entry in (await made.definition())["properties"]:
            if entry["kind"] != "object":
                setattr(made, entry["name"], entry["default"])
                await of.taken()  # raises what the server refuses
        assert made.set_values() and made.modified is False

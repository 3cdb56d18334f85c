"""Pictures on surfaces: drawn where the data says, from files below the data roots, by properties and functions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from vtkmodules.util.numpy_support import numpy_to_vtk

from servermanager import RemoteError, RenderViewProxy, Session, SourceProxy, connect, simple

from ..harness.apvtest import BACKENDS, Server, in_loop

RED, GREEN, BLUE, WHITE = [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def picture(path: Path) -> str:
    """Write a picture of four colors: red and green above, blue and white below."""
    Image.fromarray(np.array([[RED, GREEN], [BLUE, WHITE]], np.uint8)).save(path)
    return str(path)


def square(session: Session) -> tuple[RenderViewProxy, SourceProxy]:
    """Show nothing yet: a square from -0.5 to 0.5 fills the picture of 80 pixels."""
    view = session.views.RenderView(
        ViewSize=[80, 80],
        Background=[0, 0, 0],
        CameraPosition=[0, 0, 2],
        CameraFocalPoint=[0, 0, 0],
        CameraParallelProjection=True,
        CameraParallelScale=0.5,
    )
    return view, session.sources.Plane()


async def corners(view: RenderViewProxy) -> list[list[int]]:
    """Return the colors in the middles of the quarters: above left and right, below left and right."""
    pixels = (await view.screenshot(samples=1)).pixels
    return [pixels[y, x, :3].tolist() for y in (20, 60) for x in (20, 60)]


@in_loop
async def test_a_picture_lies_on_a_surface_as_its_coordinates_say(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        view, plane = square(session)
        shown = session.show(plane, view, Lighting=False, Color=[1, 1, 1], Texture=picture(tmp_path / "four.png"))
        assert await corners(view) == [RED, GREEN, BLUE, WHITE]
        shown.Texture = None
        assert await corners(view) == [WHITE] * 4
        shown.Texture = str(tmp_path / "four.png")
        turned = session.filters.Calculator(
            Input=plane, Function="iHat*(0.5-coordsX)+jHat*(0.5-coordsY)", ResultArrayName="turned"
        )
        twice = session.show(turned, view, Lighting=False, Color=[1, 1, 1], Texture=str(tmp_path / "four.png"))
        shown.Visibility = False
        assert await corners(view) == [RED, GREEN, BLUE, WHITE]
        twice.SelectTCoordArray = "turned"
        assert await corners(view) == [WHITE, BLUE, GREEN, RED], "by half a turn"
        twice.SelectTCoordArray = "nothing"
        with pytest.raises(RemoteError, match="SelectTCoordArray: there is no point array 'nothing'"):
            await view.ready()


@in_loop
async def test_what_cannot_be_shown_says_why(tmp_path: Path) -> None:
    async with connect() as session:
        view, plane = square(session)
        shown = session.show(plane, view)
        (tmp_path / "no.png").write_text("text")
        for path, why in (
            (tmp_path / "no.png", "no picture that can be read"),
            (tmp_path / "gone.png", "No such file"),
        ):
            shown.Texture = str(path)
            with pytest.raises(RemoteError, match=why):
                await view.screenshot()
        shown.delete()
        bare = session.show(session.sources.Wavelet(), view, Representation="Surface")
        bare.Texture = picture(tmp_path / "four.png")
        with pytest.raises(RemoteError, match=r"no texture coordinates.*TextureMaptoPlane"):
            await view.ready()
        bare.delete()
        mapped = session.filters.TextureMaptoPlane(Input=plane)
        session.show(mapped, view, Lighting=False, Color=[1, 1, 1], Texture=str(tmp_path / "four.png"))
        assert len({tuple(one) for one in await corners(view)}) == 4


@in_loop
async def test_a_changed_file_and_a_translucent_picture(tmp_path: Path) -> None:
    async with connect() as session:
        view, plane = square(session)
        shown = session.show(plane, view, Lighting=False, Color=[1, 1, 1], Texture=picture(tmp_path / "four.png"))
        assert (await corners(view))[0] == RED
        half = np.full((2, 2, 4), 255, np.uint8)
        half[:, 0, 3] = 0
        Image.fromarray(half).save(tmp_path / "half.png")
        shown.Texture = str(tmp_path / "half.png")
        assert await corners(view) == [[0, 0, 0], WHITE, [0, 0, 0], WHITE], "the left half is seen through"


@in_loop
async def test_pictures_are_read_below_the_data_roots_alone(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    with Server("zmq", "--data-root", str(inside)) as server:
        async with connect(server.url) as session:
            view, plane = square(session)
            shown = session.show(plane, view, Lighting=False, Texture=picture(inside / "four.png"))
            assert (await corners(view))[0] == RED
            shown.Texture = picture(outside / "four.png")
            with pytest.raises(RemoteError, match="lets clients use files below"):
                await view.screenshot()


@in_loop
async def test_normals_are_those_of_an_array() -> None:
    async with connect() as session:
        view, plane = square(session)
        data = (await plane.fetch()).to_vtk()
        tilted = numpy_to_vtk(np.tile([0.0, -np.sin(1.2), np.cos(1.2)], (data.GetNumberOfPoints(), 1)), deep=True)
        tilted.SetName("tilted")
        data.GetPointData().AddArray(tilted)
        sent = await session.send_data(data)
        shown = session.show(sent, view, Color=[0.5, 0.5, 0.5])
        bright = (await corners(view))[0][0]
        shown.SelectNormalArray = "tilted"
        dark = (await corners(view))[0][0]
        assert dark < bright - 40
        shown.SelectNormalArray = "Normals"
        assert (await corners(view))[0][0] == bright


@in_loop
@pytest.mark.parametrize("name", ["textured.json", "textured.pvsm"])
async def test_pictures_are_in_states(tmp_path: Path, name: str) -> None:
    async with connect() as session:
        view, plane = square(session)
        look = {"Color": [1, 1, 1], "Ambient": 1.0, "Diffuse": 0.0}
        session.show(plane, view, Texture=picture(tmp_path / "four.png"), **look)
        assert await corners(view) == [RED, GREEN, BLUE, WHITE]
        await session.save_state(tmp_path / name)
    async with connect() as session:
        await session.load_state(tmp_path / name)
        (loaded,) = session.all_views()
        assert isinstance(loaded, RenderViewProxy) and await corners(loaded) == [RED, GREEN, BLUE, WHITE]


@pytest.fixture
def no_session_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("APV_COMMUNICATION_BACKEND", "inproc")
    yield
    simple.Disconnect()


@pytest.mark.usefixtures("no_session_is_left")
def test_functions_of_paraview_make_textures(tmp_path: Path) -> None:
    path, other = picture(tmp_path / "four.png"), tmp_path / "green.png"
    Image.fromarray(np.full((2, 2, 3), GREEN, np.uint8)).save(other)
    view = simple.CreateRenderView(ViewSize=[40, 40], OrientationAxesVisibility=0)
    shown: Any = simple.Show(simple.Plane(), view, Lighting=0)
    texture = simple.CreateTexture(path)
    shown.Texture = texture
    assert shown.Texture is texture and simple.FindTextureOrCreate("four.png") is texture
    view.update(CameraParallelProjection=True, CameraParallelScale=0.5, CameraPosition=[0, 0, 2])
    simple._DisableFirstRenderCameraReset()
    assert view.screenshot(samples=1).pixels[10, 10, :3].tolist() == RED
    texture.FileName = other
    assert view.screenshot(samples=1).pixels[10, 10, :3].tolist() == GREEN
    shown.Texture = None
    assert shown.Texture is None
    with pytest.raises(ValueError, match="name the picture"):
        simple.FindTextureOrCreate("nothing")
    with pytest.raises(ValueError, match="from memory"):
        simple.CreateTexture(trivial_producer_key="x")


@in_loop
async def test_a_picture_stands_behind_the_scene(tmp_path: Path) -> None:
    async with connect() as session:
        view, plane = square(session)
        plane.update_vtk_objects()
        session.show(session.sources.Plane(Origin=(-0.1, -0.1, 0), Point1=(0.1, -0.1, 0), Point2=(-0.1, 0.1, 0)), view)
        view.BackgroundTexture = picture(tmp_path / "four.png")
        assert (await corners(view))[0] == [0, 0, 0], "not before it is to be used"
        view.UseTexturedBackground = True
        pixels = (await view.screenshot(samples=1)).pixels
        found = [pixels[y, x, :3].tolist() for y in (2, 77) for x in (2, 77)]
        assert found == [RED, GREEN, BLUE, WHITE]
        assert (await view.screenshot(samples=1, transparent=True)).pixels[2, 2, 3] == 0
        view.BackgroundTexture = str(tmp_path / "none.png")
        with pytest.raises(RemoteError, match="No such file"):
            await view.screenshot()

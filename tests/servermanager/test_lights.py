"""Lights of a view as objects: drawn, changed, undone, in states of both kinds, and by ParaView's functions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from servermanager import LightProxy, RenderViewProxy, Session, connect, simple

from ..harness.apvtest import BACKENDS, in_loop


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def dark_ball(session: Session) -> RenderViewProxy:
    """Show a white ball from the front without any light, on black."""
    view = session.views.RenderView(
        ViewSize=[120, 120],
        Background=[0, 0, 0],
        UseLightKit=False,
        CameraPosition=[0, 0, 4],
        CameraFocalPoint=[0, 0, 0],
    )
    ball = session.sources.Sphere(Radius=1.0, ThetaResolution=64, PhiResolution=64)
    session.show(ball, view, Color=[1, 1, 1])
    return view


async def look(view: RenderViewProxy) -> np.ndarray[Any, Any]:
    pixels: np.ndarray[Any, Any] = (await view.screenshot(samples=1)).pixels[:, :, :3].astype(float)
    return pixels


@in_loop
async def test_lights_shine_from_where_they_stand(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = dark_ball(session)
        red = view.add_light(Position=(10, 0, 1), DiffuseColor=(1, 0, 0))
        assert view.lights == (red,) and isinstance(red, LightProxy)
        seen = await look(view)
        assert seen[60, 95, 0] > 120 > 20 > seen[60, 25, 0], "from the right"
        assert (seen[:, :, 1:] == 0).all(), "red alone"
        red.Position = (-10, 0, 1)
        seen = await look(view)
        assert seen[60, 25, 0] > 120 > 20 > seen[60, 95, 0], "from the left"
        red.Coords = "Headlight"
        seen = await look(view)
        assert seen[60, 60, 0] > 240 and seen[60, 25, 0] == pytest.approx(seen[60, 95, 0], abs=12)
        red.Intensity = 0.5
        assert (await look(view))[60, 60, 0] == pytest.approx(seen[60, 60, 0] / 2, abs=6)
        green = view.add_light(Coords="Camera", Position=(0, 1, 0), FocalPoint=(0, 0, 0), DiffuseColor=(0, 1, 0))
        seen = await look(view)
        assert seen[25, 60, 1] > 120 > 20 > seen[95, 60, 1], "from above, wherever the camera is"
        view.orbit(90)
        turned = await look(view)
        assert turned[25, 60, 1] > 120 > 20 > turned[95, 60, 1]
        green.Enable = False
        assert ((await look(view))[:, :, 1] == 0).all()
        red.delete()
        assert view.lights == (green,)
        with pytest.raises(ValueError, match="was deleted"):
            red.Intensity = 1.0
        session.undo.undo()
        assert len(view.lights) == 2
        with pytest.raises(ValueError, match="Known: Ambient, Camera, Headlight, Scene"):
            green.Coords = "Sky"
        with pytest.raises(ValueError, match="Known: Ambient, Camera, Headlight, Scene"):
            green.Coords = True  # and not the first of them
        with pytest.raises(AttributeError, match="did you mean Position"):
            green.Positon = (1, 2, 3)


@in_loop
async def test_a_cone_lights_a_spot() -> None:
    async with connect() as session:
        view = dark_ball(session)
        view.add_light(Type="Positional", Position=(0, 0, 4), FocalPoint=(0, 0, 0), ConeAngle=5.0)
        seen = await look(view)
        assert seen[60, 60, 0] > 200 and seen[60, 85, 0] < 20
        view.lights[0].ConeAngle = 90.0
        assert (await look(view))[60, 85, 0] > 60


@in_loop
async def test_a_light_is_given_to_a_view(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = dark_ball(session)
        light = session.create_light(Position=(10, 0, 1))
        light.Intensity = 0.9
        assert not light.is_held() and light.Position == [10, 0, 1]
        view.AdditionalLights = [light]
        assert light.is_held() and light.Intensity == 0.9 and (await look(view))[:, :40].max() < 40, (
            "from the right alone"
        )
        light.DiffuseColor = (0, 0, 1)
        assert (await look(view))[:, :, 0].max() == 0
        other = dark_ball(session)
        with pytest.raises(ValueError, match="is of another view"):
            other.AdditionalLights = [light]
        view.AdditionalLights = []
        other.AdditionalLights = [light, [5, 0, 5, 1, 0, 0, 1.0]]
        assert other.lights[1].set_values() == {
            "Type": "Positional", "ConeAngle": 180.0, "Position": [5, 0, 5], "DiffuseColor": [1, 0, 0], "Intensity": 1.0
        }  # fmt: skip
        assert (await look(other))[60, 95, 2] > 100
        with pytest.raises(TypeError, match="a list of lights"):
            other.AdditionalLights = "sun"


@in_loop
@pytest.mark.parametrize("name", ["lights.json", "lights.pvsm"])
async def test_lights_are_in_states(tmp_path: Path, name: str) -> None:
    async with connect() as session:
        view = dark_ball(session)
        view.add_light(Position=(10, 0, 1), DiffuseColor=(1, 0.5, 0), Name="sun")
        view.add_light(Coords="Headlight", Intensity=0.2, Enable=False)
        before = await look(view)
        await session.save_state(tmp_path / name)
        await session.save_script(tmp_path / "lights.py")
    assert ".add_light(Position=[10, 0, 1]" in (tmp_path / "lights.py").read_text()
    async with connect() as session:
        loaded = await session.load_state(tmp_path / name)
        (seen,) = session.all_views()
        assert isinstance(seen, RenderViewProxy)
        sun, head = seen.lights
        assert (sun.Position, sun.DiffuseColor, sun.Name) == ([10, 0, 1], [1, 0.5, 0], "sun")
        assert (head.Coords, head.Intensity, bool(head.Enable)) == ("Headlight", 0.2, False)
        np.testing.assert_allclose(await look(seen), before, atol=3)
        assert not [one for one in getattr(loaded, "not_understood", ()) if "ight" in str(one)]


@pytest.fixture
def no_session_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("APV_COMMUNICATION_BACKEND", "inproc")
    yield
    simple.Disconnect()


@pytest.mark.usefixtures("no_session_is_left")
def test_functions_of_paraview_make_lights() -> None:
    view = simple.CreateRenderView(ViewSize=[60, 60])
    light = simple.AddLight()
    assert (light.Coords, light.Intensity, light.Position) == ("Scene", 1.0, [0.0, 0.0, 1.0])
    light.Coords, light.Type, light.Intensity = "Camera", "Positional", 0.3
    assert simple.GetLight(0, view) is light and simple.GetLight(1, view) is None
    assert simple.GetViewForLight(light) is view
    loose = simple.CreateLight()
    assert simple.GetViewForLight(loose) is None
    view.AdditionalLights = [light, loose]
    assert simple.GetLight(1) is loose and light.Intensity == 0.3
    simple.RemoveLight(light)
    assert simple.GetLight(0) is loose and simple.GetLight(1) is None
    with pytest.raises(TypeError, match="takes a light"):
        simple.RemoveLight(view)

"""Movements of the camera that are said before the data is there, and those after it: the same camera, and picture."""

from __future__ import annotations

import json
import math
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from servermanager import RenderViewProxy, Session, connect

from ..harness.apvtest import BACKENDS, Server, in_loop

CAMERA = ("CameraPosition", "CameraFocalPoint", "CameraViewUp", "CameraParallelScale")


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def move(view: Any) -> None:
    view.reset_camera("-Z")
    view.orbit(30, 20)
    view.zoom(1.5)
    view.pan(0.1, -0.2)
    view.CameraParallelProjection = True
    view.zoom(2.0)
    view.roll(15)
    view.rotate(0.1, 0.05)


async def cameras(session: Session) -> None:
    found, pictures = [], []
    box = session.sources.CubeSource(XLength=2.0, YLength=4.0, ZLength=6.0, Center=(10, 20, 30))
    for early in (False, True):
        view = session.views.RenderView(ViewSize=[80, 60])
        if early:
            move(view)
            await view.properties()  # all of it was done there, and nothing is shown
        session.show(box, view)
        if not early:
            await view.ready()
            move(view)
        pictures.append((await view.screenshot(format="rgb")).pixels)
        found.append(await view.camera())
    for name in CAMERA:
        np.testing.assert_allclose(found[0][name], found[1][name], rtol=1e-9, atol=1e-9, err_msg=name)
    assert found[0]["CameraParallelScale"] == pytest.approx(2.1 / 2)
    offset = np.subtract(found[0]["CameraPosition"], found[0]["CameraFocalPoint"])
    assert np.linalg.norm(offset) == pytest.approx((3 + 2.1 / math.tan(math.radians(15))) / 1.5)
    assert pictures[0].std() > 10 and (pictures[0] == pictures[1]).mean() > 0.99


@in_loop
async def test_movements_before_the_first_picture_are_made_again_in_a_new_worker() -> None:
    """The fit was, and they were not: the camera stood as if nobody had moved it."""
    found = []
    async with connect(backend="zmq") as session:
        for dies in (False, True):
            view = session.views.RenderView(ViewSize=[80, 60])
            view.rotate(0.3, 0.1)
            view.reset_camera("-Z")
            view.start_interaction()
            view.orbit(30, 20)
            view.zoom(1.5)
            view.end_interaction()
            view.pan(0.1, -0.2)
            if dies:
                await view.properties()
                await session.restart()
            session.show(session.sources.CubeSource(XLength=2.0, YLength=4.0, ZLength=6.0), view)
            found.append(await view.camera())
            await view.screenshot()
            view.zoom(2.0)  # from now on it is where it was seen last
            if dies:
                seen = [*(await view.screenshot()).camera.values()]
                await session.restart()
                assert [*(await view.camera()).values()] == [pytest.approx(value) for value in seen]
            view.delete()
    for name in CAMERA:
        np.testing.assert_allclose(found[1][name], found[0][name], rtol=1e-9, atol=1e-9, err_msg=name)


@in_loop
async def test_a_state_of_an_empty_view_keeps_how_its_camera_is_moved(backend: str, tmp_path: Path) -> None:
    """It kept where it looks, and neither zoom nor pan. In a script, too; and with a damaged state nothing is made."""
    found = []
    for how in ("as it is", "state", "script"):
        async with connect(backend=backend) as session:
            if how == "as it is":
                view = session.views.RenderView(ViewSize=[80, 60], CameraViewAngle=40.0)
                view.reset_camera("-Z")
                view.orbit(30, 20)
                view.zoom(1.5)
                view.pan(0.1, 0.0)
                view.rotate(0.1, 0.05)
                view.roll(15)
                view.zoom_at(1.25, 0.2, -0.1)
                await session.save_state(tmp_path / "empty.json")
                await session.save_script(tmp_path / "empty.py")
            elif how == "state":
                await session.load_state(tmp_path / "empty.json")
            else:
                script = (tmp_path / "empty.py").read_text()
                moves = [line for line in script.splitlines() if line.lstrip().startswith("view")]
                assert [line.split(".", 1)[1].split("(")[0] for line in moves if "." in line.split("=")[0]] == [
                    "reset_camera", "orbit", "zoom", "pan", "rotate", "roll", "zoom_at",
                ]  # fmt: skip
                exec("\n".join(line.strip() for line in moves), {"session": session})  # noqa: S102 (what was written just now)
            there = session.all_views()[0]
            assert isinstance(there, RenderViewProxy)
            session.show(session.sources.CubeSource(XLength=2.0, YLength=4.0, ZLength=6.0, Center=(10, 20, 30)), there)
            found.append(await there.camera())
    for camera in found[1:]:
        for name in (*CAMERA, "CameraViewAngle"):
            np.testing.assert_allclose(camera[name], found[0][name], rtol=1e-9, atol=1e-9, err_msg=name)
    state = json.loads((tmp_path / "empty.json").read_text())
    for wrong, why in (
        ({"movements": 3}, "a value of type list was expected"),
        ({"direction": "up", "movements": []}, "direction"),
        ({"movements": [{"kind": "close"}]}, "movement"),
        ({"movements": [{"kind": "zoom", "factor": "2"}]}, "zoom takes numbers as factor"),
        ({"movements": [{"kind": "zoom", "dx": 2}]}, "zoom takes numbers as factor"),
    ):
        state["views"][0]["moved"] = wrong
        (tmp_path / "wrong.json").write_text(json.dumps(state))
        async with connect(backend=backend) as session:
            with pytest.raises(ValueError, match=rf"views\[0\]\.moved.*{why}"):
                await session.load_state(tmp_path / "wrong.json")
            assert not session.all_views()


@pytest.mark.parametrize("where", ["built in", "remote"])
@in_loop
async def test_movements_are_the_same_before_the_data_and_after_it(backend: str, where: str) -> None:
    server: AbstractContextManager[Any] = Server(backend) if where == "remote" else nullcontext()
    with server as running:
        async with connect(running.url) if running else connect(backend=backend) as session:
            await cameras(session)

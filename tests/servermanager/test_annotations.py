"""Axes, grids, texts and lights, by the pixels that they change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from servermanager import RemoteError, RenderViewProxy, Session, connect

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.unchecked import tell_unchecked

CAMERA = {"CameraPosition": [0, 0, 6], "CameraFocalPoint": [0, 0, 0], "CameraViewUp": [0, 1, 0]}


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def ball(session: Session, **properties: Any) -> RenderViewProxy:
    view = session.views.RenderView(ViewSize=[240, 180], Background=[0, 0, 0], UseFXAA=False, **CAMERA, **properties)
    session.show(session.create("vtkSphereSource", ThetaResolution=32, PhiResolution=32), view)
    return view


async def look(view: RenderViewProxy) -> np.ndarray:
    return (await view.screenshot(format="rgb")).pixels.astype(int)


def changed(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Which pixels differ."""
    return np.asarray((before != after).any(axis=2))


@in_loop
async def test_orientation_axes_stand_in_their_corner_and_turn_with_the_camera(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = ball(session)
        bare = await look(view)
        view.update(OrientationAxesVisibility=True)
        axes = await look(view)
        where = np.argwhere(changed(bare, axes))
        assert len(where) > 50 and where[:, 0].min() >= 90 and where[:, 1].max() < 96  # the lower left corner
        corner = axes[90:, :96]
        red = np.argwhere((corner[..., 0] > 150) & (corner[..., 1] < 80))
        green = np.argwhere((corner[..., 1] > 150) & (corner[..., 0] < 80))
        assert red[:, 1].max() > green[:, 1].max() and green[:, 0].min() < red[:, 0].min()  # x right, y up
        view.update(CameraViewUp=[1, 0, 0])
        turned = (await look(view))[90:, :96]
        red = np.argwhere((turned[..., 0] > 150) & (turned[..., 1] < 80))
        green = np.argwhere((turned[..., 1] > 150) & (turned[..., 0] < 80))
        assert red[:, 0].min() < green[:, 0].min() and green[:, 1].min() < red[:, 1].min()  # x up, y left
        view.update(OrientationAxesVisibility=False, CameraViewUp=[0, 1, 0])
        np.testing.assert_array_equal(await look(view), bare)


@in_loop
async def test_axes_and_texts_are_not_picked(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = ball(session, OrientationAxesVisibility=True, AxesGridVisibility=True)
        view.add_text("covers everything " * 3, WindowLocation="Lower Center", FontSize=30)
        assert await view.pick(10, 170) is None
        picked = await view.pick(120, 90)
        assert picked is not None and picked.cell is not None


@in_loop
async def test_a_grid_of_axes_surrounds_the_data(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = ball(session)
        bare = await look(view)
        view.update(AxesGridVisibility=True, AxesGridColor=[0, 1, 0], XTitle="distance")
        grid = await look(view)
        where = changed(bare, grid) & (bare == 0).all(axis=2)  # not before or behind the ball
        assert where.sum() > 200
        lines = grid[where]
        assert (lines[:, 1] > 0).all() and (lines[:, [0, 2]] == 0).all()  # green
        view.update(AxesGridVisibility=False)
        np.testing.assert_array_equal(await look(view), bare)


@in_loop
async def test_texts_stand_where_and_in_the_colour_they_should(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = ball(session)
        bare = await look(view)
        title = view.add_text("Pressure", WindowLocation="Upper Right Corner", Color=[1, 0, 0], FontSize=20)
        where = np.argwhere(changed(bare, await look(view)))
        assert len(where) > 100 and where[:, 0].max() < 60 and where[:, 1].min() > 120
        title.update(Text="Pressure in the middle", WindowLocation="Lower Left Corner")
        moved = await look(view)
        where = np.argwhere(changed(bare, moved))
        assert where[:, 0].min() > 120 and where[:, 1].min() < 20
        assert (moved[changed(bare, moved)][:, 1:] < 60).all()
        title.delete()
        np.testing.assert_array_equal(await look(view), bare)


@in_loop
async def test_lights(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = ball(session)
        kit = await look(view)
        view.update(LightKitIntensity=0.3)
        dim = await look(view)
        assert dim[90, 120].sum() < kit[90, 120].sum() * 0.7
        view.update(UseLightKit=False)
        unlit = await look(view)
        assert set(map(tuple, unlit.reshape(-1, 3))) == {(0, 0, 0), (255, 255, 255)}  # without lights, plain colours
        view.update(AdditionalLights=[[5, 0, 5, 1, 0, 0, 1.0]])
        red = await look(view)
        lit = red[(red > 0).any(axis=2)]
        assert len(lit) > 100 and (lit[:, 1:] == 0).all()
        assert red[90, 140, 0] > red[90, 100, 0]  # from the right


@in_loop
async def test_what_a_view_cannot_do_says_why(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = ball(session)
        found = await view.capabilities()
        assert found["window"] and (found["ray_tracing"] is False) == ("why_no_ray_tracing" in found)
        if not found["ray_tracing"]:
            view.update(EnableRayTracing=True)
            with pytest.raises(RemoteError, match="built without OSPRay"):
                await view.screenshot()
            view.update(EnableRayTracing=False)
        for wrong, words in (
            ({"Texts": [{"Txet": "x"}]}, "a map with Text, WindowLocation"),
            ({"AdditionalLights": [[0, 0, 0]]}, "expected 7 numbers"),
        ):
            tell_unchecked(view, **wrong)
            with pytest.raises(RemoteError, match=words):
                await view.screenshot()
            tell_unchecked(view, **{name: [] for name in wrong})
        assert (await look(view)).any()


@in_loop
async def test_two_views_have_annotations_of_their_own(backend: str) -> None:
    async with connect(backend=backend) as session:
        first, second = ball(session, OrientationAxesVisibility=True), ball(session)
        bare = await look(second)
        assert changed(await look(first), bare).any()
        np.testing.assert_array_equal(await look(second), bare)


@in_loop
async def test_axes_stand_at_the_center_of_rotation(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(
            ViewSize=[100, 100],
            Background=[0, 0, 0],
            CameraPosition=[0, 0, 20],
            CameraFocalPoint=[0, 0, 0],
            CameraParallelProjection=True,
            CameraParallelScale=5,
            CenterOfRotation=[1, 1, 0],
        )
        session.show(
            session.sources.Box(XLength=8, YLength=8, ZLength=8), view, Representation="Outline", Color=[0, 0, 1]
        )
        before = await look(view)
        view.CenterAxesVisibility = True
        after = await look(view)
        changed = np.argwhere((before != after).any(axis=2))
        # From (-1, 1) to (3, 1) along x, and from (1, -1) to (1, 3) along y; a pixel is a tenth of a unit.
        assert changed.min(axis=0).tolist() == pytest.approx([20, 40], abs=2)
        assert changed.max(axis=0).tolist() == pytest.approx([60, 80], abs=2)
        assert after[39:42, 70, 0].max() > 150 > after[39:42, 70, 1].max(), "x is red"
        assert after[25, 59:62, :2].max(axis=0).min() > 150, "y is yellow"
        picked = await view.pick(60, 25)
        assert picked is None, "they cannot be picked"

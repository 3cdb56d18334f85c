"""Paths of light in scenes whose light is known: what surfaces shine with, where shadows are, who is interrupted."""

from __future__ import annotations

import importlib.util
import threading
import time
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.errors import PictureInterrupted
from apvserver.vtk.rendering.tracing.gathering import meshes_of, roundness
from apvserver.vtk.rendering.tracing.glyph_shapes import turning
from apvserver.vtk.rendering.tracing.mitsuba_engine import Engine
from apvserver.vtk.rendering.tracing.traced_scene import Aim, Sky, TracedMesh, TracedScene, as_shown, linear
from servermanager import PictureWarning, Session, connect, examples

from ..harness.apvtest import in_loop
from ..harness.time_limits import scaled

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("mitsuba") is None, reason="Mitsuba is not installed: pip install '.[raytracing]'"
)

SIZE = (60, 40)
DARK = {"UseLightKit": False, "Background": [0.0, 0.0, 1.0]}
SUN = {"Coords": "Scene", "Position": [0.0, 0.0, 5.0], "FocalPoint": [0.0, 0.0, 0.0]}


@pytest.fixture(autouse=True)
def _remarks_are_read() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*paths are not traced")
        yield


def square(session: Session, view: Any, half: float, height: float, **look: Any) -> Any:
    plane = session.sources.Plane(
        Origin=[-half, -half, height], Point1=[half, -half, height], Point2=[-half, half, height]
    )
    return session.show(plane, view, **look)


def traced(session: Session, **properties: Any) -> Any:
    """A view from above, at which x is to the right and y up: 6 units are 40 pixels."""
    from_above = {"CameraPosition": [0.0, 0.0, 20.0], "CameraFocalPoint": [0.0, 0.0, 0.0], "CameraViewUp": [0, 1, 0]}
    flat = {"CameraParallelProjection": True, "CameraParallelScale": 3.0}
    rays = {"EnableRayTracing": True, "ProgressivePasses": 4, "SamplesPerPixel": 16}
    return session.views.RenderView(**{"ViewSize": SIZE, **DARK, **from_above, **flat, **rays, **properties})


async def seen(view: Any, **options: Any) -> Any:
    return (await view.screenshot(format="rgb", **options)).pixels.astype(float) / 255.0


def shines(*colors: Any) -> Any:
    """What a screen shows of the product of colors that are told as screens show them."""
    product = np.ones(3)
    for one in colors:
        product = product * (linear(one) if np.ndim(one) else one)
    return as_shown(product)


@in_loop
async def test_a_surface_under_an_even_sky_shines_with_its_part_of_that() -> None:
    sky, color = [0.7, 0.6, 0.5], [0.9, 0.5, 0.2]
    async with connect(backend="inproc") as session:
        view = traced(session, UseEnvironmentLighting=True, EnvironmentalBG=sky)
        square(session, view, 2.0, 0.0, Color=color)
        picture = await seen(view)
    assert picture[15:25, 25:35].mean(axis=(0, 1)) == pytest.approx(shines(color, sky), abs=0.01)
    assert picture[0, 0] == pytest.approx([0.0, 0.0, 1.0])  # the background is the view's, not the sky


@in_loop
async def test_what_stands_before_a_light_has_a_shadow_and_light_is_scaled() -> None:
    color, light = [0.8, 0.8, 0.4], {**SUN, "Intensity": 0.5, "DiffuseColor": [1.0, 1.0, 1.0]}
    async with connect(backend="inproc") as session:
        view = traced(session, AdditionalLights=[light])
        square(session, view, 2.5, 0.0, Color=color)
        square(session, view, 0.5, 1.0, Color=[0.0, 0.0, 0.0])
        view.update(CameraPosition=[20.0, 0.0, 20.0], CameraParallelScale=3.0)
        lit = await seen(view)
        view.LightScale = 2.0
        brighter = await seen(view)
        view.update(AdditionalLights=[{**light, "Enable": False}])
        dark = await seen(view)
    # From 45 degrees at the right a place is seen (x - z) / 1.41 units beside the middle: a shadow beside its square.
    shadow, floor = lit[18:22, 29:31], lit[18:22, 36:39]
    assert shadow.max() == 0.0 and floor.mean(axis=(0, 1)) == pytest.approx(shines(color, 0.5), abs=0.005)
    assert brighter[18:22, 36:39].mean(axis=(0, 1)) == pytest.approx(shines(color, 1.0), abs=0.005)
    assert dark[18:22, 36:39].max() == 0.0


@in_loop
async def test_numbers_color_surfaces_and_translucent_ones_let_light_through() -> None:
    async with connect(backend="inproc") as session:
        view = traced(session, UseEnvironmentLighting=True, EnvironmentalBG=[1.0, 1.0, 1.0], ProgressivePasses=16)
        shown = square(session, view, 2.0, 0.0, Opacity=0.25)
        above = await seen(view)
        shown.update(Opacity=1.0, ColorBy=["POINTS", "TextureCoordinates", "X"], LookupTable="Grayscale")
        ramp = await seen(view)
    assert above[10:30, 20:40].mean(axis=(0, 1)) == pytest.approx([0.25, 0.25, 1.0], abs=0.02)
    columns = ramp[10:30, 20:40].mean(axis=(0, 2))
    assert np.all(np.diff(columns) > 0.0) and columns[-1] - columns[0] > 0.5


@in_loop
async def test_paths_and_opengl_see_the_same_places() -> None:
    async with connect(backend="inproc") as session:
        view = traced(session, ViewSize=[160, 120], Background=[0.0, 0.0, 0.0], UseLightKit=True, ProgressivePasses=1)
        wavelet = session.sources.RTAnalyticSource(WholeExtent=[-3, 3, -3, 3, -3, 3])
        gradient = session.filters.Gradient(Input=wavelet, ScalarArray=["POINTS", "RTData"], ResultArrayName="slope")
        few = session.filters.MaskPoints(Input=gradient, OnRatio=9, GenerateVertices=True)
        arrows = {"Representation": "3D Glyphs", "OrientationArray": ["POINTS", "slope"], "ScaleFactor": 2.0}
        shown = session.show(few, view, **arrows)
        view.update(CameraPosition=[12.0, 9.0, 14.0], CameraFocalPoint=[1.0, 0.0, 0.0], CameraParallelScale=5.0)
        for change in (
            {},
            {"CameraParallelProjection": False},
            {"CameraFocalPoint": [-2.0, 1.0, 0.0]},
        ):
            view.update(**change)
            await differ_little(view)
        shown.update(Representation="Point Gaussian", GaussianRadius=0.4)
        balls, soft = await covered(view, True) > 0.5, await covered(view, False) > 0.0
        assert balls.sum() > 300 and (balls & ~soft).sum() < 0.05 * balls.sum()  # within where soft ones fade


async def differ_little(view: Any) -> None:
    by_paths, by_opengl = await covered(view, True), await covered(view, False)
    assert (by_opengl > 0.5).sum() > 500
    assert np.abs(by_paths - by_opengl).mean() < 0.1 * by_opengl.mean()  # of thin arrows much is edge
    for axis in (0, 1):
        middles = [
            np.average(np.arange(one.shape[axis]), weights=one.sum(axis=1 - axis)) for one in (by_paths, by_opengl)
        ]
        assert middles[0] == pytest.approx(middles[1], abs=0.25)


async def covered(view: Any, paths: bool) -> Any:
    """How much of each pixel is covered."""
    view.EnableRayTracing = paths
    return (await view.screenshot(format="rgba", transparent=True, samples=8)).pixels[..., 3] / 255.0


@in_loop
async def test_what_is_left_to_opengl_is_told_and_hidden_by_what_is_traced() -> None:
    async with connect(backend="inproc") as session:
        view = traced(session, UseEnvironmentLighting=True, EnvironmentalBG=[1.0, 1.0, 1.0])
        square(session, view, 1.0, 1.0, Color=[1.0, 0.0, 0.0])
        line = session.sources.Line(Point1=[-3, 0.05, 0], Point2=[3, 0.05, 0])
        session.show(line, view, Color=[0.0, 1.0, 0.0], LineWidth=4.0)
        picture = await view.screenshot(format="rgb")
        clear = (await view.screenshot(format="rgba", transparent=True)).pixels
    assert any("OpenGL draws that" in one for one in picture.remarks)
    across = picture.pixels[19:21].mean(axis=0)
    assert across[30] == pytest.approx([255.0, 0.0, 0.0], abs=3)  # the square is before it
    assert across[15] == pytest.approx([0.0, 255.0, 0.0], abs=3) and across[45] == pytest.approx([0, 255, 0], abs=3)
    assert clear[0, 0, 3] == 0 and clear[20, 30, 3] == 255 and clear[20, 15, 3] == 255


@in_loop
async def test_what_has_no_effect_on_traced_pictures_is_told_once_it_is_asked_for() -> None:
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[40, 30], EnableRayTracing=1, ProgressivePasses=1)
        session.show(session.sources.Sphere(), view)
        assert (await view.screenshot()).remarks == ()
        view.update(Denoise=1, BackEnd="OSPRay raycaster")
        with (
            pytest.warns(PictureWarning, match="BackEnd is .OSPRay raycaster."),
            pytest.warns(match="Denoise has no effect"),
        ):
            told = (await view.screenshot()).remarks
        assert [one.split(" ")[0] for one in told] == ["Denoise", "BackEnd"]
        view.EnableRayTracing = 0
        assert (await view.screenshot()).remarks == ()


@in_loop
async def test_images_get_better_pass_after_pass_and_begin_anew_when_something_moves() -> None:
    async with connect(backend="inproc") as session:
        view = traced(session, UseEnvironmentLighting=True, EnvironmentalBG=[1, 1, 1], ProgressivePasses=8)
        view.SamplesPerPixel = 1
        square(session, view, 2.0, 0.0, Color=[0.5, 0.5, 0.5])
        levels: list[int] = []
        moved = False
        async for image in view.images(format="rgb"):
            levels.append(image.level)
            if image.still and image.level == 8:
                if moved:
                    break
                moved = True
                view.CameraParallelScale = 4.0
                levels.clear()
        middle = image.pixels[18:22, 28:32].mean()
    assert 1 in levels and levels[-1] == 8 and levels == sorted(levels)
    assert middle == pytest.approx(127.5, abs=4)


@in_loop
async def test_a_screenshot_of_another_size_leaves_the_picture_at_rest_as_it_is() -> None:
    async with connect(backend="inproc") as session:
        view = traced(session, UseEnvironmentLighting=True, EnvironmentalBG=[1, 1, 1], ProgressivePasses=64)
        square(session, view, 2.0, 0.0, Color=[0.5, 0.5, 0.5])
        taken = False
        async for image in view.images(format="rgb"):
            if image.level == 4 and not taken:
                taken = True
                larger = (await view.screenshot(format="rgb", size=(120, 80))).pixels
            if image.still and image.level == 64:
                break
    at_rest = image.pixels.astype(int)
    assert taken and at_rest.shape == (40, 60, 3)
    assert at_rest[18:22, 28:32].mean() == pytest.approx(127.5, abs=3) and at_rest[2, 2].tolist() == [0, 0, 255]
    assert np.abs(at_rest - larger[::2, ::2].astype(int)).mean() < 6


def test_corners_that_are_nowhere_take_their_faces_along_and_many_balls_are_less_round() -> None:
    corners = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [np.nan, 0.0, 0.0]])
    faces = np.array([[0, 1, 2], [1, 2, 3]], np.uint32)
    mesh = TracedMesh(corners, None, faces, None, None, (1.0, 1.0, 1.0), 1.0)
    lost = TracedMesh(corners, None, faces[1:], None, None, (1.0, 1.0, 1.0), 1.0)
    (found,) = meshes_of([lambda: mesh, lambda: lost, lambda: None])
    assert found.faces.tolist() == [[0, 1, 2]] and np.isfinite(found.positions).all()
    assert [roundness(count) for count in (10, 100_000, 700_000, 30_000_000)] == [(24, 13), (12, 8), (6, 4), None]


@in_loop
async def test_a_scene_of_which_nothing_can_be_traced_is_opengls() -> None:
    async with connect(backend="inproc") as session:
        view = traced(session)
        line = session.sources.Line(Point1=[-3, 0.05, 0], Point2=[3, 0.05, 0])
        session.show(line, view, Color=[0.0, 1.0, 0.0], LineWidth=4.0)
        picture = (await view.screenshot(format="rgb")).pixels
    assert picture[19:21, 15:45].mean(axis=(0, 1)) == pytest.approx([0.0, 255.0, 0.0], abs=3)
    assert picture[0, 0].tolist() == [0, 0, 255]


def triangle() -> TracedMesh:
    corners = np.array([[-5.0, -5.0, 0.0], [5.0, -5.0, 0.0], [0.0, 8.0, 0.0]])
    return TracedMesh(corners, None, np.array([[0, 1, 2]], np.uint32), None, None, (0.5, 0.25, 1.0), 1.0)


def test_samples_that_nobody_wants_any_more_end_soon_and_others_come_after() -> None:
    far = (4e6, -3e6, 50.0)  # places far from the origin keep their digits
    mesh = triangle()
    moved = TracedMesh(mesh.positions + np.array(far), None, mesh.faces, None, None, mesh.color, 1.0)
    engine = Engine(TracedScene((moved,), (), Sky((1.0, 1.0, 1.0), (1.0, 1.0, 1.0)), far), 5)
    above = (far[0], far[1], far[2] + 10.0)
    engine.aim(Aim(above, far, (0.0, 1.0, 0.0), 30.0, None, (0.0, 0.0), (1.0, 100.0), (200, 150)), ())
    ended: list[float] = []

    def sample() -> None:
        with pytest.raises(PictureInterrupted):
            engine.sample(0, 100_000)
        ended.append(time.monotonic())

    thread = threading.Thread(target=sample)
    thread.start()
    time.sleep(0.1)  # so that it has begun, on most machines: if not, it is interrupted again
    asked = time.monotonic()
    while thread.is_alive() and time.monotonic() < asked + scaled(20):
        engine.interrupt()
        thread.join(0.05)
    assert ended and ended[0] - asked < scaled(5)
    light = engine.sample(1, 64)
    assert light[60:90, 80:120].mean(axis=(0, 1)) == pytest.approx([0.5, 0.25, 1.0, 1.0], abs=0.01)


def test_light_and_what_a_screen_shows_of_it_are_each_others_inverse() -> None:
    shown = np.linspace(0.0, 1.0, 256)
    assert as_shown(linear(shown)) == pytest.approx(shown, abs=1e-7)
    assert linear(0.5) == pytest.approx(0.21404114)


def test_shapes_are_turned_from_x_to_their_direction() -> None:
    directions = np.array([[2.0, 0.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 3.0, 0.0], [1.0, -2.0, 2.0], [0.0, 0.0, 0.0]])
    turned = turning(directions)
    assert np.einsum("nij,nkj->nik", turned, turned) == pytest.approx(np.broadcast_to(np.eye(3), (5, 3, 3)), abs=1e-12)
    assert np.linalg.det(turned) == pytest.approx(np.ones(5))
    for matrix, direction in zip(turned[:4], directions[:4], strict=True):
        assert matrix @ [1.0, 0.0, 0.0] == pytest.approx(direction / np.linalg.norm(direction))


@pytest.mark.deep
@pytest.mark.alone
@in_loop
async def test_the_frog_is_traced_at_rest_and_turned_at_once() -> None:
    async with connect(backend="inproc") as session:
        tissues = session.filters.SurfaceNets3D(Input=await session.open(examples.frog()), Values=range(1, 30))
        view = session.views.RenderView(ViewSize=[800, 600], EnableRayTracing=True, ProgressivePasses=4096)
        session.show(tissues, view)
        view.reset_camera("+Z")
        await view.ready()
        late: list[float] = []
        turned: float | None = None
        async for image in view.images():
            if turned is None and image.level >= 4:  # a pass is under way
                turned = time.monotonic()
                view.orbit(10.0, 0.0)
            elif turned is not None and image.level <= 1:
                late.append(time.monotonic() - turned)
                turned = None
                if len(late) == 5:
                    break
    assert sorted(late)[2] < scaled(1.0)

"""The colours that numbers are drawn in: of glyphs, by logarithms, and after what was wrong has been set right."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData
from vtkmodules.vtkFiltersSources import vtkPlaneSource

from servermanager import RemoteError, RenderViewProxy, Session, connect

from ..harness.apvtest import BACKENDS, in_loop

FLAT = {"Lighting": False, "LookupTable": "Grayscale"}
NOTHING = 64
"""The brightness of the background, and of nothing that is drawn."""
PLACES = (60, 100, 140)
"""Pixels from the left where three things stand."""


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def named(values: Any) -> Any:
    array = numpy_to_vtk(np.asarray(values, np.float64), deep=True)
    array.SetName("a")
    return array


def three_points(values: Any) -> vtkPolyData:
    made, points = vtkPolyData(), vtkPoints()
    for x in (-1, 0, 1):
        points.InsertNextPoint(x, 0, 0)
    made.SetPoints(points)
    made.Allocate(3)
    for index in range(3):
        made.InsertNextCell(1, 1, [index])
    made.GetPointData().AddArray(named(values))
    return made


def three_squares(values: Any) -> vtkPolyData:
    source = vtkPlaneSource()
    source.SetOrigin(-1.5, -0.5, 0)
    source.SetPoint1(1.5, -0.5, 0)
    source.SetPoint2(-1.5, 0.5, 0)
    source.SetResolution(3, 1)
    source.Update()
    source.GetOutput().GetCellData().AddArray(named(values))
    return source.GetOutput()


def scene(session: Session) -> RenderViewProxy:
    grey = [NOTHING / 255] * 3
    return session.views.RenderView(
        ViewSize=[200, 50], Background=grey, UseFXAA=False, CameraPosition=[0, 0, 5], CameraFocalPoint=[0, 0, 0],
        CameraParallelProjection=True, CameraParallelScale=0.625,
    )  # fmt: skip


async def brightness(view: RenderViewProxy) -> list[int]:
    pixels = (await view.screenshot(format="rgb")).pixels
    return [int(pixels[25, x].mean()) for x in PLACES]


@pytest.mark.parametrize("kind", ["3D Glyphs", "Point Gaussian", "Points"])
@in_loop
async def test_glyphs_have_the_colours_of_their_numbers_as_their_siblings_have(kind: str) -> None:
    look = {"GlyphType": "Sphere", "ScaleFactor": 0.3, "GaussianRadius": 0.3, "PointSize": 15, **FLAT}
    vectors = [[0.0, 1.0, 0.0], [3.0, 3.0, 4.0], [0.0, 2.0, 0.0]]
    async with connect(backend="inproc") as session:
        for values, component, expected in (
            ([0.0, 128.0, 255.0], (), [0, 128, 255]),
            (vectors, (1,), [0, 255, 128]),
            (vectors, (), [0, 255, round(255 / (34**0.5 - 1))]),
        ):
            view = scene(session)
            source = await session.send_data(three_points(values))
            session.show(source, view, Representation=kind, ColorBy=("POINTS", "a", *component), **look)
            np.testing.assert_allclose(await brightness(view), expected, atol=3)
            view.delete()


@in_loop
async def test_glyphs_of_which_some_have_no_scale_draw_the_others() -> None:
    look = {"GlyphType": "Sphere", "ScaleFactor": 0.3, "Color": [1, 1, 1], "ScaleArray": "a", **FLAT}
    async with connect(backend="inproc") as session:
        view = scene(session)
        shown = session.show(
            await session.send_data(three_points([1.0, np.nan, 1.0])), view, Representation="3D Glyphs", **look
        )
        assert await brightness(view) == [255, NOTHING, 255]
        shown.update(ScaleFactor=None)
        assert await brightness(view) == [255, NOTHING, 255]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 1.0, 100.0], [0, 128, 255]),  # from 0.01 on
        ([-7.0, 1.0, 100.0], [0, 128, 255]),
        ([1e-300, 1.0, 1e300], [0, 128, 255]),
        ([-3.0, -2.0, 0.0], [0, 0, 0]),
    ],
)
@in_loop
async def test_logarithmic_colours_have_a_floor_and_the_session_is_told(
    values: list[float], expected: list[int]
) -> None:
    async with connect(backend="inproc") as session, session.messages() as messages:
        view = scene(session)
        shown = session.show(
            await session.send_data(three_squares(values)), view, ColorBy=("CELLS", "a"), UseLogScale=True, **FLAT
        )
        np.testing.assert_allclose(await brightness(view), expected, atol=3)
        if values[0] <= 0:
            message = await anext(messages)
            assert message.severity == "warning" and message.proxy == shown.source.proxy.id
            assert f"of numbers from {values[0]:g} to {values[2]:g} those that are not positive" in message.text
        shown.update(BelowRangeColor=[1, 1, 1])
        np.testing.assert_allclose((await brightness(view))[0], 255 if values[0] <= 0 else 0, atol=3)
        shown.update(ScalarRange=[1.0, 1e4], BelowRangeColor=None)
        await view.ready()
        with pytest.raises(TimeoutError):  # a range that was chosen is nothing to be warned of
            await asyncio.wait_for(anext(messages), 0.05)


@in_loop
async def test_numbers_that_become_zero_are_drawn_and_told_once(backend: str) -> None:
    async with connect(backend=backend) as session, session.messages() as messages:
        view = scene(session)
        source = await session.send_data(three_squares([1.0, 10.0, 100.0]))
        session.show(source, view, ColorBy=("CELLS", "a"), UseLogScale=True, **FLAT)
        np.testing.assert_allclose(await brightness(view), [0, 128, 255], atol=3)
        await session.send_data(three_squares([0.0, 1.0, 100.0]), proxy=source)
        np.testing.assert_allclose(await brightness(view), [0, 128, 255], atol=3)
        assert "from 0 to 100" in (await anext(messages)).text
        view.update(Background2=[0, 0, 0])
        await view.screenshot()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(messages), 0.05)


@pytest.mark.parametrize("own", ["RGBPoints", "OpacityPoints"])
@in_loop
async def test_own_colours_and_opacities_follow_logarithms_too(own: str) -> None:
    points: dict[str, Any] = {"RGBPoints": [1, 0, 0, 0, 100, 1, 1, 1]}
    if own == "OpacityPoints":
        points = {"RGBPoints": [1, 1, 1, 1, 100, 1, 1, 1], own: [1, 0, 100, 1], "EnableOpacityMapping": True}
    async with connect(backend="inproc") as session:
        view = scene(session)
        view.update(Background=[0, 0, 0])
        source = await session.send_data(three_squares([1.0, 10.0, 100.0]))
        shown = session.show(source, view, ColorBy=("CELLS", "a"), UseLogScale=True, Lighting=False, **points)
        np.testing.assert_allclose(await brightness(view), [0, 128, 255], atol=3)
        shown.update(UseLogScale=False)
        np.testing.assert_allclose(await brightness(view), [0, 23, 255], atol=3)


@in_loop
async def test_small_integers_for_which_a_map_is_asked_for_are_no_labels() -> None:
    async with connect(backend="inproc") as session:
        view = scene(session)
        squares = three_squares([0.0, 0.0, 0.0])
        small = numpy_to_vtk(np.array([1, 10, 100], np.uint8), deep=True)
        small.SetName("a")
        squares.GetCellData().AddArray(small)
        shown = session.show(await session.send_data(squares), view, ColorBy=("CELLS", "a"), UseLogScale=True, **FLAT)
        np.testing.assert_allclose(await brightness(view), [0, 128, 255], atol=3)
        shown.update(UseLogScale=False)
        np.testing.assert_allclose(await brightness(view), [0, 23, 255], atol=3)


@in_loop
async def test_own_colours_keep_their_places_when_another_range_is_asked_for() -> None:
    async with connect(backend="inproc") as session:
        view = scene(session)
        source = await session.send_data(three_squares([1e2, 1e3, 1e4]))
        points: dict[str, Any] = {"RGBPoints": [1, 0, 0, 0, 10, 1, 1, 1, 100, 0, 0, 0], "ScalarRange": [1e2, 1e4]}
        session.show(source, view, ColorBy=("CELLS", "a"), UseLogScale=True, Lighting=False, **points)
        np.testing.assert_allclose(await brightness(view), [0, 255, 0], atol=3)


@pytest.mark.parametrize("kind", ["Surface", "Volume"])
@in_loop
async def test_numbers_too_far_apart_for_categories_are_told_until_something_is_changed(kind: str) -> None:
    image = vtkImageData()
    image.SetDimensions(8, 8, 8)
    image.SetOrigin(-3.5, -3.5, -3.5)
    image.GetPointData().AddArray(named(np.linspace(0, 1e6, 512)))
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=[60, 40], UseFXAA=False)
        source = await session.send_data(image)
        shown = session.show(source, view, Representation=kind, ColorBy=("POINTS", "a"))
        good = (await view.screenshot(format="rgb")).pixels
        for mend in ({"Categorical": False}, {"Categorical": None}, {"ScalarRange": (0, 9)}, {"Visibility": False}):
            shown.update(Categorical=True, ScalarRange=None, Visibility=True)
            for _ in range(2):
                with pytest.raises(RemoteError, match="set Categorical to False"):
                    await view.screenshot()
                view.update(StillSamples=4)
            shown.update(**mend)
            picture = (await view.screenshot(format="rgb")).pixels
            if "Categorical" in mend:
                np.testing.assert_array_equal(picture, good)

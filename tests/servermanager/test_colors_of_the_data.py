"""Arrays that hold colours are drawn in these where MapScalars is off: in every kind of representation, in pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMultiBlockDataSet, vtkPolyData
from vtkmodules.vtkFiltersSources import vtkPlaneSource

from servermanager import RemoteError, RenderViewProxy, Session, connect

from ..harness.apvtest import in_loop

RED, GREEN, BLUE = [255, 0, 0], [0, 255, 0], [0, 0, 255]
COLORS = np.array([RED, GREEN, BLUE], np.uint8)
GREY = 64
"""The brightness of the background."""
PLACES = (60, 100, 140)
"""Pixels from the left where three things stand."""
OWN = {"MapScalars": False, "Lighting": False}


def named(values: Any) -> Any:
    array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    array.SetName("rgb")
    return array


def squares(values: Any, left: float = -1.5, count: int = 3) -> vtkPolyData:
    source = vtkPlaneSource()
    source.SetOrigin(left, -0.5, 0)
    source.SetPoint1(left + count, -0.5, 0)
    source.SetPoint2(left, 0.5, 0)
    source.SetResolution(count, 1)
    source.Update()
    source.GetOutput().GetCellData().AddArray(named(values))
    return source.GetOutput()


def points(values: Any) -> vtkPolyData:
    made, places = vtkPolyData(), vtkPoints()
    for x in (-1, 0, 1):
        places.InsertNextPoint(x, 0, 0)
    made.SetPoints(places)
    made.Allocate(3)
    for index in range(3):
        made.InsertNextCell(1, 1, [index])
    made.GetPointData().AddArray(named(values))
    return made


def picture(values: Any, layers: int = 1) -> vtkImageData:
    """An image of three columns of points, each twice, so that colours are flat where one looks."""
    made = vtkImageData()
    made.SetDimensions(6, 2, layers)
    made.SetOrigin(-1.25, -0.5, 0)
    made.SetSpacing(0.5, 1, 1)
    made.GetPointData().AddArray(named(np.tile(np.repeat(values, 2, axis=0), (2 * layers, 1))))
    return made


def scene(session: Session) -> RenderViewProxy:
    return session.views.RenderView(
        ViewSize=[200, 50], Background=[GREY / 255] * 3, UseFXAA=False, CameraPosition=[0, 0, 5],
        CameraFocalPoint=[0, 0, 0], CameraParallelProjection=True, CameraParallelScale=0.625,
        OrientationAxesVisibility=False,
    )  # fmt: skip


async def seen(session: Session, data: Any, association: str, **look: Any) -> list[list[int]]:
    view = scene(session)
    session.show(await session.send_data(data), view, ColorBy=(association, "rgb"), **{**OWN, **look})
    pixels = (await view.screenshot(format="rgb")).pixels
    return [pixels[25, x].tolist() for x in PLACES]


@pytest.mark.parametrize("backend", ["inproc", "zmq"])
@in_loop
async def test_bytes_of_cells_are_red_green_and_blue(backend: str) -> None:
    async with connect(backend=backend) as session:
        assert await seen(session, squares(COLORS), "CELLS") == [RED, GREEN, BLUE]


@in_loop
async def test_fractions_are_colours_as_well_as_bytes_and_grey() -> None:
    async with connect(backend="inproc") as session:
        for dtype in (np.float32, np.float64):
            assert await seen(session, squares((COLORS / 255).astype(dtype)), "CELLS") == [RED, GREEN, BLUE]
        greys = np.array([0, 100, 200], np.uint8)
        assert await seen(session, squares(greys), "CELLS") == [[grey] * 3 for grey in greys]


@in_loop
async def test_a_fourth_number_is_opacity() -> None:
    colors = np.column_stack([COLORS, [255, 128, 0]]).astype(np.uint8)
    mixed = [[255, 0, 0], [GREY // 2, 128 + GREY // 2, GREY // 2], [GREY] * 3]
    async with connect(backend="inproc") as session:
        assert np.abs(np.subtract(await seen(session, squares(colors), "CELLS"), mixed)).max() <= 2
        assert np.abs(np.subtract(await seen(session, squares(colors / 255), "CELLS"), mixed)).max() <= 2


@pytest.mark.parametrize("kind", ["Points", "3D Glyphs", "Point Gaussian", "Surface"])
@in_loop
async def test_points_have_their_own_colours_in_every_kind(kind: str) -> None:
    look = {"Representation": kind, "GlyphType": "Sphere", "ScaleFactor": 0.3, "GaussianRadius": 0.3, "PointSize": 15}
    async with connect(backend="inproc") as session:
        for values in (COLORS, COLORS / 255):
            assert await seen(session, points(values), "POINTS", **look) == [RED, GREEN, BLUE]


@pytest.mark.parametrize("look", [{}, {"Representation": "Slice", "Slice": 1}])
@in_loop
async def test_a_picture_is_shown_as_it_is(look: dict[str, Any]) -> None:
    async with connect(backend="inproc") as session:
        assert await seen(session, picture(COLORS, 1 if not look else 3), "POINTS", **look) == [RED, GREEN, BLUE]


@in_loop
async def test_blocks_each_have_their_own() -> None:
    blocks = vtkMultiBlockDataSet()
    for index, color in enumerate(COLORS):
        blocks.SetBlock(index, squares(color[None], index - 1.5, 1))
    async with connect(backend="inproc") as session:
        assert await seen(session, blocks, "CELLS") == [RED, GREEN, BLUE]


@in_loop
async def test_numbers_are_mapped_unless_that_is_switched_off_and_again_when_it_is_on() -> None:
    async with connect(backend="inproc") as session:
        view = scene(session)
        source = await session.send_data(squares(COLORS))
        shown = session.show(
            source, view, ColorBy=("CELLS", "rgb", 0), Lighting=False, LookupTable="Grayscale", Categorical=False
        )
        for _ in range(2):
            pixels = (await view.screenshot(format="rgb")).pixels
            assert [pixels[25, x].tolist() for x in PLACES] == [[255] * 3, [0] * 3, [0] * 3]
            shown.update(MapScalars=False, ColorBy=("CELLS", "rgb"))
            pixels = (await view.screenshot(format="rgb")).pixels
            assert [pixels[25, x].tolist() for x in PLACES] == [RED, GREEN, BLUE]
            shown.update(MapScalars=True, ColorBy=("CELLS", "rgb", 0))


@pytest.mark.parametrize(
    ("values", "color_by", "told"),
    [
        (np.array([[0.0, 0, 300]] * 3), ("CELLS", "rgb"), "3 of double from 0 to 300"),
        (np.array([1, 2, 3], np.int32), ("CELLS", "rgb"), "1 of int from 1 to 3"),
        (COLORS, ("CELLS", "rgb", 0), "leave the component out"),
    ],
)
@in_loop
async def test_what_holds_no_colours_is_refused(values: Any, color_by: Any, told: str) -> None:
    async with connect(backend="inproc") as session:
        view = scene(session)
        session.show(await session.send_data(squares(values)), view, ColorBy=color_by, **OWN)
        with pytest.raises(RemoteError, match=told):
            await view.screenshot(format="rgb")

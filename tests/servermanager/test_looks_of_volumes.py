"""Volumes look as their knobs say: ways of blending, steepness, two numbers, components; pixels are read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData

from servermanager import RenderViewProxy, Session, connect
from services_core import RemoteError

from ..harness.apvtest import in_loop
from .test_paraview_looks import looking, pixels

COUNT = 21
SLOPE = 50.0
"""Of x and y, per length, from 0 to 100."""


def cube() -> vtkImageData:
    """A cube from -1 to 1, whose numbers x and y grow from 0 to 100 along these axes, z from back to front."""
    image = vtkImageData()
    image.SetDimensions(COUNT, COUNT, COUNT)
    image.SetSpacing(0.1, 0.1, 0.1)
    image.SetOrigin(-1, -1, -1)
    z, y, x = (axis.ravel() * 5.0 for axis in np.mgrid[0:COUNT, 0:COUNT, 0:COUNT])
    color = np.column_stack([np.full(x.size, 255), y * 2.55, np.zeros(x.size), np.full(x.size, 255)])
    three = np.column_stack([x, y, z])
    for name, values in (
        ("x", x), ("y", y), ("z", z), ("xy", three[:, :2]), ("xyz", three), ("color", color.astype(np.uint8)),
    ):  # fmt: skip
        array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
        array.SetName(name)
        image.GetPointData().AddArray(array)
    return image


async def volume(session: Session, view: RenderViewProxy, name: str = "x", **more: Any) -> Any:
    colors = {"RGBPoints": [0, 0, 0, 1, 100, 1, 0, 0], "ScalarOpacityUnitDistance": 0.1}
    return session.show(
        await session.send_data(cube()), view, Representation="Volume", ColorBy=("POINTS", name), **{**colors, **more}
    )


def along(seen: Any) -> Any:
    """The colors of a row in the middle of the cube, from left to right: x from 5 to 95."""
    return seen[100, [55, 77, 100, 122, 145]]


@in_loop
async def test_samples_are_joined_as_asked() -> None:
    opaque = [0, 1, 100, 1]
    async with connect(backend="inproc") as session:
        view = looking(session)
        shown = await volume(session, view, "z", OpacityPoints=opaque)
        colors = {}
        for mode in ("Composite", "Maximum Intensity", "Minimum Intensity", "Average Intensity", "Additive"):
            shown.BlendMode = mode
            colors[mode] = [int(one) for one in (await pixels(view))[100, 100]]
        assert colors["Maximum Intensity"] == pytest.approx([255, 0, 0], abs=8) == colors["Composite"]  # z at the front
        assert colors["Minimum Intensity"] == pytest.approx([0, 0, 255], abs=8)
        assert colors["Average Intensity"] == pytest.approx([127, 127, 127], abs=8)
        assert min(colors["Additive"]) == 255
        with pytest.raises(ValueError, match="no way of blending is called 'MIP'"):
            shown.BlendMode = "MIP"


@in_loop
async def test_surfaces_and_planes_of_volumes_are_where_their_numbers_are() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, CameraViewUp=(0, 1, 0))
        shown = await volume(session, view, OpacityPoints=[0, 1, 100, 1], BlendMode="Isosurface")
        assert not (await pixels(view)).any()
        shown.IsosurfaceValues = [75.0]
        view.update(CameraPosition=(10, 0, 0))
        assert [int(one) for one in (await pixels(view))[100, 100]] == pytest.approx([191, 0, 64], abs=3)
        shown.update(BlendMode="Slice")
        shown.SliceFunction.Normal = (0, 0, 1)
        view.update(CameraPosition=(0, 0, 10))
        seen = along(await pixels(view))
        assert seen[:, 0].tolist() == pytest.approx([13, 70, 128, 184, 243], abs=8)
        shown.SliceFunction.update(Normal=(1, 0, 0), Origin=(0.5, 0, 0))
        view.update(CameraPosition=(10, 0, 0))
        assert (await pixels(view))[100, 100].tolist() == pytest.approx([191, 0, 64], abs=4)
        shown.SliceFunction = "Plane"  # as traces of ParaView have it: x in the middle
        assert (await pixels(view))[100, 100].tolist() == pytest.approx([127, 0, 127], abs=4)
        shown.SliceFunction.Origin = (5, 0, 0)
        assert not (await pixels(view)).any()


@in_loop
async def test_steep_places_are_as_opaque_as_asked() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        shown = await volume(session, view, OpacityPoints=[0, 1, 100, 1])
        whole = (await pixels(view))[100, 100].tolist()
        for limit, is_seen in ((0.9 * SLOPE, True), (0.98 * SLOPE, True), (1.02 * SLOPE, False), (2 * SLOPE, False)):
            points = [0, 0, 0.5, 0, limit, 0, 0.5, 0, limit + 0.01, 1, 0.5, 0, 1000, 1, 0.5, 0]
            shown.GradientOpacityFunction.Points = points
            seen = (await pixels(view))[100, 100].tolist()
            assert seen == (pytest.approx(whole, abs=3) if is_seen else [0, 0, 0]), limit
        shown.GradientOpacityFunction = {}
        assert (await pixels(view))[100, 100].tolist() == whole


@in_loop
async def test_two_numbers_color_a_volume() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        shown = await volume(session, view, ScalarOpacityUnitDistance=0.02)
        shown.UseTransfer2D = True
        assert not (await pixels(view)).any()
        shown.TransferFunction2D.Boxes = [50, 0, 50, 2 * SLOPE, 0, 1, 0, 1]
        seen = along(await pixels(view))
        assert not seen[:2].any() and seen[3].tolist() == pytest.approx([0, 255, 0], abs=10)
        shown.TransferFunction2D.Boxes = [50, 1.2 * SLOPE, 50, SLOPE, 0, 1, 0, 1]
        assert not (await pixels(view))[60:140, 60:140].any()
        shown.update(UseGradientForTransfer2D=False, ColorArray2Name=("POINTS", "y"))
        shown.TransferFunction2D.Boxes = [[0, 50, 100, 50, 0, 1, 0, 1], [0, 0, 100, 50, 1, 0, 0, 1]]
        seen = await pixels(view)
        assert seen[75, 100].tolist() == pytest.approx([0, 255, 0], abs=10)
        assert seen[125, 100].tolist() == pytest.approx([255, 0, 0], abs=10)
        with pytest.raises(ValueError, match="at most 2048 numbers, 8 at a time"):
            shown.TransferFunction2D.Boxes = [1, 2, 3]
        shown.ColorArray2Name = ("POINTS", "nothing")
        with pytest.raises(RemoteError, match="nothing"):
            await view.screenshot()


@in_loop
async def test_one_array_colors_and_another_makes_opaque() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        shown = await volume(session, view)
        shown.update(UseSeparateOpacityArray=True, OpacityArrayName=("POINTS", "y"))
        seen = (await pixels(view)).max(axis=2)
        assert seen[60, 100] > seen[100, 100] > seen[140, 100] > 0  # opaque above, where y is large
        step = [0, 1, 0.5, 0, 50, 1, 0.5, 0, 50.1, 0, 0.5, 0, 100, 0, 0.5, 0]
        session.opacity_functions["y"].Points = step
        seen = await pixels(view)
        assert not seen[60:95, 60:140].any()
        assert along(seen[25:])[:, 0].tolist() == pytest.approx([13, 70, 128, 184, 243], abs=8)
        shown.update(UseSeparateOpacityArray=False, ColorBy=("POINTS", "xy"), MultiComponentsMapping=True)
        session.opacity_functions["xy"].Points = step
        session.color_maps["xy"].RGBPoints = [0, 0, 0, 1, 100, 1, 0, 0]
        assert np.abs((await pixels(view)) - seen).max() <= 2
        shown.ColorBy = ("POINTS", "color")
        seen = await pixels(view)
        assert seen[100, 100].tolist() == pytest.approx([255, 127, 0], abs=6) and seen[60, 100, 1] > seen[140, 100, 1]
        shown.ColorBy = ("POINTS", "xyz")
        with pytest.raises(RemoteError, match="an array of two components, or of four bytes; 'xyz' has 3"):
            await view.screenshot()
        shown.update(MultiComponentsMapping=False)
        assert (await pixels(view)).any()


@in_loop
async def test_translucent_surfaces_stand_before_in_and_behind_volumes() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        await volume(session, view, OpacityPoints=[0, 0.5, 100, 0.5], ScalarOpacityUnitDistance=1.0)
        half, green = np.array([127.5, 0, 127.5]), np.array([0, 255.0, 0])  # half of the light passes through each half
        far = session.sources.Plane(Origin=(-2, -2, -2), Point1=(2, -2, -2), Point2=(-2, 2, -2))
        wall = session.show(far, view, Color=(1, 1, 1), Lighting=False, Visibility=False)
        for has_wall in (False, True):
            wall.Visibility = has_wall
            page = np.full(3, 255.0 * has_wall)
            for z, expected in (
                (1.5, 0.5 * green + 0.5 * (0.75 * half + 0.25 * page)),
                (0.0, 0.5 * half + 0.5 * (0.5 * green + 0.5 * (0.5 * half + 0.5 * page))),
                (-1.5, 0.75 * half + 0.25 * (0.5 * green + 0.5 * page)),
            ):
                sheet = session.sources.Plane(Origin=(-0.5, -0.5, z), Point1=(0.5, -0.5, z), Point2=(-0.5, 0.5, z))
                shown = session.show(sheet, view, Color=(0, 1, 0), Opacity=0.5, Lighting=False)
                seen = (await pixels(view))[100, 100].tolist()
                assert seen == pytest.approx(expected.tolist(), abs=5), (z, has_wall)
                shown.delete()
        near = session.sources.Plane(Origin=(-1, -1, 1.5), Point1=(1, -1, 1.5), Point2=(-1, 1, 1.5))
        session.show(near, view, Color=(0, 1, 0), Opacity=0.5)
        before = await pixels(view)
        view.DepthPeelingForVolumes = False
        assert (await pixels(view))[100, 100, 1] < before[100, 100, 1] - 50, "the volume hides what is translucent"

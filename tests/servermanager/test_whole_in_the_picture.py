"""What is drawn at points and along lines is whole in the picture that the camera is fitted to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkGlyph3D
from vtkmodules.vtkFiltersSources import vtkArrowSource

from apvserver.vtk.rendering.camera.reach import around
from servermanager import connect

from ..harness.apvtest import in_loop

SIZE = (200, 160)


def line(scale: tuple[float, float], along: Any = ((1.0, 0.0, 0.0),) * 2) -> vtkPolyData:
    """Return a line from 0 to 10 along x, with numbers `s` and vectors `v` at its two points."""
    made, points, cells = vtkPolyData(), vtkPoints(), vtkCellArray()
    for x in (0.0, 10.0):
        points.InsertNextPoint(x, 0.0, 0.0)
    cells.InsertNextCell(2, (0, 1))
    made.SetPoints(points)
    made.SetLines(cells)
    for name, values in (("s", scale), ("v", along)):
        array = numpy_to_vtk(np.array(values, float), deep=True)
        array.SetName(name)
        made.GetPointData().AddArray(array)
    return made


def at_the_edges(pixels: np.ndarray) -> int:
    """Return how many pixels of the four edges are not background."""
    lit = pixels[..., :3].max(axis=2) > 12
    return int(lit[0].sum() + lit[-1].sum() + lit[:, 0].sum() + lit[:, -1].sum())


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize(
    "look",
    [
        {"Representation": "3D Glyphs", "GlyphType": "Sphere", "ScaleArray": "s", "ScaleFactor": 2.0},
        {"Representation": "3D Glyphs", "GlyphType": "Arrow", "OrientationArray": "v", "ScaleFactor": 9.0},
        {
            "Representation": "3D Glyphs", "GlyphType": "Box", "Scaling": True, "SelectScaleArray": "v",
            "ScaleMode": "Vector Components", "ScaleFactor": 3.0,
        },
        {"Representation": "Point Gaussian", "GaussianRadius": 4.0},
        {"Representation": "Point Gaussian", "GaussianRadius": 1.0, "ScaleArray": "s"},
        {"Representation": "Tubes", "TubeRadius": 4.0},
        {"Representation": "Surface", "LineWidth": 24.0},
        {"Representation": "Points", "PointSize": 40.0},
        {"Representation": "Surface", "LineWidth": 24.0, "Position": (100.0, 0.0, 0.0), "Scale": (3.0, 1.0, 1.0)},
    ],
    ids=lambda look: "-".join(str(one) for one in list(look.values())[:2]),
)  # fmt: skip
@in_loop
async def test_what_stands_at_points_is_not_cut_off(look: dict[str, Any], parallel: bool) -> None:
    async with connect(backend="inproc") as session:
        source = await session.send_data(line((1.0, 4.0), ((0.0, 1.0, 0.5), (1.0, 2.0, -1.0))))
        view = session.views.RenderView(ViewSize=SIZE, Background=(0, 0, 0), CameraParallelProjection=parallel)
        session.show(source, view, Color=(1, 1, 1), AmbientColor=(1, 1, 1), Lighting=False, **look)
        for direction in ("-Z", "-Y"):
            view.reset_camera(direction)
            pixels = (await view.screenshot()).pixels
            lit = pixels[..., :3].max(axis=2) > 12
            assert at_the_edges(pixels) == 0, direction
            assert max(np.ptp(np.nonzero(lit)[1]) / SIZE[0], np.ptp(np.nonzero(lit)[0]) / SIZE[1]) > 0.2, direction


@pytest.mark.parametrize("by_components", [False, True])
def test_how_far_glyphs_reach_is_what_vtk_draws(by_components: bool) -> None:
    """vtkGlyph3D makes the same copies as polygons; a box around an arrow reaches little farther than the arrow."""
    random = np.random.default_rng(4)
    places, along = random.normal(size=(50, 3)) * 4, random.normal(size=(50, 3))
    along[:3] = (1, 0, 0), (-1, 0, 0), (0, 0, 2)
    points, input_, arrow, made = vtkPoints(), vtkPolyData(), vtkArrowSource(), vtkGlyph3D()
    points.SetDataTypeToDouble()
    points.SetData(numpy_to_vtk(places, deep=True))
    input_.SetPoints(points)
    vectors = numpy_to_vtk(along, deep=True)
    vectors.SetName("v")
    input_.GetPointData().SetVectors(vectors)
    made.SetInputData(input_)
    made.SetSourceConnection(arrow.GetOutputPort())
    made.SetScaleModeToScaleByVectorComponents() if by_components else made.SetScaleModeToScaleByVector()
    made.SetScaleFactor(1.5)
    made.Update()
    scales = along if by_components else np.linalg.norm(along, axis=1, keepdims=True)
    reach, drawn = np.array(around(places, 1.5 * scales, along, arrow.GetOutput().GetBounds())), made.GetOutput()
    seen = np.array(drawn.GetBounds())
    low, high = (seen - reach)[::2], (reach - seen)[1::2]
    assert low.min() > -1e-5 and high.min() > -1e-5
    assert max(low.max(), high.max()) < 0.15 * drawn.GetLength() ** 0.5


def test_what_is_no_number_reaches_nowhere() -> None:
    nan = float("nan")
    places, scales = np.array([[0.0, 0, 0], [9.0, nan, 0], [1.0, 2, 3]]), np.array([[1.0], [1.0], [nan]])
    assert around(places, scales, None, (-1.0, 1.0) * 3) == (-1.0, 1.0) * 3
    assert around(places[1:2], scales[1:2], None, (-1.0, 1.0) * 3) == (0.0,) * 6
    directions = np.array([[nan, 0, 0], [0, 0, 0], [0, 0, 0]])
    assert around(places, scales, directions, (0.0, 2.0, -1.0, 1.0, -1.0, 1.0)) == (0.0, 2.0, -1.0, 1.0, -1.0, 1.0)


SMALL_TO_LARGE = [(300, 600), (320, 240), (800, 600)]


@pytest.mark.parametrize("size", SMALL_TO_LARGE, ids=str)
@in_loop
async def test_numbers_of_the_grid_are_not_cut_off(size: tuple[int, int]) -> None:
    async with connect(backend="inproc") as session:
        source = session.sources.Wavelet(WholeExtent=[-100, 100, -3, 3, 0, 1000])
        for legend in (False, True):
            view = session.views.RenderView(ViewSize=size, Background=(0, 0, 0), AxesGridVisibility=True)
            session.show(source, view, Representation="Outline", ColorBy=("POINTS", "RTData")).update(
                ScalarBarVisibility=legend
            )
            for direction in ("-Z", "+X"):
                view.reset_camera(direction)
                view.orbit(25, 20)
                await view.ready()
                view.reset_camera()
                assert at_the_edges((await view.screenshot()).pixels) == 0, (direction, legend)


@pytest.mark.parametrize("size", [(200, 150), *SMALL_TO_LARGE], ids=str)
@in_loop
async def test_letters_of_the_orientation_axes_are_not_cut_off(size: tuple[int, int]) -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=size, Background=(0, 0, 0), OrientationAxesVisibility=True)
        session.show(session.sources.SphereSource(Center=(1000, 0, 0)), view)
        view.CameraPosition, view.CameraFocalPoint = (0, 0, 10), (0, 0, 0)  # from where it is not seen
        for azimuth in (0, 50):
            view.orbit(azimuth, azimuth)
            pixels = (await view.screenshot()).pixels[::-1]
            rows, columns = np.nonzero(pixels[..., :3].max(axis=2) > 12)
            up = max(round(size[1] * 0.25), min(96, size[1] // 2))
            across = max(round(size[0] * 0.2), min(96, size[0] // 2))
            assert len(rows) > 100 and rows.min() > 0 and rows.max() < up - 1, azimuth
            assert columns.min() > 0 and columns.max() < across - 1, azimuth

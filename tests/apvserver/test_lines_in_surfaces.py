"""Lines and points that lie in a surface are whole in a picture, and those behind it are not seen."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkContourFilter
from vtkmodules.vtkFiltersGeometry import vtkImageDataGeometryFilter
from vtkmodules.vtkFiltersSources import vtkCubeSource
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource

from apvserver.vtk.rendering.camera.looking import Looking
from apvserver.vtk.rendering.images import CameraState
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation

SIDE = 40.0
Make = Callable[..., RenderView]


def plane_and_lines() -> tuple[Any, Any]:
    """Return a square of 40 x 40, and three contour lines that lie in it."""
    source, plane, lines = vtkRTAnalyticSource(), vtkImageDataGeometryFilter(), vtkContourFilter()
    source.SetWholeExtent(-20, 20, -20, 20, 0, 0)
    plane.SetInputConnection(source.GetOutputPort())
    lines.SetInputConnection(plane.GetOutputPort())
    for index, value in enumerate((120.0, 150.0, 200.0)):
        lines.SetValue(index, value)
    lines.Update()
    return plane.GetOutput(), lines.GetOutput()


@pytest.fixture
def make() -> Iterator[Make]:
    """Make a view of a gray plane and black lines: `make(look of the lines, look of the plane, **view properties)`."""
    made: list[RenderView] = []

    def show(lines: dict[str, Any], plane: dict[str, Any] | None = None, **of_view: Any) -> RenderView:
        view = RenderView({"Background": (1, 1, 1), "ViewSize": (300, 300), "UseFXAA": False, **of_view})
        made.append(view)
        looks = {"plane": {"Color": (0.9, 0.9, 0.9), **(plane or {})}, "lines": {"Color": (0, 0, 0), **lines}}
        for (name, look), data in zip(looks.items(), plane_and_lines(), strict=True):
            one = Representation({"Lighting": False, **look})
            one.set_data({"full": data})
            view.add_representation(name, one)
        return view

    yield show
    for view in made:
        view.close()


def look_from(view: RenderView, degrees: float) -> None:
    """Look at the plane so much aslant."""
    angle, up = np.radians(degrees), (0.0, 1.0, 0.0) if degrees < 5 else (0.0, 0.0, 1.0)
    place = 0.8 * np.sin(angle), 0.6 * np.sin(angle), np.cos(angle)
    view.set_properties({"CameraPosition": place, "CameraFocalPoint": (0.0, 0.0, 0.0), "CameraViewUp": up})
    view.reset_camera()


def black(view: RenderView, **options: Any) -> Any:
    return view.capture(**options).pixels.max(axis=2) < 60


def seen_part(view: RenderView, **options: Any) -> float:
    """Return how much of the lines is seen, of what there would be without the plane."""
    with_plane = black(view, **options)
    view.representation("plane").set_properties({"Visibility": False})
    alone = black(view, **options)
    view.representation("plane").set_properties({"Visibility": True})
    assert alone.sum() > 200
    return float((with_plane & alone).sum() / alone.sum())


@pytest.mark.parametrize("look", [{"LineWidth": 1.0}, {"LineWidth": 3.0}, {"Representation": "Points", "PointSize": 3}])
@pytest.mark.parametrize("parallel", [False, True])
def test_what_lies_in_a_surface_is_whole_and_what_is_behind_is_not_seen(
    make: Make, look: dict[str, Any], parallel: bool
) -> None:
    view = make(look, CameraParallelProjection=parallel)
    behind = make({**look, "Position": (0.0, 0.0, -0.03 * SIDE)}, CameraParallelProjection=parallel)
    for degrees in (0.0, 30.0, 60.0, 75.0):
        look_from(view, degrees)
        assert seen_part(view) > (0.995 if degrees <= 60 else 0.85), degrees
    look_from(view, 45.0)
    assert seen_part(view, magnification=2) > 0.99
    for degrees in (0.0, 30.0):  # farther down the lines are seen beside the plane
        look_from(behind, degrees)
        assert seen_part(behind) < 0.06, degrees


def test_translucent_surfaces_do_not_break_lines_either(make: Make) -> None:
    view = make({"LineWidth": 2.0}, {"Opacity": 0.6})
    look_from(view, 50.0)
    assert seen_part(view) > 0.98


def edges_of_a_cube(*, all_of_them: bool) -> Any:
    """Return the edges of a cube as lines; else without those at its corner (-0.5, -0.5, -0.5)."""
    corners = list(itertools.product((-0.5, 0.5), repeat=3))
    made, points, cells = vtkPolyData(), vtkPoints(), vtkCellArray()
    for corner in corners:
        points.InsertNextPoint(corner)
    for first, second in itertools.combinations(range(8), 2):
        differ = sum(a != b for a, b in zip(corners[first], corners[second], strict=True))
        if differ == 1 and (all_of_them or first != 0):
            cells.InsertNextCell(2, (first, second))
    made.SetPoints(points)
    made.SetLines(cells)
    return made


def test_near_edges_of_a_box_are_whole_and_far_ones_hidden(make: Make) -> None:
    view, cube = make({"Visibility": False}, {"Visibility": False}), vtkCubeSource()
    cube.Update()
    wires = {"Lighting": False, "Color": (0, 0, 0), "LineWidth": 3}
    for name, data, look in (
        ("box", cube.GetOutput(), {"Lighting": False, "Color": (0.9, 0.9, 0.9)}),
        ("all", edges_of_a_cube(all_of_them=True), wires),
        ("near", edges_of_a_cube(all_of_them=False), {**wires, "Visibility": False}),
    ):
        one = Representation(look)
        one.set_data({"full": data})
        view.add_representation(name, one)
    for parallel in (False, True):
        place = {"CameraPosition": (3, 2, 2.5), "CameraFocalPoint": (0, 0, 0), "CameraViewUp": (0, 0, 1)}
        view.set_properties({**place, "CameraParallelProjection": parallel})
        view.reset_camera()
        shown = black(view)
        for name, visible in (("box", False), ("all", False), ("near", True)):
            view.representation(name).set_properties({"Visibility": visible})
        near = black(view)
        for name, visible in (("box", True), ("all", True), ("near", False)):
            view.representation(name).set_properties({"Visibility": visible})
        assert near.sum() > 1500 and (shown & near).sum() > 0.995 * near.sum()
        assert (shown & ~near).sum() < 0.05 * near.sum()


def test_pictures_leave_everything_where_it_is(make: Make) -> None:
    """What is exported and picked afterwards stands where it stood, moved only as was asked for."""
    view = make({"Position": (0.0, 0.0, 5.0)})
    look_from(view, 30.0)
    before = view.exported_scene().parts["lines"]
    view.render()
    after = view.exported_scene().parts["lines"]
    assert len(before) == len(after) > 0
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one.positions, other.positions)
    assert {float(z) for one in after for z in np.unique(one.positions[:, 2])} == {5.0}


def test_what_is_brought_nearer_is_seen_at_the_same_pixels() -> None:
    places = np.random.default_rng(1).normal(size=(30, 3))
    for parallel in (False, True):
        looking = Looking(
            CameraState((9.0, 4.0, 6.0), (0.1, 0.0, 0.0), (0.0, 0.0, 1.0), 30.0, parallel, 3.0), (640, 480)
        )
        matrix = looking.nearer(5.0)
        moved = places @ matrix[:3, :3].T + matrix[:3, 3]
        before, after = looking.pixels(places), looking.pixels(moved)
        np.testing.assert_allclose(after[:, :2], before[:, :2], atol=1e-9)
        lengths = [looking.pixel_length(tuple(one)) for one in places.tolist()]
        np.testing.assert_allclose(before[:, 2] - after[:, 2], 5.0 * np.array(lengths), rtol=1e-9)

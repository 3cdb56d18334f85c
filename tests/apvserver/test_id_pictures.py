"""Which cell or point a pixel shows: the same as counting pixels of the plane says, for all that can be drawn."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersSources import vtkPlaneSource, vtkSphereSource
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource

from apvserver.vtk.geometry.extraction import extract, extraction_properties
from apvserver.vtk.rendering.pixels import id_pictures
from apvserver.vtk.rendering.pixels.picking import nearest_point
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation

SIZE = 100


@pytest.fixture
def view() -> Iterator[RenderView]:
    """Looks down on x to the right, y up; a pixel is a tenth of a unit."""
    made = RenderView(
        {
            "ViewSize": [SIZE, SIZE],
            "CameraPosition": [0, 0, 20],
            "CameraFocalPoint": [0, 0, 0],
            "CameraParallelProjection": True,
            "CameraParallelScale": 5,
        }
    )
    yield made
    made.close()


def pixel(x: float, y: float) -> tuple[int, int]:
    return round((x + 5) * 10), round((5 - y) * 10)


def show(view: RenderView, name: str, data: Any, **properties: Any) -> Representation:
    drawn, extracted = Representation(properties), ("Representation", "ColorBy")
    wanted = extraction_properties({key: value for key, value in properties.items() if key in extracted})
    made = extract(data, wanted)
    drawn.set_data(made.parts, made.to_dict())
    view.add_representation(name, drawn)
    return drawn


def plane(cells: int, z: float = 0.0, half: float = 2.0) -> Any:
    source = vtkPlaneSource()
    source.SetOrigin(-half, -half, z)
    source.SetPoint1(half, -half, z)
    source.SetPoint2(-half, half, z)
    source.SetResolution(cells, cells)
    source.Update()
    return source.GetOutput()


def picked(view: RenderView, x: float, y: float) -> tuple[Any, int] | None:
    found = view.pick(*pixel(x, y))
    return None if found is None else (found[0], found[2].cell)


@pytest.mark.parametrize("bits", [24, 4], ids=["one picture", "several pictures"])
def test_each_cell_of_each_representation_has_its_number(
    view: RenderView, bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(id_pictures, "BITS", bits)
    show(view, "wide", plane(4))
    show(view, "above", plane(2, 1.0, 1.0), Opacity=0.3)
    show(view, "outline", plane(1, 2.0), Representation="Outline")
    middles = -1.5 + np.arange(4)
    for row, y in enumerate(middles):
        for column, x in enumerate(middles):
            here = (abs(x) < 1) and (abs(y) < 1)
            wanted = ("above", 2 * (y > 0) + (x > 0)) if here else ("wide", 4 * row + column)
            assert picked(view, x + 0.12, y + 0.12) == wanted  # also where it is translucent
    assert picked(view, 3, 3) is None
    seen = {name: ids.tolist() for name, _, ids in view.seen([0, 0, 99, 99], "CELLS")}
    assert len(seen.pop("outline")) == 4  # the edges of a flat box that are drawn last
    assert seen == {"wide": [0, 1, 2, 3, 4, 7, 8, 11, 12, 13, 14, 15], "above": [0, 1, 2, 3]}


def test_the_picture_is_afterwards_as_it_was_before(view: RenderView) -> None:
    ball = vtkSphereSource()
    ball.SetRadius(3)
    ball.Update()
    view.set_properties({"UseGradientBackground": True, "OrientationAxesVisibility": True})
    show(view, "ball", ball.GetOutput(), Opacity=0.5, Representation="Surface With Edges")
    before = view.render().pixels
    assert picked(view, 0.2, 0.3) is not None
    assert np.array_equal(view.render().pixels, before)


def test_points_lines_and_polygons_are_numbered_as_their_data(view: RenderView) -> None:
    made, points = vtkPolyData(), vtkPoints()
    for place in ((-3, 3, 0), (-2, -3, 0), (2, -3, 0), (0, 0, 0), (2, 0, 0), (2, 2, 0), (0, 2, 0)):
        points.InsertNextPoint(place)
    made.SetPoints(points)
    for add, cells in ((made.SetVerts, [[0]]), (made.SetLines, [[1, 2]]), (made.SetPolys, [[3, 4, 5], [3, 5, 6]])):
        array = vtkCellArray()
        for ids in cells:
            array.InsertNextCell(len(ids), ids)
        add(array)
    show(view, "all", made, PointSize=5.0, LineWidth=5.0)
    assert picked(view, -3, 3) == ("all", 0) and picked(view, 0, -3) == ("all", 1)
    assert picked(view, 1.5, 0.5) == ("all", 2) and picked(view, 0.5, 1.5) == ("all", 3)
    assert nearest_point(made, 1, (1.5, -3, 0)) == 2 and nearest_point(made, 3, (0.2, 1.9, 0)) == 6
    with pytest.raises(ValueError, match="no cell"):
        nearest_point(made, 4, (0, 0, 0))


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("3D Glyphs", {"GlyphType": "Sphere", "ScaleFactor": 1.0}),
        ("Point Gaussian", {"GaussianRadius": 0.3, "Opacity": 0.5}),
    ],
)
def test_shapes_at_points_are_the_points(view: RenderView, kind: str, more: dict[str, Any]) -> None:
    corners = plane(1)
    show(view, "shapes", corners, Representation=kind, **more)
    show(view, "behind", plane(1, -3.0, 4.0))
    for point, place in enumerate(((-2, -2), (2, -2), (-2, 2), (2, 2))):
        assert picked(view, *place) == ("shapes", point)
    assert picked(view, 0, 0) == ("behind", 0)
    found = view.seen([*pixel(-3, 3), *pixel(3, 1)], "POINTS")
    assert [(name, ids.tolist()) for name, _, ids in found] == [("shapes", [2, 3])]
    assert [name for name, _, _ in view.seen([*pixel(-3, 3), *pixel(3, 1)], "CELLS")] == ["behind"]


def test_new_data_and_others_beside_it_get_their_own_numbers(view: RenderView) -> None:
    show(view, "first", plane(2))
    assert picked(view, 1, 1) == ("first", 3)
    show(view, "second", plane(3, 1.0, 0.5))
    assert picked(view, 1, 1) == ("first", 3) and picked(view, 0.02, 0.02) == ("second", 4)
    show(view, "first", plane(1))
    assert picked(view, 1, 1) == ("first", 0) and picked(view, 0.02, 0.02) == ("second", 4)
    view.remove_representation("second")
    assert picked(view, 0.02, 0.02) == ("first", 0)


def test_through_a_volume_one_picks_what_is_behind(view: RenderView) -> None:
    source = vtkRTAnalyticSource()
    source.SetWholeExtent(-2, 2, -2, 2, -2, 2)
    source.Update()
    show(view, "volume", source.GetOutput(), Representation="Volume", ColorBy=("POINTS", "RTData"))
    show(view, "behind", plane(1, -3.0))
    assert picked(view, 0.5, 0.5) == ("behind", 0) and picked(view, 3, 3) is None


@pytest.mark.deep
def test_other_threads_go_on_while_a_place_is_picked(view: RenderView) -> None:
    """Two million triangles: they stand still no longer than while a picture is drawn, as VTK draws without a lock."""
    count = 1000
    x, y = np.meshgrid(np.linspace(-4, 4, count), np.linspace(-4, 4, count))
    data = plane(count - 1, 0.0, 4.0)
    points = np.column_stack([x.ravel(), y.ravel(), np.sin(3 * x).ravel()])
    data.GetPoints().SetData(numpy_to_vtk(points, deep=True))
    show(view, "hills", data)
    view.render()
    gaps, done = [0.0], threading.Event()

    def tick() -> None:
        last = time.perf_counter()
        while not done.wait(0.002):
            now = time.perf_counter()
            gaps.append(now - last)
            last = now

    def longest(work: Any) -> float:
        gaps[:] = [0.0]
        work()
        return max(gaps)

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        drawing = min(longest(view.render) for _ in range(3))
        picking = min(longest(lambda: view.pick(50, 50)) for _ in range(3))
        selecting = min(longest(lambda: view.seen([0, 0, 99, 99], "CELLS")) for _ in range(3))
    finally:
        done.set()
        thread.join()
    assert max(picking, selecting) <= max(0.15, 4 * drawing)

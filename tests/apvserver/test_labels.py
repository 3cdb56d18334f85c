"""Labels say the values of what they stand at, stand where it is seen, and none covers another."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkContourFilter
from vtkmodules.vtkFiltersSources import vtkPlaneSource, vtkSphereSource
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource

from apvserver.vtk.base.associations import GeometryError
from apvserver.vtk.data.labels import SAYS, LabelParts, label_parts
from apvserver.vtk.geometry.extraction import extract, extraction_properties
from apvserver.vtk.rendering.camera.looking import Looking
from apvserver.vtk.rendering.overlays.label_sheet import chosen
from apvserver.vtk.rendering.overlays.labels import Candidate, Letters
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation
from async_paraview.scene.props.labels import CELL_LABEL, CONTOUR_LABEL, POINT_LABEL
from async_paraview.scene.representations import REPRESENTATION
from async_paraview.scene.text import TEXT

from ..harness.time_limits import scaled, unit_s

SIZE = (500, 400)


def sphere(steps: int = 8) -> Any:
    source = vtkSphereSource()
    source.SetThetaResolution(steps)
    source.SetPhiResolution(steps)
    source.Update()
    return source.GetOutput()


def plane(steps: int = 4, **arrays: Any) -> Any:
    """Squares in the plane z = 0, with arrays of points."""
    source = vtkPlaneSource()
    source.SetResolution(steps, steps)
    source.Update()
    for name, values in arrays.items():
        array = numpy_to_vtk(np.asarray(values), deep=True)
        array.SetName(name)
        source.GetOutput().GetPointData().AddArray(array)
    return source.GetOutput()


def contours(*values: float) -> Any:
    wavelet, cut = vtkRTAnalyticSource(), vtkContourFilter()
    wavelet.SetWholeExtent(-10, 10, -10, 10, 0, 0)
    cut.SetInputConnection(wavelet.GetOutputPort())
    for index, value in enumerate(values):
        cut.SetValue(index, value)
    cut.Update()
    return cut.GetOutput()


def parts(data: Any, **properties: Any) -> LabelParts:
    return label_parts(data, extraction_properties(properties))


def says(part: Any) -> list[Any]:
    attributes = part.GetCellData() if part.GetNumberOfLines() else part.GetPointData()
    array = attributes.GetAbstractArray(SAYS)
    if isinstance(array, vtkStringArray):
        return [array.GetValue(index) for index in range(array.GetNumberOfValues())]
    return list(vtk_to_numpy(array).tolist())


@pytest.fixture
def view() -> Iterator[RenderView]:
    made = RenderView({"ViewSize": SIZE, "Background": (1, 1, 1), "UseFXAA": False})
    yield made
    made.close()


def show(view: RenderView, data: Any, id_: str = "a", **properties: Any) -> Representation:
    """Show data as the two halves of a representation do."""
    shown = Representation(properties)
    of_data = {name: value for name, value in properties.items() if name in REPRESENTATION.of_both_halves}
    made, labels = extract(data, extraction_properties(of_data)), parts(data, **of_data)
    shown.set_data({**made.parts, **labels.parts}, {**made.to_dict(), "labels": labels.counts})
    view.add_representation(id_, shown)
    return shown


def placed(view: RenderView) -> list[Candidate]:
    view.render()
    return view.labels


def seen_at(view: RenderView, places: Any) -> Any:
    return Looking(view.camera, SIZE).pixels(np.asarray(places, float))


# --- what they say


def test_points_and_cells_say_their_numbers_or_values() -> None:
    values = np.arange(25) * 1.5
    data = plane(p=values, v=np.column_stack([values, values, values]))
    found = parts(data, PointLabelVisibility=True).parts[POINT_LABEL]
    assert sorted(says(found)) == list(range(25))
    numbers = says(found)
    for index, number in enumerate(numbers):
        assert found.GetPoint(index) == data.GetPoint(number)
    named = parts(data, PointLabelVisibility=True, PointFieldDataArrayName="p").parts[POINT_LABEL]
    assert says(named) == [1.5 * number for number in numbers]
    vectors = parts(data, PointLabelVisibility=True, PointFieldDataArrayName="v").parts[POINT_LABEL]
    assert says(vectors) == [[1.5 * number] * 3 for number in numbers]
    cells = parts(data, CellLabelVisibility=True).parts[CELL_LABEL]
    for index, number in enumerate(says(cells)):
        low_high = data.GetCell(number).GetBounds()
        middle = [(low_high[axis] + low_high[axis + 1]) / 2 for axis in (0, 2, 4)]
        assert cells.GetPoint(index) == pytest.approx(middle, abs=1e-6)


def test_texts_are_said_as_texts() -> None:
    data, names = plane(1), vtkStringArray()
    names.SetName("names")
    for word in ("north", "east", "σ", "a b"):
        names.InsertNextValue(word)
    data.GetPointData().AddArray(names)
    found = parts(data, PointLabelVisibility=True, PointFieldDataArrayName="names").parts[POINT_LABEL]
    assert sorted(says(found)) == sorted(["north", "east", "σ", "a b"])


def test_blocks_without_an_array_have_no_labels_and_an_unknown_one_is_refused() -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, plane(1, p=[1.0, 2.0, 3.0, 4.0]))
    blocks.SetBlock(1, plane(2))
    found = parts(blocks, PointLabelVisibility=True, PointFieldDataArrayName="p")
    assert sorted(says(found.parts[POINT_LABEL])) == [1.0, 2.0, 3.0, 4.0]
    with pytest.raises(GeometryError, match=r"labels: no point array is called 'q'. Known: .*p"):
        parts(blocks, PointLabelVisibility=True, PointFieldDataArrayName="q")
    with pytest.raises(GeometryError, match="no cell array is called 'p'"):
        parts(blocks, CellLabelVisibility=True, CellFieldDataArrayName="p")


def test_of_many_points_some_are_looked_at_and_each_beginning_is_spread() -> None:
    data = plane(199)
    found = parts(data, PointLabelVisibility=True, MaximumNumberOfLabels=50)
    assert found.counts[POINT_LABEL] == 40_000
    numbers = says(found.parts[POINT_LABEL])
    assert 400 <= len(numbers) <= 500 and len(set(numbers)) == len(numbers)
    rows = sorted(number // 200 for number in numbers[:10])
    assert max(b - a for a, b in itertools.pairwise([0, *rows, 199])) < 50


def test_lines_say_the_number_that_is_the_same_all_along_them() -> None:
    data = contours(100.0, 150.5)
    found = parts(data, ContourLabelVisibility=True)
    assert set(says(found.parts[CONTOUR_LABEL])) == {100.0, 150.5} and found.remark is None
    assert found.counts[CONTOUR_LABEL] == found.parts[CONTOUR_LABEL].GetNumberOfLines()
    x = numpy_to_vtk(np.array([data.GetPoint(index)[0] for index in range(data.GetNumberOfPoints())]), deep=True)
    x.SetName("x")
    data.GetPointData().AddArray(x)
    varied = parts(data, ContourLabelVisibility=True, ContourLabelArrayName="x")
    assert varied.remark is not None and "'x' is not the same all along them" in varied.remark
    with pytest.raises(GeometryError, match="this data has none: make contours"):
        parts(sphere(), ContourLabelVisibility=True)
    bare = vtkPolyData()
    bare.SetPoints(data.GetPoints())
    bare.SetLines(data.GetLines())
    with pytest.raises(GeometryError, match="set ContourLabelArrayName"):
        parts(bare, ContourLabelVisibility=True)


# --- where they stand


def test_labels_stand_beside_their_points_where_those_are_seen(view: RenderView) -> None:
    data = sphere()
    show(view, data, PointLabelVisibility=True, PointLabelFontSize=7)
    found = {one.number: one for one in placed(view)}
    at = seen_at(view, [data.GetPoint(index) for index in range(data.GetNumberOfPoints())])
    front = {index for index in range(data.GetNumberOfPoints()) if data.GetPoint(index)[2] > 0.05}
    back = {index for index in range(data.GetNumberOfPoints()) if data.GetPoint(index)[2] < -0.05}
    assert front <= set(found) and not back & set(found)
    for number, one in found.items():
        assert one.box.left == pytest.approx(at[number, 0] + 3, abs=1)
        assert (one.box.bottom + one.box.top) / 2 == pytest.approx(at[number, 1], abs=1)
    view.reset_camera("+Z")
    assert back <= {one.number for one in placed(view)} and not front & {one.number for one in placed(view)}


def test_what_is_seen_through_hides_no_labels_and_what_lies_before_does(view: RenderView) -> None:
    data = sphere()
    shown = show(view, data, PointLabelVisibility=True)
    hidden = len(placed(view))
    shown.set_properties({"Opacity": 0.4})
    assert len(placed(view)) > hidden
    shown.set_properties({"Opacity": 1.0})
    for changes in ({"UseToneMapping": True}, {"UseToneMapping": False, "UseSSAO": True}):
        view.set_properties(changes)
        assert len(placed(view)) == hidden, changes
    view.set_properties({"UseSSAO": False})
    show(view, plane(), "b", Position=(0.0, 0.0, 0.9), Scale=(3.0, 3.0, 1.0))
    view.render()
    assert view.labels == []


@pytest.mark.parametrize("scale", [1, 3])
def test_no_label_covers_another_or_what_stands_there_already(view: RenderView, scale: int) -> None:
    texts = ({**{one.name: one.initial for one in TEXT}, "Text": "title", "WindowLocation": "Upper Center"},)
    view.set_properties({"Texts": texts, "OrientationAxesVisibility": True})
    show(view, plane(30), PointLabelVisibility=True, ColorBy=None, CellLabelVisibility=True)
    view.capture(magnification=scale)
    found = [one.box for one in view.labels]
    kinds = [one.kind for one in view.labels]
    assert kinds.count(POINT_LABEL) <= 100 and kinds.count(CELL_LABEL) <= 100 and len(found) > 60
    size = SIZE[0] * scale, SIZE[1] * scale
    for one, other in itertools.combinations([*found, *(one.box for one in view.layout(size, scale).items)], 2):
        assert not one.overlaps(other)


def test_there_are_at_most_so_many_and_the_rest_is_told(view: RenderView) -> None:
    shown = show(view, plane(9), PointLabelVisibility=True, MaximumNumberOfLabels=7)
    image = view.render()
    assert len(view.labels) == 7
    assert image.remarks == (
        "7 of 100 points have labels: there are at most MaximumNumberOfLabels = 7, none upon another",
    )
    assert view.render(sample=2).remarks == image.remarks
    shown.set_properties({"PointLabelVisibility": False})
    assert view.render().remarks == () and view.labels == []
    show(view, sphere(), PointLabelVisibility=True, PointLabelFontSize=7)
    view.reset_camera()
    assert view.render().remarks == ()  # what is hidden is none that has no room


def test_what_is_moved_takes_its_labels_along(view: RenderView) -> None:
    data = plane(1)
    shown = show(view, data, CellLabelVisibility=True)
    (before,) = placed(view)
    shown.set_properties({"Position": (0.2, 0.1, 0.0)})
    (after,) = placed(view)
    first, second = seen_at(view, [(0, 0, 0), (0.2, 0.1, 0)])[:, :2]
    moved = np.subtract((after.box.left, after.box.bottom), (before.box.left, before.box.bottom))
    assert moved.tolist() == pytest.approx((second - first).tolist(), abs=1)


def test_labels_of_contours_stand_on_their_lines_and_upright(view: RenderView) -> None:
    data = contours(120.0, 160.0, 200.0)
    show(view, data, ContourLabelVisibility=True)
    for roll in (0.0, 70.0, 170.0):
        if roll:
            view.move_camera("roll", {"angle": roll})
        found = placed(view)
        assert len(found) >= 6
        part = parts(data, ContourLabelVisibility=True).parts[CONTOUR_LABEL]
        offsets = vtk_to_numpy(part.GetLines().GetOffsetsArray()).tolist()
        places = seen_at(view, vtk_to_numpy(part.GetPoints().GetData()))[:, :2]
        for one in found:
            line = places[offsets[one.number] : offsets[one.number + 1]]
            dense = np.concatenate([np.linspace(a, b, 40) for a, b in itertools.pairwise(line)])
            middle = np.array([(one.box.left + one.box.right) / 2, (one.box.bottom + one.box.top) / 2])
            assert np.linalg.norm(dense - middle, axis=1).min() < 2.0
        for one, other in itertools.combinations(found, 2):
            assert not one.box.overlaps(other.box)


def test_lines_in_a_surface_have_the_same_labels_at_each_size_and_on_pages(view: RenderView) -> None:
    wavelet = vtkRTAnalyticSource()
    wavelet.SetWholeExtent(-10, 10, -10, 10, 0, 0)
    wavelet.Update()
    show(view, wavelet.GetOutput(), "slice")
    show(view, contours(120.0, 160.0, 200.0), ContourLabelVisibility=True)
    view.render()
    usual = {one.number for one in view.labels}
    assert len(usual) >= 6
    for magnification in (2, 4):
        view.capture(magnification=magnification)
        assert len(usual ^ {one.number for one in view.labels}) <= 3
    page = ElementTree.fromstring(view.exported_drawing(300.0, "raster"))
    texts = [one for one in page.iter("{http://www.w3.org/2000/svg}text") if one.text in ("120", "160", "200")]
    assert len(texts) == len(view.labels) >= len(usual) - 3
    assert any("rotate" in one.get("transform", "") for one in texts)
    for one, label in zip(texts, view.labels, strict=True):
        x, y = float(one.get("x", 0)), SIZE[1] - float(one.get("y", 0))
        scale = 300 / 72
        assert label.box.left <= x * scale <= label.box.right and label.box.bottom <= y * scale <= label.box.top


def test_letters_are_read_on_what_is_behind_them(view: RenderView) -> None:
    show(view, plane(2), CellLabelVisibility=True, Color=(0.0, 0.0, 0.0), Lighting=False, CellLabelFontSize=24)
    pixels = view.render().pixels[::-1].astype(int)
    for one in view.labels:
        inside = pixels[one.box.bottom : one.box.top, one.box.left : one.box.right].max(2)
        assert (inside < 60).sum() > 20 and (inside > 190).sum() > 20  # black, and white around it, on black
    view.render()
    show(
        view,
        plane(2),
        CellLabelVisibility=True,
        CellLabelColor=(1.0, 1.0, 0.0),
        Color=(1, 1, 0.9),
        CellLabelFontSize=24,
    )
    pixels = view.render().pixels[::-1].astype(int)
    box = view.labels[0].box
    inside = pixels[box.bottom : box.top, box.left : box.right]
    assert ((inside[:, :, 0] > 200) & (inside[:, :, 2] < 90)).sum() > 15  # yellow
    assert (inside.max(2) < 110).sum() > 15  # on black


def test_formats_are_those_that_were_asked_for() -> None:
    from apvserver.vtk.rendering.overlays.labels import Labels

    data = plane(1, p=[0.123456, 10.0, 2.5, np.nan], v=[(1.0, 2.0, 0.5)] * 4)
    made = parts(data, PointLabelVisibility=True, PointFieldDataArrayName="p")
    labels = Labels(made.parts, made.counts)
    assert sorted(labels.texts(POINT_LABEL, None)) == ["0.1235", "10", "2.5", "nan"]
    assert sorted(labels.texts(POINT_LABEL, "{:.1f} m")) == ["0.1 m", "10.0 m", "2.5 m", "nan m"]
    made = parts(data, PointLabelVisibility=True, PointFieldDataArrayName="v")
    assert set(Labels(made.parts, made.counts).texts(POINT_LABEL, None)) == {"(1, 2, 0.5)"}
    made = parts(contours(100.0, 150.5, 200.0), ContourLabelVisibility=True)
    assert set(Labels(made.parts, made.counts).texts(CONTOUR_LABEL, None)) == {"100", "150.5", "200"}
    made = parts(contours(100.0, 160.0, 200.0), ContourLabelVisibility=True)
    assert set(Labels(made.parts, made.counts).texts(CONTOUR_LABEL, None)) == {"100", "160", "200"}


def test_of_one_owner_one_label_is_chosen() -> None:
    from apvserver.vtk.rendering.layout.boxes import Box

    letters = Letters(np.zeros((1, 1), np.uint8), np.zeros((1, 1), np.uint8))
    boxes = [Box(0, 0, 10, 5), Box(20, 0, 30, 5), Box(5, 0, 15, 5), Box(10, 0, 20, 5), Box(50, 0, 60, 5)]
    tried = [Candidate(box, letters, number, POINT_LABEL) for box, number in zip(boxes, (1, 1, 2, 3, 4), strict=True)]
    assert [one.number for one in chosen(tried, [], 9)] == [1, 3, 4]
    assert [one.number for one in chosen(tried, [Box(0, 0, 12, 9)], 9)] == [1, 4]
    assert [one.number for one in chosen(tried, [], 1)] == [1]


def test_labels_are_no_part_of_what_is_picked(view: RenderView) -> None:
    data = plane(2)
    shown = show(view, data, CellLabelVisibility=True, CellLabelFontSize=30)
    view.render()
    for one in view.labels:
        middle = (one.box.left + one.box.right) // 2, SIZE[1] - 1 - (one.box.bottom + one.box.top) // 2
        found = view.pick(*middle)
        assert found is not None and found[2].cell == one.number
    before = view.render().pixels
    shown.set_properties({"CellLabelVisibility": False})
    without = view.render().pixels
    assert not np.array_equal(before, without)
    shown.set_properties({"CellLabelVisibility": True})
    assert np.array_equal(view.render().pixels, before)


@pytest.mark.alone
def test_twenty_texts_cost_about_a_millisecond_while_the_camera_moves(view: RenderView) -> None:
    """Frames with and without them by turns, by the processor's time: others in its caches cost half of one."""
    show(view, sphere(32))
    usual = {one.name: one.initial for one in TEXT}
    texts = tuple(
        {
            **usual,
            "Text": f"text {index} σ",
            "WindowLocation": "Any Location",
            "Position": (0.2 * (index % 5), 0.2 * (index // 5)),
        }
        for index in range(20)
    )
    medians: dict[bool, list[float]] = {True: [], False: []}
    units = []
    for with_them in (True, False) * 4:
        view.set_properties({"Texts": texts if with_them else ()})
        view.render(reduced=True)
        took = []
        for _ in range(25):
            view.move_camera("orbit", {"azimuth": 3.0, "elevation": 0.0})
            began = time.process_time()
            view.render(reduced=True)
            took.append(time.process_time() - began)
            units.append(unit_s())
        medians[with_them].append(statistics.median(took))
    assert min(medians[True]) - min(medians[False]) < scaled(4.0) * statistics.median(units)

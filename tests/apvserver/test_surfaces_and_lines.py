"""What goes through surfaces, what lies in them; lines sorted, followed and cut; the least and the greatest values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkPolyData

from apvserver.vtk.base.blocks import children
from apvserver.vtk.base.data_making import array_of, cells_of, points_of
from apvserver.vtk.base.errors import ExecutionFailed, FileError, InvalidProperty
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvdata import executed, image, made_of, over, places
from ..harness.apvtest import with_settings


def surface(places: Any, faces: Any, **arrays: Any) -> Any:
    made, corners = vtkPolyData(), np.asarray(faces)
    made.SetPoints(points_of(np.asarray(places, float)))
    made.SetPolys(cells_of(np.arange(len(corners) + 1) * corners.shape[1], corners.ravel()))
    for name, values in arrays.items():
        made.GetPointData().AddArray(array_of(values, name))
    return made


def lines(places: Any, *ids: Any, **arrays: Any) -> Any:
    made = vtkPolyData()
    made.SetPoints(points_of(np.asarray(places, float)))
    made.SetLines(cells_of(np.cumsum([0, *map(len, ids)]), np.concatenate(ids)))
    for name, values in arrays.items():
        made.GetPointData().AddArray(array_of(values, name))
    return made


def after(given: Any, type_name: str, properties: dict[str, Any], *, told: list[Message] | None = None) -> Any:
    made = over(given)
    made.create(2, type_name, properties, {"Input": [(1, 0)]})
    return executed(made, 2, told=told)


def values(data: Any, name: str) -> Any:
    return vtk_to_numpy(data.GetPointData().GetArray(name))


SQUARE = [[0, 0, 0], [2, 0, 0], [2, 3, 0], [0, 3, 0]]
UP = [[1.0, 2.0, 5.0]] * 4
VECTORS = {"SelectInputVectors": ["POINTS", "v"]}


def test_vectors_are_divided_into_what_lies_in_a_surface_and_what_does_not() -> None:
    square = surface(SQUARE, [[0, 1, 2, 3]], v=UP)
    assert values(after(square, "SurfaceVectors", VECTORS), "v") == pytest.approx(np.array([[1, 2, 0]] * 4))
    across = after(square, "SurfaceVectors", {**VECTORS, "ConstraintMode": "Perpendicular"})
    assert values(across, "v") == pytest.approx(np.array([[0, 0, 5]] * 4))
    scale = after(square, "SurfaceVectors", {**VECTORS, "ConstraintMode": "PerpendicularScale"})
    assert values(scale, "Perpendicular Scale") == pytest.approx([-5] * 4), "against the first face, as in ParaView"
    assert values(scale, "v") == pytest.approx(np.array(UP))


def test_the_flow_through_a_surface_is_its_area_times_what_goes_across() -> None:
    square = surface(SQUARE, [[0, 1, 2], [0, 2, 3]], v=UP)
    flow = after(square, "SurfaceFlow", VECTORS)
    assert values(flow, "Surface Flow") == pytest.approx([-5 * 6])
    assert vtk_to_numpy(flow.GetCellData().GetArray("Area")) == pytest.approx([6])
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, square)
    blocks.SetBlock(1, surface(SQUARE, [[3, 2, 1, 0]], v=UP))
    blocks.SetBlock(2, surface(SQUARE, [[0, 1, 2, 3]]))
    assert values(after(blocks, "SurfaceFlow", VECTORS), "Surface Flow") == pytest.approx([0], abs=1e-9)


def test_the_divergence_of_a_field_is_what_flows_out() -> None:
    """Gauss: of (x, 2 y, 3 z) six times the volume of a box."""
    made = Pipeline()
    made.create(1, "Wavelet", {"WholeExtent": [0, 4, 0, 5, 0, 6]})
    made.create(2, "Calculator", {"Function": "coordsX*iHat+2*coordsY*jHat+3*coordsZ*kHat", "ResultArrayName": "v"},
                {"Input": [(1, 0)]})  # fmt: skip
    made.create(3, "ExtractSurface", {}, {"Input": [(2, 0)]})
    made.create(4, "SurfaceNormals", {"FeatureAngle": 30.0}, {"Input": [(3, 0)]})
    made.create(5, "SurfaceFlow", VECTORS, {"Input": [(4, 0)]})
    assert values(executed(made, 5), "Surface Flow") == pytest.approx([-6 * 4 * 5 * 6])
    made.create(6, "SurfaceFlow", VECTORS, {"Input": [(2, 0)]})
    with pytest.raises(ExecutionFailed, match=r"works on faces, and there are volumes only: use ExtractSurface"):
        Executor().execute(made, 6)


def test_pieces_of_lines_become_long_ones() -> None:
    places = [[0, 0, 0], [1, 0, 0], [2, 0, 0], [3, 0, 0], [1, 1, 0], [1, 2, 0], [1, -1, 0]]
    crossing = lines(places, [3, 2], [1, 2], [0, 1], [5, 4], [4, 1], [1, 6], number=np.arange(7.0))
    found = [one for _, one in children(after(crossing, "PlotOnSortedLines", {}))]
    through = sorted(tuple(values(one, "number").tolist()) for one in found)
    assert [one if one[0] < one[-1] else one[::-1] for one in through] in (
        [(0, 1, 2, 3), (5, 4, 1, 6)], [(0, 1, 2, 3), (5, 4, 1, 6)[::1]],
    )  # fmt: skip
    for one in found:
        assert values(one, "arc_length") == pytest.approx([0, 1, 2, 3])
        assert one.GetNumberOfCells() == 1
    ring = lines([*places[:3], [1, 5, 0]], [0, 1], [2, 1], [2, 3], [3, 0])
    (closed,) = [one for _, one in children(after(ring, "PlotOnSortedLines", {}))]
    assert closed.GetNumberOfPoints() == 5
    assert values(closed, "arc_length")[-1] == pytest.approx(2 + 2 * np.hypot(1, 5))


def test_a_cut_along_a_line_follows_its_corner() -> None:
    made = Pipeline()
    made.create(1, "Wavelet")
    corner = lines([[-8, 0, 3], [0, 0, 1], [0, 8, -2]], [0, 1], [1, 2], height=[1.0, 2.0, 3.0])
    made.create(2, "TrivialProducer")
    made.algorithm(2).SetOutput(corner)
    made.create(3, "SliceAlongPolyLine", {"Tolerance": 1e-3}, {"Dataset": [(1, 0)], "PolyLine": [(2, 0)]})
    cut = executed(made, 3)
    places = vtk_to_numpy(cut.GetPoints().GetData())
    assert cut.GetBounds() == pytest.approx((-8, 0, 0, 8, -10, 10))
    assert np.abs(places[:, 0] * places[:, 1]).max() == pytest.approx(0, abs=1e-5), "on one of both pieces"
    assert values(cut, "height") == pytest.approx(2 + (places[:, 0] + places[:, 1]) / 8, abs=1e-4)
    assert values(cut, "RTData").max() > 200
    made.create(4, "Line", {"Point1": [0, 0, 0], "Point2": [0, 0, 1]})
    made.create(5, "SliceAlongPolyLine", {}, {"Dataset": [(1, 0)], "PolyLine": [(4, 0)]})
    with pytest.raises(ExecutionFailed, match="PolyLine goes along z alone"):
        Executor().execute(made, 5)


TURNED = (0, -1, 0, 1, 0, 0, 0, 0, 1)
"""A quarter of a turn around z."""


def volume(points: int = 5, **how: Any) -> Any:
    """An image with `sum` (integers where its places are) and `place` at its points, and `number` at its cells."""
    made = image(points, points, points, **how)
    at = places(made)
    made.GetPointData().AddArray(array_of(np.round(at.sum(axis=1)).astype(np.int32), "sum"))
    made.GetPointData().AddArray(array_of(at, "place"))
    made.GetCellData().AddArray(array_of(np.arange(made.GetNumberOfCells()), "number"))
    return made


def cut_along(data: Any, line: Any, **properties: Any) -> Any:
    made = over(data)
    made.create(2, "TrivialProducer")
    made.algorithm(2).SetOutput(line)
    made.create(3, "SliceAlongPolyLine", properties, {"Dataset": [(1, 0)], "PolyLine": [(2, 0)]})
    return executed(made, 3)


@pytest.mark.parametrize("ends", [(0, 1), (0, 2, 1)], ids=["two points", "three points"])
def test_a_cut_along_a_straight_line_is_there_with_the_numbers_of_both(ends: tuple[int, ...]) -> None:
    """Lines along an axis too; integers of either get fractions between points."""
    along = lines([[0.3, 1, 9], [0.3, 3, 9], [0.3, 2, 9]], ends, tens=np.array([10, 30, 20], np.int32))
    cut = cut_along(volume(), along, Tolerance=1e-3)
    at = places(cut)
    assert cut.GetBounds() == pytest.approx((0.3, 0.3, 1, 3, 0, 4)) and cut.GetNumberOfPoints() == 15
    assert values(cut, "sum") == pytest.approx(at.sum(axis=1), abs=1e-5)
    assert values(cut, "tens") == pytest.approx(10 * at[:, 1])
    assert values(cut, "arc_length") == pytest.approx(at[:, 1] - 1)
    assert cut_along(volume(), along, Tolerance=1.5).GetNumberOfPoints() == 25


def test_a_cut_along_a_line_is_where_the_data_is() -> None:
    turned = cut_along(volume(direction=TURNED), lines([[-2.3, -1, 0], [-2.3, 9, 0]], [0, 1]))
    assert turned.GetBounds() == pytest.approx((-2.3, -2.3, 0, 4, 0, 4)) and turned.GetNumberOfPoints() == 25
    assert values(turned, "place") == pytest.approx(places(turned), abs=1e-6)
    far = volume(origin=(1e7, 1e7, 1e7), spacing=(0.01, 0.01, 0.01))
    line = lines([[1e7 + 0.0153, 1e7 - 1, 0], [1e7 + 0.0153, 1e7, 0], [1e7 + 0.0153, 1e7 + 9, 0]], [0, 1, 2])
    cut = cut_along(far, line)
    wanted = [[0.0153, y, z] for z in np.arange(5) / 100 for y in np.arange(5) / 100]
    assert sorted((places(cut) - 1e7).round(6).tolist()) == sorted(np.round(wanted, 6).tolist())
    with pytest.raises(ExecutionFailed, match="a point whose place is no finite number"):
        cut_along(volume(), lines([[0.3, 1, 0], [0.3, np.inf, 0]], [0, 1]))


def test_cells_of_a_region_are_of_the_kind_that_they_were() -> None:
    """VTK takes kinds of cells of mixed surfaces from the memory, and cells of turned images for straight ones."""
    sides = {"IntersectWith.Normal": [1.0, 0.0, 0.0], "IntersectWith.Origin": [5.0, 0.0, 0.0]}
    mixed = surface(SQUARE, [[0, 1, 2, 3]])
    mixed.SetVerts(cells_of([0, 1, 2], [0, 1]))
    made = made_of("ExtractCellsByRegion", mixed, sides)
    assert [made.GetCellType(index) for index in range(made.GetNumberOfCells())] == [1, 1, 9]
    turned = made_of("ExtractCellsByRegion", volume(3, direction=TURNED), sides)
    assert {turned.GetCellType(index) for index in range(8)} == {12}, "hexahedra: voxels lie along the axes"
    assert values(turned, "place") == pytest.approx(places(turned))
    far = volume(3, origin=(1e7, 1e7, 1e7), spacing=(0.01, 0.01, 0.01))
    kept = made_of("ExtractCellsByRegion", far, sides | {"IntersectWith.Origin": [1e7 + 0.0101, 0.0, 0.0]})
    assert sorted(set((places(kept)[:, 0] - 1e7).round(6))) == [0.0, 0.01]
    with pytest.raises(ExecutionFailed, match="its numbers must be finite"):
        made_of("ExtractCellsByRegion", volume(3), sides | {"IntersectWith.Origin": [np.inf, 0.0, 0.0]})


def test_a_line_is_sampled_in_the_cells_of_a_turned_image() -> None:
    ends = {"Point1": [-3.5, 0.5, 0.3], "Point2": [-0.5, 0.5, 0.3], "SamplingPattern": "Sample At Segment Centers"}
    made = made_of("PlotOverLine", volume(direction=TURNED), ends)
    assert places(made)[:, 0] == pytest.approx([-3.25, -2.5, -1.5, -0.75])
    assert values(made, "place") == pytest.approx(places(made))


def test_the_least_the_greatest_and_the_sum_are_those_of_all_inputs() -> None:
    made, big = Pipeline(), 2**40
    whole = [[7, -3], [2**53 + 1, big]]
    for number, (some, integers) in enumerate(zip(([1.5, np.nan], [-4.0, 2.0]), whole, strict=True), 1):
        given = lines([[0, 0, 0], [1, 0, 0]], [0, 1], a=np.array(some), n=np.array(integers, np.int64))
        made.create(number, "TrivialProducer")
        made.algorithm(number).SetOutput(given)
    for number, mode in enumerate(("MIN", "MAX", "SUM"), 3):
        made.create(number, "MinMax", {"Operation": mode}, {"Input": [(1, 0), (2, 0)]})
    least, greatest, total = (executed(made, number) for number in (3, 4, 5))
    assert (values(least, "a")[0], values(greatest, "a")[0]) == (-4.0, 2.0)
    assert np.isnan(values(total, "a")[0])
    assert [int(values(one, "n")[0]) for one in (least, greatest, total)] == [-3, 2**53 + 1, 7 - 3 + 2**53 + 1 + big]
    over_all = lines([[0, 0, 0], [1, 0, 0]], [0, 1], n=np.array([2**62, 2**62], np.int64))
    with pytest.raises(ExecutionFailed, match=r"the sum of the integers 'n' is about 9\.22337e"):
        after(over_all, "MinMax", {"Operation": "SUM"})


def test_cuts_of_fragments_carry_the_attributes_of_their_fragments() -> None:
    made = Pipeline()
    for number, center in enumerate(([0, 0, 0], [5, 0, 0], [0.2, 3, 0]), 1):
        made.create(number, "Sphere", {"Center": center})
    pieces, whole, statistics = vtkMultiBlockDataSet(), vtkMultiBlockDataSet(), vtkMultiBlockDataSet()
    for number in (1, 2, 3):
        Executor().execute(made, number)
        pieces.SetBlock(number - 1, made.output_data(number))
    whole.SetBlock(0, pieces)
    statistics.SetBlock(0, lines([[0, 0, 0], [5, 0, 0], [0.2, 3, 0]], [0, 1], mass=[1.0, 2.0, 3.0]))
    for number, given in ((4, whole), (5, statistics)):
        made.create(number, "TrivialProducer")
        made.algorithm(number).SetOutput(given)
    made.create(6, "objects/Plane", {"Normal": [1, 0, 0], "Origin": [0.1, 0, 0]})
    made.create(7, "IntersectFragments", {}, {"Input": [(4, 0)], "Source": [(5, 0)]}, {"SliceType": 6})
    Executor().execute(made, 7)
    centers = made.output_data(7, 1).GetBlock(0)
    assert values(centers, "mass").tolist() == [1, 3]
    assert vtk_to_numpy(centers.GetPoints().GetData()) == pytest.approx(np.array([[0.1, 0, 0], [0.1, 3, 0]]), abs=1e-6)


def test_a_spline_goes_through_its_points() -> None:
    made = Pipeline()
    made.create(1, "objects/Spline", {"Points": [0, 0, 0, 1, 2, 0, 3, 0, 1], "Closed": True})
    made.create(2, "SplineSource", {"Resolution": 300}, {}, {"ParametricFunction": 1})
    places = vtk_to_numpy(executed(made, 2).GetPoints().GetData())
    for wanted in ([0, 0, 0], [1, 2, 0], [3, 0, 1]):
        assert np.linalg.norm(places - wanted, axis=1).min() < 0.03
    assert places[0] == pytest.approx(places[-1], abs=1e-6)


SCRIPT = """
from vtkmodules.util.numpy_support import numpy_to_vtk
time = self.GetOutputInformation(0).Get(self.GetExecutive().UPDATE_TIME_STEP())
column = numpy_to_vtk(np.array([time * 10]), deep=True)
column.SetName("ten times")
self.GetTableOutput().GetRowData().AddArray(column)
"""
TIMES = """
executive = self.GetExecutive()
executive.GetOutputInformation(0).Set(executive.TIME_STEPS(), [1.0, 2.5], 2)
"""


def test_a_source_of_a_script_tells_times_and_makes_data_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(monkeypatch, allow_python=True)
    made = Pipeline()
    told = {"OutputDataSetType": "vtkTable", "Script": SCRIPT, "ScriptRequestInformation": TIMES}
    made.create(1, "ProgrammableSource", told)
    table = executed(made, 1, time=2.5)
    assert table.GetColumnByName("ten times").GetValue(0) == 25.0
    made.modify(1, {"OutputDataSetType": "vtkUnstructuredGrid", "Script": "output.SetPoints(None)"})
    assert executed(made, 1).GetClassName() == "vtkUnstructuredGrid"
    made.modify(1, {"Script": "a = 1 / 0"})
    with pytest.raises(ExecutionFailed, match="ZeroDivisionError"):
        Executor().execute(made, 1)
    with_settings(monkeypatch, allow_python=False)
    for name in ("Script", "ScriptRequestInformation"):
        with pytest.raises(InvalidProperty, match="executes no scripts of clients"):
            made.create(2, "ProgrammableSource", {name: "pass"})


def test_a_logo_is_a_picture_with_what_of_it_is_transparent(tmp_path: Path) -> None:
    pixels = np.zeros((3, 5, 4), np.uint8)
    pixels[0, 0] = (255, 0, 0, 255)
    Image.fromarray(pixels).save(tmp_path / "logo.png")
    made = Pipeline()
    made.create(1, "Logo", {"Texture": str(tmp_path / "logo.png")})
    found = executed(made, 1)
    assert found.GetDimensions() == (5, 3, 1)
    assert values(found, "Picture")[10].tolist() == [255, 0, 0, 255], "upright: the first pixel is on top"
    made.modify(1, {"Texture": ""})
    assert executed(made, 1).GetNumberOfPoints() == 0
    (tmp_path / "cut.png").write_bytes((tmp_path / "logo.png").read_bytes()[:40])
    made.modify(1, {"Texture": str(tmp_path / "cut.png")})
    with pytest.raises((ExecutionFailed, FileError), match="this picture cannot be read"):
        Executor().execute(made, 1)


FIELD = """# vtk DataFile Version 3.0
numbers of a run
ASCII
FIELD run 1
steps 1 3 double
1 2.5 4
"""


def test_field_arrays_of_a_file_are_added_to_each_block(tmp_path: Path) -> None:
    (tmp_path / "run.vtk").write_text(FIELD, encoding="utf-8")
    made = over(surface(SQUARE, [[0, 1, 2, 3]]))
    made.create(2, "GroupDatasets", {}, {"Input": [(1, 0)]})
    made.create(3, "FieldArraysFromFile", {"FileName": str(tmp_path / "run.vtk")}, {"Input": [(2, 0)]})
    (block,) = [one for _, one in children(executed(made, 3))]
    assert vtk_to_numpy(block.GetFieldData().GetArray("steps")).tolist() == [1, 2.5, 4]
    assert made.output_data(1).GetFieldData().GetNumberOfArrays() == 0, "the input is as it was"
    made.modify(3, {"FileName": str(tmp_path / "none.vtk")})
    with pytest.raises((ExecutionFailed, FileError), match=r"none\.vtk"):
        Executor().execute(made, 3)


def test_arrows_stand_on_the_faces_of_a_box() -> None:
    made = Pipeline()
    made.create(1, "Box")
    made.create(2, "NormalGlyphs", {"GlyphScaleFactor": 2.0}, {"Input": [(1, 0)]})
    assert executed(made, 2).GetBounds() == pytest.approx([-2.5, 2.5] * 3)
    made.modify(2, {"InvertArrow": True})
    assert np.abs(executed(made, 2).GetBounds()).max() < 2.6


def test_a_list_of_files_is_read_at_its_times_and_again_when_it_changes(tmp_path: Path) -> None:
    for number in range(3):
        made = over(lines([[0, 0, 0], [1, 0, 0]], [0, 1], a=np.full(2, 10.0 * number), b=np.zeros(2)))
        made.create(2, "XMLPolyDataWriter", {"FileName": str(tmp_path / f"{number}.vtp")}, {"Input": [(1, 0)]})
        Executor().execute(made, 2)

    def write(*times: float) -> None:
        sets = "".join(f'<DataSet timestep="{time}" file="{number}.vtp"/>' for number, time in enumerate(times))
        head = '<?xml version="1.0"?><VTKFile type="Collection" version="0.1"><Collection>'
        (tmp_path / "all.pvd").write_text(f"{head}{sets}</Collection></VTKFile>", encoding="utf-8")

    write(0.5, 1.5)
    series = Pipeline()
    series.create(1, "PVDReader", {"FileName": str(tmp_path / "all.pvd"), "PointArrays": ["a"]})
    assert values(executed(series, 1, time=1.5), "a").tolist() == [10, 10]
    found = executed(series, 1, time=0.5)
    assert values(found, "a").tolist() == [0, 0] and not found.GetPointData().HasArray("b")
    write(0.5, 1.5, 4.0)
    assert values(executed(series, 1, time=4.0), "a").tolist() == [20, 20]
    series.modify(1, {"FileName": str(tmp_path / "0.vtp")})
    with pytest.raises(ExecutionFailed, match=r"a list of files is named, with the extension \.pvd"):
        Executor().execute(series, 1)


def test_tubes_are_as_wide_as_the_chosen_vectors_say() -> None:
    """By vector norm: Radius where there is no length, RadiusFactor times that where it is greatest."""
    line = lines([(0, 0, 0), (0, 0, 1), (0, 0, 2)], [0, 1, 2], v=np.diag([1.0, 2.0, 3.0]), w=np.ones((3, 3)))
    given = {"Radius": 0.5, "RadiusFactor": 3.0, "VaryRadius": "By Vector Norm", "Vectors": ["POINTS", "v"]}
    found = places(made_of("Tube", line, given))
    for z, radius in enumerate((5 / 6, 7 / 6, 1.5)):
        ring = found[found[:, 2] == z]
        assert np.hypot(ring[:, 0], ring[:, 1]) == pytest.approx(np.full(len(ring), radius), abs=1e-6)

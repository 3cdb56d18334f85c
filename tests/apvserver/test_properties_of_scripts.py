"""What properties do that scripts of ParaView set: a value of the result with them, and without."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vtkmodules.vtkIOXML as io_xml
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDoubleArray, vtkPoints
from vtkmodules.vtkCommonDataModel import (
    VTK_PYRAMID,
    vtkCellArray,
    vtkPolyData,
    vtkUnstructuredGrid,
)

from apvserver.vtk.base.errors import ExecutionFailed, InvalidProperty
from apvserver.vtk.base.information import describe_output, shallow_output
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.toml_definitions import composition

from ..harness.apvtest import with_settings

Made = Callable[..., Any]


@pytest.fixture
def made() -> Made:
    """The output of a type with properties over sources: (type, properties) or data."""

    def output(type_name: str, properties: dict[str, Any], *sources: Any, time: float | None = None) -> Any:
        pipeline = Pipeline()
        for number, source in enumerate(sources, 1):
            if isinstance(source, tuple):
                pipeline.create(number, *source)
            else:
                pipeline.create(number, "TrivialProducer")
                pipeline.algorithm(number).SetOutput(source)
        port = next(iter(composition(type_name).inputs), "")
        inputs = {port: [(number, 0) for number in range(1, len(sources) + 1)]} if sources else {}
        pipeline.create(99, type_name, properties, inputs)
        Executor().execute(pipeline, 99, 0, time=time)
        found = shallow_output(*pipeline.output(99, 0))
        found.told = describe_output(*pipeline.output(99, 0))
        return found

    return output


WAVELET = ("Wavelet", {"WholeExtent": [-3, 3, -3, 3, -3, 3]})


def tetrahedra() -> Pipeline:
    """A pipeline whose proxy 2 has tetrahedra with values."""
    pipeline = Pipeline()
    pipeline.create(1, *WAVELET)
    pipeline.create(2, "Tetrahedralize", {}, {"Input": [(1, 0)]})
    return pipeline


def test_coordinates_of_contours_are_of_the_kind_that_is_asked_for() -> None:
    pipeline, kinds = tetrahedra(), {}
    for number, name in enumerate(("Single", "Double"), 3):
        pipeline.create(number, "Contour", {"OutputPointsPrecision": name}, {"Input": [(2, 0)]})
        Executor().execute(pipeline, number, 0)
        kinds[name] = shallow_output(*pipeline.output(number, 0)).GetPoints().GetDataType()
    assert kinds == {"Single": 10, "Double": 11}


def test_points_of_slices_are_merged_as_is_asked_for() -> None:
    pipeline, counts = tetrahedra(), {}
    for number, name in enumerate(("MergePoints", "NonMergingPointLocator"), 3):
        pipeline.create(10 * number, f"objects/{name}")
        pipeline.create(11 * number, "objects/Sphere", {"Radius": 2.0})
        held = {"PointMergeMethod": 10 * number, "SliceType": 11 * number}
        pipeline.create(number, "Slice", {}, {"Input": [(2, 0)]}, held)
        Executor().execute(pipeline, number, 0)
        counts[name] = describe_output(*pipeline.output(number, 0))["points"]
    assert 2 * counts["MergePoints"] < counts["NonMergingPointLocator"]


@pytest.mark.parametrize("type_name", ["Slice", "Contour"])
@pytest.mark.parametrize("locator", ["objects/MergePoints", "objects/vtkNonMergingPointLocator"])
@pytest.mark.parametrize(
    "values", [{"Divisions": [2**31 - 1, 1, 1]}, {"Divisions": [0, 1, 1]}, {"NumberOfPointsPerBucket": 2**31 - 1}]
)
def test_a_locator_that_is_too_fine_is_refused(type_name: str, locator: str, values: dict[str, Any]) -> None:
    pipeline = tetrahedra()
    pipeline.create(3, locator)
    pipeline.create(4, "objects/Sphere", {"Radius": 2.0})
    held = {"PointMergeMethod": 3, **({"SliceType": 4} if type_name == "Slice" else {})}
    pipeline.create(5, type_name, {}, {"Input": [(2, 0)]}, held)
    Executor().execute(pipeline, 5, 0)
    pipeline.modify(3, values)
    with pytest.raises(ExecutionFailed, match=rf"{next(iter(values))} of a locator is .* must be"):
        Executor().execute(pipeline, 5, 0)


@pytest.mark.parametrize("type_name", ["Slice", "Contour"])
def test_leaves_of_an_octree_have_room_for_so_many_points_at_most(type_name: str) -> None:
    pipeline = tetrahedra()
    pipeline.create(3, "objects/vtkIncrementalOctreePointLocator", {"MaxPointsPerLeaf": 10_001})
    pipeline.create(4, "objects/Sphere", {"Radius": 2.0})
    held = {"PointMergeMethod": 3, **({"SliceType": 4} if type_name == "Slice" else {})}
    pipeline.create(5, type_name, {}, {"Input": [(2, 0)]}, held)
    with pytest.raises(ExecutionFailed, match="MaxPointsPerLeaf of a locator is 10001 and must be at most 10000"):
        Executor().execute(pipeline, 5, 0)
    pipeline.modify(3, {"MaxPointsPerLeaf": 128})
    Executor().execute(pipeline, 5, 0)


def test_blocks_of_a_group_have_the_names_that_are_given(made: Made) -> None:
    spheres = [("Sphere", {"ThetaResolution": 8}), ("Cone", {})]
    group = made("GroupDatasets", {"BlockNames": ["ball", "tip"]}, *spheres)
    assert [group.GetMetaData(index).Get(group.NAME()) for index in range(2)] == ["ball", "tip"]
    assert group.GetBlock(1).GetNumberOfCells() == 7


def test_blocks_of_composites_become_blocks_of_the_group_itself() -> None:
    pipeline, counts = Pipeline(), {}
    pipeline.create(1, "Sphere")
    pipeline.create(2, "GroupDatasets", {}, {"Input": [(1, 0), (1, 0)]})
    for combined in (False, True):
        number = 3 + combined
        pipeline.create(number, "GroupDatasets", {"CombineFirstLayerMultiblock": combined}, {"Input": [(2, 0), (1, 0)]})
        Executor().execute(pipeline, number, 0)
        counts[combined] = shallow_output(*pipeline.output(number, 0)).GetNumberOfBlocks()
    assert counts == {False: 2, True: 3}


def pyramid() -> vtkUnstructuredGrid:
    grid, points = vtkUnstructuredGrid(), vtkPoints()
    for point in ((0, 0, 0), (2, 0, 0), (2, 2, 0), (0, 2, 0), (1, 1, 3)):
        points.InsertNextPoint(point)
    grid.SetPoints(points)
    grid.InsertNextCell(VTK_PYRAMID, 5, range(5))
    return grid


def test_of_pyramids_is_measured_what_is_asked_for(made: Made) -> None:
    volume = made("MeshQuality", {"PyramidQualityMeasure": "Volume"}, pyramid())
    assert vtk_to_numpy(volume.GetCellData().GetArray("Quality")).tolist() == pytest.approx([4.0])
    shape = made("MeshQuality", {}, pyramid())
    assert 0 < vtk_to_numpy(shape.GetCellData().GetArray("Quality"))[0] <= 1


def test_points_of_tables_are_flat_if_that_is_asked_for() -> None:
    pipeline = Pipeline()
    pipeline.create(1, "PointCloud", {"NumberOfPoints": 20, "Radius": 2.0})
    pipeline.create(2, "Elevation", {}, {"Input": [(1, 0)]})
    pipeline.create(3, "DataToTable", {"AddMetaData": True}, {"Input": [(2, 0)]})
    columns = dict.fromkeys(("XColumn", "YColumn", "ZColumn"), "Elevation")
    heights = {}
    for flat in (False, True):
        pipeline.create(4 + flat, "TableToPoints", {**columns, "a2DPoints": flat}, {"Input": [(3, 0)]})
        Executor().execute(pipeline, 4 + flat, 0)
        heights[flat] = describe_output(*pipeline.output(4 + flat, 0))["bounds"][4:]
    assert list(heights[True]) == [0, 0] and heights[False][1] - heights[False][0] > 0.5


def line_of(count: int) -> vtkPolyData:
    line, points, cells = vtkPolyData(), vtkPoints(), vtkCellArray()
    cells.InsertNextCell(count)
    for index in range(count):
        cells.InsertCellPoint(points.InsertNextPoint(index, 0, 0))
    line.SetPoints(points)
    line.SetLines(cells)
    return line


def test_tubes_are_turned_by_the_normal_that_is_given(made: Made) -> None:
    options = {"NumberofSides": 4, "Radius": 1.0, "UseDefaultNormal": True}
    first = {}
    for normal in ((0, 0, 1), (0, 1, 1)):
        tube = made("Tube", {**options, "DefaultNormal": normal}, line_of(3))
        first[normal] = np.abs(np.round(vtk_to_numpy(tube.GetPoints().GetData())[0], 3)).tolist()
    assert first[0, 0, 1] != first[0, 1, 1] and max(first[0, 0, 1]) == 1.0


def test_a_line_has_points_where_they_are_wanted(made: Made) -> None:
    options = {"Point1": [0, 0, 0], "Point2": [10, 0, 0]}
    line = made("Line", {**options, "UseRegularRefinement": False, "RefinementRatios": [0.0, 0.1, 0.5, 1.0]})
    assert vtk_to_numpy(line.GetPoints().GetData())[:, 0].tolist() == pytest.approx([0, 1, 5, 10])
    assert made("Line", {**options, "Resolution": 2}).GetNumberOfPoints() == 3


def test_a_warped_surface_can_be_closed() -> None:
    plane = ("Plane", {"XResolution": 2, "YResolution": 2})
    pipeline, counts = Pipeline(), {}
    pipeline.create(1, *plane)
    pipeline.create(2, "Elevation", {}, {"Input": [(1, 0)]})
    for closed in (False, True):
        pipeline.create(3 + closed, "WarpByScalar", {"GenerateEnclosure": closed}, {"Input": [(2, 0)]})
        Executor().execute(pipeline, 3 + closed, 0)
        counts[closed] = describe_output(*pipeline.output(3 + closed, 0))["cells"]
    assert counts == {False: 4, True: 4 + 4 + 8}


def test_points_become_one_within_a_distance(made: Made) -> None:
    cloud = line_of(11)
    kept = {
        tolerance: made(
            "CleantoGrid", {"ToleranceIsAbsolute": True, "AbsoluteTolerance": tolerance}, cloud
        ).GetNumberOfPoints()
        for tolerance in (0.5, 1.5)
    }
    assert kept[0.5] == 11 and kept[1.5] < 11


def test_the_time_of_a_file_is_that_of_the_array_that_is_named(tmp_path: Path, made: Made) -> None:
    data = line_of(3)
    for name, time in (("TimeValue", 1.5), ("Minutes", 90.0)):
        array = vtkDoubleArray()
        array.SetName(name)
        array.InsertNextValue(time)
        data.GetFieldData().AddArray(array)
    writer = io_xml.vtkXMLPolyDataWriter()
    writer.SetFileName(str(tmp_path / "line.vtp"))
    writer.SetInputData(data)
    assert writer.Write()
    times = {
        name: made("XMLPolyDataReader", {"FileName": str(tmp_path / "line.vtp"), "TimeArray": name}).told["time_steps"]
        for name in ("TimeValue", "Minutes", "None")
    }
    assert times == {"TimeValue": [1.5], "Minutes": [90.0], "None": []}


def test_corners_of_triangles_in_files_become_points_if_that_is_asked_for(tmp_path: Path, made: Made) -> None:
    corners = ["0 0 0", "1 0 0", "0 1 0"], ["1 0 0", "1 1 0", "0 1 0"]
    facets = "\n".join(
        "facet normal 0 0 1\nouter loop\n" + "\n".join(f"vertex {one}" for one in three) + "\nendloop\nendfacet"
        for three in corners
    )
    path = tmp_path / "two.stl"
    path.write_text(f"solid two\n{facets}\nendsolid two\n")
    counts = {
        merged: made("STLReader", {"FileName": str(path), "MergePoints": merged}).GetNumberOfPoints()
        for merged in (True, False)
    }
    assert counts == {True: 4, False: 6}


def test_places_outside_of_data_are_hidden_if_that_is_asked_for() -> None:
    pipeline, hidden = Pipeline(), {}
    pipeline.create(1, *WAVELET)
    pipeline.create(2, "Wavelet", {"WholeExtent": [0, 6, 0, 1, 0, 1]})
    for marked in (False, True):
        inputs = {"SourceDataArrays": [(1, 0)], "DestinationMesh": [(2, 0)]}
        pipeline.create(3 + marked, "ResampleWithDataset", {"MarkBlankPointsAndCells": marked}, inputs)
        Executor().execute(pipeline, 3 + marked, 0)
        data = shallow_output(*pipeline.output(3 + marked, 0))
        hidden[marked] = sum(not data.IsPointVisible(index) for index in range(data.GetNumberOfPoints()))
    assert hidden == {False: 0, True: 3 * 2 * 2}


ONE_VALUE = [
    ("Contour", "Contourstrategy3D", "Use Voxels", "Use Decomposed Polyhedra", "HyperTreeGridContour"),
    ("Gradient", "BoundaryMethod", "Non-Smoothed", "Smoothed", "those of the cells there"),
    ("Threshold", "MemoryStrategy", "Mask Input", "New HyperTreeGrid", "HyperTreeGridThreshold"),
    ("AnnotateAttributeData", "ProcessId", 0, 1, "one process"),
    ("Calculator", "FunctionParserType", 1, 0, "newer parser"),
    ("XMLPolyDataWriter", "Writetimestepsasfileseries", False, True, "session.save_data"),
    ("XMLPImageDataWriter", "Filenamesuffix", "_{:d}", "-{:d}", "session.save_data"),
    ("PlotOverLine", "PassPartialArrays", True, False, "NaN where they are missing"),
]


@pytest.mark.parametrize(("type_name", "name", "right", "wrong", "why"), ONE_VALUE)
def test_what_can_only_be_as_it_is_refuses_other_values(
    type_name: str, name: str, right: Any, wrong: Any, why: str
) -> None:
    pipeline = Pipeline()
    pipeline.create(1, type_name, {name: right})
    with pytest.raises(InvalidProperty, match=rf"{type_name}\.{name} can only be {right!r} here: .*{why}"):
        pipeline.modify(1, {name: wrong})
    pipeline.modify(1, {}, unset=[name])
    number = dict(composition(type_name).definition.by_name[name].enumeration).get(right, right)
    pipeline.modify(1, {name: number})


@pytest.mark.parametrize("type_name", ["AppendDatasets", "MergeBlocks"])
def test_surfaces_stay_surfaces_if_that_is_asked_for(type_name: str) -> None:
    pipeline, found = Pipeline(), {}
    pipeline.create(1, "Plane")
    pipeline.create(2, "Plane", {"Origin": [0.5, -0.5, 0], "Point1": [1.5, -0.5, 0], "Point2": [0.5, 0.5, 0]})
    pipeline.create(3, "GroupDatasets", {}, {"Input": [(1, 0), (2, 0)]})
    inputs = [(1, 0), (2, 0)] if type_name == "AppendDatasets" else [(3, 0)]
    for number, kind in enumerate(("Unstructured Grid", "Polygonal Mesh"), 4):
        options = {"OutputDataSetType": kind, "MergePoints": True}
        pipeline.create(number, type_name, options, {"Input": inputs})
        Executor().execute(pipeline, number, 0)
        data = shallow_output(*pipeline.output(number, 0))
        found[kind] = (data.GetClassName(), data.GetNumberOfPoints(), data.GetNumberOfCells())
    assert found == {"Unstructured Grid": ("vtkUnstructuredGrid", 6, 2), "Polygonal Mesh": ("vtkPolyData", 6, 2)}
    pipeline.create(9, *WAVELET)
    pipeline.create(10, type_name, {"OutputDataSetType": "Polygonal Mesh"}, {"Input": [(9, 0)]})
    with pytest.raises(ExecutionFailed, match="a vtkImageData is no surface; ExtractSurface makes one of it"):
        Executor().execute(pipeline, 10, 0)


def test_raw_images_have_as_many_points_as_is_said(tmp_path: Path, made: Made) -> None:
    path = tmp_path / "numbers.raw"
    path.write_bytes(np.arange(24, dtype="<u2").tobytes())
    options = {"FileName": str(path), "DataScalarType": "unsigned short", "FileDimensionality": 3}
    options |= {"Dimensions": [2, 3, 4], "MinimumIndex": [5, 0, 0]}
    image = made("ImageReader", options)
    assert image.GetExtent() == (5, 6, 0, 2, 0, 3)
    assert vtk_to_numpy(image.GetPointData().GetScalars()).tolist() == list(range(24))
    turned = made("ImageReader", {**options, "FileLowerLeft": False})
    assert vtk_to_numpy(turned.GetPointData().GetScalars())[:6].tolist() == [4, 5, 2, 3, 0, 1]
    with pytest.raises(ExecutionFailed, match="would make 1e"):
        made("ImageReader", {**options, "Dimensions": [100_000, 100_000, 1000]})
    for wrong in ([2, 3], [2, 3, -1], [2, 3, 0.5], "234", [1, 2, float("nan")]):
        with pytest.raises(InvalidProperty, match=r"ImageReader\.Dimensions"):
            Pipeline().create(1, "ImageReader", {"Dimensions": wrong})


def test_what_is_brought_together_is_of_the_kind_that_the_helper_makes(made: Made) -> None:
    surface: tuple[str, dict[str, Any]] = ("Sphere", {})
    kinds = {
        helper: made("ReductionFilter", {"PostGatherHelperName": helper}, surface).GetClassName()
        for helper in ("", "vtkAppendFilter", "vtkAppendPolyData")
    }
    assert kinds == {"": "vtkPolyData", "vtkAppendFilter": "vtkUnstructuredGrid", "vtkAppendPolyData": "vtkPolyData"}
    assert made("ReductionFilter", {"PostGatherHelperName": "vtkAppendFilter"}, WAVELET).GetNumberOfPoints() == 343
    for helper, why in (
        ("vtkAppendPolyData", "is no surface"),
        ("vtkAppendRectilinearGrid", "takes rectilinear grids"),
    ):
        with pytest.raises(ExecutionFailed, match=why):
            made("ReductionFilter", {"PostGatherHelperName": helper}, WAVELET)
    with pytest.raises(InvalidProperty, match=r"no entry 'os\.system'"):
        made("ReductionFilter", {"PostGatherHelperName": "os.system"}, WAVELET)


def test_what_hyper_tree_grids_would_be_cut_by_changes_nothing_else() -> None:
    pipeline = Pipeline()
    pipeline.create(1, *WAVELET)
    pipeline.create(2, "objects/Plane", {"Normal": [0, 0, 1]})
    pipeline.create(3, "Slice", {}, {"Input": [(1, 0)]}, {"HyperTreeGridSlicer": 2})
    Executor().execute(pipeline, 3, 0)
    bounds = describe_output(*pipeline.output(3, 0))["bounds"]
    assert list(bounds) == [0, 0, -3, 3, -3, 3]
    pipeline.create(4, "RandomHyperTreeGridSource")
    pipeline.create(5, "Slice", {}, {"Input": [(4, 0)]}, {"HyperTreeGridSlicer": 2})
    with pytest.raises(ExecutionFailed, match="takes a vtkDataSet, and there is a vtkHyperTreeGrid"):
        Executor().execute(pipeline, 5, 0)


def along(pattern: str, kind: str, type_name: str = "PlotOverLine") -> tuple[list[float], list[float]]:
    """Where it is looked along a line through 4 cells, whose values are 0, 1, 2, 3, and what is found."""
    pipeline = Pipeline()
    pipeline.create(1, "Wavelet", {"WholeExtent": [0, 4, 0, 1, 0, 1]})
    pipeline.create(2, "Calculator", {"Function": "coordsX - 0.5", "ResultArrayName": "x"}, {"Input": [(1, 0)]})
    pipeline.create(3, "PointDatatoCellData", {}, {"Input": [(2, 0)]})
    pipeline.create(4, "Tetrahedralize" if kind == "tetrahedra" else "AppendDatasets", {}, {"Input": [(3, 0)]})
    data = {"image": 3, "blocks": 5}.get(kind, 4)
    pipeline.create(5, "GroupDatasets", {}, {"Input": [(3, 0), (4, 0)]})
    ends = {"Point1": [-1.0, 0.4, 0.3], "Point2": [5.0, 0.4, 0.3], "SamplingPattern": pattern}
    pipeline.create(6, type_name, ends, {"Input": [(data, 0)]})
    Executor().execute(pipeline, 6, 0)
    found = shallow_output(*pipeline.output(6, 0))
    values = vtk_to_numpy(found.GetPointData().GetArray("x")).tolist()
    return vtk_to_numpy(found.GetPoints().GetData())[:, 0].tolist(), values


@pytest.mark.parametrize("kind", ["image", "grid", "blocks"])
@pytest.mark.parametrize("type_name", ["PlotOverLine", "ResampleToLine"])
def test_it_is_looked_where_a_line_enters_and_leaves_cells(kind: str, type_name: str) -> None:
    places, values = along("Sample At Cell Boundaries", kind, type_name)
    assert places == pytest.approx([0, 1, 1, 2, 2, 3, 3, 4], abs=1e-5)
    assert values == pytest.approx([0, 0, 1, 1, 2, 2, 3, 3]) and sorted(places) == places
    places, values = along("Sample At Segment Centers", kind, type_name)
    assert places == pytest.approx([0.5, 1.5, 2.5, 3.5]) and values == pytest.approx([0, 1, 2, 3])


def test_it_is_looked_in_each_tetrahedron() -> None:
    places, values = along("Sample At Segment Centers", "tetrahedra")
    assert len(places) > 8 and places == sorted(places)
    assert values == pytest.approx([float(int(one)) for one in places])


def test_it_is_looked_at_equal_distances_unless_told_otherwise() -> None:
    places, _ = along("Sample Uniformly", "image")
    assert len(places) == 1001 and np.ptp(np.diff(places)) < 1e-9


TIMES = "self.GetExecutive().GetOutputInformation(0).Set(self.GetExecutive().TIME_STEPS(), [0.5, 1.5], 2)"
TABLE = """
from vtkmodules.vtkCommonCore import vtkDoubleArray
column = vtkDoubleArray()
column.SetName("count")
column.InsertNextValue(sum(one.GetNumberOfPoints() for one in inputs))
output.AddColumn(column)
"""


def test_scripts_make_other_kinds_of_data_and_times(monkeypatch: pytest.MonkeyPatch, made: Made) -> None:
    with_settings(monkeypatch, allow_python=True)
    options = {"Script": TABLE, "OutputDataSetType": "vtkTable", "RequestInformationScript": TIMES}
    found = made("ProgrammableFilter", options, line_of(3))
    assert found.GetClassName() == "vtkTable" and found.GetValueByName(0, "count").ToDouble() == 3
    assert found.told["time_steps"] == [0.5, 1.5]
    source = made(
        "ProgrammableSource", {"OutputDataSetType": "vtkTable", "Script": TABLE, "ScriptRequestInformation": TIMES}
    )
    assert source.GetValueByName(0, "count").ToDouble() == 0 and source.told["time_steps"] == [0.5, 1.5]
    blocks = made(
        "ProgrammableSource", {"OutputDataSetType": "vtkMultiblockDataSet", "Script": "output.SetNumberOfBlocks(2)"}
    )
    assert blocks.GetClassName() == "vtkMultiBlockDataSet" and blocks.GetNumberOfBlocks() == 2


def test_scripts_find_modules_in_folders_that_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made: Made
) -> None:
    with_settings(monkeypatch, allow_python=True)
    (tmp_path / "own_module_of_a_script.py").write_text("length = 7.0\n")
    script = "import own_module_of_a_script as own\noutput.ShallowCopy(inputs[0])"
    script += "\noutput.GetPoints().SetPoint(0, own.length, 0, 0)"
    before = list(sys.path)
    found = made("ProgrammableFilter", {"Script": script, "PythonPath": str(tmp_path)}, line_of(2))
    assert found.GetPoint(0) == (7.0, 0.0, 0.0) and sys.path == before


def test_scripts_are_executed_before_the_input_is_asked_for(monkeypatch: pytest.MonkeyPatch, made: Made) -> None:
    with_settings(monkeypatch, allow_python=True)
    asked = {"RequestUpdateExtentScript": "self.asked = 4.0", "Script": "output.ShallowCopy(inputs[0])"}
    asked["Script"] += "\noutput.GetPoints().SetPoint(0, self.asked, 0, 0)"
    assert made("ProgrammableFilter", asked, line_of(2)).GetPoint(0) == (4.0, 0.0, 0.0)
    assert made("ProgrammableFilter", {"CopyArrays": True}, WAVELET).GetNumberOfPoints() == 343


@pytest.mark.parametrize("name", ["Script", "RequestInformationScript", "RequestUpdateExtentScript"])
def test_no_script_is_taken_where_none_is_allowed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(monkeypatch, allow_python=False)
    with pytest.raises(InvalidProperty, match=r"executes no scripts of clients.*--allow-python"):
        Pipeline().create(1, "ProgrammableFilter", {name: "pass"})

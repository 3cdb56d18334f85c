"""Every type that our files describe: made, set, read back, executed on real data, with a value of the result."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from vtkmodules.vtkCommonCore import vtkDoubleArray
from vtkmodules.vtkCommonDataModel import vtkPolyData

from apvserver.vtk.base.errors import (
    DefinitionError,
    ExecutionFailed,
    ExecutionInterrupted,
    FileError,
    InvalidProperty,
    UnknownProperty,
    UnknownType,
)
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.progress import ProgressStep
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.catalog import construct
from apvserver.vtk.types.listing import overview
from apvserver.vtk.types.properties import get_property
from apvserver.vtk.types.toml_definitions import (
    OBJECTS,
    _entries,
    _hand_written,
    _ours,
    _packages,
    composition,
    curated_names,
    hand_written_names,
    prepare,
)

from ..harness.apvtest import with_settings

WAVELET, SPHERE, VECTORS, CLOUD, TABLE, GROUP, LINE, CELLS, OPEN, STEPS = range(1, 11)
FIELDS, CHOSEN, PIECES, CENTER, CENTERS, LONG, SIZES, FIRST = range(30, 38)
Found = dict[str, Any]
RTDATA = ["POINTS", "RTData"]


def pipeline() -> Pipeline:
    """Inputs of every kind: an image, a surface, vectors, points, a table, a composite, a line, a hole, a selection."""
    made = Pipeline()
    made.create(WAVELET, "Wavelet")
    made.create(SPHERE, "Sphere", {"ThetaResolution": 16, "PhiResolution": 16})
    made.create(VECTORS, "Gradient", {"ScalarArray": RTDATA}, {"Input": [(WAVELET, 0)]})
    made.create(CLOUD, "PointCloud", {"NumberOfPoints": 50})
    made.create(TABLE, "DataToTable", {"AddMetaData": True}, {"Input": [(CLOUD, 0)]})
    made.create(GROUP, "GroupDatasets", {}, {"Input": [(SPHERE, 0), (CLOUD, 0)]})
    made.create(LINE, "Line", {"Resolution": 10})
    made.create(CELLS, "PointDatatoCellData", {}, {"Input": [(WAVELET, 0)]})
    made.create(SIZES, "CellSize", {}, {"Input": [(SPHERE, 0)]})
    made.create(OPEN, "Sphere", {"StartPhi": 30.0})
    made.create(STEPS, "TimeSourceExample")
    made.create(PIECES, "GroupDatasets", {}, {"Input": [(SPHERE, 0)]})
    made.create(CENTER, "ProbePoint")
    made.create(LONG, "Line", {"Point1": [-8, 0, 0], "Point2": [8, 0, 0]})
    made.create(CENTERS, "GroupDatasets", {}, {"Input": [(CENTER, 0)]})
    made.create(FIELDS, "TrivialProducer")
    total = vtkPolyData()
    numbers = vtkDoubleArray()
    numbers.SetName("total")
    numbers.InsertNextValue(12.5)
    total.GetFieldData().AddArray(numbers)
    made.algorithm(FIELDS).SetOutput(total)
    made.create(CHOSEN, "IDSelectionSource", {"IDs": [0, 3, 0, 5]})
    made.create(FIRST, "IDSelectionSource", {"IDs": [0, 0], "FieldType": "POINT"})
    return made


def points(count: int) -> Callable[[Found], bool]:
    return lambda found: found["points"] == count


def cells(low: int, high: int | None = None) -> Callable[[Found], bool]:
    return lambda found: low <= found["cells"] <= (high or low)


def array(name: str, low: float | None = None, high: float | None = None) -> Callable[[Found], bool]:
    def check(found: Found) -> bool:
        one = next((one for one in found["arrays"] if one["name"] == name), None)
        if one is None or low is None:
            return one is not None
        return bool(one["ranges"][0] == pytest.approx((low, high), abs=1e-3))

    return check


def bounds(*expected: float) -> Callable[[Found], bool]:
    return lambda found: bool(found["bounds"] == pytest.approx(expected, abs=1e-4))


def rows(count: int) -> Callable[[Found], bool]:
    return lambda found: found["rows"] == count


def is_selection(found: Found) -> bool:
    """Tell whether it is one; tests/apvserver/test_selecting.py compares what each names."""
    return bool(found["type"] == "vtkSelection")


SCRIPT = """
from vtkmodules.util.numpy_support import numpy_to_vtk
halves = numpy_to_vtk(np.arange(inputs[0].GetNumberOfPoints()) / 2, deep=True)
halves.SetName("halves")
output.ShallowCopy(inputs[0])
output.GetPointData().AddArray(halves)
"""
COLUMN = """
from vtkmodules.util.numpy_support import numpy_to_vtk
numbers = numpy_to_vtk(np.arange(3.0), deep=True)
numbers.SetName("numbers")
output.GetRowData().AddArray(numbers)
"""
COLUMNS = {f"{axis}Column": "Points" for axis in "XYZ"} | {f"{axis}Component": n for n, axis in enumerate("XYZ")}
Case = tuple[dict[str, list[int]], dict[str, Any], Callable[[Found], bool]]
CASES: dict[str, Case] = {
    # sources
    "Wavelet": ({}, {"WholeExtent": [0, 4, 0, 4, 0, 4]}, points(125)),
    "Sphere": ({}, {"Radius": 2.0, "PhiResolution": 10}, lambda found: found["bounds"][4:] == (-2, 2)),
    "Cone": ({}, {"Resolution": 12, "Height": 4.0}, cells(13)),
    "Box": ({}, {"XLength": 3.0}, bounds(-1.5, 1.5, -0.5, 0.5, -0.5, 0.5)),
    "Plane": ({}, {"XResolution": 3, "YResolution": 4}, cells(12)),
    "Cylinder": ({}, {"Resolution": 9}, cells(11)),
    "SeedLine": ({}, {"Point2": [0.0, 0.0, 5.0]}, points(1001)),
    "ProbePoint": ({}, {"Center": [1.0, 2.0, 3.0]}, bounds(1, 1, 2, 2, 3, 3)),
    "PointSource": ({}, {"NumberOfPoints": 4}, points(4)),
    "Line": ({}, {"Point2": [1, 2, 3], "Resolution": 7}, points(8)),
    "PointCloud": ({}, {"NumberOfPoints": 33}, points(33)),
    "Disk": ({}, {"CircumferentialResolution": 5}, cells(40)),
    "Arrow": ({}, {"TipLength": 0.5}, lambda found: found["bounds"][1] == pytest.approx(1.0)),
    "Superquadric": ({}, {"Size": 2.0}, lambda found: found["bounds"][1] == pytest.approx(2.0)),
    "Text3D": ({}, {"Text": "AB"}, lambda found: found["cells"] > 5),
    "Axes": ({}, {"ScaleFactor": 3.0}, bounds(0, 3, 0, 3, 0, 3)),
    "ParametricTorus": ({}, {"UResolution": 20, "VResolution": 20}, points(400)),
    "FastUniformGrid": ({}, {"WholeExtent": [0, 2, 0, 3, 0, 4]}, array("DistanceSquared", 0, 29)),
    "Text": ({}, {"Text": "as it is"}, rows(1)),
    "Ruler": ({}, {"Point1": [0, 0, 0], "Point2": [3, 4, 0]}, array("Distance", 5, 5)),
    "AnnotateTime": ({}, {"Format": "{time:g} s"}, rows(1)),
    # filters
    "AnnotateTimeFilter": ({"Input": [STEPS]}, {"Scale": 2.0, "Shift": 1.0}, rows(1)),
    "AnnotateAttributeData": ({"Input": [WAVELET]}, {"SelectInputArray": RTDATA, "ElementId": 5}, rows(1)),
    "AnnotateGlobalData": ({"Input": [FIELDS]}, {"SelectArrays": "total"}, rows(1)),
    "PythonAnnotation": ({"Input": [WAVELET]}, {"Expression": "'%g' % max(RTData)", "ArrayAssociation": 0}, rows(1)),
    "ExtractComponent": ({"Input": [VECTORS]}, {"InputArray": ["POINTS", "Gradient"], "Component": 1}, array("Result")),
    "AnimateModes": ({"Input": [SPHERE]}, {"Vectors": ["POINTS", "Normals"]}, points(226)),
    "AxisAlignedReflect": ({"Input": [WAVELET]}, {"PlaneMode": "X Min"}, bounds(-30, 10, -10, 10, -10, 10)),
    "AxisAlignedSlice": ({"Input": [WAVELET]}, {"OffsetValues": [2.0]}, bounds(2, 2, -10, 10, -10, 10)),
    "AxisAlignedTransform": ({"Input": [WAVELET]}, {"Translation": [5, 0, 0]}, bounds(-5, 15, -10, 10, -10, 10)),
    "VolumeOfRevolution": ({"Input": [LINE]}, {"Resolution": 6, "AxisDirection": [0.0, 1.0, 0.0]}, points(66)),
    "ComputeQuartiles": ({"Input": [WAVELET]}, {}, rows(5)),
    "PlotDataOverTime": ({"Input": [STEPS]}, {"FieldAssociation": "Cells"}, array("med(Cell Value)")),
    "PlotSelectionOverTime": ({"Input": [STEPS], "Selection": [FIRST]}, {}, array("med(Point Value)")),
    "GradientMagnitude": ({"Input": [WAVELET]}, {}, array("RTData")),
    "TemporalSmoothing": ({"Input": [STEPS]}, {"TemporalWindowHalfWidth": 1}, lambda found: found["points"] > 0),
    "Coordinates": ({"Input": [SPHERE]}, {"AppendCellCenters": True}, array("PointLocations")),
    "ConnectedSurfaceProperties": ({"Input": [SPHERE]}, {}, array("Volumes")),
    "LinearCellExtrusion": ({"Input": [SIZES]}, {"SelectInputScalars": ["CELLS", "Area"]}, cells(448)),
    "SliceWithPlane": ({"Input": [WAVELET]}, {}, bounds(0, 0, -10, 10, -10, 10)),
    "ResampleToLine": ({"Input": [WAVELET]}, {"Resolution": 20}, points(21)),
    "Logo": ({}, {"Texture": ""}, points(0)),
    "ReductionFilter": ({"Input": [GROUP]}, {"PostGatherHelperName": "vtkAppendFilter"}, points(276)),
    "ProgrammableSource": ({}, {"OutputDataSetType": "vtkTable", "Script": COLUMN}, rows(3)),
    "SplineSource": ({}, {"Resolution": 10}, bounds(0, 1, 0, 0, 0, 0)),
    "TimeStepProgressBar": ({"Input": [STEPS]}, {}, array("ProgressRate", 2 / 9, 2 / 9)),
    "SurfaceVectors": (
        {"Input": [SPHERE]},
        {"SelectInputVectors": ["POINTS", "Normals"], "ConstraintMode": "PerpendicularScale"},
        array("Perpendicular Scale"),
    ),
    "SurfaceFlow": ({"Input": [SPHERE]}, {"SelectInputVectors": ["POINTS", "Normals"]}, array("Surface Flow")),
    "MinMax": ({"Input": [WAVELET]}, {"Operation": "MAX"}, array("RTData", 276.8288, 276.8288)),
    "PlotOnSortedLines": ({"Input": [LINE]}, {}, array("arc_length", 0, 1)),
    "SliceAlongPolyLine": (
        {"Dataset": [WAVELET], "PolyLine": [LONG]},
        {"Tolerance": 0.1},
        bounds(-8, 8, 0, 0, -10, 10),
    ),
    "ExtractCellsByRegion": ({"Input": [WAVELET]}, {"ExtractionSide": "outside"}, cells(3600)),
    "ValidateCells": ({"Input": [CELLS]}, {}, array("ValidityState", 0, 0)),
    "IntersectFragments": ({"Input": [PIECES], "Source": [CENTERS]}, {}, bounds(0, 0, -0.497261, 0.497261, -0.5, 0.5)),
    "GradientOfUnstructuredDataSet": ({"Input": [WAVELET]}, {"ScalarArray": RTDATA}, array("Gradients")),
    "FieldArraysFromFile": ({"Input": [SPHERE]}, {}, points(226)),
    "NormalGlyphs": ({"Input": [SPHERE]}, {"GlyphScaleFactor": 0.5}, lambda found: found["bounds"][1] > 0.9),
    "DescriptiveStatistics": (
        {"Input": [WAVELET]},
        {"VariablesofInterest": ["RTData"]},
        array("Mean", 153.154, 153.154),
    ),
    "ContingencyStatistics": ({"Input": [VECTORS]}, {"VariablesofInterest": ["RTData", "Gradient"]}, array("PMI")),
    "MulticorrelativeStatistics": ({"Input": [VECTORS]}, {"Task": 0}, array("Entries")),
    "PrincipalComponentAnalysis": ({"Input": [VECTORS]}, {"Task": 0}, array("Mean")),
    "KMeans": ({"Input": [VECTORS]}, {"k": 3}, array("Cardinality")),
    "AppendReduce": ({"Input": [SPHERE, CLOUD]}, {"MergePoints": False}, points(276)),
    "Contour": ({"Input": [WAVELET]}, {"ContourBy": RTDATA, "Isosurfaces": [157.0]}, array("RTData", 157, 157)),
    "Slice": ({"Input": [WAVELET]}, {"SliceOffsetValues": [1.0]}, bounds(1, 1, -10, 10, -10, 10)),
    "Clip": ({"Input": [WAVELET]}, {"Invert": False}, bounds(0, 10, -10, 10, -10, 10)),
    "ClipByScalar": ({"Input": [WAVELET]}, {"Scalars": RTDATA, "Value": 100.0}, array("RTData", 37.3531, 100)),
    "IsoVolume": (
        {"Input": [WAVELET]},
        {"InputScalars": RTDATA, "ThresholdRange": [100.0, 200.0]},
        array("RTData", 100, 200),
    ),
    "Threshold": (
        {"Input": [CELLS]},
        {"Scalars": ["CELLS", "RTData"], "LowerThreshold": 200.0, "ThresholdMethod": "Above Upper Threshold"}
        | {"UpperThreshold": 200.0},
        lambda found: next(one for one in found["arrays"] if one["name"] == "RTData")["ranges"][0][0] >= 200,
    ),
    "Calculator": ({"Input": [WAVELET]}, {"Function": "2*coordsX"}, array("Result", -20, 20)),
    "Glyph": ({"Input": [CLOUD]}, {"GlyphMode": "Every Nth Point", "Stride": 5}, points(10 * 31)),
    "StreamTracer": (
        {"Input": [VECTORS]},
        {"Vectors": ["POINTS", "Gradient"], "IntegrationDirection": "FORWARD"},
        array("IntegrationTime"),
    ),
    "StreamTracerWithCustomSource": (
        {"Input": [VECTORS], "SeedSource": [LINE]},
        {"Vectors": ["POINTS", "Gradient"]},
        array("IntegrationTime"),
    ),
    "PlotOverLine": (
        {"Input": [WAVELET]},
        {"Point1": [-10, 0, 0], "Point2": [10, 0, 0], "Resolution": 20},
        array("arc_length", 0, 20),
    ),
    "ProbeLocation": ({"Input": [WAVELET]}, {"ComputeTolerance": False}, array("RTData")),
    "CellDatatoPointData": ({"Input": [CELLS]}, {"PassCellData": True}, array("RTData")),
    "PointDatatoCellData": ({"Input": [WAVELET]}, {"PassPointData": True}, cells(8000)),
    "ExtractSurface": ({"Input": [WAVELET]}, {"PassThroughCellIds": True}, cells(2400)),
    "ExtractEdges": ({"Input": [SPHERE]}, {}, cells(16 * 13 + 2 * 16 * 14 - 16 * 0, 700)),
    "FeatureEdges": ({"Input": [WAVELET]}, {"FeatureAngle": 40.0}, cells(12 * 20)),
    "SurfaceNormals": ({"Input": [WAVELET]}, {"ComputeCellNormals": True}, array("Normals")),
    "Smooth": ({"Input": [SPHERE]}, {"NumberofIterations": 5}, points(226)),
    "WindowedSincSmooth": ({"Input": [SPHERE]}, {"NumberOfIterations": 5}, points(226)),
    "Decimate": ({"Input": [SPHERE]}, {"TargetReduction": 0.5}, cells(200, 240)),
    "QuadricClustering": ({"Input": [SPHERE]}, {"NumberofDimensions": [4, 4, 4]}, cells(20, 200)),
    "Tetrahedralize": ({"Input": [WAVELET]}, {}, cells(5 * 8000)),
    "Triangulate": ({"Input": [WAVELET]}, {}, cells(4800)),
    "Tube": ({"Input": [LINE]}, {"NumberofSides": 8, "Radius": 0.1}, points(104)),
    "Ribbon": ({"Input": [LINE]}, {"Width": 0.2}, points(22)),
    "Elevation": (
        {"Input": [WAVELET]},
        {"LowPoint": [0, 0, -10], "HighPoint": [0, 0, 10]},
        array("Elevation", 0, 1),
    ),
    "WarpByScalar": (
        {"Input": [WAVELET]},
        {"Scalars": RTDATA, "UseNormal": True, "Normal": [1, 0, 0], "ScaleFactor": 0.0},
        points(9261),
    ),
    "WarpByVector": ({"Input": [VECTORS]}, {"Vectors": ["POINTS", "Gradient"], "ScaleFactor": 0.5}, points(9261)),
    "Transform": ({"Input": [SPHERE]}, {"TransformAllInputVectors": True}, points(226)),
    "Reflect": ({"Input": [SPHERE]}, {"Plane": "Z Max"}, lambda found: found["bounds"][4:] == (-0.5, 1.5)),
    "ExtractSubset": ({"Input": [WAVELET]}, {"VOI": [0, 5, 0, 5, 0, 5]}, points(216)),
    "ExtractSelection": ({"Input": [SPHERE]}, {"FieldType": "CELLS", "IDs": [0, 3, 0, 5]}, cells(2)),
    "AppendSelections": ({"Input": [CHOSEN, CHOSEN]}, {"Expression": "s0 & s1"}, is_selection),
    "BlockSelectionSource": ({}, {"Blocks": [1, 3]}, is_selection),
    "BlockSelectorsSelectionSource": ({}, {"BlockSelectors": ["/Root/Block0"]}, is_selection),
    "CompositeDataIDSelectionSource": ({}, {"IDs": [1, 0, 3]}, is_selection),
    "FrustumSelectionSource": ({}, {"FieldType": "POINT"}, is_selection),
    "GlobalIDSelectionSource": ({}, {"IDs": [3, 4], "InsideOut": True}, is_selection),
    "HierarchicalDataIDSelectionSource": ({}, {"IDs": [0, 0, 3]}, is_selection),
    "IDSelectionSource": ({}, {"IDs": [0, 3], "FieldType": "POINT", "ContainingCells": True}, is_selection),
    "LocationSelectionSource": ({}, {"Locations": [0.0, 1.0, 2.0]}, is_selection),
    "SelectionQuerySource": ({}, {"QueryString": "id < 3", "ElementType": "Point Data"}, is_selection),
    "ThresholdSelectionSource": ({}, {"ArrayName": "RTData", "Thresholds": [0.0, 1.0]}, is_selection),
    "ValueSelectionSource": ({}, {"ArrayName": "RegionId", "Values": [0, 1]}, is_selection),
    "ExtractGeometryByFunction": ({"Input": [WAVELET]}, {"ExtractInside": False}, cells(3600)),
    "AppendDatasets": ({"Input": [SPHERE, CLOUD]}, {"MergePoints": False}, points(276)),
    "AppendGeometry": ({"Input": [SPHERE, CLOUD]}, {}, points(276)),
    "GroupDatasets": ({"Input": [SPHERE, LINE]}, {"OutputType": "vtkMultiBlockDataSet"}, points(237)),
    "MergeBlocks": ({"Input": [GROUP]}, {"MergePoints": False}, points(276)),
    "ResampleWithDataset": ({"SourceDataArrays": [WAVELET], "DestinationMesh": [SPHERE]}, {}, array("RTData")),
    "ResampleToImage": ({"Input": [SPHERE]}, {"SamplingDimensions": [5, 6, 7]}, points(210)),
    "PointDatasetInterpolator": ({"Input": [WAVELET], "Source": [SPHERE]}, {"NullValue": 1.0}, array("RTData")),
    "Gradient": ({"Input": [WAVELET]}, {"ScalarArray": RTDATA, "ResultArrayName": "slope"}, array("slope")),
    "IntegrateVariables": ({"Input": [WAVELET]}, {}, array("Volume", 8000, 8000)),
    "Histogram": ({"Input": [WAVELET]}, {"SelectInputArray": RTDATA, "BinCount": 12}, rows(12)),
    "Connectivity": ({"Input": [GROUP]}, {}, array("RegionId")),
    "CellCenters": ({"Input": [WAVELET]}, {"VertexCells": False}, points(8000)),
    "CellSize": ({"Input": [WAVELET]}, {}, array("Volume", 1, 1)),
    "MeshQuality": ({"Input": [SPHERE]}, {}, array("Quality")),
    "Curvature": ({"Input": [SPHERE]}, {"CurvatureType": "Gaussian"}, array("Gauss_Curvature")),
    "Delaunay2D": ({"Input": [CLOUD]}, {}, cells(50, 100)),
    "Delaunay3D": ({"Input": [CLOUD]}, {}, cells(150, 350)),
    "Clean": ({"Input": [OPEN]}, {"Tolerance": 0.0}, lambda found: found["points"] > 20),
    "CleantoGrid": ({"Input": [SPHERE]}, {}, points(226)),
    "Shrink": ({"Input": [SPHERE]}, {"ShrinkFactor": 0.5}, points(3 * 448)),
    "Outline": ({"Input": [WAVELET]}, {}, cells(12)),
    "OutlineCorners": ({"Input": [WAVELET]}, {"CornerFactor": 0.1}, cells(24)),
    "LinearExtrusion": ({"Input": [LINE]}, {"Vector": [0, 0, 2], "ExtrusionType": "VectorExtrusion"}, points(22)),
    "RotationalExtrusion": ({"Input": [LINE]}, {"Resolution": 6}, points(77)),
    "LoopSubdivision": ({"Input": [SPHERE]}, {"NumberofSubdivisions": 1}, cells(4 * 448)),
    "FillHoles": ({"Input": [OPEN]}, {"HoleSize": 10.0}, lambda found: found["cells"] > 40),
    "RandomAttributes": ({"Input": [SPHERE]}, {"GeneratePointScalars": True}, array("RandomPointScalars")),
    "GenerateIds": ({"Input": [SPHERE]}, {}, array("PointIds", 0, 225)),
    "MaskPoints": ({"Input": [SPHERE]}, {"OnRatio": 2, "GenerateVertices": False}, points(113)),
    "PointsToVertices": ({"Input": [SPHERE]}, {}, cells(226)),
    "ImageGaussianSmooth": ({"Input": [WAVELET]}, {"StandardDeviations": [1, 1, 1]}, points(9261)),
    "GaussianResampling": ({"Input": [CLOUD]}, {"ResamplingGrid": [9, 9, 9]}, points(729)),
    "TemporalInterpolator": ({"Input": [STEPS]}, {"ResampleFactor": 2}, lambda found: len(found["time_steps"]) > 10),
    "TemporalShiftScale": ({"Input": [WAVELET]}, {"Scale": 2.0}, points(9261)),
    "TemporalStatistics": ({"Input": [WAVELET]}, {"ComputeMinimum": False}, array("RTData_average")),
    "TableToPoints": (
        {"Input": [TABLE]},
        COLUMNS,
        points(50),
    ),
    "TableToStructuredGrid": (
        {"Input": [TABLE]},
        {**COLUMNS, "WholeExtent": [0, 9, 0, 4, 0, 0]},
        points(50),
    ),
    "DataToTable": ({"Input": [WAVELET]}, {"FieldAssociation": "Points"}, rows(9261)),
    "TextureMaptoPlane": ({"Input": [SPHERE]}, {"Automatic": True}, array("Texture Coordinates")),
    "PythonCalculator": ({"Input": [WAVELET]}, {"Expression": "2*Points[:, 0]"}, array("result", -20, 20)),
    "ProgrammableFilter": ({"Input": [SPHERE]}, {"Script": SCRIPT}, array("halves", 0, 112.5)),
    "MergeVectorComponents": (
        {"Input": [WAVELET]},
        {"XArray": "RTData", "YArray": "RTData", "ZArray": "RTData", "OutputVectorName": "v"},
        array("v"),
    ),
}  # fmt: skip


def named(group: str) -> list[str]:
    return [name for name in hand_written_names() if _entries()[name][0]["group"] == group]


@pytest.mark.parametrize("name", [*named("sources"), *named("filters")])
def test_it_executes_and_its_properties_come_back(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(monkeypatch, allow_python=True)
    inputs, properties, expected = CASES[name]
    made = pipeline()
    connections = {port: [(id_, 0) for id_ in ids] for port, ids in inputs.items()}
    assert made.create(20, name, properties, connections) == []
    Executor().execute(made, 20, time=0.25 if STEPS in inputs.get("Input", ()) else None)
    found = describe_output(*made.output(20))
    assert expected(found), found
    proxy = made.proxy(20)
    for key, value in properties.items():
        route = proxy.composition.route(key)
        assert route is not None
        entries = dict(next(one for one in proxy.definition.properties if one.name == key).enumeration)
        wanted: Any = entries.get(value, value) if isinstance(value, str) else value
        for place, (part, target) in enumerate(route.targets):
            actual = get_property(proxy.parts[part], target)
            if route.each:
                assert actual == pytest.approx(wanted[place])
            elif target == "SelectInputArray":
                assert list(actual[route.index or 0]) == list(wanted)
            else:
                assert actual == (pytest.approx(wanted) if isinstance(wanted, (int, float, list)) else wanted)


NOT_REPEATABLE = {"GaussianResampling", "Glyph", "RandomAttributes"}
"""They draw random numbers, or add in an order of the threads' own: no two executions of VTK's agree."""


def summary(made: Pipeline) -> Found:
    return {key: value for key, value in describe_output(*made.output(20)).items() if key != "memory_kib"}


@pytest.mark.parametrize("name", [name for name in named("filters") if name not in NOT_REPEATABLE])
def test_interrupted_while_it_executes_it_gives_the_same_result_afterwards(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_settings(monkeypatch, allow_python=True)
    inputs, properties, _ = CASES[name]
    made = pipeline()
    made.create(20, name, properties, {port: [(id_, 0) for id_ in ids] for port, ids in inputs.items()})
    time = 0.25 if STEPS in inputs.get("Input", ()) else None
    executor = Executor()
    states: list[str] = []

    def interrupt(step: ProgressStep) -> None:
        if step.proxy_id == 20:
            states.append(step.state)
            executor.interrupt()

    executor.execute(made, 20, time=time)
    expected = summary(made)
    made.touch(20)
    with pytest.raises(ExecutionInterrupted):
        executor.execute(made, 20, time=time, on_progress=interrupt)
    assert states[0] == "started" and states[-1] in ("interrupted", "finished")
    executor.execute(made, 20, time=time)
    assert summary(made) == expected


def test_there_are_enough_of_them_and_each_explains_itself() -> None:
    assert len(hand_written_names()) >= 100
    for name in hand_written_names():
        found = composition(name).definition
        assert len(found.doc) > 30 and found.label and found.doc.strip().endswith("."), name
        for one in found.properties:
            assert len(one.doc) > 5 and one.panel in ("default", "advanced", "never"), (name, one.name)
            for candidate in one.candidates:
                assert composition(candidate if one.takes_sources else OBJECTS + candidate)
        for other in found.see_also:
            assert other in curated_names(), (name, other)


@pytest.mark.parametrize("name", named("objects"))
def test_objects_take_their_properties(name: str) -> None:
    made = Pipeline()
    values = {one.name: one.default for one in composition(name).definition.properties}
    assert made.create(1, name, values) == []
    assert made.proxy(1).is_object


@pytest.mark.parametrize(
    ("writer", "reader", "source", "suffix", "count"),
    [
        ("LegacyVTKWriter", "LegacyVTKReader", WAVELET, ".vtk", 9261),
        ("PLYWriter", "PLYReader", SPHERE, ".ply", 226),
        ("STLWriter", "STLReader", SPHERE, ".stl", 226),
        ("XMLPolyDataWriter", "XMLPolyDataReader", SPHERE, ".vtp", 226),
        ("XMLImageDataWriter", "XMLImageDataReader", WAVELET, ".vti", 9261),
        ("XMLUnstructuredGridWriter", "XMLUnstructuredGridReader", 11, ".vtu", 226),
    ],
)
def test_writers_and_readers_go_together(
    writer: str, reader: str, source: int, suffix: str, count: int, tmp_path: Path
) -> None:
    made = pipeline()
    made.create(11, "CleantoGrid", {}, {"Input": [(SPHERE, 0)]})
    path = str(tmp_path / f"data{suffix}")
    made.create(20, writer, {"FileName": path}, {"Input": [(source, 0)]})
    Executor().execute(made, 20)
    if not Path(path).exists():
        made.algorithm(20).Write()
    made.create(21, reader, {"FileName": path})
    Executor().execute(made, 21)
    assert describe_output(*made.output(21))["points"] == count


def test_the_plane_of_a_slice_and_the_arrow_of_a_glyph_can_be_replaced() -> None:
    made = pipeline()
    made.create(20, "objects/Plane", {"Normal": [1, 0, 0], "Origin": [3, 0, 0]})
    made.create(21, "Slice", {}, {"Input": [(WAVELET, 0)]}, {"SliceType": 20})
    made.create(22, "Sphere")
    made.create(23, "Glyph", {"GlyphMode": "All Points"}, {"Input": [(CLOUD, 0)]}, {"GlyphType": 22})
    executor = Executor()
    executor.execute(made, 21)
    assert bounds(3, 3, -10, 10, -10, 10)(describe_output(*made.output(21)))
    executor.execute(made, 23)
    assert points(50 * 50)(describe_output(*made.output(23)))
    made.modify(22, {"ThetaResolution": 20})
    executor.execute(made, 23)
    assert points(50 * (6 * 20 + 2))(describe_output(*made.output(23)))
    made.modify(23, {}, {"GlyphType": None})
    with pytest.raises(InvalidProperty, match=r"GlyphType of Glyph \(proxy 23\) cannot hold Plane"):
        made.modify(23, {}, {"GlyphType": 20})


def test_a_transform_moves_turns_and_stretches() -> None:
    made = pipeline()
    values = {"Translate": [10, 0, 0], "Rotate": [0, 0, 90], "Scale": [1, 2, 1]}
    made.create(20, "objects/Transform", values)
    made.create(21, "Transform", {}, {"Input": [(SPHERE, 0)]}, {"Transform": 20})
    Executor().execute(made, 21)
    found = describe_output(*made.output(21))["bounds"]
    assert found == pytest.approx((9, 11, -0.5, 0.5, -0.5, 0.5), abs=0.01)
    for name, value in values.items():
        assert get_property(made.algorithm(20), name) == pytest.approx(tuple(value), abs=1e-9)


def test_mistakes_of_users_are_explained() -> None:
    made = pipeline()
    with pytest.raises(UnknownProperty, match="Contour has no property 'Isosurface'; did you mean Isosurfaces"):
        made.create(20, "Contour", {"Isosurface": [1.0]})
    with pytest.raises(UnknownType, match=r"'Contur' is no type that this server makes; did you mean Contour[,?]"):
        made.create(20, "Contur")
    with pytest.raises(InvalidProperty, match=r"ThresholdMethod has no entry 'Betwen'; did you mean 'Between'"):
        made.create(20, "Threshold", {"ThresholdMethod": "Betwen"})
    with pytest.raises(InvalidProperty, match=r"SliceType holds a proxy, not a plain value; set it to one of Plane"):
        made.create(20, "Slice", {"SliceType": 1})
    with pytest.raises(UnknownType, match="'Plain' is no type of objects"):
        made.create(20, "objects/Plain")
    assert 20 not in made


def test_scripts_are_refused_unless_allowed_and_their_errors_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    made = pipeline()
    with_settings(monkeypatch, allow_python=False)
    for name in ("ProgrammableFilter", "vtkProgrammableFilter"):
        with pytest.raises(InvalidProperty, match=r"executes no scripts of clients.*--allow-python"):
            made.create(20, name, {"Script": "1 / 0"}, {"Input": [(SPHERE, 0)]})
    with_settings(monkeypatch, allow_python=True)
    with pytest.raises(InvalidProperty, match="is no Python: invalid syntax"):
        made.create(20, "ProgrammableFilter", {"Script": "1 /"}, {"Input": [(SPHERE, 0)]})
    made.create(20, "ProgrammableFilter", {"Script": "x = 1\ny = x / 0"}, {"Input": [(SPHERE, 0)]})
    with pytest.raises(ExecutionFailed, match=r"line 2, in <module>[\s\S]*ZeroDivisionError"):
        Executor().execute(made, 20)
    made.modify(20, {"Script": SCRIPT})
    Executor().execute(made, 20)


def test_files_outside_of_the_data_roots_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, secret = tmp_path / "root", tmp_path / "secret.ply"
    root.mkdir()
    secret.write_text("ply")
    (root / "link.ply").symlink_to(secret)
    with_settings(monkeypatch, data_roots=(root.resolve(),))
    made = Pipeline()
    for path in (str(secret), str(root / ".." / "secret.ply"), str(root / "link.ply"), "/etc/passwd", "secret.ply"):
        with pytest.raises(FileError, match=r"use files below .*root only"):
            made.create(1, "PLYReader", {"FileName": path})
        with pytest.raises(FileError, match="use files below"):
            made.create(1, "vtkPNGReader", {"FileNames": [str(root / "a.png"), path]})
    made.create(1, "PLYReader", {"FileName": str(root / "inside.ply")})


def test_the_overview_has_everything_by_group() -> None:
    found = overview()
    by_name = {one["name"]: one for one in found["filters"]}
    assert by_name["Slice"]["curated"] and by_name["Slice"]["summary"] == "Cut a data set with a surface."
    assert "Cutter" in by_name and "Plane" in {one["name"] for one in found["objects"]}
    assert sum(map(len, found.values())) > 1200


OWN = """
[Halved]
group = "filters"
doc = "Half of a surface's triangles."
parts = { triangles = "vtkTriangleFilter", decimate = "vtkDecimatePro" }
links = { "decimate.Input" = "triangles" }
property = [{ name = "Fraction", target = "decimate.TargetReduction", default = 0.5, doc = "How many go." }]
"""


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes a file of definitions, and has it read."""

    def write(text: str) -> None:
        path = tmp_path / "own.toml"
        path.write_text(text)
        with_settings(monkeypatch, definitions=(path,))
        _entries.cache_clear()
        composition.cache_clear()

    yield write
    monkeypatch.undo()
    _entries.cache_clear()
    composition.cache_clear()


def test_users_types_are_there_where_ours_were_read_before(own_file: Callable[[str], None]) -> None:
    """As in a worker: it is forked from a process that knows no settings."""
    own_file("")
    prepare()
    own_file(OWN)
    assert "Halved" in curated_names() and "Clip" in curated_names()


def test_two_threads_read_our_files_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    loads = tomllib.loads

    def counted(text: str) -> dict[str, Any]:
        read.append(text)
        return loads(text)

    monkeypatch.setattr("tomllib.loads", counted)
    for kept in (_hand_written, _ours, _entries):
        kept.cache_clear()
    with ThreadPoolExecutor(4) as threads:
        names = list(threads.map(lambda _: curated_names(), range(4)))
    assert len(set(names)) == 1 and "Clip" in names[0]
    assert len(read) == len(set(read))


def test_users_may_add_types(own_file: Callable[[str], None]) -> None:
    own_file(OWN)
    made = pipeline()
    made.create(20, "Halved", {}, {"Input": [(SPHERE, 0)]})
    Executor().execute(made, 20)
    assert cells(200, 240)(describe_output(*made.output(20)))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("vtkDecimatePro", "vtkDecimatePr", "is not an algorithm class of VTK; did you mean vtkDecimatePro"),
        ("decimate.TargetReduction", "decimate.TargetReducton", "has no 'TargetReducton'; it has TargetReduction"),
        ("decimate.TargetReduction", "decimat.TargetReduction", "there is no part 'decimat'"),
        ("doc = ", "dok = ", "has a key 'dok'; did you mean doc"),
        ('group = "filters"', 'group = "filter"', r"\[Halved\] needs a group, one of sources, filters"),
        ('"decimate.Input"', '"decimate.Inputs"', "decimate has no input 'Inputs'; it has Input"),
        ('"triangles" }', '"triangles:3" }', "triangles has no output 3; it has 1"),
        ("[Halved]", "[Halved", "is no TOML"),
    ],
)
def test_mistakes_in_files_are_explained(old: str, new: str, words: str, own_file: Callable[[str], None]) -> None:
    own_file(OWN.replace(old, new, 1))
    with pytest.raises(DefinitionError, match=words):
        composition("Halved")


def test_a_bare_class_is_never_hidden() -> None:
    assert (
        composition("vtkClipDataSet").definition.type_name == "vtkClipDataSet" and construct("vtkPLYReader") is not None
    )


def read_anew() -> None:
    """Forget what a process finds out once: which packages are installed, and the types that they define."""
    for remembered in (_packages, _entries, composition):
        remembered.cache_clear()


def test_packages_may_add_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "halving"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "types.toml").write_text(OWN)
    information = tmp_path / "halving-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: halving\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[apv.definitions]\nhalving = halving:types.toml\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    read_anew()
    try:
        made = pipeline()
        made.create(20, "Halved", {"Fraction": 0.25}, {"Input": [(SPHERE, 0)]})
        Executor().execute(made, 20)
        assert cells(300, 360)(describe_output(*made.output(20)))
    finally:
        monkeypatch.undo()
        read_anew()


def test_an_object_may_be_asked_for_by_the_name_of_its_type() -> None:
    made = Pipeline()
    made.create(WAVELET, "Wavelet", {})
    made.create(20, "Slice", {"SliceType": "Sphere"}, {"Input": [(WAVELET, 0)]})
    own = made.proxy(20).own_objects["SliceType"]
    assert own.type_name == "Sphere" and made.proxy(20).sources() == (WAVELET,)
    made.modify(20, {"SliceType": "Sphere"})
    assert made.proxy(20).own_objects["SliceType"] is own
    made.create(30, "objects/Box", {})
    made.modify(20, {}, {"SliceType": 30})
    assert made.proxy(20).objects == {"SliceType": 30} and "SliceType" not in made.proxy(20).own_objects
    made.modify(20, {"SliceType": "Cylinder"})
    assert made.proxy(20).own_objects["SliceType"].type_name == "Cylinder" and not made.dependents(30)
    made.modify(20, {}, unset=["SliceType"])
    assert made.proxy(20).own_objects["SliceType"].type_name == "Plane" and not made.proxy(20).named
    with pytest.raises(UnknownType, match=r"Slice.SliceType: 'Sphree'.*did you mean Sphere"):
        made.modify(20, {"SliceType": "Sphree"})
    with pytest.raises(UnknownType, match="Sphree"):
        made.create(21, "Slice", {"SliceType": "Sphree"})
    assert 21 not in made

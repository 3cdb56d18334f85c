"""Properties that are set back are as in a new proxy: told by what comes out, for every kind of property."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from vtkmodules.vtkFiltersCore import vtkElevationFilter
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource
from vtkmodules.vtkIOXML import vtkXMLImageDataWriter

from apvserver.vtk.base.errors import InvalidProperty
from apvserver.vtk.pipeline.preparation import prepare
from apvserver.vtk.pipeline.proxies import Pipeline


def output(pipeline: Pipeline, id_: int) -> Any:
    """What a proxy gives now."""
    algorithm, port = pipeline.output(id_)
    for one in pipeline.proxy(id_).algorithms:
        prepare(one)
        one.Update()
    return algorithm.GetOutputDataObject(port)


def told(data: Any) -> tuple[Any, ...]:
    """Numbers that tell one output of these tests from another."""
    points = data.GetPointData()
    names = tuple(points.GetArrayName(index) for index in range(points.GetNumberOfArrays()))
    return (data.GetNumberOfPoints(), data.GetNumberOfCells(), data.GetBounds(), names)


@pytest.fixture
def pipeline() -> Pipeline:
    """A wavelet (1), a plane (2), a transform (3), a sphere (4)."""
    made = Pipeline()
    made.create(1, "Wavelet", {"WholeExtent": [-5, 5, -5, 5, -5, 5]})
    made.create(2, "objects/Plane", {"Origin": [0, 0, 3], "Normal": [0, 0, 1]})
    made.create(3, "objects/Transform", {"Translate": [7, 0, 0]})
    made.create(4, "Sphere")
    return made


@pytest.mark.parametrize(
    ("type_name", "inputs", "properties", "objects"),
    [
        ("Sphere", {}, {"Radius": 5.0}, {}),
        ("vtkMeshQuality", {"Input": [(4, 0)]}, {"TriangleQualityMeasure": 2}, {}),
        ("Calculator", {"Input": [(1, 0)]}, {"Function": "RTData * 2"}, {}),
        ("PythonCalculator", {"Input": [(1, 0)]}, {"Expression": "RTData * 2"}, {}),
        ("Sphere", {}, {"Center": [1.0, 2.0, 3.0], "ThetaResolution": 20}, {}),
        ("Wavelet", {}, {"WholeExtent": [0, 3, 0, 3, 0, 3]}, {}),
        ("vtkGlyphSource2D", {}, {"GlyphType": "Cross"}, {}),
        ("vtkPlaneSource", {}, {"Point1": [3.0, 0.0, 0.0]}, {}),
        ("Contour", {"Input": [(1, 0)]}, {"Isosurfaces": [150.0, 200.0]}, {}),
        ("vtkContourFilter", {"Input": [(1, 0)]}, {"Values": [100.0, 150.0]}, {}),
        ("vtkCubeSource", {}, {"XLength": 4.0}, {}),
        ("Slice", {"Input": [(1, 0)]}, {}, {"SliceType": 2}),
        ("Slice", {"Input": [(1, 0)]}, {"SliceOffsetValues": [0.0, 2.0]}, {"SliceType": 2}),
        ("Clip", {"Input": [(1, 0)]}, {"Invert": False}, {"ClipType": 2}),
        ("Transform", {"Input": [(4, 0)]}, {}, {"Transform": 3}),
        ("StreamTracer", {"Input": [(1, 0)]}, {}, {"SeedType": 4}),
        ("Shrink", {"Input": [(1, 0)]}, {"ShrinkFactor": 0.1}, {}),
    ],
)
def test_what_is_set_back_is_as_in_a_new_proxy(
    pipeline: Pipeline, type_name: str, inputs: Any, properties: Any, objects: Any
) -> None:
    pipeline.create(10, type_name, {}, inputs)
    new = told(output(pipeline, 10))
    pipeline.modify(10, properties, objects)
    changed = told(output(pipeline, 10))
    assert pipeline.modify(10, {}, {}, [*properties, *objects]) == []
    assert told(output(pipeline, 10)) == new
    if type_name not in ("StreamTracer", "vtkMeshQuality"):  # no vectors to follow; qualities are of cells
        assert changed != new
    before = pipeline.algorithm(10).GetMTime()
    pipeline.modify(10, {}, {}, [*properties, *objects, "Nothing"])
    assert pipeline.algorithm(10).GetMTime() == before, "once is enough"
    assert not pipeline.proxy(10).objects and 10 not in pipeline.dependents(2)


def test_objects_of_their_own_are_set_back_too(pipeline: Pipeline) -> None:
    pipeline.create(10, "Transform", {}, {"Input": [(4, 0)]}, {"Transform": 3})
    assert output(pipeline, 10).GetBounds()[0] > 6
    pipeline.modify(3, {}, {}, ["Translate"])
    assert output(pipeline, 10).GetBounds() == pytest.approx(output(pipeline, 4).GetBounds())
    pipeline.create(11, "vtkCutter", {}, {"Input": [(1, 0)]}, {"CutFunction": 2})
    assert output(pipeline, 11).GetBounds()[4:] == (3.0, 3.0)
    pipeline.modify(11, {}, {}, ["CutFunction"])
    assert pipeline.algorithm(11).GetCutFunction() is None, "as in a new vtkCutter"
    pipeline.create(12, "vtkStreamTracer")
    kind = type(pipeline.algorithm(12).GetIntegrator())
    pipeline.create(13, "objects/vtkRungeKutta45")
    pipeline.modify(12, {}, {"Integrator": 13})
    pipeline.modify(12, {}, {}, ["Integrator"])
    assert type(pipeline.algorithm(12).GetIntegrator()) is kind


def test_the_seeds_of_streamlines_are_set_back(pipeline: Pipeline) -> None:
    pipeline.create(10, "StreamTracer", {}, {"Input": [(1, 0)]})
    tracer = pipeline.algorithm(10)
    own = type(tracer.GetInputAlgorithm(1, 0))
    pipeline.modify(10, {}, {"SeedType": 4})
    assert tracer.GetInputAlgorithm(1, 0) is pipeline.algorithm(4) and pipeline.dependents(4) == (10,)
    pipeline.modify(10, {}, {}, ["SeedType"])
    assert type(tracer.GetInputAlgorithm(1, 0)) is own and pipeline.dependents(4) == ()


def test_chosen_arrays_are_set_back(pipeline: Pipeline, tmp_path: Path) -> None:
    wavelet, elevation, writer = vtkRTAnalyticSource(), vtkElevationFilter(), vtkXMLImageDataWriter()
    elevation.SetInputConnection(wavelet.GetOutputPort())
    writer.SetInputConnection(elevation.GetOutputPort())
    writer.SetFileName(str(tmp_path / "two.vti"))
    writer.Write()
    pipeline.create(10, "vtkXMLImageDataReader", {"FileName": str(tmp_path / "two.vti")})
    pipeline.modify(10, {"PointArrayStatus": {"RTData": False}})
    assert told(output(pipeline, 10))[3] == ("Elevation",)
    pipeline.modify(10, {}, {}, ["PointArrayStatus"])
    assert told(output(pipeline, 10))[3] == ("RTData", "Elevation")
    pipeline.create(11, "vtkContourFilter", {"Values": [150.0]}, {"Input": [(10, 0)]})
    new = told(output(pipeline, 11))
    pipeline.modify(11, {"SelectInputArray": ["POINTS", "RTData"]})
    assert told(output(pipeline, 11)) != new
    pipeline.modify(11, {}, {}, ["SelectInputArray"])
    assert told(output(pipeline, 11)) == new


def test_inputs_are_set_back_and_a_list_without_members_is_nothing(pipeline: Pipeline) -> None:
    pipeline.create(10, "vtkAppendPolyData", {}, {"Input": [(4, 0), (4, 0)]})
    assert output(pipeline, 10).GetNumberOfPoints() == 100
    pipeline.connect(10, {"Input": []})
    assert output(pipeline, 10).GetNumberOfPoints() == 0
    pipeline.connect(10, {"Input": [(4, 0)]})
    assert output(pipeline, 10).GetNumberOfPoints() == 50
    pipeline.modify(10, {}, {}, ["Input"])
    assert pipeline.algorithm(10).GetNumberOfInputConnections(0) == 0 and pipeline.dependents(4) == ()


def test_a_refused_change_sets_nothing_back(pipeline: Pipeline) -> None:
    pipeline.modify(4, {"Radius": 5.0})
    with pytest.raises(InvalidProperty, match="ThetaResolution"):
        pipeline.modify(4, {"ThetaResolution": "many"}, {}, ["Radius"])
    assert output(pipeline, 4).GetBounds()[5] == 5.0
    pipeline.modify(4, {"ThetaResolution": 20}, {}, ["Radius"])
    assert output(pipeline, 4).GetBounds()[5] == 0.5

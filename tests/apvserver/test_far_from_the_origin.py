"""Metres of a map: what is made of data far from the origin has the coordinates of the data, not rounded ones.

In single precision the steps are 0.03 m at x = 500000 and 0.5 m at y = 5300000; the data is 0.1 m wide. What is right
is what the same filter makes of the same data at the origin, moved: to a thousandth of a cell.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMultiBlockDataSet, vtkRectilinearGrid

from apvserver.vtk.base.precision import is_far
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.geometry.extraction import extract, extraction_properties
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.properties import get_property

FAR = np.array([500000.123, 5300000.456, 312.7])
NEAR = np.zeros(3)
DATA, FILTER, OBJECT = 1, 2, 3
WITHIN = np.array([0.033, 0.021, 0.011])
SPACING = 0.01


def place(*offset: float) -> list[float]:
    found: list[float] = (FAR + np.array(offset)).tolist()
    return found


def image(origin: Any) -> Any:
    made = vtkImageData()
    made.SetDimensions(11, 6, 4)
    made.SetOrigin(origin)
    made.SetSpacing(SPACING, SPACING, SPACING)
    return with_arrays(made, origin)


def rectilinear(origin: Any) -> Any:
    made = vtkRectilinearGrid()
    made.SetDimensions(11, 6, 4)
    for axis, count in enumerate((11, 6, 4)):
        coordinates = numpy_to_vtk(origin[axis] + SPACING * np.arange(count), deep=True)
        (made.SetXCoordinates, made.SetYCoordinates, made.SetZCoordinates)[axis](coordinates)
    return with_arrays(made, origin)


def with_arrays(data: Any, origin: Any) -> Any:
    places = np.array([data.GetPoint(index) for index in range(data.GetNumberOfPoints())]) - origin
    for name, values in (("east", places[:, 0] * 10), ("offset", places)):
        array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
        array.SetName(name)
        data.GetPointData().AddArray(array)
    return data


def points_of(data: Any) -> Any:
    if isinstance(data, vtkMultiBlockDataSet):
        return np.concatenate([points_of(data.GetBlock(index)) for index in range(data.GetNumberOfBlocks())])
    return vtk_to_numpy(data.GetPoints().GetData()).astype(np.float64)


def made_of(data: Any, type_name: str, properties: dict[str, Any], origin: Any) -> tuple[Any, list[Message]]:
    made, told = Pipeline(), list[Message]()
    made.create(DATA, "vtkTrivialProducer")
    made.algorithm(DATA).SetOutput(data)
    where = (origin + WITHIN).tolist()
    inputs = {"Input": [(DATA, 0)]}
    made.create(OBJECT, "objects/Plane", {"Origin": where, "Normal": [1.0, 0.3, 0.1]})
    if type_name in CUTTING:
        made.create(FILTER, type_name, properties, inputs)
        made.modify(FILTER, {}, objects={CUTTING[type_name]: OBJECT})
    else:
        made.create(FILTER, type_name, properties, inputs)
    Executor().execute(made, FILTER, on_message=told.append)
    return made.output_data(FILTER, 0), told


CUTTING = {
    "Slice": "SliceType",
    "Clip": "ClipType",
    "ExtractGeometryByFunction": "IntersectWith",
    "vtkExtractGeometry": "ImplicitFunction",
}
CASES: list[tuple[str, dict[str, Any]]] = [
    ("Contour", {"ContourBy": ["POINTS", "east"], "Isosurfaces": [0.33]}),
    ("Slice", {}),
    ("Clip", {}),
    ("ClipByScalar", {"Scalars": ["POINTS", "east"], "Value": 0.33}),
    ("Threshold", {"Scalars": ["POINTS", "east"], "LowerThreshold": 0.25, "UpperThreshold": 0.75}),
    ("ExtractSurface", {}),
    ("FeatureEdges", {}),
    ("CellCenters", {}),
    ("Outline", {}),
    ("CleantoGrid", {}),
    ("WarpByVector", {"Vectors": ["POINTS", "offset"]}),
    ("Glyph", {"MaximumNumberOfSamplePoints": 1000, "ScaleFactor": 0.002}),
    ("MaskPoints", {"MaximumNumberofPoints": 1000}),
    ("Connectivity", {}),
    ("Tetrahedralize", {}),
    ("MergeBlocks", {}),
    ("ExtractGeometryByFunction", {}),
]


@pytest.mark.parametrize("grid", [image, rectilinear])
@pytest.mark.parametrize(("type_name", "properties"), CASES, ids=[name for name, _ in CASES])
def test_coordinates_are_those_of_the_data(type_name: str, properties: dict[str, Any], grid: Any) -> None:
    far, told = made_of(grid(FAR), type_name, properties, FAR)
    near, _ = made_of(grid(NEAR), type_name, properties, NEAR)
    assert not told
    assert len(points_of(far)) == len(points_of(near)) > 0
    moved, there = (one[np.lexsort(np.round(one / SPACING, 2).T)] for one in (points_of(far) - FAR, points_of(near)))
    np.testing.assert_allclose(moved, there, atol=SPACING / 1000)


def test_blocks_of_which_one_is_far_keep_their_coordinates() -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, image(NEAR))
    blocks.SetBlock(1, image(FAR))
    found, _ = made_of(blocks, "Contour", dict(CASES)["Contour"], NEAR)
    near, far = points_of(found.GetBlock(0)), points_of(found.GetBlock(1))
    np.testing.assert_allclose(far - FAR, near, atol=SPACING / 1000)


def test_data_at_the_origin_stays_of_single_precision_and_what_was_chosen_goes_with_its_reason() -> None:
    made = Pipeline()
    made.create(DATA, "vtkTrivialProducer")
    made.create(FILTER, "Contour", dict(CASES)["Contour"], {"Input": [(DATA, 0)]})
    kinds = []
    for origin in (NEAR, FAR, NEAR):
        made.algorithm(DATA).SetOutput(image(origin))
        made.touch(DATA)
        Executor().execute(made, FILTER)
        kinds.append(vtk_to_numpy(made.output_data(FILTER, 0).GetPoints().GetData()).dtype.name)
    assert kinds == ["float32", "float64", "float32"]


def test_a_precision_that_was_set_is_kept() -> None:
    properties = {"SelectInputArray": ["POINTS", "east"], "LowerThreshold": 0.2, "OutputPointsPrecision": "Single"}
    found, _ = made_of(image(FAR), "vtkThreshold", properties, FAR)
    assert vtk_to_numpy(found.GetPoints().GetData()).dtype == np.float32


@pytest.mark.parametrize(
    ("type_name", "properties"),
    [
        ("Line", {"Point1": FAR.tolist(), "Point2": (FAR + 0.1).tolist(), "Resolution": 10}),
        ("Sphere", {"Center": FAR.tolist(), "Radius": 0.05}),
        (
            "vtkPlaneSource",
            {"Origin": FAR.tolist(), "Point1": place(0.1, 0, 0), "Point2": place(0, 0.1, 0)},
        ),
        ("Box", {"Center": FAR.tolist(), "XLength": 0.1, "YLength": 0.1, "ZLength": 0.1}),
    ],
)
def test_sources_are_where_they_were_put(type_name: str, properties: dict[str, Any]) -> None:
    places = {name: (np.array(value) - FAR).tolist() for name, value in properties.items() if isinstance(value, list)}
    found = []
    for values in (properties, {**properties, **places}):
        made = Pipeline()
        made.create(DATA, type_name, values)
        Executor().execute(made, DATA)
        found.append(points_of(made.output_data(DATA, 0)))
    np.testing.assert_allclose(found[0] - FAR, found[1], atol=1e-6)


def test_what_is_moved_far_away_is_not_rounded() -> None:
    made = Pipeline()
    made.create(DATA, "Sphere", {"Radius": 0.05})
    made.create(OBJECT, "objects/Transform", {"Translate": FAR.tolist()})
    made.create(FILTER, "Transform", {}, {"Input": [(DATA, 0)]})
    made.modify(FILTER, {}, objects={"Transform": OBJECT})
    Executor().execute(made, FILTER)
    before, after = (points_of(made.output_data(id_, 0)) for id_ in (DATA, FILTER))
    np.testing.assert_allclose(after - FAR, before, atol=1e-8)


@pytest.mark.parametrize("type_name", ["Shrink", "OutlineCorners", "vtkExtractGeometry", "ExtractSelection"])
def test_what_vtk_rounds_in_any_case_is_told(type_name: str) -> None:
    properties = {"IDs": [0, 3, 0, 5]} if type_name == "ExtractSelection" else {}
    _, told = made_of(image(FAR), type_name, properties, FAR)
    assert [one.severity for one in told] == ["warning"]
    assert "rounded to steps of 0.5" in told[0].text and "Transform" in told[0].text
    assert not made_of(image(NEAR), type_name, properties, NEAR)[1]


@pytest.mark.parametrize(
    "kind", ["Surface", "Outline", "Feature Edges", "Points", "Slice", "3D Glyphs", "Point Gaussian"]
)
def test_what_is_drawn_is_where_the_data_is(kind: str) -> None:
    properties = extraction_properties(
        {"Representation": kind, "ColorBy": None if kind == "Outline" else ("POINTS", "east")}
    )
    far, near = (extract(image(origin), properties).parts["full"] for origin in (FAR, NEAR))
    np.testing.assert_allclose(points_of(far) - FAR, points_of(near), atol=SPACING / 1000)


def test_far_is_what_single_precision_would_move_visibly() -> None:
    assert is_far(image(FAR)) and not is_far(image(NEAR)) and not is_far(image([0.1, 0.1, 0.1]))
    assert not is_far(None) and not is_far(vtkImageData())
    wide = image(FAR)
    wide.SetSpacing(1e5, 1e5, 1e5)
    assert not is_far(wide)
    sphere = Pipeline()
    sphere.create(DATA, "vtkSphereSource", {"Center": FAR.tolist(), "OutputPointsPrecision": "Single"})
    Executor().execute(sphere, DATA)
    assert not is_far(sphere.output_data(DATA, 0))
    assert get_property(sphere.algorithm(DATA), "OutputPointsPrecision") == 0

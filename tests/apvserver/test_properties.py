"""Setting properties: all or nothing, messages that help, and what VTK changed is reported."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apvserver.vtk.base.errors import InvalidProperty, UnknownProperty
from apvserver.vtk.types.catalog import construct
from apvserver.vtk.types.definitions import Adjustment
from apvserver.vtk.types.properties import get_property, set_properties


def test_values_arrive_in_vtk() -> None:
    sphere = construct("SphereSource")
    assert set_properties(sphere, {"Radius": 2, "Center": [1, 2.5, -3], "LatLongTessellation": 1}) == []
    assert (sphere.GetRadius(), sphere.GetCenter(), sphere.GetLatLongTessellation()) == (2.0, (1.0, 2.5, -3.0), 1)
    assert get_property(sphere, "Center") == (1.0, 2.5, -3.0)


def test_a_clamped_value_is_reported_not_refused() -> None:
    sphere = construct("SphereSource")
    assert set_properties(sphere, {"ThetaResolution": 2}) == [Adjustment("ThetaResolution", 2, 3)]
    assert Adjustment("ThetaResolution", 2, 3).to_dict() == {
        "property": "ThetaResolution",
        "requested": 2,
        "actual": 3,
    }


def test_an_unknown_property_suggests_the_nearest() -> None:
    with pytest.raises(UnknownProperty, match=r"no property 'Radios'; did you mean Radius\? It has: "):
        set_properties(construct("SphereSource"), {"Radios": 1})


def test_nothing_is_applied_when_one_value_is_wrong() -> None:
    sphere = construct("SphereSource")
    before = sphere.GetMTime()
    with pytest.raises(InvalidProperty):
        set_properties(sphere, {"Radius": 2.0, "PhiResolution": 1.5})
    assert (sphere.GetRadius(), sphere.GetMTime()) == (0.5, before)


def test_a_value_that_only_cpp_refuses_undoes_the_others() -> None:
    sphere = construct("SphereSource")
    with pytest.raises(InvalidProperty, match=r"vtkSphereSource.PhiResolution cannot be 1099511627776"):
        set_properties(sphere, {"Radius": 2.0, "PhiResolution": 2**40})
    assert sphere.GetRadius() == 0.5


@pytest.mark.parametrize(
    ("type_name", "properties", "message"),
    [
        ("SphereSource", {"Radius": "1"}, r"Radius expects a number, not str '1'"),
        ("SphereSource", {"Radius": True}, r"expects a number, not bool"),
        ("SphereSource", {"Center": 1.0}, r"Center expects 3 values of type float, not one float"),
        ("SphereSource", {"Center": [1, 2]}, r"expects 3 values of type float, not 2"),
        ("SphereSource", {"Center": [1, 2, "x"]}, r"Center\[2\] expects a number"),
        ("SphereSource", {"PhiResolution": math.inf}, r"expects an integer"),
        ("SphereSource", {"LatLongTessellation": 2}, r"expects True or False"),
        ("Glyph3D", {"VectorMode": "Sideways"}, r"no entry 'Sideways'; it has: UseVector \(0\), UseNormal \(1\)"),
        ("Glyph3D", {"VectorMode": 17}, r"no entry 17"),
        ("Glyph3D", {"PointIdsName": 3}, r"expects a string"),
        ("Glyph3D", {"PointIdsName": "a\0b"}, r"expects a string"),
        (
            "Cutter",
            {"CutFunction": "Plane"},
            r"holds a VTK object, not a plain value; set it to a proxy of one of Annulus, Box",
        ),
        ("ContourFilter", {"Values": "123"}, r"Values expects a list"),
        ("ContourFilter", {"Values": [1, None]}, r"Values\[1\] expects a number"),
        ("ContourFilter", {"SelectInputArray": ("POINT", "p")}, r"unknown association 'POINT'; known ones are POINTS"),
        ("ContourFilter", {"SelectInputArray": "p"}, r'expects an array like \("POINTS", "pressure"\), not'),
        ("PNGReader", {"FileNames": ["a", 3]}, r"FileNames\[1\] expects a string"),
        ("XMLImageDataReader", {"PointArrayStatus": "p"}, r"expects a list"),
        ("XMLImageDataReader", {"PointArrayStatus": {"p": "yes"}}, r"expects a list of names, or a mapping"),
    ],
)
def test_wrong_values_are_explained(type_name: str, properties: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidProperty, match=message):
        set_properties(construct(type_name), properties)


def test_infinity_and_numpy_numbers_are_numbers_and_nan_is_none() -> None:
    sphere = construct("SphereSource")
    assert set_properties(sphere, {"Center": np.array([1, 2, 3]), "ThetaResolution": np.int64(9)}) == []
    assert sphere.GetCenter() == (1.0, 2.0, 3.0)
    assert set_properties(sphere, {"Center": (0.5, -math.inf, math.inf)}) == []
    assert sphere.GetCenter() == (0.5, -math.inf, math.inf)
    for values in ({"Center": (math.nan, 0, 0)}, {"Radius": math.nan}):
        with pytest.raises(InvalidProperty, match="cannot be NaN, which is no number"):
            set_properties(sphere, values)
    contour = construct("ContourFilter")
    with pytest.raises(InvalidProperty, match="Values cannot be NaN"):
        set_properties(contour, {"Values": [1.0, math.nan]})
    assert set_properties(construct("PointInterpolator"), {"NullValue": math.nan}) == []


@pytest.mark.parametrize("value", ["UseNormal", 1])
def test_an_enumeration_takes_name_or_number(value: Any) -> None:
    glyph = construct("Glyph3D")
    assert set_properties(glyph, {"VectorMode": value}) == []
    assert glyph.GetVectorMode() == 1


def test_cpp_enumerations_are_set_through_their_constants() -> None:
    quality, calculator = construct("MeshQuality"), construct("ArrayCalculator")
    assert set_properties(quality, {"HexQualityMeasure": "SCALED_JACOBIAN"}) == []
    assert int(quality.GetHexQualityMeasure()) == 10
    assert set_properties(calculator, {"FunctionParserType": "FunctionParser"}) == []
    assert get_property(calculator, "FunctionParserType") == 0


def test_a_null_string_never_reaches_vtk() -> None:
    # Some readers of VTK do not survive it; this one does.
    named = construct("XMLImageDataReader")
    assert set_properties(named, {"FileName": None}) == []
    assert named.GetFileName() is None
    set_properties(named, {"FileName": "a.vti"})
    assert set_properties(named, {"FileName": None}) == []
    assert named.GetFileName() == ""


def test_equal_values_leave_an_algorithm_up_to_date() -> None:
    contour = construct("ContourFilter")
    properties = {"Values": [1, 2, 3], "GenerateTriangles": False, "SelectInputArray": ("POINTS", "RTData")}
    set_properties(contour, properties)
    before = contour.GetMTime()
    assert set_properties(contour, properties) == []
    assert contour.GetMTime() == before


@pytest.mark.parametrize(
    "type_name", ["ContourFilter", "FlyingEdges3D", "SurfaceNets3D", "DiscreteMarchingCubes", "Contour3DLinearGrid"]
)
def test_values_set_their_number_too(type_name: str) -> None:
    contour = construct(type_name)
    assert set_properties(contour, {"Values": range(1, 30)}) == []
    assert contour.GetNumberOfContours() == 29
    assert get_property(contour, "Values") == tuple(float(value) for value in range(1, 30))
    assert set_properties(contour, {"Values": [4.5]}) == []
    assert get_property(contour, "Values") == (4.5,)


@given(st.lists(st.floats(allow_nan=False), max_size=20), st.lists(st.floats(allow_nan=False), max_size=20))
def test_values_are_what_was_set_last(first: list[float], second: list[float]) -> None:
    contour = construct("ContourFilter")
    assert set_properties(contour, {"Values": first}) == []
    assert set_properties(contour, {"Values": second}) == []
    assert get_property(contour, "Values") == tuple(second)


def test_input_arrays_are_chosen_by_association_and_name() -> None:
    glyph = construct("Glyph3D")
    arrays = [("POINTS", "scale"), ("CELLS", "direction")]
    assert set_properties(glyph, {"SelectInputArray": arrays}) == []
    assert get_property(glyph, "SelectInputArray") == tuple(arrays)
    assert set_properties(glyph, {"SelectInputArray": (0, "other")}) == []
    assert get_property(glyph, "SelectInputArray")[0] == ("POINTS", "other")


@pytest.mark.parametrize("type_name", ["PNGReader", "IOSSReader", "DataSetReader"])
def test_lists_of_files(type_name: str) -> None:
    reader = construct(type_name)
    for paths in (["/a/1", "/a/2"], ["/b"], []):
        assert set_properties(reader, {"FileNames": paths}) == []
        assert get_property(reader, "FileNames") == tuple(paths)

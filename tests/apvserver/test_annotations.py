"""Texts as data: what they say, as ParaView 5.11 says it, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.pipeline.execution import Executor

from ..harness.paraview_types import FILTER, pipeline


def said(type_name: str, of: str = "", time: float | None = None, **properties: Any) -> str:
    made, ids = pipeline()
    made.create(FILTER, type_name, properties, {"Input": [(ids[of], 0)]} if of else {})
    Executor().execute(made, FILTER, time=time)
    table = made.output_data(FILTER)
    assert (table.GetNumberOfRows(), table.GetNumberOfColumns(), table.GetColumnName(0)) == (1, 1, "Text")
    return str(table.GetColumn(0).GetValue(0))


RTDATA = ["POINTS", "RTData"]


def test_what_they_say_is_what_paraview_says() -> None:
    assert said("Text") == "Text"
    assert said("Text", Text="a\nb") == "a\nb"
    assert said("AnnotateTime") == "?"
    assert said("AnnotateTime", time=2.5) == "Time: 2.500000"
    assert said("AnnotateTimeFilter", "times", 0.5) == "Time: 0.444444"
    assert said("AnnotateTimeFilter", "times", 0.5, Scale=2.0, Shift=1.0) == "Time: 1.888889"
    assert said("AnnotateTimeFilter", "times", 0.5, Format="t %5.2f") == "t %5.2f"
    assert (
        said("AnnotateAttributeData", "vec", SelectInputArray=["POINTS", "V"], Prefix="v=")
        == "v=[-4.          4.          1.21526932]"
    )
    assert (
        said("PythonAnnotation", "wavelet", Expression="max(RTData)", ArrayAssociation="Point Data")
        == "264.21844482421875"
    )
    assert said("PythonAnnotation", "wavelet", Expression='"%f" % max(inputs[0].PointData["RTData"])') == "264.218445"
    assert said("PythonAnnotation", "times", 0.5, Expression='"t=%g" % t_value') == "t=0.444444"
    assert (
        said("PythonAnnotation", "times", 0.5, Expression='"%s %s" % (time_value, t_index)') == "0.4444444444444444 4"
    )


def test_the_time_follows_what_is_asked_for() -> None:
    made, _ = pipeline()
    made.create(FILTER, "AnnotateTime", {"Format": "{time:g}"})
    told = []
    for time in (1.0, 2.5, 1.0):
        Executor().execute(made, FILTER, time=time)
        told.append(made.output_data(FILTER).GetColumn(0).GetValue(0))
    assert told == ["1", "2.5", "1"]


@pytest.mark.parametrize(
    ("type_name", "of", "properties", "words"),
    [
        ("AnnotateTimeFilter", "times", {"Format": "{time:999999f}"}, "is not understood"),
        ("AnnotateTimeFilter", "times", {"Format": "{other:f}"}, "there is {time:f}"),
        ("AnnotateAttributeData", "wavelet", {"SelectInputArray": RTDATA, "ElementId": 729}, "has no such element"),
        ("AnnotateAttributeData", "wavelet", {"SelectInputArray": RTDATA, "ElementId": -1}, "has no such element"),
        ("AnnotateGlobalData", "wavelet", {"SelectArrays": "mass"}, "mass"),
        ("PythonAnnotation", "wavelet", {"Expression": '"%f%f" % 1'}, "2 places for 1 values"),
        ("PythonAnnotation", "wavelet", {"Expression": '"%999999999d" % 1'}, "0 places for 1 values"),
        ("PythonAnnotation", "wavelet", {"Expression": '__import__("os")'}, "no function '__import__'"),
        ("PythonAnnotation", "wavelet", {"Expression": "max(nothing)"}, "no array 'nothing'"),
    ],
)
def test_what_cannot_be_said_is_refused(type_name: str, of: str, properties: dict[str, Any], words: str) -> None:
    with pytest.raises(ExecutionFailed, match=words):
        said(type_name, of, 0.5 if of == "times" else None, **properties)


def test_an_older_name_makes_the_present_type() -> None:
    made, ids = pipeline()
    made.create(FILTER, "GenerateSurfaceNormals", {}, {"Input": [(ids["ball"], 0)]})
    assert made.proxy(FILTER).definition.type_name == "SurfaceNormals"

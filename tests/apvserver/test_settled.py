"""What an execution has left as it was is not looked at again; what may have changed it is never overlooked."""

from __future__ import annotations

from typing import Any

import pytest

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline import execution, times
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

SOURCE, FILTER, OBJECT = 1, 2, 3


class Looked:
    """An executor, and which algorithms it looks at, by class."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pipeline = Pipeline()
        self.executor = Executor()
        self.messages: list[Message] = []
        self._seen: list[str] = []
        update = times.update

        def seen(algorithm: Any, port: int, time: float | None, extent: Any = None) -> None:
            self._seen.append(type(algorithm).__name__)
            update(algorithm, port, time, extent)

        monkeypatch.setattr(execution, "update", seen)

    def execute(self, id: int = FILTER, **options: Any) -> list[str]:
        self._seen.clear()
        self.executor.execute(self.pipeline, id, on_message=self.messages.append, **options)
        return list(self._seen)


@pytest.fixture
def contour(monkeypatch: pytest.MonkeyPatch) -> Looked:
    """The contour of a wavelet: four parts behind a source; executed."""
    made = Looked(monkeypatch)
    made.pipeline.create(SOURCE, "Wavelet", {"WholeExtent": [-5, 5] * 3})
    made.pipeline.create(FILTER, "Contour", {"Isosurfaces": [157.0]}, {"Input": [(SOURCE, 0)]})
    made.execute()
    return made


def test_nothing_is_looked_at_where_nothing_has_changed(contour: Looked) -> None:
    assert contour.execute() == contour.execute(SOURCE) == []
    contour.pipeline.modify(FILTER, {"Isosurfaces": [157.0]})
    assert contour.execute() == [], "a value that it has already changes nothing"


def test_only_parts_behind_a_change_are_looked_at(contour: Looked) -> None:
    contour.pipeline.modify(FILTER, {"Isosurfaces": [120.0]})
    assert contour.execute() == ["vtkContourFilter", "ContourValuesInFull", "FinitePoints", "VisiblePolygons"]
    assert describe_output(*contour.pipeline.output(FILTER))["arrays"][0]["ranges"] == [pytest.approx((120.0, 120.0))]


def test_a_change_of_the_source_is_seen_by_all_parts(contour: Looked) -> None:
    contour.pipeline.modify(SOURCE, {"Maximum": 300.0})
    found = contour.execute()
    assert found[0] == "vtkRTAnalyticSource" and len(found) == 1 + len(contour.pipeline.proxy(FILTER).algorithms)


def test_what_others_ask_of_a_source_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter that takes a part of an image has the source make that part alone."""
    looked = Looked(monkeypatch)
    looked.pipeline.create(SOURCE, "RTAnalyticSource", {"WholeExtent": [-5, 5] * 3})
    looked.pipeline.create(FILTER, "ExtractVOI", {"VOI": [0, 1, 0, 1, 0, 1]}, {"Input": [(SOURCE, 0)]})
    looked.execute()
    looked.execute(SOURCE)
    assert describe_output(*looked.pipeline.output(SOURCE))["points"] == 11**3
    assert looked.execute(SOURCE) == []


def test_another_time_is_another_question(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = Looked(monkeypatch)
    looked.pipeline.create(SOURCE, "SpatioTemporalHarmonicsSource")
    ranges = []
    for time in (0.0, 3.0, 3.0, 0.0):
        looked.execute(SOURCE, time=time)
        ranges.append(describe_output(looked.pipeline.algorithm(SOURCE))["arrays"][0]["ranges"])
    assert ranges[0] == ranges[3] != ranges[1] == ranges[2]


def test_a_change_of_an_object_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = Looked(monkeypatch)
    looked.pipeline.create(SOURCE, "Wavelet", {"WholeExtent": [-5, 5] * 3})
    looked.pipeline.create(OBJECT, "objects/Plane", {"Origin": (0.0, 0.0, 0.0), "Normal": (1.0, 0.0, 0.0)})
    looked.pipeline.create(FILTER, "Slice", {}, {"Input": [(SOURCE, 0)]}, {"SliceType": OBJECT})
    looked.execute()
    assert looked.execute() == []
    looked.pipeline.modify(OBJECT, {"Origin": (2.0, 0.0, 0.0)})
    assert "vtkCutter" in looked.execute()
    assert describe_output(*looked.pipeline.output(FILTER))["bounds"][:2] == pytest.approx((2.0, 2.0))


def test_what_is_not_met_is_said_though_the_value_is_that_of_vtk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that changes nothing in VTK may still be one that the type does not allow."""
    looked = Looked(monkeypatch)
    looked.pipeline.create(SOURCE, "Wavelet", {"WholeExtent": [-5, 5] * 3})
    looked.pipeline.create(FILTER, "ExtractSubset", {"VOI": [0, 1, 0, 1, 0, 1]}, {"Input": [(SOURCE, 0)]})
    looked.execute()
    looked.pipeline.modify(FILTER, {"VOI": [0, 99, 0, 1, 0, 1]})
    for _ in range(2):
        with pytest.raises(ExecutionFailed, match="must lie in the extent of the input"):
            looked.execute()
    looked.pipeline.modify(FILTER, {"VOI": [0, 1, 0, 1, 0, 1]})
    looked.execute()
    assert describe_output(*looked.pipeline.output(FILTER))["points"] == 8


def test_the_order_upstream_follows_what_is_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = Looked(monkeypatch).pipeline
    for id_ in (1, 5):
        pipeline.create(id_, "SphereSource")
    pipeline.create(2, "ElevationFilter", inputs={"Input": [(1, 0)]})
    pipeline.create(3, "ElevationFilter", inputs={"Input": [(2, 0)]})
    assert pipeline.upstream_order(3) == (1, 2, 3)
    pipeline.connect(2, {"Input": [(5, 0)]})
    assert pipeline.upstream_order(3) == (5, 2, 3)
    pipeline.modify(3, {}, unset=["Input"])
    assert pipeline.upstream_order(3) == (3,)
    pipeline.delete(3)
    pipeline.create(3, "ElevationFilter", inputs={"Input": [(1, 0)]})
    assert pipeline.upstream_order(3) == (1, 3)

"""Executions in pieces: what they tell, how they are interrupted, what they refuse, and when they come to an end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkIntArray, vtkPoints, vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkPolyData

from apvserver.vtk.base.errors import ExecutionFailed, ExecutionInterrupted, PipelineError, VtkError
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.pieces import merging
from apvserver.vtk.pipeline.pieces.borders import in_common
from apvserver.vtk.pipeline.pieces.streaming import SURFACE, Streaming
from apvserver.vtk.pipeline.progress import ProgressStep

from .scenes import EXTENT, Filter, as_a_whole, cells_of, chain, executed, in_pieces

CONTOUR: Filter = ("Contour", {"ContourBy": ["POINTS", "RTData"], "Isosurfaces": [150.0]})


def test_progress_counts_pieces() -> None:
    steps: list[ProgressStep] = []
    with in_pieces(5):
        executed(chain([CONTOUR]), on_progress=steps.append)
    contour = [one for one in steps if one.proxy_id == 2]
    fractions = [one.fraction for one in contour if one.fraction is not None]
    assert [contour[0].state, contour[-1].state] == ["started", "finished"]
    assert fractions == sorted(fractions)
    assert {0.2, 0.4, 0.6, 0.8} <= {round(one, 6) for one in fractions}
    assert fractions[-1] == 1.0


@pytest.mark.parametrize("at", [1, 3, 4])
def test_an_interruption_between_pieces_leaves_all_as_it_was(at: int) -> None:
    with as_a_whole():
        expected = cells_of(executed(chain([CONTOUR])))
    executor, pieces = Executor(), []

    def stop(step: ProgressStep) -> None:
        pieces.append(step)
        if step.proxy_id == 2 and step.fraction is not None and step.fraction >= at / 5:
            executor.interrupt()

    with in_pieces(5):
        pipeline = chain([CONTOUR])
        with pytest.raises(ExecutionInterrupted):
            executor.execute(pipeline, 2, on_progress=stop)
        assert pipeline.proxy(2).collected is None
        assert max(one.fraction or 0.0 for one in pieces) < (at + 1) / 5
        executor.execute(pipeline, 2)
        np.testing.assert_array_equal(cells_of(pipeline.output_data(2)), expected)


def test_what_is_not_wanted_any_more_is_asked_for_each_piece() -> None:
    asked: list[str | None] = []

    def cancelled() -> str | None:
        asked.append(None if len(asked) < 4 else "nobody waits for it")
        return asked[-1]

    with in_pieces(8), pytest.raises(ExecutionInterrupted):
        Executor().execute(chain([CONTOUR]), 2, cancelled=cancelled)
    assert asked[-1] == "nobody waits for it"


@pytest.mark.parametrize(
    ("type_name", "words"),
    [
        ("Delaunay3D", "HullTetrahedra"),
        ("Connectivity", "vtkConnectivityFilter"),
        ("StreamTracer", "vtkStreamTracer"),
        ("Tetrahedralize", "vtkDataSetTriangleFilter"),
        ("GenerateIds", "vtkGenerateIds"),
    ],
)
def test_what_needs_the_whole_is_refused_before_anything_is_made(type_name: str, words: str) -> None:
    with in_pieces(5):
        pipeline = chain([(type_name, {})])
        with pytest.raises(ExecutionFailed, match=rf"executed in 5 pieces.*not right in pieces.*{words}"):
            Executor().execute(pipeline, 2)


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ([("vtkGeometryFilter", {"PassThroughCellIds": 1})], "PassThroughCellIds of vtkGeometryFilter is 1"),
        ([("CellSize", {"ComputeSum": 1}), CONTOUR], "ComputeSum of CellSizes is 1"),
    ],
)
def test_properties_that_are_wrong_in_pieces_are_refused(filters: list[Filter], words: str) -> None:
    with in_pieces(5), pytest.raises(ExecutionFailed, match=words):
        executed(chain(filters))


def test_what_takes_some_of_pieces_is_put_together_for_what_needs_the_whole() -> None:
    filters: list[Filter] = [("Threshold", {"LowerThreshold": 200.0}), ("Connectivity", {})]
    with as_a_whole():
        expected = cells_of(executed(chain(filters)))
    with in_pieces(5):
        pipeline = chain(filters)
        found = cells_of(executed(pipeline))
        assert pipeline.proxy(2).collected is not None
        steps: list[ProgressStep] = []
        executed(pipeline, on_progress=steps.append)
        assert [one for one in steps if one.proxy_id < 3] == [], "it is not put together again"
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_what_was_put_together_must_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    from apvserver.vtk.pipeline.pieces import passes

    monkeypatch.setattr(passes, "memory_bytes", lambda: 20_000)
    with in_pieces(5), pytest.raises(ExecutionFailed, match=r"does not fit into the memory: \d of 5 pieces took"):
        executed(chain([("Threshold", {"LowerThreshold": 100.0}), ("Connectivity", {})]))


def test_nobody_gets_a_piece_for_the_whole() -> None:
    with in_pieces(5):
        pipeline = chain([("Gradient", {})])
        Executor().execute(pipeline, 2)
        for id_ in (1, 2):
            with pytest.raises(PipelineError, match="is executed in 5 pieces"):
                pipeline.output(id_)
        with pytest.raises(ExecutionFailed, match="cannot be had as a whole"):
            Executor().execute(pipeline, 2, then=Streaming.whole)


def test_nothing_is_executed_again_that_has_not_changed() -> None:
    steps: list[ProgressStep] = []
    executor = Executor()
    with in_pieces(5):
        pipeline = chain([CONTOUR, ("Transform", {})])
        executor.execute(pipeline, 3)
        executor.execute(pipeline, 3, on_progress=steps.append)
        assert steps == []
        pipeline.modify(2, {"Isosurfaces": [171.3]})
        executor.execute(pipeline, 3, on_progress=steps.append)
        found = cells_of(pipeline.output_data(3))
    assert {one.proxy_id for one in steps if one.state == "finished"} == {2, 3}
    with as_a_whole():
        pipeline = chain([("Contour", {**CONTOUR[1], "Isosurfaces": [171.3]}), ("Transform", {})])
        np.testing.assert_allclose(found, cells_of(executed(pipeline)), atol=1e-5)


def test_what_is_small_again_is_made_as_a_whole_and_the_other_way_round() -> None:
    executor = Executor()
    small = [*EXTENT[:5], 2]
    with as_a_whole():
        expected = [
            cells_of(executed(chain([CONTOUR, ("Transform", {})], ("Wavelet", {"WholeExtent": extent}))))
            for extent in (EXTENT, small)
        ]
    with in_pieces(5):
        pipeline = chain([CONTOUR, ("Transform", {})])
        for extent, cells in ((EXTENT, expected[0]), (small, expected[1]), (EXTENT, expected[0])):
            pipeline.modify(1, {"WholeExtent": extent})
            executor.execute(pipeline, 3)
            assert (pipeline.proxy(1).in_pieces is None) == (extent == small)
            np.testing.assert_allclose(cells_of(pipeline.output_data(3)), cells, atol=1e-5)


def test_an_error_of_a_piece_is_one_of_its_filter() -> None:
    with in_pieces(5):
        pipeline = chain([("Calculator", {"Function": "nothing*2"}), CONTOUR])
        with pytest.raises(ExecutionFailed, match=r"Calculator \(proxy 2\) failed"):
            executed(pipeline)


def test_a_slice_beside_the_data_is_told_to_be_empty_once() -> None:
    told: list[str] = []
    filters: list[Filter] = [("Contour", {"ContourBy": ["POINTS", "RTData"], "Isosurfaces": [1e6]})]
    with in_pieces(5):
        made = executed(chain(filters), on_message=lambda one: told.append(one.text))
    assert made.GetNumberOfCells() == 0
    assert len([one for one in told if one.startswith("the result is empty")]) == 1


@pytest.mark.parametrize("filters", [[], [("Calculator", {"Function": "RTData*2"})], [("Clip", {})]])
def test_surfaces_for_views_are_those_of_the_whole(filters: list[Filter]) -> None:
    with as_a_whole():
        expected = executed(chain([*filters, ("ExtractSurface", {})]))
    with in_pieces(5):
        pipeline = chain(filters)
        last = max(pipeline.ids())
        Executor().execute(pipeline, last, then=Streaming.draw)
        held = pipeline.proxy(last).in_pieces
        assert held is not None
        surface = held.made[SURFACE]
    assert surface.GetNumberOfPoints() == expected.GetNumberOfPoints()
    np.testing.assert_allclose(cells_of(surface), cells_of(expected), atol=1e-5)


def test_points_in_common_are_paired_one_by_one() -> None:
    first = np.array([[0.0, 0, 0], [1, 0, 0], [1, 0, 0]])
    second = np.array([[1.0, 0, 0], [1, 0, 0], [1, 0, 0], [2, 0, 0]])
    numbers = in_common([first, second])
    assert [one.tolist() for one in numbers] == [[0, 1, 2], [1, 2, 3, 4]]
    assert in_common([]) == []


def test_pieces_of_several_kinds_are_not_put_together() -> None:
    kinds: list[Any] = [merging.empty_of("vtkPolyData"), merging.empty_of("vtkUnstructuredGrid")]
    with pytest.raises(Exception, match="pieces of vtkPolyData, vtkUnstructuredGrid are not put together"):
        merging.merged(kinds, points_once=True)


def test_arrays_of_several_types_are_not_put_together() -> None:
    pieces: list[Any] = []
    for kind in (vtkIntArray, vtkStringArray):
        points = vtkPoints()
        array: Any = kind()
        points.InsertNextPoint(0.0, 0.0, float(len(pieces)))
        array.SetName("one")
        array.InsertNextValue(1 if kind is vtkIntArray else "1")
        data = vtkPolyData()
        data.SetPoints(points)
        data.GetPointData().AddArray(array)
        pieces.append(data)
    with pytest.raises(VtkError, match="several types, and are not put together: point one"):
        merging.merged(pieces, points_once=True)

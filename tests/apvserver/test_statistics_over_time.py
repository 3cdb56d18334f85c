"""Statistics of each time: what is a number and seen counts, with fractions; the quartiles are those of both sides.

Of 0, 1, 4, 9, 16, 25, 36 the quartiles are 1, 9 and 25, as those of the negated values are -25, -9 and -1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet
from vtkmodules.vtkIOXML import vtkXMLMultiBlockDataWriter

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvdata import array, image, numbers, with_cells, with_points, written

STATISTICS = ("min", "q1", "med", "q3", "max", "avg", "std", "sum")
SQUARES = np.arange(7) ** 2
SELECTED = [-1, 0, -1, 1, -1, 2, -1, 3, -1, 4]
"""Pairs of a process, any, and an id."""


def series(times: list[Any], directory: Path) -> Pipeline:
    paths = []
    for step, data in enumerate(times):
        if data.IsA("vtkCompositeDataSet"):
            writer = vtkXMLMultiBlockDataWriter()
            writer.SetInputData(data)
            writer.SetFileName(str(directory / f"step{step}.vtm"))
            assert writer.Write()
            paths.append(writer.GetFileName())
        else:
            paths.append(written(data, directory / f"step{step}.vti"))
    made = Pipeline()
    made.create(1, "FileSeriesReader", {"FileNames": paths})
    return made


def tables(made: Pipeline, told: list[Message] | None = None) -> list[Any]:
    Executor().execute(made, 2, on_message=None if told is None else told.append)
    found = made.output_data(2)
    return [found.GetBlock(index) for index in range(found.GetNumberOfBlocks())]


def of(table: Any, name: str, time: int) -> list[float]:
    return [float(numbers(table, f"{one}({name})", "Row")[time]) for one in STATISTICS]


def by_hand(values: Any) -> list[float]:
    """At p of n values: the k-th, k = n p rounded up; the mean of that and the next if n p is whole."""
    ordered, n = np.sort(np.asarray(values, np.float64)), len(values)
    found = [ordered[0]]
    for quarter in (1, 2, 3):
        k, rest = divmod(n * quarter, 4)
        found.append(ordered[k] if rest else (ordered[k - 1] + ordered[k]) / 2)
    deviation = np.sqrt(((ordered - ordered.mean()) ** 2).sum() / (n - 1)) if n > 1 else 0.0
    return [float(one) for one in (*found, ordered[-1], ordered.mean(), deviation, ordered.sum())]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 10])
def test_of_points_at_each_time(count: int, tmp_path: Path) -> None:
    steps = [np.random.default_rng(step).permutation(np.arange(count) ** 2 + step) for step in range(3)]
    vectors = np.arange(3 * count).reshape(count, 3) / 4
    times = [with_points(image(count, 1, 1, origin=(5, 0, 0)), up=one, down=-one, v=vectors) for one in steps]
    made = series(times, tmp_path)
    made.create(2, "PlotDataOverTime", {}, {"Input": [(1, 0)]})
    (table,) = tables(made)
    assert numbers(table, "Time", "Row").tolist() == [0, 1, 2]
    assert numbers(table, "N", "Row").tolist() == [count] * 3
    for time, values in enumerate(steps):
        assert of(table, "up", time) == pytest.approx(by_hand(values))
        assert of(table, "down", time) == pytest.approx(by_hand(-values)), "the same on both sides"
        assert of(table, "v (1)", time) == pytest.approx(by_hand(vectors[:, 1]))
        assert of(table, "v (Magnitude)", time) == pytest.approx(by_hand(np.linalg.norm(vectors, axis=1)))
        assert of(table, "X", time) == pytest.approx(by_hand(5 + np.arange(count)))


def test_what_is_no_number_or_hidden_does_not_count(tmp_path: Path) -> None:
    data = with_points(
        image(7, 1, 1), s=np.array([np.nan, 1, 4, 9, 16, 25, 36]), e=np.array([0, np.inf, 4, 9, 1, 5, 6.0])
    )
    marked = with_points(image(7, 1, 1), s=SQUARES.astype(float), e=SQUARES.astype(float))
    for one, mark in ((data, 0), (marked, 2)):
        one.GetPointData().AddArray(array(np.array([0] * 6 + [mark], np.uint8), "vtkGhostType"))
    made = series([data, marked], tmp_path)
    made.create(2, "PlotDataOverTime", {}, {"Input": [(1, 0)]})
    (table,) = tables(made)
    assert numbers(table, "N", "Row").tolist() == [7, 6]
    assert of(table, "s", 0) == pytest.approx(by_hand(SQUARES[1:]))
    assert of(table, "e", 0) == pytest.approx(by_hand([0, 4, 9, 1, 5, 6]))
    assert of(table, "s", 1) == pytest.approx(by_hand(SQUARES[:6]))
    names = [table.GetColumnName(index) for index in range(table.GetNumberOfColumns())]
    assert not [one for one in names if "vtkGhostType" in one], "marks are no numbers"


def test_an_array_without_numbers_is_told(tmp_path: Path) -> None:
    times = [with_points(image(2, 1, 1), gaps=np.array(one)) for one in ([1.0, 2.0], [np.nan, np.nan])]
    made, told = series(times, tmp_path), list[Message]()
    made.create(2, "PlotDataOverTime", {}, {"Input": [(1, 0)]})
    (table,) = tables(made, told)
    assert numbers(table, "med(gaps)", "Row").tolist() == pytest.approx([1.5, np.nan], nan_ok=True)
    assert [one.text for one in told] == ["without a finite number at some time, and so without statistics: gaps"]


def test_blocks_and_cells(tmp_path: Path) -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, with_cells(image(8, 1, 1), c=SQUARES))
    blocks.SetBlock(2, with_cells(image(4, 1, 1), c=np.array([5, 7, 1])))
    made = series([blocks, blocks], tmp_path)
    made.create(2, "PlotDataOverTime", {"FieldAssociation": "Cells"}, {"Input": [(1, 0)]})
    first, second = tables(made)
    assert of(first, "c", 1) == pytest.approx(by_hand(SQUARES))
    assert of(second, "c", 0) == pytest.approx(by_hand([5, 7, 1]))


@pytest.mark.parametrize("kind", ["POINT", "CELL"])
def test_of_a_selection(kind: str, tmp_path: Path) -> None:
    gaps = np.array([0, 1, np.nan, 9, 16, 25, 36, 49])
    made = series([with_cells(with_points(image(8, 1, 1), s=gaps), s=SQUARES + step) for step in range(2)], tmp_path)
    made.create(3, "IDSelectionSource", {"IDs": SELECTED, "FieldType": kind})
    made.create(2, "PlotSelectionOverTime", {}, {"Input": [(1, 0)], "Selection": [(3, 0)]})
    (table,) = tables(made)
    expected = [[0, 1, 9, 16]] * 2 if kind == "POINT" else [SQUARES[:5], SQUARES[:5] + 1]
    assert numbers(table, "N", "Row").tolist() == [5, 5]
    assert [of(table, "s", time) for time in range(2)] == [pytest.approx(by_hand(one)) for one in expected]
    made.modify(3, {"IDs": SELECTED[:4]})
    (table,) = tables(made)
    assert numbers(table, "N", "Row").tolist() == [2, 2], "another selection"
    assert of(table, "s", 1) == pytest.approx(by_hand([0, 1] if kind == "POINT" else SQUARES[:2] + 1))


def test_a_query_is_refused_and_what_it_is_true_for_at_each_time_is_plotted_as_the_text_says(tmp_path: Path) -> None:
    made = series([with_points(image(7, 1, 1), s=SQUARES * step) for step in (1, 2)], tmp_path)
    made.create(3, "SelectionQuerySource", {"QueryString": "s > 20", "ElementType": "Point Data"})
    made.create(2, "PlotSelectionOverTime", {}, {"Input": [(1, 0)], "Selection": [(3, 0)]})
    with pytest.raises(ExecutionFailed, match=r"ExtractSelection takes .* PlotDataOverTime plots that"):
        Executor().execute(made, 2)
    made.delete(2)
    made.create(4, "ExtractSelection", {}, {"Input": [(1, 0)], "Selection": [(3, 0)]})
    made.create(2, "PlotDataOverTime", {}, {"Input": [(4, 0)]})
    (table,) = tables(made)
    assert numbers(table, "N", "Row").tolist() == [np.count_nonzero(SQUARES * step > 20) for step in (1, 2)]


def test_values_of_each_element_stay(tmp_path: Path) -> None:
    made = series([with_points(image(2, 1, 1), s=np.array([1, 4]) * step) for step in (1, 2)], tmp_path)
    made.create(2, "PlotDataOverTime", {"OnlyReportSelectionStatistics": False}, {"Input": [(1, 0)]})
    found = tables(made)
    assert [numbers(one, "s", "Row").tolist() for one in found] == [[1, 2], [4, 8]]


def test_other_data_has_other_statistics(tmp_path: Path) -> None:
    made = series([with_points(image(7, 1, 1), s=SQUARES * step) for step in (1, 2)], tmp_path)
    made.create(4, "Calculator", {"Function": "s + 1", "ResultArrayName": "s"}, {"Input": [(1, 0)]})
    made.create(2, "PlotDataOverTime", {}, {"Input": [(4, 0)]})
    assert of(tables(made)[0], "s", 1) == pytest.approx(by_hand(SQUARES * 2 + 1))
    made.modify(4, {"Function": "s + 3"})
    (table,) = tables(made)
    assert [of(table, "s", time) for time in range(2)] == [pytest.approx(by_hand(SQUARES * n + 3)) for n in (1, 2)]

"""How a rank takes its part of what it has made, and what ranks have in common: without other processes."""

from __future__ import annotations

import gc
import itertools
import threading
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkFiltersCore import vtkContourFilter, vtkElevationFilter
from vtkmodules.vtkFiltersSources import vtkSphereSource
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource

from apvserver.vtk.pipeline.progress import ProgressStep, Step
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.pipeline.ranks import taking
from apvserver.vtk.pipeline.ranks.describing import keys_of, numbers_in_common, points_in_others, points_of_ranks_before
from apvserver.vtk.pipeline.ranks.regions import BY_APPEARANCE, BY_CELLS_ASCENDING, BY_CELLS_DESCENDING, united
from apvserver.vtk.pipeline.ranks.team import Team
from apvserver.vtk.pipeline.ranks.work import PieceWork


class Alone:
    """Rank 0 of three, of which the others do nothing."""

    rank, size = 0, 3

    def broadcast(self, value: Any = None) -> Any:
        return value

    def gather(self, value: Any) -> list[Any]:
        return [value, None, None]

    def send(self, to: int, buffers: Any) -> None:
        """Send nothing."""

    def receive(self, of: int, sizes: Any) -> list[memoryview]:
        raise NotImplementedError


def test_progress_is_that_of_the_slowest_rank() -> None:
    pipeline = Pipeline()
    pipeline.create(1, "Sphere", {}, {}, {})
    team = Team(PieceWork(pipeline, Alone()), Alone(), lambda number: None)
    team.order("make")
    told: list[ProgressStep] = []
    step = Step(pipeline.proxy(1), itertools.count(0.0, 10.0).__next__, told.append, threading.Lock())
    step.slowest = team.slowest
    step.on_running(0.5)
    team.heard(1, 1, 0.25)
    team.heard(2, 1, 0.75)
    step.on_running(0.6)
    team.heard(1, 1, 0.65)
    step.on_running(0.9)
    team.heard(2, 0, 0.1)  # of an order before
    step.on_running(0.95)
    fractions = [one.fraction for one in told if one.state == "running"]
    assert fractions == [0.5, 0.5, 0.65, 0.65]  # it never falls, and is never more than any rank has told


def sphere() -> Any:
    source = vtkSphereSource()
    source.SetThetaResolution(16)
    source.SetPhiResolution(12)
    elevation = vtkElevationFilter()
    elevation.SetInputConnection(source.GetOutputPort())
    elevation.Update()
    return elevation.GetOutput()


def table_of_corners(data: Any) -> Any:
    """For each corner of each triangle, in its place, coordinates and values."""
    points = vtk_to_numpy(data.GetPoints().GetData())
    values = vtk_to_numpy(data.GetPointData().GetScalars())
    normals = vtk_to_numpy(data.GetPointData().GetNormals())
    return np.column_stack([points, normals, values])[vtk_to_numpy(data.GetPolys().GetConnectivityArray())]


@pytest.mark.parametrize("which", ["a run", "every third", "the last", "none"])
def test_triangles_are_taken_as_vtk_does_it(which: str) -> None:
    data = sphere()
    numbers = np.arange(data.GetNumberOfCells())
    is_kept = {
        "a run": (numbers > 20) & (numbers < 200),
        "every third": numbers % 3 == 0,
        "the last": numbers == numbers[-1],
        "none": numbers < 0,
    }[which]
    mine, theirs = taking.with_triangles(data, is_kept), taking.with_marked_removed(data, is_kept)
    assert mine.GetNumberOfCells() == theirs.GetNumberOfCells() == is_kept.sum()
    assert mine.GetNumberOfPoints() == theirs.GetNumberOfPoints()
    if which != "none":
        np.testing.assert_array_equal(table_of_corners(mine), table_of_corners(theirs))
        assert mine.GetPointData().GetArrayName(0) == data.GetPointData().GetArrayName(0)


def contour() -> Any:
    """More triangles than are looked at together, in the order of layers."""
    source, surface = vtkRTAnalyticSource(), vtkContourFilter()
    source.SetWholeExtent(-24, 24, -24, 24, -24, 24)
    surface.SetInputConnection(source.GetOutputPort())
    surface.SetValue(0, 157.0909)
    surface.SetValue(1, 130.5)
    surface.Update()
    return surface.GetOutput()


@pytest.mark.parametrize(("least", "most"), [(-12.0, np.inf), (-np.inf, 15.25), (-20.0, 20.0), (3.0, 3.5), (-9e9, 9e9)])
def test_layers_at_the_ends_are_taken_away_as_vtk_does_it(least: float, most: float) -> None:
    data = contour()
    assert data.GetNumberOfCells() > taking.AT_ONCE
    along = vtk_to_numpy(data.GetPoints().GetData())[:, 2]
    corners = vtk_to_numpy(data.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    middles = along[corners].astype(np.float64).mean(axis=1)
    is_kept = taking.are_within(data.GetPolys(), along, least, most)
    np.testing.assert_array_equal(is_kept, (middles >= least) & (middles < most))
    mine, theirs = taking.with_triangles(data, is_kept), taking.with_marked_removed(data, is_kept)
    del data, along, corners
    gc.collect()
    again = mine.NewInstance()
    again.ShallowCopy(mine)
    del mine  # the memory lasts as long as what shares it
    gc.collect()
    assert again.GetNumberOfPoints() == theirs.GetNumberOfPoints()
    assert again.GetPolys().IsValid()
    np.testing.assert_array_equal(table_of_corners(again), table_of_corners(theirs))


def test_cells_on_a_border_belong_to_the_upper_side() -> None:
    data = sphere()
    along = vtk_to_numpy(data.GetPoints().GetData())[:, 2]
    border = float(np.sort(np.unique(along))[5])
    below = taking.are_within(data.GetPolys(), along, -np.inf, border)
    above = taking.are_within(data.GetPolys(), along, border, np.inf)
    assert (below != above).all()
    middles = along[vtk_to_numpy(data.GetPolys().GetConnectivityArray())].astype(np.float64).reshape(-1, 3).mean(axis=1)
    np.testing.assert_array_equal(above, middles >= border)


def test_points_in_common_are_counted_once_for_each_repetition() -> None:
    places = np.array([[0, 0, 1], [1, 0, 1], [0, 0, 1], [2, 0, 0]], np.float32)
    one, other = keys_of(places), keys_of(np.array([[0, -0.0, 1], [3, 0, 1]], np.float32))
    assert numbers_in_common([one, other]) == 1
    assert numbers_in_common([one, one]) == 4
    assert numbers_in_common([keys_of(places[:0]), other]) == 0


def test_only_points_within_the_box_of_another_may_be_in_common() -> None:
    data = sphere()
    bounds = list(data.GetBounds())
    beside = [*bounds[:4], bounds[5], bounds[5] + 1]
    assert list(points_in_others(data, 0, [bounds, beside])) == [0]  # the pole
    assert not len(points_in_others(data, 0, [bounds, None]))


def test_points_count_on_the_first_rank_that_has_them() -> None:
    first, second, third = (
        keys_of(np.array(places, float))
        for places in ([[0, 0, 0], [1, 0, 0]], [[1, 0, 0], [1, 0, 0], [2, 0, 0]], [[2, 0, 0], [0, 0, 0], [3, 0, 0]])
    )
    several = [first, second, np.zeros((0, 4)), third]
    found = [points_of_ranks_before(several, rank).tolist() for rank in range(4)]
    assert found == [[False, False], [True, False, False], [], [True, True, False]]
    assert sum(map(sum, found)) == numbers_in_common(several)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (BY_APPEARANCE, [[0, 1, 0], [], [2, 0, 3]]),
        (BY_CELLS_DESCENDING, [[0, 3, 0], [], [2, 0, 1]]),  # of as many cells the last comes first, as in VTK
        (BY_CELLS_ASCENDING, [[3, 0, 3], [], [1, 3, 2]]),
    ],
)
def test_regions_with_places_in_common_are_one(mode: int, expected: list[list[int]]) -> None:
    """Two regions of the first rank are one by way of the third; the second rank has nothing."""
    places = [np.array([[0, 0, 0, 0], [1, 0, 0, 0], [2, 0, 0, 0]], float), np.zeros((0, 4))]
    keys = [places[0], places[1], places[0][[0, 2]]]
    labels = [np.array([0, 1, 2]), np.zeros(0, np.int64), np.array([1, 1])]
    firsts = [np.array([[0, 0], [0, 2], [0, 5]]), np.zeros((0, 2), np.int64), np.array([[0, 4], [0, 0], [0, 9]])]
    cells = [np.array([2, 1, 1]), np.zeros(0, np.int64), np.array([2, 3, 2])]
    assert [one.tolist() for one in united(keys, labels, firsts, cells, mode)] == expected

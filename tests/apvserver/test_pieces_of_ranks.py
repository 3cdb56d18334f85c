"""How a rank takes its part of what it has made, and what ranks have in common: without other processes."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_UNSIGNED_CHAR, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataSetAttributes, vtkImageData, vtkPolyData
from vtkmodules.vtkCommonExecutionModel import vtkTrivialProducer
from vtkmodules.vtkFiltersCore import vtkContourFilter, vtkElevationFilter
from vtkmodules.vtkFiltersSources import vtkSphereSource
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource

from apvserver.vtk.pipeline.progress import ProgressStep, Step
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.pipeline.ranks import taking
from apvserver.vtk.pipeline.ranks.describing import numbers_in_common, points_in_others, points_of_ranks_before
from apvserver.vtk.pipeline.ranks.extents import slabs
from apvserver.vtk.pipeline.ranks.held import Held, slab_of
from apvserver.vtk.pipeline.ranks.joining import joined
from apvserver.vtk.pipeline.ranks.regions import BY_APPEARANCE, BY_CELLS_ASCENDING, BY_CELLS_DESCENDING, united
from apvserver.vtk.pipeline.ranks.rules import rule_of
from apvserver.vtk.pipeline.ranks.team import Team
from apvserver.vtk.pipeline.ranks.work import PieceWork


class Alone:
    """One rank of three, rank 0 unless told otherwise, of which the others do nothing."""

    size = 3

    def __init__(self, rank: int = 0) -> None:
        self.rank = rank

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


def with_marked_removed(data: Any, is_kept: Any) -> Any:
    """Some of the cells, as VTK takes others away, with the points that they have."""
    marked = data.NewInstance()
    marked.ShallowCopy(data)
    numbers = np.where(is_kept, 0, vtkDataSetAttributes.DUPLICATECELL).astype(np.uint8)
    marks = numpy_to_vtk(numbers, deep=True, array_type=VTK_UNSIGNED_CHAR)
    marks.SetName(vtkDataSetAttributes.GhostArrayName())
    marked.GetCellData().AddArray(marks)
    marked.RemoveGhostCells()
    return marked


@pytest.mark.parametrize("which", ["a run", "every third", "the last", "none"])
def test_cells_are_taken_as_vtk_does_it(which: str) -> None:
    data = sphere()
    numbers = np.arange(data.GetNumberOfCells())
    is_kept = {
        "a run": (numbers > 20) & (numbers < 200),
        "every third": numbers % 3 == 0,
        "the last": numbers == numbers[-1],
        "none": numbers < 0,
    }[which]
    theirs = with_marked_removed(data, is_kept)
    mine = taking.with_cells(data, is_kept, np.zeros(data.GetNumberOfPoints(), bool))
    assert mine.GetNumberOfCells() == theirs.GetNumberOfCells() == is_kept.sum()
    assert mine.GetNumberOfPoints() == theirs.GetNumberOfPoints()
    if which != "none":
        np.testing.assert_array_equal(table_of_corners(mine), table_of_corners(theirs))
        assert mine.GetPointData().GetArrayName(0) == data.GetPointData().GetArrayName(0)
    with_all_points = taking.with_cells(data, is_kept, np.ones(data.GetNumberOfPoints(), bool))
    assert with_all_points.GetNumberOfPoints() == data.GetNumberOfPoints()
    if which != "none":
        np.testing.assert_array_equal(table_of_corners(with_all_points), table_of_corners(mine))


def contour() -> Any:
    """Two surfaces in the order of layers."""
    source, surface = vtkRTAnalyticSource(), vtkContourFilter()
    source.SetWholeExtent(-12, 12, -12, 12, -24, 24)
    surface.SetInputConnection(source.GetOutputPort())
    surface.SetValue(0, 157.0909)
    surface.SetValue(1, 130.5)
    surface.Update()
    return surface.GetOutput()


@pytest.mark.parametrize(("least", "most"), [(-12.0, np.inf), (-np.inf, 15.25), (-20.0, 20.0), (3.0, 3.5), (-9e9, 9e9)])
def test_cells_are_within_where_their_middles_are(least: float, most: float) -> None:
    data = contour()
    along = vtk_to_numpy(data.GetPoints().GetData())[:, 2]
    corners = vtk_to_numpy(data.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    middles = along[corners].astype(np.float64).mean(axis=1)
    is_kept = taking.are_within(data, along, least, most)
    np.testing.assert_array_equal(is_kept, (middles >= least) & (middles < most))


def test_cells_of_several_kinds_are_taken_each() -> None:
    data = vtkPolyData()
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.array([[0.0, 0, z] for z in range(6)]), deep=True))
    data.SetPoints(points)
    for name, corners in {
        "Verts": [[0], [5]],
        "Lines": [[0, 1], [3, 4, 5]],
        "Polys": [[0, 1, 2], [2, 3, 4, 5]],
    }.items():
        cells = vtkCellArray()
        for one in corners:
            cells.InsertNextCell(len(one), one)
        getattr(data, f"Set{name}")(cells)
    values = numpy_to_vtk(np.arange(6), deep=True)
    values.SetName("n")
    data.GetCellData().AddArray(values)
    along = vtk_to_numpy(points.GetData())[:, 2]
    is_kept = taking.are_within(data, along, 2.0, np.inf)
    assert is_kept.tolist() == [False, True, False, True, False, True]
    found = taking.with_cells(data, is_kept, along >= 2.0)
    assert vtk_to_numpy(found.GetCellData().GetArray("n")).tolist() == [1, 3, 5]
    assert vtk_to_numpy(found.GetPoints().GetData())[:, 2].tolist() == [2.0, 3.0, 4.0, 5.0]
    of_all = [vtk_to_numpy(c.GetConnectivityArray()) for c in (found.GetVerts(), found.GetLines(), found.GetPolys())]
    assert [one.tolist() for one in of_all] == [[3], [1, 2, 3], [0, 1, 2, 3]]


class Slabs:
    """An image, and a filter on it: of the whole, and of the slabs of three ranks."""

    def __init__(self, values: Any, type_: str, chosen: dict[str, Any], plane: tuple[Any, Any] | None = None) -> None:
        self.values = values
        self.pipeline = Pipeline()
        self.pipeline.create(1, "Wavelet", {}, {}, {})
        self.pipeline.create(2, type_, chosen, {"Input": [(1, 0)]}, {})
        self.filter = self.pipeline.proxy(2)
        for cutter in [one for one in self.filter.algorithms if one.IsA("vtkCutter")]:
            assert plane is not None
            cutter.GetCutFunction().SetNormal(*plane[0])
            cutter.GetCutFunction().SetOrigin(*plane[1])
        z, y, x = values.shape
        self.extent = (0, x - 1, 0, y - 1, 0, z - 1)

    def image(self, extent: Any) -> Any:
        """The image within an extent."""
        a, b, c, d, e, f = extent
        found = vtkImageData()
        found.SetExtent(*extent)
        part = np.ascontiguousarray(self.values[e : f + 1, c : d + 1, a : b + 1]).ravel()
        array = numpy_to_vtk(part, deep=True)
        array.SetName("v")
        found.GetPointData().SetScalars(array)
        x, y, z = (max(1, end - begin) for begin, end in ((a, b), (c, d), (e, f)))
        numbers = np.arange(z)[:, None, None] + e + 100 * (np.arange(y)[:, None] + c) + 10_000.0 * (np.arange(x) + a)
        of_cells = numpy_to_vtk(numbers.ravel(), deep=True)
        of_cells.SetName("number")
        found.GetCellData().AddArray(of_cells)
        return found

    def whole(self) -> Any:
        """What the filter makes of the whole image."""
        source = vtkTrivialProducer()
        source.SetOutput(self.image(self.extent))
        self.filter.algorithms[0].SetInputConnection(source.GetOutputPort())
        return self._made()

    def pieces(self) -> list[Held]:
        """What three ranks hold of it."""
        found = []
        rule = rule_of(self.filter)
        of_all = slabs(self.extent, Alone.size)
        assert rule is not None and of_all is not None
        for rank, own in enumerate(of_all):
            work, slab = PieceWork(self.pipeline, Alone(rank)), slab_of(self.extent, own, Alone.size)
            work.replace(1, Held(self.image(slab.grown(1)), slab))
            work.connect_piece(self.filter, 1, rule)
            self._made()
            found.append(work.keep(self.filter, rule, 1, None))
        return found

    def _made(self) -> Any:
        for algorithm in self.filter.algorithms:
            algorithm.Update()
        output = self.filter.algorithms[-1].GetOutputDataObject(0)
        found = output.NewInstance()
        found.DeepCopy(output)
        return found


def corners_of(data: Any) -> Any:
    """Each triangle or line as a row of its corners and its number, sorted; of other cells the corners."""
    arrays = [vtk_to_numpy(data.GetPointData().GetArray(i)) for i in range(data.GetPointData().GetNumberOfArrays())]
    if not data.GetNumberOfCells():
        return np.zeros((0, 0))
    values = np.column_stack([vtk_to_numpy(data.GetPoints().GetData()).astype(np.float64), *arrays])
    cells = next(one for one in (data.GetPolys(), data.GetLines()) if one.GetNumberOfCells())
    assert cells.GetNumberOfCells() == data.GetNumberOfCells()
    rows = np.nan_to_num(values, nan=-1e9)[vtk_to_numpy(cells.GetConnectivityArray())]
    flat = rows
    if cells.IsHomogeneous() > 0:
        own = vtk_to_numpy(data.GetCellData().GetArray("number"))
        flat = np.column_stack([rows.reshape(data.GetNumberOfCells(), -1), own])
    return flat[np.lexsort(np.round(flat, 6).T)]


def assert_pieces_are(made: Slabs) -> None:
    """Together they are the whole: cells, values, and how many points there are."""
    whole, pieces = made.whole(), made.pieces()
    together = joined(pieces)
    assert together.GetNumberOfCells() == whole.GetNumberOfCells()
    assert together.GetNumberOfPoints() == whole.GetNumberOfPoints()
    np.testing.assert_allclose(corners_of(together), corners_of(whole), rtol=1e-6, atol=1e-6)
    boxes = [one.data.GetBounds() if one.data.GetNumberOfPoints() else None for one in pieces]
    shared = [
        vtk_to_numpy(one.data.GetPoints().GetData())[points_in_others(one.data, rank, boxes)]
        for rank, one in enumerate(pieces)
        if one.data.GetNumberOfPoints()
    ]
    held = sum(one.data.GetNumberOfPoints() for one in pieces)
    assert held - numbers_in_common(shared) == whole.GetNumberOfPoints()


SIZES = [(9, 5, 6), (8, 7, 4), (2, 8, 5), (1, 7, 8), (9, 8, 1), (1, 2, 9)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("triangles", [True, False])
@pytest.mark.parametrize("seed", [1, 2, pytest.param(range(3, 40), marks=pytest.mark.deep)], ids=str)
def test_contours_of_plateaus_are_those_of_the_whole(seed: Any, triangles: bool, size: tuple[int, int, int]) -> None:
    """Whole faces of slabs have the value: VTK leaves points without cells there, which count."""
    for one in [seed] if isinstance(seed, int) else seed:
        random = np.random.default_rng(one)
        values = random.integers(0, 4, size).astype([np.int32, np.float32, np.float64][one % 3])
        chosen = {"ContourBy": ["POINTS", "v"], "Isosurfaces": [1.0, 2.5], "GenerateTriangles": triangles}
        assert_pieces_are(Slabs(values, "Contour", chosen))


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
@pytest.mark.parametrize("seed", [1, 2, 3, 4, pytest.param(range(5, 60), marks=pytest.mark.deep)], ids=str)
def test_slices_at_any_angle_are_those_of_the_whole(seed: Any, size: tuple[int, int, int]) -> None:
    """Points between slabs differ by rounding, from rank to rank: they are one all the same."""
    for one in [seed] if isinstance(seed, int) else seed:
        random = np.random.default_rng(one)
        normal = random.normal(size=3) if one % 4 else random.choice([-1.0, 1.0], 3)
        values = random.normal(size=size)
        origin = [float(random.integers(0, count)) for count in size[::-1]]
        assert_pieces_are(Slabs(values, "Slice", {}, (normal.tolist(), origin)))


def test_points_are_one_where_they_differ_by_rounding_alone() -> None:
    third, little = 1 / 3, np.nextafter(0.0, 1)
    one = np.array([[third, 5.0, 2.0], [0.5, 5.0, 2.0], [1.0, 0.0, 2.0], [1.0, little, 2.0]])
    other = np.array([[np.nextafter(third, 1), 5.0, 2.0], [0.5 + 1e-9, 5.0, 2.0], [1.0, 0.0, 2.0], [1.0, little, 2.0]])
    assert numbers_in_common([one, other]) == 3
    assert points_of_ranks_before([one, other], 1).tolist() == [True, False, True, True]


def test_cells_on_a_border_belong_to_the_upper_side() -> None:
    data = sphere()
    along = vtk_to_numpy(data.GetPoints().GetData())[:, 2]
    border = float(np.sort(np.unique(along))[5])
    below = taking.are_within(data, along, -np.inf, border)
    above = taking.are_within(data, along, border, np.inf)
    assert (below != above).all()
    middles = along[vtk_to_numpy(data.GetPolys().GetConnectivityArray())].astype(np.float64).reshape(-1, 3).mean(axis=1)
    np.testing.assert_array_equal(above, middles >= border)


def test_points_in_common_are_counted_once_for_each_repetition() -> None:
    places = np.array([[0, 0, 1], [1, 0, 1], [0, 0, 1], [2, 0, 0]], np.float32)
    other = np.array([[0, -0.0, 1], [3, 0, 1]], np.float32)
    assert numbers_in_common([places, other]) == 1
    assert numbers_in_common([places, places]) == 4
    assert numbers_in_common([places[:0], other]) == 0


def test_only_points_within_the_box_of_another_may_be_in_common() -> None:
    data = sphere()
    bounds = list(data.GetBounds())
    beside = [*bounds[:4], bounds[5], bounds[5] + 1]
    assert list(points_in_others(data, 0, [bounds, beside])) == [0]  # the pole
    assert not len(points_in_others(data, 0, [bounds, None]))


def test_points_count_on_the_first_rank_that_has_them() -> None:
    first, second, third = (
        np.array(places, float)
        for places in ([[0, 0, 0], [1, 0, 0]], [[1, 0, 0], [1, 0, 0], [2, 0, 0]], [[2, 0, 0], [0, 0, 0], [3, 0, 0]])
    )
    several = [first, second, np.zeros((0, 3)), third]
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
    some = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0]], float)
    places = [some, np.zeros((0, 3)), some[[0, 2]]]
    labels = [np.array([0, 1, 2]), np.zeros(0, np.int64), np.array([1, 1])]
    firsts = [np.array([[0, 0], [0, 2], [0, 5]]), np.zeros((0, 2), np.int64), np.array([[0, 4], [0, 0], [0, 9]])]
    cells = [np.array([2, 1, 1]), np.zeros(0, np.int64), np.array([2, 3, 2])]
    assert [one.tolist() for one in united(places, labels, firsts, cells, mode)] == expected

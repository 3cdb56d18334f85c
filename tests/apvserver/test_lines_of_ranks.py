"""Lines that ranks hand over are, to the last bit, those that a vtkStreamTracer follows in the whole image."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData
from vtkmodules.vtkFiltersFlowPaths import vtkStreamTracer

from apvserver.vtk.base.data_making import add_array, cropped, points_of
from apvserver.vtk.base.vtk_messages import capture
from apvserver.vtk.pipeline.ranks.extents import Extent, dimensions, slabs
from apvserver.vtk.pipeline.ranks.held import Held, slab_of
from apvserver.vtk.pipeline.ranks.lines import handing_over
from apvserver.vtk.pipeline.ranks.lines.handing_over import HandedOver
from apvserver.vtk.pipeline.ranks.lines.stepping import AT_A_TIME, WIDTH
from apvserver.vtk.pipeline.ranks.lines.tracing import layers_needed, tracing_of, why_whole

EXTENT: Extent = (-3, 36, 2, 40, 0, 63)
WIDE: Extent = (0, 20, -4, 60, 0, 1)
LONG: Extent = (-5, 60, 0, 1, 0, 1)
"""Divided along y, and x: along other axes there are too few cells."""
SPACING, ORIGIN = (1.0, 0.75, 0.5), (1.1, -2.3, 3.7)
RK2, RK4, RK45 = 0, 1, 2
FORWARD, BACKWARD, BOTH = 0, 1, 2
LENGTH, CELL_LENGTH = 1, 2
POINTS, CELLS = 0, 1
OUT_OF_DOMAIN, OUT_OF_LENGTH, OUT_OF_STEPS, STAGNATION = 1, 4, 5, 6

Places = npt.NDArray[np.float64]


@cache
def image(kind: str = "turning", extent: Extent = EXTENT, dtype: str = "float64") -> Any:
    """Vectors at points and cells, and numbers of several types."""
    made = vtkImageData()
    made.SetExtent(*extent)
    made.SetSpacing(*SPACING)
    made.SetOrigin(*ORIGIN)
    x, y, z = (one.T.ravel() for one in np.meshgrid(*map(np.arange, dimensions(extent)), indexing="ij"))
    fields: dict[str, Callable[[], list[Any]]] = {
        "turning": lambda: [np.sin(z / 9) + 0.3, np.cos(x / 9 + z / 9), np.sin(y / 9) * 0.8 + 0.2],
        "straight": lambda: [np.zeros(len(x)), np.zeros(len(x)), np.ones(len(x))],
        "along": lambda: [np.ones(len(x)), np.zeros(len(x)), np.zeros(len(x))],
        "circles": lambda: [(z - z.mean()) * 0.5, np.zeros(len(x)), -(x - x.mean()) * 1.0],
        "slowing": lambda: [np.ones(len(x)) * 0.1, np.zeros(len(x)), np.maximum(0, 40 - z) / 40],
        "random": lambda: list(np.random.default_rng(3).normal(size=(3, len(x)))),
        "gap": lambda: [np.zeros(len(x)), np.zeros(len(x)), np.where(z > 40, np.nan, 1.0)],
    }
    vectors = np.column_stack(fields[kind]()).astype(dtype)
    add_array(made.GetPointData(), "v", vectors)
    add_array(made.GetPointData(), "single", (x * y).astype(np.float32))
    add_array(made.GetPointData(), "count", np.arange(len(x)))
    add_array(made.GetPointData(), "byte", ((x + y * z) % 251).astype(np.uint8))
    add_array(made.GetPointData(), "short", np.column_stack([x - y, z * 7 - x]).astype(np.int16))
    cells = made.GetNumberOfCells()
    add_array(made.GetCellData(), "u", np.random.default_rng(4).normal([0.2, 0.1, 0.4], size=(cells, 3)))
    made.GetPointData().SetActiveScalars("single")
    add_array(made.GetFieldData(), "about", np.arange(3))
    return made


def inside(count: int, extent: Extent = EXTENT, seed: int = 0, beyond: float = 0.0) -> Places:
    """Places in an image, some of them a part of its size outside."""
    low, size = np.array(extent[::2], float), np.array([one - 1 for one in dimensions(extent)], float)
    inner = np.random.default_rng(seed).uniform(-beyond, 1.0 + beyond, (count, 3))
    return np.asarray((low + inner * size) * SPACING + ORIGIN, np.float64)


def at_nodes(count: int, extent: Extent = EXTENT) -> Places:
    """The very points of an image, also of the borders between pieces."""
    low = np.array(extent[::2])
    steps = np.random.default_rng(5).integers(0, [one - 1 for one in dimensions(extent)], (count, 3))
    places: Places = (low + steps) * np.array(SPACING) + np.array(ORIGIN)
    return places


def tracer(data: Any, seeds: Places, **settings: Any) -> Any:
    made: Any = vtkStreamTracer()
    source = vtkPolyData()
    source.SetPoints(points_of(seeds))
    made.SetInputData(data)
    made.SetSourceData(source)
    usual = {
        "IntegratorType": RK45,
        "IntegrationDirection": BOTH,
        "InitialIntegrationStep": 0.2,
        "MaximumIntegrationStep": 0.5,
        "MaximumPropagation": 60.0,
    }
    vectors = settings.pop("vectors", (POINTS, "v"))
    made.SetInputArrayToProcess(0, 0, 0, *vectors)
    for name, value in {**usual, **settings}.items():
        getattr(made, f"Set{name}")(value)
    return made


def jobs_of(whole: Any, made: Any, seeds: Places, ranks: int, stopped: Callable[[], bool]) -> list[HandedOver]:
    tracing = tracing_of(made)
    assert tracing is not None
    found = []
    for rank, own in enumerate(slabs(whole.GetExtent(), ranks) or []):
        slab = slab_of(whole.GetExtent(), own, ranks)
        held = Held(whole, slab)
        assert why_whole(made, held) is None
        piece = cropped(whole, slab.grown(layers_needed(tracing, held)))
        found.append(HandedOver(piece, slab, rank, tracing, seeds, stopped=stopped))
    return found


def handed_over(
    whole: Any, made: Any, seeds: Places, ranks: int, stopped: Callable[[], bool] = lambda: False
) -> tuple[HandedOver, int]:
    """What the first of so many ranks has in the end, and after how many passes."""
    jobs = jobs_of(whole, made, seeds, ranks, stopped)
    for number in itertools.count():
        is_last = jobs[0].is_last
        assert all(one.is_last == is_last for one in jobs)
        parts = [one.part(number) for one in jobs]
        for one in jobs[:1] if is_last else jobs:
            one.take(parts, number)
        if is_last:
            return jobs[0], number + 1
    raise AssertionError


def assert_same(found: Any, expected: Any) -> None:
    """Points, lines and all arrays, their types and what they are marked as."""
    assert found.GetNumberOfPoints() == expected.GetNumberOfPoints()
    np.testing.assert_array_equal(*(vtk_to_numpy(one.GetPoints().GetData()) for one in (found, expected)))
    assert found.GetNumberOfCells() == expected.GetNumberOfCells()
    if expected.GetNumberOfCells():
        for name in ("GetConnectivityArray", "GetOffsetsArray"):
            np.testing.assert_array_equal(*(vtk_to_numpy(getattr(one.GetLines(), name)()) for one in (found, expected)))
    for kind in ("GetPointData", "GetCellData", "GetFieldData"):
        one, other = getattr(found, kind)(), getattr(expected, kind)()
        assert names(one) == names(other)
        for index in range(other.GetNumberOfArrays()):
            arrays = one.GetArray(index), other.GetArray(index)
            assert arrays[0].GetDataType() == arrays[1].GetDataType()
            np.testing.assert_array_equal(vtk_to_numpy(arrays[0]), vtk_to_numpy(arrays[1]), arrays[1].GetName())
            if kind != "GetFieldData":
                assert one.IsArrayAnAttribute(index) == other.IsArrayAnAttribute(index)


def names(attributes: Any) -> list[str]:
    return [attributes.GetArrayName(index) for index in range(attributes.GetNumberOfArrays())]


def compare(whole: Any, seeds: Places, ranks: Sequence[int] = (1, 2, 3, 4), **settings: Any) -> Any:
    """Follow lines in the whole, and in so many pieces; returns those of the whole."""
    made = tracer(whole, seeds, **settings)
    made.Update()
    for count in ranks:
        job, passes = handed_over(whole, made, seeds, count)
        assert_same(job.lines, made.GetOutput())
        assert (passes > 2) == (job.times > 0)
    return made.GetOutput()


def reasons(lines: Any) -> set[int]:
    return set(vtk_to_numpy(lines.GetCellData().GetArray("ReasonForTermination")).tolist())


@pytest.mark.parametrize("unit", [LENGTH, CELL_LENGTH])
@pytest.mark.parametrize("integrator", [RK2, RK4, RK45])
@pytest.mark.parametrize("direction", [FORWARD, BACKWARD, BOTH])
def test_they_are_those_of_the_whole(integrator: int, direction: int, unit: int) -> None:
    seeds = inside(20, beyond=0.1)
    lines = compare(
        image(),
        seeds,
        IntegratorType=integrator,
        IntegrationDirection=direction,
        IntegrationStepUnit=unit,
        MaximumIntegrationStep=0.4,
    )
    assert 5 < lines.GetNumberOfCells() < 40
    assert lines.GetNumberOfPoints() > 200
    assert "Normals" in names(lines.GetPointData())


def test_each_reason_to_end_is_that_of_the_whole() -> None:
    seeds = inside(12)
    assert reasons(compare(image(), seeds, MaximumPropagation=500.0)) == {OUT_OF_DOMAIN}
    assert reasons(compare(image(), seeds, MaximumPropagation=2.0)) >= {OUT_OF_LENGTH}
    assert reasons(compare(image(), seeds, MaximumNumberOfSteps=9)) >= {OUT_OF_STEPS}
    assert reasons(compare(image("slowing"), seeds, TerminalSpeed=0.3)) >= {STAGNATION}


def test_lines_that_circle_between_pieces_end_as_in_the_whole() -> None:
    lines = compare(image("circles"), inside(6), MaximumPropagation=1000.0, MaximumNumberOfSteps=400)
    assert OUT_OF_STEPS in reasons(lines)


def test_a_line_along_a_border_is_not_handed_to_and_fro() -> None:
    whole = image("along")
    seeds = np.array([[ORIGIN[0], ORIGIN[1] + 9.0, ORIGIN[2] + 0.5 * z] for z in (21, 31.999, 32, 42)])
    made = tracer(whole, seeds)
    made.Update()
    for ranks in (2, 3):
        job, passes = handed_over(whole, made, seeds, ranks)
        assert_same(job.lines, made.GetOutput())
        assert (job.times, passes) == (0, 2)


def test_seeds_at_the_very_points_of_the_image_are_those_of_one_piece() -> None:
    compare(image(), at_nodes(25), MaximumIntegrationStep=0.3)
    compare(image("straight"), at_nodes(10), IntegratorType=RK2)


@pytest.mark.parametrize("dtype", ["float32", "int16"])
def test_vectors_of_other_types(dtype: str) -> None:
    compare(image("circles", dtype=dtype), inside(8), MaximumNumberOfSteps=200)


def test_vectors_of_cells() -> None:
    lines = compare(image(), inside(10), vectors=(CELLS, "u"), MaximumNumberOfSteps=100)
    assert "u" in names(lines.GetPointData())


@pytest.mark.parametrize("extent", [WIDE, LONG])
def test_images_divided_along_other_axes(extent: Extent) -> None:
    along = image("random" if extent is WIDE else "along", extent)
    lines = compare(along, inside(15, extent), ranks=(2, 3, 4), MaximumIntegrationStep=0.2)
    assert lines.GetNumberOfCells() > 10


def test_what_there_is_without_vorticity_without_lines_and_without_seeds() -> None:
    assert "Normals" not in names(compare(image(), inside(5), ComputeVorticity=False).GetPointData())
    assert compare(image(), inside(5), MaximumPropagation=0.0).GetNumberOfPoints() == 0
    outside = np.full((2, 3), 900.0)
    assert compare(image(), outside).GetNumberOfPoints() == 0
    single = compare(image(), inside(1), MaximumPropagation=1e-9)
    assert (single.GetNumberOfPoints(), single.GetNumberOfCells()) == (2, 0)
    assert compare(image(), inside(1), MaximumPropagation=1e-9, IntegrationDirection=FORWARD).GetNumberOfPoints() == 1


def test_where_a_line_leads_to_no_place_only_the_whole_can_tell() -> None:
    made = tracer(image("gap"), inside(5))
    job, _ = handed_over(image("gap"), made, inside(5), 2)
    assert job.is_undecided
    assert job.lines is None


def test_an_interruption_ends_a_line_within_some_steps() -> None:
    asked = 0

    def stopped() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    whole = image("circles")
    made = tracer(whole, inside(1), IntegrationDirection=FORWARD, MaximumPropagation=1e9, MaximumNumberOfSteps=10**7)
    job = jobs_of(whole, made, inside(1), 1, stopped)[0]
    job.part(0)
    assert asked == 4  # before VTK's own filter, before the line, then every 512 steps
    assert len(job.noted.points) // WIDTH == 1 + 2 * AT_A_TIME - 1


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"SurfaceStreamlines": True}, "on a surface"),
        ({"vectors": (POINTS, "w")}, "no vectors 'w'"),
        ({"vectors": (POINTS, "single")}, "no vectors 'single'"),
        ({"MaximumIntegrationStep": 9.0}, "looks up to"),
        ({"InitialIntegrationStep": -1.0}, "such lengths"),
    ],
)
def test_what_is_followed_in_the_whole_says_why(settings: dict[str, Any], why: str) -> None:
    slab = slab_of(EXTENT, (slabs(EXTENT, 2) or [])[0], 2)
    assert why in (why_whole(tracer(image(), inside(1), **settings), Held(image(), slab)) or "")


def test_arrays_that_lines_have_by_themselves_are_left_to_the_whole() -> None:
    data = vtkImageData()
    data.ShallowCopy(image())
    add_array(data.GetPointData(), "Rotation", np.zeros(data.GetNumberOfPoints()))
    slab = slab_of(EXTENT, (slabs(EXTENT, 2) or [])[0], 2)
    assert "'Rotation'" in (why_whole(tracer(data, inside(1)), Held(data, slab)) or "")


def test_lines_that_stay_in_a_piece_are_followed_at_once() -> None:
    whole, seeds = image("along"), inside(30)
    made = tracer(whole, seeds)
    made.Update()
    job, _ = handed_over(whole, made, seeds, 2)
    assert_same(job.lines, made.GetOutput())
    assert len(job.noted.points) < 0.2 * WIDTH * made.GetOutput().GetNumberOfPoints()


@pytest.mark.deep
@pytest.mark.parametrize("case", range(300))
def test_at_random(case: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if case % 2:  # also those that stay in a piece are followed step by step
        monkeypatch.setattr(handing_over, "followed_at_once", lambda *_: ())
    random = np.random.default_rng(case)
    extent: Extent = (EXTENT, WIDE, LONG, (0, 20, 0, 25, -30, 40))[case % 4]
    whole = image(
        random.choice(["turning", "random", "circles", "slowing"]), extent, random.choice(["float64", "float32"])
    )
    most = float(random.choice([0.1, 0.25, 0.4]))
    settings = {
        "IntegratorType": int(random.integers(3)),
        "IntegrationDirection": int(random.integers(3)),
        "IntegrationStepUnit": int(random.integers(1, 3)),
        "InitialIntegrationStep": most * float(random.choice([0.2, 1.0])),
        "MinimumIntegrationStep": most * float(random.choice([0.0, 0.01, 0.2])),
        "MaximumIntegrationStep": most,
        "MaximumPropagation": float(random.choice([3.0, 30.0, 400.0])),
        "MaximumNumberOfSteps": int(random.choice([5, 300, 2000])),
        "TerminalSpeed": float(random.choice([0.0, 1e-12, 0.4])),
        "MaximumError": float(random.choice([0.0, 1e-8, 1e-6, 1e-3])),
        "ComputeVorticity": bool(random.integers(4)),
        "vectors": (POINTS, "v") if random.integers(4) else (CELLS, "u"),
    }
    seeds = at_nodes(6, extent) if case % 5 == 0 else inside(8, extent, case, beyond=0.05)
    with capture():
        compare(whole, seeds, ranks=(2, 3, 4), **settings)

"""Integers beyond 2^53 go unharmed through filters that copy values: VTK's go by way of doubles in some of these."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.vtk_messages import Message

from ..harness.apvdata import array, executed, grid, made_of, numbers, over, with_cells, with_points
from ..harness.sweep_kinds import multiblock

LARGE = np.array([2**53 + 1, -(2**53) - 3, 2**62 + 1, 2**63 - 1, 7, 0, -1, -(2**63)])
UNSIGNED = np.array([2**64 - 1, 2**63 + 1, 2**53 + 1, 1, 2, 3, 4, 5], np.uint64)
OF_CELLS = np.array([2**53 + 1, 2**63 - 1])


def cells() -> Any:
    """Two tetrahedra with points of their own; cells and points have large numbers, pairs of them with names."""
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    made = grid(np.concatenate([corners, corners + 5]), (10, (0, 1, 2, 3)), (10, (4, 5, 6, 7)))
    with_cells(with_points(made, i=LARGE, u=UNSIGNED, x=np.arange(8.0), small=np.arange(8)), c=OF_CELLS)
    pairs = array(np.stack([LARGE, LARGE[::-1]], axis=1), "pairs")
    for index, name in enumerate(("first", "second")):
        pairs.SetComponentName(index, name)
    made.GetPointData().AddArray(pairs)
    made.GetPointData().SetActiveScalars("i")
    return made


@pytest.mark.parametrize("blocks", [False, True])
@pytest.mark.parametrize("type_name", ["ExtractSurface", "ExtractEdges", "CleantoGrid", "MergeBlocks"])
def test_what_is_copied_is_exact(type_name: str, blocks: bool) -> None:
    told: list[Message] = []
    found = made_of(type_name, multiblock(cells()) if blocks or type_name == "MergeBlocks" else cells(), told=told)
    if found.IsA("vtkCompositeDataSet"):
        found = found.GetBlock(0)
    at = numbers(found, "x").astype(int)
    assert sorted(at) == list(range(8)) and told == []
    for name, values in (("i", LARGE), ("u", UNSIGNED), ("pairs", np.stack([LARGE, LARGE[::-1]], axis=1))):
        assert numbers(found, name).dtype == values.dtype
        np.testing.assert_array_equal(numbers(found, name), values[at])
    assert numbers(found, "small").tolist() == at.tolist()
    assert set(numbers(found, "c", "Cell").tolist()) == set(OF_CELLS.tolist())
    points = found.GetPointData()
    assert points.GetScalars().GetName() == "i" and points.GetArray("pairs").GetComponentName(1) == "second"
    names = {points.GetArrayName(index) for index in range(points.GetNumberOfArrays())}
    assert names == {"i", "u", "x", "small", "pairs"}


def test_edges_of_a_grid_are_exact() -> None:
    found = made_of("FeatureEdges", cells())
    np.testing.assert_array_equal(numbers(found, "u"), UNSIGNED[numbers(found, "x").astype(int)])
    assert set(numbers(found, "c", "Cell").tolist()) == set(OF_CELLS.tolist())


def test_arrows_along_normals_have_the_integers_of_their_faces() -> None:
    told: list[Message] = []
    found = made_of("NormalGlyphs", cells(), told=told)
    assert set(numbers(found, "c").tolist()) == set(OF_CELLS.tolist()) and told == []


def test_what_is_averaged_is_told() -> None:
    for type_name, properties in (
        ("CleantoGrid", {"AveragePointData": True}),
        ("ExtractSurface", {"NonlinearSubdivisionLevel": 2}),
    ):
        told: list[Message] = []
        found = made_of(type_name, cells(), properties, told=told)
        assert [one for one in told if "integers beyond 2**53" in one.text]
        assert set(range(1, 6)) <= set(numbers(found, "u").tolist())


def test_the_input_stays_as_it_was() -> None:
    data = cells()
    made_of("ExtractSurface", data)
    np.testing.assert_array_equal(numbers(data, "i"), LARGE)
    assert data.GetPointData().GetNumberOfArrays() == 5


ROUNDED = "integers beyond 2**53 are rounded here, where all is computed in double precision"


@pytest.mark.parametrize(
    ("type_name", "properties"),
    [
        ("Calculator", {"Function": "i + x"}),
        ("PythonCalculator", {"Expression": "i + x"}),
        ("PythonCalculator", {"Expression": "inputs[0].PointData['i']"}),
    ],
)
def test_what_is_computed_in_doubles_is_told_once_and_of_small_ones_nothing(type_name: str, properties: Any) -> None:
    told: list[Message] = []
    made_of(type_name, multiblock(cells(), cells()), properties, told=told)
    assert [one.text for one in told] == [f"{type_name}: i: {ROUNDED}"]
    told.clear()
    small = {name: text.replace("'i'", "'small'").replace("i +", "small +") for name, text in properties.items()}
    made_of(type_name, multiblock(cells(), cells()), small, told=told)
    assert told == []


def test_a_query_for_one_of_them_tells_that_it_finds_its_neighbours_too() -> None:
    pipeline, told = over(cells()), list[Message]()
    pipeline.create(3, "SelectionQuerySource", {"QueryString": f"i == {2**53}", "ElementType": "Point Data"})
    pipeline.create(2, "ExtractSelection", {}, {"Input": [(1, 0)], "Selection": [(3, 0)]})
    assert numbers(executed(pipeline, 2, told=told), "i").tolist() == [2**53 + 1]
    assert [one.text for one in told] == [f"QueryString: i: {ROUNDED}"]

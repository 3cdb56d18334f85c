"""Triangulations of scattered points fill their convex hull; parts of data are told apart where they do not touch."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from apvdata import Numbers, grid, image, made_of, numbers, with_cells
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet

from apvserver.vtk_bridge.execution import Executor
from apvserver.vtk_bridge.messages import Message
from apvserver.vtk_bridge.overlaps import volumes
from apvserver.vtk_bridge.pipeline import Pipeline


def hull_area(points: Numbers) -> float:
    """The area of the convex hull of points in a plane, by Andrew's monotone chain."""
    ordered = sorted(map(tuple, points[:, :2].tolist()))

    def chain(some: Any) -> list[Any]:
        kept: list[Any] = []
        for x, y in some:
            while len(kept) > 1:
                (ax, ay), (bx, by) = kept[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                kept.pop()
            kept.append((x, y))
        return kept[:-1]

    x, y = np.array(chain(ordered) + chain(ordered[::-1])).T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def flat(count: int, place: float) -> Numbers:
    made = np.random.default_rng(1).random((count, 3)) * 100 + place
    made[:, 2] = 0
    return made


@pytest.mark.parametrize("points", [flat(200, 0), flat(300, 500000)], ids=["random", "far away"])
def test_triangles_fill_the_convex_hull(points: Numbers) -> None:
    found = made_of("IntegrateVariables", made_of("Delaunay2D", grid(points)))
    assert numbers(found, "Area", "Cell").tolist() == pytest.approx([hull_area(points)], rel=1e-6)


def test_tetrahedra_fill_the_convex_hull() -> None:
    """Of a regular lattice, and of points on the surface of an octahedron and within."""
    lattice = np.array(list(itertools.product(range(4), repeat=3)), float)
    found = made_of("IntegrateVariables", made_of("Delaunay3D", grid(lattice)))
    assert numbers(found, "Volume", "Cell").tolist() == pytest.approx([27.0], rel=1e-6)
    inside = np.random.default_rng(4).normal(size=(300, 3))
    inside /= np.abs(inside).sum(axis=1, keepdims=True) / np.linspace(0.2, 1, 300)[:, None]
    points = np.concatenate([inside, np.eye(3), -np.eye(3)])
    found = made_of("IntegrateVariables", made_of("Delaunay3D", grid(points), {"Offset": 10000.0}))
    assert numbers(found, "Volume", "Cell").tolist() == pytest.approx([4 / 3], rel=1e-6)


@pytest.mark.parametrize(("resolution", "told"), [(12, 0), (32, 1)])
def test_tetrahedra_that_overlap_are_told(resolution: int, told: int) -> None:
    """Of points on a sphere VTK makes tetrahedra with more volume than the sphere has, as soon as they are many."""
    made, messages = Pipeline(), list[Message]()
    made.create(1, "Sphere", {"ThetaResolution": resolution, "PhiResolution": resolution})
    made.create(2, "Delaunay3D", {}, {"Input": [(1, 0)]})
    Executor().execute(made, 2, on_message=messages.append)
    assert len([one for one in messages if "the tetrahedra overlap: together they have" in one.text]) == told


def test_volumes_of_tetrahedra_are_those_they_enclose_unless_they_overlap() -> None:
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1], [0.1, 0.1, 0.1]], float)
    assert volumes(corners, np.array([[0, 1, 2, 3], [4, 1, 2, 3]])) == pytest.approx((0.5, 0.5))
    filled, enclosed = volumes(corners, np.array([[0, 1, 2, 3], [5, 1, 2, 3]]))
    assert abs(filled - enclosed) > 0.01


def regions(data: Any) -> list[int]:
    found: list[int] = numbers(made_of("Connectivity", data), "RegionId", "Cell").tolist()
    return found


def test_parts_that_do_not_touch_are_numbered() -> None:
    corners = [(x + far, y + far, z) for far in (0.0, 5.0) for x, y, z in ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1))]
    assert regions(grid(corners, (10, range(4)), (10, range(4, 8)))) == [0, 1]
    assert regions(grid(corners, (10, range(4)), (10, range(3, 7)))) == [0, 0]


def test_hidden_cells_connect_nothing() -> None:
    """A row of five cells whose third one is hidden; of a turned image too."""
    for direction in (None, (0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1)):
        data = with_cells(image(6, 2, 2, direction=direction), c=np.arange(5.0))
        assert regions(data) == [0] * 5
        data.BlankCell(2)
        found = made_of("Connectivity", data)
        assert numbers(found, "RegionId", "Cell").tolist() == [0, 0, 1, 1]
        assert numbers(found, "c", "Cell").tolist() == [0, 1, 3, 4]
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, data)
    blocks.SetBlock(1, image(2, 2, 2))
    found = made_of("Connectivity", blocks)
    assert [found.GetBlock(i).GetNumberOfCells() for i in range(2)] == [4, 1]

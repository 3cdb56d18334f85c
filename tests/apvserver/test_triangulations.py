"""Triangulations of scattered points fill their convex hull; parts of data are told apart where they do not touch."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet

from apvserver.vtk.base.vtk_messages import Message

from ..harness.apvdata import Numbers, grid, image, made_of, numbers, places, with_cells, with_points


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
    found = made_of("IntegrateVariables", made_of("Delaunay3D", grid(points)))
    assert numbers(found, "Volume", "Cell").tolist() == pytest.approx([4 / 3], rel=1e-6)


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


def sphere(around: int, between: int) -> Numbers:
    """Points on a sphere of radius 1: both poles, and rings between them."""
    polar = np.linspace(0, np.pi, between)[1:-1, None]
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)
    rings = np.stack(np.broadcast_arrays(np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar)), -1)
    return np.concatenate([rings.reshape(-1, 3), [[0, 0, 1], [0, 0, -1]]])


def hull_volume(around: int, between: int) -> float:
    """Of the hull of such points: slices of truncated pyramids over regular polygons (Heron's frustum)."""
    polar = np.linspace(0, np.pi, between)
    areas = around / 2 * np.sin(2 * np.pi / around) * np.sin(polar) ** 2
    heights = np.cos(polar[:-1]) - np.cos(polar[1:])
    return float((heights * (areas[:-1] + areas[1:] + np.sqrt(areas[:-1] * areas[1:]))).sum() / 3)


@pytest.mark.parametrize(("around", "between", "place"), [(8, 8, 0), (24, 16, 0), (60, 60, 0), (24, 16, 500_000)])
def test_points_on_a_sphere_are_filled_once(around: int, between: int, place: float) -> None:
    points = sphere(around, between) + place
    told: list[Message] = []
    made = made_of("Delaunay3D", grid(points), told=told)
    assert not told
    assert places(made).tolist() == points.tolist()
    found = made_of("IntegrateVariables", made)
    assert numbers(found, "Volume", "Cell").tolist() == pytest.approx([hull_volume(around, between)], rel=1e-4)


def test_points_on_a_cylinder_are_filled_once_and_keep_their_arrays() -> None:
    turn, heights = np.linspace(0, 2 * np.pi, 24, endpoint=False), np.linspace(0, 2, 10)
    points = np.array([(np.cos(t), np.sin(t), z) for t in turn for z in heights])
    data = with_points(grid(points), z=points[:, 2])
    found = made_of("IntegrateVariables", made_of("Delaunay3D", data))
    area = 24 / 2 * np.sin(2 * np.pi / 24)
    assert numbers(found, "Volume", "Cell").tolist() == pytest.approx([2 * area], rel=1e-4)
    assert numbers(found, "z").tolist() == pytest.approx([2 * area], rel=1e-3)


def test_what_is_left_out_and_what_is_added_stays_a_choice() -> None:
    points = np.random.default_rng(3).random((200, 3))
    for chosen, kinds in (({}, {5, 10}), ({"AlphaTris": False}, {10}), ({"AlphaVerts": True}, {1, 5, 10})):
        found = made_of("Delaunay3D", grid(points), {"Alpha": 0.1, **chosen})
        assert {found.GetCellType(i) for i in range(found.GetNumberOfCells())} == kinds
    bounded = made_of("Delaunay3D", grid(points), {"BoundingTriangulation": True})
    assert bounded.GetNumberOfPoints() > len(points)
    assert places(bounded)[: len(points)].tolist() == points.tolist()
    flat_points = grid([(0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 0)])
    assert made_of("Delaunay3D", flat_points).GetNumberOfCells() == 0

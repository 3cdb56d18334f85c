"""Regions of cells that touch, numbered over the pieces of all ranks as the whole numbers them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from .describing import keys_of
from .held import Held
from .taking import like
from .work import PieceWork

REGIONS: Final = "RegionId"
BY_APPEARANCE, BY_CELLS_DESCENDING, BY_CELLS_ASCENDING = range(3)
"""How regions are numbered: by their first cells, or by how many cells they have."""


class Regions:
    """A rank's share: it tells which of its regions it has, and where; and numbers its cells and points anew."""

    passes: Final = 3

    def __init__(self, work: PieceWork, id_: int, mode: int) -> None:
        self._work, self._id, self._mode = work, id_, mode
        self._boxes: list[Any] = []
        self.count = 0
        """How many regions there are in the whole."""
        self.shapes: list[Any] = []
        """What the pieces of all ranks are like with their new numbers; known to the first rank."""

    def part(self, number: int) -> Any:
        """Return the box around the piece; then its regions; then what it is like with their new numbers."""
        if number == 0:
            return self._work.box(self._id)
        if number == 2:
            return self._work.shape(self._id)
        data = self._work.held(self._id).data
        near = self._work.points_near(self._id, self._boxes)
        of_points = _labels(data.GetPointData())
        firsts, cells = regions_of(data)
        return {
            "places": self._work.common_points(self._id, self._boxes),
            "labels": (of_points[near] if len(near) else np.zeros(0, np.int64)).astype(np.int64).tobytes(),
            "firsts": firsts.tobytes(),
            "cells": cells.tobytes(),
        }

    def take(self, parts: Sequence[Any], number: int) -> None:
        """Take the boxes of all; then their regions, and number those of this rank."""
        if number == 0:
            self._boxes = list(parts)
        elif number == 1:
            numbers = united(
                [np.frombuffer(one["places"], np.float64).reshape(-1, 3) for one in parts],
                [np.frombuffer(one["labels"], np.int64) for one in parts],
                [np.frombuffer(one["firsts"], np.int64).reshape(-1, 2) for one in parts],
                [np.frombuffer(one["cells"], np.int64) for one in parts],
                self._mode,
            )
            self.count = max((int(one.max()) + 1 for one in numbers if len(one)), default=0)
            self._number(numbers[self._work.ranks.rank])
        else:
            self.shapes = list(parts)

    def _number(self, numbers: Any) -> None:
        held = self._work.held(self._id)
        data = held.data.NewInstance()
        data.ShallowCopy(held.data)
        for attributes in (data.GetPointData(), data.GetCellData()):
            array = attributes.GetArray(REGIONS)
            if array is not None:
                attributes.AddArray(like(array, numbers[vtk_to_numpy(array)].astype(vtk_to_numpy(array).dtype)))
        self._work.replace(self._id, Held(data, held.slab, held.shares_points))


def regions_of(data: Any) -> tuple[Any, Any]:
    """Return, of each region by its number, the first cell, (kind of cell, its number), and how many cells it has.

    Kinds are those by which polygonal data sorts its cells.
    """
    of_cells = _labels(data.GetCellData())
    if not len(of_cells):
        return np.zeros((0, 2), np.int64), np.zeros(0, np.int64)
    count = int(of_cells.max()) + 1
    first = np.full(count, len(of_cells), np.int64)
    np.minimum.at(first, of_cells, np.arange(len(of_cells)))
    kinds = np.zeros(count, np.int64)
    if data.IsA("vtkPolyData"):
        several = (data.GetVerts(), data.GetLines(), data.GetPolys(), data.GetStrips())
        ends = np.cumsum([one.GetNumberOfCells() for one in several])
        kinds = np.searchsorted(ends, first, side="right").astype(np.int64)
    return np.column_stack([kinds, first]), np.bincount(of_cells, minlength=count).astype(np.int64)


def united(
    places: Sequence[Any], labels: Sequence[Any], firsts: Sequence[Any], cells: Sequence[Any], mode: int
) -> list[Any]:
    """Return for each rank the number in the whole of each of its regions.

    `places` and `labels` are of points that ranks may have in common, and the regions there; regions with a place
    in common are one. `firsts` and `cells` are what `regions_of` returns, of each rank.
    """
    begins = np.concatenate([[0], np.cumsum([len(one) for one in cells])]).astype(np.int64)
    total = int(begins[-1])
    parent = np.arange(total)

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = int(parent[one])
        return one

    nodes = np.concatenate([one + begin for one, begin in zip(labels, begins, strict=False)])
    keys = np.concatenate(keys_of(places))
    if len(nodes):
        _, inverse = np.unique(keys, axis=0, return_inverse=True)
        order = np.argsort(inverse.ravel(), kind="stable")
        same = inverse.ravel()[order][1:] == inverse.ravel()[order][:-1]
        pairs = np.unique(np.column_stack([nodes[order][:-1][same], nodes[order][1:][same]]), axis=0)
        for one, other in pairs.tolist():
            a, b = root(one), root(other)
            if a != b:
                parent[max(a, b)] = min(a, b)
    roots = np.array([root(one) for one in range(total)], np.int64)
    ranks = np.concatenate([np.full(len(one), rank) for rank, one in enumerate(cells)])
    first = np.concatenate(firsts)
    of_cells = np.concatenate(cells)
    order = np.lexsort((first[:, 1], ranks, first[:, 0]))  # as the cells stand in the whole
    order = order[of_cells[order] > 0]
    _, begin = np.unique(roots[order], return_index=True)
    regions = roots[order][np.sort(begin)]
    if mode != BY_APPEARANCE:
        sizes = np.bincount(roots, of_cells, minlength=total)[regions]
        regions = regions[np.argsort(sizes, kind="stable")]
        regions = regions[::-1] if mode == BY_CELLS_DESCENDING else regions
    numbers = np.zeros(total, np.int64)
    numbers[regions] = np.arange(len(regions))
    return [numbers[roots[begin:end]] for begin, end in itertools.pairwise(begins)]


def _labels(attributes: Any) -> Any:
    array = attributes.GetArray(REGIONS)
    return np.zeros(0, np.int64) if array is None else vtk_to_numpy(array)

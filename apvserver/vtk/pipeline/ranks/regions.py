"""Regions of cells that touch, numbered over the pieces of all ranks as the whole numbers them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from ...algorithms.blanking import remove_cells
from ...algorithms.visible import leave_out_points
from ...base.values.distinct import numbered_rows
from .describing import keys_of
from .held import Held
from .rules import CLOSEST, LARGEST
from .taking import like
from .work import PieceWork

REGIONS: Final = "RegionId"
BY_APPEARANCE, BY_CELLS_DESCENDING, BY_CELLS_ASCENDING = range(3)
"""How regions are numbered: by their first cells, or by how many cells they have."""


class Regions:
    """A rank's share: it tells which of its regions it has, and where; and numbers its cells and points anew.

    Where one region alone is kept, what is not of that is left out.
    """

    passes: Final = 3

    def __init__(self, work: PieceWork, id_: int, order: Mapping[str, Any]) -> None:
        """Begin; the order says which regions are "kept", and how they are numbered ("mode").

        Of the one closest to a "place" it names the "input". "numbered": whether the numbers are kept, too.
        """
        self._work, self._id, self._order = work, id_, order
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
            "closest": self._closest(data) if self._order["kept"] == CLOSEST else None,
        }

    def _closest(self, data: Any) -> list[float] | None:
        """Return how far the closest point of the input is, squared, and in which region, -1 in none; None of nothing.

        The cells of the input are those of the output; its points may be others.
        """
        whole = self._work.held(self._order["input"]).data
        if not whole.GetNumberOfPoints():
            return None
        away = vtk_to_numpy(whole.GetPoints().GetData()).astype(np.float64) - np.array(self._order["place"])
        squared = (away * away).sum(axis=1)
        point = int(np.argmin(squared))
        cell = _first_cell(whole, point)
        return [float(squared[point]), -1.0 if cell is None else float(_labels(data.GetCellData())[cell])]

    def take(self, parts: Sequence[Any], number: int) -> None:
        """Take the boxes of all; then their regions, and number those of this rank."""
        if number == 0:
            self._boxes = list(parts)
        elif number == 1:
            told = (
                [np.frombuffer(one["places"], np.float64).reshape(-1, 3) for one in parts],
                [np.frombuffer(one["labels"], np.int64) for one in parts],
                [np.frombuffer(one["firsts"], np.int64).reshape(-1, 2) for one in parts],
                [np.frombuffer(one["cells"], np.int64) for one in parts],
            )
            numbers = united(*told, self._order["mode"])
            self.count = max((int(one.max()) + 1 for one in numbers if len(one)), default=0)
            kept: int | None = None
            if self._order["kept"] == LARGEST:
                kept = largest(united(*told, BY_APPEARANCE), numbers, told[3])
            elif self._order["kept"] == CLOSEST:
                kept = closest([one["closest"] for one in parts], numbers)
                self.count = 1
            self._number(numbers[self._work.ranks.rank], kept)
        else:
            self.shapes = list(parts)

    def _number(self, numbers: Any, kept: int | None) -> None:
        held = self._work.held(self._id)
        data = held.data.NewInstance()
        data.ShallowCopy(held.data)
        for attributes in (data.GetPointData(), data.GetCellData()):
            array = attributes.GetArray(REGIONS)
            if array is not None:
                attributes.AddArray(like(array, numbers[vtk_to_numpy(array)].astype(vtk_to_numpy(array).dtype)))
        if kept is not None:
            self._keep(data, kept)
        if not self._order["numbered"]:
            whole = self._work.held(self._order["input"]).data
            for attributes, before in (
                (data.GetPointData(), whole.GetPointData()),
                (data.GetCellData(), whole.GetCellData()),
            ):
                attributes.RemoveArray(REGIONS)
                if before.GetScalars() is not None:
                    attributes.SetActiveScalars(before.GetScalars().GetName())
        self._work.replace(self._id, Held(data, held.slab, held.shares_points))

    def _keep(self, data: Any, kept: int) -> None:
        """Leave out what is not of one region, which is 0 if it is the closest: there are no others."""
        of_cells = _labels(data.GetCellData())
        if len(of_cells):
            remove_cells(data, of_cells != kept)
            leave_out_points(data)
        if self._order["kept"] == CLOSEST:
            for attributes in (data.GetPointData(), data.GetCellData()):
                array = attributes.GetArray(REGIONS)
                if array is not None:
                    attributes.AddArray(like(array, np.zeros_like(vtk_to_numpy(array))))


def largest(by_appearance: Sequence[Any], numbers: Sequence[Any], cells: Sequence[Any]) -> int:
    """Return the number of the region with most cells, the first of several; -1 if there is none.

    For each rank and each of its regions: its number in the order in which they appear, its number, how many cells.
    """
    appears, number, count = (np.concatenate(one) for one in (by_appearance, numbers, cells))
    if not len(count):
        return -1
    sizes = np.bincount(appears, count)
    return int(number[np.flatnonzero(appears == int(np.argmax(sizes)))[0]])


def closest(told: Sequence[list[float] | None], numbers: Sequence[Any]) -> int:
    """Return the number of the region of the closest point, of equals the first rank's; -1 if it is in none."""
    found = [(one[0], rank, int(one[1])) for rank, one in enumerate(told) if one is not None]
    if not found:
        return -1
    _, rank, region = min(found)
    return -1 if region < 0 else int(numbers[rank][region])


def _first_cell(data: Any, point: int) -> int | None:
    """Return the number of the first cell that has a point; None if none does."""
    several = [data.GetCells()] if data.IsA("vtkUnstructuredGrid") else cells_of(data)
    first = 0
    for cells in several:
        corners = np.flatnonzero(vtk_to_numpy(cells.GetConnectivityArray()) == point)
        if len(corners):
            return first + int(np.searchsorted(vtk_to_numpy(cells.GetOffsetsArray()), corners[0], side="right")) - 1
        first += cells.GetNumberOfCells()
    return None


def regions_of(data: Any) -> tuple[Any, Any]:
    """Return, of each region by its number, the first cell, (kind of cell, its number), and how many cells it has.

    Kinds are those by which polygonal data sorts its cells.
    """
    of_cells = _labels(data.GetCellData())
    if not len(of_cells):
        return np.zeros((0, 2), np.int64), np.zeros(0, np.int64)
    count = int(of_cells.max()) + 1
    first = np.full(count, len(of_cells), np.int64)
    first[of_cells[::-1]] = np.arange(len(of_cells))[::-1]  # of several the last one stays
    kinds = np.zeros(count, np.int64)
    if data.IsA("vtkPolyData"):
        ends = np.cumsum([one.GetNumberOfCells() for one in cells_of(data)])
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
        _, inverse = numbered_rows(keys)
        order = np.argsort(inverse, kind="stable")
        same = inverse[order][1:] == inverse[order][:-1]
        pairs = np.column_stack([nodes[order][:-1][same], nodes[order][1:][same]])
        for one, other in pairs[numbered_rows(pairs)[0]].tolist():
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


def cells_of(data: Any) -> tuple[Any, ...]:
    """Return the cells of polygonal data, in the order in which they are counted."""
    return data.GetVerts(), data.GetLines(), data.GetPolys(), data.GetStrips()


def _labels(attributes: Any) -> Any:
    array = attributes.GetArray(REGIONS)
    return np.zeros(0, np.int64) if array is None else vtk_to_numpy(array)

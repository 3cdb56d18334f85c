"""Pipelines that are executed as a whole, and in pieces; and what they make, so that it can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkFiltersCore import vtkCellCenters, vtkPointDataToCellData

from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.pieces import division
from apvserver.vtk.pipeline.proxies import Pipeline

from ...harness.apvtest import with_settings

EXTENT = [-6, 6, -5, 5, -7, 8]
POINTS, CELLS = 13 * 11 * 16, 12 * 10 * 15
BYTES = POINTS * 4
Filter = tuple[str, dict[str, Any]]


@contextmanager
def in_pieces(count: int, bytes_: int = BYTES) -> Iterator[None]:
    """Have data of so many bytes executed in so many pieces."""
    with pytest.MonkeyPatch.context() as patch:
        with_settings(patch, stream=bytes_ - 1)
        patch.setattr(division, "SHARE", count - 1 if count > 1 else 0.5)
        yield


@contextmanager
def as_a_whole() -> Iterator[None]:
    """Have nothing executed in pieces."""
    with pytest.MonkeyPatch.context() as patch:
        with_settings(patch, stream=0)
        yield


def chain(filters: Sequence[Filter], source: Filter = ("Wavelet", {"WholeExtent": EXTENT})) -> Pipeline:
    """Return a source, 1, and filters behind it, 2 and so on."""
    pipeline = Pipeline()
    pipeline.create(1, *source)
    for index, (type_name, properties) in enumerate(filters, 2):
        pipeline.create(index, type_name, properties, {"Input": [(index - 1, 0)]})
    return pipeline


def executed(pipeline: Pipeline, **options: Any) -> Any:
    """Execute the last proxy of a pipeline, and return what it makes."""
    last = max(pipeline.ids())
    Executor().execute(pipeline, last, **options)
    return pipeline.output_data(last)


def both(make: Callable[[], Pipeline], count: int, bytes_: int = BYTES) -> tuple[Any, Any, Pipeline]:
    """Return what the last proxy makes of the whole, and of pieces, and the pipeline with those."""
    with as_a_whole():
        pipeline = make()
        whole = executed(pipeline)
        assert pipeline.proxy(1).in_pieces is None
    with in_pieces(count, bytes_):
        pipeline = make()
        pieces = executed(pipeline)
        held = pipeline.proxy(1).in_pieces
        assert held is not None
        assert held.division.count == count
    return whole, pieces, pipeline


def cells_of(data: Any) -> npt.NDArray[np.float64]:
    """Return a row for each cell, in an order of their own: its middle, its kind, and all values there."""
    centers, averages = vtkCellCenters(), vtkPointDataToCellData()
    centers.SetInputData(data)
    centers.CopyArraysOff()
    averages.SetInputData(data)
    averages.PassPointDataOff()
    for one in (centers, averages):
        one.Update()
    columns = [
        vtk_to_numpy(centers.GetOutput().GetPoints().GetData()).astype(np.float64),
        np.array([[data.GetCellType(index)] for index in range(data.GetNumberOfCells())], np.float64),
    ]
    attributes = averages.GetOutput().GetCellData()
    names = sorted(attributes.GetArrayName(index) for index in range(attributes.GetNumberOfArrays()))
    columns += [vtk_to_numpy(attributes.GetArray(one)).reshape(len(columns[0]), -1) for one in names]
    rows = np.hstack(columns)
    return np.asarray(rows[np.lexsort(np.round(rows, 3).T[::-1])])


def arrays_of(data: Any) -> dict[tuple[str, str], npt.NDArray[Any]]:
    """Return all arrays of points and cells, or of rows, by where they are and their names."""
    places = (
        {"rows": data.GetRowData()}
        if data.IsA("vtkTable")
        else {"points": data.GetPointData(), "cells": data.GetCellData()}
    )
    return {
        (place, one.GetName()): vtk_to_numpy(one)
        for place, attributes in places.items()
        for one in (attributes.GetArray(index) for index in range(attributes.GetNumberOfArrays()))
    }

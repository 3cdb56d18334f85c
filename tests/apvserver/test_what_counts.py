"""What is hidden, covered by a finer level or not there counts nowhere: numpy's numbers of the rest are right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData, vtkTable

from apvserver.vtk.base.blocks import children
from apvserver.vtk.pipeline.execution import Executor

from ..harness.apvdata import Numbers, image, made_of, numbers, over, with_cells, with_points
from ..harness.sweep_data import GHOSTS, HIDDEN_CELL, HIDDEN_POINT
from ..harness.sweep_kinds import multiblock, overlapping

RUBBISH = 1e6
VALUES = np.arange(12.0) ** 2
"""Of 4 x 3 cells."""


def _by_cells() -> tuple[Any, Numbers]:
    seen = np.arange(12) % 3 != 0
    made = with_cells(image(5, 4, 1), c=np.where(seen, VALUES, RUBBISH))
    return with_cells(made, **{GHOSTS: np.where(seen, 0, HIDDEN_CELL).astype(np.uint8)}), VALUES[seen]


def _by_points() -> tuple[Any, Numbers]:
    """One hidden corner of all hides its cell."""
    made = with_cells(image(5, 4, 1), c=np.where(np.arange(12) > 0, VALUES, RUBBISH))
    return with_points(made, **{GHOSTS: np.where(np.arange(20) == 0, HIDDEN_POINT, 0).astype(np.uint8)}), VALUES[1:]


def _beside_empty_blocks() -> tuple[Any, Numbers]:
    one, other = (with_cells(image(5, 4, 1), c=VALUES + shift) for shift in (0, 100))
    return multiblock(None, one, vtkImageData(), multiblock(vtkPolyData(), other)), np.concatenate(
        [VALUES, VALUES + 100]
    )


def _covered() -> tuple[Any, Numbers]:
    """Levels of which the finer one covers 8 of the 64 cells of the coarser one."""
    made = overlapping()
    coarse, fine = np.full(64, 2.0), np.arange(64.0)
    covered = [i + 4 * j + 16 * k for k in (1, 2) for j in (1, 2) for i in (1, 2)]
    coarse[covered] = RUBBISH
    for level, values in enumerate((coarse, fine)):
        with_cells(made.GetDataSetAsImageData(level, 0), c=values)
    return made, np.concatenate([np.full(56, 2.0), fine])


KINDS: dict[str, Callable[[], tuple[Any, Numbers]]] = {
    "hidden cells": _by_cells,
    "cells with a hidden point": _by_points,
    "beside empty blocks": _beside_empty_blocks,
    "covered by a finer level": _covered,
}


@pytest.mark.parametrize("kind", KINDS)
def test_least_greatest_and_sum(kind: str) -> None:
    data, seen = KINDS[kind]()
    for operation, wanted in (("MIN", seen.min()), ("MAX", seen.max()), ("SUM", seen.sum())):
        found = numbers(made_of("MinMax", data, {"Operation": operation}), "c", "Cell")
        assert found.tolist() == pytest.approx([wanted])


@pytest.mark.parametrize("kind", KINDS)
def test_moments(kind: str) -> None:
    data, seen = KINDS[kind]()
    pipeline = over(data)
    given = {"AttributeMode": "Cell Data", "VariablesofInterest": ["c"], "TrainingFraction": 1.0}
    pipeline.create(2, "DescriptiveStatistics", given, {"Input": [(1, 0)]})
    Executor().execute(pipeline, 2)
    algorithm, first = pipeline.output(2)
    tables = dict(children(algorithm.GetOutputDataObject(first)))
    row = {}
    for table in tables.values():
        assert isinstance(table, vtkTable)
        for index in range(table.GetNumberOfColumns()):
            column = table.GetColumn(index)
            row[column.GetName()] = column.GetVariantValue(0).ToDouble() if column.IsNumeric() else None
    found = {name: row[name] for name in ("Cardinality", "Minimum", "Maximum", "Mean")}
    assert found == {
        "Cardinality": len(seen),
        "Minimum": seen.min(),
        "Maximum": seen.max(),
        "Mean": pytest.approx(seen.mean()),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_bins(kind: str) -> None:
    data, seen = KINDS[kind]()
    found = made_of("Histogram", data, {"SelectInputArray": ["CELLS", "c"], "BinCount": 5})
    assert numbers(found, "bin_values", "Row").tolist() == np.histogram(seen, 5)[0].tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_integrals(kind: str) -> None:
    data, seen = KINDS[kind]()
    sizes = np.concatenate([np.ones(56), np.full(64, 0.125)]) if kind.startswith("covered") else np.ones(len(seen))
    found = made_of("IntegrateVariables", data)
    assert numbers(found, "c", "Cell").tolist() == pytest.approx([(seen * sizes).sum()])

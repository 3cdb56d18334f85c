"""Numbers come out of arrays however VTK keeps them: one after the other, components apart, as bits, or computed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkAffineArray, vtkBitArray, vtkFloatArray, vtkSOADataArrayTemplate
from vtkmodules.vtkCommonDataModel import vtkImageData

from apvserver.vtk.base import array_types
from apvserver.vtk.base.array_types import as_numpy, repeated


def filled(array: Any) -> Any:
    array.SetNumberOfComponents(2)
    array.SetNumberOfTuples(3)
    for tuple_ in range(3):
        for component in range(2):
            array.SetComponent(tuple_, component, (tuple_ + component) % 2)
    return array


TEMPLATES: tuple[Any, Any] = (vtkSOADataArrayTemplate, vtkAffineArray)
"""Indexed by the name of a type, which VTK's stubs do not say."""


@pytest.mark.parametrize("made", [vtkFloatArray, TEMPLATES[0]["float32"]], ids=["together", "apart"])
def test_the_numbers_are_those_of_the_array(made: Any) -> None:
    assert as_numpy(filled(made())).tolist() == [[0, 1], [1, 0], [0, 1]]


def test_bits_and_computed_places_are_numbers() -> None:
    bits = vtkBitArray()
    for number in (1, 0, 1):
        bits.InsertNextValue(number)
    assert as_numpy(bits).tolist() == [1, 0, 1]
    image = vtkImageData()
    image.SetDimensions(2, 1, 1)
    assert as_numpy(image.GetPoints().GetData()).tolist() == [[0, 0, 0], [1, 0, 0]]


def test_a_line_of_numbers_is_computed() -> None:
    array = TEMPLATES[1]["float64"]()
    array.ConstructBackend(2.0, 1.0)
    array.SetNumberOfTuples(3)
    assert as_numpy(array).tolist() == [1, 3, 5]


@pytest.mark.parametrize("counts", [1, 3, 0, [2, 2, 2, 2], [0, 3, 1, 2], [0, 0, 0, 0]])
@pytest.mark.parametrize("shape", [(4,), (4, 3)])
def test_rows_are_repeated_as_numpy_does(counts: Any, shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array_types, "_AT_A_TIME", 3)
    rows = np.arange(np.prod(shape)).reshape(shape)
    times = counts if isinstance(counts, int) else np.array(counts)
    found = repeated(rows, times)
    np.testing.assert_array_equal(found, np.repeat(rows, times, axis=0))
    assert found.flags.writeable and not np.shares_memory(found, rows)
    assert repeated(rows[:0], times if isinstance(times, int) else times[:0]).shape == (0, *shape[1:])

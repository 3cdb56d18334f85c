"""Numbers come out of arrays however VTK keeps them: one after the other, components apart, as bits, or computed."""

from __future__ import annotations

from typing import Any

import pytest
from vtkmodules.vtkCommonCore import vtkAffineArray, vtkBitArray, vtkFloatArray, vtkSOADataArrayTemplate
from vtkmodules.vtkCommonDataModel import vtkImageData

from apvserver.vtk.base.array_types import as_numpy


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

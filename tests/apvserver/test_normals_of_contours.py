"""Contours have normals and gradients by these names, in whatever form the data is stored.

VTK calls the normals of contours of rectilinear grids Gradients, and those are not there then.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkRectilinearGrid
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet

from apvserver.vtk.base.vtk_messages import Message

from ..harness.apvdata import array, image, made_of, numbers, places, with_points

SLOPE = np.array([3.0, 5.0, 7.0])


def _rectilinear() -> Any:
    made = vtkRectilinearGrid()
    made.SetDimensions(6, 5, 4)
    for axis, values in zip("XYZ", (np.arange(6.0), np.array([0, 1, 3, 3.5, 4]), np.arange(4.0)), strict=True):
        getattr(made, f"Set{axis}Coordinates")(array(values, axis))
    return made


def _structured() -> Any:
    convert = vtkImageDataToPointSet()
    convert.SetInputData(image(6, 5, 4))
    convert.Update()
    return convert.GetOutput()


def _cells() -> Any:
    append = vtkAppendFilter()
    append.AddInputData(image(6, 5, 4))
    append.Update()
    return append.GetOutput()


FORMS = {"image": lambda: image(6, 5, 4), "rectilinear": _rectilinear, "structured": _structured, "cells": _cells}


@pytest.mark.parametrize("kind", ["float32", "float64", "int32"])
@pytest.mark.parametrize("gradients", [False, True])
@pytest.mark.parametrize("normals", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_normals_and_gradients_have_their_values(form: str, normals: bool, gradients: bool, kind: str) -> None:
    data = FORMS[form]()
    with_points(data, f=(places(data) @ SLOPE * 2).astype(kind))
    told: list[Message] = []
    given = {"ContourBy": ["POINTS", "f"], "Isosurfaces": [41.3, 50.6], "ComputeNormals": normals}
    made = made_of("Contour", data, given | {"ComputeGradients": gradients}, told=told)
    assert made.GetNumberOfPoints() > 20
    np.testing.assert_allclose(places(made) @ SLOPE * 2, numbers(made, "f"), rtol=1e-5)
    there = {made.GetPointData().GetArrayName(index) for index in range(made.GetPointData().GetNumberOfArrays())}
    of_cells = form == "cells"
    assert there == {"f"} | ({"Normals"} if normals else set()) | (
        {"Gradients"} if gradients and not of_cells else set()
    )
    if normals:
        assert made.GetPointData().GetNormals().GetName() == "Normals"
        found = numbers(made, "Normals")
        np.testing.assert_allclose(found, np.tile(-SLOPE / np.linalg.norm(SLOPE), (len(found), 1)), atol=1e-5)
    if gradients and not of_cells:
        np.testing.assert_allclose(
            numbers(made, "Gradients"), np.tile(SLOPE * 2, (made.GetNumberOfPoints(), 1)), rtol=1e-5
        )
    assert bool([one for one in told if one.text.startswith("ComputeGradients")]) == (gradients and of_cells)

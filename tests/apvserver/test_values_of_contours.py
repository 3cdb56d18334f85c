"""The array that a contour is of has its value on the contour with all digits, on data of every structure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkRectilinearGrid
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet

from apvserver.vtk.base.vtk_messages import Message

from ..harness.apvdata import array, image, made_of, numbers, with_cells, with_points
from ..harness.sweep_kinds import multiblock

BASE: Final = 1e9
SIZE: Final = 4


def of_image(values: Any) -> Any:
    return with_points(image(SIZE, SIZE, SIZE), s=values)


def rectilinear(values: Any) -> Any:
    made = vtkRectilinearGrid()
    made.SetDimensions(SIZE, SIZE, SIZE)
    for axis in "XYZ":
        getattr(made, f"Set{axis}Coordinates")(array(np.arange(float(SIZE)), axis))
    return with_points(made, s=values)


def through(kind: type, values: Any) -> Any:
    filter = kind()
    filter.SetInputData(of_image(values))
    filter.Update()
    return filter.GetOutput()


KINDS: Final[dict[str, Callable[[Any], Any]]] = {
    "image": of_image,
    "rectilinear": rectilinear,
    "structured": lambda values: through(vtkImageDataToPointSet, values),
    "unstructured": lambda values: through(vtkAppendFilter, values),
    "blocks": lambda values: multiblock(of_image(values), rectilinear(values)),
}


@pytest.mark.parametrize("dtype", ["f8", "i8"])
@pytest.mark.parametrize("kind", KINDS)
def test_values_have_all_digits(kind: str, dtype: str) -> None:
    values = (BASE + np.arange(SIZE**3)).astype(dtype)
    wanted = [BASE + 20.25, BASE + 30.5]  # single precision has them both as 1e9
    told: list[Message] = []
    found = made_of("Contour", KINDS[kind](values), {"ContourBy": ("POINTS", "s"), "Isosurfaces": wanted}, told=told)
    for leaf in [found.GetBlock(0), found.GetBlock(1)] if kind == "blocks" else [found]:
        seen = numbers(leaf, "s")
        np.testing.assert_allclose(np.unique(seen.round(6)), wanted, rtol=0, atol=1e-6)
        assert leaf.GetPointData().GetScalars().GetName() == "s" and seen.dtype == np.float64
    assert told == []


def test_a_value_that_is_met_once_is_it_exactly() -> None:
    found = made_of(
        "Contour",
        of_image(np.arange(64.0) / 64),
        {"ContourBy": ("POINTS", "s"), "Isosurfaces": [0.1, 1 / 3], "ComputeNormals": True, "ComputeGradients": True},
    )
    assert set(numbers(found, "s").tolist()) == {0.1, 1 / 3}
    np.testing.assert_allclose(
        numbers(found, "Gradients"), np.tile([1 / 64, 1 / 16, 1 / 4], (len(numbers(found, "s")), 1))
    )


def test_each_point_has_the_value_of_its_own_surface() -> None:
    """What is x + 2^30 along x, cut at places that are the same in single precision."""
    x = np.tile(np.arange(float(SIZE)), SIZE * SIZE)
    wanted = [2.0**30 + at for at in (2.75, 0.5, 1.5, 0.25)]
    found = made_of("Contour", of_image(x + 2.0**30), {"ContourBy": ("POINTS", "s"), "Isosurfaces": wanted})
    at = np.array([found.GetPoint(index)[0] for index in range(found.GetNumberOfPoints())])
    np.testing.assert_array_equal(numbers(found, "s") - 2.0**30, at)
    assert set(at.tolist()) == {2.75, 0.5, 1.5, 0.25}


def test_of_cells_it_is_in_full_as_well_and_single_precision_stays_that() -> None:
    data = with_cells(of_image(np.arange(64, dtype=np.float32)), c=BASE + 2.0 * np.arange(27))
    found = made_of("Contour", data, {"ContourBy": ("CELLS", "c"), "Isosurfaces": [BASE + 20.25]})
    assert set(numbers(found, "c").tolist()) == {BASE + 20.25} and numbers(found, "s").dtype == np.float32
    found = made_of("Contour", data, {"ContourBy": ("POINTS", "s"), "Isosurfaces": [20.1]})
    assert numbers(found, "s").dtype == np.float32 and set(numbers(found, "s").tolist()) == {float(np.float32(20.1))}


def test_without_scalars_there_are_none() -> None:
    found = made_of(
        "Contour",
        of_image(BASE + np.arange(64.0)),
        {"ContourBy": ("POINTS", "s"), "Isosurfaces": [BASE + 20.25], "ComputeScalars": False},
    )
    assert found.GetNumberOfPoints() and not found.GetPointData().HasArray("s")

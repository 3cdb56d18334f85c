"""The image that an image chart draws: its numbers as rows and columns, in their places."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonCore import vtkDataArray
from vtkmodules.vtkCommonDataModel import vtkImageData

from ...base.array_names import AXES
from ...base.array_types import copied
from ...base.associations import CELLS, POINTS, ColorArray, GeometryError, numbers_of, require_array, whole_range
from ...base.blocks import parts
from ...base.property_set import PropertySet
from ..extraction import FULL, Extract
from .extraction import CHART

MOST_ALONG: Final = 4096
"""So many numbers of an image are drawn along each side."""


def extract_image(data: Any, properties: PropertySet) -> Extract:
    """Return the image of one slice with one array, each number in the middle of its rectangle.

    Raises `GeometryError` for what is no image of two dimensions, and for an array that is not there.
    """
    image = _flat_image(data)
    color_by = ColorArray.from_value(properties["ColorBy"]) or _usual(image)
    require_array([image], color_by)
    is_cells = color_by.association == CELLS
    axes = _axes(image)
    dimensions = [max(1, image.GetDimensions()[axis] - is_cells) for axis in axes]  # a line has cells of length alone
    attributes = image.GetCellData() if is_cells else image.GetPointData()
    values = numbers_of(attributes.GetArray(color_by.name), color_by).reshape(dimensions[::-1])
    steps = [-(-count // MOST_ALONG) for count in dimensions]
    made = _image(image, color_by.name, axes, values, steps, is_cells=is_cells)
    remark = None
    if max(steps) > 1:
        remark = f"each {steps[0]}th number across and each {steps[1]}th up is drawn of {dimensions} of the image"
    facts = {
        "array": [color_by.association, color_by.name, color_by.component],
        "axes": [AXES[axis] for axis in axes],
        "range": whole_range([image], color_by),
    }
    return Extract(CHART, {FULL: made}, facts=facts, remark=remark)


def _flat_image(data: Any) -> Any:
    found = list(parts(data))
    if len(found) != 1 or not isinstance(found[0], vtkImageData):
        kinds = ", ".join(sorted({one.GetClassName() for one in found})) or "nothing"
        raise GeometryError(f"an image chart draws one image (vtkImageData), and this is {kinds}")
    image = found[0]
    if sum(count > 1 for count in image.GetDimensions()) > 2 or 0 in image.GetDimensions():
        size = " x ".join(map(str, image.GetDimensions()))
        raise GeometryError(
            f"an image chart draws an image of two dimensions, and this is one of {size}: take a slice of it with "
            "ExtractSubset first"
        )
    if not image.GetDirectionMatrix().IsIdentity():
        raise GeometryError(
            "an image chart draws images along the axes, and this one is turned: show it in a RenderView"
        )
    return image


def _axes(image: Any) -> tuple[int, int]:
    """Return which two axes the image spans; those of a thin image are the first that are left."""
    thick = [axis for axis in range(3) if image.GetDimensions()[axis] > 1]
    across, up = sorted([*thick, *(axis for axis in range(3) if axis not in thick)][:2])
    return across, up


def _usual(image: Any) -> ColorArray:
    for association, attributes in ((POINTS, image.GetPointData()), (CELLS, image.GetCellData())):
        active = attributes.GetScalars()
        arrays = [active, *(attributes.GetAbstractArray(index) for index in range(attributes.GetNumberOfArrays()))]
        for one in arrays:
            if isinstance(one, vtkDataArray) and one.GetName() not in (None, "", "vtkGhostType"):
                return ColorArray(association, one.GetName())  # type: ignore[arg-type]  # both are associations
    raise GeometryError("the image has no array of numbers that could be drawn")


def _image(
    image: Any, name: str, axes: tuple[int, int], values: npt.NDArray[Any], steps: list[int], *, is_cells: bool
) -> vtkImageData:
    made = vtkImageData()
    across, up = (-1 if image.GetSpacing()[axis] < 0 else 1 for axis in axes)  # bounds begin at the lower end
    taken = np.ascontiguousarray(values[:: up * steps[1], :: across * steps[0]], np.float64)
    corner = image.GetBounds()
    spacing = [abs(image.GetSpacing()[axis]) or 1.0 for axis in axes]
    halves = [0.0 if is_cells else one / 2 for one in spacing]
    made.SetDimensions(taken.shape[1], taken.shape[0], 1)
    made.SetOrigin([*(corner[2 * axis] - half for axis, half in zip(axes, halves, strict=True)), 0.0])
    made.SetSpacing([*(one * step for one, step in zip(spacing, steps, strict=True)), 1.0])
    array = copied(taken.ravel())
    array.SetName(name)
    made.GetPointData().SetScalars(array)
    return made

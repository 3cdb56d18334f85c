"""Colors of numbers in charts: by the same color maps as in render views."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkImageData

from async_paraview.scene.representations import REPRESENTATION

from ....base.array_types import copied
from ....base.associations import ColorArray
from ....base.values.ranges import Range
from ...color_maps import ColorMaps, User
from ...coloring import Coloring, coloring

_USUAL: Final = REPRESENTATION.initial
_STEPS: Final = 256


def colors_of_image(
    user: User, image: Any, color_by: ColorArray, span: Range | None, name: str | None, color_maps: ColorMaps
) -> Coloring:
    """Return what colors an image with an array at its points, whose whole range is `span`.

    `name` is that of the color map; None: that of the array. Raises `GeometryError` for what cannot be colored.
    """
    get = {**_USUAL, "ColorBy": color_by, "ColorMap": name}
    found = coloring(user, image, get, color_maps, span, volume=False)
    assert isinstance(found, Coloring)  # it has the array, and MapScalars is on
    found.table.BuildSpecialColors()  # mappers do so before they look up NaN, plots do not
    return found


def colors_of(user: User, array: str, span: Range, name: str | None, color_maps: ColorMaps) -> Coloring:
    """Return what colors numbers of an array within a range; `name` as above."""
    image = image_of(array, np.array([span]))
    return colors_of_image(user, image, ColorArray("POINTS", array), span, name, color_maps)


def color_bar(colors: Coloring, array: str) -> Any:
    """Return an image of one column whose numbers have all colors, from the first to the last."""
    values = np.array([[colors.at((index + 0.5) / _STEPS)] for index in range(_STEPS)])
    image = image_of(array, values)
    image.SetSpacing(1.0, 1.0 / _STEPS, 1.0)
    return image


def image_of(array: str, values: Any) -> Any:
    """Return an image of rows of numbers, the first row at the bottom."""
    image = vtkImageData()
    image.SetDimensions(values.shape[1], values.shape[0], 1)
    numbers = copied(np.asarray(values, np.float64).ravel())
    numbers.SetName(array)
    image.GetPointData().SetScalars(numbers)
    return image

"""An algorithm of our own: how steep an image is.

VTK 9.7.2 divides what lies one step apart by two steps at the sides of an image, keeps integers, and cuts them off.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ...base.array_types import as_numpy, copied
from ...base.blocks import parts
from ...base.errors import VtkError
from ...types.own_properties import OwnProperties, number
from ..array_algorithm import ArrayAlgorithm


class GradientMagnitudes(OwnProperties, ArrayAlgorithm):
    """GradientMagnitudes - The length of the gradient of the active scalars of an image, in their place."""

    PROPERTIES: ClassVar = (number("Dimensionality", 2, "Along how many axes it counts.", limits=(2, 3)),)

    def change(self, output: Any, *inputs: Any) -> None:
        """Put it in place of the array that it is of; the others stay."""
        for image in parts(output):
            if not image.IsA("vtkImageData"):
                raise VtkError(f"it works on images, and there is a {image.GetClassName()}; Gradient takes any data")
            scalars = image.GetPointData().GetScalars()
            if scalars is None and image.GetNumberOfPoints():
                raise VtkError("it works on the scalars of the image, and no array is marked as such")
            if scalars is not None:
                made = copied(self._lengths(as_numpy(scalars), image))
                made.SetName(scalars.GetName())
                image.GetPointData().SetScalars(made)

    def _lengths(self, values: Any, image: Any) -> Any:
        """Return the lengths, of each component."""
        kind = np.float32 if values.dtype == np.float32 else np.float64
        grid = values.reshape(*image.GetDimensions()[::-1], -1)
        squares = np.zeros(grid.shape, np.float64)
        for axis in range(int(self.value_of("Dimensionality"))):
            if grid.shape[2 - axis] > 1:
                step = image.GetSpacing()[axis]
                for component in range(grid.shape[-1]):
                    along = np.gradient(grid[..., component].astype(np.float64), step, axis=2 - axis)
                    squares[..., component] += along**2
        return np.sqrt(squares).astype(kind).reshape(values.shape)

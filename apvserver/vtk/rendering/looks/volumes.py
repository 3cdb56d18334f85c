"""How samples of a volume are joined along a ray, and what makes them opaque beside their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPiecewiseFunction, vtkPlane

from async_paraview.scene.looks.volumes import BLEND_MODES, ISOSURFACE, PLANE, SLICE
from async_paraview.scene.parts import filled

from ...base.values.ranges import finite_range
from ...geometry.volumes import SECOND
from .functions import piecewise

Floats = npt.NDArray[np.float64]

_CELLS: Final = 256
"""So many colors there are along each of two numbers."""
_STEPS: Final = 1024
"""In so many steps functions of steepness are handed to VTK."""
_DEVIATION: Final = 0.3
"""Of a bell, as a part of its box, as in ParaView."""
_STEEPEST: Final = 0.25
"""So much of the range of a volume VTK takes for the steepest change from sample to sample."""


def apply_blending(mapper: Any, look: Any, image: Any, get: Mapping[str, Any]) -> None:
    """Have rays show what BlendMode says."""
    mode = get["BlendMode"]
    mapper.SetBlendMode(BLEND_MODES.index(mode))
    if mode == ISOSURFACE:
        values = look.GetIsoSurfaceValues()
        values.SetNumberOfContours(len(get["IsosurfaceValues"]))
        for at, value in enumerate(get["IsosurfaceValues"]):
            values.SetValue(at, value)
    if mode == SLICE:
        wanted, plane = filled(PLANE, get["SliceFunction"]), vtkPlane()
        plane.SetOrigin(wanted["Origin"] or image.GetCenter())
        plane.SetNormal(wanted["Normal"])
        look.SetSliceFunction(plane)


def apply_steepness(look: Any, image: Any, get: Mapping[str, Any]) -> None:
    """Have steep changes of its numbers make a volume opaque, as GradientOpacityFunction says."""
    points = get["GradientOpacityFunction"].get("Points")
    if points is None:
        look.SetGradientOpacity(None)
        return
    # VTK takes changes from sample to sample, and finds the narrowest gap between two points: these have equal ones.
    asked, made, step = piecewise(points), vtkPiecewiseFunction(), _step(image)
    for change in np.linspace(0.0, _steepest(image), _STEPS):
        made.AddPoint(change * step, asked.GetValue(change))
    look.SetGradientOpacity(made)


def _steepest(image: Any) -> float:
    """Return the steepest change per length that counts."""
    low, high = finite_range(image.GetPointData().GetScalars() or image.GetCellData().GetScalars(), 0) or (0.0, 1.0)
    return _STEEPEST * ((high - low) or 1.0) / _step(image)


def _step(image: Any) -> float:
    """Return by which length VTK 9.7 measures how numbers change: of n samples its steps are n / (n - 1) as long."""
    of_cells = image.GetCellData().GetScalars() is not None
    counts = np.maximum(np.array(image.GetDimensions(), float) - of_cells, 2.0)
    return float(np.mean(image.GetSpacing()) * np.mean(counts / (counts - 1.0)))


def apply_two_numbers(mapper: Any, look: Any, image: Any, get: Mapping[str, Any]) -> None:
    """Have two numbers of each place color it, if that was asked for and the second is there."""
    second = image.GetPointData().GetArray(SECOND) or image.GetCellData().GetArray(SECOND)
    by_gradient = get["UseGradientForTransfer2D"]
    if not get["UseTransfer2D"] or (second is None and not by_gradient):
        look.SetTransferFunctionModeTo1D()
        return
    first = finite_range(image.GetPointData().GetScalars() or image.GetCellData().GetScalars(), 0) or (0.0, 1.0)
    if by_gradient:
        across = 0.0, _steepest(image)
        mapper.SetTransfer2DYAxisArray(None)
    else:
        across = finite_range(second, 0) or (0.0, 1.0)
        mapper.SetTransfer2DYAxisArray(SECOND)
    look.SetTransferFunction2D(_picture(colors_of(get["TransferFunction2D"].get("Boxes", ()), first, across)))
    look.SetTransferFunctionModeTo2D()


def colors_of(boxes: Sequence[float], along: tuple[float, float], across: tuple[float, float]) -> Floats:
    """Return red, green, blue, opacity of pairs of numbers, evenly from low to high: shape (second, first, 4).

    Of boxes that overlap the later one lies upon the earlier ones.
    """
    x, y = (low + (np.arange(_CELLS) + 0.5) / _CELLS * ((high - low) or 1.0) for low, high in (along, across))
    made = np.zeros((_CELLS, _CELLS, 4))
    for left, low, width, height, *color, opacity in np.reshape(boxes, (-1, 8)).tolist():
        u, v = (x[None, :] - left) / width - 0.5, (y[:, None] - low) / height - 0.5
        bell = opacity * np.exp(-(u**2 + v**2) / (2.0 * _DEVIATION**2)) * ((abs(u) <= 0.5) & (abs(v) <= 0.5))
        alpha = bell + made[..., 3] * (1.0 - bell)
        mixed = np.array(color) * bell[..., None] + made[..., :3] * (made[..., 3] * (1.0 - bell))[..., None]
        made[..., :3] = mixed / np.where(alpha > 0.0, alpha, 1.0)[..., None]
        made[..., 3] = alpha
    return made


def _picture(colors: Floats) -> Any:
    made = vtkImageData()
    made.SetDimensions(colors.shape[1], colors.shape[0], 1)
    array = numpy_to_vtk(np.ascontiguousarray(colors.reshape(-1, 4), np.float32), deep=True)
    array.SetName("colors")
    made.GetPointData().SetScalars(array)
    return made

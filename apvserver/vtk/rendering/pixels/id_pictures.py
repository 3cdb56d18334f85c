"""Pictures whose pixels are numbers: which cell or point of what is shown each of them shows. On the render thread.

Everything is drawn once more without light, each cell (or each shape at a point) in a color that is its number. VTK's
own hardware selector finds the same, but keeps Python's lock while it draws; drawing a window does not.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray

from async_paraview.datasets.id_pairs import distinct
from async_paraview.records import dataclass
from async_paraview.scene.looks.surfaces import BACKS, FOLLOW

from ...base.array_types import copied
from ...base.associations import CELLS
from ...geometry.extraction import FULL
from ..mappers import ActorMapper, GaussianMapper
from ..representation import Representation
from .picking import Area, Ids

BITS: Final = 24
"""Of a number that one picture shows: 8 of each of red, green and blue. Larger numbers take several pictures."""

_NUMBERS: Final = "apv numbers"
_BALL: Final = "//VTK::Color::Impl\nif (dot(offsetVCVSOutput.xy, offsetVCVSOutput.xy) > 9.0) { discard; }\n"
"""A soft ball is picked up to three times its radius, as VTK's own selector does."""


@dataclass(frozen=True)
class IdPicture:
    """The numbers of a rectangle of pixels, its bottom row first: 0 where nothing is seen.

    What belongs to one representation has the numbers from `firsts` of it, as many as it has cells or points.
    """

    numbers: Ids
    firsts: Mapping[Hashable, tuple[int, int]]

    @cached_property
    def _seen(self) -> Ids:
        return distinct(self.numbers)

    def ids_of(self, identifier: Hashable) -> Ids:
        """Return the cells or points of a representation that are seen, sorted."""
        first, count = self.firsts[identifier]
        begin, end = np.searchsorted(self._seen, [first, first + count])
        return self._seen[begin:end] - first

    def owner(self, number: int) -> tuple[Hashable, int] | None:
        """Return the representation that a number belongs to, and which of its cells or points that is."""
        for identifier, (first, count) in self.firsts.items():
            if first <= number < first + count:
                return identifier, number - first
        return None


class IdPictures:
    """Takes such pictures in a window; keeps what it needs to draw them until the data is another."""

    def __init__(self, window: Any, renderer: Any) -> None:
        self._window = window
        self._renderer = renderer
        self._twins: dict[Hashable, _Twin] = {}

    def take(self, area: Area, shown: Mapping[Hashable, Representation]) -> IdPicture:
        """Return the rectangle of what the window is about to draw.

        Leaves the renderer without a background and jitter; it has to draw without smoothing.
        """
        firsts, following = {}, 1
        for identifier, representation in shown.items():
            count = self._twin(identifier, representation)
            if count:
                firsts[identifier] = (following, count)
                following += count
        hidden = [prop for one in shown.values() for prop in one.props if prop.GetVisibility()]
        twins = [self._twins[identifier] for identifier in firsts]
        self._prepare()
        try:
            for prop in hidden:
                prop.VisibilityOff()
            for twin in twins:
                self._renderer.AddViewProp(twin.drawing.prop)
            digits = range(0, max(1, (following - 1).bit_length()), BITS)
            numbers = sum(self._digit(area, twins, firsts, shift) << shift for shift in digits)
        finally:
            for twin in twins:
                self._renderer.RemoveViewProp(twin.drawing.prop)
            for prop in hidden:
                prop.VisibilityOn()
        return IdPicture(np.asarray(numbers), firsts)

    def forget(self, identifier: Hashable) -> None:
        """Free what is kept of a representation."""
        twin = self._twins.pop(identifier, None)
        if twin is not None:
            twin.drawing.prop.ReleaseGraphicsResources(self._window)

    def _twin(self, identifier: Hashable, representation: Representation) -> int:
        """Make what draws its numbers as it is drawn now; return how many there are."""
        drawing = representation.drawing
        if not representation.is_visible or not isinstance(drawing, ActorMapper):
            return 0
        twin = self._twins.get(identifier)
        if twin is None or twin.data is not drawing.data or type(twin.drawing) is not type(drawing):
            self.forget(identifier)
            twin = self._twins[identifier] = _Twin(drawing)
        twin.drawing.apply({**representation.properties, **_as_picked(representation.properties)}, False)
        twin.look_plain()
        return twin.count

    def _prepare(self) -> None:
        renderer = self._renderer
        self._window.SetStereoRender(False)
        renderer.SetGradientBackground(False)
        renderer.SetBackground(0.0, 0.0, 0.0)
        renderer.GetActiveCamera().SetWindowCenter(0.0, 0.0)

    def _digit(self, area: Area, twins: list[_Twin], firsts: Mapping[Hashable, tuple[int, int]], shift: int) -> Ids:
        for twin, (first, _) in zip(twins, firsts.values(), strict=True):
            twin.show_digit(first, shift)
        self._window.Render()
        colors, (left, bottom, right, top) = vtkUnsignedCharArray(), area
        self._window.GetPixelData(left, bottom, right, top, 1, colors, 0)
        red, green, blue = vtk_to_numpy(colors).reshape(top - bottom + 1, right - left + 1, 3).astype(np.int64).T
        return np.asarray((red | green << 8 | blue << 16).T)


def _as_picked(get: Mapping[str, Any]) -> dict[str, Any]:
    """Return how what is shown is looked at: both sides of a surface alike, if both are drawn."""
    sides = {"BackfaceRepresentation": FOLLOW} if get["BackfaceRepresentation"] in BACKS else {}
    return {"Visibility": True, "SilhouetteVisibility": False, **sides}


class _Twin:
    """Draws the data of a mapper in colors that are numbers."""

    def __init__(self, drawing: ActorMapper) -> None:
        self.data = drawing.data
        made: Any = type(drawing)
        self.drawing: ActorMapper = made()
        of_cells = drawing.association == CELLS
        self.count = int(self.data.GetNumberOfCells() if of_cells else self.data.GetNumberOfPoints())
        copy = self.data.NewInstance()
        copy.ShallowCopy(self.data)
        self._shown: tuple[int, int] | None = None
        self.drawing.set_parts({FULL: copy})
        mapper = self.drawing.mapper
        self._drawn = mapper.GetInputDataObject(0, 0)
        self._attributes = self._drawn.GetCellData() if of_cells else self._drawn.GetPointData()
        mapper.SetColorModeToDirectScalars()
        mapper.SelectColorArray(_NUMBERS)
        mapper.SetScalarModeToUseCellFieldData() if of_cells else mapper.SetScalarModeToUsePointFieldData()
        mapper.ScalarVisibilityOn()
        if isinstance(self.drawing, GaussianMapper):
            mapper.SetSplatShaderCode(_BALL)

    def look_plain(self) -> None:
        """Draw without light, edges and transparency: colors arrive as they are."""
        look = self.drawing.prop.GetProperty()
        look.LightingOff()
        look.EdgeVisibilityOff()
        look.SetInterpolationToFlat()
        for name, value in (("Opacity", 1.0), ("Ambient", 0.0), ("Diffuse", 1.0), ("Specular", 0.0)):
            getattr(look, f"Set{name}")(value)

    def show_digit(self, first: int, shift: int) -> None:
        """Color by `BITS` of the numbers from `first` on."""
        if self._shown == (first, shift):
            return
        self._shown = (first, shift)
        digits = (np.arange(first, first + self.count, dtype=np.int64) >> shift) & ((1 << BITS) - 1)
        colors: npt.NDArray[np.uint8] = np.column_stack([digits & 255, (digits >> 8) & 255, digits >> 16])
        array = copied(colors.astype(np.uint8))
        array.SetName(_NUMBERS)
        self._attributes.AddArray(array)
        self._drawn.Modified()

"""The ways to draw texts, bars and pictures in front of a scene that are made of data."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData
from vtkmodules.vtkRenderingCore import (
    vtkActor2D,
    vtkCoordinate,
    vtkPolyDataMapper2D,
    vtkTexture,
    vtkTexturedActor2D,
)

from async_paraview.scene.representations import REPRESENTATION
from async_paraview.scene.scalar_bars import ANY_LOCATION
from async_paraview.scene.text import TEXT as TEXT_TYPE

from ...base.data_making import array_of, cells_of, points_of
from ...geometry.extraction import FULL, LOGO, PROGRESS, WRITTEN
from ...geometry.overlays import PICTURE, RATE, TEXT
from ..coloring import Coloring, OwnColors
from ..mappers import Properties, RepresentationMapper
from ..paper import BLACK, Paper
from .texts import TextInFront, corner

_OF_A_TEXT: Final = ("Visibility", *(one.name for one in TEXT_TYPE if one.name in REPRESENTATION.by_name))
_TEXT_AT: Final = (0.05, 0.05)
_BAR_AT: Final = (0.25, 0.05)
_BAR_SIZE: Final = (0.5, 0.06)
_PICTURE_AT: Final = (0.02, 0.02)
"""Where they stand at Any Location unless Position says it, as in ParaView."""


class OverlayMapper(RepresentationMapper):
    """Draws something flat in front of the scene, of which nothing can be picked."""

    association = None

    def use_level_of_detail(self, reduced: bool) -> None:
        """Draw all of it: it is little."""

    def color(self, coloring: Coloring | OwnColors | None) -> None:
        """No array colors it."""

    def apply(self, get: Properties, lit: bool) -> None:
        """Take over what the properties say of its look."""
        self.prop.SetVisibility(get["Visibility"])
        self.place(get)

    @abstractmethod
    def place(self, get: Properties) -> None:
        """Put it where the properties say."""

    def part_of(self, get: Properties, size: tuple[int, int]) -> tuple[float, float, float, float] | None:
        """Return left, bottom, right and top of it, fractions of a picture of a size; None: of nothing."""
        return None


class TextMapper(OverlayMapper):
    """A text."""

    def __init__(self) -> None:
        self._text = TextInFront()
        self._words = ""
        self._wanted: Properties = {}
        self._paper = Paper(BLACK, BLACK)
        super().__init__(self._text.props[-1])
        self.set_parts({FULL: vtkPolyData()})

    @property
    def props(self) -> tuple[Any, ...]:
        """See RepresentationMapper: the box behind it, too."""
        return self._text.props

    @property
    def words(self) -> str:
        """What the data says."""
        return self._words

    def set_parts(self, parts: Mapping[str, Any], looks: Sequence[Any] = ()) -> None:
        """Say what the data says."""
        super().set_parts(parts, looks)
        said = parts[FULL].GetFieldData().GetAbstractArray(TEXT)
        self._words = "" if said is None else said.GetValue(0)

    def place(self, get: Properties) -> None:
        """Put it where the properties say, as soon as the size of the picture is known."""
        self._wanted = _placed({name: get[name] for name in _OF_A_TEXT}, _TEXT_AT)

    def paint(self, paper: Paper, get: Properties) -> None:
        """Write it in its color, or in one that is seen on that paper."""
        self._paper = paper
        if not get["Visibility"]:
            self._text.hide()

    @property
    def look(self) -> Properties:
        """How it is written, and where, as the texts of a view."""
        return self._wanted

    def stand(self, lines: str, look: Properties, size: tuple[int, int], scale: float) -> None:
        """Write lines with such properties into a picture of a size, in which a point has so many pixels."""
        self._text.show(lines, look, self._paper, size, scale)


class ProgressMapper(OverlayMapper):
    """A bar in a frame that is as full as a number from 0 to 1 says."""

    def __init__(self) -> None:
        self._rate = 0.0
        self._mapper = vtkPolyDataMapper2D()
        self._mapper.SetTransformCoordinate(_fractions())
        super().__init__(vtkActor2D())
        self.prop.SetMapper(self._mapper)
        self.set_parts({FULL: vtkPolyData()})

    def set_parts(self, parts: Mapping[str, Any], looks: Sequence[Any] = ()) -> None:
        """Be as full as the data says."""
        super().set_parts(parts, looks)
        rate = parts[FULL].GetFieldData().GetArray(RATE)
        self._rate = 0.0 if rate is None else float(np.clip(rate.GetTuple1(0), 0.0, 1.0))

    def place(self, get: Properties) -> None:
        """Its color counts as well: `paint` makes it anew."""
        self.prop.GetProperty().SetOpacity(get["Opacity"])
        self.prop.GetProperty().SetLineWidth(get["LineWidth"] * self.scale)

    def part_of(self, get: Properties, size: tuple[int, int]) -> tuple[float, float, float, float] | None:
        """See OverlayMapper."""
        (x, y), (width, height) = _placed(get, _BAR_AT)["Position"], get["Position2"] or _BAR_SIZE
        return x, y, x + width, y + height

    def paint(self, paper: Paper, get: Properties) -> None:
        """Draw the bar, what is left of it if that is asked for, and the frame."""
        (x, y), (width, height) = _placed(get, _BAR_AT)["Position"], get["Position2"] or _BAR_SIZE
        middle = x + width * self._rate
        boxes = [(x, middle, get["ProgressBarColor"])] if self._rate else []
        if get["DrawBackground"]:
            boxes.append((middle, x + width, get["SecondaryProgressBarColor"]))
        corners = [_corners(low, y, high, y + height) for low, high, _ in boxes]
        begin = 4 * len(corners)
        places = [one for box in (*corners, _corners(x, y, x + width, y + height)) for one in box]
        made = vtkPolyData()
        made.SetPoints(points_of(np.array(places)))
        made.SetLines(cells_of([0, 5], [*range(begin, begin + 4), begin]))
        made.SetPolys(cells_of(np.arange(len(boxes) + 1) * 4, np.arange(begin)))
        painted = [paper.ink(y), *(color for _, _, color in boxes)]
        made.GetCellData().SetScalars(array_of((np.array(painted) * 255).round().astype(np.uint8), "colors"))
        self._mapper.SetInputData(made)


class PictureMapper(OverlayMapper):
    """A picture of a file."""

    def __init__(self) -> None:
        self._texture = vtkTexture()
        self._mapper = vtkPolyDataMapper2D()
        self._mapper.SetTransformCoordinate(_fractions())
        self._size = (1, 1)
        self._get: Properties = {}
        super().__init__(vtkTexturedActor2D())
        self._texture.InterpolateOn()
        self._texture.RepeatOff()
        self._texture.EdgeClampOn()
        self.prop.SetMapper(self._mapper)
        self.prop.SetTexture(self._texture)
        self.set_parts({FULL: vtkPolyData()})

    def set_parts(self, parts: Mapping[str, Any], looks: Sequence[Any] = ()) -> None:
        """Show the picture of the data."""
        super().set_parts(parts, looks)
        self._texture.SetInputDataObject(parts.get(PICTURE, vtkImageData()))

    def apply(self, get: Properties, lit: bool) -> None:
        """Take over what the properties say; without a picture nothing is seen."""
        self._get = get
        super().apply(get, lit)
        self.prop.SetVisibility(bool(get["Visibility"]) and PICTURE in self.parts)

    def use_size(self, size: tuple[int, int]) -> None:
        """Keep the shape of the picture in a view of that size."""
        self._size = size
        self.place(self._get)

    def place(self, get: Properties) -> None:
        """Put it where the properties say, as high as they say."""
        part = self.part_of(get, self._size)
        if part is None:
            return
        made = vtkPolyData()
        made.SetPoints(points_of(np.array(_corners(*part))))
        made.SetPolys(cells_of([0, 4], range(4)))
        made.GetPointData().SetTCoords(array_of(np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32), "places"))
        self._mapper.SetInputData(made)
        self.prop.GetProperty().SetOpacity(get["Opacity"])

    def part_of(self, get: Properties, size: tuple[int, int]) -> tuple[float, float, float, float] | None:
        """See OverlayMapper."""
        if PICTURE not in self.parts:
            return None
        columns, rows, _ = self.parts[PICTURE].GetDimensions()
        height = float(get["ImageScale"])
        width = height * size[1] / size[0] * columns / rows
        location = get["WindowLocation"]
        any_place = location == ANY_LOCATION
        x, y = _placed(get, _PICTURE_AT)["Position"] if any_place else corner(location, (width, height))
        return x, y, x + width, y + height

    def paint(self, paper: Paper, get: Properties) -> None:
        """Leave it in its own colors."""


OVERLAYS: Final[Mapping[str, Callable[[], OverlayMapper]]] = MappingProxyType(
    {WRITTEN: TextMapper, PROGRESS: ProgressMapper, LOGO: PictureMapper}
)
"""What draws each kind of what is in front of a scene."""


def _placed(get: Properties, usual: tuple[float, float]) -> Mapping[str, Any]:
    """Return the properties with two fractions as the Position, the usual ones if it was not set."""
    return {**get, "Position": tuple(get["Position"][:2]) if any(get["Position"]) else usual}


def _corners(left: float, bottom: float, right: float, top: float) -> list[tuple[float, float]]:
    return [(left, bottom), (right, bottom), (right, top), (left, top)]


def _fractions() -> vtkCoordinate:
    made = vtkCoordinate()
    made.SetCoordinateSystemToNormalizedViewport()
    return made

"""Texts that VTK draws upon a view, as text: where their lines begin, and how they look."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingAnnotation import vtkAxesActor
from vtkmodules.vtkRenderingCore import vtkTextActor, vtkTextProperty, vtkTextRenderer

from ..fonts.formulas import has_formulas, unescaped
from ..fonts.spelling import Typeface
from ..legends.texts import Font, Run
from .sheet import Place, Sheet

_LEFT, _CENTERED, _RIGHT = range(3)
_UPRIGHT: Final = "H"
"""A letter that stands on its feet and has nothing below."""


class WrittenTexts:
    """The texts of a window's renderers: not drawn by VTK while they are hidden, but written on a sheet."""

    def __init__(self, window: Any) -> None:
        """Look for them."""
        self._dpi = window.GetDPI()
        self._texts: list[tuple[Any, Any]] = []
        renderers = window.GetRenderers()
        for index in range(renderers.GetNumberOfItems()):
            renderer = renderers.GetItemAsObject(index)
            if renderer.GetDraw():
                self._texts += [(renderer, one) for one in _texts_of(renderer)]

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Have VTK draw all else."""
        looks = [one.GetTextProperty() for _, one in self._texts]
        before = [(one.GetOpacity(), one.GetBackgroundOpacity(), one.GetFrame(), one.GetShadow()) for one in looks]
        for look in looks:
            _set(look, 0.0, 0.0, False, False)
        try:
            yield
        finally:
            for look, was in zip(looks, before, strict=True):
                _set(look, *was)

    def write(self, sheet: Sheet) -> None:
        """Write all of them, at the places where VTK has just drawn them."""
        for renderer, text in self._texts:
            _write(sheet, renderer, text, self._dpi)


def _set(look: Any, opacity: float, behind: float, frame: bool, shadow: bool) -> None:
    look.SetOpacity(opacity)
    look.SetBackgroundOpacity(behind)
    look.SetFrame(frame)
    look.SetShadow(shadow)


def _texts_of(renderer: Any) -> Iterator[Any]:
    props = renderer.GetViewProps()
    for index in range(props.GetNumberOfItems()):
        prop = props.GetItemAsObject(index)
        if not prop.GetVisibility():
            continue
        if isinstance(prop, vtkTextActor):
            if not any(map(has_formulas, (prop.GetInput() or "").split("\n"))):  # those are drawn by VTK
                yield prop
        elif isinstance(prop, vtkAxesActor):
            yield from (getattr(prop, f"Get{axis}AxisCaptionActor2D")().GetTextActor() for axis in "XYZ")


def _write(sheet: Sheet, renderer: Any, text: Any, dpi: int) -> None:
    words, look = text.GetInput(), text.GetTextProperty()
    if not words or not words.strip():
        return
    at = text.GetPositionCoordinate().GetComputedDoubleViewportValue(renderer)
    origin = renderer.GetOrigin()
    x, y = at[0] + origin[0], at[1] + origin[1]
    _write_at(sheet, words, look, (x, y), dpi)


def _write_at(sheet: Sheet, words: str, look: Any, at: tuple[float, float], dpi: int) -> None:
    """Write lines around a place, and what is behind them."""
    level, turned = vtkTextProperty(), float(look.GetOrientation())
    level.ShallowCopy(look)
    level.SetOrientation(0.0)
    lines = words.split("\n")
    left, right, bottom, top = _extent(level, words, dpi)
    apart = 0.0 if len(lines) == 1 else (top - bottom - _height(level, dpi)) / (len(lines) - 1)
    if look.GetBackgroundOpacity() > 0.0 and not turned:
        behind: Place = at[0] + left, at[1] + bottom, at[0] + right, at[1] + top
        sheet.add_box(behind, look.GetBackgroundColor(), look.GetBackgroundOpacity())
    face = Typeface.of(look)
    font = Font(look.GetFontSize(), face.family, face.bold, face.italic, file=face.file)
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        length = _extent(level, line, dpi)
        width, x = length[1] - length[0], float(left)
        if look.GetJustification() == _CENTERED:
            x = (left + right - width) / 2
        elif look.GetJustification() == _RIGHT:
            x = right - width
        y = bottom + apart * (len(lines) - 1 - number) + _descent(level, dpi)
        if look.GetShadow():
            across, up = look.GetShadowOffset()
            shade, color = _turned((x + across, y + up), turned, at), [0.0, 0.0, 0.0]
            look.GetShadowColor(color)
            sheet.add_run(Run(unescaped(line), font, *shade, width, turned), color, look.GetOpacity())
        run = Run(unescaped(line), font, *_turned((x, y), turned, at), width, turned)
        sheet.add_run(run, look.GetColor(), look.GetOpacity())


def _turned(place: tuple[float, float], degrees: float, around: tuple[float, float]) -> tuple[float, float]:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = place
    return around[0] + cosine * x - sine * y, around[1] + sine * x + cosine * y


def _extent(look: Any, words: str, dpi: int) -> tuple[int, int, int, int]:
    """Return left, right, bottom and top of words, from the place where they stand."""
    box = [0, 0, 0, 0]
    vtkTextRenderer.GetInstance().GetBoundingBox(look, words, box, dpi)
    left, right, bottom, top = box
    return left, right + 1, bottom, top + 1


def _height(look: Any, dpi: int) -> int:
    _, _, bottom, top = _extent(look, _UPRIGHT, dpi)
    return top - bottom


def _descent(look: Any, dpi: int) -> int:
    """Return how many pixels of a line lie below the feet of its letters."""
    image, size = vtkImageData(), [0, 0]
    vtkTextRenderer.GetInstance().RenderString(look, _UPRIGHT, image, size, dpi)
    width, height, _ = image.GetDimensions()
    letters = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(height, width, -1)[: size[1], : size[0], 3]
    rows = np.flatnonzero(letters.any(axis=1))
    return int(rows[0]) if len(rows) else 0

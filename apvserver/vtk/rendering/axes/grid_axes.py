"""A box of axes with numbers, around some bounds: its lines stand in the scene, its texts in front of it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from async_paraview.contrast import ink_on
from async_paraview.records import dataclass

from ..camera.framing import Margins
from ..camera.looking import Floats, Looking
from ..fonts.noted import gathered, note
from ..images import Bounds
from ..paper import Color, Paper
from .grid_box import GridBox
from .grid_texts import TICK, GridText, in_pixels, letters_of, placed_texts
from .lines_and_texts import LinesAndTexts
from .numbers import box_numbers
from .placing import margins_around
from .text_sheet import DrawnText

_NO_MOVE: Final = tuple(np.eye(4).ravel().tolist())


@dataclass(frozen=True)
class Grid:
    """What a grid of axes is to be: its properties, around which bounds, with which titles where it has none.

    `matrix`, 16 numbers, brings the bounds into the scene; the numbers along the axes are those before that.
    """

    get: Mapping[str, Any]
    bounds: Bounds
    titles: Mapping[str, str]
    color: Color | None = None
    """Of lines and texts that have none of their own; None: ink."""
    matrix: tuple[float, ...] = _NO_MOVE

    @property
    def box(self) -> tuple[Bounds, Floats]:
        """The bounds as numbers of the axes, and the matrix that brings them into the scene."""
        get, matrix = self.get, np.array(self.matrix).reshape(4, 4)
        if get["UseModelTransform"]:
            return get["ModelBounds"], np.array(get["ModelTransformMatrix"]).reshape(4, 4)
        bounds = np.array(get["CustomBounds"] if get["UseCustomBounds"] else self.bounds).reshape(3, 2)
        scale, position = np.array(get["DataScale"]), np.array(get["DataPosition"])
        ends = np.sort((bounds - position[:, None]) / scale[:, None], axis=1)
        middle = ends.mean(axis=1, keepdims=True)
        ends = middle + (ends - middle) * get["DataBoundsScaleFactor"]
        of_data = np.eye(4)
        of_data[:3, :3], of_data[:3, 3] = np.diag(scale), position
        return tuple(ends.ravel().tolist()), matrix @ of_data

    @property
    def scene_bounds(self) -> Bounds:
        """Its bounds in the scene."""
        bounds, matrix = self.box
        corners = np.array(list(itertools.product(bounds[0:2], bounds[2:4], bounds[4:6]))) @ matrix[:3, :3].T
        low, high = corners.min(axis=0) + matrix[:3, 3], corners.max(axis=0) + matrix[:3, 3]
        return tuple(np.column_stack([low, high]).ravel().tolist())

    def margins_beyond(self, looking: Looking) -> Margins:
        """Return how far its texts reach beyond its box in a picture, in points."""
        arranged = _Arranged(self, 1.0)
        texts = arranged.seen(looking, whole=False)[1]
        return margins_around(arranged.box.corners, looking, (one.box for one in texts))

    def texts_in(self, looking: Looking, scale: float) -> list[GridText]:
        """Return its texts in a picture, in which a point has so many pixels."""
        return _Arranged(self, scale).seen(looking)[1]


class GridAxes(LinesAndTexts):
    """One box of axes. What draws it are `props`."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        super().__init__()
        self._arranged: _Arranged | None = None

    def hide(self) -> None:
        """Draw nothing until it is shown next."""
        self._lines.hide()
        self.sheet.show([])
        self._drawn, self.texts = None, []

    def show(self, grid: Grid, looking: Looking, paper: Paper, scale: float) -> None:
        """Stand in a picture as it is seen, upon that paper, with so many pixels to a point."""
        if self._drawn == (grid, looking, paper, scale):
            note(self._remarks)
            return
        self._drawn = grid, looking, paper, scale
        if self._arranged is None or not self._arranged.is_of(grid, scale):
            with gathered() as remarks:
                self._arranged = _Arranged(grid, scale)
            self._remarks = tuple(remarks)
            self.sheet.hold(self._arranged.drawn.masks)
        note(self._remarks)
        lines, self.texts = self._arranged.seen(looking)
        ink = grid.color or paper.ink()
        self._lines.show([(lines, grid.get["GridColor"] or ink)], self._arranged.box.middle, scale)
        inks = _Inks(grid, paper, looking.size[1], scale)
        self.sheet.show([drawn for one in self.texts for drawn in inks.drawn(one)])


class _Arranged:
    """A grid as it is from wherever it is seen. Which of its texts have room is found in points: at any scale alike."""

    def __init__(self, grid: Grid, scale: float) -> None:
        self._grid, self._scale = grid, scale
        bounds, matrix = grid.box
        numbers = box_numbers(grid.get, bounds)
        self.box = GridBox(bounds, matrix, [one.values for one in numbers])
        self._letters = letters_of(grid.get, numbers, grid.titles, 1.0)
        self.drawn = letters_of(grid.get, numbers, grid.titles, scale)
        """The letters of its texts."""

    def is_of(self, grid: Grid, scale: float) -> bool:
        return grid == self._grid and scale == self._scale

    def seen(self, looking: Looking, *, whole: bool = True) -> tuple[Floats, list[GridText]]:
        """Return the lines and the texts that are seen; `whole`: without texts that the picture would cut."""
        get, box, (width, height) = self._grid.get, self.box, looking.size
        size = width / self._scale, height / self._scale
        looking = replace(looking, size=size)
        faces, inside = box.drawn_faces(
            looking, get["FacesToRender"], backs=not get["CullBackface"], fronts=not get["CullFrontface"]
        )
        edges = box.outer_edges(inside or faces, unique=bool(get["LabelUniqueEdgesOnly"]))
        lines, seen = box.lines(faces, grid=get["ShowGrid"], outline=get["ShowEdges"]), box.seen(looking)
        if get["ShowTicks"]:
            lines.append(seen.tick_lines(edges, TICK))
        labelled = [(edge, face) for edge, face in edges if _is_labelled(edge.faces, face, get["AxesToLabel"])]
        texts = placed_texts(seen, labelled, self._letters, size if whole else None, ticks=bool(get["ShowTicks"]))
        return np.concatenate([np.zeros((0, 2, 3)), *lines]), in_pixels(texts, self.drawn, self._scale)


def _is_labelled(faces: tuple[int, int], face: int, mask: int) -> bool:
    """Return whether an edge of a face is to have numbers: the other face that it belongs to says it."""
    return any(mask >> one & 1 for one in faces if one != face)


class _Inks:
    """Which colors texts are drawn in."""

    def __init__(self, grid: Grid, paper: Paper, height: float, scale: float) -> None:
        self._grid, self._paper, self._height, self._scale = grid, paper, max(1.0, height), scale
        self._ink = grid.color or (paper.ink() if paper.bottom == paper.top else None)
        """What is seen on all of the paper; None: that depends on where."""

    def drawn(self, one: GridText) -> list[DrawnText]:
        """Return what draws a text: its letters, and its shadow behind them."""
        get, box = self._grid.get, one.box
        ink = get[f"{one.what}Color"] or self._ink
        if ink is None:
            ink = self._paper.ink(min(1.0, max(0.0, (box.bottom + box.top) / 2 / self._height)))
        opacity = get[f"{one.what}Opacity"]
        letters = DrawnText(one.mask, box.left, box.bottom, (*ink, opacity), box.size)
        if not get[f"{one.what}Shadow"]:
            return [letters]
        dark, by = ink_on(ink), max(1, round(self._scale))
        return [DrawnText(one.mask, box.left + by, box.bottom - by, (*dark, opacity), box.size), letters]

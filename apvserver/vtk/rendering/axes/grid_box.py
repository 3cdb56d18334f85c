"""The box of a grid of axes in the scene: its faces, its edges, and the lines upon them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from async_paraview.records import dataclass

from ..camera.looking import Floats, Looking
from ..images import Bounds

FACES: Final = 6
"""Those of the low ends of x, y and z, then of the high ends: the order of the bits of FacesToRender."""
_SIDES: Final = ((0, 0), (0, 1), (1, 0), (1, 1))
"""Of the edges along an axis: at which ends of the other two."""
_EDGE_ON: Final = 1e-6
"""Faces with a smaller cosine are seen as a line, and not drawn."""
_STEP: Final = 1e-3
"""So far beyond edges it is looked which way ticks go, a part of the diagonal of the box."""
_NEAR: Final = 1e-3
"""What is nearer than this part of what is farthest is not drawn."""
_LONGEST_TICK: Final = 0.05
"""A part of the diagonal of the box."""


Row = Sequence[float]
"""Pixels from the left and the bottom, and how far away."""
_NO_LINES: Final[Floats] = np.zeros((0, 2, 3))


@dataclass(frozen=True)
class Edge:
    """One of the twelve edges of a box; its faces by their numbers."""

    axis: int
    faces: tuple[int, int]
    ends: Floats
    """Where it begins and ends, shape (2, 3)."""
    ticks: Floats
    """Where numbers stand along it, shape (n, 3)."""
    first: int
    """Of its places among those of the box: its ends, its ticks, and those a step beyond upon both of its faces."""


class GridBox:
    """A box with numbers along its axes, which `matrix`, 4 rows of 4 numbers, brings into the scene."""

    def __init__(self, bounds: Bounds, matrix: npt.NDArray[np.float64], values: Sequence[Sequence[float]]) -> None:
        """Have numbers at these values of each axis, within the bounds."""
        self._low, self._high = np.array(bounds[::2], float), np.array(bounds[1::2], float)
        self._matrix = matrix
        self._values = [np.array(one, float) for one in values]
        self._along = matrix[:3, :3].T
        """Directions of its axes in the scene, as rows."""
        corners = np.array(list(itertools.product(*zip(self._low, self._high, strict=True))))
        self.corners: Floats = self._placed(corners)
        self._diagonal = float(np.linalg.norm(self.corners.max(axis=0) - self.corners.min(axis=0)))
        mirrored = np.sign(np.linalg.det(self._along)) or 1.0
        normals = [mirrored * np.cross(self._along[(axis + 1) % 3], self._along[(axis + 2) % 3]) for axis in range(3)]
        self._normals = np.array([*(-one for one in normals), *normals])
        self._face_middles = np.array([self._center(face) for face in range(FACES)])
        self.middle: Floats = self._placed((self._low + self._high)[None] / 2)[0]
        self.edges: list[Edge] = []
        self.places: Floats = np.concatenate([self._face_middles, self.middle[None]])
        """The middles of its faces, its own, and what there is of its edges."""
        for axis, sides in itertools.product(range(3), _SIDES):
            self._add_edge(axis, sides)
        self._grid = [self._lines_of_face(face) for face in range(FACES)]
        self._outlines = [self._outline(face) for face in range(FACES)]

    def seen(self, looking: Looking) -> SeenBox:
        """Return where in a picture it is seen."""
        return SeenBox(self, looking.pixels(self.places))

    def drawn_faces(self, looking: Looking, mask: int, *, backs: bool, fronts: bool) -> tuple[list[int], list[int]]:
        """Return the faces of a mask that are to be drawn, and those of them that are seen from the inside.

        `backs` says whether those are drawn that are seen from the inside, `fronts` whether the others are.
        """
        turned = looking.facing_away(self._face_middles, self._normals).tolist()
        seen = [face for face in range(FACES) if mask >> face & 1 and abs(turned[face]) > _EDGE_ON]
        inside = [face for face in seen if turned[face] > 0 and backs]
        return [face for face in seen if face in inside or (turned[face] < 0 and fronts)], inside

    def outer_edges(self, faces: Sequence[int], *, unique: bool) -> list[tuple[Edge, int]]:
        """Return the edges of faces, each with one of these that it belongs to; `unique`: those of one of them only."""
        found = []
        for edge in self.edges:
            own = [face for face in edge.faces if face in faces]
            if own and (len(own) == 1 or not unique):
                found.append((edge, own[0]))
        return found

    def lines(self, faces: Sequence[int], *, grid: bool, outline: bool) -> list[Floats]:
        """Return the lines upon faces, each of shape (n, 2, 3)."""
        found = [self._grid[face] for face in faces if grid]
        return found + [self._outlines[face] for face in faces if outline]

    def _placed(self, places: Floats) -> Floats:
        moved: Floats = places @ self._matrix[:3, :3].T + self._matrix[:3, 3]
        return moved

    def _center(self, face: int) -> Floats:
        middle = (self._low + self._high) / 2
        middle[face % 3] = (self._low if face < FACES // 2 else self._high)[face % 3]
        return np.asarray(self._placed(middle[None])[0])

    def _add_edge(self, axis: int, sides: tuple[int, int]) -> None:
        others = [one for one in range(3) if one != axis]
        start = self._low.copy()
        for one, side in zip(others, sides, strict=True):
            start[one] = (self._high if side else self._low)[one]
        ends, ticks = np.stack([start, start]), np.tile(start, (len(self._values[axis]), 1))
        ends[1, axis], ticks[:, axis] = self._high[axis], self._values[axis]
        first, second = (one + 3 * side for one, side in zip(others, sides, strict=True))
        steps = self._step(second), self._step(first)  # what goes on upon one face goes away from the other
        ends, ticks = self._placed(ends), self._placed(ticks)
        self.edges.append(Edge(axis, (first, second), ends, ticks, len(self.places)))
        self.places = np.concatenate([self.places, ends, ticks, *(ticks + one for one in steps)])

    def _step(self, face: int) -> Floats:
        """Return a short way out of the box, across one of its faces."""
        direction = self._along[face % 3] * (1.0 if face >= FACES // 2 else -1.0)
        size = float(np.linalg.norm(direction)) or 1.0
        return np.asarray(_STEP * self._diagonal / size * direction)

    def _lines_of_face(self, face: int) -> Floats:
        across, level = face % 3, (self._low if face < FACES // 2 else self._high)[face % 3]
        found = []
        for axis in range(3):
            if axis == across:
                continue
            other = 3 - axis - across
            within = (self._values[axis] > self._low[axis]) & (self._values[axis] < self._high[axis])
            lines = np.zeros((int(within.sum()), 2, 3))
            lines[:, :, axis] = self._values[axis][within][:, None]
            lines[:, :, across] = level
            lines[:, 0, other], lines[:, 1, other] = self._low[other], self._high[other]
            found.append(lines)
        both = np.concatenate(found)
        return self._placed(both.reshape(-1, 3)).reshape(-1, 2, 3)

    def _outline(self, face: int) -> Floats:
        return np.array([edge.ends for edge in self.edges if face in edge.faces])


class SeenBox:
    """Where in a picture a box is seen: pixels from the left and the bottom, and how far away."""

    def __init__(self, box: GridBox, places: Floats) -> None:
        self._box, self._places = box, places
        self._rows: list[Row] = places.tolist()
        self._near = _NEAR * float(places[:, 2].max())

    @property
    def middle(self) -> Row:
        """That of the box."""
        return self._rows[FACES]

    def face_middle(self, face: int) -> Row:
        """Return that of a face."""
        return self._rows[face]

    def ends(self, edge: Edge) -> tuple[Row, Row]:
        """Return the ends of an edge."""
        return self._rows[edge.first], self._rows[edge.first + 1]

    def ticks(self, edge: Edge) -> list[Row]:
        """Return where numbers stand along an edge."""
        return self._rows[edge.first + 2 : edge.first + 2 + len(edge.ticks)]

    def is_before(self, *places: Row) -> bool:
        """Return whether all of these are before the camera."""
        return all(one[2] > self._near for one in places)

    def tick_lines(self, edges: Sequence[tuple[Edge, int]], length: float) -> Floats:
        """Return short lines that go on from those upon faces beyond their edges, about so many pixels long.

        There are none at edges where they would stand less than that apart.
        """
        before, after = list[int](), list[int]()
        for edge, face in edges:
            count, (first, last) = len(edge.ticks), self.ends(edge)
            if not self.is_before(first, last) or math.dist(first[:2], last[:2]) < length * count:
                continue
            start = edge.first + 2
            beyond = start + count * (1 + edge.faces.index(face))
            before += range(start, start + count)
            after += range(beyond, beyond + count)
        if not before:
            return _NO_LINES
        seen = self._places[after, :2] - self._places[before, :2]
        times = np.minimum(length / np.maximum(np.hypot(seen[:, 0], seen[:, 1]), 1e-12), _LONGEST_TICK / _STEP)
        starts = self._box.places[before]
        return np.stack([starts, starts + times[:, None] * (self._box.places[after] - starts)], axis=1)

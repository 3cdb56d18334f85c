"""Labels of points, cells and contours of one output: their letters, and where they may stand in a picture."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter
from vtkmodules.vtkCommonCore import vtkStringArray

from async_paraview.records import dataclass
from async_paraview.scene.props.labels import CONTOUR_LABEL, JUSTIFICATIONS, KINDS_OF_LABELS, POINT_LABEL

from ...base.array_types import as_numpy
from ...data.labels import OWNER, SAYS
from ..axes.ticks import number_text
from ..camera.looking import Floats, Looking
from ..fonts.rasters import Mask
from ..layout.boxes import Box
from ..legends.texts import Font, composed, line_of, turned
from ..placement import Matrix, placed

_DIGITS: Final = 4
_GAP: Final = 3.0
"""Between a point and its label, in points."""
_HALO: Final = 1.5
"""How far what lies behind letters reaches beyond them, in points."""
_STEP: Final = 3
"""Labels along lines are turned by whole multiples of so many degrees."""
_LONGER: Final = 1.3
"""So many times as long as its label is a line at least."""
_STRAIGHT: Final = 0.9
"""A label stands where the line below it is no longer than its chord by more."""
_TRIES: Final = 24
"""At so many places of a line its label is tried."""

Visible = Callable[[Floats], npt.NDArray[np.bool_]]
"""Which of some places, shape (n, 3), are seen."""


@dataclass(frozen=True)
class Letters:
    """Letters, and what lies behind them: as large, with the same border on each side."""

    mask: Mask
    halo: Mask


@dataclass(frozen=True)
class Candidate:
    """One place where a label may stand."""

    box: Box
    letters: Letters
    number: int
    """What it belongs to: one label of each is enough."""
    kind: str


class Labels:
    """The labels of one representation. `counts` says how many there could be of each kind."""

    def __init__(self, parts: Mapping[str, Any], counts: Mapping[str, int]) -> None:
        self._says = {kind: _told(parts[kind]) for kind in KINDS_OF_LABELS if kind in parts}
        self._places = {kind: _places(parts[kind]) for kind in self._says}
        self._owners = {kind: _owners(parts[kind]) for kind in self._says}
        self._lines = {kind: _offsets(parts[kind]) for kind in self._says if kind == CONTOUR_LABEL}
        self._written: dict[str, tuple[str | None, Sequence[str]]] = {}
        self.counts = counts

    @property
    def kinds(self) -> Sequence[str]:
        """Of what there are any."""
        return [kind for kind, says in self._says.items() if len(says)]

    def looked_at(self, kind: str) -> int:
        """Return how many different points, cells or lines of a kind may have a label."""
        return len(self._says[kind]) if kind == CONTOUR_LABEL else len(np.unique(self._owners[kind]))

    def candidates(
        self, kind: str, get: Mapping[str, Any], matrix: Matrix, looking: Looking, scale: float, visible: Visible
    ) -> tuple[Iterator[Candidate], int]:
        """Yield where labels of a kind may stand, the most wanted first, and return how many things have such places.

        A point has `scale` pixels; `visible` says which places are seen.
        """
        font = Font(
            get[f"{kind}FontSize"], get[f"{kind}FontFamily"], bool(get[f"{kind}Bold"]), bool(get[f"{kind}Italic"]),
            scale, get[f"{kind}FontFile"],
        )  # fmt: skip
        places = placed(matrix, self._places[kind])
        texts = self.texts(kind, get[f"{kind}Format"])
        if kind == CONTOUR_LABEL:
            lines = _along_lines(texts, places, self._lines[kind], looking, font, visible)
            return iter(lines), len({one.number for one in lines})
        seen = looking.pixels(places)
        within = (seen[:, 2] > 0) & (seen[:, :2] >= 0).all(1) & (seen[:, :2] <= looking.size).all(1)
        found = np.flatnonzero(within)
        found = found[visible(places[found])]
        justified = JUSTIFICATIONS.index(get[f"{kind}Justification"])
        gap = _GAP * scale * (1 - justified) if kind == POINT_LABEL else 0.0

        def around() -> Iterator[Candidate]:
            for index in found.tolist():
                letters = _letters(texts[index], font, 0)
                box = _box(seen[index, 0] + gap, seen[index, 1], letters.mask, justified / 2)
                yield Candidate(box, letters, int(self._owners[kind][index]), kind)

        return around(), len(np.unique(self._owners[kind][found]))

    def texts(self, kind: str, format_: str | None) -> Sequence[str]:
        """Return what labels of a kind say: made once for a format."""
        made = self._written.get(kind)
        if made is None or made[0] != format_:
            made = self._written[kind] = format_, _texts(self._says[kind], format_, together=kind == CONTOUR_LABEL)
        return made[1]


def _told(part: Any) -> Any:
    attributes = part.GetCellData() if part.GetNumberOfLines() else part.GetPointData()
    says = attributes.GetAbstractArray(SAYS)
    if isinstance(says, vtkStringArray):
        return [" ".join(says.GetValue(index).split()) for index in range(part.GetNumberOfPoints())]
    return as_numpy(says)


def _places(part: Any) -> Floats:
    count = part.GetNumberOfPoints()
    return as_numpy(part.GetPoints().GetData()).reshape(-1, 3).astype(np.float64) if count else np.zeros((0, 3))


def _owners(part: Any) -> Any:
    owners = part.GetPointData().GetArray(OWNER)
    return np.zeros(0) if owners is None else as_numpy(owners)


def _offsets(part: Any) -> npt.NDArray[Any]:
    return as_numpy(part.GetLines().GetOffsetsArray()).ravel()


def _texts(says: Any, format_: str | None, *, together: bool) -> Sequence[str]:
    """Return what labels say as texts; `together`: with as many digits as tell numbers apart."""
    if isinstance(says, list):
        return says
    if together and format_ is None:
        numbers = sorted(set(says.tolist()))
        return [number_text(one, numbers) for one in says.tolist()]
    return [_written(one, format_) for one in says.tolist()]


def _written(value: Any, format_: str | None) -> str:
    if isinstance(value, list):
        return f"({', '.join(_written(one, format_) for one in value)})"
    if format_ is not None:
        return format_.format(value)
    return str(value) if isinstance(value, int) else f"{value:.{_DIGITS}g}"


@lru_cache(maxsize=4096)
def _letters(text: str, font: Font, degrees: int) -> Letters:
    """Return letters with a border, turned against the clock, and what is behind them."""
    rim = max(1, round(_HALO * font.scale))
    line = line_of(text, font)
    height, width = line.shape
    mask = turned(composed((height + 2 * rim, width + 2 * rim), [(line, rim, rim)]), degrees)
    blurred = np.asarray(Image.fromarray(np.asarray(mask)).filter(ImageFilter.GaussianBlur(rim * 0.6)), np.float64)
    halo = np.clip(blurred * 5.0, 0, 255).astype(np.uint8)
    for one in (mask, halo):
        one.setflags(write=False)
    return Letters(mask, halo)


def _box(x: float, y: float, mask: Mask, justified: float) -> Box:
    """Return where letters stand whose middle is as high as a place, and whose part `justified` is there."""
    height, width = mask.shape
    left, bottom = round(x - width * justified), round(y - height / 2)
    return Box(left, bottom, left + width, bottom + height)


def _along_lines(
    texts: Sequence[str],
    places: Floats,
    offsets: npt.NDArray[Any],
    looking: Looking,
    font: Font,
    visible: Visible,
) -> list[Candidate]:
    """Return where labels may stand along lines, of each line the straightest places first."""
    seen = looking.pixels(places)
    stands: list[tuple[int, int, Floats, Floats]] = []
    for number, text in enumerate(texts):
        first, last = int(offsets[number]), int(offsets[number + 1])
        line = seen[first:last]
        if not text or (line[:, 2] <= 0).any():
            continue
        for middle, degrees in _stands(line[:, :2], line_of(text, font).shape[1], looking.size):
            stands.append((number, degrees, _between(places[first:last], middle), _between(line[:, :2], middle)))
    seen_there = visible(np.array([one[2] for one in stands]).reshape(-1, 3)).tolist()
    found = []
    for (number, degrees, _, (x, y)), is_seen in zip(stands, seen_there, strict=True):
        if is_seen:
            letters = _letters(texts[number], font, degrees)
            found.append(Candidate(_box(x, y, letters.mask, 0.5), letters, number, CONTOUR_LABEL))
    return found


def _between(line: Floats, at: float) -> Floats:
    """Return the place at a fractional number of a corner of a line."""
    first = min(int(at), len(line) - 2)
    found: Floats = line[first] + (line[first + 1] - line[first]) * (at - first)
    return found


def _stands(line: Floats, width: float, size: tuple[float, float]) -> list[tuple[float, int]]:
    """Return where letters of a width may stand along a line of pixels: at which corner, turned by how many degrees."""
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    if along[-1] < _LONGER * width:
        return []
    middles = np.linspace(width / 2, along[-1] - width / 2, _TRIES)
    numbers = np.arange(len(line), dtype=np.float64)

    def at(lengths: Floats) -> Floats:
        return np.column_stack([np.interp(lengths, along, line[:, axis]) for axis in (0, 1)])

    chords = at(middles + width / 2) - at(middles - width / 2)
    straight = np.linalg.norm(chords, axis=1) / width
    here = at(middles)
    within = ((here >= 0) & (here <= size)).all(axis=1) & (straight >= _STRAIGHT)
    centered = np.abs(middles / along[-1] - 0.5)
    order = sorted(np.flatnonzero(within).tolist(), key=lambda one: (round(1 - straight[one], 2), centered[one]))
    found = []
    for one in order:
        degrees = math.degrees(math.atan2(chords[one, 1], chords[one, 0]))
        upright = (degrees + 90) % 180 - 90  # letters stand on their feet
        found.append((float(np.interp(middles[one], along, numbers)), _STEP * round(upright / _STEP)))
    return found

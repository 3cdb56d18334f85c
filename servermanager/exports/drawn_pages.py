"""Pages of shapes, pictures and texts: read from the SVG files that a server writes."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
from PIL import Image

from async_paraview.records import dataclass

_SVG: Final = "{http://www.w3.org/2000/svg}"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_NUMBER: Final = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_STEP: Final = re.compile(rf"([A-Za-z])|({_NUMBER})")
_TRANSFORM: Final = re.compile(r"(matrix|translate|rotate|scale)\(([^)]*)\)")
_PAIRS_OF: Final = {"M": 1, "L": 1, "Q": 2, "C": 3}
"""How many points each step of a path has."""
_CODES: Final = {"M": 1, "L": 2, "Z": 79}
_NUMBERS: Final = str.maketrans("", "", "0123456789.,-+e \t\n")
_LETTERS: Final = str.maketrans("MLZ", "   ")
_INHERITED: Final = ("fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray")
_ROUND: Final = 4 / 3 * (2**0.5 - 1)
"""Of four Bezier curves that are almost a circle, how far the inner points are from the outer ones."""

Matrix = np.ndarray
"""3 x 3, from the coordinates of an element to points from the upper left corner of the page."""


class NotDrawn(ValueError):
    """A file has something in it that is not known here."""


@dataclass(frozen=True)
class Ink:
    """A color, and how opaque it is."""

    color: tuple[float, float, float]
    opacity: float


@dataclass(frozen=True)
class Rim:
    """How a line is drawn."""

    ink: Ink
    width: float
    dashes: tuple[float, ...]


@dataclass(frozen=True)
class Shape:
    """A path: points, n x 2, and of each what it is, as matplotlib numbers that.

    1 begins, 2 is the end of a line, 3 and 4 are points of curves of second and third order, 79 closes.
    """

    points: np.ndarray
    codes: np.ndarray
    fill: Ink | None
    rim: Rim | None


@dataclass(frozen=True)
class Picture:
    """A picture, and where its unit square lies, its upper left corner at (0, 0)."""

    pixels: np.ndarray
    """uint8, rows x columns x 4, top row first"""
    place: Matrix


@dataclass(frozen=True)
class Letters:
    """A line of text; it begins, has its middle or its end at a point."""

    text: str
    at: tuple[float, float]
    turned: float
    """By so many degrees against the clock."""
    anchor: str
    size: float
    families: tuple[str, ...]
    bold: bool
    italic: bool
    ink: Ink
    length: float | None
    """So long it is, if that is known: longer in another font, its letters are smaller."""


@dataclass(frozen=True)
class Drawn:
    """One of the things on a page, and the rectangle beyond which it is cut off: left, top, right, bottom."""

    what: Shape | Picture | Letters
    within: tuple[float, float, float, float] | None
    cut: Shape | None = None
    """Beyond its outline it is cut off as well."""


@dataclass(frozen=True)
class Page:
    """A page, in points, and what is drawn on it, the lowest first."""

    size: tuple[float, float]
    drawn: tuple[Drawn, ...]


def read_page(file: bytes) -> Page:
    """Return what an SVG file of a server shows. Raises NotDrawn."""
    root = ElementTree.fromstring(file)
    reader = _Reader(root)
    size = float(root.get("width", "0").removesuffix("pt")), float(root.get("height", "0").removesuffix("pt"))
    return Page(size, tuple(reader.read(root, _Context(np.eye(3), {}, None))))


@dataclass(frozen=True)
class _Context:
    """What elements have from those that they are in."""

    moved: Matrix
    look: Mapping[str, str]
    within: tuple[float, float, float, float] | None


class _Reader:
    """Reads one file."""

    def __init__(self, root: Element) -> None:
        self._symbols = {f"#{one.get('id')}": one for one in root.iter(f"{_SVG}symbol")}
        self._clips = {f"url(#{one.get('id')})": one for one in root.iter(f"{_SVG}clipPath")}

    def read(self, parent: Element, context: _Context) -> Iterator[Drawn]:
        """Yield what an element has in it."""
        for one in parent:
            name = one.tag.removeprefix(_SVG)
            if name not in ("defs", "title", "desc", "symbol", "clipPath"):
                yield from self._element(name, one, context)

    def _element(self, name: str, one: Element, context: _Context) -> Iterator[Drawn]:
        look = {**context.look, **{key: value for key in _INHERITED if (value := one.get(key)) is not None}}
        within = self._cut(one, context)
        inner = _Context(context.moved @ _matrix(one.get("transform", "")), look, within)
        if name == "g":
            yield from self.read(one, inner)
        elif name == "svg":
            yield from self.read(one, _framed(one, inner))
        elif name == "use":
            yield from self._use(one, inner)
        elif name == "text":
            yield Drawn(_letters(one, inner), within)
        elif name == "image":
            yield Drawn(_picture(one, inner), within)
        else:
            points, codes = _outline(name, one)
            at = points @ inner.moved[:2, :2].T + inner.moved[:2, 2]
            yield Drawn(Shape(at, codes, _ink(look, "fill", "black"), _rim(look, inner.moved)), within)

    def _cut(self, one: Element, context: _Context) -> tuple[float, float, float, float] | None:
        reference = one.get("clip-path")
        if reference is None:
            return context.within
        clip = self._clips.get(reference)
        rectangle = None if clip is None else clip.find(f"{_SVG}rect")
        if rectangle is None:
            raise NotDrawn(f"what is cut off by {reference!r} is not known: no rectangle is called so")
        x, y, width, height = _numbers(rectangle, "x", "y", "width", "height")
        return _common(context, (x, y, width, height))

    def _use(self, one: Element, context: _Context) -> Iterator[Drawn]:
        """Yield a symbol of one by one where it is used."""
        symbol = self._symbols.get(one.get(_HREF, ""))
        if symbol is None:
            raise NotDrawn(f"a symbol is used that is not there: {one.get(_HREF)!r}")
        x, y, width, height = _numbers(one, "x", "y", "width", "height")
        placed = context.moved @ np.array([[width, 0, x], [0, height, y], [0, 0, 1]])
        yield from self.read(symbol, _Context(placed, context.look, context.within))


def _framed(one: Element, context: _Context) -> _Context:
    x, y, width, height = _numbers(one, "x", "y", "width", "height")
    moved = context.moved @ np.array([[1, 0, x], [0, 1, y], [0, 0, 1]])
    return _Context(moved, context.look, _common(context, (x, y, width, height)))


def _common(context: _Context, place: tuple[float, ...]) -> tuple[float, float, float, float]:
    """Return what a rectangle and that of a context have in common; nothing that is cut off is turned."""
    x, y, width, height = place
    (left, top), (right, bottom) = (
        context.moved[:2, :2] @ corner + context.moved[:2, 2] for corner in ((x, y), (x + width, y + height))
    )
    box = min(left, right), min(top, bottom), max(left, right), max(top, bottom)
    if context.within is not None:
        outer = context.within
        box = max(box[0], outer[0]), max(box[1], outer[1]), min(box[2], outer[2]), min(box[3], outer[3])
    return float(box[0]), float(box[1]), float(box[2]), float(box[3])


def _numbers(one: Element, *names: str) -> tuple[float, ...]:
    return tuple(float(one.get(name, "0").removesuffix("px")) for name in names)


def _matrix(said: str) -> Matrix:
    made = np.eye(3)
    for name, inside in _TRANSFORM.findall(said):
        numbers = [float(one) for one in re.findall(_NUMBER, inside)]
        if name == "matrix":
            a, b, c, d, e, f = numbers
            one = np.array([[a, c, e], [b, d, f], [0, 0, 1]])
        elif name == "translate":
            one = np.array([[1, 0, numbers[0]], [0, 1, numbers[1] if len(numbers) > 1 else 0], [0, 0, 1]])
        elif name == "scale":
            one = np.diag([numbers[0], numbers[-1], 1.0])
        else:
            one = _rotation(*numbers)
        made = made @ one
    return made


def _rotation(degrees: float, x: float = 0.0, y: float = 0.0) -> Matrix:
    turn = np.radians(degrees)
    one = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    there, back = np.eye(3), np.eye(3)
    there[:2, 2], back[:2, 2] = (x, y), (-x, -y)
    return np.asarray(there @ one @ back)


def _ink(look: Mapping[str, str], what: str, usual: str) -> Ink | None:
    color, opacity = look.get(what, usual), float(look.get(f"{what}-opacity", "1"))
    if color == "none" or opacity <= 0.0:
        return None
    if color == "black":
        return Ink((0.0, 0.0, 0.0), opacity)
    found = re.fullmatch(r"#([0-9a-fA-F]{6})", color)
    if found is None:
        raise NotDrawn(f"the color {color!r} is not known: colors are written as #ff0000")
    red, green, blue = (int(found[1][index : index + 2], 16) / 255 for index in (0, 2, 4))
    return Ink((red, green, blue), opacity)


def _rim(look: Mapping[str, str], moved: Matrix) -> Rim | None:
    ink, width = _ink(look, "stroke", "none"), float(look.get("stroke-width", "1"))
    scale = float(np.sqrt(abs(np.linalg.det(moved[:2, :2]))))
    said = look.get("stroke-dasharray", "none")
    dashes = tuple(float(one) * scale for one in re.findall(_NUMBER, said))
    if ink is None or width <= 0.0 or (dashes and not any(dashes[::2])):
        return None
    return Rim(ink, width * scale, dashes * 2 if len(dashes) % 2 else dashes)


def _outline(name: str, one: Element) -> tuple[np.ndarray, np.ndarray]:
    """Return the points of a shape, and what each is."""
    if name == "path":
        return _path(one.get("d", ""))
    if name in ("polyline", "polygon"):
        points = np.array(re.findall(_NUMBER, one.get("points", "")), float).reshape(-1, 2)
        return _line(points, closed=name == "polygon")
    if name == "line":
        return _line(np.array(_numbers(one, "x1", "y1", "x2", "y2")).reshape(2, 2), closed=False)
    if name == "rect":
        x, y, width, height = _numbers(one, "x", "y", "width", "height")
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        return _line(np.array(corners), closed=True)
    if name == "circle":
        x, y, radius = _numbers(one, "cx", "cy", "r")
        return _circle(np.array([x, y]), radius)
    raise NotDrawn(f"a file of a server has <{name}> in it, which is not known here")


def _line(points: np.ndarray, *, closed: bool) -> tuple[np.ndarray, np.ndarray]:
    codes = np.full(len(points) + closed, 2, np.uint8)
    if len(codes):
        codes[0] = 1
    if closed:
        codes[-1] = 79
        points = np.concatenate([points, points[:1]])
    return points, codes


def _circle(middle: np.ndarray, radius: float) -> tuple[np.ndarray, np.ndarray]:
    quarter = np.array([[1.0, _ROUND], [_ROUND, 1.0], [0.0, 1.0]])
    turn, points = np.array([[0.0, -1.0], [1.0, 0.0]]), [np.array([[1.0, 0.0]])]
    points += [quarter @ np.linalg.matrix_power(turn, number).T for number in range(4)]
    outline = middle + radius * np.concatenate([*points, points[0]])
    return outline, np.array([1, *[4] * 12, 79], np.uint8)


def _path(said: str) -> tuple[np.ndarray, np.ndarray]:
    return _polygons(said) or _any_path(said)


def _polygons(said: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Return a path of polygons with a letter before each point, as those of scenes: it may be long; None of others."""
    letters, pairs = said.translate(_NUMBERS), said.translate(_LETTERS).split()
    if letters.strip("MLZ") or not letters.startswith("M") or len(pairs) != len(letters) - letters.count("Z"):
        return None
    points = np.array([one.split(",") for one in pairs], float)
    codes = np.array([_CODES[one] for one in letters], np.uint8)
    return points[np.maximum(np.cumsum(codes != _CODES["Z"]) - 1, 0)], codes


def _any_path(said: str) -> tuple[np.ndarray, np.ndarray]:
    points: list[tuple[float, float]] = []
    codes: list[int] = []
    step, numbers = "", list[float]()
    for letter, number in _STEP.findall(said):
        if letter in ("Z", "z"):
            points.append(points[-1] if points else (0.0, 0.0))
            codes.append(79)
        elif letter:
            step = letter
        else:
            numbers.append(float(number))
            if step not in _PAIRS_OF:
                raise NotDrawn(f"a path has the step {step!r}, which is not known here")
            if len(numbers) == 2 * _PAIRS_OF[step]:
                points += zip(numbers[::2], numbers[1::2], strict=True)
                codes += {"M": [1], "L": [2], "Q": [3, 3], "C": [4, 4, 4]}[step]
                step, numbers = ("L" if step == "M" else step), []
    return np.array(points, float).reshape(-1, 2), np.array(codes, np.uint8)


def _picture(one: Element, context: _Context) -> Picture:
    x, y, width, height = _numbers(one, "x", "y", "width", "height")
    data = one.get(_HREF, "").partition("base64,")[2]
    with Image.open(io.BytesIO(base64.b64decode(data, validate=True))) as opened:
        pixels = np.asarray(opened.convert("RGBA"))
    return Picture(pixels, context.moved @ np.array([[width, 0, x], [0, height, y], [0, 0, 1]]))


def _letters(one: Element, context: _Context) -> Letters:
    (size, x, y), moved = _numbers(one, "font-size", "x", "y"), context.moved
    below = float(one.get("dy", "0").removesuffix("em")) * size
    at = moved @ np.array([x, y + below, 1.0])
    ink = _ink(context.look, "fill", "black")
    return Letters(
        text=one.text or "",
        at=(float(at[0]), float(at[1])),
        turned=float(np.degrees(np.arctan2(-moved[1, 0], moved[0, 0]))),
        anchor=one.get("text-anchor", "start"),
        size=size * float(np.hypot(moved[0, 0], moved[1, 0])),
        families=_families(one.get("font-family", "")),
        bold=one.get("font-weight") == "bold",
        italic=one.get("font-style") == "italic",
        ink=ink or Ink((0.0, 0.0, 0.0), 0.0),
        length=None if one.get("textLength") is None else float(one.get("textLength", "0")),
    )


def _families(said: str) -> tuple[str, ...]:
    return tuple(one.strip().strip("'\"") for one in said.split(",") if one.strip())

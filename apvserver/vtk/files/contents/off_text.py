"""Text in the Object File Format (.off) of Geomview: points, their normals, colors and places in a picture; polygons.

After the manual of Geomview 1.9, "OFF Files". No VTK here.
"""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ...base.errors import FileError

_KEYWORD: Final = re.compile(r"(ST)?(C)?(N)?(4)?(n)?OFF\b[ \t]*")
_COMMENT: Final = re.compile(r"#[^\n]*")
_COLORS: Final = {3: "RGB", 4: "RGBA"}
_LARGEST: Final = 255


@dataclass(frozen=True)
class Surface:
    """Places, arrays of points by name, polygons as lists of points, and colors of each of them, if all have some."""

    points: Any
    arrays: dict[str, Any]
    faces: list[list[int]]
    colors: Any
    left_out: tuple[str, ...] = ()


def read_surface(text: str) -> Surface:
    """Return what the text holds. Raises `FileError` for what is not read, ValueError where it is damaged."""
    lines = [line for line in _COMMENT.sub("", text).splitlines() if line.strip()]
    found = _KEYWORD.match(lines[0].lstrip()) if lines else None
    if found is None:
        raise ValueError("it does not begin with OFF")
    places, colored, normals, four, more = (bool(one) for one in found.groups())
    if four or more:
        raise FileError("its points have four or more dimensions (4OFF, nOFF), which are not read; write it as OFF")
    first = lines[0].lstrip()[found.end() :]
    if first.startswith("BINARY"):
        raise FileError("it is binary, which is not read; write it as text")
    rest = [first, *lines[1:]] if first.strip() else lines[1:]
    points, faces, *_ = (int(word) for word in rest[0].split())
    if len(rest) < 1 + points + faces:
        raise ValueError(f"it has {len(rest) - 1} lines of {points} points and {faces} polygons")
    rows = np.array([line.split() for line in rest[1 : 1 + points]])
    held = _of_points(rows, colored=colored, normals=normals, places=places)
    polygons, colors, left_out = _polygons(rest[1 + points : 1 + points + faces], points)
    return Surface(rows[:, :3].astype(float) if points else np.zeros((0, 3)), held, polygons, colors, left_out)


def _of_points(rows: Any, *, colored: bool, normals: bool, places: bool) -> dict[str, Any]:
    """Return the arrays: normals, then colors, then places in a picture. Without the keyword colors may be there."""
    if not len(rows):
        return {}
    at, made = 3, dict[str, Any]()
    if normals:
        made["Normals"], at = rows[:, at : at + 3].astype(float), at + 3
    width = rows.shape[1] - at - 2 * places
    if width in _COLORS:
        made[_COLORS[width]], at = _as_bytes(rows[:, at : at + width].tolist()), at + width
    elif colored:
        raise ValueError(f"it says that its points have colors, and {width} numbers are there for them")
    if places:
        made["TCoords"] = rows[:, at : at + 2].astype(float)
    return made


def _polygons(lines: list[str], points: int) -> tuple[list[list[int]], Any, tuple[str, ...]]:
    faces, colors = [], []
    for line in lines:
        words = line.split()
        count = int(words[0])
        faces.append([int(word) for word in words[1 : 1 + count]])
        colors.append(words[1 + count :])
        if len(faces[-1]) != count or not all(0 <= one < points for one in faces[-1]):
            raise ValueError(f"the polygon {line.strip()!r} has points that are not there")
    widths = {len(one) for one in colors}
    if len(widths) == 1 and widths <= _COLORS.keys():
        return faces, _as_bytes(colors), ()
    told = "colors of polygons of which some have none, or that are places in a table"
    return faces, None, (told,) if widths - {0} else ()


def _as_bytes(words: list[list[str]]) -> Any:
    """Return colors as bytes: whole numbers are such, others go up to 1."""
    of_one = any("." in word or "e" in word.lower() for row in words for word in row)
    return np.clip(np.rint(np.array(words, float) * (_LARGEST if of_one else 1)), 0, _LARGEST).astype(np.uint8)

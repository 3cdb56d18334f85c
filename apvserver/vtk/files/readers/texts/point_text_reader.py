"""An algorithm of our own: reads clouds of points from text, a row of numbers for each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData

from ....base.data_making import add_array, points_of
from ....base.errors import FileError
from ....geometry.level_of_detail import vertices
from ..own_reader import OwnReader

_COMMENTS: Final = (b"#", b"//", b";")
_UNIT_LENGTH: Final = 0.01
_BYTE: Final = 255


class PointTextReader(OwnReader):
    """PointTextReader - Reads points from rows of x, y, z and further numbers (.xyz, .pts, .asc).

    Six columns end with colors where these are whole numbers from 0 to 255, with normals where they have length 1; the
    fourth of four or seven is the intensity, as in .pts. Other columns are called Column 4 and so on, or as the first
    row says.
    """

    OUTPUTS = ("vtkPolyData",)

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return the points, each a vertex."""
        names, numbers = _table(path)
        made = vtkPolyData()
        made.SetPoints(points_of(numbers[:, :3]))
        made.SetVerts(vertices(len(numbers)))
        for name, values in _columns(names, numbers[:, 3:]):
            add_array(made.GetPointData(), name, values)
        return (made,)


def _table(path: str) -> tuple[list[str], Any]:
    """Return the names of the columns, if the first row has any, and the numbers."""
    text = Path(path).read_bytes()
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(_COMMENTS)]
    names: list[str] = []
    count = None
    while lines and not names:
        words = re.split(rb"[\s,;]+", lines[0].strip())
        if len(words) == 1 and words[0].isdigit():
            count = int(words[0])
        elif not _is_number(words[0]):
            names = [word.decode("latin-1") for word in words]
        else:
            break
        del lines[0]
    try:
        rows = b"\n".join(lines).replace(b",", b" ").replace(b";", b" ")
        numbers = np.loadtxt(rows.decode("latin-1").splitlines(), ndmin=2)
    except ValueError as error:
        raise FileError(f"{path}: its rows are not all numbers of the same count: {error}") from error
    if numbers.size == 0 or numbers.shape[1] < 3:
        raise FileError(f"{path}: points need rows of three numbers or more")
    if count is not None and count != len(numbers):
        raise FileError(f"{path}: it says that it has {count} points, and has {len(numbers)}; is it complete?")
    return names, numbers


def _is_number(word: bytes) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _columns(names: list[str], values: Any) -> list[tuple[str, Any]]:
    """Return the arrays that the further columns make."""
    count = values.shape[1]
    if len(names) == count + 3:
        return [(names[index + 3], values[:, index]) for index in range(count)]
    if count in (1, 4):
        intensity = [("Intensity", values[:, 0])]
        return intensity + _columns([], values[:, 1:]) if count == 4 else intensity
    if count == 3:
        if (values == values.round()).all() and values.min() >= 0 and values.max() <= _BYTE and values.max() > 1:
            return [("RGB", values.astype(np.uint8))]
        if np.abs(np.linalg.norm(values, axis=1) - 1).max() < _UNIT_LENGTH:
            return [("Normals", values)]
    return [(f"Column {index + 4}", values[:, index]) for index in range(count)]

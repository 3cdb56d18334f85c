"""An algorithm of our own: reads the atoms in text dumps of LAMMPS, at all their times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData

from async_paraview.records import dataclass

from ...base.data_making import add_array, points_of
from ...base.errors import FileError
from ...geometry.level_of_detail import vertices
from .own_reader import OwnReader

_FRAME: Final = re.compile(rb"^ITEM: TIMESTEP\s*\n\s*(\d+)", re.MULTILINE)
_ITEM: Final = re.compile(rb"^ITEM: ([^\n]*)\n", re.MULTILINE)
_PLACES: Final = (("x", "y", "z"), ("xu", "yu", "zu"), ("xs", "ys", "zs"), ("xsu", "ysu", "zsu"))
_SCALED: Final = frozenset(("xs", "xsu"))
_WHOLE: Final = frozenset(("id", "type", "mol", "proc", "ix", "iy", "iz"))
_TEXTS: Final = frozenset(("element", "typelabel"))


@dataclass(frozen=True)
class _Frames:
    text: bytes
    spans: dict[float, tuple[int, int]]
    """Where each time step begins and ends."""


class LAMMPSDumpReader(OwnReader):
    """LAMMPSDumpReader - Reads the atoms of a text dump of LAMMPS (.dump, .lammpstrj) as points; time steps are times.

    Columns are arrays; those of velocities and forces are vectors. Scaled places become places in the box.
    """

    OUTPUTS = ("vtkPolyData",)

    def times(self, path: str) -> Sequence[float]:
        """Return the numbers of the time steps."""
        return sorted(self._frames(path).spans)

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return the atoms of a time step, in the order of their ids."""
        frames = self._frames(path)
        start, end = frames.spans[time if time is not None else min(frames.spans)]
        try:
            return (_atoms(frames.text[start:end]),)
        except (ValueError, IndexError, KeyError, DeprecationWarning) as error:
            raise FileError(f"{path}: the time step {time:g} cannot be understood, is it complete? {error}") from error

    def _frames(self, path: str) -> _Frames:
        found: _Frames = self.kept(path, _read)
        return found


def _read(path: str) -> _Frames:
    text = Path(path).read_bytes().replace(b"\r\n", b"\n")
    starts = list(_FRAME.finditer(text))
    if not starts:
        raise FileError(f"{path}: there is no time step in this dump of LAMMPS")
    ends = [*(one.start() for one in starts[1:]), len(text)]
    return _Frames(text, {float(one[1]): (one.start(), end) for one, end in zip(starts, ends, strict=True)})


def _atoms(text: bytes) -> Any:
    items = list(_ITEM.finditer(text))
    ends = [*(one.start() for one in items[1:]), len(text)]
    parts = {one[1].decode("latin-1"): text[one.end() : end] for one, end in zip(items, ends, strict=True)}
    box = next(key for key in parts if key.startswith("BOX BOUNDS"))
    header = next(key for key in parts if key.startswith("ATOMS"))
    count = int(parts["NUMBER OF ATOMS"])
    columns = _columns(header.split()[1:], parts[header], count)
    if "id" in columns:
        order = np.argsort(columns["id"], kind="stable")
        columns = {name: values[order] for name, values in columns.items()}
    made = vtkPolyData()
    made.SetPoints(points_of(_places(columns, count, box, parts[box])))
    made.SetVerts(vertices(count))
    for name, values in _arrays(columns).items():
        add_array(made.GetPointData(), name, values)
    return made


def _columns(names: list[str], text: bytes, count: int) -> dict[str, Any]:
    texts = [name for name in names if name in _TEXTS]
    if texts:
        words = np.array(text.split()).reshape(count, len(names))
        return {name: words[:, at] if name in texts else words[:, at].astype(float) for at, name in enumerate(names)}
    numbers = np.fromstring(text, sep=" ").reshape(count, len(names))
    return {name: numbers[:, at] for at, name in enumerate(names)}


def _places(columns: dict[str, Any], count: int, box: str, bounds: bytes) -> Any:
    names = next(one for one in _PLACES if one[0] in columns)
    places = np.column_stack([columns.pop(name) if name in columns else np.zeros(count) for name in names])
    if names[0] not in _SCALED:
        return places
    rows = np.array([[float(word) for word in line.split()] for line in bounds.decode().splitlines()])
    if "abc" in box.split():  # three vectors, and a part of the origin behind each
        return rows[:, 3] + places @ rows[:, :3]
    if "xy" not in box:
        return rows[:, 0] + places * (rows[:, 1] - rows[:, 0])
    xy, xz, yz = rows[:, 2]
    low, high = rows[:, 0], rows[:, 1]
    low = low - (min(0, xy, xz, xy + xz), min(0, yz), 0)
    high = high - (max(0, xy, xz, xy + xz), max(0, yz), 0)
    x, y, z = high - low
    return low + places @ np.array([(x, 0, 0), (xy, y, 0), (xz, yz, z)])


def _arrays(columns: dict[str, Any]) -> dict[str, Any]:
    """Return the columns, whole numbers as such, and three that end with x, y and z as one."""
    found: dict[str, Any] = {}
    for name, values in columns.items():
        three = [name[:-1] + axis for axis in "xyz"]
        if name[-1] in "xyz" and len(name) > 1 and all(one in columns for one in three):
            found[name[:-1]] = np.column_stack([columns[one] for one in three])
        elif (
            values.dtype.kind == "f"
            and (values == values.round()).all()
            and name in ("id", "type", "mol", "ix", "iy", "iz")
        ):
            found[name] = values.astype(np.int64)
        else:
            found[name] = values
    return found

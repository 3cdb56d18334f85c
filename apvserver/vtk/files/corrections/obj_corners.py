"""Gives corners of faces of .obj files that have no normal that of their face, and tells of what is left out.

Where corners at one point differ, VTK's reader makes a point of each corner of a face: normals that the file does not
have are what stood in the memory then, lines and single points are lost, and so are the colors of points.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkOutputWindow

from ...base.array_types import copied, repeated

_PLACE: Final = 3
"""Numbers of a place, behind which a color may stand."""
_COLORS: Final = {3: "RGB", 4: "RGBA"}
_WHITE: Final = 255
_NORMAL: Final = 2
"""Place of the normal in a corner, as in 1/2/3."""


def complete_corners(reader: Any, data: Any) -> None:
    """Put in order what VTK has made of a file whose corners differ. Raises `OSError`."""
    path = reader.GetFileName()
    if data is None or not path or not Path(path).is_file() or not _has_a_point_for_each_corner(data):
        return
    given: list[bool] = []
    left_out = {b"l": 0, b"p": 0}
    colors: list[list[bytes]] = []
    corners: list[int] = []
    for kind, words in _elements(Path(path)):
        if kind == b"v":
            colors.append(words[_PLACE:])
        elif kind == b"f":
            for word in words:
                parts = word.split(b"/")
                given.append(len(parts) > _NORMAL and bool(parts[_NORMAL]))
                number = int(parts[0])
                corners.append(number - 1 if number > 0 else len(colors) + number)
        else:
            left_out[kind] += 1
    if any(left_out.values()):
        _tell(
            f"{path}: {left_out[b'l']} lines and {left_out[b'p']} elements of points are left out: VTK does not have "
            "them beside faces that share points and not their texture or normals"
        )
    _color(data, colors, corners)
    normals = data.GetPointData().GetNormals()
    if normals is None or (len(given) == normals.GetNumberOfTuples() and all(given)):
        return
    if not any(given):
        data.GetPointData().RemoveArray(normals.GetName())
        return
    if len(given) != normals.GetNumberOfTuples():
        data.GetPointData().RemoveArray(normals.GetName())
        _tell(f"{path}: its normals are left out, for it cannot be told which corners of faces have one")
        return
    missing = ~np.array(given)
    rows = vtk_to_numpy(normals).copy()
    rows[missing] = _normals_of_faces(data)[missing]
    made = copied(rows)
    made.SetName(normals.GetName())
    data.GetPointData().SetNormals(made)
    _tell(f"{path}: {int(missing.sum())} corners of faces have no normal; they have that of their face")


def _color(data: Any, colors: list[list[bytes]], corners: list[int]) -> None:
    """Give each corner the color of its point, if all points have one, as VTK's reader does where it keeps points."""
    width = len(colors[0]) if colors else 0
    if width not in _COLORS or len(corners) != data.GetNumberOfPoints() or any(len(one) != width for one in colors):
        return
    try:
        found = np.clip(np.array(colors).astype(float) * _WHITE, 0, _WHITE).astype(np.uint8)
        made = copied(np.ascontiguousarray(found[corners]))
    except (ValueError, IndexError):
        return  # what follows a place is no color
    made.SetName(_COLORS[width])
    data.GetPointData().SetScalars(made)


def _tell(text: str) -> None:
    vtkOutputWindow.GetInstance().DisplayWarningText(text)


def _has_a_point_for_each_corner(data: Any) -> bool:
    faces = data.GetPolys()
    corners = faces.GetNumberOfConnectivityIds()
    if not corners or corners != data.GetNumberOfPoints() or data.GetNumberOfCells() != faces.GetNumberOfCells():
        return False
    return bool((vtk_to_numpy(faces.GetConnectivityArray()) == np.arange(corners)).all())


def _elements(path: Path) -> Iterator[tuple[bytes, list[bytes]]]:
    """Yield places, faces (also as "fo"), lines and points with the words that they consist of."""
    kinds = {b"v": b"v", b"f": b"f", b"fo": b"f", b"l": b"l", b"p": b"p"}
    with path.open("rb") as stream:
        before = b""
        for line in stream:
            whole = before + line.rstrip()
            if whole.endswith(b"\\"):
                before = whole[:-1] + b" "
                continue
            before = b""
            words = whole.partition(b"#")[0].split()
            if words and words[0] in kinds:
                yield kinds[words[0]], words[1:]


def _normals_of_faces(data: Any) -> Any:
    """Return for each corner the normal of its face, by Newell's sum over the edges, of length 1 or 0."""
    places = vtk_to_numpy(data.GetPoints().GetData()).astype(float)
    offsets = vtk_to_numpy(data.GetPolys().GetOffsetsArray()).astype(np.int64)
    sizes = np.diff(offsets)
    following = np.arange(1, len(places) + 1)
    following[offsets[1:] - 1] = offsets[:-1]
    firsts = repeated(places[offsets[:-1]], sizes)
    sums = np.add.reduceat(np.cross(places - firsts, places[following] - firsts), offsets[:-1], axis=0)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return repeated(np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0), sizes)

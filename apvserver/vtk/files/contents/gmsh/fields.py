"""The fields in a file of Gmsh by the numbers of nodes and elements, and their times; meshio goes by their order."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ....base.errors import FileError
from .mesh import GmshMesh, read_mesh
from .sections import form_of, section

_SECTION: Final = re.compile(rb"^\$(NodeData|ElementData|ElementNodeData)\s*?\r?\n", re.MULTILINE)
POINTS: Final = {
    1: 2, 2: 3, 3: 4, 4: 4, 5: 8, 6: 6, 7: 5, 8: 3, 9: 6, 10: 9, 11: 10, 12: 27, 13: 18, 14: 14, 15: 1, 16: 8, 17: 20,
    18: 15, 19: 13, 20: 9, 21: 10, 22: 12, 23: 15, 24: 15, 25: 21, 26: 4, 27: 5, 28: 6, 29: 20, 30: 35, 31: 56, 92: 64,
    93: 125,
}  # fmt: skip
"""Nodes of each type of element."""


@dataclass(frozen=True)
class Field:
    """Values of some nodes or elements at a time."""

    of_nodes: bool
    name: str
    time: float
    tags: Any
    values: Any


@dataclass(frozen=True)
class Content:
    """The file without its fields, the numbers of nodes and elements in its order, and the fields.

    `mesh` is the mesh of files from version 4.1 on; of older ones it is None.
    """

    rest: bytes
    mesh: GmshMesh | None
    nodes: Any
    elements: Any
    fields: tuple[Field, ...]
    left_out: tuple[str, ...]

    def times(self) -> list[float]:
        """Return the times, if a field has several."""
        names = [(one.of_nodes, one.name) for one in self.fields]
        return sorted({one.time for one in self.fields}) if len(set(names)) < len(names) else []

    def at(self, time: float | None) -> list[tuple[bool, str, Any]]:
        """Return of each field whether it is of nodes, its name, and a row for each node or element, or NaN."""
        chosen: dict[tuple[bool, str], Field] = {}
        for one in sorted(self.fields, key=lambda field: field.time):
            if time is None or one.time <= time or (one.of_nodes, one.name) not in chosen:
                chosen[one.of_nodes, one.name] = one
        return [(one.of_nodes, one.name, self._spread(one)) for one in chosen.values()]

    def _spread(self, field: Field) -> Any:
        tags = self.nodes if field.of_nodes else self.elements
        order = np.argsort(tags, kind="stable")
        at = np.searchsorted(tags, field.tags, sorter=order)
        known = at < len(tags)
        known[known] = tags[order[at[known]]] == field.tags[known]
        spread = np.full((len(tags), field.values.shape[1]), np.nan)
        spread[order[at[known]]] = field.values[known]
        return spread[:, 0] if spread.shape[1] == 1 else spread


def read_content(path: str, data: bytes) -> Content | None:
    """Return what a file has; None if it has no fields. Raises `FileError`."""
    if _SECTION.search(data) is None:
        return None
    try:
        form = form_of(data)
        rest, fields, left_out = _split(data, binary=form.binary, order=form.order)
        if int(form.version) == 2:
            tags = _tags_2(data, binary=form.binary, order=form.order)
            return Content(rest, None, *tags, fields, left_out)
        if form.version < 4.1:
            raise FileError(f"{path}: the fields of a file of Gmsh {form.version} are not read; save it as 4.1")
        mesh = read_mesh(rest, form, POINTS)
        elements = np.concatenate([one.tags for one in mesh.blocks] or [np.zeros(0, np.int64)])
        return Content(b"", mesh, mesh.tags, elements, fields, left_out)
    except (ValueError, IndexError, KeyError, DeprecationWarning) as error:
        raise damaged(path, error) from error


def mesh_of(path: str, data: bytes) -> GmshMesh | None:
    """Return the mesh of a file without fields; None if it is older than version 4.1. Raises `FileError`."""
    try:
        form = form_of(data)
        return read_mesh(data, form, POINTS) if form.version >= 4.1 else None
    except (ValueError, IndexError, KeyError, DeprecationWarning) as error:
        raise damaged(path, error) from error


def damaged(path: str, error: Exception) -> FileError:
    """Return the error of a file that is not as Gmsh writes it."""
    return FileError(f"{path}: this file of Gmsh is damaged: {type(error).__name__}: {error}")


def _split(data: bytes, *, binary: bool, order: str) -> tuple[bytes, tuple[Field, ...], tuple[str, ...]]:
    kept, place, fields, left_out = [], 0, [], []
    rows: Any
    while (start := _SECTION.search(data, place)) is not None:
        end_mark = b"$End" + start[1]
        kept.append(data[place : start.start()])
        name, time, components, count, at = _header(data, start.end())
        if start[1] == b"ElementNodeData":
            left_out.append(name)
            end = data.index(end_mark, at)
        elif binary:
            kind = np.dtype([("tag", order + "i4"), ("values", order + "f8", (components,))])
            rows = np.frombuffer(data, kind, count, at)
            fields.append(Field(start[1] == b"NodeData", name, time, rows["tag"].astype(np.int64), rows["values"]))
            end = data.index(end_mark, at + kind.itemsize * count)
        else:
            end = data.index(end_mark, at)
            rows = np.fromstring(data[at:end], sep=" ").reshape(count, 1 + components)
            fields.append(Field(start[1] == b"NodeData", name, time, rows[:, 0].astype(np.int64), rows[:, 1:]))
        place = end + len(end_mark)
    kept.append(data[place:])
    return b"".join(kept), tuple(fields), tuple(left_out)


def _header(data: bytes, place: int) -> tuple[str, float, int, int, int]:
    """Return name, time, components, number of rows, and the place behind the texts and numbers that say so."""

    def line() -> bytes:
        nonlocal place
        end = data.index(b"\n", place)
        found, place = data[place:end].strip(), end + 1
        return found

    texts = [line().strip(b'"') for _ in range(int(line()))]
    reals = [float(line()) for _ in range(int(line()))]
    numbers = [int(line()) for _ in range(int(line()))]
    return (texts or [b"values"])[0].decode("latin-1"), (reals or [0.0])[0], numbers[1], numbers[2], place


def _tags_2(data: bytes, *, binary: bool, order: str) -> tuple[Any, Any]:
    nodes, elements = section(data, b"Nodes"), section(data, b"Elements")
    if not binary:
        rows = np.fromstring(nodes, sep=" ")[1:].reshape(-1, 4)
        return rows[:, 0].astype(np.int64), _firsts(elements.split(b"\n")[1:])
    kind = np.dtype([("tag", order + "i4"), ("place", order + "f8", (3,))])
    first, _, rest = nodes.partition(b"\n")
    tags = np.frombuffer(rest, kind, int(first))["tag"].astype(np.int64)
    first, _, rest = elements.partition(b"\n")
    found: list[Any] = []
    place = 0
    while sum(map(len, found)) < int(first):
        of_type, count, further = np.frombuffer(rest, order + "i4", 3, place).tolist()
        width = 1 + further + POINTS[of_type]
        found.append(np.frombuffer(rest, order + "i4", count * width, place + 12).reshape(count, width)[:, 0])
        place += 12 + 4 * count * width
    return tags, np.concatenate(found).astype(np.int64)


def _firsts(lines: list[bytes]) -> Any:
    return np.array([int(line.split(None, 1)[0]) for line in lines if line.strip()], np.int64)

"""The fields in a file of Gmsh by the numbers of nodes and elements, and their times; meshio goes by their order."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ...base.errors import FileError

_SECTION: Final = re.compile(rb"^\$(NodeData|ElementData|ElementNodeData)\s*?\r?\n", re.MULTILINE)
_POINTS: Final = {
    1: 2, 2: 3, 3: 4, 4: 4, 5: 8, 6: 6, 7: 5, 8: 3, 9: 6, 10: 9, 11: 10, 12: 27, 13: 18, 14: 14, 15: 1, 16: 8, 17: 20,
    18: 15, 19: 13, 20: 9, 21: 10, 22: 12, 23: 15, 24: 15, 25: 21, 26: 4, 27: 5, 28: 6, 29: 20, 30: 35, 31: 56, 92: 64,
    93: 125,
}  # fmt: skip
"""Points of each type of element."""


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
    """The file without its fields, the numbers of nodes and elements in its order, and the fields."""

    mesh: bytes
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
        version, binary, order = _format(data)
        mesh, fields, left_out = _split(data, binary=binary, order=order)
        if int(version) == 2:
            return Content(mesh, *_tags_2(data, binary=binary, order=order), fields, left_out)
        if version < 4.1:
            raise FileError(f"{path}: the fields of a file of Gmsh {version} are not read; save it as 4.1")
        return Content(mesh, *_tags_4(data, binary=binary, order=order), fields, left_out)
    except (ValueError, IndexError, KeyError, DeprecationWarning) as error:
        raise FileError(f"{path}: this file of Gmsh is damaged: {type(error).__name__}: {error}") from error


def _format(data: bytes) -> tuple[float, bool, str]:
    found = re.search(rb"\$MeshFormat\s+(\S+)\s+(\d)\s+(\d+)\s*?\r?\n", data)
    if found is None:
        raise ValueError("it has no $MeshFormat")
    binary = found[2] == b"1"
    return float(found[1]), binary, "<" if not binary or data[found.end() : found.end() + 4] == b"\1\0\0\0" else ">"


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


def _section(data: bytes, name: bytes) -> bytes:
    start = re.search(rb"^\$" + name + rb"\s*?\r?\n", data, re.MULTILINE)
    if start is None:
        raise ValueError(f"it has no ${name.decode()}")
    return data[start.end() : data.index(b"$End" + name, start.end())]


def _tags_2(data: bytes, *, binary: bool, order: str) -> tuple[Any, Any]:
    nodes, elements = _section(data, b"Nodes"), _section(data, b"Elements")
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
        width = 1 + further + _POINTS[of_type]
        found.append(np.frombuffer(rest, order + "i4", count * width, place + 12).reshape(count, width)[:, 0])
        place += 12 + 4 * count * width
    return tags, np.concatenate(found).astype(np.int64)


def _firsts(lines: list[bytes]) -> Any:
    return np.array([int(line.split(None, 1)[0]) for line in lines if line.strip()], np.int64)


def _tags_4(data: bytes, *, binary: bool, order: str) -> tuple[Any, Any]:
    nodes, elements = _section(data, b"Nodes"), _section(data, b"Elements")
    if not binary:
        return _blocks_of_text(nodes, rows=2), _blocks_of_text(elements, rows=1)
    found: list[Any] = []
    place = 32
    for _ in range(int(np.frombuffer(nodes, order + "u8", 1)[0])):
        dimension, _, parametric = np.frombuffer(nodes, order + "i4", 3, place).tolist()
        count = int(np.frombuffer(nodes, order + "u8", 1, place + 12)[0])
        found.append(np.frombuffer(nodes, order + "u8", count, place + 20))
        place += 20 + 8 * count + 8 * count * (3 + (dimension if parametric else 0))
    tags, found, place = np.concatenate(found).astype(np.int64), [], 32
    for _ in range(int(np.frombuffer(elements, order + "u8", 1)[0])):
        of_type = int(np.frombuffer(elements, order + "i4", 3, place)[2])
        count, width = int(np.frombuffer(elements, order + "u8", 1, place + 12)[0]), 1 + _POINTS[of_type]
        found.append(np.frombuffer(elements, order + "u8", count * width, place + 20).reshape(count, width)[:, 0])
        place += 20 + 8 * count * width
    return tags, np.concatenate(found).astype(np.int64)


def _blocks_of_text(section: bytes, *, rows: int) -> Any:
    """Return the numbers in front of rows; a block says how many there are, and has `rows` lines for each."""
    lines = [line for line in section.split(b"\n") if line.strip()]
    found, place = [], 1
    for _ in range(int(lines[0].split()[0])):
        count = int(lines[place].split()[3])
        found.append(_firsts(lines[place + 1 : place + 1 + count]))
        place += 1 + rows * count
    return np.concatenate(found)

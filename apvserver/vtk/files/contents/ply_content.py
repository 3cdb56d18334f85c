"""The properties of vertices and faces in a PLY file, all of them and with all digits. No VTK here."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any, Final, Literal

import numpy as np

_TYPES: Final = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2", "ushort": "u2",
    "uint16": "u2", "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4", "float": "f4", "float32": "f4",
    "double": "f8", "float64": "f8",
}  # fmt: skip
_ORDERS: Final = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
_KNOWN: Final = {"vertex": (), "face": ("vertex_indices", "vertex_index", "texcoord")}
"""The lists that are read, of elements that are."""
_END: Final = re.compile(rb"\nend_header *\r?\n")


@dataclass
class Element:
    """An element of the header: its properties (name, type, "" or the type of the count of a list)."""

    name: str
    count: int
    properties: list[tuple[str, str, str]] = field(default_factory=list)


def properties_of(data: bytes | mmap.mmap, wanted: Callable[[Element], bool]) -> dict[str, dict[str, Any]]:
    """Return the numbers of the properties that are no lists, by element and name, of the elements that are wanted.

    An element is missing if the file ends within it.
    """
    end = _END.search(data)
    if end is None:
        return {}
    order, elements = _elements(data[: end.start()].decode("latin-1"))
    last = max((index for index, element in enumerate(elements) if wanted(element)), default=-1)
    if order is None or last < 0:
        return {}
    elements = elements[: last + 1]
    return _of_text(data[end.end() :], elements) if order == "" else _of_bytes(data, end.end(), elements, order)


def vertices_first(data: bytes | mmap.mmap) -> bytes | None:
    """Return the file with its vertices before all other elements; None if they are, or if there are none.

    Raises ValueError if it ends before its elements do.
    """
    end = _END.search(data)
    if end is None:
        return None
    lines = data[: end.start()].decode("latin-1").splitlines()
    order, elements = _elements("\n".join(lines))
    at = next((index for index, one in enumerate(elements) if one.name == "vertex"), 0)
    if at == 0 or order is None:
        return None
    starts = [index for index, line in enumerate(lines) if line.split()[:1] == ["element"]]
    said = [lines[begin:after] for begin, after in pairwise([*starts, len(lines)])]
    body = data[end.end() :]
    bodies = _split_text(body, elements) if order == "" else _split_bytes(body, elements, order)
    turned = [at, *(index for index in range(len(elements)) if index != at)]
    header = [*lines[: starts[0]], *(line for index in turned for line in said[index]), "end_header", ""]
    return "\n".join(header).encode("latin-1") + b"".join(bodies[index] for index in turned)


def _split_text(body: bytes, elements: list[Element]) -> list[bytes]:
    lines = [line + b"\n" for line in body.splitlines() if line.strip()]
    places = [0, *accumulate(one.count for one in elements)]
    if places[-1] > len(lines):
        raise ValueError(f"there are {len(lines)} lines of {places[-1]} elements")
    return [b"".join(lines[begin:after]) for begin, after in pairwise(places)]


def _split_bytes(body: bytes, elements: list[Element], order: str) -> list[bytes]:
    places = [0]
    for element in elements:
        places.append(places[-1] + _size(body, places[-1], element, order))
        if places[-1] > len(body):
            raise ValueError(f"it ends within its elements {element.name!r}")
    return [body[begin:after] for begin, after in pairwise(places)]


def _size(body: bytes, place: int, element: Element, order: str) -> int:
    """Return how many bytes the elements of a kind take."""
    if not element.count:
        return 0
    found = _rows_of(body, place, element, order)
    if found is None:
        raise ValueError(f"it ends within its elements {element.name!r}")
    return found[1] - place


def left_out(data: bytes | mmap.mmap) -> list[str]:
    """Return what there is besides vertices, faces and their numbers: elements with their count, and lists."""
    end = _END.search(data)
    _, elements = _elements(data[: end.start()].decode("latin-1")) if end is not None else (None, [])
    lists = [
        f"the lists {name} of {one.name}"
        for one in elements
        for name, _, of_list in one.properties
        if one.count and of_list and one.name in _KNOWN and name not in _KNOWN[one.name]
    ]
    return [f"{one.name} ({one.count})" for one in elements if one.count and one.name not in _KNOWN] + lists


def _elements(header: str) -> tuple[str | None, list[Element]]:
    order, elements = None, []
    for words in map(str.split, header.splitlines()):
        if words[:1] == ["format"]:
            order = _ORDERS.get(words[1])
        elif words[:1] == ["element"]:
            elements.append(Element(words[1], int(words[2])))
        elif words[:2] == ["property", "list"]:
            elements[-1].properties.append((words[4], _TYPES[words[3]], _TYPES[words[2]]))
        elif words[:1] == ["property"]:
            elements[-1].properties.append((words[2], _TYPES[words[1]], ""))
    return order, elements


def _of_bytes(data: bytes | mmap.mmap, place: int, elements: list[Element], order: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for element in elements:
        rows = _rows_of(data, place, element, order)
        if rows is None:
            return found
        found[element.name], place = rows
    return found


def _rows_of(data: bytes | mmap.mmap, place: int, element: Element, order: str) -> tuple[dict[str, Any], int] | None:
    """Return the numbers of an element and the place behind it; None if the file ends within it."""
    kind = _record(data, place, element, order)
    if kind is None:
        return None
    end = place + kind.itemsize * element.count
    if end <= len(data):
        rows = np.frombuffer(data, kind, element.count, place)
        counts = (rows[f"{name} count"] for name, _, of_list in element.properties if of_list)
        if all((one == one[0]).all() for one in counts if element.count):
            return {name: rows[name] for name, _, of_list in element.properties if not of_list}, end
    return _walked(data, place, element, order) if any(of_list for *_, of_list in element.properties) else None


def _walked(data: bytes | mmap.mmap, place: int, element: Element, order: str) -> tuple[dict[str, Any], int] | None:
    """Return the same of an element whose lists differ in length: from each of them to the next."""
    parts, runs = [], list[list[tuple[str, str]]]([[]])  # numbers that follow each other, and lists between them
    for name, kind, of_list in element.properties:
        if of_list:
            parts.append((np.dtype(runs[-1]).itemsize, np.dtype(of_list).itemsize, np.dtype(kind).itemsize))
            runs.append([])
        else:
            runs[-1].append((name, order + kind))
    starts = np.empty((element.count, len(runs)), np.int64)
    byte_order: Literal["little", "big"] = "little" if order == "<" else "big"
    last = np.dtype(runs[-1]).itemsize
    at = place
    for row in starts:
        for number, (before, of_count, of_one) in enumerate(parts):
            row[number] = at
            at += before
            at += of_count + of_one * int.from_bytes(data[at : at + of_count], byte_order)
        row[-1] = at
        at += last
        if at > len(data):
            return None
    held, found = np.frombuffer(data, np.uint8), dict[str, Any]()
    for number, run in enumerate(runs):
        record = np.dtype(run)
        if run:
            rows = held[starts[:, number, None] + np.arange(record.itemsize)].view(record)[:, 0]
            found |= {name: rows[name] for name, _ in run}
    return {name: found[name] for name, _, of_list in element.properties if not of_list}, at


def _record(data: bytes | mmap.mmap, place: int, element: Element, order: str) -> Any:
    """Return the structure of one of the elements, if all are like the first one."""
    fields: list[Any] = []
    at = place
    for name, kind, of_list in element.properties:
        if of_list:
            if at + np.dtype(of_list).itemsize > len(data):
                return None
            length = int(np.frombuffer(data, order + of_list, 1, at)[0])
            fields += [(f"{name} count", order + of_list), (name, order + kind, (length,))]
        else:
            fields.append((name, order + kind))
        at = place + np.dtype(fields).itemsize
    return np.dtype(fields)


def _of_text(text: bytes, elements: list[Element]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    lines = [line for line in text.decode("latin-1").splitlines() if line.strip()]
    start = 0
    for element in elements:
        rows = lines[start : start + element.count]
        start += element.count
        lists = [index for index, (_, _, of_list) in enumerate(element.properties) if of_list]
        try:
            numbers = np.loadtxt(rows, ndmin=2) if rows else np.zeros((0, len(element.properties)))
        except ValueError:  # rows of different lengths
            found[element.name] = _of_words(rows, element)
            continue
        columns: dict[str, Any] = {}
        column = 0
        for index, (name, kind, _) in enumerate(element.properties):
            if index in lists:
                column += 1 + (int(numbers[0, column]) if len(numbers) else 0)
            else:
                columns[name] = numbers[:, column].astype(kind)
                column += 1
        found[element.name] = columns
    return found


def _of_words(rows: list[str], element: Element) -> dict[str, Any]:
    words: dict[str, list[str]] = {name: [] for name, _, of_list in element.properties if not of_list}
    for row in map(str.split, rows):
        at = 0
        for name, _, of_list in element.properties:
            if of_list:
                at += 1 + int(row[at])
            else:
                words[name].append(row[at])
                at += 1
    kinds = {name: kind for name, kind, _ in element.properties}
    return {name: np.array(column, float).astype(kinds[name]) for name, column in words.items()}

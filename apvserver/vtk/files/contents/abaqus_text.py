"""The mesh in an input file of Abaqus or CalculiX: parts, instances, sets. No VTK here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from ...base.data_roots import allowed_path
from ...base.errors import FileError

_LINE: Final = re.compile(r"^\*(?!\*)([^\n]*)", re.MULTILINE)
_COMMENT: Final = re.compile(r"^\*\*[^\n]*\n?", re.MULTILINE)
_SOLIDS: Final = {4: 10, 5: 14, 6: 13, 8: 12, 10: 24, 15: 26, 20: 25}
"""VTK's kinds of cells by number of points."""
_FLAT: Final = {3: 5, 4: 9, 6: 22, 8: 23, 9: 28}
_LINES: Final = {"B21": 2, "B31": 2, "B22": 3, "B32": 3, "B23": 2, "B33": 2, "PIPE21": 2, "PIPE31": 2, "PIPE22": 3,
                 "PIPE32": 3, "T2D2": 2, "T2D3": 3, "T3D2": 2, "T3D3": 3, "SAX1": 2, "SAX2": 3, "RAX2": 2, "RB2D2": 2,
                 "RB3D2": 2, "DC1D2": 2, "DC1D3": 3}  # fmt: skip
_GENERATING: Final = frozenset({"NGEN", "NFILL", "NCOPY", "NMAP", "ELGEN", "ELCOPY", "SYSTEM"})
_DEEPEST: Final = 16
_MOST_MEMBERS: Final = 100_000_000


@dataclass
class Mesh:
    """Nodes and elements of a part, or of the whole file, by their numbers in the file."""

    nodes: list[Any] = field(default_factory=list)
    """Arrays with a row for each node: number, x, y, z."""
    elements: list[tuple[int, Any]] = field(default_factory=list)
    """VTK's kind, and an array with a row for each element: number, points."""
    node_sets: dict[str, list[Any]] = field(default_factory=dict)
    element_sets: dict[str, list[Any]] = field(default_factory=dict)


@dataclass
class Instance:
    """A part that is used: its name, the mesh, and where it is."""

    name: str
    mesh: Mesh
    place: list[list[float]] = field(default_factory=list)
    """A translation, and a rotation: two points of the axis and an angle in degrees."""
    node_sets: dict[str, list[Any]] = field(default_factory=dict)
    element_sets: dict[str, list[Any]] = field(default_factory=dict)
    """Sets of the assembly, as far as they are in this instance."""


@dataclass
class Model:
    """All that is read: `left_out` are types of elements that are no cells."""

    flat: Mesh = field(default_factory=Mesh)
    parts: dict[str, Mesh] = field(default_factory=dict)
    instances: list[Instance] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)

    def placed(self) -> list[Instance]:
        """Return the instances, or what is there without any."""
        if self.instances:
            return self.instances
        return [Instance("", one) for one in (self.flat, *self.parts.values()) if one.nodes]


def read_model(path: str) -> Model:
    """Read a file. Raises `FileError` that says what cannot be read."""
    model = Model()
    mesh = model.flat
    instance: Instance | None = None
    in_assembly = False
    try:
        for keyword, options, data in _blocks(Path(path), 0):
            if keyword == "PART":
                mesh = model.parts.setdefault(options.get("NAME", "").upper(), Mesh())
            elif keyword in ("END PART", "END INSTANCE"):
                mesh = Mesh() if instance is not None else model.flat  # what an assembly has by itself is no mesh
                instance = None
            elif keyword in ("ASSEMBLY", "END ASSEMBLY"):
                in_assembly = keyword == "ASSEMBLY"
                mesh = Mesh() if in_assembly else model.flat
            elif in_assembly and instance is None and keyword in ("NSET", "ELSET"):
                _take_set_of_assembly(model, keyword, options, data)
            elif keyword == "INSTANCE":
                part = model.parts.get(options.get("PART", "").upper())
                if part is None:
                    raise FileError(f"the instance {options.get('NAME')} is of a part that is not there")
                instance = Instance(
                    options.get("NAME", ""), part, [_floats(line) for line in data.split("\n") if line.strip()]
                )
                model.instances.append(instance)
            else:
                _take(model, mesh, keyword, options, data)
    except FileError as error:
        raise FileError(f"{path}: {error}") from error
    except (ValueError, IndexError, DeprecationWarning) as error:
        raise FileError(f"{path}: the input file of Abaqus cannot be understood: {error}") from error
    return model


def _blocks(file: Path, depth: int) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield each keyword with its parameters and the lines that follow it; files that are included in their place."""
    if depth > _DEEPEST:
        raise FileError("files that include each other are not read")
    text = _COMMENT.sub("", file.read_text(encoding="latin-1"))
    starts = list(_LINE.finditer(text))
    for index, start in enumerate(starts):
        line, end = start[1], starts[index + 1].start() if index + 1 < len(starts) else len(text)
        data = text[start.end() : end]
        while line.rstrip().endswith(","):  # a keyword may go on in the next line
            more, _, data = data.lstrip("\n").partition("\n")
            line += more
            if not more:
                break
        name, *rest = (part.strip() for part in line.split(","))
        options = {
            key.strip().upper(): value.strip().strip('"') for key, _, value in (one.partition("=") for one in rest)
        }
        keyword = " ".join(name.upper().split())
        if keyword == "INCLUDE":
            yield from _blocks(Path(allowed_path(str(file.parent / options.get("INPUT", "")))), depth + 1)
        else:
            yield keyword, options, data


def _take(model: Model, mesh: Mesh, keyword: str, options: dict[str, str], data: str) -> None:
    if keyword in _GENERATING and (keyword != "SYSTEM" or data.strip()):
        raise FileError(f"it has *{keyword}, which makes or moves nodes or elements, and is not read; write them out")
    if keyword == "NODE":
        if options.get("SYSTEM", "R").upper() != "R":
            raise FileError("it has nodes in polar coordinates, which are not read; write them out as x, y, z")
        rows = _rows(data)
        mesh.nodes.append(rows)
        if "NSET" in options:
            mesh.node_sets.setdefault(options["NSET"], []).append(rows[:, 0].astype(np.int64))
    elif keyword == "ELEMENT":
        kind = _kind(options.get("TYPE", "").upper())
        if kind is None:
            model.left_out.add(options.get("TYPE", ""))
            return
        rows = _integers(data).reshape(-1, 1 + kind[1])
        mesh.elements.append((kind[0], rows))
        if "ELSET" in options:
            mesh.element_sets.setdefault(options["ELSET"], []).append(rows[:, 0])
    elif keyword in ("NSET", "ELSET"):
        sets = mesh.node_sets if keyword == "NSET" else mesh.element_sets
        sets.setdefault(options.get(keyword, ""), []).extend(_members(sets, data, generate="GENERATE" in options))


def _take_set_of_assembly(model: Model, keyword: str, options: dict[str, str], data: str) -> None:
    wanted = options.get("INSTANCE", "").upper()
    for instance in model.instances:
        if instance.name.upper() == wanted:
            sets, known = (
                (instance.node_sets, instance.mesh.node_sets)
                if keyword == "NSET"
                else (instance.element_sets, instance.mesh.element_sets)
            )
            members = _members({**known, **sets}, data, generate="GENERATE" in options)
            sets.setdefault(options.get(keyword, ""), []).extend(members)


def _kind(name: str) -> tuple[int, int] | None:
    """Return VTK's kind of cell and the number of points of a type of element; None if it is no cell."""
    name = re.sub(r"(?<=\d)[A-Z]+$", "", name)
    if name in _LINES:
        return (3 if _LINES[name] == 2 else 21), _LINES[name]
    solid = re.match(r"(?:F?C3D|DCC?3D|AC3D|SC|COH3D|Q3D)(\d+)", name)
    if solid:
        points = int(solid[1])
        return (_SOLIDS[points], points) if points in _SOLIDS else None
    flat = re.match(r"(?:CP[SE]G?|CAX|CGAX|DC2D|DCAX|AC2D|ACAX|S|STRI|DS|M3D|R3D|SFM3D|F3D)(\d+)", name)
    if flat:
        points = 6 if name.startswith("STRI65") else int(flat[1])
        return (_FLAT[points], points) if points in _FLAT else None
    return None


def _rows(data: str) -> Any:
    """Return number, x, y and z of nodes; what is not given is 0."""
    lines = [line for line in data.split("\n") if line.strip()]
    width = len(lines[0].rstrip().rstrip(",").split(",")) if lines else 4
    numbers = np.fromstring(data.replace(",", " "), sep=" ")
    if width not in (3, 4) or len(numbers) != width * len(lines):  # some rows are shorter, or have a gap
        return np.array([(_floats(line) + [0.0] * 3)[:4] for line in lines]).reshape(-1, 4)
    return np.column_stack((numbers.reshape(-1, width), np.zeros((len(lines), 4 - width))))


def _integers(data: str) -> Any:
    return np.fromstring(data.replace(",", " "), np.int64, sep=" ")


def _floats(line: str) -> list[float]:
    return [float(word) if word.strip() else 0.0 for word in line.rstrip().rstrip(",").split(",")]


def _members(sets: dict[str, list[Any]], data: str, *, generate: bool) -> list[Any]:
    if generate:
        found = []
        for line in filter(str.strip, data.split("\n")):
            first, last, *step = (int(word) for word in line.rstrip().rstrip(",").split(","))
            generated = range(first, last + 1, step[0] if step else 1)
            if len(generated) > _MOST_MEMBERS:
                raise FileError(
                    f"it generates a set from {first} to {last}, and more than {_MOST_MEMBERS} are not read"
                )
            found.append(np.arange(generated.start, generated.stop, generated.step))
        return found
    words = [word.strip() for word in data.replace("\n", ",").split(",") if word.strip()]
    numbers = np.array([int(word) for word in words if word.isdigit()], np.int64)
    return [numbers, *(one for word in words if not word.isdigit() for one in sets.get(word, []))]

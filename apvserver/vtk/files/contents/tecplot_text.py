"""The text format of Tecplot: zones of numbers behind headers, as its Data Format Guide has them. No VTK here."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from ...base.errors import FileError
from .tecplot_zones import CORNERS, Zone

_COMMENT: Final = re.compile(rb"^[ \t]*#[^\n]*(?:\n|\Z)", re.MULTILINE)
_RECORD: Final = re.compile(
    r"^\s*(TITLE|VARIABLES|ZONE|FILETYPE|TEXT|GEOMETRY|CUSTOMLABELS|DATASETAUXDATA|VARAUXDATA|USERREC)\b",
    re.MULTILINE | re.IGNORECASE,
)
_NAME: Final = re.compile(r'"([^"]*)"|([^\s,="]+)')
_KEY: Final = re.compile(r'(\w+)\s*=\s*("[^"]*"|\((?:[^()]|\([^()]*\))*\)|[^\s,]+)')
_AUXILIARY: Final = re.compile(r'\bAUXDATA\s+[\w.]+\s*=\s*"[^"]*"', re.IGNORECASE)
_LISTED: Final = re.compile(r"\[([^\]]*)\]\s*(?:=\s*(\w+))?")
_MOST_REPEATED: Final = 100_000_000
_REPEATED: Final = re.compile(rb"(\d+)\*(\S+)")


@dataclass
class _TextZone:
    """One zone: its header, and where its numbers are."""

    title: str
    names: tuple[str, ...]
    keys: dict[str, str]
    data: bytes
    values: dict[str, Any] = field(default_factory=dict)
    """The numbers of each variable, once they are read."""
    connectivity: Any = None

    @property
    def element(self) -> str:
        """The kind of the elements; "" in an ordered zone."""
        kind = (self.keys.get("ZONETYPE") or self.keys.get("ET") or "").upper().removeprefix("FE")
        packed = self.keys.get("F", "").upper().startswith("FE")
        return "" if kind == "ORDERED" or not (kind or packed) else kind or "QUADRILATERAL"

    @property
    def dimensions(self) -> tuple[int, int, int]:
        """Points along each axis of an ordered zone."""
        i, j, k = (self._count(key, default=1) for key in "IJK")
        return i, j, k

    @property
    def points(self) -> int:
        """How many points there are."""
        return self._count("N", "NODES") if self.element else math.prod(self.dimensions)

    @property
    def cells(self) -> int:
        """How many cells there are."""
        if self.element:
            return self._count("E", "ELEMENTS")
        return math.prod(max(one - 1, 1) for one in self.dimensions)

    @property
    def blocks(self) -> bool:
        """Whether the numbers of one variable follow each other, not those of one point."""
        return (self.keys.get("DATAPACKING") or self.keys.get("F") or "POINT").upper().removeprefix("FE") == "BLOCK"

    @property
    def time(self) -> float | None:
        """Its time, None without."""
        text = self.keys.get("SOLUTIONTIME")
        return float(text) if text is not None and self.keys.get("STRANDID", "1") != "0" else None

    def centred(self) -> frozenset[str]:
        """Return the variables whose values belong to the cells."""
        return frozenset(name for name, word in self._listed("VARLOCATION") if word.upper() == "CELLCENTERED")

    def shared(self) -> dict[str, int]:
        """Return the variables whose values are those of another zone, and its number, 0 for the zone before."""
        return {name: int(word or 0) for name, word in self._listed("VARSHARELIST")}

    def passive(self) -> frozenset[str]:
        """Return the variables that have no values here."""
        return frozenset(name for name, _ in self._listed("PASSIVEVARLIST"))

    def _count(self, *keys: str, default: int = 0) -> int:
        text = next((self.keys[key] for key in keys if key in self.keys), None)
        return default if text is None else int(text)

    def _listed(self, key: str) -> Iterator[tuple[str, str]]:
        text = self.keys.get(key, "")
        groups = _LISTED.findall(text)
        if not groups and key == "VARLOCATION":
            yield from zip(self.names, re.findall(r"\w+", text), strict=False)
        for numbers, word in groups:
            for part in filter(None, re.split(r"[\s,]+", numbers)):
                first, _, last = part.partition("-")
                for number in range(int(first), int(last or first) + 1):
                    yield self.names[number - 1], word


def zones_of(path: str, text: bytes) -> list[Zone]:
    """Return the zones of a file, with their numbers. Raises `FileError` that says what cannot be understood."""
    try:
        found = list(_zones(_COMMENT.sub(b"", text) if b"#" in text else text))
        for index, zone in enumerate(found):
            _fill(zone, found[:index])
    except FileError as error:
        raise FileError(f"{path}: {error}") from error
    except (ValueError, IndexError, OverflowError, DeprecationWarning) as error:
        raise FileError(f"{path}: this header of Tecplot cannot be understood: {error}") from error
    if not found:
        raise FileError(f"{path}: there is no zone in this Tecplot file")
    return [
        Zone(
            one.title, one.names, one.element, one.dimensions, one.points, one.time, one.values, one.centred(),
            one.connectivity,
        )
        for one in found
    ]  # fmt: skip


def _zones(text: bytes) -> Iterator[_TextZone]:
    names: tuple[str, ...] = ()
    pieces = list(_pieces(text))
    for header, data in pieces:
        starts = [*_RECORD.finditer(header)]
        for index, start in enumerate(starts):
            end = starts[index + 1].start() if index + 1 < len(starts) else len(header)
            kind, body = start[1].upper(), header[start.end() : end]
            if kind == "VARIABLES":
                names = tuple(quoted or plain for quoted, plain in _NAME.findall(body.partition("=")[2]))
            elif kind == "FILETYPE" and "SOLUTION" in body.upper():
                raise FileError("this is a solution without its grid; open a file that has both")
            elif kind == "GEOMETRY":
                raise FileError("it has a GEOMETRY record, which is not read; remove it from the file")
            elif kind == "ZONE":
                keys = {key.upper(): value.strip('"') for key, value in _KEY.findall(_AUXILIARY.sub("", body))}
                last = index == len(starts) - 1
                yield _TextZone(keys.get("T", ""), names, keys, data if last else b"")


def _pieces(text: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield lines of headers, and the lines of numbers that follow them."""
    header, end = b"", 0
    for start, behind in _header_lines(text):
        if text[end:start].strip():
            yield header.decode("latin-1"), text[end:start]
            header = b""
        header += text[start:behind]
        end = behind
    yield header.decode("latin-1"), text[end:]


def _header_lines(text: bytes) -> Iterator[tuple[int, int]]:
    """Yield where lines begin and end that have a letter that no number has."""
    marks = np.flatnonzero(_MARKS[np.frombuffer(text, np.uint8)])
    at = 0
    while at < len(marks):
        place = int(marks[at])
        start, behind = text.rfind(b"\n", 0, place) + 1, (text.find(b"\n", place) + 1) or len(text)
        yield start, behind
        at = int(np.searchsorted(marks, behind))


def _table_of_marks() -> Any:
    table = np.zeros(256, bool)
    table[[*b'"=(']] = True
    table[[code for code in range(128) if chr(code).isalpha() and chr(code) not in "aAdDeEfFiInN"]] = True
    return table


_MARKS: Final = _table_of_marks()
"""The characters that only headers have; "nan", "inf" and exponents have the others."""


def _numbers(data: bytes) -> Any:
    if b"*" in data:
        if (count := sum(int(one[1]) for one in _REPEATED.finditer(data))) > _MOST_REPEATED:
            raise FileError(f"it has {count} numbers in repetitions (as in 3*0.5), and {_MOST_REPEATED} are the most")
        data = _REPEATED.sub(lambda one: (one[2] + b" ") * int(one[1]), data)
    if b"d" in data or b"D" in data:
        data = data.replace(b"D", b"E").replace(b"d", b"e")
    return np.fromstring(data.replace(b",", b" "), sep=" ")


def _fill(zone: _TextZone, earlier: Sequence[_TextZone]) -> None:
    """Read the numbers of a zone."""
    if zone.element and zone.element not in CORNERS:
        raise FileError(f"zone {zone.title!r} has elements of the kind {zone.element}, known are {', '.join(CORNERS)}")
    if not zone.names:
        raise FileError("there is no VARIABLES record before the first zone")
    centred, shared, passive = zone.centred(), zone.shared(), zone.passive()
    own = [name for name in zone.names if name not in shared and name not in passive]
    numbers = _numbers(zone.data)
    sizes = [zone.cells if name in centred else zone.points for name in own]
    lines = 0 if not zone.element or "CONNECTIVITYSHAREZONE" in zone.keys else zone.cells * CORNERS[zone.element]
    if len(numbers) != sum(sizes) + lines:
        raise FileError(
            f"zone {zone.title!r} has {len(numbers)} numbers, and its header says {sum(sizes) + lines} "
            f"({len(own)} variables, {zone.points} points, {zone.cells} cells); is the file complete?"
        )
    if zone.blocks:
        parts = np.split(numbers[: sum(sizes)], np.cumsum(sizes)[:-1]) if own else []
    elif centred:
        raise FileError(f"zone {zone.title!r} has values of cells, and is packed by points: that cannot be")
    else:
        parts = list(numbers[: sum(sizes)].reshape(-1, len(own)).T) if own else []
    zone.values = dict(zip(own, parts, strict=True))
    zone.data = b""
    for name, number in shared.items():
        zone.values[name] = earlier[number - 1].values[name]
    if zone.element:
        other = zone.keys.get("CONNECTIVITYSHAREZONE")
        zone.connectivity = earlier[int(other) - 1].connectivity if other else _corners(zone, numbers[sum(sizes) :])


def _corners(zone: _TextZone, numbers: Any) -> Any:
    corners = numbers.astype(np.int64).reshape(-1, CORNERS[zone.element]) - 1
    if corners.size and not (corners.min() >= 0 and corners.max() < zone.points):
        raise FileError(f"zone {zone.title!r} has elements of points that it does not have")
    return corners

"""NRRD (https://teem.sourceforge.net/nrrd/format.html): the header says which axes are space, components and time.

Places are those of the file, in the space that it names; ITK turns those of other spaces into left-posterior-superior.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ...base.data_roots import allowed_path
from ...base.errors import FileError
from .raw import MOST_HEADER_BYTES, RawData, read_numbers
from .stored import Numbers, StoredImage, affine_of, times_of

_TYPES: Final = {
    **dict.fromkeys(("signed char", "int8", "int8_t"), "i1"),
    **dict.fromkeys(("uchar", "unsigned char", "uint8", "uint8_t"), "u1"),
    **dict.fromkeys(("short", "short int", "signed short", "signed short int", "int16", "int16_t"), "i2"),
    **dict.fromkeys(("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"), "u2"),
    **dict.fromkeys(("int", "signed int", "int32", "int32_t"), "i4"),
    **dict.fromkeys(("uint", "unsigned int", "uint32", "uint32_t"), "u4"),
    **dict.fromkeys(
        ("longlong", "long long", "long long int", "signed long long", "signed long long int", "int64", "int64_t"), "i8"
    ),
    **dict.fromkeys(("ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"), "u8"),
    "float": "f4",
    "double": "f8",
}  # fmt: skip
_ENCODINGS: Final = {
    "raw": "raw", "gzip": "gzip", "gz": "gzip", "bzip2": "bzip2", "bz2": "bzip2", "ascii": "text", "text": "text",
    "txt": "text",
}  # fmt: skip
_WIDEST: Final = 64
_SPATIAL: Final = frozenset({"domain", "space"})
_FIELD: Final = re.compile(r"^([^:=]+):\s+(.*)$|^([^:=]+):$")
_VECTOR: Final = re.compile(r"none|\(([^)]*)\)")
_SYNONYMS: Final = {"centers": "centerings", "datafile": "data file", "lineskip": "line skip", "byteskip": "byte skip",
                    "axismins": "axis mins", "axismaxs": "axis maxs"}  # fmt: skip


@dataclass(frozen=True)
class _Axes:
    """The axes of a file by what they are for, the fastest first; numbers of axes."""

    space: tuple[int, ...]
    components: tuple[int, ...]
    time: int | None


def open_nrrd(path: str) -> StoredImage:
    """Return what a .nrrd file, or a .nhdr file and those that it names, hold. Raises `FileError`."""
    fields, start, listed = _header(path)
    try:
        sizes = tuple(int(one) for one in fields["sizes"].split())
        type_name, encoding = fields["type"].strip().lower(), fields["encoding"].strip().lower()
        dimension = int(fields["dimension"])
        order = ">" if fields.get("endian", "little").strip().lower() == "big" else "<"
    except (KeyError, ValueError) as error:
        raise FileError(f"{path}: its NRRD header lacks {error} or has no number there") from error
    if type_name not in _TYPES or encoding not in _ENCODINGS:
        raise FileError(
            f"{path}: NRRD of type {type_name!r}, encoding {encoding!r} is not read; convert it to raw numbers"
        )
    if len(sizes) != dimension or min(sizes) < 1:
        raise FileError(f"{path}: its NRRD header has the sizes {sizes} for {dimension} axes")
    dtype = np.dtype(order + _TYPES[type_name])
    axes = _axes(path, fields, sizes)
    size = tuple(sizes[axis] for axis in axes.space) + (1,) * (3 - len(axes.space))
    pieces = _pieces(path, fields, start, listed, dtype, _ENCODINGS[encoding], math.prod(sizes))
    components = math.prod(sizes[axis] for axis in axes.components)
    times = _times(fields, axes.time, sizes) if axes.time is not None else ()
    load = _loader(path, pieces, sizes, axes, (*size[::-1], components))
    return StoredImage(
        (size[0], size[1], size[2]), _affine(path, fields, axes, sizes), load, dtype, "ImageFile", components, times
    )


def _loader(
    path: str, pieces: list[RawData], sizes: tuple[int, ...], axes: _Axes, shape: tuple[int, ...]
) -> Callable[[int], Numbers]:
    total = math.prod(sizes)
    if total % len(pieces):
        raise FileError(f"{path}: {total} numbers cannot be in {len(pieces)} files alike")
    # The slowest axis comes first in an array of numpy.
    order = [len(sizes) - 1 - axis for axis in (*axes.space[::-1], *axes.components[::-1])]
    slowest_is_time = axes.time == len(sizes) - 1 and len(pieces) == 1

    def load(step: int) -> Numbers:
        if slowest_is_time:
            count = total // sizes[-1]
            one = read_numbers(pieces[0], step * count, count).reshape((1, *sizes[-2::-1]))
            step = 0
        else:
            parts = [read_numbers(piece, 0, total // len(pieces)) for piece in pieces]
            one = (parts[0] if len(parts) == 1 else np.concatenate(parts)).reshape(sizes[::-1])
        if axes.time is not None:
            place = len(sizes) - 1 - axes.time
            one = np.take(one, [step], axis=place)
            kept = [axis for axis in order if axis != place]
            return one.transpose([place, *kept]).reshape(shape)
        return one.transpose(order).reshape(shape)

    return load


def _header(path: str) -> tuple[dict[str, str], int, list[str]]:
    """Return the fields, where the data begins if it is in this file, and the lines of a list of files."""
    with open(path, "rb") as stream:
        if not stream.readline(64).startswith(b"NRRD"):
            raise FileError(f"{path}: this is no NRRD file: it does not begin with NRRD")
        fields: dict[str, str] = {}
        while line := stream.readline(MOST_HEADER_BYTES):
            text = line.decode("utf-8", "replace").strip()
            if not text:
                break
            found = None if text.startswith("#") or ":=" in text else _FIELD.match(text)
            if found is not None:
                name = (found[1] or found[3]).strip().lower()
                fields[_SYNONYMS.get(name, name)] = found[2] or ""
                if name in ("data file", "datafile") and fields["data file"].startswith("LIST"):
                    return fields, 0, [one.decode("utf-8", "replace").strip() for one in stream if one.strip()]
        return fields, stream.tell(), []


def _axes(path: str, fields: Mapping[str, str], sizes: tuple[int, ...]) -> _Axes:
    """Return what each axis is: by its kind, its direction in space, and the distance of its samples."""
    count = len(sizes)
    kinds = fields.get("kinds", "").split() or ["???"] * count
    directions = _vectors(fields.get("space directions", ""))
    spacings = fields.get("spacings", "").lower().split()
    if len(kinds) != count or len(directions) not in (0, count) or len(spacings) not in (0, count):
        raise FileError(
            f"{path}: kinds, space directions and spacings of its NRRD header are not those of {count} axes"
        )
    time = next((axis for axis in range(count) if kinds[axis] == "time"), None)

    def is_space(axis: int) -> bool:
        if directions:
            return directions[axis] is not None
        return kinds[axis] in _SPATIAL or (kinds[axis] in ("???", "none") and spacings[axis : axis + 1] != ["nan"])

    space = tuple(axis for axis in range(count) if axis != time and is_space(axis))
    components = tuple(axis for axis in range(count) if axis != time and axis not in space)
    if not 1 <= len(space) <= 3:
        raise FileError(
            f"{path}: {len(space)} of its {count} axes, of the sizes {sizes}, are axes of space by its NRRD header; an "
            "image has 1 to 3: 'kinds' or 'space directions' in the header say which axes are components or time"
        )
    return _Axes(space, components, time)


def _vectors(text: str) -> list[list[float] | None]:
    return [None if one[0] == "none" else _floats(one[1].replace(",", " ")) for one in _VECTOR.finditer(text)]


def _floats(text: str) -> list[float]:
    try:
        return [float(one) for one in text.split()]
    except ValueError as error:
        raise FileError(f"the NRRD header has {text!r:.80} where numbers should be") from error


def _affine(path: str, fields: Mapping[str, str], axes: _Axes, sizes: tuple[int, ...]) -> Numbers:
    directions = _vectors(fields.get("space directions", ""))
    if directions:
        columns = np.zeros((3, len(axes.space)))
        for column, axis in enumerate(axes.space):
            vector = directions[axis] or []
            columns[: len(vector), column] = vector[:3]
        spacing = np.linalg.norm(columns, axis=0)
        if not np.isfinite(columns).all() or (spacing == 0).any():
            raise FileError(f"{path}: its space directions {fields['space directions']} say of some axis no direction")
        origin = next(iter(_vectors(fields.get("space origin", ""))), None) or [0.0, 0.0, 0.0]
        return affine_of([one if math.isfinite(one) else 0.0 for one in origin[:3]], spacing, columns)
    placed = [_line(fields, axis, sizes[axis]) for axis in axes.space]
    return affine_of([origin for origin, _ in placed], [spacing for _, spacing in placed])


def _line(fields: Mapping[str, str], axis: int, count: int) -> tuple[float, float]:
    """Return the first place and the distance along one axis: spacing, or ends between cells or nodes."""
    low, high, spacing = (
        (_floats(fields.get(name, "")) or [math.nan] * (axis + 1))[axis]
        for name in ("axis mins", "axis maxs", "spacings")
    )
    cells = (fields.get("centerings", "").split() or ["???"] * (axis + 1))[axis] == "cell"
    if not math.isfinite(spacing):
        span = count if cells else max(1, count - 1)
        spacing = (high - low) / span if math.isfinite(high - low) and high > low else 1.0
    origin = low if math.isfinite(low) else 0.0
    return (origin + spacing / 2 if cells and math.isfinite(low) else origin), abs(spacing) or 1.0


def _times(fields: Mapping[str, str], axis: int, sizes: tuple[int, ...]) -> tuple[float, ...]:
    first, step = _line(fields, axis, sizes[axis])
    return times_of(sizes[axis], first, step)


def _pieces(
    path: str,
    fields: Mapping[str, str],
    start: int,
    listed: list[str],
    dtype: np.dtype[Any],
    encoding: str,
    total: int,
) -> list[RawData]:
    """Return where the values are: in this file, in another, in several."""
    names = fields.get("data file", "").strip()
    files = [path] if not names else [str(Path(path).parent / one) for one in listed or _named(names)]
    lines, skipped = int(fields.get("line skip", "0")), int(fields.get("byte skip", "0"))
    made = []
    for file in files:
        offset = _after_lines(file, start if file == path else 0, lines)
        if skipped < 0:
            made.append(RawData(file, dtype, -1, encoding, count=total // len(files)))
        elif encoding in ("raw", "text"):
            made.append(RawData(file, dtype, offset + skipped, encoding))
        else:
            made.append(RawData(file, dtype, offset, encoding, skipped))
    return made


def _named(text: str) -> list[str]:
    """Return one name, or the names of "slice%03d.raw 1 20 1": numbers from, to, by."""
    words = text.split()
    if len(words) not in (4, 5) or "%" not in words[0]:
        return [text]
    first, last, step = (int(one) for one in words[1:4])
    if step == 0 or abs(last - first) > 1_000_000:
        raise FileError(f"the NRRD header numbers its files from {first} to {last} by {step}")
    return [numbered(words[0], number) for number in range(first, last + (1 if step > 0 else -1), step)]


def numbered(pattern: str, number: int) -> str:
    """Return a name with a number in printf's way, as in "slice%03d.raw".

    Raises `FileError` for widths that no name has.
    """
    if any(int(width) > _WIDEST for width in re.findall(r"%(\d+)[dui]", pattern)):
        raise FileError(f"the header numbers its files as {pattern!r:.80}, and no file has such a name")
    return re.sub(r"%(0?)(\d*)[dui]", lambda found: f"{number:{found[1]}{found[2]}d}", pattern)


def _after_lines(path: str, start: int, lines: int) -> int:
    if not lines:
        return start
    try:
        with open(allowed_path(path), "rb") as stream:
            stream.seek(start)
            for _ in range(lines):
                stream.readline(MOST_HEADER_BYTES)
            return stream.tell()
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error}") from error

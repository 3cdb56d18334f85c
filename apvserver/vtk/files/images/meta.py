"""MetaImage (.mha, .mhd; https://itk.org/Wiki/ITK/MetaIO/Documentation): numbers of every size, place and direction.

Places are those of the file; ITK writes left-posterior-superior.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from ...base.errors import FileError
from .nrrd import numbered
from .raw import MOST_HEADER_BYTES, RawData, read_numbers
from .stored import Numbers, StoredImage, affine_of, times_of

_TYPES: Final = {
    "MET_CHAR": "i1", "MET_UCHAR": "u1", "MET_SHORT": "i2", "MET_USHORT": "u2", "MET_INT": "i4", "MET_UINT": "u4",
    "MET_LONG": "i4", "MET_ULONG": "u4", "MET_LONG_LONG": "i8", "MET_ULONG_LONG": "u8", "MET_FLOAT": "f4",
    "MET_DOUBLE": "f8",
}  # fmt: skip
_SINGULAR: Final = 1e-9


def open_meta(path: str) -> StoredImage:
    """Return what a .mha file, or a .mhd file and those that it names, hold. Raises `FileError`."""
    fields, start = _header(path)
    try:
        count = int(fields["NDims"])
        sizes = tuple(int(one) for one in fields["DimSize"].split())
        channels = int(_first(fields, "ElementNumberOfChannels", "ElementChannels") or 1)
        kind = fields["ElementType"].removesuffix("_ARRAY")
    except (KeyError, ValueError) as error:
        raise FileError(f"{path}: its MetaImage header lacks {error} or has no number there") from error
    if kind not in _TYPES:
        raise FileError(
            f"{path}: MetaImage numbers of type {kind} are not read; convert it to one of {', '.join(_TYPES)}"
        )
    if len(sizes) != count or not 1 <= count <= 4 or min(sizes) < 1 or channels < 1:
        raise FileError(f"{path}: its MetaImage header says {count} axes of the sizes {sizes}; 1 to 4 are read")
    big = (_first(fields, "BinaryDataByteOrderMSB", "ElementByteOrderMSB") or "False").lower() in ("true", "1")
    dtype = np.dtype(_TYPES[kind]).newbyteorder(">" if big else "<")
    size = (*sizes, 1, 1)[:3]
    affine, doubts = _affine(fields, min(count, 3), count)
    steps = sizes[3] if count == 4 else 1
    pieces = _pieces(path, fields, start, dtype, count, channels)
    return StoredImage(
        (size[0], size[1], size[2]),
        affine,
        _loader(path, pieces, (*size[::-1], channels), steps),
        dtype,
        "MetaImage",
        channels,
        _times(fields, steps) if steps > 1 else (),
        doubts,
    )


def _loader(path: str, pieces: list[RawData], shape: tuple[int, ...], steps: int) -> Callable[[int], Numbers]:
    count = math.prod(shape)
    if (count * steps) % len(pieces):
        raise FileError(f"{path}: {count * steps} numbers cannot be in {len(pieces)} files alike")

    def load(step: int) -> Numbers:
        if len(pieces) == 1:
            return read_numbers(pieces[0], step * count, count).reshape(shape)
        each = count * steps // len(pieces)
        chosen = pieces[step * count // each : (step + 1) * count // each]
        return np.concatenate([read_numbers(one, 0, each) for one in chosen]).reshape(shape)

    return load


def _header(path: str) -> tuple[dict[str, str], int]:
    """Return the fields, and where the data begins if it is in this file: ElementDataFile is the last of them."""
    fields: dict[str, str] = {}
    with open(path, "rb") as stream:
        while (line := stream.readline(MOST_HEADER_BYTES)) and stream.tell() < MOST_HEADER_BYTES:
            key, equals, value = line.decode("utf-8", "replace").partition("=")
            if equals:
                fields[key.strip()] = value.strip()
            if key.strip() == "ElementDataFile":
                if value.split()[:1] == ["LIST"]:
                    fields["listed"] = stream.read(MOST_HEADER_BYTES).decode("utf-8", "replace")
                return fields, stream.tell()
    raise FileError(f"{path}: this is no MetaImage header, or it is cut off: it has no ElementDataFile")


def _first(fields: Mapping[str, str], *names: str) -> str | None:
    return next((fields[name] for name in names if name in fields), None)


def _floats(fields: Mapping[str, str], *names: str) -> list[float]:
    text = _first(fields, *names) or ""
    try:
        return [float(one) for one in text.split()]
    except ValueError as error:
        raise FileError(f"the MetaImage header has {names[0]} = {text!r:.80}, which are no numbers") from error


def _affine(fields: Mapping[str, str], axes: int, count: int) -> tuple[Numbers, tuple[str, ...]]:
    spacing = [abs(one) or 1.0 for one in (_floats(fields, "ElementSpacing", "ElementSize") or [1.0] * count)[:axes]]
    origin = (_floats(fields, "Offset", "Origin", "Position") or [0.0] * count)[:axes]
    numbers = _floats(fields, "TransformMatrix", "Rotation", "Orientation")
    if len(numbers) != count * count:
        return affine_of(origin, spacing), ()
    # The first numbers of the file are the direction of the first axis: columns of the matrix.
    matrix = np.reshape(numbers, (count, count)).T[:axes, :axes]
    if abs(np.linalg.det(matrix)) > _SINGULAR:
        return affine_of(origin, spacing, matrix), ()
    doubt = f"its TransformMatrix {numbers} gives some axis no direction; it was put at right angles to the others"
    return affine_of(origin, spacing, matrix), (doubt,)


def _times(fields: Mapping[str, str], steps: int) -> tuple[float, ...]:
    distances, origin = (
        _floats(fields, "ElementSpacing", "ElementSize"),
        _floats(fields, "Offset", "Origin", "Position"),
    )
    step = distances[3] if len(distances) == 4 and distances[3] > 0 else 1.0
    first = origin[3] if len(origin) == 4 else 0.0
    return times_of(steps, first, step)


def _pieces(
    path: str,
    fields: Mapping[str, str],
    start: int,
    dtype: np.dtype[Any],
    count: int,
    channels: int,
) -> list[RawData]:
    name, folder = fields["ElementDataFile"], Path(path).parent
    compressed = fields.get("CompressedData", "False").lower() in ("true", "1")
    text = fields.get("BinaryData", "True").lower() in ("false", "0")
    encoding = "gzip" if compressed else "text" if text else "raw"
    if name.upper() == "LOCAL":
        return [RawData(path, dtype, start, encoding)]
    header = int(fields.get("HeaderSize", "0"))
    words = name.split()
    if words[:1] == ["LIST"]:
        names = [one.strip() for one in fields["listed"].splitlines() if one.strip()]
    elif len(words) >= 3 and "%" in words[0]:
        first, last, step = (int(one) for one in (*words[1:], "1")[:3])
        if step < 1 or last - first > 1_000_000:
            raise FileError(f"{path}: its files are numbered from {first} to {last} by {step}")
        names = [numbered(words[0], number) for number in range(first, last + 1, step)]
    else:
        names = [name]
    total = math.prod(int(one) for one in fields["DimSize"].split()) * channels
    count = total // max(1, len(names))
    return [RawData(str(folder / one), dtype, header, encoding, count=count) for one in names]

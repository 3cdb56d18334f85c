"""SEG-Y: headers and samples of all traces, as revision 2 of the standard has them. No VTK here."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ...base.errors import FileError

_TEXT_BYTES: Final = 3200
_BINARY_BYTES: Final = 400
_TRACE_BYTES: Final = 240
_SIZES: Final = {1: 4, 2: 4, 3: 2, 5: 4, 6: 8, 8: 1, 10: 4, 11: 2, 16: 1}
_KINDS: Final = {1: "u4", 2: "i4", 3: "i2", 5: "f4", 6: "f8", 8: "i1", 10: "u4", 11: "u2", 16: "u1"}
_FIELDS: Final = {
    "scalar": (71, "i2"), "source_x": (73, "i4"), "source_y": (77, "i4"), "group_x": (81, "i4"), "group_y": (85, "i4"),
    "delay": (109, "i2"), "samples": (115, "i2"), "interval": (117, "i2"), "cdp_x": (181, "i4"), "cdp_y": (185, "i4"),
    "inline": (189, "i4"), "crossline": (193, "i4"),
}  # fmt: skip
"""Bytes of the header of a trace, counted from 1, and their types."""
_PLACES: Final = (("cdp_x", "cdp_y"), ("source_x", "source_y"), ("group_x", "group_y"))
_MICROSECONDS: Final = 1000.0


@dataclass(frozen=True)
class Traces:
    """All traces of a file."""

    samples: Any
    """A row for each trace."""
    places: Any
    """x and y of each trace; None where no header says."""
    inlines: Any
    crosslines: Any
    first_ms: float
    step_ms: float


def read_traces(path: str) -> Traces:
    """Read a file. Raises `FileError` that says what is not as the standard has it."""
    data = np.memmap(path, np.uint8, "r") if Path(path).stat().st_size else np.zeros(0, np.uint8)
    if len(data) < _TEXT_BYTES + _BINARY_BYTES + _TRACE_BYTES:
        raise FileError(f"{path}: {len(data)} bytes are too few for a SEG-Y file with a trace")
    order = _order(path, data)
    extended = max(_binary(data, 305, order), 0)
    start = _TEXT_BYTES + _BINARY_BYTES + extended * _TEXT_BYTES
    code = _binary(data, 25, order)
    count = _binary(data, 21, order, "u2") or int(_field(data[start : start + _TRACE_BYTES], "samples", order))
    size = _TRACE_BYTES + count * _SIZES[code]
    if count <= 0 or (len(data) - start) % size:
        raise FileError(
            f"{path}: its header says traces of {count} samples ({size} bytes), and {len(data) - start} bytes are no "
            "whole number of them; is it complete, and do all traces have the same length?"
        )
    rows = data[start:].reshape(-1, size)
    headers = rows[:, :_TRACE_BYTES]
    samples = _decoded(np.ascontiguousarray(rows[:, _TRACE_BYTES:]), code, order)
    interval = _binary(data, 17, order, "u2") or int(_field(headers[0], "interval", order))
    first = int(_field(headers[0], "delay", order))
    inline, crossline = (_field(headers, name, order) for name in ("inline", "crossline"))
    return Traces(samples, _places(headers, order), inline, crossline, float(first), interval / _MICROSECONDS or 1.0)


def _order(path: str, data: Any) -> str:
    """Return the order of bytes in which the format of the samples is known."""
    for order in "><":
        if _binary(data, 25, order) in _SIZES:
            return order
    raise FileError(f"{path}: this is no SEG-Y file, or its samples are of no known format ({_binary(data, 25, '>')})")


def _binary(data: Any, byte: int, order: str, kind: str = "i2") -> int:
    """Return a number of the binary header, whose bytes count from 1."""
    at = _TEXT_BYTES + byte - 1
    return int(np.frombuffer(data[at : at + 2].tobytes(), order + kind)[0])


def _field(headers: Any, name: str, order: str) -> Any:
    byte, kind = _FIELDS[name]
    part = np.ascontiguousarray(headers[..., byte - 1 : byte - 1 + int(kind[1])])
    return part.view(order + kind)[..., 0].astype(np.int64)


def _places(headers: Any, order: str) -> Any:
    """Return x and y as the first pair says that is not 0 everywhere, times or divided by the scalar."""
    scalar = _field(headers, "scalar", order).astype(float)
    factor = np.where(scalar > 0, scalar, np.where(scalar < 0, -1 / np.where(scalar == 0, 1, scalar), 1.0))
    for names in _PLACES:
        pair = np.stack([_field(headers, name, order) for name in names], axis=1)
        if pair.any():
            return pair * factor[:, None]
    return None


def _decoded(part: Any, code: int, order: str) -> Any:
    raw = part.view(order + _KINDS[code])
    if code == 1:
        return _from_ibm(raw.astype(np.uint32))
    return raw.astype(np.float64 if code == 6 else np.float32 if code == 5 else raw.dtype.newbyteorder("="))


def _from_ibm(raw: Any) -> Any:
    """Return IBM's floating point numbers: a sign, an exponent of 16, and a fraction of 24 bits."""
    sign = 1.0 - 2.0 * (raw >> 31)
    exponent = ((raw >> 24) & 0x7F).astype(np.int32) - 64
    fraction = (raw & 0xFFFFFF) / float(1 << 24)
    return (sign * np.ldexp(fraction, 4 * exponent)).astype(np.float32)

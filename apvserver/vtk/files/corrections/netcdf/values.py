"""Values of NetCDF files as their conventions mean them: unpacked, and missing ones as NaN.

VTK unpacks some, takes packed missing values for values, and reads no _Unsigned. The rules are those of the NetCDF
User's Guide (attribute conventions) and CF (missing data, packed data), as netCDF4-python has them: what is equal to
_FillValue, to missing_value, or to the default of its type if there is no _FillValue, and what lies outside of
valid_min, valid_max or valid_range, is missing. These attributes speak of the packed numbers.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkOutputWindow

from async_paraview.records import dataclass

from ....base.errors import FileError
from ...images.stored import Numbers

_LACKING: Final = 'what numbers of NetCDF mean is read with netCDF4: pip install "async-paraview[formats]"'
LIBRARY_LOCK: Final = threading.RLock()
"""netCDF4 frees Python's lock in a library that several threads must not be in at once: sessions that are built in."""
_PIECE: Final = 1 << 15
"""So many numbers are looked at at once: they stay in a processor's cache."""
_WIDE: Final = 4
"""Integers of so many bytes and more become double, smaller ones single precision, when some of them are missing."""


@dataclass(frozen=True)
class Meaning:
    """What the numbers of a variable mean: their stored type, `scale` and `offset` (None: not packed), what is missing.

    `wraps`: stored as signed numbers, and meant as unsigned ones. `missing` and the limits speak of packed numbers.
    """

    stored: np.dtype[Any]
    scale: float | None
    offset: float
    wraps: bool
    missing: tuple[float, ...]
    low: float
    high: float

    @property
    def says_nothing(self) -> bool:
        """Whether the numbers are to be taken as they are, whatever they are."""
        return self.scale is None and not self.wraps and not self.missing and self.low == -math.inf == -self.high


def correct_grid(reader: Any, data: Any) -> None:
    """Correct what vtkNetCDFCFReader made: it has unpacked."""
    _correct(reader, data, unpacked=True)


def correct_mesh(reader: Any, data: Any) -> None:
    """Correct what vtkNetCDFUGRIDReader made: it does not unpack."""
    _correct(reader, data, unpacked=False)


def correct_model(reader: Any, data: Any) -> None:
    """Correct what the reader of a model made: missing values become NaN. Raises `FileError` if numbers are packed."""
    path = reader.GetFileName()
    if not path or data is None or not data.IsA("vtkDataSet"):
        return
    name = type(reader).__name__
    with dataset(path) as file:
        for _, _, variable in named_arrays(data, file):
            meaning = meaning_of(variable)
            if meaning is not None and (meaning.scale is not None or meaning.wraps):
                raise FileError(f"{variable.name} is packed, and {name} does not unpack; NetCDFReader does")
    _correct(reader, data, unpacked=False)


def _correct(reader: Any, data: Any, *, unpacked: bool) -> None:
    path = reader.GetFileName()
    if not path or data is None or not data.IsA("vtkDataSet"):
        return
    with dataset(path) as file:
        for attributes, index, variable in named_arrays(data, file):
            array = attributes.GetArray(index)
            meaning = meaning_of(variable)
            if meaning is None or meaning.says_nothing:
                continue
            values = vtk_to_numpy(array)
            made = unpack(values, meaning, unpacked=unpacked)
            if made is not values:
                _replace(attributes, index, made)
            else:
                array.Modified()
        _tell_groups(path, file)


class NotInstalled(FileError):
    """A library of the extra `formats` is needed and is not there."""


@contextmanager
def dataset(path: str) -> Iterator[Any]:
    """Open the file with netCDF4, with numbers as they are stored. Raises `NotInstalled`, OSError."""
    try:
        import netCDF4
    except ImportError as error:
        raise NotInstalled(_LACKING) from error
    with LIBRARY_LOCK, netCDF4.Dataset(path) as opened:
        opened.set_auto_maskandscale(False)
        yield opened


def texts_of(path: str) -> set[str]:
    """Return the variables of a file that hold characters; none if it cannot be looked into."""
    try:
        with dataset(path) as file:
            kinds = {name: one.dtype for name, one in file.variables.items()}
    except (NotInstalled, OSError):
        return set()  # whoever reads it will tell
    return {name for name, kind in kinds.items() if not isinstance(kind, np.dtype) or kind.kind in "SU"}


def named_arrays(data: Any, file: Any) -> Iterator[tuple[Any, int, Any]]:
    """Yield where each array is that a variable of the file has the name of: attributes, index and the variable."""
    for attributes in (data.GetPointData(), data.GetCellData()):
        for index in range(attributes.GetNumberOfArrays()):
            name = attributes.GetArrayName(index)
            if attributes.GetArray(index) is not None and name in file.variables:
                yield attributes, index, file.variables[name]


def _replace(attributes: Any, index: int, values: Numbers) -> None:
    """Put an array at the place of another, with its name, and active if that was."""
    old = attributes.GetArray(index)
    made = numpy_to_vtk(np.ascontiguousarray(values))
    made.SetName(old.GetName())
    active = attributes.IsArrayAnAttribute(index)
    attributes.AddArray(made)  # takes the place of the array of the same name
    if active >= 0:
        attributes.SetActiveAttribute(old.GetName(), active)


def _tell_groups(path: str, file: Any) -> None:
    groups = [name for name, group in file.groups.items() if group.variables or group.groups]
    if groups:
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{path}: what is in its groups is not read, only its own variables: {', '.join(groups[:20])}"
        )


def is_enumeration(variable: Any) -> bool:
    """Return whether a variable of netCDF4 holds integers that have names, each of which means what its name says."""
    return type(variable.datatype).__name__ == "EnumType"


def meaning_of(variable: Any) -> Meaning | None:
    """Return what the attributes of a variable of netCDF4 say of its numbers; None if it holds none."""
    stored = variable.dtype
    if not isinstance(stored, np.dtype) or stored.kind not in "iuf" or is_enumeration(variable):
        return None
    attributes = {name: variable.getncattr(name) for name in variable.ncattrs()}
    wraps = stored.kind == "i" and str(attributes.get("_Unsigned", "")).lower() in ("true", "1")
    meant = np.dtype(f"u{stored.itemsize}") if wraps else stored
    packed = "scale_factor" in attributes or "add_offset" in attributes
    low, high = _limits(attributes, meant)
    return Meaning(
        stored,
        float(_number(attributes.get("scale_factor", 1.0))) if packed else None,
        float(_number(attributes.get("add_offset", 0.0))),
        wraps,
        tuple(_missing(attributes, stored, meant)),
        low,
        high,
    )


def _number(value: Any) -> Any:
    return np.asarray(value).ravel()[0]


def _as_meant(values: Any, meant: np.dtype[Any]) -> list[float]:
    """Return numbers of an attribute as the type of the variable has them: a limit of 200 may be stored as -56."""
    found = np.asarray(values).ravel()
    if found.dtype.kind not in "iuf":
        return []
    if meant.kind == "u":
        found = np.where(found < 0, found + 2.0 ** (8 * meant.itemsize), found)
    return [float(one) for one in (found.astype(meant) if meant.kind == "f" else found)]


def _missing(attributes: dict[str, Any], stored: np.dtype[Any], meant: np.dtype[Any]) -> Iterator[float]:
    if "_FillValue" in attributes:
        yield from _as_meant(attributes["_FillValue"], meant)
    elif stored.itemsize > 1:
        import netCDF4

        yield from _as_meant(np.array(netCDF4.default_fillvals[stored.str[1:]]).astype(stored), meant)
    yield from _as_meant(attributes.get("missing_value", ()), meant)


def _limits(attributes: dict[str, Any], meant: np.dtype[Any]) -> tuple[float, float]:
    both = _as_meant(attributes.get("valid_range", ()), meant)
    if len(both) == 2:
        return both[0], both[1]
    low, high = (_as_meant(attributes.get(name, ()), meant) for name in ("valid_min", "valid_max"))
    return (low[0] if low else -math.inf), (high[0] if high else math.inf)


def unpack(values: Numbers, meaning: Meaning, *, unpacked: bool) -> Numbers:
    """Return the numbers as they are meant: in the same memory if they are of a type that can hold them.

    `unpacked`: they are multiplied and shifted already, as signed numbers.
    """
    if unpacked and meaning.scale is not None:
        return _correct_unpacked(values, meaning)
    meant = values.view(f"u{values.dtype.itemsize}") if meaning.wraps else values
    lost = _lost(meant, meaning)
    if meaning.scale is not None:
        made = meant * meaning.scale + meaning.offset
    elif lost is None:
        return meant
    else:
        wide = meant.dtype.itemsize >= _WIDE
        made = meant if meant.dtype.kind == "f" else meant.astype(np.float64 if wide else np.float32)
    if lost is not None:
        made[lost] = math.nan
    return made


def _lost(values: Numbers, meaning: Meaning) -> Numbers | None:
    """Return which packed numbers are missing; None if none is, as mostly: that is told piece by piece."""
    flat = values.reshape(-1)
    if not any(_is_lost(flat[at : at + _PIECE], meaning).any() for at in range(0, flat.size, _PIECE)):
        return None
    return _is_lost(values, meaning)


def _is_lost(values: Numbers, meaning: Meaning) -> Numbers:
    lost = np.zeros(values.shape, bool)
    for one in meaning.missing:
        if not math.isnan(one) and _fits(one, values.dtype):
            lost |= values == values.dtype.type(one)
    if math.isfinite(meaning.low):
        lost |= values < meaning.low
    if math.isfinite(meaning.high):
        lost |= values > meaning.high
    return lost


def _fits(value: float, dtype: np.dtype[Any]) -> bool:
    if dtype.kind == "f":
        return True
    limits = np.iinfo(dtype)
    return value == int(value) and limits.min <= value <= limits.max


def _correct_unpacked(values: Numbers, meaning: Meaning) -> Numbers:
    """Correct numbers that VTK has unpacked: what is missing is told by what it was packed as."""
    scale = meaning.scale if meaning.scale is not None else 1.0
    whole = 2.0 ** (8 * meaning.stored.itemsize)
    flat = values.reshape(-1)
    unlimited = math.isinf(meaning.low) and math.isinf(meaning.high)
    simple = meaning.stored.kind in "iu" and not meaning.wraps and unlimited and scale != 0
    for at in range(0, flat.size, _PIECE):
        piece = flat[at : at + _PIECE]
        if simple:
            for one in meaning.missing:
                middle, half = one * scale + meaning.offset, abs(scale) / 2
                same = (piece > middle - half) & (piece < middle + half)
                if same.any():
                    piece[same] = math.nan
            continue
        packed = (piece - meaning.offset) / scale if scale else np.zeros_like(piece)
        if meaning.stored.kind in "iu":
            np.rint(packed, out=packed)
        else:
            packed = packed.astype(meaning.stored)
        if meaning.wraps:
            negative = packed < 0
            packed[negative] += whole
            piece[negative] += scale * whole
        piece[_is_lost(packed, meaning)] = math.nan
    return values

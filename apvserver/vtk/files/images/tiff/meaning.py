"""What the numbers of a TIFF file mean by what GDAL says of them: a scale, an offset, and one that stands for none."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ..stored import Numbers
from .pages import Page

_NO_DATA, _METADATA = 42113, 42112
"""Tags of GDAL: GDAL_NODATA, and GDAL_METADATA in XML."""
_ITEM: Final = re.compile(r"<Item\b([^>]*)>([^<]*)</Item>")
_ATTRIBUTE: Final = re.compile(r"(\w+)\s*=\s*\"([^\"]*)\"")
_GREY: Final = (0, 1)
_SINGLE: Final = ("i1", "u1", "i2", "u2", "f2", "f4")
"""Kinds of which single precision holds each number."""


@dataclass(frozen=True)
class Meaning:
    """What is done to the numbers of a file, by sample, and the type that they have then."""

    dtype: np.dtype[Any]
    missing: Any = None
    scales: Any = None
    offsets: Any = None

    def applied(self, values: Numbers) -> Numbers:
        """Return what numbers mean; those that stand for none are NaN."""
        if self.missing is None and self.scales is None:
            return values
        made = values.astype(self.dtype)
        if self.scales is not None:
            made *= self.scales
            made += self.offsets
        if self.missing is not None:
            made[values == self.missing] = np.nan
        return made


def meaning_of(page: Page, dtype: np.dtype[Any], samples: int) -> tuple[Meaning, tuple[str, ...]]:
    """Return what the numbers of this type mean, and what is to be told of marks that are kept as numbers."""
    text = str(page.one(_NO_DATA, "")).strip("\0 ")
    if page.one(262) not in _GREY:  # colors stay what they are
        kept = f"its values that are {text} say that there is none (GDAL_NODATA): they are kept as numbers"
        return Meaning(dtype), (kept,) if text else ()
    missing = _missing(text, dtype)
    scales, offsets = (_of_samples(page, role, samples, start) for role, start in (("scale", 1.0), ("offset", 0.0)))
    if (scales == 1).all() and (offsets == 0).all():
        single = dtype.str[1:] in _SINGLE
        return Meaning(dtype if missing is None else np.dtype("f4" if single else "f8"), missing), ()
    return Meaning(np.dtype("f8"), missing, scales, offsets), ()


def _missing(text: str, dtype: np.dtype[Any]) -> Any:
    """Return the number that stands for none, as it is stored; None if no stored number can be it."""
    try:
        if dtype.kind == "f":
            number = dtype.type(text)
            return None if np.isnan(number) else number
        number = int(text) if text.lstrip("+-").isdecimal() else float(text)
        return dtype.type(int(number)) if number == int(number) and _holds(dtype, int(number)) else None
    except (ValueError, OverflowError):
        return None


def _holds(dtype: np.dtype[Any], number: int) -> bool:
    limits = np.iinfo(dtype)
    return bool(limits.min <= number <= limits.max)


def _of_samples(page: Page, role: str, samples: int, start: float) -> Any:
    """Return the numbers of a role in GDAL's metadata, one for each sample."""
    made = np.full(samples, start)
    for attributes, text in _ITEM.findall(str(page.one(_METADATA, ""))):
        said = dict(_ATTRIBUTE.findall(attributes))
        at = said.get("sample", "0")
        if said.get("role") != role or not at.isdecimal() or int(at) >= samples:
            continue
        try:
            made[int(at)] = float(text)
        except ValueError:
            continue
    return made

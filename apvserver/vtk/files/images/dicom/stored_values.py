"""What SimpleITK makes of the numbers in a DICOM file besides rescaling them, and how it is undone.

Where small numbers are to be shown bright (MONOCHROME1) it turns them around, the largest for 0: the numbers of the
file say what was measured, however that is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from ....base.errors import FileError
from ..stored import Numbers

_LACKING: Final = 'pip install "async-paraview[formats]"'
_KIND, _STORED, _HIGH, _SIGNED = "0028|0004", "0028|0101", "0028|0102", "0028|0103"
_INTERCEPT, _SLOPE, _CLASS, _ALLOCATED = "0028|1052", "0028|1053", "0008|0016", "0028|0100"
TAGS: Final = (_KIND, _ALLOCATED, _STORED, _HIGH, _SIGNED, _INTERCEPT, _SLOPE, _CLASS)
"""What is to be known of a header."""
_TABLE: Final = re.compile(rb"\x28\0\0\x30(?:SQ|.{4}\xfe\xff\0\xe0)|\0\x28\x30\0SQ", re.DOTALL)
"""The Modality LUT Sequence, as it begins in files of each of the syntaxes."""
_HEADER_BYTES: Final = 1 << 20
_BRIGHT_IF_SMALL: Final = "MONOCHROME1"
_ENHANCED: Final = tuple(
    f"1.2.840.10008.5.1.4.1.1.{end}" for end in ("2.1", "2.2", "4.1", "4.4", "12.1.1", "12.2.1", "128.1", "130")
)
"""Classes of files whose slopes are with their frames."""


def turned_about(tags: Mapping[str, str], path: str) -> float | None:
    """Return from what the numbers that SimpleITK gives are to be taken; None if they are right.

    Raises `FileError` for numbers that it changes in a way that cannot be undone.
    """
    try:
        stored, high = int(tags.get(_STORED) or 0), int(tags.get(_HIGH) or 0)
        slope, intercept = float(tags.get(_SLOPE) or 1), float(tags.get(_INTERCEPT) or 0)
    except ValueError as error:
        raise FileError(f"{path}: its header has no numbers for the bits and scale of its values: {error}") from error
    if stored and high and high != stored - 1:
        raise FileError(
            f"{path}: its values are in the bits {high - stored + 1} to {high} of their words (HighBit {high}, "
            f"BitsStored {stored}), and the library that reads it takes the lowest; have another program shift them"
        )
    if tags.get(_KIND, "").strip() != _BRIGHT_IF_SMALL:
        return None
    if tags.get(_CLASS, "").strip("\0 ") in _ENHANCED:
        raise FileError(
            f"{path}: its frames are MONOCHROME1, of which the library that reads it turns the values around, each "
            "frame by its own scale; convert it to MONOCHROME2 without changing its values"
        )
    largest = -1 if tags.get(_SIGNED, "").strip() == "1" else 2**stored - 1
    return slope * largest + 2 * intercept


def has_table(path: str) -> bool:
    """Return whether a file has a table that leads from its numbers to values, in place of a slope and an intercept."""
    with Path(path).open("rb") as stream:
        return _TABLE.search(stream.read(_HEADER_BYTES)) is not None


def is_of_bits(tags: Mapping[str, str]) -> bool:
    """Return whether the values are single bits, as in segmentations: ITK gives what stood in the memory for them."""
    return tags.get(_ALLOCATED, "").strip() == "1"


def bits_of(path: str) -> Numbers:
    """Return values that are single bits as 0 and 1 (frame, row, column). Raises `FileError`."""
    try:
        import pydicom
    except ImportError as error:
        raise FileError(f"{path}: its values are single bits, which are read with pydicom: {_LACKING}") from error
    try:
        found: Numbers = np.asarray(pydicom.dcmread(path).pixel_array, np.uint8)
    except (AttributeError, NotImplementedError, RuntimeError, ValueError) as error:
        raise FileError(f"{path}: pydicom cannot read the values of this DICOM file: {error}") from error
    return found


def turned_back(values: Numbers, about: float | None) -> Any:
    """Return the numbers as the file means them, of the same type."""
    if about is None:
        return values
    made = about - values.astype(np.float64)
    return made.astype(values.dtype) if values.dtype.kind == "f" else np.rint(made).astype(values.dtype)

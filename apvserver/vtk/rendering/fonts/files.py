"""Files of fonts that properties name: whether they can be used is found out before anything is drawn."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from PIL import ImageFont

from ...base.data_roots import allowed_path
from ...base.errors import InvalidProperty, VtkError

MOST_BYTES: Final = 64_000_000
_MOST_KEPT: Final = 64
_NO_PARTS: Final = frozenset({bool, int, float, str, bytes, type(None)})
"""Types of values that have no properties of their own: of most, and of all coordinates."""


def check_fonts(properties: Mapping[str, object], owner: str) -> None:
    """Raise `InvalidProperty` if a property, also of a part of a view, names a file that is no font."""
    for name, value in properties.items():
        if name.endswith("FontFile") and isinstance(value, str) and value:
            fault = _fault_of(value)
            if fault is not None:
                raise InvalidProperty(f"{owner}.{name} = {value!r}: {fault}")
        for part in _parts(value):
            check_fonts(part, owner)


@lru_cache(maxsize=_MOST_KEPT)
def name_of(path: str) -> str | None:
    """Return what a font calls itself, None if it does not say it, or is there no more."""
    try:
        with open(path, "rb") as file:
            name: str | None = ImageFont.truetype(file, 12).getname()[0]
    except (OSError, ValueError):
        return None
    return name.replace("'", "") if name else None


def _parts(value: object) -> list[Mapping[str, object]]:
    """Return what has properties of its own in a value."""
    if type(value) in _NO_PARTS:
        return []
    several = value if isinstance(value, Sequence) else (value,)
    return [one for one in several if type(one) not in _NO_PARTS and isinstance(one, Mapping)]


def _fault_of(path: str) -> str | None:
    try:
        found = os.stat(allowed_path(path))
        return _looked_at(path, found.st_mtime_ns, found.st_size)
    except VtkError as error:
        return str(error)
    except OSError as error:
        return f"{path}: no font that can be read: {error.strerror or error}"


@lru_cache(maxsize=_MOST_KEPT)
def _looked_at(path: str, _modified: int, size: int) -> str | None:
    if size > MOST_BYTES:
        return f"{path}: a font of {size} bytes; fonts have at most {MOST_BYTES}"
    try:
        with open(path, "rb") as file:
            ImageFont.truetype(file, 12)
    except (OSError, ValueError) as error:
        return f"{path}: no font that can be read (.ttf, .otf): {error}"
    return None

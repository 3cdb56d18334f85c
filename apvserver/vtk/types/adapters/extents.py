"""Extents as ParaView has them: how many points there are along each axis, and the lowest index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ...base.errors import InvalidProperty

DIMENSIONS: Final = "Dimensions"
LOWEST: Final = "MinimumIndex"
EXTENTS: Final = (("DataExtent", "SetHeaderSize"), ("WholeExtent", "SetXComponent"))
"""Properties that are extents, and what else a class has whose extent is meant."""


def check_three(label: str, value: Any) -> tuple[int, ...]:
    """Return three integers, as a tuple. Raises `InvalidProperty`."""
    several = list(value) if hasattr(value, "__iter__") and not isinstance(value, str | bytes | dict) else [value]
    if len(several) != 3 or any(isinstance(one, bool) or one != int(one) for one in _numbers(label, several)):
        raise InvalidProperty(f"{label} expects 3 integers, not {value!r:.80}")
    if label.endswith(DIMENSIONS) and min(several) < 0:
        raise InvalidProperty(f"{label} are numbers of points, and none is negative: {value!r:.80}")
    return tuple(int(one) for one in several)


def _numbers(label: str, several: list[Any]) -> Iterator[Any]:
    for one in several:
        if not isinstance(one, int | float) or one != one or abs(one) > 2**31 - 1:
            raise InvalidProperty(f"{label} expects integers, not {one!r:.80}")
        yield one


def read_extent(part: str, extent: str, algorithm: Any) -> tuple[int, ...]:
    """Return one of the two of an extent."""
    whole = getattr(algorithm, f"Get{extent}")()
    if part == LOWEST:
        return tuple(whole[::2])
    return tuple(max(0, high - low + 1) for low, high in zip(whole[::2], whole[1::2], strict=True))


def write_extent(part: str, extent: str, algorithm: Any, value: tuple[int, ...]) -> None:
    """Set one of the two, and leave the other as it is."""
    lowest = value if part == LOWEST else read_extent(LOWEST, extent, algorithm)
    count = value if part == DIMENSIONS else read_extent(DIMENSIONS, extent, algorithm)
    whole = [index for low, many in zip(lowest, count, strict=True) for index in (low, low + max(many - 1, 0))]
    getattr(algorithm, f"Set{extent}")(whole)

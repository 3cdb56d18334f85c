"""How large, how small and how many: limits of numbers that VTK does not keep itself, looked at before it runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from async_paraview.information import DataInformation

from ...memory import machine_bytes
from ...settings import adopted
from .definitions import Definition, PropertyDefinition

Held = Mapping[str, tuple[DataInformation, ...]]
"""What is connected to each input, by its name."""
LIMITED: Final = ("number", "size")
"""Kinds of domains that this is about."""
_BYTES_EACH: Final = 64
"""Of a point or a cell of a result, with what belongs to it, at least."""
_BYTES_OF_IMAGES: Final = 4
"""Of a point of an image or grid, which has no cells to be kept; `memory_guard` counts its arrays."""
_FEW: Final = 1e6
"""So many of anything are made without a look at the memory."""


def outside_limits(definition: Definition, _held: Held, values: Mapping[str, Any]) -> str | None:
    """Return what is set to a number below the least or above the most that its domain names; None if nothing is."""
    for one in definition.with_domain(*LIMITED):
        low, high = one.domain.get("min", -math.inf), one.domain.get("max", math.inf)
        value = values.get(one.name)
        several = value if isinstance(value, list | tuple) else () if value is None else (value,)
        if not all(low <= number <= high for number in several):
            wanted = f"at least {low}" if high == math.inf else f"at most {high}" if low == -math.inf else ""
            return f"{one.name} is {value!r} and must be {wanted or f'between {low} and {high}'}"
    return None


def too_large(definition: Definition, held: Held, values: Mapping[str, Any]) -> str | None:
    """Return why a result would not fit into the memory; None if it does: VTK ends the process where it would not."""
    sizes = definition.with_domain("size")
    if not sizes:
        return None
    count = math.prod(_count(one, values.get(one.name, one.default)) for one in sizes)
    if any(one.domain.get("of") for one in sizes):
        inputs = (data for several in held.values() for data in several)
        count *= max(1, sum(data.number_of_points + data.number_of_cells for data in inputs))
    structured = any(isinstance(values.get(one.name, one.default), list | tuple) for one in sizes)
    bytes_ = count * (_BYTES_OF_IMAGES if structured else _BYTES_EACH)
    if count <= _FEW or bytes_ <= memory_bytes():
        return None
    set_to = ", ".join(f"{one.name} = {values.get(one.name, one.default)!r}" for one in sizes)
    needed, there = bytes_ / 1024**3, memory_bytes() / 1024**3
    return f"{set_to} would make {count:.3g} points or cells, which take {needed:.3g} GiB or more, of {there:.3g} GiB"


def memory_bytes() -> float:
    """Return what there is for data: the memory of the machine, or that which a session may use."""
    return min(machine_bytes(), adopted().max_memory or math.inf)


def streamed_bytes() -> float | None:
    """Return from which size on data is executed in pieces, one after the other; None if it never is."""
    asked = adopted().stream
    return None if asked == 0 else float(asked or memory_bytes())


def _count(one: PropertyDefinition, value: Any) -> float:
    """Return how many a property makes: an extent of six, a product of several, or a power of `base`."""
    if isinstance(value, list | tuple):
        if len(value) == 6:
            return math.prod(
                float(max(1, last - first + 1)) for first, last in zip(value[::2], value[1::2], strict=True)
            )
        return math.prod(float(max(1, number)) for number in value)
    base = one.domain.get("base")
    if base is not None:
        return math.pow(base, min(max(0, value), 64))
    return float(max(1, value))

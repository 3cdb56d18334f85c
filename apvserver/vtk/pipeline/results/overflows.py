"""Whether what was set makes places or values that are no finite numbers, of data in which all are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ...base.array_types import as_numpy
from ...base.blocks import parts
from ...types.definitions import Definition
from ...types.properties import may_be_nan
from ..proxies import Pipeline
from ..proxy import Proxy
from .nothing_made import held_output

_LARGE: Final = 1e15
_SMALL: Final = 1e-15
"""Beyond these, squares and quotients of numbers may leave what single precision holds."""


def overflow(pipeline: Pipeline, proxy: Proxy, *, told: bool) -> str | None:
    """Return what to say if a proxy that was just executed has made places or values that are not finite; None if not.

    It is looked at only where a number was set that may be the reason. Values may have gaps where that was `told`, and
    where an array says which of them count.
    """
    suspects = dict(_suspects(pipeline, proxy))
    if not suspects:
        return None
    inputs = [pipeline.output_data(*one) for several in proxy.inputs.values() for one in several]
    made = [held_output(proxy.parts[part], port) for part, port in proxy.composition.outputs]
    if not _are_finite(made, _places) and _are_finite(inputs, _places):
        what = "places"
    elif proxy.definition.curated and not told and _may_be_why(suspects, inputs) and _overflown(made, inputs):
        what = "values"
    else:
        return None
    names = ", ".join(f"{name} = {value!r:.80}" for name, value in suspects.items())
    return f"the result has {what} that are no finite numbers, and the input has none; look at {names}"


def _may_be_why(suspects: Mapping[str, Any], inputs: list[Any]) -> bool:
    """Tell whether numbers near to 0 may be why: filters are expected to get along with 0, sources are not."""
    return not inputs or any(map(_is_extreme, suspects.values()))


def _overflown(made: list[Any], inputs: list[Any]) -> bool:
    return not _are_finite(made, _values) and _are_finite(inputs, _values)


def _suspects(pipeline: Pipeline, proxy: Proxy) -> Iterator[tuple[str, Any]]:
    yield from _numbers(proxy.definition, proxy.given, "")
    if not proxy.objects and not proxy.own_objects:
        return
    held = {name: pipeline.proxy(id_) for name, id_ in proxy.objects.items() if id_ is not None}
    for name, one in {**proxy.own_objects, **held}.items():
        yield from _numbers(one.definition, one.given, f"{name}.")


def _numbers(definition: Definition, given: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    numbers = definition.once(_finite_numbers)
    for name, value in given.items():
        if name in numbers and (_is_extreme(value) or 0 in _several(value)):
            yield f"{prefix}{name}", value


def _finite_numbers(definition: Definition) -> frozenset[str]:
    """Return the properties that are numbers, but for those that mark where there is no result."""
    return frozenset(one.name for one in definition.properties if one.type == "float" and not may_be_nan(one.name))


def _is_extreme(value: Any) -> bool:
    """Return whether one of the numbers is so large, or so near to nothing."""
    if type(value) is float and _SMALL <= abs(value) <= _LARGE:  # most are
        return False
    sizes = (abs(one) for one in _several(value) if isinstance(one, int | float))
    return any(size > _LARGE or 0 < size < _SMALL or not math.isfinite(size) for size in sizes)


def _several(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _are_finite(several: list[Any], arrays: Any) -> bool:
    found = (array for data in several if data is not None for part in parts(data) for array in arrays(part))
    return all(bool(np.isfinite(as_numpy(array)).all()) for array in found)


def _places(part: Any) -> Iterator[Any]:
    if part.IsA("vtkPointSet") and part.GetNumberOfPoints():
        yield part.GetPoints().GetData()


def _values(part: Any) -> Iterator[Any]:
    """Yield values of points, cells and rows; none where there are gaps, which an array tells."""
    for kind in range(vtkDataObject.NUMBER_OF_ATTRIBUTE_TYPES):
        attributes = part.GetAttributes(kind)
        if attributes is None or attributes.HasArray("vtkValidPointMask"):
            continue
        arrays = (attributes.GetArray(index) for index in range(attributes.GetNumberOfArrays()))
        yield from (one for one in arrays if one is not None and one.GetDataTypeAsString() in ("float", "double"))

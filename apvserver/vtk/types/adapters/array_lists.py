"""Which arrays a filter or writer is to take, by name: lists that VTK keeps in objects of its own."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any, Final

_GETTER: Final = re.compile(r"^Get(\w+)Selection$")


def array_lists_of(cls: Any) -> Mapping[str, str]:
    """Return, for a class that is no reader, the names of lists of names, and the methods that give VTK's objects."""
    return _array_lists_of(cls)


@functools.cache
def _array_lists_of(cls: Any) -> Mapping[str, str]:
    if cls.__name__.endswith("Reader"):
        return {}
    getters = (found for attribute in dir(cls) if (found := _GETTER.match(attribute)))
    return {
        f"{found[1]}s": found[0]
        for found in getters
        if re.match(r"\w+\(self\)\s*->\s*vtkDataArraySelection", getattr(cls, found[0]).__doc__ or "")
    }


def write_names(getter: str, instance: Any, value: Mapping[str, bool] | tuple[str, ...]) -> None:
    """Have the names that are given taken, and no others; of a map those that are on."""
    names = [name for name, on in value.items() if on] if isinstance(value, Mapping) else list(value)
    if list(read_names(getter, instance)) == names:
        return
    selection = getattr(instance, getter)()
    selection.RemoveAllArrays()
    for name in names:
        selection.EnableArray(name)
    instance.Modified()


def read_names(getter: str, instance: Any) -> tuple[str, ...]:
    """Return the names that are taken."""
    selection = getattr(instance, getter)()
    names = (selection.GetArrayName(index) for index in range(selection.GetNumberOfArrays()))
    return tuple(name for name in names if selection.ArrayIsEnabled(name))

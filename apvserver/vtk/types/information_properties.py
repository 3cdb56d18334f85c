"""Information properties: what an algorithm knows after it was executed, such as the volume that it has measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, Protocol, cast

from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm

from ..base.facts import vtk_facts
from ..base.vtk_messages import capture
from .definitions import Definition, PropertyDefinition, PropertyType

_DESCRIPTOR = type(vtkAlgorithm.abort_execute)
_READ_ONLY = re.compile(r"read-only, calls Get(\w+)")
_RETURNS = re.compile(r"^Get\w+\(self\)\s*->\s*(.+?)$", re.M)
_SCALARS: Final = {"int": "int", "float": "float", "str": "str", "bool": "bool"}
_OF_VTK_ITSELF: Final = re.compile(r"(MinValue|MaxValue|MTime)$")
"""Ends of names that tell about the class, or about VTK's own bookkeeping."""


class Executed(Protocol):
    """What was executed: a proxy of a pipeline."""

    @property
    def definition(self) -> Definition:
        """What its type is like."""

    @property
    def algorithms(self) -> tuple[Any, ...]:
        """The instances of VTK that it consists of."""


def reading_definitions(cls: Any, taken: frozenset[str]) -> tuple[PropertyDefinition, ...]:
    """Return the information properties of a class: what can be got and not set, and is plain."""
    return tuple(sorted(_information_properties(cls, taken), key=lambda one: one.name))


def information_properties(proxy: Executed) -> dict[str, Any]:
    """Return the values of a proxy's information properties, as they are after its last execution."""
    wanted = [one.name for one in proxy.definition.properties if one.information]
    found: dict[str, Any] = {}
    with capture():
        for part in proxy.algorithms:
            for name in wanted:
                getter = getattr(part, f"Get{name}", None)
                if getter is not None:
                    try:
                        value = getter()
                    except (TypeError, DeprecationWarning):
                        continue  # of another part's class, with other arguments; or the program has none of that
                    found[name] = list(value) if isinstance(value, tuple) else value
    return found


_NOT_OFFERED: Final = ("fatal_properties", "meaningless_properties", "warning_properties")


def not_to_be_read(cls: Any) -> frozenset[str]:
    """Return the properties of a class that are not offered: their getters end the process, warn, or tell nothing."""
    tables = [vtk_facts.facts("classes", group) for group in _NOT_OFFERED]
    classes = {base.__name__ for base in cls.__mro__}
    return frozenset(name for facts in tables for fact in facts if fact.name in classes for name in fact.names)


def _information_properties(cls: Any, taken: frozenset[str]) -> Iterator[PropertyDefinition]:
    left_out = taken | not_to_be_read(cls)
    for attribute in dir(cls):
        descriptor = getattr(cls, attribute)
        if type(descriptor) is not _DESCRIPTOR or hasattr(vtkAlgorithm, attribute):
            continue
        match = _READ_ONLY.match(descriptor.__doc__ or "")
        if match is None:
            continue
        name, getter = match[1], getattr(cls, f"Get{match[1]}", None)
        if name in left_out or getter is None or _OF_VTK_ITSELF.search(name):
            continue
        if hasattr(cls, f"Set{name}"):
            continue
        doc = getter.__doc__ or ""
        kind = _plain_kind(_RETURNS.findall(doc))
        if kind is not None:
            yield PropertyDefinition(
                name, kind[0], kind[1], None, doc=_text(doc, name), panel="advanced", information=True
            )


def _plain_kind(returns: list[str]) -> tuple[PropertyType, int] | None:
    """Return the type and number of what is returned, None if that is no plain value."""
    for text in returns:
        parts = [part.strip() for part in text.strip("()[] ").split(",")]
        if set(parts) <= _SCALARS.keys() and len(set(parts)) == 1:
            return cast(PropertyType, parts[0]), len(parts)
    return None


def _text(doc: str, name: str) -> str:
    text = re.sub(r"\s+", " ", doc.rpartition("\n\n")[2] if "\n\n" in doc else "").strip()
    return text or f"{name}, as it is after the last execution."

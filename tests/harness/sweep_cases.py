"""What the sweep tries of a type: its defaults, other inputs, and each property at its limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

import vtkmodules.vtkCommonDataModel as model

from apvserver.vtk.base.arrays import describe_arrays
from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.errors import UnknownType
from apvserver.vtk.types.definitions import Definition, PropertyDefinition
from apvserver.vtk.types.toml_definitions import OBJECTS, composition

OTHER: Final = "hexahedra"
"""The kind of data at inputs of a second name, where they do not get the same as the first."""
_WHOLE: Final = (0, -1, 1, 2, 2**31 - 1, -(2**31))
_REAL: Final = (0.0, -1.0, 1.0, 1e300, -1e300, 1e-300, float("nan"), float("inf"))
_TEXTS: Final = ("", "no such", "a b")
_EXTENTS: Final = ([0, 0] * 3, [1, 2] * 3, [2, 1] * 3, [-5, -1] * 3, [0, 2**31 - 1] * 3)
_RUN_FOR_LONG: Final = frozenset({"Script", "FileName", "FileNames", "CaseFileName"})
"""Are no numbers with limits: what they name or say is what is executed."""


@dataclass(frozen=True)
class Case:
    """One execution: what differs from the defaults, and what is connected to inputs other than the first."""

    label: str
    properties: dict[str, Any] = field(default_factory=dict)
    objects: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """Types and properties of what is held, by the property that holds it; the type "": nothing is held."""
    first: str = "data"
    others: str = "data"


def cases(type_name: str, data: Any, *, limits: bool) -> Iterator[Case]:
    """The cases of a type over data (None for sources), the same ones in the same order each time."""
    definition = composition(type_name).definition
    yield Case("defaults")
    if len(definition.inputs) > 1:
        yield Case("other second input", others=OTHER)
        yield Case("other first input", first=OTHER)
    if len(definition.inputs) == 1 and definition.inputs[0].repeatable:
        yield Case("two inputs", others=OTHER)
    if not limits:
        return
    for one in definition.properties:
        if one.information or one.name in _RUN_FOR_LONG or one.path:
            continue
        if one.kind == "object":
            yield from _of_object(one)
        else:
            for value in _values(one, data):
                yield _switched_on(Case(f"{one.name} = {value!r:.60}", {one.name: value}), one, definition)


def _switched_on(case: Case, one: PropertyDefinition, definition: Definition) -> Case:
    """The case with what makes the property count, where it is hidden unless another has some value, or object."""
    other = one.hidden_unless
    if not other or other.get("property") == one.name:
        return case
    name, value = other["property"], other["equals"]
    if not any(each.name == name and each.kind == "object" for each in definition.properties):
        return replace(case, properties={**case.properties, name: value})
    return replace(case, objects={name: (f"{OBJECTS}{value}" if value else "", {})})


def _of_object(one: PropertyDefinition) -> Iterator[Case]:
    for candidate in one.candidates:
        name = candidate if one.takes_sources else f"{OBJECTS}{candidate}"
        yield Case(f"{one.name} = {candidate}", objects={one.name: (name, {})})
        try:
            properties = composition(name).definition.properties
        except UnknownType:
            continue
        for inner in properties:
            if inner.kind == "object" or inner.information:
                continue
            for value in _values(inner, None):
                label = f"{one.name} = {candidate}, {inner.name} = {value!r:.60}"
                yield Case(label, objects={one.name: (name, {inner.name: value})})


def _values(one: PropertyDefinition, data: Any) -> list[Any]:
    kind = one.domain.get("kind")
    if kind == "arrays":
        return _arrays(one, data)
    if kind in ("extent", "rows"):
        return list(_EXTENTS)
    if one.type == "bool":
        return [True, False]
    if one.type == "enum":
        return [number for _, number in one.enumeration]
    if one.type == "str":
        return list(_TEXTS)
    if one.type == "array_selection":
        return [{}, {"no such": True}]
    single = _limits(one)
    if one.kind == "indexed" and one.name == "IDs":
        return [[], [0, 0], [0, 3, 0, 5], [0, 10**9], [0, -1], [99, 0], [-1, 0]]
    if one.kind == "indexed":
        return [[], *([value] for value in single), [0.0] * 5, [1.0, -1.0, 1.0]]
    if one.size == 1:
        return single
    mixed = [[value if index == 0 else 1 for index in range(one.size)] for value in single]
    return [*([value] * one.size for value in single), *mixed, list(range(one.size, 0, -1)), list(range(one.size))]


def _limits(one: PropertyDefinition) -> list[Any]:
    usual: tuple[Any, ...] = _WHOLE if one.type == "int" else _REAL
    ends = tuple(int(end) if one.type == "int" else end for end in one.range or ())
    around = tuple(end + step for end in ends for step in (-1, 1)) if one.range else ()
    return list(dict.fromkeys(value for value in (*usual, *ends, *around) if abs(value) < 2**63 or one.type != "int"))


def _arrays(one: PropertyDefinition, data: Any) -> list[Any]:
    """Every array that there is, whether it fits or not, and one that is not there."""
    found: dict[tuple[str, str], None] = {}
    for part in parts(data) if data is not None else ():
        found.update(((array["association"], array["name"]), None) for array in describe_arrays(part, _no_range))
    if one.domain.get("names"):
        return [*dict.fromkeys(name for _, name in found), "no such", ""]
    return [*([association, name] for association, name in found), ["POINTS", "no such"], ["CELLS", ""]]


def _no_range(_array: Any, _component: int) -> None:
    return None


def is_empty(data: Any) -> bool:
    """Whether nothing is in it: neither points, nor cells, nor rows, nor vertices."""
    counts = ("GetNumberOfPoints", "GetNumberOfCells", "GetNumberOfRows", "GetNumberOfVertices", "GetNumberOfLeaves")
    if data is None:
        return True
    if isinstance(data, model.vtkCompositeDataSet):
        return all(is_empty(part) for part in parts(data))
    return not any(getattr(data, name)() for name in counts if hasattr(data, name))

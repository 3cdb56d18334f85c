"""What a client may know about an algorithm class: plain frozen values, ready for msgpack."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import MISSING, field, fields
from typing import Any, Literal, TypeVar

from async_paraview.older_names import OlderName
from async_paraview.records import dataclass

T = TypeVar("T")
Group = Literal["sources", "filters", "readers", "writers", "mappers", "objects"]
PropertyType = Literal["int", "float", "str", "bool", "enum", "object", "array_selection"]
Kind = Literal["simple", "indexed", "object"]


@dataclass(frozen=True)
class InputDefinition:
    """One input port: its name, the VTK data types it accepts, and how many connections it takes."""

    name: str
    data_types: tuple[str, ...]
    repeatable: bool
    optional: bool
    doc: str = ""


@dataclass(frozen=True)
class PropertyDefinition:
    """One property of an algorithm.

    `size` is the number of components, 0 for a list of any length (kind "indexed"). `default` is the value of a
    fresh instance: a scalar for size 1, else a tuple. `range` is (lowest, highest), for every component alike;
    VTK clamps to it. `enumeration` pairs names with numbers. `path` marks names of files or directories on the
    server. Kind "object" takes a proxy of one of the types in `candidates`, the first of which is the default.

    For user interfaces: `label`, `panel` ("default", "advanced", "never"), `hidden_unless` ({"property", "equals"}) and
    `domain`, what sensible values are, to be evaluated against what the inputs hold (docs/definitions.md).
    `information` properties are read after an execution and never set.
    """

    name: str
    type: PropertyType
    size: int
    default: Any
    range: tuple[float, float] | None = None
    enumeration: tuple[tuple[str, int], ...] = ()
    doc: str = ""
    kind: Kind = "simple"
    path: bool = False
    label: str = ""
    panel: str = ""
    domain: Mapping[str, Any] = field(default_factory=dict)
    hidden_unless: Mapping[str, Any] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()
    information: bool = False
    takes_sources: bool = False
    """Of kind "object": whether the candidates are sources, not objects."""
    names: tuple[tuple[str, str], ...] = ()
    """Of kind "object": words that stand for types; "" is none."""
    only: str = ""
    """Why it can have no other value than its default; "" if it can."""
    also: tuple[tuple[str, int], ...] = ()
    """Names of an enumeration, with their numbers, that are taken besides those of `enumeration`: VTK's own."""

    def to_dict(self) -> dict[str, Any]:
        """Return the same as a dict of plain values."""
        return _to_dict(self)


@dataclass(frozen=True)
class Definition:
    """A type of proxy: what goes in, what comes out, what can be set.

    `type_name` is the name of a curated type, or VTK's class name.
    """

    type_name: str
    group: Group
    label: str
    doc: str
    inputs: tuple[InputDefinition, ...]
    outputs: int
    properties: tuple[PropertyDefinition, ...]
    category: str = ""
    see_also: tuple[str, ...] = ()
    curated: bool = False
    older: tuple[OlderName, ...] = ()
    """Names that properties had before, which clients lead to those of today."""

    @functools.cached_property
    def by_name(self) -> Mapping[str, PropertyDefinition]:
        """The properties by their names."""
        return {one.name: one for one in self.properties}

    @functools.cached_property
    def objects(self) -> Mapping[str, PropertyDefinition]:
        """The properties that hold an object or a source, by their names."""
        return {one.name: one for one in self.properties if one.kind == "object"}

    @functools.cached_property
    def older_by_name(self) -> Mapping[str, OlderName]:
        """The names of before."""
        return {one.name: one for one in self.older if not one.has_new_meaning}

    @functools.cached_property
    def ports(self) -> Mapping[str, InputDefinition]:
        """The inputs by their names."""
        return {one.name: one for one in self.inputs}

    def once(self, tell: Callable[[Definition], T]) -> T:
        """Return what a plain function tells of this type; it is called once, however often that is needed.

        So what is looked at around each execution is found in no time: which rules there are, which numbers, ...
        """
        if tell not in self._told:
            self._told[tell] = tell(self)
        found: T = self._told[tell]
        return found

    @functools.cached_property
    def _told(self) -> dict[Any, Any]:
        return {}

    def with_domain(self, *kinds: str) -> tuple[PropertyDefinition, ...]:
        """Return the properties whose domain is of one of these kinds: asked for before each execution."""
        found = self._with_domain.get(kinds)
        if found is None:
            found = self._with_domain[kinds] = tuple(p for p in self.properties if p.domain.get("kind") in kinds)
        return found

    @functools.cached_property
    def _with_domain(self) -> dict[tuple[str, ...], tuple[PropertyDefinition, ...]]:
        return {}

    def to_dict(self) -> dict[str, Any]:
        """Return the same as nested dicts and lists of plain values."""
        plain = _to_dict(self)
        plain["inputs"] = [_to_dict(one) for one in self.inputs]
        plain["properties"] = [one.to_dict() for one in self.properties]
        if self.older:
            plain["older"] = [one.to_dict() for one in self.older]
        return plain


@dataclass(frozen=True)
class Accessor:
    """How a simple property is read and written: the methods' names and the setter's shape.

    `as_tuple` says that the setter takes one sequence instead of `size` scalars; `constants` maps numbers to the
    constants of a C++ enumeration, which the wrapped setters want instead of numbers.
    """

    definition: PropertyDefinition
    getter: str
    setter: str
    as_tuple: bool = False
    constants: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Reflected:
    """A definition together with the accessors of its simple and object-valued properties by name."""

    definition: Definition
    properties: dict[str, PropertyDefinition]
    accessors: dict[str, Accessor]


@dataclass(frozen=True)
class Adjustment:
    """VTK took another value than was asked for, for example because it clamps to a range."""

    property: str
    requested: Any
    actual: Any

    def to_dict(self) -> dict[str, Any]:
        """Return the same as a dict of plain values."""
        return _to_dict(self)


def _to_dict(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass; those that may be left out are left out where they are empty."""
    plain = {}
    for one in fields(value):
        content = getattr(value, one.name)
        optional = one.default is not MISSING or one.default_factory is not MISSING
        if content or not optional or one.name in _ALWAYS:
            plain[one.name] = _plain(content)
    return plain


_ALWAYS = frozenset({"range", "enumeration", "doc", "kind", "path"})


def _plain(value: Any) -> Any:
    return [_plain(one) for one in value] if isinstance(value, tuple) else value

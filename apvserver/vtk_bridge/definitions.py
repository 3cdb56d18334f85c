"""What a client may know about an algorithm class: plain frozen values, ready for msgpack."""

from dataclasses import dataclass, fields
from typing import Any, Literal

Group = Literal["sources", "filters", "readers", "writers", "mappers"]
PropertyType = Literal["int", "float", "str", "bool", "enum", "object", "array_selection"]
Kind = Literal["simple", "indexed", "object"]


@dataclass(frozen=True)
class InputDefinition:
    """One input port: its name, the VTK data types it accepts, and how many connections it takes."""

    name: str
    data_types: tuple[str, ...]
    repeatable: bool
    optional: bool


@dataclass(frozen=True)
class PropertyDefinition:
    """One property of an algorithm.

    `size` is the number of components, 0 for a list of any length (kind "indexed"). `default` is the value of a
    fresh instance: a scalar for size 1, else a tuple. `range` is (lowest, highest), for every component alike;
    VTK clamps to it. `enumeration` pairs names with numbers. `path` marks names of files or directories on the
    server. Kind "object" is listed but cannot be set.
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

    def to_plain(self) -> dict[str, Any]:
        """The same as a dict of plain values."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


@dataclass(frozen=True)
class Definition:
    """An algorithm class: what goes in, what comes out, what can be set. `type_name` is the VTK name."""

    type_name: str
    group: Group
    label: str
    doc: str
    inputs: tuple[InputDefinition, ...]
    outputs: int
    properties: tuple[PropertyDefinition, ...]

    def to_plain(self) -> dict[str, Any]:
        """The same as nested dicts and lists of plain values."""
        plain = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        plain["inputs"] = [{f.name: _plain(getattr(one, f.name)) for f in fields(one)} for one in self.inputs]
        plain["properties"] = [one.to_plain() for one in self.properties]
        return plain


@dataclass(frozen=True)
class Adjustment:
    """VTK took another value than the one asked for, for example because it clamps to a range."""

    property: str
    requested: Any
    actual: Any

    def to_plain(self) -> dict[str, Any]:
        """The same as a dict of plain values."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: Any) -> Any:
    return [_plain(one) for one in value] if isinstance(value, tuple) else value

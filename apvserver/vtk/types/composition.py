"""What a type of proxy consists of: one VTK class, or several that work as one, and where its properties go."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from async_paraview.domains import FILLED
from async_paraview.records import dataclass

from .catalog import canonical_name
from .definitions import Definition
from .limits import LIMITED
from .reflection import definition

SubProxyPort = tuple[str, int]
"""A part of a composition, and the number of one of its ports."""


@dataclass(frozen=True)
class SubProxy:
    """One VTK instance of a proxy, with the values that it always has."""

    name: str
    vtk_name: str
    fixed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ExposedProperty:
    """Where the value of a property goes: to (part, property) of each of `targets`, all alike.

    `negate` turns True into False; `index` is the place of the value in a list that the target takes. An object that
    is a source is connected to the port `connect` instead.
    """

    targets: tuple[tuple[str, str], ...] = ()
    negate: bool = False
    index: int | None = None
    connect: SubProxyPort | None = None
    each: bool = False
    """Whether each of the targets takes one of the values of a list."""


@dataclass(frozen=True)
class Composition:
    """A type of proxy. Without `routes` it is a bare class, whose properties are its own.

    `parts` are in the order of execution; `links` say which input of a part takes which output of an earlier one;
    `inputs` and `outputs` are those of the whole.
    """

    definition: Definition
    parts: tuple[SubProxy, ...]
    links: tuple[tuple[SubProxyPort, SubProxyPort], ...] = ()
    inputs: Mapping[str, tuple[SubProxyPort, ...]] = field(default_factory=dict)
    outputs: tuple[SubProxyPort, ...] = ()
    routes: Mapping[str, ExposedProperty] | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Values of properties that differ from VTK's own, set when a proxy is made."""

    @functools.cached_property
    def differs_from_vtk(self) -> bool:
        """Whether a new proxy has other values than fresh instances of VTK."""
        return bool(self.defaults) or any(part.fixed for part in self.parts)

    @functools.cached_property
    def filled(self) -> tuple[dict[str, Any], ...]:
        """The properties, as plain values, whose defaults depend on the inputs: they are filled in, see `filling`."""
        return tuple(one.to_dict() for one in self.definition.properties if one.domain.get("kind") in FILLED)

    @functools.cached_property
    def chooses(self) -> bool:
        """Whether it may read files that have something to choose of: see `selections`."""
        return any(part.vtk_name.endswith("Reader") for part in self.parts)

    @functools.cached_property
    def asks_for_arrays(self) -> bool:
        """Whether what is filled in depends on which arrays the inputs have."""
        return any(one["domain"]["kind"] in ("arrays", "array_range") for one in self.filled)

    @functools.cached_property
    def limited(self) -> bool:
        """Whether numbers of it have limits that VTK does not keep; see `limits`."""
        return any(one.domain.get("kind") in LIMITED for one in self.definition.properties)

    @functools.cached_property
    def suiting(self) -> frozenset[str]:
        """The properties whose values matter to whether it suits its inputs: with a domain, or named by one."""
        properties = self.definition.properties
        named = {value for one in properties for value in one.domain.values() if isinstance(value, str)}
        return frozenset(one.name for one in properties if one.domain or one.kind == "object" or one.name in named)

    def route(self, name: str) -> ExposedProperty | None:
        """Return where a property goes; None if there is no such property.

        Those of a bare class are not checked here.
        """
        if self.routes is not None:
            return self.routes.get(name)
        return self._own_routes.get(name) or self._own_route(name)

    def _own_route(self, name: str) -> ExposedProperty:
        return ExposedProperty(((self.parts[-1].name, name),))

    @functools.cached_property
    def _own_routes(self) -> dict[str, ExposedProperty]:
        return {one.name: self._own_route(one.name) for one in self.definition.properties}


@functools.cache
def bare_composition(type_name: str) -> Composition:
    """Return the composition of a VTK class, named with or without "vtk". Raises `UnknownType`."""
    vtk_name = canonical_name(type_name)
    made = definition(vtk_name)
    return Composition(
        definition=made,
        parts=(SubProxy("", vtk_name),),
        inputs={one.name: (("", port),) for port, one in enumerate(made.inputs)},
        outputs=tuple(("", port) for port in range(made.outputs)),
    )

"""One server-side proxy: the VTK instances that it consists of, and what is known of them."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeVar

from ..algorithms.arrays.promotion import PromoteIntegers
from ..algorithms.own_algorithms import Follower
from ..types.catalog import construct
from ..types.composition import Composition, ExposedProperty
from ..types.definitions import Definition
from ..types.properties import apply_settings, set_object
from ..types.property_routes import default_settings
from ..types.toml_definitions import OBJECTS, composition
from .pieces.state import Collected, InPieces

V = TypeVar("V")

Connection = tuple[int, int]
"""A source of data: (proxy id, output port)."""
Inputs = Mapping[str, Sequence[Connection]]
Objects = Mapping[str, int | None]
"""Names of object-valued properties, and the ids of the proxies that they hold."""

OWN: Final = -1
"""The id of what no client knows: objects that a proxy has by itself."""


_NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})


def _nothing() -> Mapping[Any, Any]:
    """Return what most proxies have of most of this: one for all, as each container costs the garbage collector."""
    return _NOTHING


@dataclass(eq=False)
class Proxy:
    """One algorithm of a pipeline, several that work as one, or an object that properties of others hold.

    `parts` are the VTK instances by the names of sub-proxies, in the order of execution. `inputs` maps names of input
    ports to what is connected to them, `objects` names of properties to proxies. `users` counts, for each proxy that
    depends on this one directly, how often. `watches` belongs to the executor, which keeps its observers there.
    `outputs` keeps the data objects that were asked for. `given` are the values that were set, `filled` those that were
    taken from the inputs instead; `named` are the types by which own objects were asked for; `suits` is for which
    versions of its inputs that was done, and why it cannot work on them, None after a change; see `filling`.
    `in_pieces` says how its output is had that is too large as a whole, `collected` is one that was made of pieces.
    `made` are the data objects of its parts, `settled` is how an execution has left it; see the module of that name.
    """

    id: int
    composition: Composition
    parts: dict[str, Any]
    inputs: dict[str, tuple[Connection, ...]] = field(default_factory=dict)
    objects: Mapping[str, int | None] = field(default_factory=_nothing)
    own_objects: Mapping[str, Proxy] = field(default_factory=_nothing)
    named: Mapping[str, str] = field(default_factory=_nothing)
    users: dict[int, int] = field(default_factory=dict)
    watches: Sequence[Any] = ()
    outputs: Mapping[int, Any] = field(default_factory=_nothing)
    given: dict[str, Any] = field(default_factory=dict)
    filled: Mapping[str, Any] = field(default_factory=_nothing)
    suits: tuple[list[int], str | None] | None = None
    settled: Any = None
    in_pieces: InPieces | None = None
    collected: Collected | None = None

    def __post_init__(self) -> None:
        """Keep what is asked for again and again around each execution, and never changes."""
        self.definition: Definition = self.composition.definition
        """What the type is like."""
        self.type_name: str = self.definition.type_name
        """The name of the type: of a curated type, or VTK's class name."""
        self.is_object: bool = self.definition.group == "objects"
        """Whether it is no part of the pipeline, but what properties hold."""
        self.algorithms: tuple[Any, ...] = () if self.is_object else tuple(self.parts.values())
        """What is to be executed, in order."""
        self.made: list[Any] = [None] * len(self.algorithms)
        self.instance: Any = tuple(self.parts.values())[-1]
        """The VTK object that a property holds if it is set to this proxy; of an algorithm, its last part."""

    @functools.cached_property
    def informations(self) -> list[list[Any]]:
        """What VTK knows of the output ports of each part, kept once it is asked for.

        Each time that Python lets go of one, VTK's collector goes through all that is upstream.
        """
        return [
            [one.GetOutputInformation(port) for port in range(one.GetNumberOfOutputPorts())] for one in self.algorithms
        ]

    def forget_outputs(self) -> None:
        """Let go of all that is kept of its outputs: it is deleted."""
        self.outputs = _NOTHING
        self.made.clear()
        vars(self).pop("informations", None)

    def sources(self) -> tuple[int, ...]:
        """Return the ids of what it depends on directly, each once."""
        found = {source: None for connections in self.inputs.values() for source, _ in connections}
        if self.objects:
            found.update({held: None for held in self.objects.values() if held is not None})
        return tuple(found)

    def modified_time(self) -> int:
        """Return a number that grows with every change, of its parts and of what they hold."""
        return max(int(part.GetMTime()) for part in self.parts.values())

    def __str__(self) -> str:
        return f"{self.type_name} (proxy {self.id})"


def make_proxy(id: int, made_of: Composition) -> Proxy:
    """Return a new proxy: the instances of a composition, linked, with their defaults and with objects of their own."""
    parts = {part.name: construct(part.vtk_name) for part in made_of.parts}
    proxy = Proxy(id, made_of, parts)
    if made_of.links:
        _link(made_of, parts)
    if made_of.differs_from_vtk:
        apply_settings(default_settings(made_of, parts))
    if made_of.routes is not None:
        for one in made_of.definition.objects.values():
            route = made_of.route(one.name)
            if one.candidates and route is not None:
                own = make_proxy(OWN, composition(("" if route.connect else OBJECTS) + one.candidates[0]))
                proxy.own_objects = {**proxy.own_objects, one.name: own}
                hold_one(proxy, route, own)
    return proxy


def _link(made_of: Composition, parts: Mapping[str, Any]) -> None:
    names = {part.name: part.vtk_name for part in made_of.parts}
    for (part, port), (source, output) in made_of.links:
        parts[part].AddInputConnection(port, parts[source].GetOutputPort(output))
        if isinstance(parts[source], PromoteIntegers):
            parts[source].serve(parts[part], names[part], port)
        if isinstance(parts[part], Follower):
            parts[part].follow(parts[source])


def forget_object(proxy: Proxy, name: str) -> None:
    """Forget what a property holds."""
    proxy.objects = _without(proxy.objects, name)
    proxy.own_objects = _without(proxy.own_objects, name)
    proxy.named = _without(proxy.named, name)


def _without(kept: Mapping[str, V], name: str) -> Mapping[str, V]:
    return {one: value for one, value in kept.items() if one != name} if name in kept else kept


def hold_one(proxy: Proxy, route: ExposedProperty, held: Proxy | None) -> None:
    """Have a property hold another proxy, or nothing. Raises `InvalidProperty` for what VTK does not take."""
    if route.connect is not None:
        part, port = route.connect
        proxy.parts[part].RemoveAllInputConnections(port)
        if held is not None:
            source, output = held.composition.outputs[0]
            proxy.parts[part].AddInputConnection(port, held.parts[source].GetOutputPort(output))
    for part, name in route.targets:
        set_object(proxy.parts[part], name, None if held is None else held.instance)

"""The table of server-side proxies: algorithms and objects by id, their properties and their connections."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from async_paraview.graphs import in_order

from ..algorithms.arrays.promotion import PromoteIntegers
from ..algorithms.arrays.vectors import SweptVectors
from ..base.errors import InvalidProperty, PipelineError, UnknownProperty, UnknownProxy
from ..base.vtk_messages import install
from ..types.catalog import construct
from ..types.composition import Recipe, Route
from ..types.definitions import Adjustment, Definition
from ..types.ports import nothing_for
from ..types.properties import apply_settings, object_of, set_object
from ..types.property_routes import default_settings, resets_of, settings_of
from ..types.toml_definitions import OBJECTS, recipe

Connection = tuple[int, int]
"""A source of data: (proxy id, output port)."""
Inputs = Mapping[str, Sequence[Connection]]
Objects = Mapping[str, int | None]
"""Names of object-valued properties, and the ids of the proxies that they hold."""


@dataclass(eq=False)
class Proxy:
    """One algorithm of a pipeline, several that work as one, or an object that properties of others hold.

    `parts` are the VTK instances by the names of the recipe, in the order of execution. `inputs` maps names of input
    ports to what is connected to them, `objects` names of properties to proxies. `users` counts, for each proxy that
    depends on this one directly, how often. `watches` belongs to the executor, which keeps its observers there.
    `outputs` keeps the data objects that were asked for. `given` are the values that were set, `filled` those that were
    taken from the inputs instead; `suits` is for which versions of its inputs that was done, and why it cannot work on
    them, None after a change; see `filling`.
    """

    id: int
    recipe: Recipe
    parts: dict[str, Any]
    inputs: dict[str, tuple[Connection, ...]] = field(default_factory=dict)
    objects: dict[str, int | None] = field(default_factory=dict)
    own_objects: dict[str, "Proxy"] = field(default_factory=dict)
    users: dict[int, int] = field(default_factory=dict)
    watches: list[Any] = field(default_factory=list)
    outputs: dict[int, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    filled: dict[str, Any] = field(default_factory=dict)
    suits: tuple[list[int], str | None] | None = None

    @property
    def definition(self) -> Definition:
        """What the type is like."""
        return self.recipe.definition

    @property
    def type_name(self) -> str:
        """The name of the type: of a curated one, or VTK's class name."""
        return self.definition.type_name

    @property
    def is_object(self) -> bool:
        """Whether it is no part of the pipeline, but what properties hold."""
        return self.definition.group == "objects"

    @property
    def algorithms(self) -> tuple[Any, ...]:
        """What is to be executed, in order."""
        return () if self.is_object else tuple(self.parts.values())

    @property
    def instance(self) -> Any:
        """The VTK object that a property holds if it is set to this proxy; of an algorithm, its last part."""
        return tuple(self.parts.values())[-1]

    def sources(self) -> tuple[int, ...]:
        """The ids of what it depends on directly, each once."""
        held = (id_ for id_ in self.objects.values() if id_ is not None)
        return tuple(dict.fromkeys([*_sources(self.inputs.values()), *held]))

    def modified_time(self) -> int:
        """Grows with every change, of its parts and of what they hold."""
        return max(int(part.GetMTime()) for part in self.parts.values())

    def __str__(self) -> str:
        return f"{self.type_name} (proxy {self.id})"


class Pipeline:
    """The proxies of one session. Not thread-safe: it lives on the data service's thread.

    Every change is all or nothing. Errors are `UnknownProxy`, `PipelineError`, `UnknownType`, `UnknownProperty`
    and `InvalidProperty`; after each of them the pipeline is as it was.
    """

    def __init__(self) -> None:
        install()  # what VTK says while properties are set goes to the log
        self._proxies: dict[int, Proxy] = {}

    def create(
        self,
        id: int,
        type_name: str,
        properties: Mapping[str, Any] | None = None,
        inputs: Inputs | None = None,
        objects: Objects | None = None,
    ) -> list[Adjustment]:
        """Make a proxy under a new id; returns what VTK changed of the properties."""
        if id in self._proxies:
            raise PipelineError(f"cannot create {type_name}: id {id} is taken by {self._proxies[id]}")
        proxy = _make(id, recipe(type_name))
        checked = self._checked_inputs(proxy, inputs or {})
        held = self._checked_objects(proxy, objects or {})
        adjustments = apply_settings(settings_of(proxy.recipe, proxy.parts, properties or {}))
        self._proxies[id] = proxy
        try:
            self._hold(proxy, held)
        except InvalidProperty:
            del self._proxies[id]
            raise
        self._connect(proxy, checked)
        proxy.given.update(properties or {})
        return adjustments

    def modify(
        self, id: int, properties: Mapping[str, Any], objects: Objects | None = None, unset: Collection[str] = ()
    ) -> list[Adjustment]:
        """Set properties; returns what VTK changed of them. Equal values leave the algorithm up to date.

        Properties, objects and inputs named by `unset` become what they are in a new proxy, unless they are so already.
        """
        proxy = self.proxy(id)
        held = self._checked_objects(proxy, objects or {})
        before = proxy.modified_time()
        back = {*proxy.given, *proxy.objects, *proxy.inputs}.intersection(unset)
        fresh = _make(-1, proxy.recipe) if back else None
        resets = [] if fresh is None else resets_of(proxy.recipe, proxy.parts, fresh.parts, back & proxy.given.keys())
        settings = settings_of(proxy.recipe, proxy.parts, properties)
        adjustments = apply_settings(settings, resets, lambda: self._hold(proxy, held))
        if fresh is not None:
            self._take_back(proxy, fresh, back)
        proxy.given = {name: value for name, value in proxy.given.items() if name not in back} | dict(properties)
        proxy.filled = {name: value for name, value in proxy.filled.items() if name not in back | properties.keys()}
        proxy.suits = None
        self._have_users_suited(proxy)
        if proxy.is_object and proxy.modified_time() != before:
            self._invalidate_users(proxy)
        return adjustments

    def fill(self, proxy: Proxy, values: Mapping[str, Any]) -> None:
        """Set properties that nobody has set; those that hold the proxy, or own it, are out of date if it changed.

        What was filled in before, and is not any more, is set back.
        """
        before = proxy.modified_time()
        gone = proxy.filled.keys() - values.keys()
        fresh = _make(-1, proxy.recipe).parts if gone else {}
        resets = resets_of(proxy.recipe, proxy.parts, fresh, gone)
        apply_settings(settings_of(proxy.recipe, proxy.parts, values), resets)
        proxy.filled = dict(values)
        if proxy.is_object and proxy.modified_time() != before:
            self._invalidate_users(proxy)

    def connect(self, id: int, inputs: Inputs) -> None:
        """Replace the connections of the named input ports; an empty list disconnects a port."""
        proxy = self.proxy(id)
        self._connect(proxy, self._checked_inputs(proxy, inputs))

    def delete(self, *ids: int) -> None:
        """Remove proxies, all or none. `PipelineError` names other proxies that still depend on one of them."""
        proxies = {id: self.proxy(id) for id in sorted(ids)}
        for id, proxy in proxies.items():
            users = [str(self._proxies[user]) for user in self.dependents(id) if user not in proxies]
            if users:
                raise PipelineError(f"cannot delete {proxy}: {', '.join(users)} depend on it; delete or reconnect them")
        # Older ones first, as they mostly are sources of the others: VTK's collector goes through all that is upstream
        # of an input that is disconnected, which is as good as nothing then, and 1.5 ms each the other way round.
        for id, proxy in proxies.items():
            for algorithm in proxy.algorithms:
                for port in range(algorithm.GetNumberOfInputPorts()):
                    algorithm.RemoveAllInputConnections(port)
            for source in proxy.sources():
                self._proxies[source].users.pop(id, None)
                self._have_users_suited(self._proxies[source])
        for id in proxies:
            self._proxies.pop(id).outputs.clear()

    def close(self) -> None:
        """Delete all proxies."""
        self.delete(*self._proxies)

    def touch(self, id: int) -> None:
        """Mark a proxy as out of date."""
        for part in self.proxy(id).parts.values():
            part.Modified()

    def ids(self) -> tuple[int, ...]:
        """All ids in the order of creation."""
        return tuple(self._proxies)

    def __len__(self) -> int:
        return len(self._proxies)

    def __contains__(self, id: object) -> bool:
        return id in self._proxies

    def proxy(self, id: int) -> Proxy:
        """The proxy of that id. Raises `UnknownProxy`."""
        found = self._proxies.get(id)
        if found is None:
            known = ", ".join(str(one) for one in self.ids()[:20]) or "none"
            raise UnknownProxy(f"no proxy has id {id}; known ids: {known}")
        return found

    def algorithm(self, id: int) -> Any:
        """The VTK object of that id, the last one if there are several. Raises `UnknownProxy`."""
        return self.proxy(id).instance

    def output(self, id: int, port: int = 0) -> tuple[Any, int]:
        """The algorithm that makes an output of a proxy, and the number of its port there. Raises `PipelineError`."""
        proxy = self.proxy(id)
        if port not in range(len(proxy.recipe.outputs)):
            count = len(proxy.recipe.outputs)
            raise PipelineError(f"{proxy} has no output port {port!r}; it has {count}, counted from 0")
        part, number = proxy.recipe.outputs[port]
        return proxy.parts[part], number

    def output_data(self, id: int, port: int = 0) -> Any:
        """What an output of a proxy holds now, None if that is nothing. Raises `PipelineError`.

        The last one is kept: each time that Python lets go of it, VTK's collector goes through all that is upstream.
        """
        algorithm, number = self.output(id, port)
        data = self.proxy(id).outputs[port] = algorithm.GetOutputDataObject(number)
        return data

    def dependents(self, id: int) -> tuple[int, ...]:
        """The proxies that depend on this one directly, in the order of creation."""
        users = self.proxy(id).users
        return tuple(one for one in self._proxies if one in users) if users else ()

    def upstream_order(self, id: int) -> tuple[int, ...]:
        """The proxy and everything it depends on, each after all of its own sources; the proxy is last."""
        return tuple(in_order(self.proxy(id), lambda one: map(self._proxies.__getitem__, one.sources())))

    # --- inputs

    def _checked_inputs(self, proxy: Proxy, inputs: Inputs) -> dict[str, tuple[Connection, ...]]:
        ports = {port.name: port for port in proxy.definition.inputs}
        checked: dict[str, tuple[Connection, ...]] = {}
        for name, connections in inputs.items():
            if name not in ports:
                known = ", ".join(ports) or "none, it is a source"
                raise PipelineError(f"{proxy} has no input {name!r}; its inputs: {known}")
            sources = tuple(self._checked_connection(proxy, name, connection) for connection in connections)
            if len(sources) > 1 and not ports[name].repeatable:
                raise PipelineError(f"input {name!r} of {proxy} takes one connection, not {len(sources)}")
            checked[name] = sources
        return checked

    def _checked_connection(self, proxy: Proxy, name: str, connection: Connection) -> Connection:
        try:
            source_id, port = connection
        except (TypeError, ValueError):
            raise PipelineError(
                f"input {name!r} of {proxy} expects (proxy id, output port), not {connection!r}"
            ) from None
        if source_id not in self._proxies:
            raise UnknownProxy(f"cannot connect input {name!r} of {proxy}: no proxy has id {source_id!r}")
        source = self._proxies[source_id]
        if port not in range(source.definition.outputs):
            raise PipelineError(
                f"cannot connect input {name!r} of {proxy}: {source} has no output port {port!r}, "
                f"it has {source.definition.outputs}, counted from 0"
            )
        self._refuse_cycle(proxy, source, f"cannot connect input {name!r} of {proxy} to {source}")
        return source_id, int(port)

    def _refuse_cycle(self, proxy: Proxy, source: Proxy, what: str) -> None:
        """Only a proxy that others depend on already can become its own source."""
        if proxy is source or (proxy.users and proxy.id in self.upstream_order(source.id)):
            raise PipelineError(f"{what}: that would make a cycle")

    def _connect(self, proxy: Proxy, inputs: dict[str, tuple[Connection, ...]]) -> None:
        before = proxy.sources()
        for name, connections in inputs.items():
            if proxy.inputs.get(name) == connections:
                continue
            for part, port in proxy.recipe.inputs[name]:
                proxy.parts[part].RemoveAllInputConnections(port)
                for connection in connections:
                    source, output = self.output(*connection)
                    proxy.parts[part].AddInputConnection(port, source.GetOutputPort(output))
                if not connections and (nothing := nothing_for(proxy.parts[part], port)) is not None:
                    proxy.parts[part].AddInputDataObject(port, nothing)
            proxy.inputs[name] = connections
            proxy.suits = None
        self._count_users(proxy, before)

    # --- objects

    def _checked_objects(self, proxy: Proxy, objects: Objects) -> dict[str, tuple[Route, Proxy | None]]:
        known = {one.name: one for one in proxy.definition.properties if one.kind == "object"}
        checked: dict[str, tuple[Route, Proxy | None]] = {}
        for name, id_ in objects.items():
            if name not in known:
                some = ", ".join(known) or "none"
                raise UnknownProperty(f"{proxy} has no property {name!r} that holds an object; it has: {some}")
            held = None if id_ is None else self.proxy(id_)
            route = proxy.recipe.route(name)
            assert route is not None
            if held is not None:
                self._refuse_cycle(proxy, held, f"cannot set {name} of {proxy} to {held}")
                if held.is_object == (route.connect is not None):
                    some = ", ".join(known[name].candidates[:8])
                    raise InvalidProperty(f"{name} of {proxy} cannot hold {held}; it takes {some}")
            checked[name] = (route, held)
        return checked

    def _hold(self, proxy: Proxy, objects: dict[str, tuple[Route, Proxy | None]]) -> None:
        before = proxy.sources()
        targets = [(proxy.parts[part], name) for route, _ in objects.values() for part, name in route.targets]
        held_before = [(part, name, object_of(part, name)) for part, name in targets]
        try:  # what VTK may refuse comes before what is connected
            for route, held in sorted(objects.values(), key=lambda one: one[0].connect is not None):
                _hold_one(proxy, route, held)
        except InvalidProperty:
            for part, name, earlier in held_before:
                set_object(part, name, earlier)
            raise
        for name, (_, held) in objects.items():
            proxy.objects[name] = None if held is None else held.id
            proxy.own_objects.pop(name, None)
            proxy.suits = None
        self._count_users(proxy, before)

    def _take_back(self, proxy: Proxy, fresh: Proxy, names: Collection[str]) -> None:
        """Disconnect inputs; have properties hold what they hold in a proxy that was made anew."""
        before = proxy.sources()
        for name in [name for name in proxy.inputs if name in names]:
            for part, port in proxy.recipe.inputs[name]:
                proxy.parts[part].RemoveAllInputConnections(port)
            del proxy.inputs[name]
        for name in [name for name in proxy.objects if name in names]:
            route = proxy.recipe.route(name)
            assert route is not None
            if name in fresh.own_objects:
                _hold_one(proxy, route, fresh.own_objects[name])
                proxy.own_objects[name] = fresh.own_objects[name]
            elif route.connect is not None:
                _hold_one(proxy, route, None)
            else:
                for part, target in route.targets:
                    set_object(proxy.parts[part], target, object_of(fresh.parts[part], target))
            del proxy.objects[name]
        self._count_users(proxy, before)

    def _invalidate_users(self, changed: Proxy) -> None:
        """Not every algorithm looks at the modification time of what its properties hold."""
        seen, stack = {changed.id}, list(changed.users)
        while stack:
            id_ = stack.pop()
            if id_ not in seen:
                seen.add(id_)
                for part in self._proxies[id_].parts.values():
                    part.Modified()
                if self._proxies[id_].is_object:
                    stack += self._proxies[id_].users

    def _have_users_suited(self, held: Proxy) -> None:
        """What an object gets from the inputs of those that hold it is to be looked at again before they execute."""
        for user in held.users if held.is_object else ():
            self._proxies[user].suits = None

    def _count_users(self, proxy: Proxy, before: Iterable[int]) -> None:
        now = proxy.sources()
        for source in before:
            self._proxies[source].users.pop(proxy.id, None)
            if source not in now:
                self._have_users_suited(self._proxies[source])
        for source in now:
            self._proxies[source].users[proxy.id] = 1


def _make(id: int, made_of: Recipe) -> Proxy:
    """The instances of a recipe, linked, with their defaults and with objects of their own."""
    parts = {part.name: construct(part.vtk_name) for part in made_of.parts}
    proxy = Proxy(id, made_of, parts)
    names = {part.name: part.vtk_name for part in made_of.parts}
    for (part, port), (source, output) in made_of.links:
        parts[part].AddInputConnection(port, parts[source].GetOutputPort(output))
        if isinstance(parts[source], PromoteIntegers):
            parts[source].serve(parts[part], names[part], port)
        if isinstance(parts[part], SweptVectors):
            parts[part].follow(parts[source])
    apply_settings(default_settings(made_of, parts))
    if made_of.routes is not None:
        for one in made_of.definition.properties:
            route = made_of.route(one.name)
            if one.kind == "object" and one.candidates and route is not None:
                proxy.own_objects[one.name] = _make(-1, recipe(("" if route.connect else OBJECTS) + one.candidates[0]))
                _hold_one(proxy, route, proxy.own_objects[one.name])
    return proxy


def _hold_one(proxy: Proxy, route: Route, held: Proxy | None) -> None:
    if route.connect is not None:
        part, port = route.connect
        proxy.parts[part].RemoveAllInputConnections(port)
        if held is not None:
            source, output = held.recipe.outputs[0]
            proxy.parts[part].AddInputConnection(port, held.parts[source].GetOutputPort(output))
    for part, name in route.targets:
        set_object(proxy.parts[part], name, None if held is None else held.instance)


def _sources(inputs: Iterable[tuple[Connection, ...]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(source for connections in inputs for source, _ in connections))

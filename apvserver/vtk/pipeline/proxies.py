"""The table of server-side proxies: algorithms and objects by id, their properties and their connections."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from vtkmodules.vtkCommonDataModel import vtkDataObject

from async_paraview.graphs import in_order

from ..base.errors import InvalidProperty, PipelineError, UnknownProxy
from ..base.vtk_messages import install
from ..types.composition import ExposedProperty
from ..types.definitions import Adjustment
from ..types.ports import nothing_for
from ..types.properties import apply_settings, object_of, set_object
from ..types.property_routes import resets_of, settings_of
from ..types.toml_definitions import composition
from .connections import checked_inputs, checked_objects, objects_by_name
from .pieces.state import Collected, InPieces
from .proxy import OWN, Connection, Inputs, Objects, Proxy, forget_object, hold_one, make_proxy
from .ranks.protocols import Pieces
from .results.freeing import freed_beside


def _outputs(proxies: Mapping[int, Proxy]) -> Iterator[Any]:
    """Yield what proxies have made, one after the other; nothing is kept of it here.

    Where there is none, nothing is made: VTK's GetOutputDataObject would, also of what has never executed.
    """
    for proxy in proxies.values():
        for algorithm in proxy.algorithms:
            for port in range(algorithm.GetNumberOfOutputPorts()):
                yield algorithm.GetOutputInformation(port).Get(vtkDataObject.DATA_OBJECT())


class Pipeline:
    """The proxies of one session. Not thread-safe: it lives on the data service's thread.

    Every change is all or nothing. Errors are `UnknownProxy`, `PipelineError`, `UnknownType`, `UnknownProperty`
    and `InvalidProperty`; after each of them the pipeline is as it was.
    """

    def __init__(self) -> None:
        install()  # what VTK says while properties are set goes to the log
        self._proxies: dict[int, Proxy] = {}
        self._orders: dict[int, tuple[int, ...]] = {}
        """What `upstream_order` told since something was connected last."""
        self.team: Pieces | None = None
        """Where there are several ranks: what rank 0 decides for them."""

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
        proxy = make_proxy(id, composition(type_name))
        checked = checked_inputs(self, proxy, inputs) if inputs else {}
        plain, held = objects_by_name(proxy, properties) if properties else ({}, {})
        if objects:
            held |= checked_objects(self, proxy, objects)
        adjustments = apply_settings(settings_of(proxy.composition, proxy.parts, plain)) if plain else []
        self._proxies[id] = proxy
        try:
            self._hold(proxy, held)
        except InvalidProperty:
            del self._proxies[id]
            raise
        self._connect(proxy, checked)
        proxy.given.update(plain)
        return adjustments

    def modify(
        self, id: int, properties: Mapping[str, Any], objects: Objects | None = None, unset: Collection[str] = ()
    ) -> list[Adjustment]:
        """Set properties; returns what VTK changed of them. Equal values leave the algorithm up to date.

        A property that holds an object may be set to the name of a type: it gets one of its own. Properties, objects
        and inputs named by `unset` become what they are in a new proxy, unless they are so already.
        """
        proxy = self.proxy(id)
        properties, named = objects_by_name(proxy, properties)
        held = named | checked_objects(self, proxy, objects or {})
        before = proxy.modified_time() if proxy.is_object else 0
        back = {*proxy.given, *proxy.objects, *proxy.named, *proxy.inputs}.intersection(unset) if unset else set()
        fresh = make_proxy(OWN, proxy.composition) if back else None
        resets = (
            [] if fresh is None else resets_of(proxy.composition, proxy.parts, fresh.parts, back & proxy.given.keys())
        )
        settings = settings_of(proxy.composition, proxy.parts, properties)
        adjustments = apply_settings(settings, resets, lambda: self._hold(proxy, held))
        if fresh is not None:
            self._take_back(proxy, fresh, back)
        gone = back | properties.keys()
        if back:
            proxy.given = {name: value for name, value in proxy.given.items() if name not in back}
        proxy.given.update(properties)
        if proxy.filled:
            proxy.filled = {name: value for name, value in proxy.filled.items() if name not in gone}
        if held or proxy.is_object or not gone.isdisjoint(proxy.composition.suiting):
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
        fresh = make_proxy(OWN, proxy.composition).parts if gone else {}
        resets = resets_of(proxy.composition, proxy.parts, fresh, gone)
        apply_settings(settings_of(proxy.composition, proxy.parts, values), resets)
        proxy.filled = dict(values)
        if proxy.is_object and proxy.modified_time() != before:
            self._invalidate_users(proxy)

    def connect(self, id: int, inputs: Inputs) -> None:
        """Replace the connections of the named input ports; an empty list disconnects a port."""
        proxy = self.proxy(id)
        self._connect(proxy, checked_inputs(self, proxy, inputs))

    def delete(self, *ids: int) -> None:
        """Remove proxies, all or none. `PipelineError` names other proxies that still depend on one of them."""
        proxies = {id: self.proxy(id) for id in sorted(ids)}
        self._refuse_used(proxies)
        self._cut_off(proxies)
        self._orders.clear()
        with freed_beside(_outputs(proxies)):
            for id in proxies:
                self._proxies.pop(id).forget_outputs()
            proxies.clear()

    def _refuse_used(self, proxies: Mapping[int, Proxy]) -> None:
        """Raise PipelineError if others depend on one of these."""
        for id, proxy in proxies.items():
            users = [str(self._proxies[user]) for user in self.dependents(id) if user not in proxies]
            if users:
                raise PipelineError(f"cannot delete {proxy}: {', '.join(users)} depend on it; delete or reconnect them")

    def _cut_off(self, proxies: Mapping[int, Proxy]) -> None:
        """Disconnect proxies from what they depend on."""
        # Older ones first, as they mostly are sources of the others: VTK's collector goes through all that is upstream
        # of an input that is disconnected, which is as good as nothing then, and 1.5 ms each the other way round.
        for id, proxy in proxies.items():
            for algorithm in proxy.algorithms:
                for port in range(algorithm.GetNumberOfInputPorts()):
                    algorithm.RemoveAllInputConnections(port)
            for source in proxy.sources():
                self._proxies[source].users.pop(id, None)
                self._have_users_suited(self._proxies[source])

    def close(self) -> None:
        """Delete all proxies."""
        self.delete(*self._proxies)

    def touch(self, id: int) -> None:
        """Mark a proxy as out of date."""
        for part in self.proxy(id).parts.values():
            part.Modified()

    def ids(self) -> tuple[int, ...]:
        """Return all ids in the order of creation."""
        return tuple(self._proxies)

    def __len__(self) -> int:
        return len(self._proxies)

    def __contains__(self, id: object) -> bool:
        return id in self._proxies

    def proxy(self, id: int) -> Proxy:
        """Return the proxy of that id. Raises `UnknownProxy`."""
        found = self._proxies.get(id)
        if found is None:
            known = ", ".join(str(one) for one in self.ids()[:20]) or "none"
            raise UnknownProxy(f"no proxy has id {id}; known ids: {known}")
        return found

    def algorithm(self, id: int) -> Any:
        """Return the VTK object of that id, the last if there are several. Raises `UnknownProxy`."""
        return self.proxy(id).instance

    def output(self, id: int, port: int = 0) -> tuple[Any, int]:
        """Return the algorithm that makes an output of a proxy, and the number of its port there.

        Raises `PipelineError`, also for what is in pieces: there is no algorithm that has it.
        """
        proxy = self.proxy(id)
        if proxy.collected is not None and port == 0:
            return proxy.collected.producer, 0
        if proxy.in_pieces is not None:
            raise PipelineError(
                f"{proxy} is executed in {proxy.in_pieces.division.count} pieces (--stream): its output is nowhere as "
                "a whole. Slice, Contour, Clip, Threshold, ExtractSubset and the like make something smaller of it"
            )
        return self.own_output(id, port)

    def own_output(self, id: int, port: int = 0) -> tuple[Any, int]:
        """Return the algorithm of a proxy that makes an output, whether or not that is in pieces. See `output`."""
        proxy = self.proxy(id)
        if port not in range(len(proxy.composition.outputs)):
            count = len(proxy.composition.outputs)
            raise PipelineError(f"{proxy} has no output port {port!r}; it has {count}, counted from 0")
        part, number = proxy.composition.outputs[port]
        return proxy.parts[part], number

    def part_port(self, proxy: Proxy, algorithm: Any, port: int) -> int:
        """Return the port at which a part of a proxy is to be executed for an output of the whole."""
        if port == 0:
            return 0
        part, number = self.own_output(proxy.id, port)
        return number if part is algorithm else 0

    def output_data(self, id: int, port: int = 0) -> Any:
        """Return what an output of a proxy holds now, None if that is nothing. Raises `PipelineError`.

        The last one is kept: each time that Python lets go of it, VTK's collector goes through all that is upstream.
        """
        algorithm, number = self.output(id, port)
        proxy, data = self.proxy(id), algorithm.GetOutputDataObject(number)
        proxy.outputs = {**proxy.outputs, port: data}
        return data

    def dependents(self, id: int) -> tuple[int, ...]:
        """Return the proxies that depend on this proxy directly, in the order of creation."""
        users = self.proxy(id).users
        return tuple(one for one in self._proxies if one in users) if users else ()

    def upstream_order(self, id: int) -> tuple[int, ...]:
        """Return the proxy and everything it depends on, each after all of its own sources; the proxy is last."""
        known = self._orders.get(id)
        if known is None:
            order = in_order(self.proxy(id), lambda one: map(self._proxies.__getitem__, one.sources()))
            known = self._orders[id] = tuple(order)
        return known

    # --- pieces

    def use_pieces(self, proxy: Proxy, held: InPieces) -> None:
        """Have the output of a proxy be in pieces from now on: nobody gets it as a whole."""
        proxy.in_pieces = held
        if proxy.collected is not None:
            proxy.collected = None
            self._connect_users(proxy)

    def use_collected(self, proxy: Proxy, whole: Collected) -> None:
        """Have a data object that was made of pieces be the output of a proxy."""
        proxy.in_pieces, proxy.collected = None, whole
        self._connect_users(proxy)

    def use_whole(self, proxy: Proxy) -> None:
        """Have a proxy make its output itself again."""
        if proxy.in_pieces is not None or proxy.collected is not None:
            proxy.in_pieces = None
            if proxy.collected is not None:
                proxy.collected = None
                self._connect_users(proxy)

    def _connect_users(self, proxy: Proxy) -> None:
        """Connect what uses the output of a proxy to what has it now."""
        for user in proxy.users:
            one = self._proxies[user]
            for name, connections in one.inputs.items():
                if proxy.id not in [id_ for id_, _ in connections]:
                    continue
                for part, port in one.composition.inputs[name]:
                    one.parts[part].RemoveAllInputConnections(port)
                    for connection in connections:
                        source, output = self._connectable(connection)
                        one.parts[part].AddInputConnection(port, source.GetOutputPort(output))
            for name in [name for name, id_ in one.objects.items() if id_ == proxy.id]:
                route = one.composition.route(name)
                if route is not None and route.connect is not None:
                    part, port = route.connect
                    source, output = self._connectable((proxy.id, 0))
                    one.parts[part].RemoveAllInputConnections(port)
                    one.parts[part].AddInputConnection(port, source.GetOutputPort(output))

    def _connectable(self, connection: Connection) -> tuple[Any, int]:
        held = self.proxy(connection[0])
        return self.own_output(*connection) if held.collected is None else self.output(*connection)

    # --- inputs

    def _connect(self, proxy: Proxy, inputs: dict[str, tuple[Connection, ...]]) -> None:
        if not inputs:
            return
        before = proxy.sources()
        for name, connections in inputs.items():
            if proxy.inputs.get(name) == connections:
                continue
            for part, port in proxy.composition.inputs[name]:
                proxy.parts[part].RemoveAllInputConnections(port)
                for connection in connections:
                    source, output = self._connectable(connection)
                    proxy.parts[part].AddInputConnection(port, source.GetOutputPort(output))
                if not connections and (nothing := nothing_for(proxy.parts[part], port)) is not None:
                    proxy.parts[part].AddInputDataObject(port, nothing)
            proxy.inputs[name] = connections
            proxy.suits = None
        self._count_users(proxy, before)

    # --- objects

    def _hold(self, proxy: Proxy, objects: dict[str, tuple[ExposedProperty, Proxy | None]]) -> None:
        if not objects:
            return
        before = proxy.sources()
        targets = [(proxy.parts[part], name) for route, _ in objects.values() for part, name in route.targets]
        held_before = [(part, name, object_of(part, name)) for part, name in targets]
        try:  # what VTK may refuse comes before what is connected
            for route, held in sorted(objects.values(), key=lambda one: one[0].connect is not None):
                hold_one(proxy, route, held)
        except InvalidProperty:
            for part, name, earlier in held_before:
                set_object(part, name, earlier)
            raise
        for name, (_, held) in objects.items():
            forget_object(proxy, name)
            if held is not None and held.id == OWN:
                proxy.own_objects = {**proxy.own_objects, name: held}
                proxy.named = {**proxy.named, name: held.type_name}
            else:
                proxy.objects = {**proxy.objects, name: None if held is None else held.id}
            proxy.suits = None
        self._count_users(proxy, before)

    def _take_back(self, proxy: Proxy, fresh: Proxy, names: Collection[str]) -> None:
        """Disconnect inputs; have properties hold what they hold in a proxy that was made anew."""
        before = proxy.sources()
        for name in [name for name in proxy.inputs if name in names]:
            for part, port in proxy.composition.inputs[name]:
                proxy.parts[part].RemoveAllInputConnections(port)
            del proxy.inputs[name]
        for name in [name for name in (*proxy.objects, *proxy.named) if name in names]:
            route = proxy.composition.route(name)
            assert route is not None
            forget_object(proxy, name)
            if name in fresh.own_objects:
                hold_one(proxy, route, fresh.own_objects[name])
                proxy.own_objects = {**proxy.own_objects, name: fresh.own_objects[name]}
            elif route.connect is not None:
                hold_one(proxy, route, None)
            else:
                for part, target in route.targets:
                    set_object(proxy.parts[part], target, object_of(fresh.parts[part], target))
        self._count_users(proxy, before)

    def _invalidate_users(self, changed: Proxy) -> None:
        """Invalidate users: not every algorithm looks at the modification time of what its properties hold."""
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
        """Have what an object gets from the inputs of those that hold it looked at again before they execute."""
        for user in held.users if held.is_object else ():
            self._proxies[user].suits = None

    def _count_users(self, proxy: Proxy, before: Iterable[int]) -> None:
        now = proxy.sources()
        self._orders.clear()
        for source in before:
            self._proxies[source].users.pop(proxy.id, None)
            if source not in now:
                self._have_users_suited(self._proxies[source])
        for source in now:
            self._proxies[source].users[proxy.id] = 1

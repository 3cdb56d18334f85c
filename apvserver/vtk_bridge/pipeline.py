"""The table of server-side proxies: algorithms by id, their properties and their connections."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apvserver.vtk_bridge.catalog import canonical_name, construct
from apvserver.vtk_bridge.definitions import Adjustment, Definition
from apvserver.vtk_bridge.errors import PipelineError, UnknownProxy
from apvserver.vtk_bridge.messages import install
from apvserver.vtk_bridge.properties import set_properties
from apvserver.vtk_bridge.reflection import definition

Connection = tuple[int, int]
"""A source of data: (proxy id, output port)."""
Inputs = Mapping[str, Sequence[Connection]]


@dataclass
class Proxy:
    """One algorithm of a pipeline: `inputs` maps names of input ports to what is connected to them.

    `watch` belongs to the executor, which keeps its observers there.
    """

    id: int
    definition: Definition
    algorithm: Any
    inputs: dict[str, tuple[Connection, ...]] = field(default_factory=dict)
    watch: Any = None

    @property
    def type_name(self) -> str:
        """The VTK class name."""
        return self.definition.type_name

    def __str__(self) -> str:
        return f"{self.type_name} (proxy {self.id})"


class Pipeline:
    """The algorithms of one session. Not thread-safe: it lives on the data service's thread.

    Every change is all or nothing. Errors are `UnknownProxy`, `PipelineError`, `UnknownType`, `UnknownProperty`
    and `InvalidProperty`; after each of them the pipeline is as it was.
    """

    def __init__(self) -> None:
        install()  # what VTK says while properties are set goes to the log
        self._proxies: dict[int, Proxy] = {}

    def create(
        self, id: int, type_name: str, properties: Mapping[str, Any] | None = None, inputs: Inputs | None = None
    ) -> list[Adjustment]:
        """Make an algorithm under a new id; returns what VTK changed of the properties."""
        if id in self._proxies:
            raise PipelineError(f"cannot create {type_name}: id {id} is taken by {self._proxies[id]}")
        proxy = Proxy(id, definition(canonical_name(type_name)), construct(type_name))
        checked = self._checked_inputs(proxy, inputs or {})
        adjustments = set_properties(proxy.algorithm, properties or {})
        self._proxies[id] = proxy
        self._connect(proxy, checked)
        return adjustments

    def modify(self, id: int, properties: Mapping[str, Any]) -> list[Adjustment]:
        """Set properties; returns what VTK changed of them. Equal values leave the algorithm up to date."""
        return set_properties(self.proxy(id).algorithm, properties)

    def connect(self, id: int, inputs: Inputs) -> None:
        """Replace the connections of the named input ports; an empty list disconnects a port."""
        proxy = self.proxy(id)
        self._connect(proxy, self._checked_inputs(proxy, inputs))

    def delete(self, id: int) -> None:
        """Remove an algorithm. `PipelineError` names the proxies that still take its output."""
        proxy = self.proxy(id)
        users = [str(self._proxies[user]) for user in self.dependents(id)]
        if users:
            raise PipelineError(f"cannot delete {proxy}: {', '.join(users)} depend on it; delete or reconnect them")
        for port in range(len(proxy.definition.inputs)):
            proxy.algorithm.RemoveAllInputConnections(port)
        del self._proxies[id]

    def touch(self, id: int) -> None:
        """Mark an algorithm as out of date, for example because its file has changed."""
        self.proxy(id).algorithm.Modified()

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
        """The VTK algorithm of that id. Raises `UnknownProxy`."""
        return self.proxy(id).algorithm

    def dependents(self, id: int) -> tuple[int, ...]:
        """The proxies that take an output of this one directly, in the order of creation."""
        self.proxy(id)
        return tuple(other.id for other in self._proxies.values() if id in _sources(other.inputs.values()))

    def upstream_order(self, id: int) -> tuple[int, ...]:
        """The proxy and everything it depends on, each after all of its own sources; the proxy is last."""
        order: dict[int, None] = {}
        stack = [(self.proxy(id), False)]
        while stack:
            proxy, sources_done = stack.pop()
            if sources_done:
                order[proxy.id] = None
            elif proxy.id not in order:
                stack.append((proxy, True))
                sources = [self._proxies[source] for source in _sources(proxy.inputs.values())]
                stack.extend((source, False) for source in reversed(sources))
        return tuple(order)

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
        if proxy.id in self.upstream_order(source_id):
            raise PipelineError(f"cannot connect input {name!r} of {proxy} to {source}: that would make a cycle")
        return source_id, int(port)

    def _connect(self, proxy: Proxy, inputs: dict[str, tuple[Connection, ...]]) -> None:
        ports = {port.name: index for index, port in enumerate(proxy.definition.inputs)}
        for name, connections in inputs.items():
            if proxy.inputs.get(name, ()) == connections:
                continue
            proxy.algorithm.RemoveAllInputConnections(ports[name])
            for source_id, output in connections:
                source = self._proxies[source_id].algorithm
                proxy.algorithm.AddInputConnection(ports[name], source.GetOutputPort(output))
            proxy.inputs[name] = connections


def _sources(inputs: Iterable[tuple[Connection, ...]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(source for connections in inputs for source, _ in connections))

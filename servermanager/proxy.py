"""Proxies: the client's own copy of properties of algorithms and objects, and what can be asked of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .datasets import Assembler, DataSet
from .definitions import DefinitionManager, property_names
from .domains import Domain, evaluate, with_first_arrays
from .execution import UNMODIFIED, Execution
from .information import DataInformation
from .plain import plain_data
from .temporal import temporal_information
from .values import check_value, plain_value

if TYPE_CHECKING:
    from .session import Session

FETCH_LIMIT_BYTES = 64 * 1024**3
"""Largest data set that `fetch` takes: 64 GiB."""

UNSET: Final = object()
"""What a property was before it was first set, for those who watch changes."""

Watcher = Callable[["Proxy", str, Any, Any], None]
"""Called with a proxy, the name of a property, and its value before and after; UNSET where there is none."""

OBJECTS: Final = "objects/"


@dataclass(frozen=True, slots=True)
class OutputPort:
    """One output of a proxy, as an input for others."""

    proxy: SourceProxy
    port: int

    def __str__(self) -> str:
        return f"{self.proxy.type_name} {self.proxy.id}" + (f" port {self.port}" if self.port else "")


_OWN: Final = frozenset({"id", "type_name", "modified", "pushed", "information"})


class Proxy:
    """What algorithms and objects of the server have in common: a type, and properties.

    Properties are attributes, in CamelCase: getting and setting them is local, and takes effect with
    `update_vtk_objects`, which every awaited call does first. Inputs are properties too: a proxy, one of its ports,
    or a list of them; and so are objects that an algorithm uses, such as the plane of a slice. Once the type's
    definition has arrived, unknown names raise AttributeError here and wrong values TypeError or ValueError; until
    then the server checks them.
    """

    __slots__ = (
        "__weakref__",
        "_definitions",
        "_inputs",
        "_objects",
        "_properties",
        "_session",
        "_users",
        "id",
        "modified",
        "pushed",
        "type_name",
    )

    def __init__(
        self, session: Session, id_: int, type_name: str, definitions: DefinitionManager, properties: dict[str, Any]
    ) -> None:
        self.id = id_
        self.type_name = type_name
        self.modified = True
        """Whether something was set that the server was not told yet."""
        self.pushed = False
        """Whether the server has been told of this proxy."""
        self._session = session
        self._definitions = definitions
        self._properties: dict[str, Any] = {}
        self._inputs: dict[str, list[OutputPort]] = {}
        self._objects: dict[str, Proxy | None] = {}
        self._users: dict[int, Proxy] = {}
        definitions.ask(self.wire_type)
        for name, value in properties.items():
            if not name[:1].isupper():
                raise AttributeError(f"{type_name} has no property {name!r}; the names of properties are CamelCase")
            setattr(self, name, value)

    @property
    def wire_type(self) -> str:
        """The name of its type as the server knows it."""
        return self.type_name

    @property
    def session(self) -> Session:
        """The session that it belongs to."""
        return self._session

    # --- properties: local

    def __setattr__(self, name: str, value: Any) -> None:
        if not name[:1].isupper():
            if name.startswith("_") or name in _OWN:
                object.__setattr__(self, name, value)
                return
            raise AttributeError(f"{self.type_name} has no property {name!r}; the names of properties are CamelCase")
        entry = self._definitions.entry(self.wire_type, name)
        before = self._set_value(name)
        if isinstance(value, ObjectProxy) or (entry is not None and entry.get("kind") == "object"):
            self._set_object(name, self._object_from(name, entry, value))
        elif (ports := _ports(value)) is not None:
            self._set_inputs(name, ports)
        else:
            plain = plain_value(name, value)
            if entry is not None and "kind" in entry:
                check_value(f"{self.type_name}.{name}", entry, plain)
            elif entry is not None and plain is None:
                self._set_inputs(name, [])  # an input is disconnected
                plain = UNSET
            if plain is not UNSET:
                self._properties[name] = plain
        self._changed(name, before)

    def __getattr__(self, name: str) -> Any:
        if not name[:1].isupper():
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        value = self._set_value(name)
        if value is UNSET:
            entry = self._definitions.entry(self.wire_type, name)
            if entry is not None and entry.get("kind") == "object" and entry.get("candidates"):
                value = self._made(entry, entry["candidates"][0])
                self._set_object(name, value)  # what the server has made by itself, now with a name
                object.__setattr__(self, "modified", True)
                return value
            if entry is not None and entry.get("information"):
                return self._reading(name)
            return self._definitions.default(self.wire_type, name)
        if isinstance(value, list) and value and isinstance(value[0], OutputPort):
            return value[0] if len(value) == 1 else value
        return value

    def __delattr__(self, name: str) -> None:
        """Forget what was set for a property; on the server it keeps its value."""
        if name not in self._properties:
            raise AttributeError(f"{self.type_name}.{name} was not set here")
        before = self._properties.pop(name)
        self._changed(name, before)

    def __dir__(self) -> list[str]:
        definition = self._definitions.known(self.wire_type)
        return [*super().__dir__(), *(property_names(definition) if definition else self._properties)]

    def __repr__(self) -> str:
        inputs = {name: ", ".join(map(str, ports)) for name, ports in self._inputs.items()}
        objects = {name: held and f"{held.type_name} {held.id}" for name, held in self._objects.items()}
        values = {name: f"{value!r:.40}" for name, value in self._properties.items()}
        shown = ", ".join(f"{name}={text}" for name, text in {**inputs, **objects, **values}.items())
        return f"<{self.type_name} {self.id}: {shown}>"

    def set_values(self) -> dict[str, Any]:
        """What was set here, by name: plain values, lists of OutputPort, object proxies."""
        return {**self._properties, **self._inputs, **self._objects}

    def restore(self, name: str, value: Any) -> None:
        """Set a property to what `set_values` or a watcher told; UNSET forgets it, an input is disconnected."""
        if value is not UNSET:
            setattr(self, name, value)
        elif name in self._inputs:
            before = self._inputs[name]
            self._set_inputs(name, [])
            self._changed(name, before)
        elif name in self._objects:
            held = self._objects[name]
            self._set_object(name, None)
            self._changed(name, held)
        elif name in self._properties:
            delattr(self, name)

    def inputs(self) -> dict[str, list[OutputPort]]:
        """What is connected to its inputs, by name."""
        return {name: list(ports) for name, ports in self._inputs.items()}

    def sources(self) -> Iterator[Proxy]:
        """The proxies that this one depends on directly."""
        for ports in self._inputs.values():
            for port in ports:
                yield port.proxy
        yield from (held for held in self._objects.values() if held is not None)

    def users(self) -> list[Proxy]:
        """The proxies that depend on this one directly."""
        return [user for user in self._users.values() if any(one is self for one in user.sources())]

    def upstream(self, seen: dict[int, Proxy] | None = None) -> Iterator[Proxy]:
        """This proxy and all that it depends on, sources first; added to `seen`, by id, but for what is in there."""
        seen = {} if seen is None else seen
        stack: list[tuple[Proxy, bool]] = [(self, False)]
        while stack:
            proxy, expanded = stack.pop()
            if expanded:
                seen[proxy.id] = proxy
            elif proxy.id not in seen:
                stack.append((proxy, True))
                stack += [(source, False) for source in proxy.sources()]
        return iter(seen.values())

    def plain_state(self) -> dict[str, Any]:
        """All that was set, as plain data; sources and objects by their ids."""
        return {
            "id": self.id,
            "type": self.wire_type,
            "properties": dict(self._properties),
            "inputs": {name: [[port.proxy.id, port.port] for port in ports] for name, ports in self._inputs.items()},
            "objects": {name: held and held.id for name, held in self._objects.items()},
        }

    def take_changes(self) -> dict[str, Any]:
        """The state for the server; marks the proxy as unmodified. Called by Session.update_vtk_objects."""
        object.__setattr__(self, "modified", False)
        object.__setattr__(self, "pushed", True)
        return self.plain_state()

    # --- the server

    def update_vtk_objects(self) -> None:
        """Tell the server what was set here and upstream. Fire and forget."""
        self._session.update_vtk_objects([self])

    async def definition(self) -> dict[str, Any]:
        """The type's definition: inputs, properties with type, size, default, range and documentation."""
        return await self._definitions.definition(self.wire_type)

    def help(self) -> str:
        """The type's documentation, as far as it has arrived; local."""
        return self._definitions.help(self.wire_type)

    # --- inside

    def _set_value(self, name: str) -> Any:
        for values in (self._properties, self._inputs, self._objects):
            if name in values:
                return values[name]
        return UNSET

    def _set_inputs(self, name: str, ports: list[OutputPort]) -> None:
        for port in ports:
            self._check_source(name, port.proxy)
        self._inputs[name] = ports
        for port in ports:
            port.proxy._users[self.id] = self

    def _object_from(self, name: str, entry: dict[str, Any] | None, value: Any) -> Proxy | None:
        if isinstance(value, OutputPort):
            value = value.proxy
        if isinstance(value, str):
            return self._made(entry or {}, value)
        if value is None or isinstance(value, Proxy):
            return value
        some = ", ".join((entry or {}).get("candidates", ())[:8])
        raise TypeError(f"{self.type_name}.{name} holds an object, not {value!r:.60}; set it to one of {some}")

    def _made(self, entry: dict[str, Any], type_name: str) -> Proxy:
        """An object for a property; a source where that is what it takes."""
        make = self._session.create if entry.get("takes_sources") else self._session.create_object
        return make(type_name)

    def _set_object(self, name: str, held: Proxy | None) -> None:
        if held is not None:
            self._check_source(name, held)
            held._users[self.id] = self
        self._objects[name] = held

    def _check_source(self, name: str, source: Proxy) -> None:
        if source._session is not self._session:
            raise ValueError(f"{source!r} is of another session than {self!r}")
        if source is self or (self._users and any(one is self for one in source.upstream())):
            raise ValueError(f"{source!r} depends on {self!r} itself: it cannot be its {name}")

    def _reading(self, name: str) -> Any:
        """The value of an information property. Raises AttributeError where there is none."""
        raise AttributeError(f"{self.type_name} has no information properties")

    def _changed(self, name: str, before: Any) -> None:
        object.__setattr__(self, "modified", True)
        self._session.proxy_changed(self, name, before, self._set_value(name))


class ObjectProxy(Proxy):
    """An object that properties of others hold: an implicit function, a transform, a locator, ..."""

    __slots__ = ()

    @property
    def wire_type(self) -> str:
        """The name of its type as the server knows it: Sphere is a source, objects/Sphere an implicit function."""
        return OBJECTS + self.type_name


class SourceProxy(Proxy):
    """A source, filter, reader or writer on the server."""

    __slots__ = ("_readings", "information")

    def __init__(self, *arguments: Any) -> None:
        self._readings: dict[str, Any] = {}
        self.information: dict[int, DataInformation] = {}
        """What the outputs held when that was last asked, by port."""
        super().__init__(*arguments)

    @property
    def stale(self) -> bool:
        """Whether `information`, and what is shown, is of before a change: the last good output stays until the next
        one is complete. Local.
        """
        return bool(self.information) and self._session.proxies.state(self) != UNMODIFIED

    def port(self, number: int) -> OutputPort:
        """One of its outputs, to connect or show it."""
        return OutputPort(self, number)

    def domain(self, name: str) -> Domain:
        """What sensible values of a property are, as far as that is known by now; local."""
        entry = self._definitions.entry(self.wire_type, name)
        if entry is None:
            return Domain(known=False, why=f"the definition of {self.type_name} has not arrived yet")
        ports = self._inputs.get(entry.get("domain", {}).get("of", "Input"), [])
        known = ports[0].proxy.information.get(ports[0].port) if ports else None
        definition = self._definitions.known(self.wire_type) or {"properties": []}
        values = with_first_arrays(definition["properties"], known, self.set_values())
        return evaluate(entry, known, values)

    async def update_domains(self) -> None:
        """Have what the inputs hold brought up to date, so that domains are known. Raises as update_pipeline does."""
        for ports in list(self._inputs.values()):
            for port in ports:
                await port.proxy.update_pipeline(port=port.port)
        await self.definition()

    def reset_to_domain_defaults(self) -> list[str]:
        """Set what was not set here, and whose domain has a default, to that; returns the names. Local."""
        definition = self._definitions.known(self.wire_type) or {"properties": []}
        names = []
        for entry in definition["properties"]:
            domain = self.domain(entry["name"]) if self._set_value(entry["name"]) is UNSET else None
            if domain is not None and domain.default is not None and entry.get("domain"):
                setattr(self, entry["name"], domain.default)
                names.append(entry["name"])
        return names

    def update_pipeline(
        self, *, port: int = 0, time: float | None = None, deadline_s: float | None = None
    ) -> Execution:
        """Have it executed as far as it is out of date; awaiting what is returned tells what came out.

        The execution begins without being awaited. Awaiting raises RemoteError (ExecutionFailed with VTK's own message,
        UnknownProperty, ...), RequestCancelled if a newer change interrupted it, DeadlineExceeded. Cancelling it, or
        the task that awaits it, interrupts the execution.
        """
        self.update_vtk_objects()
        number = self._session.next_request()
        header = {"op": "update_pipeline", "id": self.id, "port": port, "time": self._session.time_or(time)}
        reply = self._session.data.send_request({**header, "request": number}, deadline_s=deadline_s)
        return Execution(self, port, number, reply)

    async def temporal_information(
        self, *, port: int = 0, progress: Callable[[int, int], None] | None = None
    ) -> DataInformation:
        """What an output holds over all of its times: it is executed at each, and bounds, ranges and counts are united.

        `progress(done, total)` is called after each time. Raises as awaiting `update_pipeline` does.
        """
        return await temporal_information(self, port=port, progress=progress)

    async def update_property_information(self) -> dict[str, Any]:
        """Have the information properties filled in, such as the Volume of MassProperties, after executing what is
        out of date; returns them, and they are attributes from then on. Raises as awaiting `update_pipeline` does.
        """
        self.update_vtk_objects()
        header = {"op": "property_information", "id": self.id, "time": self._session.time_or(None)}
        self._readings = plain_data(await self._session.data.send_request(header))
        return dict(self._readings)

    def _reading(self, name: str) -> Any:
        if name not in self._readings:
            raise AttributeError(
                f"{self.type_name}.{name} is information that has not arrived yet; "
                "await proxy.update_property_information() first"
            )
        return self._readings[name]

    async def fetch(
        self,
        *,
        port: int = 0,
        arrays: list[tuple[str, str]] | None = None,
        block: int | None = None,
        rows: tuple[int, int] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> DataSet:
        """The data itself, after executing what is out of date; a copy of its own, never a server-side object.

        `arrays` leaves out all but these (association "POINTS", "CELLS", "FIELD" or "ROWS", name); `block` takes one
        block of a composite, by its number in the order of `information.raw["blocks"]`; `rows` (first, end) a range of
        a table. `progress(done, total)` is called with bytes as they arrive. Raises as update_pipeline does.
        Cancelling the task that awaits ends the transfer.
        """
        self.update_vtk_objects()
        assembler = Assembler(FETCH_LIMIT_BYTES)
        header: dict[str, Any] = {"op": "fetch", "id": self.id, "port": port, "time": self._session.time_or(None)}
        if arrays is not None:
            header["arrays"] = [list(one) for one in arrays]
        if block is not None:
            header["block"] = block
        if rows is not None:
            header["rows"] = list(rows)
        with self._session.data.subscribe(header) as pieces:
            async for piece in pieces:
                assembler.add(piece.header, piece.buffers)
                if progress is not None:
                    progress(assembler.received_bytes, assembler.total_bytes)
                await asyncio.sleep(0)  # pieces that wait already would keep the loop from everything else
        return await asyncio.get_running_loop().run_in_executor(None, assembler.finish)


def _ports(value: Any) -> list[OutputPort] | None:
    """The outputs that `value` means, None if it is a plain value."""
    if isinstance(value, (SourceProxy, OutputPort)):
        value = [value]
    if not isinstance(value, (list, tuple)) or not value:
        return None
    ports = [item.port(0) if isinstance(item, SourceProxy) else item for item in value]
    return ports if all(isinstance(port, OutputPort) for port in ports) else None

"""Proxies of algorithms: the client's own copy of their properties, and what can be asked of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .datasets import Assembler, DataSet
from .definitions import Definitions, property_names
from .information import DataInformation
from .plain import plain_data

if TYPE_CHECKING:
    from .session import Session

FETCH_LIMIT_BYTES = 64 * 1024**3
"""Largest data set that `fetch` takes: 64 GiB."""


@dataclass(frozen=True, slots=True)
class OutputPort:
    """One output of a proxy, as an input for others."""

    proxy: SourceProxy
    port: int

    def __str__(self) -> str:
        return f"{self.proxy.type_name} {self.proxy.id}" + (f" port {self.port}" if self.port else "")


class SourceProxy:
    """A source, filter, reader or writer on the server.

    Its properties are attributes with VTK's names, in CamelCase: getting and setting them is local, and takes effect
    with `update_vtk_objects`, which every awaited call does first. Inputs are properties too: a proxy, one of its
    ports, or a list of them. Once the type's definition has arrived, unknown names raise AttributeError here; until
    then the server checks them.
    """

    def __init__(
        self, session: Session, id_: int, type_name: str, definitions: Definitions, properties: dict[str, Any]
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
        definitions.ask(type_name)
        for name, value in properties.items():
            if not name[:1].isupper():
                raise AttributeError(f"{type_name} has no property {name!r}; the names of properties are CamelCase")
            setattr(self, name, value)

    # --- properties: local

    def __setattr__(self, name: str, value: Any) -> None:
        if not name[:1].isupper():
            if name.startswith("_") or name in ("id", "type_name", "modified", "pushed"):
                object.__setattr__(self, name, value)
                return
            raise AttributeError(f"{self.type_name} has no property {name!r}; the names of properties are CamelCase")
        self._definitions.check_property(self.type_name, name)
        ports = _ports(value)
        if ports is None:
            self._properties[name] = _plain(name, value)
        else:
            self._check_inputs(name, ports)
            self._inputs[name] = ports
        object.__setattr__(self, "modified", True)

    def __getattr__(self, name: str) -> Any:
        if not name[:1].isupper():
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        if name in self._properties:
            return self._properties[name]
        if name in self._inputs:
            ports = self._inputs[name]
            return ports[0] if len(ports) == 1 else ports
        return self._definitions.default(self.type_name, name)

    def __delattr__(self, name: str) -> None:
        """Forget what was set for a property; on the server it keeps its value."""
        if name not in self._properties:
            raise AttributeError(f"{self.type_name}.{name} was not set here")
        del self._properties[name]
        object.__setattr__(self, "modified", True)

    def __dir__(self) -> list[str]:
        definition = self._definitions.known(self.type_name)
        return [*super().__dir__(), *(property_names(definition) if definition else self._properties)]

    def __repr__(self) -> str:
        inputs = {name: ", ".join(map(str, ports)) for name, ports in self._inputs.items()}
        values = {name: f"{value!r:.40}" for name, value in self._properties.items()}
        shown = ", ".join(f"{name}={text}" for name, text in {**inputs, **values}.items())
        return f"<{self.type_name} {self.id}: {shown}>"

    def port(self, number: int) -> OutputPort:
        """One of its outputs, to connect or show it."""
        return OutputPort(self, number)

    def upstream(self) -> Iterator[SourceProxy]:
        """This proxy and all that it depends on, sources first."""
        seen: dict[int, SourceProxy] = {}
        stack: list[tuple[SourceProxy, bool]] = [(self, False)]
        while stack:
            proxy, expanded = stack.pop()
            if expanded:
                seen[proxy.id] = proxy
            elif proxy.id not in seen:
                stack.append((proxy, True))
                stack += [(port.proxy, False) for ports in proxy._inputs.values() for port in ports]
        return iter(seen.values())

    def _check_inputs(self, name: str, ports: list[OutputPort]) -> None:
        for port in ports:
            if port.proxy._session is not self._session:
                raise ValueError(f"{port.proxy!r} is of another session than {self!r}")
            if any(upstream is self for upstream in port.proxy.upstream()):
                raise ValueError(f"{port.proxy!r} depends on {self!r} itself: it cannot be its {name}")

    def take_changes(self) -> dict[str, Any]:
        """The state for the server; marks the proxy as unmodified. Called by Session.update_vtk_objects."""
        object.__setattr__(self, "modified", False)
        object.__setattr__(self, "pushed", True)
        return {
            "id": self.id,
            "type": self.type_name,
            "properties": dict(self._properties),
            "inputs": {name: [[port.proxy.id, port.port] for port in ports] for name, ports in self._inputs.items()},
        }

    # --- the server: fire and forget, or awaited

    def update_vtk_objects(self) -> None:
        """Tell the server what was set here and upstream. Fire and forget."""
        self._session.update_vtk_objects([self])

    async def definition(self) -> dict[str, Any]:
        """The type's definition: inputs, properties with type, size, default, range and documentation."""
        return await self._definitions.definition(self.type_name)

    async def update_pipeline(
        self, *, port: int = 0, time: float | None = None, deadline_s: float | None = None
    ) -> DataInformation:
        """Have it executed as far as it is out of date, and learn what came out.

        Raises RemoteError: ExecutionFailed with VTK's own message, UnknownProperty, ...; RequestCancelled if a newer
        change interrupted it; DeadlineExceeded. Cancelling the task that awaits interrupts the execution.
        """
        self.update_vtk_objects()
        header = {"op": "update_pipeline", "id": self.id, "port": port, "time": time}
        reply = await self._session.data.send_request(header, deadline_s=deadline_s)
        return DataInformation.from_plain(plain_data(reply))

    async def fetch(self, *, port: int = 0) -> DataSet:
        """The data itself, after executing what is out of date; a copy of its own, never a server-side object.

        Raises as update_pipeline does. Cancelling the task that awaits ends the transfer.
        """
        self.update_vtk_objects()
        assembler = Assembler(FETCH_LIMIT_BYTES)
        with self._session.data.subscribe({"op": "fetch", "id": self.id, "port": port}) as pieces:
            async for piece in pieces:
                assembler.add(piece.header, piece.buffers)
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


def _plain(name: str, value: Any) -> Any:
    """A value as it can travel: ranges and numpy arrays become lists. Raises TypeError."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (list, tuple, range)):
        return [_plain(name, item) for item in value]
    if hasattr(value, "__fspath__"):
        return value.__fspath__()
    raise TypeError(
        f"the value of {name} is of type {type(value).__name__}; numbers, text and lists of them can be set"
    )

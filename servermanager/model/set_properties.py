"""What was set of a proxy: every name in one place only, as a plain value, as inputs, or as an object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Generic, Protocol, TypeVar

from async_paraview.values import copied

UNSET: Final = object()
"""What a property was before it was first set, for those who watch changes."""


class Numbered(Protocol):
    """A proxy, as far as it matters here."""

    @property
    def id(self) -> int:
        """Return the number by which the server knows it."""


class Output(Protocol):
    """An output of a proxy, as far as it matters here."""

    @property
    def proxy(self) -> Any:
        """Return the proxy that it is of."""

    @property
    def port(self) -> int:
        """Return its number among the outputs of that proxy."""


P = TypeVar("P", bound=Numbered)
Port = TypeVar("Port", bound=Output)


class SetProperties(Generic[P, Port]):
    """The values, inputs and objects by name. Local.

    Also what the server was not told of: names that were set, or are to be set back.
    """

    __slots__ = ("_changed", "_inputs", "_objects", "_relinked", "_told_in", "_unset", "_values")

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._inputs: dict[str, tuple[Port, ...]] = {}
        self._objects: dict[str, P | None] = {}
        self._unset: dict[str, None] = {}
        self._changed: dict[str, None] = {}
        self._relinked = False
        self._told_in: dict[str, int] = {}
        """In a session that others can join: the numbers of the changes that told each name last."""

    def get(self, name: str) -> Any:
        """Return a copy of the plain value, a tuple of outputs, an object; UNSET if there is none."""
        if name in self._values:
            return copied(self._values[name])
        if name in self._inputs:
            return self._inputs[name]
        return self._objects.get(name, UNSET)

    def is_input(self, name: str) -> bool:
        """Return whether outputs are, or were, connected to that name."""
        return name in self._inputs

    def holds_value(self, name: str) -> bool:
        """Return whether it is set to a plain value."""
        return name in self._values

    def set_value(self, name: str, value: Any) -> None:
        """Take a plain value, which nobody else has."""
        if name not in self._values:
            self._take_away(name)
        self._values[name] = value
        self._changed[name] = None

    def set_inputs(self, name: str, ports: tuple[Port, ...]) -> None:
        """Connect outputs; none disconnects."""
        self._take_away(name)
        self._inputs[name] = ports
        self._changed[name] = None

    def set_object(self, name: str, held: P | None) -> None:
        """Take an object."""
        self._take_away(name)
        self._objects[name] = held
        self._changed[name] = None

    def forget(self, name: str, *, told: bool) -> None:
        """Forget what was set, as if it never had been; if the server was `told`, it is to set it back."""
        self._take_away(name)
        if told:
            self._unset[name] = None

    def begin_anew(self) -> None:
        """Note that the server knows nothing: nothing is to be set back, and all is to be told."""
        self._unset.clear()
        self._told_in.clear()
        self._changed = dict.fromkeys((*self._values, *self._inputs, *self._objects))

    def give_up_untold(self) -> None:
        """Forget that anything waits to be told: what it is of is gone."""
        self._unset.clear()
        self._changed.clear()

    def was_told(self, number: int = 0) -> bool:
        """Note that the server has been told of all of it, by the change with that number; 0: it has none.

        Returns whether that may be other sources than before.
        """
        if number:
            self._told_in.update(dict.fromkeys((*self._changed, *self._unset), number))
        self._unset.clear()
        self._changed.clear()
        relinked, self._relinked = self._relinked, False
        return relinked

    def is_newer(self, name: str, number: int) -> bool:
        """Return whether a name was set here later than in the change with that number, or waits to be told."""
        return name in self._changed or name in self._unset or self._told_in.get(name, 0) > number

    def names(self) -> list[str]:
        """Return the names that are set."""
        return [*self._values, *self._inputs, *self._objects]

    def told_value(self, name: str, value: Any) -> None:
        """Take a plain value that the server has already; so with the others."""
        self.set_value(name, value)
        del self._changed[name]

    def told_inputs(self, name: str, ports: tuple[Port, ...]) -> None:
        """Take inputs that the server has already."""
        self.set_inputs(name, ports)
        del self._changed[name]

    def told_object(self, name: str, held: P | None) -> None:
        """Take an object that the server has already."""
        self.set_object(name, held)
        del self._changed[name]

    def all(self) -> dict[str, Any]:
        """Return all that was set, by name, as `get` gives it."""
        return {**copied(self._values), **self._inputs, **self._objects}

    @property
    def inputs(self) -> dict[str, tuple[Port, ...]]:
        """Return what is connected, by name."""
        return dict(self._inputs)

    @property
    def objects(self) -> dict[str, P | None]:
        """Return what objects were set, by name."""
        return dict(self._objects)

    @property
    def values(self) -> dict[str, Any]:
        """Return the plain values, by name."""
        return copied(self._values)  # type: ignore[no-any-return]  # of a dict it is one

    def look(self) -> Mapping[str, Any]:
        """Return the plain values themselves, to be read at once."""
        return MappingProxyType(self._values)

    @property
    def stands_alone(self) -> bool:
        """Return whether it depends on nothing."""
        return not self._inputs and not self._objects

    def sources(self) -> Iterator[P]:
        """Yield the proxies that these depend on; a proxy that is used twice comes twice."""
        for ports in self._inputs.values():
            for port in ports:
                yield port.proxy
        yield from (held for held in self._objects.values() if held is not None)

    def plain(self) -> dict[str, Any]:
        """Return all of it as plain data, not copied: to be sent, or copied, at once."""
        return self._plain((*self._values, *self._inputs, *self._objects))

    def changes(self) -> dict[str, Any]:
        """Return what the server was not told of, as `plain` does; `unset` is what is to be set back, if anything."""
        changed = self._plain(self._changed)
        return {**changed, "unset": list(self._unset)} if self._unset else changed

    def _plain(self, names: Iterable[str]) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        inputs: dict[str, list[list[int]]] = {}
        objects: dict[str, int | None] = {}
        for name in names:
            if name in self._values:
                properties[name] = self._values[name]
            elif name in self._inputs:
                inputs[name] = [[port.proxy.id, port.port] for port in self._inputs[name]]
            elif name in self._objects:
                held = self._objects[name]
                objects[name] = None if held is None else held.id
        return {"properties": properties, "inputs": inputs, "objects": objects}

    def _take_away(self, name: str) -> None:
        self._relinked = True
        self._values.pop(name, None)
        self._inputs.pop(name, None)
        self._objects.pop(name, None)
        self._unset.pop(name, None)
        self._changed.pop(name, None)

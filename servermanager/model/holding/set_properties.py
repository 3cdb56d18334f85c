"""What was set of a proxy: every name in one place only, as a plain value, as inputs, or as an object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

from async_paraview.values import copied
from services_core.old_names import Place

MOST_UNCHECKED: Final = 16
"""How many earlier values of a property are kept until its definition arrives."""

UNSET: Final = object()
"""What a property was before it was first set, for those who watch changes."""

NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})
"""What of a proxy is a map that most proxies have nothing in: there are thousands, and each map of its own costs."""


class Unchecked(NamedTuple):
    """That a property was set before the definition had arrived: its values before that, the newest last, and where."""

    earlier: Sequence[Any]
    place: Place


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

    Also the names of what the server was not told of.
    """

    __slots__ = ("_inputs", "_objects", "_relinked", "_told_in", "_untold", "_values", "by_itself", "unchecked")

    def __init__(self) -> None:
        self.by_itself: Mapping[str, P] = NOTHING
        """What stands for objects that the server has there by itself."""
        self.unchecked: Mapping[str, Unchecked] = NOTHING
        """What was set before the definition had arrived."""
        self._values: dict[str, Any] = {}
        self._inputs: dict[str, tuple[Port, ...]] = {}
        self._objects: Mapping[str, P | None] = NOTHING
        self._untold: dict[str, None] = {}
        """What the server was not told of: what was set and, of what is not set any more, what it is to set back."""
        self._relinked = False
        self._told_in: Mapping[str, int] = NOTHING
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
        self._untold[name] = None

    def set_inputs(self, name: str, ports: tuple[Port, ...]) -> None:
        """Connect outputs; none disconnects."""
        self._take_away(name)
        self._inputs[name] = ports
        self._untold[name] = None

    def set_object(self, name: str, held: P | None) -> None:
        """Take an object."""
        self._take_away(name)
        self._objects = {**self._objects, name: held}
        self._untold[name] = None

    def note_unchecked(self, name: str, before: Any, place: Place) -> None:
        """Note that a property, which was that, is set before the definition has arrived."""
        known = self.unchecked.get(name)
        earlier = [before] if known is None else [*known.earlier, before]
        del earlier[1:-MOST_UNCHECKED]
        self.unchecked = {**self.unchecked, name: Unchecked(earlier, place)}

    def forget(self, name: str, *, told: bool) -> None:
        """Forget what was set, as if it never had been; if the server was `told`, it is to set it back."""
        self._take_away(name)
        if told:
            self._untold[name] = None

    def begin_anew(self) -> None:
        """Note that the server knows nothing: nothing is to be set back, and all is to be told."""
        self._told_in = NOTHING
        self._untold = dict.fromkeys(self.names())

    def give_up_untold(self) -> None:
        """Forget that anything waits to be told: what it is of is gone."""
        self._untold.clear()

    def was_told(self, number: int = 0) -> bool:
        """Note that the server has been told of all of it, by the change with that number; 0: it has none.

        Returns whether that may be other sources than before.
        """
        if number:
            self._told_in = {**self._told_in, **dict.fromkeys(self._untold, number)}
        self._untold.clear()
        relinked, self._relinked = self._relinked, False
        return relinked

    def is_newer(self, name: str, number: int) -> bool:
        """Return whether a name was set here later than in the change with that number, or waits to be told."""
        return name in self._untold or self._told_in.get(name, 0) > number

    def names(self) -> list[str]:
        """Return the names that are set."""
        return [*self._values, *self._inputs, *self._objects]

    def told_value(self, name: str, value: Any) -> None:
        """Take a plain value that the server has already; so with the others."""
        self.set_value(name, value)
        del self._untold[name]

    def told_inputs(self, name: str, ports: tuple[Port, ...]) -> None:
        """Take inputs that the server has already."""
        self.set_inputs(name, ports)
        del self._untold[name]

    def told_object(self, name: str, held: P | None) -> None:
        """Take an object that the server has already."""
        self.set_object(name, held)
        del self._untold[name]

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

    def sources(self) -> list[P]:
        """Return the proxies that these depend on; a proxy that is used twice comes twice."""
        found = [port.proxy for ports in self._inputs.values() for port in ports]
        if self._objects:
            found += [held for held in self._objects.values() if held is not None]
        return found

    def plain(self) -> dict[str, Any]:
        """Return all of it as plain data, not copied: to be sent, or copied, at once."""
        plain = self._plain(self.names())
        del plain["unset"]
        return plain

    def changes(self) -> dict[str, Any]:
        """Return what the server was not told of, as `plain` does, without what is empty.

        `unset` is what is to be set back, if anything.
        """
        return {kind: some for kind, some in self._plain(self._untold).items() if some}

    def _plain(self, names: Iterable[str]) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        inputs: dict[str, list[list[int]]] = {}
        objects: dict[str, int | None] = {}
        unset: list[str] = []
        for name in names:
            if name in self._values:
                properties[name] = self._values[name]
            elif name in self._inputs:
                inputs[name] = [[port.proxy.id, port.port] for port in self._inputs[name]]
            elif name in self._objects:
                held = self._objects[name]
                objects[name] = None if held is None else held.id
            else:
                unset.append(name)
        return {"properties": properties, "inputs": inputs, "objects": objects, "unset": unset}

    def _take_away(self, name: str) -> None:
        self._relinked = True
        self._values.pop(name, None)
        self._inputs.pop(name, None)
        if name in self._objects:
            self._objects = {other: held for other, held in self._objects.items() if other != name}
        self._untold.pop(name, None)

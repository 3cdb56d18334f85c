"""What all kinds of proxies have in common: properties as attributes, in CamelCase, with a definition behind them."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final, Protocol

from async_paraview.displays import table
from async_paraview.domains import Domain
from async_paraview.names import is_of_property
from async_paraview.older_names import OlderName
from async_paraview.values import copied

from .definitions import DefinitionManager, property_names
from .documentation import TypeDocumentation
from .owner import Steps


class Remembering(Protocol):
    """What of a session a proxy hands on."""

    @property
    def undo(self) -> Steps:
        """Return what was changed, to take it back."""

    @property
    def definitions(self) -> DefinitionManager:
        """Return what is known of types of proxies."""

    @property
    def scene(self) -> Any:
        """Return the model behind it."""

    @property
    def role(self) -> str:
        """Return what this client may do."""


_CAPITAL: Final = re.compile(r"(?<!^)(?=[A-Z])")
"""Where an underscore stands in the name of a method that ParaView's has a capital for: SaveScreenshot."""

SOMEBODY: Final = -1
"""The number of a client that has deleted something, where nobody has told which."""

put: Final = object.__setattr__
"""Sets an attribute that is no property: the `__setattr__` of a proxy takes five times as long, for each of many."""


class PropertyHolder(ABC):
    """A proxy of any kind: of the pipeline, of a view, of what is shown, of a text.

    Properties are attributes, in CamelCase. What is read is a copy: to change a list, set it. `del` sets a property
    back to what a new proxy has. Unknown names raise AttributeError, wrong values TypeError or ValueError, as soon as
    the type's definition is known here; those of views, representations and texts always are.
    """

    __slots__ = ("__weakref__", "_definitions", "_watchers", "id", "type_name")

    id: int
    type_name: str
    _definitions: DefinitionManager
    _watchers: tuple[Callable[[str, Any], None], ...]

    def __init__(self, id_: int, type_name: str, definitions: DefinitionManager) -> None:
        put(self, "id", id_)
        put(self, "type_name", type_name)
        put(self, "_definitions", definitions)
        put(self, "_watchers", ())

    def __init_subclass__(cls, **named: Any) -> None:
        """Have `help` and `?` of a proxy tell what its type does, and of a class what that is."""
        super().__init_subclass__(**named)
        cls.__doc__ = TypeDocumentation(cls.__dict__.get("__doc__"))  # type: ignore[assignment]  # a text that is made when it is read

    @property
    @abstractmethod
    def wire_type(self) -> str:
        """Return the name of its type as the server knows it."""

    @property
    @abstractmethod
    def session(self) -> Remembering:
        """Return the session that it belongs to."""

    @abstractmethod
    def set_values(self) -> dict[str, Any]:
        """Return what was set here, by name, as copies."""

    @abstractmethod
    def value_set(self, name: str) -> Any:
        """Return what was set here for one property, as `set_values` tells it; UNSET if nothing was."""

    @abstractmethod
    def restore(self, name: str, value: Any) -> None:
        """Set a property to what `value_set` or a watcher told; UNSET sets it back, as `del` does."""

    @abstractmethod
    def check_value(self, name: str, value: Any) -> None:
        """Raise AttributeError, TypeError or ValueError if a property cannot be set to that. Local."""

    @abstractmethod
    def domain(self, name: str) -> Domain:
        """Return what sensible values of a property are, as far as that is known by now; local."""

    @abstractmethod
    def _assign(self, name: str, value: Any) -> None:
        """Set a property."""

    @abstractmethod
    def _read(self, name: str) -> Any:
        """Return the value of a property. Raises AttributeError."""

    def entry(self, name: str) -> Mapping[str, Any] | None:
        """Return the definition of a property, None if that has not arrived. Raises AttributeError, with a hint."""
        return self._definitions.entry(self.wire_type, name)

    def older(self, name: str) -> OlderName | None:
        """Return what a name that a property had before means, None if it is none. Local."""
        return self._definitions.older(self.wire_type, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name[:1] != "_" and is_of_property(name):
            self._assign(name, value)
            return
        try:
            object.__setattr__(self, name, value)
        except AttributeError:
            message = f"{self.type_name} has no property {name!r}; the names of properties are CamelCase"
            raise AttributeError(message, name=name, obj=self) from None

    def __getattr__(self, name: str) -> Any:
        if not is_of_property(name):
            raise AttributeError(f"{self.type_name} has no attribute {name!r}", name=name, obj=self)
        try:
            return self._read(name)
        except AttributeError:
            method = _CAPITAL.sub("_", name).lower()
            if not hasattr(type(self), method):
                raise
        raise AttributeError(f"{self.type_name} has no property {name!r}; did you mean {method}?")

    def __delattr__(self, name: str) -> None:
        """Set a property back to what a new proxy has, an input to nothing. Raises AttributeError if it is not set."""
        self._take_back(name)

    @abstractmethod
    def _take_back(self, name: str) -> None:
        """Set a property back."""

    def __dir__(self) -> list[str]:
        definition = self._definitions.look(self.wire_type)
        return [*super().__dir__(), *(property_names(definition) if definition else self.set_values())]

    def watch(self, watcher: Callable[[str, Any], None]) -> Callable[[], None]:
        """Have `watcher(name, value)` called after every change of a property of it; calling what is returned ends it.

        The value is UNSET where there is none any more.
        """
        self._watchers = (*self._watchers, watcher)
        return partial(self._end_watching, watcher)

    def _end_watching(self, watcher: Callable[[str, Any], None]) -> None:
        watchers = list(self._watchers)
        end_watching(watchers, watcher)
        self._watchers = tuple(watchers)

    def tell_watchers(self, name: str, value: Any) -> None:
        """Tell those who watch it that a property was set."""
        for watcher in self._watchers:
            watcher(name, copied(value))

    def _repr_html_(self) -> str | None:
        definition, values = self._definitions.look(self.wire_type), self.set_values()
        entries = [] if definition is None else [*definition["inputs"], *definition["properties"]]
        defaults = {one["name"]: one.get("default") for one in entries if one.get("panel") != "never"}
        docs = {one["name"]: one.get("doc", "") for one in entries}
        rows = [
            (name, repr(value), "set" if name in values else "", docs.get(name, ""))
            for name, value in {**defaults, **values}.items()
        ]
        summary = "" if definition is None else definition["doc"].partition("\n")[0]
        return table(f"{self.type_name} {self.id}: {summary}", rows, ("property", "value", "", "meaning"))

    async def definition(self) -> dict[str, Any]:
        """Return the type's definition: inputs, properties with type, size, default, range and documentation."""
        return await self._definitions.definition(self.wire_type)

    def help(self) -> str:
        """Return the type's documentation, as far as it is known here; local."""
        return self._definitions.help(self.wire_type)


def by_whom(client: int) -> str:
    """Return who has deleted something, in words."""
    return f"client {client}" if client != SOMEBODY else "another client"


def end_watching(watchers: list[Any], watcher: Any) -> None:
    """Take a watcher out of a list, once."""
    with suppress(ValueError):  # it was ended before
        watchers.remove(watcher)

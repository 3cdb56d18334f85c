"""The values of one view, representation or text on the server: all checked as its type says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from async_paraview.names import unknown_name
from async_paraview.scene.types import SceneType
from services_core import suggest

from .errors import InvalidProperty, UnknownProperty


class PropertySet:
    """The values of the properties of one type; `update` changes all of them or none."""

    def __init__(
        self, type_: SceneType, *, data_half: bool = False, more: Mapping[str, Callable[[object], Any]] | None = None
    ) -> None:
        """Make a set.

        `data_half`: only those that matter where the data is. `more` checks of some what the type leaves open.
        """
        self._type = type_
        self._names = type_.of_both_halves if data_half else type_.by_name.keys()
        self._more = more or {}
        self._values: Mapping[str, Any] = {name: value for name, value in type_.initial.items() if name in self._names}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def update(self, changes: Mapping[str, object]) -> None:
        """Apply checked values; raises as `checked` does, having changed nothing."""
        self.take(self.checked(changes))

    def take(self, accepted: Mapping[str, Any]) -> None:
        """Apply values that `checked` has returned."""
        self._values = {**self._values, **accepted}  # snapshots that were taken stay as they are

    def checked(self, changes: Mapping[str, object]) -> dict[str, Any]:
        """Return the values as they will be stored, nothing stored yet. Raises UnknownProperty, InvalidProperty."""
        accepted = {}
        for name, value in changes.items():
            if name not in self._names:
                message = unknown_name(f"property of a {self._type.owner}", name, self._names)
                raise UnknownProperty(message, next(iter(suggest(name, self._names, most=1)), None))
            try:
                accepted[name] = self._more.get(name, self._type.by_name[name].check)(value)
            except (TypeError, ValueError) as error:
                raise InvalidProperty(f"{self._type.owner}.{name} = {value!r}: {error}") from None
        return accepted

    def snapshot(self) -> Mapping[str, Any]:
        """Return all values now, read-only."""
        return MappingProxyType(self._values)

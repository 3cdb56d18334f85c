"""What a view or a representation was asked to be and could not: kept, told and tried again, by property."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from ..vtk.base.errors import UnknownProperty, afresh


class HasProperties(Protocol):
    """Something whose properties can be set."""

    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Set all of them, or none and raise an error."""


class Refusals:
    """The refused properties of one view or representation. One thread only."""

    def __init__(self) -> None:
        self._refused: dict[str, tuple[object, Exception]] = {}
        self._given_up: dict[str, Exception] = {}
        self._unmade: Exception | None = None

    @property
    def first(self) -> Exception | None:
        """What is told of it: an error, as long as something is not as it was asked for."""
        refused = (error for _, error in self._refused.values())
        return self._unmade or next(refused, None) or next(iter(self._given_up.values()), None)

    @property
    def names(self) -> list[str]:
        """The properties that are not as they were asked for."""
        return [*self._refused, *(name for name in self._given_up if name not in self._refused)]

    @property
    def texts(self) -> dict[str, str]:
        """Why each of these properties is not as it was asked for."""
        refused = {name: error for name, (_, error) in self._refused.items()}
        return {name: str(error) for name, error in (self._given_up | refused).items()}

    def give_up(self, names: Iterable[str]) -> None:
        """Give up what was refused: something newer has decided what these are; it is told, and not tried any more."""
        for name in self._refused.keys() & set(names):
            self._given_up[name] = self._refused.pop(name)[1]

    def set(self, make: Callable[[], HasProperties], properties: Mapping[str, object]) -> None:
        """Set properties of what `make` gives. All that are right are set.

        Those that are not are kept, and tried again with every later change, because some depend on others, until
        they are right or set anew; those of an unknown name until the one that was meant is set, or that is set to
        None. Raises the first error of these properties.
        """
        self._given_up = {name: error for name, error in self._given_up.items() if name not in properties}
        taken_back = {name for name, (_, error) in self._refused.items() if _is_taken_back(name, error, properties)}
        kept = {name: value for name, (value, _) in self._refused.items() if name not in taken_back}
        wanted = kept | {name: new for name, new in properties.items() if new is not None or name not in taken_back}
        try:
            target, self._unmade = make(), None
        except Exception as error:
            self._unmade = afresh(error)
            self._refused = {name: (value, self._unmade) for name, value in wanted.items()}
            raise
        self._refused = {} if _refusal(target, wanted) is None else _set_what_is_right(target, wanted)
        told = next((error for name, (_, error) in self._refused.items() if name in properties), None)
        if told is not None:
            raise told


def _is_taken_back(name: str, error: Exception, properties: Mapping[str, object]) -> bool:
    if not isinstance(error, UnknownProperty):
        return False
    return error.meant in properties or properties.get(name, error) is None


def _set_what_is_right(target: HasProperties, wanted: dict[str, object]) -> dict[str, tuple[object, Exception]]:
    """Set each by itself, again as long as that makes others right; returns what stays refused."""
    while True:
        refused = {n: (value, error) for n, value in wanted.items() if (error := _refusal(target, {n: value}))}
        if len(refused) in (0, len(wanted)):
            return refused
        wanted = {name: value for name, (value, _) in refused.items()}


def _refusal(target: HasProperties, properties: Mapping[str, object]) -> Exception | None:
    try:
        target.set_properties(properties)
    except Exception as error:
        return afresh(error)
    return None

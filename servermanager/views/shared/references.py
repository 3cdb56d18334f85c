"""What layouts and tracks hold of a session: its views, proxies and color maps, whatever their numbers are by now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from async_paraview.scene.animation import KeyFrames
from async_paraview.scene.checks import Check, OrNone
from async_paraview.scene.layouts import Cells
from async_paraview.scene.references import BY_NAME, PROXY, REPRESENTATION, VIEW, ReferencesTo, ReferenceTo
from async_paraview.values import copied

from ...model.proxy import OutputPort, Proxy
from ..color_map import SharedByName
from ..representation import RepresentationProxy
from ..view_proxy import ViewProxy


class Finding(Protocol):
    """A scene, as references look things up in it."""

    def find_referred(self, kind: str, of: Any) -> Any:
        """Return the thing of that kind and number, or name; None if there is none."""


class Reference:
    """One thing of a session.

    Views, and what is shown in them, get another number when a deletion is undone: then it travels by that.
    """

    __slots__ = ("_of", "_thing", "kind")

    def __init__(self, kind: str, of: int | str, thing: Any = None) -> None:
        """Refer to a thing by its number, or name; by `thing` itself if that is known."""
        self.kind = kind
        self._of = of
        self._thing = thing

    @classmethod
    def to(cls, thing: Any) -> Reference:
        """Return the reference to a thing. Raises TypeError for what is none of a session."""
        if isinstance(thing, OutputPort):
            thing = thing.proxy
        for kind, of in ((PROXY, Proxy), (VIEW, ViewProxy), (REPRESENTATION, RepresentationProxy)):
            if isinstance(thing, of):
                return cls(kind, thing.id, thing)
        if isinstance(thing, SharedByName):
            return cls(thing.kind, thing.name, thing)
        raise TypeError(f"a proxy, a view, what is shown in one, or a color map was expected, not {thing!r:.60}")

    def travelling(self) -> list[Any]:
        """Return it as it travels now."""
        if self._thing is not None and self.kind not in BY_NAME:
            return [self.kind, self._thing.id]
        return [self.kind, self._of]

    def found(self, scene: Finding) -> Any:
        """Return the thing; None if it is not there."""
        if self._thing is None:
            self._thing = scene.find_referred(self.kind, self._of)
        present = None if self._thing is None else scene.find_referred(*self.travelling())
        return self._thing if present is self._thing else None

    def is_to(self, thing: Any) -> bool:
        """Return whether it is a reference to that."""
        return self._thing is thing

    def __repr__(self) -> str:
        return f"{self.kind} {self.travelling()[1]}"


def travelling(value: Any) -> Any:
    """Return a value as it travels: references told by what they are known by now."""
    if isinstance(value, Reference):
        return value.travelling()
    if isinstance(value, (list, tuple)):
        return [travelling(one) for one in value]
    return copied(value)


def with_references(check: Check, value: Any, made: Callable[[Any], Reference]) -> Any:
    """Return a value with what `made` returns in the places where it refers to things; others as they are."""
    if isinstance(check, OrNone):
        return None if value is None else with_references(check.check, value, made)
    if isinstance(check, ReferenceTo):
        return made(value)
    if isinstance(check, ReferencesTo) and isinstance(value, (list, tuple)):
        return [made(one) for one in value]
    if isinstance(check, Cells) and isinstance(value, (list, tuple)):
        return [
            [*one[:3], None if one[3] is None else made(one[3])]
            if isinstance(one, (list, tuple)) and len(one) == 4
            else one
            for one in value
        ]
    return copied(value)


def references_in(check: Check, value: Any) -> list[tuple[str, Any]]:
    """Return what a value refers to, as it travels: (kind, number or name) of each."""
    found: list[tuple[str, Any]] = []

    def made(told: Any) -> Reference:
        found.append((told[0], told[1]))
        return Reference(told[0], told[1])

    with_references(check, value, made)
    return found


def references_of(value: Any) -> list[Reference]:
    """Return the references in a value."""
    if isinstance(value, Reference):
        return [value]
    return [each for one in value for each in references_of(one)] if isinstance(value, (list, tuple)) else []


def is_keyframes(check: Check) -> bool:
    """Return whether a property takes keyframes."""
    return isinstance(check, KeyFrames)


def mapped(values: Mapping[str, Any], one: Callable[[str, Any], Any]) -> dict[str, Any]:
    """Return a map with each value replaced by `one(name, value)`."""
    return {name: one(name, value) for name, value in values.items()}

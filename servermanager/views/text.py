"""A text in front of what a view shows, as a proxy of its own."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from async_paraview.scene.text import TEXT
from async_paraview.scene.types import SceneType
from services_core import PacketError

from .owner import ViewOwner
from .scene_proxy import SceneProxy


class HasTexts(Protocol):
    """What texts need of their view."""

    @property
    def scene(self) -> ViewOwner:
        """Return the scene that it belongs to."""

    @property
    def id(self) -> int:
        """Return its number."""

    @property
    def session(self) -> Any:
        """Return the session that it belongs to."""

    @property
    def texts(self) -> tuple[TextProxy, ...]:
        """Return those that it shows."""

    def tell_texts(self) -> None:
        """Have the server told of all of them."""

    def set_texts(self, texts: Sequence[TextProxy], label: str) -> None:
        """Show these and no others, as one step of undo."""


class TextProxy(SceneProxy):
    """A text in a view: Text, WindowLocation, FontSize, Color, Bold. Every method is fire and forget."""

    __slots__ = ("view",)

    scene_type: ClassVar[SceneType] = TEXT

    def __init__(self, view: HasTexts, properties: dict[str, Any], *, lenient: bool = False) -> None:
        """Make a text that its view does not show yet; if `lenient`, what is wrong is left to the server to refuse."""
        super().__init__(view.scene, view.scene.new_id())
        self.view = view
        if lenient:
            self._set, self._wrong = self._sorted_out(properties)
        else:
            self._set = {name: self._plain(name, value) for name, value in properties.items()}

    @property
    def properties(self) -> dict[str, Any]:
        """Return what was set, by name. Deprecated: `set_values()` tells it, and attributes are read."""
        warnings.warn("text.properties is now text.set_values()", DeprecationWarning, stacklevel=2)
        return self.set_values()

    def delete(self) -> None:
        """Show it no more. Raises ValueError if it was deleted."""
        self._own()
        self.view.set_texts([one for one in self.view.texts if one is not self], "delete Text")
        self._scene.outbox.flush()

    def _own(self) -> None:
        self._scene.connection.membership.require_editor()
        self._scene.own(self.view)
        if not any(one is self for one in self.view.texts):
            raise ValueError(f"{self!r} was deleted, or its view has other texts by now: see view.texts")

    def told(self) -> dict[str, Any]:
        """Return what the server is told of it."""
        return {**self.set_values(), **self._wrong}

    @classmethod
    def told_by_others(cls, view: HasTexts, told: Mapping[str, Any]) -> TextProxy:
        """Make a text that another client of the session has made."""
        made = cls(view, {})
        made.take_told(told, 0)
        return made

    def _take_in(self, new: dict[str, Any]) -> None:
        self._set = dict(new)

    def _waiting(self) -> Collection[str]:
        return ()

    def _tell_wrong(self, wrong: dict[str, Any]) -> None:
        self.view.tell_texts()

    def _take(self, plain: dict[str, Any]) -> None:
        before, self._set = self._set, {**self._set, **plain}
        self._tell(before)

    def _forget(self, name: str) -> None:
        before, self._set = self._set, {key: value for key, value in self._set.items() if key != name}
        self._tell(before)

    def _tell(self, before: dict[str, Any]) -> None:
        try:
            self.view.tell_texts()
        except PacketError:
            self._set = before
            raise

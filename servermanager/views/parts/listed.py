"""Proxies of which a view has a list: texts, lights."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Protocol, TypeVar

from services_core import PacketError

from ..owner import InScene, ViewOwner
from ..scene_proxy import SceneProxy

L = TypeVar("L", bound="ListedProxy")


class HasLists(InScene, Protocol):
    """What texts and lights need of their view."""

    def listed(self, place: str) -> tuple[Any, ...]:
        """Return what it has of one of its lists."""

    def tell_listed(self, place: str) -> None:
        """Have the server told of a list."""

    def set_listed(self, place: str, listed: Sequence[Any], label: str) -> None:
        """Have these and no others in a list, as one step of undo."""


class ListedProxy(SceneProxy):
    """One of a list of a view. Every method is fire and forget."""

    __slots__ = ("view",)

    place: ClassVar[str]
    """The property of a view that holds all of them."""

    view: HasLists | None
    """What has it; None: nothing yet."""

    def __init__(
        self, scene: ViewOwner, view: HasLists | None, properties: Mapping[str, Any], *, lenient: bool = False
    ) -> None:
        """Make one that its view does not have yet; if `lenient`, what is wrong is left to the server to refuse."""
        super().__init__(scene, scene.new_id())
        self.view = view
        if lenient:
            self._set, self._wrong = self._sorted_out(dict(properties))
        else:
            self._set = {name: self._plain(name, value) for name, value in properties.items()}

    def delete(self) -> None:
        """Show it no more. Raises ValueError if it was deleted."""
        self._own()
        if self.view is not None:
            left = [one for one in self.view.listed(self.place) if one is not self]
            self.view.set_listed(self.place, left, f"delete {self.type_name}")
            self._scene.outbox.flush()

    def is_held(self) -> bool:
        """Return whether a view has it."""
        view = self.view
        return view is not None and self._scene.has_view(view) and any(one is self for one in view.listed(self.place))

    def _own(self) -> None:
        self._scene.connection.membership.require_editor()
        if self.view is None:
            return
        self._scene.own(self.view)
        if not any(one is self for one in self.view.listed(self.place)):
            raise ValueError(f"{self!r} was deleted, or its view has others by now: see its {self.place}")

    def told(self) -> dict[str, Any]:
        """Return what the server is told of it."""
        return {**self.set_values(), **self._wrong}

    @classmethod
    def told_by_others(cls: type[L], view: HasLists, told: Mapping[str, Any]) -> L:
        """Make one that another client of the session has made."""
        made = cls(view.scene, view, {})
        made.take_told(dict(told), 0)
        return made

    def _take_in(self, new: dict[str, Any]) -> None:
        self._set = dict(new)

    def _waiting(self) -> Collection[str]:
        return ()

    def _tell_wrong(self, wrong: dict[str, Any]) -> None:
        if self.view is not None:
            self.view.tell_listed(self.place)

    def _take(self, plain: dict[str, Any]) -> None:
        before, self._set = self._set, {**self._set, **plain}
        self._tell(before)

    def _forget(self, name: str) -> None:
        before, self._set = self._set, {key: value for key, value in self._set.items() if key != name}
        self._tell(before)

    def _tell(self, before: dict[str, Any]) -> None:
        if self.view is None:
            return
        try:
            self.view.tell_listed(self.place)
        except PacketError:
            self._set = before
            raise

"""The legend of a color map in a view, as a proxy of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Protocol

from async_paraview.scene.scalar_bars import SCALAR_BAR
from async_paraview.scene.types import SceneType
from async_paraview.values import copied

from ..model.set_properties import UNSET
from .owner import ViewOwner
from .scene_proxy import SceneProxy


class HasLegends(Protocol):
    """What legends need of their view, which has what was set of them."""

    @property
    def scene(self) -> ViewOwner:
        """Return the scene that it belongs to."""

    @property
    def id(self) -> int:
        """Return its number."""

    @property
    def session(self) -> Any:
        """Return the session that it belongs to."""

    def legend_values(self, name: str) -> dict[str, Any]:
        """Return what was set of a legend."""

    def tell_legend(self, name: str, values: Mapping[str, Any], wrong: Mapping[str, Any]) -> None:
        """Have the server told of a legend."""


class ScalarBarProxy(SceneProxy):
    """The legend of a color map in a view: Visibility, Title, Orientation, LabelFormat, ... (`help()`).

    There is one for all that shares the color map there. Every method is fire and forget.
    """

    __slots__ = ("name", "view")

    scene_type: ClassVar[SceneType] = SCALAR_BAR

    def __init__(self, view: HasLegends, name: str) -> None:
        """Stand for the legend of the color map of that name; nothing is told."""
        super().__init__(view.scene, view.scene.new_id())
        self.view = view
        self.name = name
        """That of its color map."""

    def set_values(self) -> dict[str, Any]:
        return copied(self.view.legend_values(self.name))  # type: ignore[no-any-return]  # of a dict it is one

    def value_set(self, name: str) -> Any:
        return self.set_values().get(name, UNSET)

    def told_by_view(self, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        """Tell those who watch it what another client has set. Called by its view."""
        for name in {*before, *now}:
            if before.get(name, UNSET) != now.get(name, UNSET):
                self.tell_watchers(name, now.get(name, UNSET))

    def _own(self) -> None:
        self._scene.connection.membership.require_editor()
        self._scene.own(self.view)

    def _waiting(self) -> Collection[str]:
        return ()

    def _take_back(self, name: str) -> None:
        if name not in self.set_values():
            self._definitions.entry(self.wire_type, name)
            raise AttributeError(f"{self.type_name}.{name} was not set here")
        self._own()
        self.restore(name, UNSET)
        self._scene.outbox.flush()

    def _take(self, plain: dict[str, Any]) -> None:
        self.view.tell_legend(self.name, {**self.set_values(), **plain}, self._wrong)

    def _forget(self, name: str) -> None:
        values = {one: value for one, value in self.set_values().items() if one != name}
        self.view.tell_legend(self.name, values, self._wrong)

    def _tell_wrong(self, wrong: dict[str, Any]) -> None:
        self.view.tell_legend(self.name, self.set_values(), self._wrong)

    def __repr__(self) -> str:
        return f"<{self.type_name} of {self.name!r}: {self.set_values()}>"

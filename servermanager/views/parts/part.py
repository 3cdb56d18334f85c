"""A part of a view, or of what is shown, that has properties of its own: its axes, a function of its numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from async_paraview.scene.parts import Part
from async_paraview.scene.types import SceneType
from async_paraview.values import copied

from ...model.holding.set_properties import UNSET
from ..owner import InScene, ViewOwner
from ..scene_proxy import SceneProxy


class HasParts(InScene, Protocol):
    """What parts need of what they belong to, which has what was set of them as the value of a property."""

    def part_values(self, place: Any) -> dict[str, Any]:
        """Return what was set of a part."""

    def tell_part(self, place: Any, values: Mapping[str, Any], wrong: Mapping[str, Any]) -> None:
        """Have the server told of a part by the next call."""


class Whole(SceneProxy):
    """A view, or what is shown in one: some of its properties are parts that have properties of their own."""

    __slots__ = ("_parts",)

    def __init__(self, scene: ViewOwner, id_: int) -> None:
        super().__init__(scene, id_)
        self._parts: dict[Any, PartProxy] = {}

    @property
    def scene(self) -> ViewOwner:
        """Return the scene that it belongs to."""
        return self._scene

    def part_values(self, place: Any) -> dict[str, Any]:
        """Return what was set of a part. Called by it."""
        values = self._set.get(place)
        return dict(values) if isinstance(values, Mapping) else {}

    def tell_part(self, place: Any, values: Mapping[str, Any], wrong: Mapping[str, Any]) -> None:
        """Have the server told of a part by the next call. Called by it."""
        self._take({place: dict(values)})
        if wrong:
            self._tell_wrong({place: {**values, **wrong}})

    def _read(self, name: str) -> Any:
        one = self.scene_type.by_name.get(name)
        if one is None or not isinstance(one.check, Part):
            return super()._read(name)
        if name not in self._parts:
            self._parts[name] = PartProxy(self, one.check.type, name)
        return self._parts[name]

    def _take_in(self, new: dict[str, Any]) -> None:
        before = {place: part.set_values() for place, part in self._parts.items()}
        super()._take_in(new)
        for place, part in self._parts.items():
            part.told_by_owner(before[place], part.set_values())


class PartProxy(SceneProxy):
    """A part of a view or representation. Every method is fire and forget."""

    __slots__ = ("_place", "owner", "scene_type")

    scene_type: SceneType  # type: ignore[misc]  # each has its own

    def __init__(self, owner: HasParts, type_: SceneType, place: Any) -> None:
        """Stand for the part at a place; nothing is told."""
        object.__setattr__(self, "scene_type", type_)
        super().__init__(owner.scene, owner.scene.new_id())
        self.owner = owner
        """What it belongs to."""
        self._place = place

    def set_values(self) -> dict[str, Any]:
        return copied(self.owner.part_values(self._place))  # type: ignore[no-any-return]  # of a dict it is one

    def value_set(self, name: str) -> Any:
        return self.set_values().get(name, UNSET)

    def told_by_owner(self, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        """Tell those who watch it what another client has set. Called by what it belongs to."""
        for name in {*before, *now}:
            if before.get(name, UNSET) != now.get(name, UNSET):
                self.tell_watchers(name, now.get(name, UNSET))

    def _own(self) -> None:
        self._scene.connection.membership.require_editor()
        self._scene.own(self.owner)

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
        self.owner.tell_part(self._place, {**self.set_values(), **plain}, self._wrong)

    def _forget(self, name: str) -> None:
        values = {one: value for one, value in self.set_values().items() if one != name}
        self.owner.tell_part(self._place, values, self._wrong)

    def _tell_wrong(self, wrong: dict[str, Any]) -> None:
        self.owner.tell_part(self._place, self.set_values(), self._wrong)

    def __repr__(self) -> str:
        return f"<{self.type_name} {self._place!r} of {self.owner!r}: {self.set_values()}>"

"""Layouts, the animation and its tracks: proxies that a server keeps for all programs of a session, and no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from async_paraview.operations import Operation, render
from async_paraview.values import copied, payload_value
from services_core import Packet, PacketError
from services_core.payload import pack_payload

from ..owner import ViewOwner
from .numbered_proxy import NumberedProxy
from .references import Finding, Reference, is_keyframes, mapped, references_of, travelling, with_references


class SharedOwner(ViewOwner, Finding, Protocol):
    """A scene, as what is shared knows it."""

    def has_shared(self, shared: Any) -> bool:
        """Return whether it is of the scene, and was not deleted."""

    def take_in_shared(self, shared: Any) -> None:
        """Take it into the scene."""

    def take_out_shared(self, shared: Any) -> None:
        """Take it out of the scene."""


class SharedProxy(NumberedProxy):
    """A layout, an animation or a track. Setting a property tells the server at once, fire and forget.

    What refers to proxies and views is set to those, and read as those; None stands for what is there no more.
    """

    __slots__ = ()

    _scene: SharedOwner

    def refers_to(self, thing: Any) -> bool:
        """Return whether something of it refers to a thing."""
        return any(one.is_to(thing) for one in references_of(list(self._set.values())))

    def tell_again(self) -> None:
        """Have the server told again what refers to things: they have other numbers. The next call tells it."""
        names = [name for name, value in self._set.items() if references_of(value)]
        self._tell_later({}, self._travelling_values({name: self._set[name] for name in names}))

    def state_values(self, told: Callable[[Reference], Any]) -> dict[str, Any]:
        """Return what was set, as plain data, with what `told` returns in the place of each reference."""

        def plain(value: Any) -> Any:
            if isinstance(value, Reference):
                return told(value)
            return [plain(one) for one in value] if isinstance(value, (list, tuple)) else copied(value)

        return mapped(self._set, lambda _name, value: plain(value))

    def set_as_they_are(self, **properties: Any) -> None:
        """Set properties as a step of undo, and do nothing that comes of it. Called as states are loaded."""
        self._own()
        self._change({name: self._plain(name, value) for name, value in properties.items()})

    # --- inside

    def _own(self) -> None:
        self._scene.connection.membership.require_editor()
        self._scene.own(self)

    def _update(self, number: int) -> Callable[..., Operation]:
        return partial(render.UpdateShared, name=self.name, kind=self.kind, number=number)

    def _packets(self, number: int, untold: dict[str, Any]) -> list[Packet]:
        """Return the packet that tells properties: in its header, or in a buffer where that is too small.

        A thousand keyframes do not fit into a header.
        """
        try:
            return [self._update(number)(properties=untold).packet()]
        except PacketError:
            return [pack_payload(self._update(number)().header(), untold)]

    @property
    def _is_told_empty(self) -> bool:
        return bool(self.name)

    def _travelling_values(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return mapped(values, lambda _name, value: travelling(value))

    def _plain(self, name: str, value: Any) -> Any:
        self._definitions.entry(self.wire_type, name)  # raises, suggesting the nearest names
        check = self.scene_type.by_name[name].check
        inside = with_references(check, value, self._referring)
        if is_keyframes(check) and isinstance(inside, Sequence) and not isinstance(inside, str):
            inside = [_plain_map(f"{self.type_name}.{name}", one) for one in inside]
        elif not references_of(inside) and not is_keyframes(check):
            inside = self._as_it_travels(name, inside, self.scene_type.by_name[name].check)
        try:
            checked = check(travelling(inside))
        except ValueError as error:
            raise ValueError(f"{self.type_name}.{name} = {value!r:.80}: {error}") from None
        return copied(checked) if is_keyframes(check) else inside

    def _referring(self, thing: Any) -> Reference:
        """Return the reference to a thing of this session. Raises ValueError, TypeError."""
        if isinstance(thing, Reference):
            return thing
        made = Reference.to(thing)
        self._scene.check_session(thing)
        if made.found(self._scene) is None:
            self._scene.own(thing)  # raises for what was deleted; what the server has by itself is one of the scene's
        return made

    def _read(self, name: str) -> Any:
        return self._outside(super()._read(name))

    def _outside(self, value: Any) -> Any:
        """Return a value with things in the places of references to them."""
        if isinstance(value, Reference):
            return value.found(self._scene)
        if isinstance(value, list) and references_of(value):
            return [self._outside(one) for one in value]
        return value

    def take_told(self, properties: Mapping[str, Any], seen: int) -> list[str]:
        known = self.scene_type.by_name

        def made(told: Any) -> Reference:
            reference = Reference(told[0], told[1])
            reference.found(self._scene)
            return reference

        decoded = {
            name: with_references(known[name].check, value, made) for name, value in properties.items() if name in known
        }
        return super().take_told(decoded, seen)

    # --- made and deleted

    def delete(self) -> None:
        """Delete it, for all programs of the session. Without effect if it was deleted."""
        self._scene.connection.membership.require_editor()
        if not self._scene.has_shared(self):
            return
        self.take_out()
        self._scene.undo.done(f"delete {self.type_name}", self.recreate, self.take_out)
        self._scene.outbox.flush()

    def take_out(self) -> None:
        """Have it deleted by the next call that tells anything. Called by undo."""
        self.raise_deleted()
        self._scene.take_out_shared(self)
        self._scene.outbox.drop(self)
        key = self.kind, self.name
        delete = render.DeleteShared(kind=self.kind, name=self.name).packet()
        self._scene.outbox.add((*key, "delete"), lambda: self._scene.render.send_message(delete))

    def recreate(self) -> None:
        """Make it again, as it was. Called by undo."""
        self.name = str(self._scene.new_id())  # the server takes nothing more for the old name
        self._scene.take_in_shared(self)
        self.replay()


def _plain_map(label: str, value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {str(key): payload_value(f"{label}.{key}", one) for key, one in value.items()}

"""What the proxies of views, representations and texts have in common: a type that both sides know, undo, watchers."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from async_paraview.domains import Domain, evaluate
from async_paraview.information import DataInformation
from async_paraview.scene.checks import Check
from async_paraview.scene.parts import Part
from async_paraview.scene.scalar_bars import ScalarBars
from async_paraview.scene.types import SceneType
from async_paraview.values import copied, is_plain, payload_value
from services_core import suggest

from ..model.holding.set_properties import UNSET
from ..model.property_holder import PropertyHolder, by_whom
from .owner import ViewOwner

_NO_MAPS: Final = frozenset({bool, int, float, str, list, tuple, type(None)})


class SceneProxy(PropertyHolder):
    """A view, what is shown in one, or a text. Setting a property tells the server at once, fire and forget."""

    __slots__ = ("_scene", "_set", "_told_in", "_wrong", "deleted_by")

    scene_type: ClassVar[SceneType]
    """What properties there are, what they take, and which half of the server they go to."""

    def __init__(self, scene: ViewOwner, id_: int) -> None:
        super().__init__(id_, self.scene_type.name, scene.definitions)
        self._scene = scene
        self.deleted_by = 0
        """Which other client of the session has deleted it, -1: one that is not known; 0: none."""
        self._set: dict[str, Any] = {}
        self._told_in: dict[str, int] = {}
        """The numbers of the changes that told each property last."""
        self._wrong: dict[str, Any] = {}
        """What `update` was given that is wrong, and the server was told of all the same."""

    @property
    def wire_type(self) -> str:
        """Return the name of its type as the server knows it."""
        return self.scene_type.wire_type

    @property
    def session(self) -> Any:
        """Return the session that it belongs to."""
        return self._scene.session

    def update(self, **properties: Any) -> None:
        """Set properties, all of them as one step of undo. Fire and forget.

        A wrong name or value warns (DeprecationWarning; from the next release on it raises, as setting the attribute
        does), and is told to the server as before, which refuses it: every awaited call that needs the view raises
        that, until it is set right, as it raises what only the server can find wrong, beside other values or with the
        data. The others are set. Raises TypeError, PacketError, with nothing changed, for what cannot travel;
        ValueError if this was deleted, or is of another session. Busy, or what ended the connection: it is set here,
        and a later call tells it.
        """
        self._own()
        right, wrong = self._sorted_out(self._meaning(properties))
        if not wrong:
            self._change_and_tell(right)
            return
        if right:
            self._change(right)
        self._wrong |= wrong
        self._tell_wrong(wrong)
        self._scene.outbox.flush()

    def _sorted_out(self, properties: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what is right of properties, and what is wrong, as it travels."""
        right: dict[str, Any] = {}
        wrong: dict[str, Any] = {}
        for name, value in properties.items():
            try:
                right[name] = self._plain(name, value)
            except (AttributeError, ValueError) as error:
                wrong[name] = self._travelling(name, value, error)
                message = f"{error}; from the next release on this is raised here, and not by the next awaited call"
                warnings.warn(message, DeprecationWarning, stacklevel=4)
        return right, wrong

    def _travelling(self, name: str, value: Any, error: Exception) -> Any:
        """Return a wrong value as it travels. Raises what is wrong with it, if it does not."""
        try:
            return payload_value(name, value)
        except TypeError:
            raise error from None

    def set_values(self) -> dict[str, Any]:
        """Return what was set here, by name, as copies."""
        return copied(self._set)  # type: ignore[no-any-return]  # of a dict it is one

    def value_set(self, name: str) -> Any:
        """Return what was set here for one property; UNSET if nothing was."""
        return copied(self._set.get(name, UNSET))

    def restore(self, name: str, value: Any) -> None:
        """Set a property to what `value_set` or a watcher told; UNSET sets it back. The next call tells the server.

        Raises ValueError if another client of the session has deleted it.
        """
        self.raise_deleted()
        before = {name: self.value_set(name)}
        with self._set_right((name,)):
            if value is UNSET:
                self._forget(name)
            else:
                self._take({name: value})
        self._note(before)

    def check_value(self, name: str, value: Any) -> None:
        """Raise AttributeError, TypeError or ValueError if a property cannot be set to that. Local."""
        for meant, given in self._meaning({name: value}).items():
            self._plain(meant, given)

    def domain(self, name: str) -> Domain:
        """Return what sensible values of a property are, as far as that is known by now; local."""
        entry = self._definitions.entry(self.wire_type, name)
        assert entry is not None  # the types of scenes are known from the start
        return evaluate(entry, self._held(), self._values_for_domains())

    # --- told by the server: what other clients of the session do

    def raise_deleted(self) -> None:
        """Raise ValueError if another client has deleted it."""
        if self.deleted_by:
            raise ValueError(f"{self!r} was deleted by {by_whom(self.deleted_by)} of this session")

    def take_told(self, properties: Mapping[str, Any], seen: int) -> list[str]:
        """Take what another client has set; returns the names.

        Nothing of what was set here later than in the change with the number `seen`, or waits to be told.
        """
        waiting = self._waiting()
        new = {
            name: value
            for name, value in properties.items()
            if name in self.scene_type.by_name and name not in waiting and self._told_in.get(name, 0) <= seen
        }
        self._take_in(new)
        for name in new:
            self.tell_watchers(name, self.value_set(name))
        return list(new)

    def keep_told(self, names: Collection[str], seen: int) -> bool:
        """Set back what was set, but for these names; returns whether anything was.

        Nothing of what was set here later than in the change with the number `seen`, or waits to be told.
        """
        waiting = self._waiting()
        absent = [
            name
            for name in self._set
            if name not in names and name not in waiting and self._told_in.get(name, 0) <= seen
        ]
        for name in absent:
            self._lose(name)
            self.tell_watchers(name, UNSET)
        return bool(absent)

    def _lose(self, name: str) -> None:
        """Take what was set as if it never had been: the server has it no more."""
        self._set.pop(name, None)

    def _take_in(self, new: dict[str, Any]) -> None:
        self._set.update(new)
        self._wrong = {name: value for name, value in self._wrong.items() if self._meant(name) not in new}

    @abstractmethod
    def _waiting(self) -> Collection[str]:
        """Return the names of what was set here, and waits to be told."""

    # --- inside

    @abstractmethod
    def _own(self) -> None:
        """Raise ValueError if it was deleted."""

    def _held(self) -> DataInformation | None:
        """Return what is known of the data that it shows."""
        return None

    def _values_for_domains(self) -> Mapping[str, Any]:
        return self._set

    def _plain(self, name: str, value: Any) -> Any:
        """Return the value as it travels, checked."""
        known = self.scene_type.by_name.get(name)
        if known is None:
            self._definitions.entry(self.wire_type, name)  # raises, suggesting the nearest names
            raise AttributeError(f"{self.type_name} has no property {name!r}")
        plain = self._as_it_travels(name, value, known.check)
        try:
            known.check(plain)
        except ValueError as error:
            raise ValueError(f"{self.type_name}.{name} = {value!r:.80}: {error}") from None
        return plain

    def _as_it_travels(self, name: str, value: Any, check: Check) -> Any:
        """Return a value as it travels; those of parts and of legends are maps, of maps of properties."""
        if is_plain(value):  # as most are
            return list(value) if type(value) is tuple or type(value) is list else value
        label = f"{self.type_name}.{name}"
        if type(value) in _NO_MAPS:
            return payload_value(label, value)
        if isinstance(check, Part | ScalarBars) and isinstance(value, Mapping):
            return _plain_map(label, value)
        return payload_value(label, value)

    def _assign(self, name: str, value: Any) -> None:
        self._own()
        meant = self._meaning({name: value}).items()
        self._change_and_tell({name: self._plain(name, value) for name, value in meant})

    def _change_and_tell(self, plain: dict[str, Any]) -> None:
        """Take values, remember how to take them back, and tell the server."""
        if plain:
            self._change(plain)
        self._scene.outbox.flush()

    def _meaning(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return properties by the names that the type has for them. Raises TypeError, ValueError."""
        aliases = self.scene_type.aliases
        return {aliases.get(name, name): value for name, value in properties.items()} if aliases else properties

    def __getattr__(self, name: str) -> Any:
        return super().__getattr__(self.scene_type.aliases.get(name, name))

    def __delattr__(self, name: str) -> None:
        super().__delattr__(self.scene_type.aliases.get(name, name))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.scene_type.aliases]

    def _read(self, name: str) -> Any:
        value = self.value_set(name)
        return self._definitions.default(self.wire_type, name) if value is UNSET else value

    def _take_back(self, name: str) -> None:
        if name not in self._set:
            self._definitions.entry(self.wire_type, name)
            raise AttributeError(f"{self.type_name}.{name} was not set here")
        self._own()
        self.restore(name, UNSET)
        self._scene.outbox.flush()

    def _change(self, plain: dict[str, Any], label: str | None = None) -> None:
        """Take values, and remember how to take them back."""
        self._note(self._taken(plain), label)

    def _taken(self, plain: dict[str, Any]) -> dict[str, Any]:
        """Take values; returns what was set before."""
        before = {name: self.value_set(name) for name in plain}
        if self._wrong:
            with self._set_right(plain):
                self._take(plain)
        else:
            self._take(plain)
        return before

    @contextmanager
    def _set_right(self, names: Collection[str]) -> Iterator[None]:
        """Have what was wrong with these told no more, nor names that meant them. If it raises, nothing changes."""
        before = self._wrong
        self._wrong = {name: value for name, value in before.items() if self._meant(name) not in names}
        try:
            yield
        except BaseException:
            self._wrong = before
            raise

    def _meant(self, name: str) -> str:
        known = self.scene_type.by_name
        return name if name in known else next(iter(suggest(name, known, most=1)), name)

    def _forget(self, name: str) -> None:
        """Have the server set a property back."""
        self._take({name: copied(self.scene_type.by_name[name].default)})
        self._set.pop(name, None)

    @abstractmethod
    def _take(self, plain: dict[str, Any]) -> None:
        """Take values, and have the server told by the next call. Raises PacketError, with nothing changed."""

    @abstractmethod
    def _tell_wrong(self, wrong: dict[str, Any]) -> None:
        """Have the server told of what is wrong by the next call."""

    def _note(self, before: Mapping[str, Any], label: str | None = None) -> None:
        """Tell undo and those who watch what was changed."""
        undo, after = self._scene.undo, {name: self.value_set(name) for name in before}
        with undo.group(label or f"set {', '.join(before)} of {self.type_name}"):
            for name, value in before.items():
                undo.property_changed(self, name, value, after[name])
        for name, value in after.items():
            self.tell_watchers(name, value)

    def __repr__(self) -> str:
        return f"<{self.type_name} {self.id}{self._as_set()}>"

    def _as_set(self) -> str:
        """Return what was set, for `repr`, as of other proxies."""
        shown = ", ".join(f"{name}={value!r:.40}" for name, value in self._set.items())
        return f": {shown}" if shown else ""


def _plain_map(label: str, value: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        str(key): _plain_map(f"{label}.{key}", one)
        if isinstance(one, Mapping)
        else payload_value(f"{label}.{key}", one)
        for key, one in value.items()
    }

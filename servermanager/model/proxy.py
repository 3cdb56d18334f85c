"""Proxies: the client's own copy of properties of algorithms and objects, and what can be asked of the server."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from async_paraview.datasets import Assembler, DataSet
from async_paraview.domains import OFFERED, Domain, evaluate, with_first_arrays
from async_paraview.graphs import in_order
from async_paraview.information import DataInformation
from async_paraview.names import is_of_property
from async_paraview.older_names import OlderName, Target
from async_paraview.operations.data import Fetch, Offered, PropertyInformation, Stop, UpdatePipeline
from async_paraview.records import dataclass
from async_paraview.values import PLAIN_TYPES, check_value, copied, payload_value, type_meant
from services_core import RemoteError
from services_core.old_names import Place, place_outside, warn_at
from services_core.payload import unpack_payload

from .definitions import OBJECTS, DefinitionManager
from .execution import UNMODIFIED, Execution
from .holding.set_properties import NOTHING, UNSET, SetProperties, Unchecked
from .holding.standing import Standing
from .owner import Owner
from .property_holder import PropertyHolder, by_whom, put
from .temporal import temporal_information

FETCH_LIMIT_BYTES = 64 * 1024**3
"""Largest data set that `fetch` takes: 64 GiB."""

_PACKAGES: Final = ("apvpython", "asyncio", "servermanager")
"""Whose lines nobody is to be told of who uses an older name."""

_REFUSED: Final = (AttributeError, TypeError, ValueError, RemoteError)
"""What setting a property raises."""

Watcher = Callable[["Proxy", str, Any, Any], None]
"""Called with a proxy, the name of a property, and its value before and after; UNSET where there is none."""


@dataclass(frozen=True, slots=True)
class OutputPort:
    """One output of a proxy, by its number from 0, as an input for others."""

    proxy: SourceProxy
    port: int

    def __str__(self) -> str:
        return f"{self.proxy.type_name} {self.proxy.id}" + (f" port {self.port}" if self.port else "")


class Proxy(PropertyHolder):
    """What algorithms and objects of the server have in common: a type, and properties.

    Properties are attributes, in CamelCase: getting and setting them is local, and takes effect with
    `update_vtk_objects`, which every awaited call does first. What is read is a copy: to change a list, set it. `del`
    sets a property back to what a new proxy has, here and on the server. Inputs are properties too: a proxy, one of its
    ports, or a list of them; and so are objects that an algorithm uses, such as the plane of a slice. Once the type's
    definition has arrived, unknown names raise AttributeError here and wrong values TypeError or ValueError. What was
    set before that is checked then: what is wrong is set back, and the next awaited call of the proxy raises
    RemoteError.
    """

    __slots__ = ("_scene", "_set", "standing")

    standing: Standing[Proxy]
    """How it stands in its session, and with the server."""
    _scene: Owner[Proxy]
    _set: SetProperties[Proxy, OutputPort]

    def __init__(
        self, scene: Owner[Proxy], id_: int, type_name: str, definitions: DefinitionManager, properties: dict[str, Any]
    ) -> None:
        super().__init__(id_, type_name, definitions)
        put(self, "_scene", scene)
        put(self, "_set", SetProperties())
        put(self, "standing", Standing())
        definitions.prefetch(self.wire_type)
        for name, value in self._in_order(properties):
            if not is_of_property(name):
                raise AttributeError(f"{type_name} has no property {name!r}; the names of properties are CamelCase")
            self._assign(name, value)

    def _in_order(self, properties: dict[str, Any]) -> Iterable[tuple[str, Any]]:
        """Return properties as they are to be set: last what depends on others whether it means what it did before."""
        if len(properties) < 2:
            return properties.items()
        several = list(properties.items())
        if self._definitions.has_older(self.wire_type):
            several.sort(key=lambda one: (older := self.older(one[0])) is not None and older.has_new_meaning)
        return several

    @property
    def wire_type(self) -> str:
        """Return the name of its type as the server knows it."""
        return self.type_name

    @property
    def session(self) -> Any:
        """Return the session that it belongs to."""
        return self._scene.session

    @property
    def modified(self) -> bool:
        """Return whether something was set that the server was not told yet."""
        return self.standing.modified

    @property
    def pushed(self) -> bool:
        """Return whether the server has been told of this proxy."""
        return self.standing.pushed

    # --- properties: local

    def _assign(self, name: str, value: Any) -> None:
        if (older := self.older(name)) is not None:
            self._assign_older(older, value, place_outside(*_PACKAGES))
        elif isinstance(value, str) and self._holds_objects(name):
            with self._scene.undo.group(f"set {self.type_name}.{name}"):
                self._put(name, value)
        else:
            self._put(name, value)

    def _read(self, name: str) -> Any:
        older = self.older(name)
        if older is not None and not older.has_new_meaning:
            return self._read_older(older)
        value = self._set.get(name)
        if value is UNSET:
            entry = self._definitions.entry(self.wire_type, name)
            if entry is not None and entry.get("kind") == "object" and self._definitions.curated(self.wire_type):
                return self._object_by_itself(name, entry)
            if entry is not None and entry.get("information"):
                return self._reading(name)
            if entry is not None and entry.get("domain", {}).get("kind") == OFFERED:
                return self._there_is(name)
            return self._definitions.default(self.wire_type, name)
        if isinstance(value, tuple):
            return value[0] if len(value) == 1 else list(value)
        return value

    def _take_back(self, name: str) -> None:
        older = self.older(name)
        if older is not None and not older.has_new_meaning:
            self._take_older_back(older)
            return
        self._scene.connection.membership.require_editor()
        before = self._set.get(name)
        if before is UNSET:
            raise AttributeError(f"{self.type_name}.{name} was not set here")
        self._is_checked(name)
        self._reconnect(self._forget, name)
        self._changed(name, before)

    def __repr__(self) -> str:
        inputs = {name: ", ".join(map(str, ports)) for name, ports in self._set.inputs.items()}
        objects = {name: held and f"{held.type_name} {held.id}" for name, held in self._set.objects.items()}
        values = {name: f"{value!r:.40}" for name, value in self._set.values.items()}
        shown = ", ".join(f"{name}={text}" for name, text in {**inputs, **objects, **values}.items())
        return f"<{self.type_name} {self.id}{': ' if shown else ''}{shown}>"

    def set_values(self) -> dict[str, Any]:
        """Return what was set here, by name, as copies: plain values, lists of OutputPort, object proxies."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in self._set.all().items()}

    def value_set(self, name: str) -> Any:
        """Return what was set here for one property, as `set_values` tells it; UNSET if nothing was."""
        value = self._set.get(name)
        return list(value) if isinstance(value, tuple) else value

    def restore(self, name: str, value: Any) -> None:
        """Set a property to what `set_values` or a watcher told; UNSET sets it back, as `del` does.

        Raises ValueError if another client of the session has deleted it.
        """
        if deleted_by := self.standing.deleted_by:
            raise ValueError(f"{self!r} was deleted by {by_whom(deleted_by)} of this session")
        if value is not UNSET:
            self._put(name, value)
        elif self._set.get(name) is not UNSET:
            delattr(self, name)

    def check_value(self, name: str, value: Any) -> None:
        """Raise AttributeError, TypeError or ValueError if a property cannot be set to that plain value."""
        entry = self._definitions.entry(self.wire_type, name)
        if entry is not None and entry.get("kind", "object") != "object":
            check_value(f"{self.type_name}.{name}", entry, payload_value(name, value))

    def domain(self, name: str) -> Domain:
        """Return what sensible values of a property are; of objects that is not known. Local."""
        return Domain(known=False, why="not of objects")

    def inputs(self) -> dict[str, list[OutputPort]]:
        """Return what is connected to its inputs, by name."""
        return {name: list(ports) for name, ports in self._set.inputs.items()}

    def sources(self) -> Iterator[Proxy]:
        """Yield the proxies that this depends on directly."""
        return iter(self._set.sources())

    def users(self) -> list[Proxy]:
        """Return the proxies that depend on this directly."""
        return list(self.standing.users.values())

    def upstream(self, seen: dict[int, Proxy] | None = None) -> Iterator[Proxy]:
        """Yield all that it depends on, and itself, sources first; added to `seen`, by id, but for what is in there."""
        seen = {} if seen is None else seen
        for source in self._set.sources():
            if source.id not in seen:
                break
        else:  # as of most that change, or are told in order
            seen.setdefault(self.id, self)
            return iter(seen.values())
        return iter(in_order(self, lambda one: one.sources(), seen).values())

    def plain_state(self) -> dict[str, Any]:
        """Return all that was set, as plain data; sources and objects by their ids."""
        return {"id": self.id, "type": self.wire_type, **copied(self._set.plain())}

    def changes(self) -> dict[str, Any]:
        """Return what the server is to be told, to be sent at once: what was set since it was told last, all at first.

        `unset` is what is to be set back.
        """
        return {"id": self.id, "type": self.wire_type, **self._set.changes()}

    # --- the server

    def update_vtk_objects(self) -> None:
        """Tell the server what was set here and upstream. Fire and forget."""
        self._scene.update_vtk_objects([self])

    # --- told by the session

    def was_told(self, number: int = 0) -> None:
        """Note that the server has been told of all of it, by the change with that number."""
        standing, set_ = self.standing, self._set
        if set_.was_told(number) or not standing.pushed:
            standing.told_sources = tuple([one.id for one in set_.sources()])
        standing.was_told(number)

    def begin_anew(self) -> None:
        """Note that the server knows nothing of it: all of it is to be told."""
        self.standing.begin_anew()
        self._set.begin_anew()

    def take_told(self, kind: str, name: str, value: Any, seen: int) -> bool:
        """Take what another client has set: a tuple of "inputs", one of the "objects", of "properties" a plain value.

        "unset" is set back. Without effect where what was set here is newer than the change with the number `seen`.
        Returns False, with nothing changed, while the proxy would depend on itself: the server has not taken something
        that was connected here, and tells that next.
        """
        if self._set.is_newer(name, seen):
            return True
        if self._makes_a_circle(value):
            return False
        before, set_ = self._set.get(name), self._set
        self._is_checked(name)
        take = {
            "properties": lambda: set_.told_value(name, value),
            "inputs": lambda: set_.told_inputs(name, value),
            "objects": lambda: set_.told_object(name, value),
            "unset": lambda: set_.forget(name, told=False),
        }
        self._reconnect(take[kind])
        self.standing.told_sources = tuple([one.id for one in set_.sources()])
        self._scene.told(self, name, before, self._set.get(name))
        return True

    def set_back_told(self, name: str, seen: int) -> bool:
        """Set back what the server has not set; False if it was set here later than in the change `seen`."""
        if self._set.is_newer(name, seen):
            return False
        return self.take_told("unset", name, None, seen)

    def set_names(self) -> list[str]:
        """Return the names of what was set."""
        return self._set.names()

    def drop_told(self, client: int) -> None:
        """Note that another client has deleted it."""
        self.standing.deleted_by, self.standing.modified = client, False
        self._set.give_up_untold()

    def revive_told(self, seen: int) -> None:
        """Note that another client has made it again: nothing is set but what was here later, and what is told now."""
        self.standing.deleted_by = 0
        for name in self._set.names():
            self.take_told("unset", name, None, seen)

    def _makes_a_circle(self, value: Any) -> bool:
        """Return whether it would depend on itself: two clients have connected two proxies with each other."""
        held = held_by(value)
        return bool(held and self.standing.users) and any(self.id in {up.id for up in one.upstream()} for one in held)

    def link(self) -> None:
        """Make it one of the session's from now on: its sources know it as a user."""
        for source in self._set.sources():
            source.standing.users[self.id] = self

    def unlink(self) -> None:
        """Have nothing know it as a user: it was deleted."""
        for source in self._set.sources():
            source.standing.users.pop(self.id, None)

    @property
    def place(self) -> tuple[Proxy, str] | None:
        """Return whose property it stands for, if it stands for what the server has there by itself; else None."""
        place = self.standing.place
        owner = place and place[0]()
        if owner is None or place is None or owner._set.by_itself.get(place[1]) is not self:
            return None
        return owner, place[1]

    def take_place(self) -> None:
        """Make it one of the session's, and what its place holds, unless that was set to something else."""
        if (place := self.place) is not None and place[0]._set.get(place[1]) is UNSET:
            place[0]._put(place[1], self)

    def is_wrong(self, name: str, value: Any) -> bool:
        """Return whether a property is never set to what `value_set` told, as far as the definition tells.

        The name of a type is not: the property holds an object of that type instead.
        """
        held = held_by(value)
        try:
            if isinstance(value, (list, tuple)) and held:
                self._check_connectable(name, self.entry(name))
            elif isinstance(value, str) and self._holds_objects(name):
                return True
            elif value is not UNSET and not held:
                self.check_value(name, value)
        except (AttributeError, TypeError, ValueError):
            return True
        return any(one.standing.refusal is not None for one in held)

    @property
    def has_unchecked(self) -> bool:
        """Return whether anything was set before the definition had arrived, and is to be checked."""
        return bool(self._set.unchecked)

    def take_unchecked(self) -> Mapping[str, Unchecked]:
        """Return what was set before the definition had arrived, by name; once."""
        taken, self._set.unchecked = self._set.unchecked, NOTHING
        return taken

    def _is_checked(self, name: str) -> None:
        """Forget that a property was set before the definition had arrived."""
        set_ = self._set
        if name in set_.unchecked:
            set_.unchecked = {other: one for other, one in set_.unchecked.items() if other != name}

    def _check_older(self, older: OlderName, earlier: list[Any], place: Place) -> list[Exception]:
        """Lead what was set under a name of before, when it was not known to be one, to those of today."""
        value, wrong = self._set.get(older.name), list[Exception]()
        if not older.has_new_meaning:
            self.set_back(older.name, UNSET)
        while value is not UNSET:
            try:
                self._assign_older(older, list(value) if isinstance(value, tuple) else value, place)
                break
            except _REFUSED as error:
                wrong.append(error)
                value = earlier.pop() if earlier else UNSET
        if wrong and value is UNSET and older.has_new_meaning:
            self.set_back(older.name, UNSET)
        return wrong

    def check_late(self, name: str, set_: Unchecked) -> list[Exception]:
        """Check what was set before the definition had arrived.

        What is wrong is set back to the newest of the earlier values that is right. Returns what was wrong: of the
        value, and of those earlier ones that were given up with it.
        """
        earlier, place = list(set_.earlier), set_.place
        if (older := self.older(name)) is not None:
            return self._check_older(older, earlier, place)
        wrong: list[Exception] = []
        value = self._set.get(name)
        try:
            entry = self._definitions.entry(self.wire_type, name) or {}
            if isinstance(value, tuple):
                self._check_connectable(name, entry)
            if isinstance(value, (tuple, Proxy)) or value is UNSET:
                return wrong
            if entry.get("kind", "object") == "object":
                self._put(name, value)  # the name of a type, or nothing
            else:
                check_value(f"{self.type_name}.{name}", entry, value)
        except _REFUSED as error:
            wrong.append(error)
        while wrong:
            try:
                self.set_back(name, earlier.pop() if earlier else UNSET)
                break
            except _REFUSED as error:
                wrong.append(error)
        return wrong

    def set_back(self, name: str, before: Any) -> None:
        """Set a property to what it was, as `restore`; a name that the type lacks is forgotten."""
        if before is not UNSET:
            self._put(name, before)
            return
        was = self._set.get(name)
        self._reconnect(self._forget, name)
        self._changed(name, was)

    def holds(self, held: Proxy) -> list[str]:
        """Return the names of the properties that hold a proxy, or an output of it."""
        return [
            name
            for name, value in self._set.all().items()
            if value is held or (isinstance(value, tuple) and any(one.proxy is held for one in value))
        ]

    def release(self, name: str, held: Proxy) -> None:
        """Have a property let go of a proxy that is given up."""
        value = self._set.get(name)
        left = [one for one in value if one.proxy is not held] if isinstance(value, tuple) else []
        self.set_back(name, left or UNSET)

    def let_go(self, held: Proxy) -> None:
        """Have all properties let go of a proxy that was given up."""
        for name in self.holds(held):
            self.release(name, held)

    # --- names of before

    def _assign_older(self, older: OlderName, value: Any, place: Place) -> None:
        """Set what a name of before means today, all of it or nothing. Warns. Raises as setting that does."""
        if older.has_new_meaning:
            if not older.unless or not self._read(older.unless):
                warn_at(place, older.advice(self.type_name))
            self._put(older.name, value)
            return
        if not older.is_taken:
            raise AttributeError(older.advice(self.type_name))
        warn_at(place, older.advice(self.type_name))
        with self._scene.undo.all_or_nothing(f"set {self.type_name}.{older.name}"):
            for target, one in older.translated(self.type_name, value, self._list_set):
                self._holder(target)._assign(target.name, one)

    def _read_older(self, older: OlderName) -> Any:
        """Return what a name of before means today. Warns."""
        if not older.now:
            raise AttributeError(older.advice(self.type_name))
        warn_at(place_outside(*_PACKAGES), older.advice(self.type_name))
        return older.told(lambda target: self._holder(target)._read(target.name))

    def _take_older_back(self, older: OlderName) -> None:
        """Set back what a name of before means today. Warns."""
        if not older.now:
            raise AttributeError(older.advice(self.type_name))
        warn_at(place_outside(*_PACKAGES), older.advice(self.type_name))
        with self._scene.undo.all_or_nothing(f"set {self.type_name}.{older.name}"):
            for target in older.targets():
                self._holder(target)._take_back(target.name)

    def _holder(self, target: Target) -> Proxy:
        """Return what has a property that is meant. Raises AttributeError where nothing is held there."""
        held = self._read(target.holder) if target.holder else self
        if isinstance(held, OutputPort):
            held = held.proxy
        if not isinstance(held, Proxy):
            raise AttributeError(f"{self.type_name}.{target.holder} holds nothing that has a {target.name}")
        return held

    def _list_set(self, name: str) -> list[Any] | None:
        """Return the list that a property is set to, None if none was set."""
        value = self._set.get(name)
        return value if isinstance(value, list) else None

    # --- inside

    def _put(self, name: str, value: Any) -> None:
        """Take a value into the place that is right for it. Raises AttributeError, TypeError, ValueError, Refused."""
        self._scene.connection.membership.require_editor()
        entry, set_ = self._definitions.entry(self.wire_type, name), self._set
        before = set_.get(name)
        if entry is None:
            set_.note_unchecked(name, before, place_outside(*_PACKAGES))
        elif type(value) in PLAIN_TYPES and entry.get("kind", "object") != "object":  # most are this
            check_value(f"{self.type_name}.{name}", entry, value)
            self._take_value(name, value)
            self._changed(name, before)
            return
        if (entry is not None and entry.get("kind") == "object") or isinstance(value, ObjectProxy):
            self._reconnect(set_.set_object, name, self._checked_object(name, entry, value))
        elif (ports := _ports(value)) is not None:
            self._check_connectable(name, entry)
            self._check_sources(name, [port.proxy for port in ports])
            self._reconnect(set_.set_inputs, name, ports)
        elif (value is None or (isinstance(value, (list, tuple)) and not value)) and self._is_input(name, entry):
            self._reconnect(set_.set_inputs, name, ())
        else:
            plain = payload_value(name, value)
            if entry is not None and "kind" not in entry:
                raise TypeError(f"{self.type_name}.{name} is an input: set it to a proxy, a port or a list of them")
            if entry is not None:
                check_value(f"{self.type_name}.{name}", entry, plain)
            self._take_value(name, plain)
        self._changed(name, before)

    def _take_value(self, name: str, plain: Any) -> None:
        if self._set.holds_value(name):
            self._set.set_value(name, plain)
        else:
            self._reconnect(self._set.set_value, name, plain)

    def _forget(self, name: str) -> None:
        self._set.forget(name, told=self.standing.pushed)

    def _check_connectable(self, name: str, entry: Mapping[str, Any] | None) -> None:
        if entry is not None and entry.get("kind", "object") != "object":
            raise TypeError(f"{self.type_name}.{name} is a property, and no input: no outputs can be connected to it")

    def _holds_objects(self, name: str) -> bool:
        entry = self._definitions.entry(self.wire_type, name)
        return entry is not None and entry.get("kind") == "object"

    def _is_input(self, name: str, entry: Mapping[str, Any] | None) -> bool:
        return self._set.is_input(name) if entry is None else "kind" not in entry

    def _checked_object(self, name: str, entry: Mapping[str, Any] | None, value: Any) -> Proxy | None:
        if isinstance(value, OutputPort):
            value = value.proxy
        if isinstance(value, str):
            make = self._scene.create if (entry or {}).get("takes_sources") else self._scene.create_object
            meant = type_meant(entry or {}, value)
            return None if meant is None else make(meant)
        if isinstance(value, Proxy):
            self._check_sources(name, [value])
            return value
        if value is not None:
            some = ", ".join((entry or {}).get("candidates", ())[:8])
            raise TypeError(f"{self.type_name}.{name} holds an object, not {value!r:.60}; set it to one of {some}")
        return None

    def _object_by_itself(self, name: str, entry: Mapping[str, Any]) -> Proxy | None:
        """Return what the server has there by itself.

        The server is told of it, and undo is, when something of it is set.
        """
        made = self._set.by_itself.get(name)
        if made is None or made.set_values() or self._scene.has(made):
            if not entry.get("candidates"):
                return None
            made = self._scene.imagine(entry["candidates"][0], source=bool(entry.get("takes_sources")))
            made.standing.place = (weakref.ref(self), name)
            self._set.by_itself = {**self._set.by_itself, name: made}
        return made

    def _check_sources(self, name: str, sources: list[Proxy]) -> None:
        seen: dict[int, Proxy] = {}
        is_used = bool(self.standing.users)
        for source in sources:
            self._scene.own(source)
            if is_used:  # only what others depend on can come to depend on itself
                source.upstream(seen)
            if source is self or self.id in seen:
                raise ValueError(f"{source!r} depends on {self!r} itself: it cannot be its {name}")

    def _reconnect(self, change: Callable[..., None], *arguments: Any) -> None:
        """Make a change, and have sources know their users: those of before, and those of now."""
        if not self._scene.has(self):
            change(*arguments)
            return  # it is being made, or was deleted
        before = {one.id: one for one in self.sources()}
        change(*arguments)
        now = {one.id: one for one in self.sources()}
        for id_ in before.keys() - now.keys():
            before[id_].standing.users.pop(self.id, None)
        for id_ in now.keys() - before.keys():
            now[id_].standing.users[self.id] = self

    def _reading(self, name: str) -> Any:
        """Return the value of an information property. Raises AttributeError where there is none."""
        raise AttributeError(f"{self.type_name} has no information properties")

    def _there_is(self, name: str) -> Any:
        """Return what is to be read unless told otherwise, as far as that is known."""
        return {}

    def _changed(self, name: str, before: Any) -> None:
        standing, scene = self.standing, self._scene
        standing.modified = True
        if standing.place is not None or scene.has(self):  # else it is being made, or was deleted
            scene.proxy_changed(self, name, before, self._set.get(name))


class ObjectProxy(Proxy):
    """An object that properties of others hold: an implicit function, a transform, a locator, ..."""

    __slots__ = ()

    @property
    def wire_type(self) -> str:
        """Return the name of its type on the server: Sphere is a source, objects/Sphere an implicit function."""
        return OBJECTS + self.type_name


class Learned(NamedTuple):
    """What the server has told of a source so far."""

    information: Mapping[int, DataInformation]
    offered: Mapping[str, dict[str, bool]]
    readings: Mapping[str, Any]
    """The information properties."""


_NOTHING_LEARNED: Final = Learned(NOTHING, NOTHING, NOTHING)


class SourceProxy(Proxy):
    """A source, filter, reader or writer on the server."""

    __slots__ = ("_learned",)

    _learned: Learned

    def __init__(self, *arguments: Any) -> None:
        put(self, "_learned", _NOTHING_LEARNED)
        super().__init__(*arguments)

    @property
    def information(self) -> Mapping[int, DataInformation]:
        """Return what the outputs held when that was last asked, by port."""
        return self._learned.information

    @property
    def offered(self) -> Mapping[str, dict[str, bool]]:
        """Return of a reader what its files had to choose of when last asked, and whether it is read, by property."""
        return self._learned.offered

    def take_information(self, port: int, information: DataInformation) -> None:
        """Take what an output holds, as the server has told."""
        learned = self._learned
        outputs = {**learned.information, port: information}
        self._learned = learned._replace(information=outputs, offered=information.offered)

    @property
    def stale(self) -> bool:
        """Return whether `information`, and what is shown, is of before a change. Local.

        The last good output stays until the next is complete.
        """
        return bool(self.information) and self._scene.proxies.state(self) != UNMODIFIED

    def port(self, number: int) -> OutputPort:
        """Return an output by its number, from 0, to connect or show it."""
        return OutputPort(self, number)

    def domain(self, name: str) -> Domain:
        """Return what sensible values of a property are, as far as that is known by now; local."""
        entry = self._definitions.entry(self.wire_type, name)
        if entry is None:
            return Domain(known=False, why=f"the definition of {self.type_name} has not arrived yet")
        ports = self._set.inputs.get(entry.get("domain", {}).get("of", "Input"), ())
        known = ports[0].proxy.information.get(ports[0].port) if ports else None
        definition = self._definitions.known(self.wire_type) or {"properties": []}
        values = with_first_arrays(definition["properties"], known, self._set.look())
        return evaluate(entry, known, values, self.offered)

    async def update_domains(self) -> None:
        """Bring what the inputs hold up to date, and look into files, so that domains are known.

        Files are not read for that. Raises as awaiting update_pipeline does.
        """
        for ports in self._set.inputs.values():
            for port in ports:
                await port.proxy.update_pipeline(port=port.port)
        definition = await self.definition()
        if any(one.get("domain", {}).get("kind") == OFFERED for one in definition["properties"]):
            self.update_vtk_objects()
            await self._scene.data_arrived(self)
            reply = await self._scene.data.send_request(Offered(id=self.id).packet())
            self._learned = self._learned._replace(offered=unpack_payload(reply)["offered"])

    async def taken(self) -> None:
        """Wait until the server has taken what was set; nothing is executed. Raises RemoteError for what it refuses."""
        self.update_vtk_objects()
        await self._scene.data_arrived(self)
        await self._scene.data.send_request(Offered(id=self.id).packet())

    def reset_to_domain_defaults(self) -> list[str]:
        """Set what was not set here, and whose domain has a default, to that; returns the names. Local."""
        definition = self._definitions.known(self.wire_type) or {"properties": []}
        names = []
        for entry in definition["properties"]:
            domain = self.domain(entry["name"]) if self._set.get(entry["name"]) is UNSET else None
            if domain is not None and domain.default is not None and entry.get("domain"):
                setattr(self, entry["name"], domain.default)
                names.append(entry["name"])
        return names

    def stop(self) -> None:
        """Have its execution interrupted, and not begun again before it, or what it depends on, is changed.

        It holds for whoever wants it executed, views that show it included; until then they get RemoteError
        (ExecutionFailed). An algorithm that cannot be interrupted comes to its end (`Session.restart` ends it).
        `resume` takes it back. Fire and forget. Raises Refused for viewers, Busy, or what ended the connection.
        """
        self._scene.connection.membership.require_editor()
        self._scene.own(self)
        self.update_vtk_objects()
        self._scene.data.send_message(Stop(ids=(self.id,)).packet())

    def resume(self) -> None:
        """Have it executed again where it is wanted, after `stop`. Fire and forget. Raises as `stop`."""
        self._scene.connection.membership.require_editor()
        self._scene.own(self)
        self._scene.data.send_message(Stop(ids=(self.id,), resume=True).packet())

    def update_pipeline(
        self, *, port: int = 0, time: float | None = None, deadline_s: float | None = None
    ) -> Execution:
        """Have it executed as far as it is out of date; awaiting what is returned tells what came out.

        `port` is the number of the output, `time` the time of the data (None: the session's), `deadline_s` how many
        seconds it may take. The execution begins without being awaited. Awaiting raises RemoteError (ExecutionFailed
        with VTK's own message, UnknownProperty, ...), RequestCancelled if a newer change interrupted it,
        DeadlineExceeded. Cancelling it, or the task that awaits it, interrupts the execution.
        """
        with self._scene.data.together():  # the change and the request for what comes of it are one way
            self.update_vtk_objects()
            number = self._scene.next_request()
            wanted = UpdatePipeline(id=self.id, port=port, time=self._scene.time_or(time), request=number)
            return Execution(
                self,
                port,
                number,
                lambda: self._scene.data.send_request(wanted.packet(), deadline_s=deadline_s),
                log=self._scene.proxies,
                connection=self._scene.connection,
                after=self._scene.data_on_its_way(self),
            )

    async def temporal_information(
        self, *, port: int = 0, progress: Callable[[int, int], None] | None = None
    ) -> DataInformation:
        """Return what an output holds over all of its times: bounds, ranges and counts united.

        It is executed at each time; `progress(done, total)` is called after each. Raises as awaiting `update_pipeline`
        does.
        """
        return await temporal_information(self, port=port, progress=progress)

    async def update_property_information(self) -> dict[str, Any]:
        """Return its information properties, such as the Volume of MassProperties.

        What is out of date is executed first. They are attributes from then on. Raises as awaiting `update_pipeline`
        does.
        """
        self.update_vtk_objects()
        wanted = PropertyInformation(id=self.id, time=self._scene.time_or(None))
        await self._scene.data_arrived(self)
        readings = unpack_payload(await self._scene.data.send_request(wanted.packet()))
        self._learned = self._learned._replace(readings=readings)
        return dict(copied(readings))

    def _reading(self, name: str) -> Any:
        readings = self._learned.readings
        if name not in readings:
            raise AttributeError(
                f"{self.type_name}.{name} is information that has not arrived yet; "
                "await proxy.update_property_information() first"
            )
        return copied(readings[name])

    def _there_is(self, name: str) -> Any:
        return dict(self.offered.get(name, {}))

    async def fetch(
        self,
        *,
        port: int = 0,
        arrays: list[tuple[str, str]] | None = None,
        block: int | None = None,
        rows: tuple[int, int] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> DataSet:
        """Return the data itself, after executing what is out of date; a copy, never a server-side object.

        `arrays` leaves out all but these (association "POINTS", "CELLS", "FIELD" or "ROWS", name); `block` takes one
        block of a composite, by its number in the order of `information.raw["blocks"]`; `rows` (first, end) a range of
        a table. `progress(done, total)` is called with bytes as they arrive. Raises as update_pipeline does.
        Cancelling the task that awaits ends the transfer.
        """
        check_arrays(arrays)
        self.update_vtk_objects()
        assembler = Assembler(FETCH_LIMIT_BYTES)
        wanted = Fetch(
            id=self.id,
            port=port,
            time=self._scene.time_or(None),
            block=block,
            rows=rows,
            arrays=None if arrays is None else tuple(arrays),
        )
        await self._scene.data_arrived(self)
        with self._scene.data.subscribe(wanted.packet()) as pieces:
            async for piece in pieces:
                assembler.add(piece.header, piece.buffers)
                if progress is not None:
                    progress(assembler.received_bytes, assembler.total_bytes)
                if not assembler.complete:
                    await asyncio.sleep(0)  # pieces that wait already would keep the loop from everything else
        if assembler.finishes_at_once:
            return assembler.finish()
        return await asyncio.get_running_loop().run_in_executor(None, assembler.finish)


def check_arrays(arrays: Any) -> None:
    """Raise TypeError unless this is a list of arrays to fetch, or None."""
    pairs = [] if arrays is None else None if isinstance(arrays, str) else list(arrays)
    if pairs is None or not all(isinstance(one, (tuple, list)) and len(one) == 2 for one in pairs):
        raise TypeError(f'arrays are a list like [("POINTS", "pressure"), ("CELLS", "material")], not {arrays!r:.80}')


def held_by(value: Any) -> list[Proxy]:
    """Return the proxies that a value of a property holds, as `value_set` tells it."""
    if isinstance(value, Proxy):
        return [value]
    return [one.proxy for one in value if isinstance(one, OutputPort)] if isinstance(value, (list, tuple)) else []


def _ports(value: Any) -> tuple[OutputPort, ...] | None:
    """Return the outputs that `value` means, None if it is a plain value."""
    if isinstance(value, SourceProxy):
        return (OutputPort(value, 0),)
    if isinstance(value, OutputPort):
        return (value,)
    if not isinstance(value, (list, tuple)) or not value or not isinstance(value[0], (SourceProxy, OutputPort)):
        return None
    ports = tuple(item.port(0) if isinstance(item, SourceProxy) else item for item in value)
    return ports if all(isinstance(port, OutputPort) for port in ports) else None

"""What the client knows of types of proxies: asked for in the background, once per type."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar, Final

from async_paraview.older_names import OlderName
from async_paraview.operations.data import Definition, Definitions
from async_paraview.records import dataclass
from async_paraview.scene.catalog import SCENE_TYPES
from async_paraview.values import copied, frozen
from services_core import Busy, Packet, RemoteError, Reply, ServiceEndpoint, ServicesError, loop_event, suggest
from services_core.payload import unpack_payload

from .documentation import documentation

UNKNOWN_TYPE: Final = "UnknownType"
OBJECTS: Final = "objects/"
"""What the names of types of objects begin with on the wire."""


@dataclass(frozen=True, slots=True)
class TypeSummary:
    """One type of proxy in a list. `curated`: it has ParaView's names; the others are bare classes of VTK."""

    name: str
    group: str
    label: str
    category: str
    summary: str
    curated: bool


class DefinitionManager:
    """`session.definitions`: the definitions that have arrived so far, and the list of all types.

    No method that is no coroutine waits. What is handed out is a copy, or cannot be written to.
    """

    patience: ClassVar[tuple[Callable[[Reply[Packet]], None], ...]] = ()
    """What waits a moment for an answer, and never raises: a prompt sets it, for Tab and help. Else nothing waits."""

    def __init__(self, data: Callable[[], ServiceEndpoint]) -> None:
        """Ask the endpoint that `data` gives, each time: that of before has ended where a worker process has died."""
        self._data = data
        self._asked: dict[str, Reply[Packet]] = {}
        self._known: dict[str, dict[str, Any]] = dict(_of_scenes())
        self._entries: dict[str, dict[str, Mapping[str, Any]]] = {}
        """Of types that were asked for."""
        self._older: dict[str, Mapping[str, OlderName]] = {}
        self._refused: dict[str, RemoteError] = {}
        self._told: dict[Reply[Packet], list[Callable[[], None]]] = {}
        self._listing: Reply[Packet] | None = None
        self._list: tuple[TypeSummary, ...] | None = None
        self._names: frozenset[str] = frozenset()

    def begin_anew(self) -> None:
        """Ask again for what has not arrived. Called after a restart."""
        self._refused.clear()
        self._listing = None
        self._asked = {name: reply for name, reply in list(self._asked.items()) if name in self._known}

    def ask(self, type_name: str) -> Reply[Packet]:
        """Have the definition of that type sent; answered from memory the second time. Raises Busy."""
        reply = self._asked.get(type_name)
        if reply is None:
            reply = self._asked[type_name] = self._data().send_request(Definition(type=type_name).packet())
            reply.add_done_callback(_between_turns(partial(self._arrived, type_name, reply)))
        return reply

    def prefetch(self, type_name: str) -> None:
        """Have it sent, if there is room for that now: who needs it asks again."""
        if type_name not in self._asked:
            with suppress(Busy):
                self.ask(type_name)

    async def definition(self, type_name: str) -> dict[str, Any]:
        """Return the definition of a type. Raises RemoteError (UnknownType), which suggests the nearest names.

        The request belongs to all who wait for it: cancelling one of them leaves it to the others.
        """
        await self.answered(type_name)
        return copied(self._known[type_name])  # type: ignore[no-any-return]  # of a dict it is one

    async def answered(self, type_name: str) -> None:
        """Wait until the definition of a type is known. Raises as `definition`."""
        if type_name in self._known:
            return
        reply = self.ask(type_name)
        arrived, set_arrived = loop_event()
        reply.add_done_callback(set_arrived)
        await arrived
        if type_name not in self._known:  # it arrives at this very moment, on another thread
            self._arrived(type_name, reply)
        reply.result()  # raises what came instead

    def when_answered(self, type_name: str, tell: Callable[[], None]) -> None:
        """Have `tell()` called once, on any thread, when what was asked about a type is known here, if anything was.

        Who awaits that goes on when `tell()` has returned.
        """
        if (reply := self._asked.get(type_name)) is not None:
            self._told.setdefault(reply, []).append(tell)
            if self._asked.get(type_name) is not reply or type_name in self._known:  # at this very moment
                self._tell(reply)

    def is_known(self, type_name: str) -> bool:
        """Return whether the definition of a type has arrived."""
        return type_name in self._known

    def refusal(self, type_name: str) -> RemoteError | None:
        """Return what the server has said of a type that it does not have, None if it has not."""
        return self._refused.get(type_name)

    def check_type(self, type_name: str) -> None:
        """Raise RemoteError (UnknownType) if it is known by now that the server has no such type. Local."""
        if (refusal := self._refused.get(type_name)) is not None:
            raise refusal.anew()
        if self._names and type_name not in self._known and type_name.removeprefix(OBJECTS) not in self._names:
            listed = sorted(self._list or (), key=lambda one: not one.curated)
            names = (one.name.removeprefix("vtk") for one in listed)
            near = suggest(type_name.removeprefix(OBJECTS), (one for one in names if not one[:1].islower()))
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise RemoteError(UNKNOWN_TYPE, f"{type_name!r} is no type that this server makes{hint}")

    async def list(self, group: str | None = None) -> tuple[TypeSummary, ...]:
        """Return all types of the server, or those of a group.

        Groups are "sources", "filters", "readers", "writers", "objects", "views", "representations", "annotations".
        """
        if self._list is None:
            reply = self._ask_list()
            arrived, set_arrived = loop_event()
            reply.add_done_callback(set_arrived)
            await arrived
            self._take_list(reply)
        return tuple(one for one in self._list or () if group in (None, one.group))

    def __repr__(self) -> str:
        return "<definitions: await find(text) has the types that are about it, await definition(name) one of them>"

    async def find(self, text: str) -> tuple[TypeSummary, ...]:
        """Return the types whose name, label, category or summary has that text, ParaView's names first."""
        wanted = text.casefold()
        fields = [
            one
            for one in await self.list()
            if wanted in " ".join((one.name, one.label, one.category, one.summary)).casefold()
        ]
        return tuple(sorted(fields, key=lambda one: (not one.curated, one.name)))

    def names(self, group: str) -> tuple[str, ...]:
        """Return the names of a group, as far as the list of all has arrived: `list` asks for it; local."""
        if self._list is None and self.patience:
            with suppress(ServicesError):
                reply = self._ask_list()
                self.patience[0](reply)
                if reply.done():
                    self._take_list(reply)
        return tuple(one.name for one in self._list or () if one.group == group)

    def look(self, type_name: str) -> Mapping[str, Any] | None:
        """Return the definition of a type, not to be written to; None if it has not arrived."""
        if type_name not in self._known and self.patience:
            with suppress(ServicesError):
                reply = self.ask(type_name)
                self.patience[0](reply)
                if reply.done():
                    self._take(type_name, reply)  # the others are told between turns
        return self._known.get(type_name)

    def known(self, type_name: str) -> dict[str, Any] | None:
        """Return the definition of a type, None if it has not arrived."""
        return copied(self._known.get(type_name))  # type: ignore[no-any-return]  # of a dict it is one

    def label(self, type_name: str) -> str:
        """Return what people know a type by, as "Plot Over Line"; "" while its definition has not arrived."""
        return str(self._known.get(type_name, {}).get("label") or "")

    def curated(self, type_name: str) -> bool:
        """Return whether it is known to be a type with ParaView's names, and not a bare class of VTK."""
        return bool(self._known.get(type_name, {}).get("curated"))

    def entry(self, type_name: str, name: str) -> Mapping[str, Any] | None:
        """Return the definition of a property or input, None if that of the type has not arrived yet.

        Raises AttributeError, suggesting the nearest names, if the type is known and has no such property.
        """
        entries = self._entries.get(type_name)
        entries = _entries_of_scene(type_name) if entries is None else entries
        if entries is None:
            return None  # not known yet: the server checks it, and the next awaited call tells
        found = entries.get(name)
        if found is None:
            if (older := self.older(type_name, name)) is not None:
                raise AttributeError(older.advice(type_name.rpartition("/")[2]))
            near = suggest(name, entries)
            hint = f"; did you mean {', '.join(near)}?" if near else f"; it has {', '.join(list(entries)[:20])} ..."
            if f"{OBJECTS}{type_name}" in self._known[type_name].get("see_also", ()):
                hint += f"; the implicit function of that name is session.objects.{type_name}"
            raise AttributeError(f"{type_name.rpartition('/')[2]} has no property {name!r}{hint}")
        return found

    def has_older(self, type_name: str) -> bool:
        """Return whether a type is known to have properties that had other names before."""
        return type_name in self._older

    def older(self, type_name: str, name: str) -> OlderName | None:
        """Return what a name of before means, None if it is none, or the definition has not arrived yet."""
        found = self._older.get(type_name)
        return None if found is None else found.get(name)

    def default(self, type_name: str, name: str) -> Any:
        """Return the default value of a property. Raises AttributeError if it is unknown, or not known yet."""
        if type_name not in self._known:
            self.look(type_name)
        entry = self.entry(type_name, name)
        if entry is None:
            raise AttributeError(
                f"{type_name}.{name} was not set here, and the definition of {type_name} has not arrived yet; "
                "await proxy.definition() first"
            )
        return copied(entry.get("default"))

    def help(self, type_name: str) -> str:
        """Return the documentation of a type: what it does, its inputs and properties; local."""
        definition = self.look(type_name)
        if definition is not None:
            return documentation(definition)
        if (refusal := self._refused.get(type_name)) is not None:
            return refusal.message
        return f"{type_name}: its definition has not arrived yet; await proxy.definition() first"

    def _ask_list(self) -> Reply[Packet]:
        reply = self._listing
        if reply is None:
            reply = self._listing = self._data().send_request(Definitions().packet())
            reply.add_done_callback(_between_turns(partial(self._list_arrived, reply)))
        return reply

    def _list_arrived(self, reply: Reply[Packet]) -> None:
        with suppress(ServicesError):  # whoever awaits the list gets that
            self._take_list(reply)

    def _take_list(self, reply: Reply[Packet]) -> None:
        if self._list is not None:
            return
        try:
            found = unpack_payload(reply.result())
        except ServicesError:
            if self._listing is reply:
                self._listing = None  # the next one asks again
            raise
        listed = tuple(_summary(of, one) for of, entries in found.items() for one in entries)
        self._names = frozenset(name for one in listed for name in _spellings(one.name))
        self._list = listed

    def _arrived(self, type_name: str, reply: Reply[Packet]) -> None:
        """Take a reply that is there, and tell those who want to know."""
        self._take(type_name, reply)
        self._tell(reply)

    def _tell(self, reply: Reply[Packet]) -> None:
        for tell in self._told.pop(reply, ()):
            tell()

    def _take(self, type_name: str, reply: Reply[Packet]) -> None:
        """Take a reply that is there, maybe of a service that another has replaced since: nothing here waits."""
        try:
            definition = unpack_payload(reply.result())
        except ServicesError as error:
            if isinstance(error, RemoteError) and error.type_name == UNKNOWN_TYPE:
                self._refused[type_name] = error.anew()
            if self._asked.get(type_name) is reply:
                del self._asked[type_name]  # whoever awaits the reply gets the error; the next one may ask again
            return
        self._entries[type_name] = _entries_of(definition)
        if older := definition.get("older"):
            self._older[type_name] = {one["name"]: OlderName.read(one) for one in older}
        self._known[type_name] = definition  # last: who finds it finds its entries, too


def _between_turns(take: Callable[[], None]) -> Callable[[], None]:
    """Return what has `take()` called at the next turn of the loop, from any thread; at once where no loop runs.

    So what is known never changes between two lines that await nothing, and their outcome is the same each time.
    """
    try:
        arrived, set_arrived = loop_event()
    except RuntimeError:
        return take
    arrived.add_done_callback(lambda _: take())
    return set_arrived


def property_names(definition: Mapping[str, Any]) -> list[str]:
    """Return the names of all properties and inputs of a definition."""
    return [entry["name"] for key in ("inputs", "properties") for entry in definition[key]]


def _entries_of(definition: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {entry["name"]: frozen(entry) for key in ("inputs", "properties") for entry in definition[key]}


@functools.cache
def _of_scenes() -> Mapping[str, dict[str, Any]]:
    """Return the definitions that are known without asking; nobody writes to them."""
    return {name: one.definition() for name, one in SCENE_TYPES.items()}


@functools.cache
def _entries_of_scene(type_name: str) -> dict[str, Mapping[str, Any]] | None:
    """Return those of a type that is known without asking; None of any other. Nobody writes to them."""
    definition = _of_scenes().get(type_name)
    return None if definition is None else _entries_of(definition)


def _summary(group: str, plain: dict[str, Any]) -> TypeSummary:
    category, summary = plain.get("category", ""), plain.get("summary", "")
    return TypeSummary(plain["name"], group, plain["label"], category, summary, plain["curated"])


def _spellings(name: str) -> tuple[str, ...]:
    """Return the names a type may be meant by: with or without "vtk"."""
    return name, name.removeprefix("vtk"), f"vtk{name}"

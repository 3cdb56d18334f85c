"""The proxies of a session: made, changed, deleted, made again; and what the server is to be told of them."""

from __future__ import annotations

import asyncio
import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, Generic, TypeVar

from async_paraview.datasets import EncodedDataSet
from async_paraview.operations.data import SetTime, Update
from async_paraview.records import dataclass
from async_paraview.values import copied
from services_core import RemoteError, ServiceEndpoint

from ..server_connection import ServerConnection
from .definitions import OBJECTS, DefinitionManager
from .late_checks import LateChecks
from .owner import Belonging
from .property_holder import by_whom, end_watching
from .proxy import ObjectProxy, OutputPort, Proxy, SourceProxy, Watcher, held_by
from .proxy_manager import ProxyManager
from .sending.outbox import Outbox
from .sending.pending_changes import PendingChanges
from .sending.transfers import Transfers
from .undo import UndoStack

V = TypeVar("V", bound=Belonging)
"""The views that may be the active one."""
R = TypeVar("R")
"""What shows an output."""


MOST_DROPPED: Final = 1000
"""So many proxies that others have deleted are kept: no more steps of undo are."""


@dataclass(frozen=True, slots=True)
class Remains(Generic[R]):
    """What there was of a proxy when it was deleted, to make it again: its name, its data, what showed it."""

    name: str
    data: EncodedDataSet | None
    """What this program had given to it."""
    shown: tuple[R, ...]


class ProxyScene(ABC, Generic[V, R]):
    """The proxies of one session; a subclass knows how they are shown. No method that is no coroutine blocks."""

    def __init__(self, connection: ServerConnection, session: Any) -> None:
        """Begin without proxies; `session` is what things of the scene tell their users that they belong to."""
        self.connection = connection
        self.session = session
        self.is_told = False
        """Whether what changes now was changed by another client of the session."""
        self.definitions = DefinitionManager(lambda: connection.data)
        self.outbox = Outbox(connection.steady)
        """What the server could not be told yet. For views and representations."""
        self.proxies: ProxyManager[V] = ProxyManager(self)
        self.undo = UndoStack(self)
        self.transfers = Transfers(self, self.proxies)
        self.changes = PendingChanges(connection, self.outbox, self.proxies)
        self.checks = LateChecks(self.definitions, self.proxies, self.undo, self._give_up)
        self._ids = itertools.count(connection.membership.first_id)
        self._requests = itertools.count(connection.membership.first_id)
        self._time: float | None = None
        self._time_told_in = 0
        self._dropped: dict[int, tuple[Proxy, str]] = {}
        """What other clients have deleted last, with its name: they may make it again."""
        self._proxies: dict[int, Proxy] = {}
        self._watchers: list[Watcher] = []
        self._time_watchers: list[Callable[[], None]] = []

    # --- what a subclass knows

    @abstractmethod
    def _take_out_shown(self, proxy: Proxy) -> tuple[R, ...]:
        """Return what shows a proxy that is deleted; it is shown no more."""

    @abstractmethod
    def _forget_shown(self, proxy: Proxy) -> None:
        """Forget what shows a proxy that is gone on the server, with what showed it."""

    @abstractmethod
    def _show_again(self, shown: Iterable[R]) -> None:
        """Show again what was taken out, as far as it can be."""

    @abstractmethod
    def _refuse(self, shown: Iterable[R], refusal: RemoteError) -> None:
        """Have whoever looks told that something was shown that does not exist."""

    @property
    def data(self) -> ServiceEndpoint:
        """Return the endpoint of the data service: another after a restart."""
        return self.connection.data

    @property
    def render(self) -> ServiceEndpoint:
        """Return the endpoint of the render service: another after a restart."""
        return self.connection.render

    # --- what belongs to it

    def has(self, proxy: Proxy) -> bool:
        """Return whether it is a proxy of this scene that was not deleted."""
        return self._proxies.get(proxy.id) is proxy

    def check_session(self, thing: Belonging) -> None:
        """Raise ValueError if it is of another session: its number means something else here."""
        if thing.session is not self.session:
            raise ValueError(f"{thing!r} is of another session: of {thing.session!r}, not of {self.session!r}")

    def own(self, thing: Belonging) -> None:
        """Raise ValueError unless it is of this session, and was not deleted.

        What stands for an object that the server has by itself becomes one of the scene's.
        """
        if self._proxies.get(thing.id) is thing:
            return
        self.check_session(thing)
        if isinstance(thing, Proxy):
            if thing.standing.refusal is not None:
                raise thing.standing.refusal.anew()
            if deleted_by := thing.standing.deleted_by:
                raise ValueError(f"{thing!r} was deleted by {by_whom(deleted_by)} of this session")
            if thing.place is None:
                raise ValueError(f"{thing!r} was deleted: make another one, or undo that")
            self._take_in(thing)

    def own_port(self, source: SourceProxy | OutputPort) -> OutputPort:
        """Return the output that is meant, of a proxy of this session. Raises ValueError as `own`, TypeError."""
        port = source.port(0) if isinstance(source, SourceProxy) else source
        if not isinstance(port, OutputPort):
            raise TypeError(f"a source, or one of its ports, is wanted, not {source!r:.80}")
        self.own(port.proxy)
        return port

    def output(self, id_: int, port: int) -> OutputPort:
        """Return an output by the number of its proxy. Raises KeyError if the proxy was deleted."""
        proxy = self._proxies[id_]
        assert isinstance(proxy, SourceProxy)
        return proxy.port(port)

    # --- proxies are made, changed, deleted and made again

    def create(self, type_name: str, **properties: Any) -> SourceProxy:
        """Make a source, filter, reader or writer: see `Session.create`."""
        self.connection.membership.require_editor()
        self.definitions.check_type(type_name)
        with self.undo.all_or_nothing(f"create {type_name}"):
            proxy = SourceProxy(self, next(self._ids), type_name, self.definitions, properties)
            self._add(proxy)
        return proxy

    def create_object(self, type_name: str, **properties: Any) -> ObjectProxy:
        """Make an object: see `Session.create_object`."""
        self.connection.membership.require_editor()
        name = type_name.removeprefix(OBJECTS)
        self.definitions.check_type(OBJECTS + name)
        with self.undo.all_or_nothing(f"create {name}"):
            proxy = ObjectProxy(self, next(self._ids), name, self.definitions, properties)
            self._add(proxy)
        return proxy

    def imagine(self, type_name: str, *, source: bool) -> Proxy:
        """Make a proxy for what the server has by itself: it belongs to the scene once it is used."""
        made = (SourceProxy if source else ObjectProxy)(self, next(self._ids), type_name, self.definitions, {})
        made.standing.modified = False
        return made

    def watch_proxies(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher(proxy, name, before, after)` called after every change; returns what ends that."""
        self._watchers.append(watcher)
        return partial(end_watching, self._watchers, watcher)

    def proxy_changed(self, proxy: Proxy, name: str, before: Any, after: Any) -> None:
        """Take into account that a property was set."""
        self.checks.set_right(proxy, name)
        if self.has(proxy):
            self._note(proxy, name, before, after)
        elif proxy.place is not None:
            with self.undo.group(f"set {proxy.type_name}.{name}"):
                self._take_in(proxy)
                self._note(proxy, name, before, after)

    def delete(self, proxy: Proxy, *, dependents: bool = False) -> None:
        """Delete a proxy here and on the server, with what shows it: see `Session.delete`."""
        self.connection.membership.require_editor()
        if (place := proxy.place) is not None and not self.has(proxy):
            raise self._is_used(proxy, [place[0]])
        self.own(proxy)
        users = self.proxies.dependents(proxy)
        if users and not dependents:
            raise self._is_used(proxy, users)
        with self.undo.group(f"delete {proxy.type_name}"):
            for one in (*users, proxy):
                name = self.proxies.name(one)
                self.undo.deleted(one, self._take_out(one, name))
        self.changes.delete([one for one in (*users, proxy) if one.pushed])
        self.outbox.flush()

    def take_out(self, proxy: Proxy) -> Remains[R]:
        """Delete a proxy, as the next call that tells anything tells; returns what there was of it."""
        self.own(proxy)
        if users := self.proxies.dependents(proxy):
            raise self._is_used(proxy, users)
        remains = self._take_out(proxy, self.proxies.name(proxy))
        self.changes.delete([proxy] if proxy.pushed else [])
        return remains

    def recreate(self, proxy: Proxy, remains: Remains[R] | None = None) -> None:
        """Make a deleted proxy again, as it was. Local, as `create`. Raises ValueError if it was not deleted."""
        self.connection.membership.require_editor()
        self.check_session(proxy)
        if proxy.id in self._proxies:
            raise ValueError(f"{proxy!r} was not deleted")
        for source in list(proxy.sources()):
            if source.standing.refusal is not None:
                proxy.let_go(source)
        for source in proxy.sources():
            self.own(source)
        if not self.changes.take_back_deletion(proxy):
            proxy.begin_anew()
        name = remains.name if remains is not None and self.proxies.name_is_free(remains.name) else None
        self._add(proxy, name)
        if remains is not None and remains.data is not None:
            self.transfers.give_again(proxy, remains.data)
        if remains is not None:
            self._show_again(remains.shown)

    def _note(self, proxy: Proxy, name: str, before: Any, after: Any) -> None:
        self.changes.add(proxy)
        self.undo.property_changed(proxy, name, before, after)
        for watcher in list(self._watchers) if self._watchers else ():
            watcher(proxy, name, copied(before), copied(after))
        proxy.tell_watchers(name, after)

    def _add(self, proxy: Proxy, name: str | None = None, *, activate: bool = True) -> None:
        self._proxies[proxy.id] = proxy
        self.changes.add(proxy)
        proxy.link()
        self.proxies.register(proxy, name, activate=activate)
        self.undo.created(proxy)
        self.checks.add(proxy)

    def _take_in(self, proxy: Proxy) -> None:
        """Make one of the scene's of what stood for an object that the server has by itself."""
        with self.undo.group(f"create {proxy.type_name}"):
            proxy.begin_anew()
            self._add(proxy, activate=False)
            proxy.take_place()

    def _take_out(self, proxy: Proxy, name: str) -> Remains[R]:
        shown = self._take_out_shown(proxy)
        proxy.unlink()
        self.checks.drop(proxy)
        self.proxies.unregister(proxy)
        self._proxies.pop(proxy.id, None)
        self.changes.drop(proxy)
        return Remains(name, self.transfers.take(proxy), shown)

    def _give_up(self, proxy: Proxy, refusal: RemoteError) -> None:
        """Take a proxy out that the server has no type for, as if it had never been made."""
        with self.undo.aside():
            for user, name in [(one, name) for one in proxy.users() for name in one.holds(proxy)]:
                setting = self.undo.drop((user.id, name))
                if setting is not None:
                    with suppress(ValueError, RemoteError):  # what it held before is not there either
                        setting.back()
                if name in user.holds(proxy):
                    user.release(name, proxy)
                self.checks.note(user, name, refusal)
            remains = self._take_out(proxy, self.proxies.name(proxy))
        self._refuse(remains.shown, refusal)
        self.undo.forget(proxy.id)
        self.changes.delete([proxy] if proxy.pushed else [])
        proxy.standing.refusal = refusal
        self.undo.pass_over(lambda _of, _name, value: proxy in held_by(value))

    def _is_used(self, proxy: Proxy, users: Sequence[Proxy]) -> ValueError:
        names = ", ".join(self.proxies.name(one) if self.has(one) else repr(one) for one in users)
        return ValueError(f"{proxy!r} cannot be deleted: {names} depend on it; delete(..., dependents=True) does")

    # --- told by the server: what other clients of the session do

    def find(self, id_: int) -> Proxy | None:
        """Return the proxy of that number; None if there is none."""
        return self._proxies.get(id_)

    def told(self, proxy: Proxy, name: str, before: Any, after: Any) -> None:
        """Tell those who watch that another client has set a property."""
        self.is_told = True
        try:
            for watcher in list(self._watchers):
                watcher(proxy, name, copied(before), copied(after))
            proxy.tell_watchers(name, after)
        finally:
            self.is_told = False

    def take_in_told(self, id_: int, wire_type: str, name: str | None, seen: int) -> Proxy:
        """Take in a proxy that another client has made; the same as before, if it had deleted that."""
        proxy, former = self._dropped.pop(id_, (None, ""))
        if proxy is not None and proxy.wire_type == wire_type:
            if proxy.standing.name_told_in > seen and self.proxies.name_is_free(former):
                name = former
            self._proxies[id_] = proxy
            proxy.link()
            proxy.revive_told(seen)
        else:
            kind = ObjectProxy if wire_type.startswith(OBJECTS) else SourceProxy
            proxy = self._proxies[id_] = kind(self, id_, wire_type.removeprefix(OBJECTS), self.definitions, {})
            proxy.was_told()
        self.proxies.register_told(proxy, name)
        return proxy

    def drop_told(self, proxy: Proxy, client: int) -> None:
        """Take out a proxy that another client has deleted; what shows it the server has taken out by itself."""
        with self.undo.paused():
            for user in proxy.users():  # what the server was not told yet: else it would not have been deleted
                user.let_go(proxy)
        proxy.drop_told(client)
        self._forget_shown(proxy)
        self.outbox.drop((proxy.id, "name"))
        name = self.proxies.name(proxy)
        self._take_out(proxy, name)
        self._dropped[proxy.id] = proxy, name
        if len(self._dropped) > MOST_DROPPED:
            del self._dropped[next(iter(self._dropped))]

    def take_name_told(self, proxy: Proxy, name: str, seen: int) -> None:
        """Take what another client calls a proxy, or the server itself, unless it was called something here later."""
        if proxy.pushed and proxy.standing.name_told_in <= seen and not self.outbox.waits((proxy.id, "name")):
            self.proxies.take_name(proxy, name)

    def take_time(self, time: float | None, seen: int) -> bool:
        """Take the time that another client has set; False if what was set here is newer."""
        if self._time_told_in > seen or self.outbox.waits("time"):
            return False
        self._time = time
        self._tell_time()
        return True

    def tell_name(self, proxy: Proxy) -> None:
        """Have the other clients of the session told what a proxy is called, unless they are with all else of it."""
        if self.connection.membership.is_shared and proxy.pushed:
            self.outbox.add((proxy.id, "name"), lambda: self._send_name(proxy))
            self.outbox.flush()

    def _send_name(self, proxy: Proxy) -> None:
        state, number = {"id": proxy.id, "name": self.proxies.name(proxy)}, self.connection.next_number()
        self.data.send_message(Update(proxies=(state,), number=number).packet())
        proxy.standing.name_told_in = number

    # --- the server is told

    @property
    def anything_modified(self) -> bool:
        """Return whether anything was set that the server was not told yet."""
        return bool(self.changes)

    def update_vtk_objects(self, proxies: Iterable[Proxy] | None = None) -> None:
        """Tell the server what was set: see `Session.update_vtk_objects`."""
        self.checks.check_arrived()
        waiting = self.outbox.flush()
        if proxies is None:
            errors = [*waiting.values(), *self.changes.send()]
        else:
            wanted = list(proxies)
            for proxy in wanted:
                self.own(proxy)
            errors = self.changes.send(wanted)
        self.transfers.begin()
        if errors:
            raise errors[0]

    def tell_changes_of(self, proxy: Proxy) -> None:
        """Send what has changed of a proxy and upstream, before it is shown. Raises as `update_vtk_objects` does."""
        if errors := self.changes.send([proxy]):
            raise errors[0]

    def send_again(self, proxy: Proxy) -> None:
        """Have all of a proxy sent by the next call that tells anything: the server knows it no more."""
        proxy.begin_anew()
        self.changes.add(proxy)
        self.definitions.prefetch(proxy.wire_type)

    def data_on_its_way(self, proxy: Proxy) -> asyncio.Future[Any] | None:
        """Return what ends when all is there that a proxy needs: definitions, and data that is sent again.

        None if it is. It raises as `data_arrived`.
        """
        if self.checks.wanting([proxy]):
            return asyncio.ensure_future(self.data_arrived(proxy))
        return self.transfers.on_its_way(proxy)

    async def data_arrived(self, proxy: Proxy | None = None) -> None:
        """Wait for data that is sent again: all of it, or what a proxy depends on, and for the definitions of that.

        Raises as `send_data` does, and RemoteError for what was set wrongly before the definition had arrived.
        """
        if proxy is not None and self.checks.wanting([proxy]):
            await self.checks.finished([proxy])
            self.update_vtk_objects([proxy])
        if proxy is None:
            await self.transfers.all_there()
        elif (on_its_way := self.transfers.on_its_way(proxy)) is not None:
            await on_its_way

    def new_id(self) -> int:
        """Return a number for the next proxy of any kind, unique in the session."""
        return next(self._ids)

    def next_request(self) -> int:
        """Return a number for the next execution, unique in the session."""
        return next(self._requests)

    @property
    def time(self) -> float | None:
        """Return the time of the data that is asked for from now on: see `Session.time`."""
        return self._time

    @time.setter
    def time(self, time: float | None) -> None:
        self.connection.membership.require_editor()
        before, self._time = self._time, None if time is None else float(time)
        self.outbox.add("time", self._send_time)
        if self._time != before:
            self._tell_time()
        self.outbox.flush()

    def watch_time(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Have `watcher()` called after the time is another; returns what ends that."""
        self._time_watchers.append(watcher)
        return partial(end_watching, self._time_watchers, watcher)

    def _tell_time(self) -> None:
        for watcher in list(self._time_watchers):
            watcher()

    def _send_time(self) -> None:
        number = self.connection.next_number()
        self.data.send_message(SetTime(time=self._time, number=number).packet())
        self._time_told_in = number

    def time_or(self, time: float | None) -> float | None:
        """Return the time to ask for: this, else the scene's."""
        return self.time if time is None else time

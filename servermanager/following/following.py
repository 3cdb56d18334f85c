"""Following a session: the streams that tell what other clients change, and what is done with what they tell."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from async_paraview.operations import data, render
from async_paraview.records import dataclass
from services_core import Busy, ConnectionLost, Packet, ServiceEndpoint, ServicesError
from services_core.payload import unpack_payload

from ..model.property_holder import end_watching
from ..scene import Scene
from .inventory import Inventory
from .proxies_told import ProxiesTold
from .views_told import ViewsTold

_log = logging.getLogger(__name__)

EVERYTHING: Final = 2**62
"""The number of a change that came after all of ours."""


MOST_TRIES: Final = 3
"""So often a stream begins anew before all is told that there is; then this program is too slow for it."""

MISSED: Final = (
    "this program does not read as fast as others change its session, and has missed some of it "
    f"{MOST_TRIES} times before it knew all that there is: what it knows of pipelines and views may be old; connect "
    "again with the session's token"
)

AGAIN: Final = "connect again with the session's token to see what it holds"

MISSED_OP: Final = "missed"
"""The operation of what others had deleted or set back while nobody told this client."""

BEGUN_ANEW: Final = "the services of this session have begun anew meanwhile; its state is told again: call this again"


@dataclass(frozen=True, slots=True)
class RemoteChange:
    """Something that another client of the session has changed."""

    by: int
    """The number of that client; 0: what was there when this one came, or what the server has changed."""
    operation: str
    """What it has asked for: "update", "delete", "update_view", ... as in docs/protocol.md. "missed" is what others had
    deleted or set back before this client was told again all that there is."""
    things: tuple[Any, ...]
    """The proxies, views and representations that it is about, also those that it has deleted."""


class _Line:
    """The `changes` of one service: one stream after the other."""

    def __init__(
        self,
        endpoint: Callable[[], ServiceEndpoint],
        changes: Callable[[bool], Packet],
        sync: Callable[[int | None], Packet],
        keep_only: Callable[[Inventory], Sequence[object]],
        *,
        snapshot: bool,
        compares: bool,
    ) -> None:
        """Begin with what is changed from now on, or with a `snapshot`.

        With `compares` what is known here is compared with it, if the service says that it has been told all.
        """
        self.endpoint = endpoint
        self.changes = changes
        self.sync = sync
        self.keep_only = keep_only
        """Forgets what an inventory has not."""
        self.marks: dict[int, asyncio.Future[None]] = {}
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Resolves when all is known that there was when the stream began."""
        self.inventory: Inventory | None = None
        """What the snapshot has told so far, if it is compared with what is known here."""
        self.is_partial = compares
        """Whether the service may lack what others have still to tell it, and this client does not."""
        self.tries = 0
        self.stream = endpoint().subscribe(changes(snapshot))
        if not snapshot:
            self.ready.set_result(None)

    def begin_again(self) -> None:
        """Have those wait for the next snapshot who wait for anything: that will have it."""
        self.stream.close()
        if self.ready.done():
            self.ready = asyncio.get_running_loop().create_future()
        for waiting in self.marks.values():
            if not waiting.done():
                waiting.set_result(None)

    async def subscribe_again(self, scene: Scene) -> None:
        """Have all told that there is now, when the service has done what it was told before."""
        inventory = Inventory(scene.connection.next_number(), scene.told_already())
        await self.endpoint().send_request(self.sync(None))
        self.inventory = inventory
        self.stream = self.endpoint().subscribe(self.changes(True))


class Following:
    """What one client is told of the others. Belongs to the session's loop."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._views = ViewsTold(scene)
        self._proxies = ProxiesTold(scene)
        self._methods = self._proxies.methods | self._views.methods
        self._watchers: list[Callable[[RemoteChange], None]] = []
        self._lines: list[_Line] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._number = itertools.count(1)
        self._missed: ConnectionLost | None = None
        """Why what is here may be of before changes of others."""

    async def begin(self, *, snapshot: bool) -> None:
        """Follow from now on; with `snapshot` until all is there that there is. Raises what ends the connection."""
        self._subscribe(snapshot=snapshot, compares=False)
        if snapshot:
            await asyncio.gather(*(line.ready for line in self._lines))

    def begin_anew(self) -> None:
        """Follow a server that has begun anew, and be told all that others have told it before this.

        They may know what is not known here; and where this client may tell it nothing, all that there is. Raises what
        ends the connection.
        """
        self._give_up()
        self._proxies.begin_anew()
        self._views.begin_anew()
        self._subscribe(snapshot=True, compares=not self._scene.connection.membership.may_change)

    def _give_up(self) -> None:
        """Take nothing more from the streams that there were: what they tell of is gone, and who waits is told."""
        for task in self._tasks:
            task.cancel()
        self.end()
        for line in self._lines:
            _end(line, ConnectionLost(BEGUN_ANEW))

    def _subscribe(self, *, snapshot: bool, compares: bool) -> None:
        scene, self._missed = self._scene, None
        begin = partial(_Line, snapshot=snapshot, compares=compares)
        self._lines = [
            begin(
                lambda: scene.data,
                lambda snapshot: data.Changes(snapshot=snapshot).packet(),
                lambda mark: data.Sync(mark=mark).packet(),
                lambda there: [*self._proxies.keep_only(there), *self._views.keep_extracted(there)],
            ),
            begin(
                lambda: scene.render,
                lambda snapshot: render.Changes(snapshot=snapshot).packet(),
                lambda mark: render.Sync(mark=mark).packet(),
                self._views.keep_drawn,
            ),
        ]
        if compares:
            for line in self._lines:
                line.inventory = Inventory(EVERYTHING, scene.told_already())
        self._tasks = [asyncio.get_running_loop().create_task(self._follow(line)) for line in self._lines]

    def end(self) -> None:
        """Follow no longer: the session is closed."""
        for line in self._lines:
            line.stream.close()

    def watch(self, watcher: Callable[[RemoteChange], None]) -> Callable[[], None]:
        """Have `watcher(change)` called after every change of another client; calling what is returned ends it."""
        self._watchers.append(watcher)
        return partial(end_watching, self._watchers, watcher)

    async def synced(self) -> None:
        """Wait until all is told and known here that came to the server before this call. Raises as requests do."""
        self._require_all()
        endpoints, lines = (self._scene.data, self._scene.render), self._lines  # in this order: they may begin anew
        if lines:
            await asyncio.gather(*map(self._marked, lines))
        else:
            syncs = (data.Sync().packet(), render.Sync().packet())
            await asyncio.gather(*[one.send_request(sync) for one, sync in zip(endpoints, syncs, strict=True)])
        self._require_all()

    def _require_all(self) -> None:
        if self._missed is not None:
            raise self._missed

    # --- inside

    async def _marked(self, line: _Line) -> None:
        """Wait until a stream has told what its service was told before; if it begins again, until it is ready."""
        await _told(line)
        mark = next(self._number)
        told = line.marks[mark] = asyncio.get_running_loop().create_future()
        try:
            await line.endpoint().send_request(line.sync(mark))
            await told
        finally:
            del line.marks[mark]
            if told.done() and not told.cancelled():
                told.exception()  # asyncio need not complain: the request has told it
        await _told(line)

    async def _follow(self, line: _Line) -> None:
        error: ServicesError | None = None
        try:
            while not await self._has_ended(line):
                line.begin_again()
                await line.subscribe_again(self._scene)
        except ServicesError as ended:  # with the connection: whoever calls something is told
            _log.debug("changes of other clients are not told any more: %s", ended)
            error = ended
        if isinstance(error, Busy):
            self._missed = error = ConnectionLost(MISSED)
            _log.error(MISSED)
        _end(line, error)

    async def _has_ended(self, line: _Line) -> bool:
        """Take what a stream tells; returns whether that is all, or else it is to begin again."""
        try:
            async for packet in line.stream:
                if self._take(packet, line):
                    return False
        except Busy:
            line.tries += 1
            if line.tries > MOST_TRIES:
                raise
            _log.info("this program has not read for long what others change: it is told all that there is")
            return False
        return True

    def _take(self, packet: Packet, line: _Line) -> bool:
        """Take an item; returns whether the stream is to begin again, with all that there is."""
        header = packet.header
        if "mark" in header:
            if (waiting := line.marks.get(header["mark"])) is not None and not waiting.done():
                waiting.set_result(None)
            return False
        if "ready" in header:
            self._is_ready(line, complete=header.get("complete") is True)
            return False
        change = unpack_payload(packet) if packet.buffers else header["change"]
        if change["op"] == data.ToldAll.op:
            line.is_partial = False
            return not self._scene.connection.membership.may_change  # others have told what they know themselves
        seen = header.get("seen", EVERYTHING)
        if line.inventory is not None:
            line.inventory.note(change, seen)
        self._apply(change, header["by"], seen)
        return False

    def _is_ready(self, line: _Line, *, complete: bool) -> None:
        inventory, line.inventory, line.tries = line.inventory, None, 0
        line.is_partial = line.is_partial and not complete
        if inventory is not None and not line.is_partial:
            self._keep_only(line, inventory)
        if not line.ready.done():
            line.ready.set_result(None)

    def _keep_only(self, line: _Line, inventory: Inventory) -> None:
        try:
            things = line.keep_only(inventory)
        except Exception as error:
            _log.exception("what others have deleted or set back could not be taken over here")
            self._missed = ConnectionLost(f"what others have deleted could not be taken over here: {error}; {AGAIN}")
            return
        if things:
            self._tell(RemoteChange(0, MISSED_OP, tuple(things)))

    def _apply(self, change: dict[str, Any], by: int, seen: int) -> None:
        method = self._methods.get(change["op"])
        if method is None:
            return  # of a newer server
        try:
            things = [*method(change, by, seen), *self._views.make_what_can_be()]
        except Exception as error:
            _log.exception("what client %d has changed could not be taken over here: %.200s", by, change)
            what = f"a change of client {by} ({change['op']}) could not be taken over here: {error}"
            self._missed = ConnectionLost(f"{what}; {AGAIN}")
            return
        self._tell(RemoteChange(by, change["op"], tuple(things)))

    def _tell(self, told: RemoteChange) -> None:
        for watcher in list(self._watchers):
            watcher(told)


async def _told(line: _Line) -> None:
    """Wait until all is known that there was when the last stream began. Raises what ended it."""
    while not line.ready.done():
        await asyncio.shield(line.ready)


def _end(line: _Line, error: ServicesError | None) -> None:
    """Have nobody wait for a stream that is over: who does raises the error, or is cancelled."""
    for waiting in (line.ready, *line.marks.values()):
        if not waiting.done():
            waiting.cancel() if error is None else waiting.set_exception(error)
    if not line.ready.cancelled():
        line.ready.exception()  # asyncio need not complain if nobody awaits it

"""Following a session: the streams that tell what other clients change, and what is done with what they tell."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from async_paraview.operations import data, render
from services_core import Busy, ConnectionLost, Packet, ServiceEndpoint, ServicesError, Subscription
from services_core.payload import unpack_payload

from ..model.property_holder import end_watching
from ..scene import Scene
from .proxies_told import ProxiesTold
from .views_told import ViewsTold

_log = logging.getLogger(__name__)

EVERYTHING: Final = 2**62
"""The number of a change that came after all of ours."""


MISSED: Final = (
    "this program has not read for so long what others change in its session that some of it is lost: what it knows of "
    "pipelines and views may be old; connect again with the session's token"
)

BEGUN_ANEW: Final = "the services of this session have begun anew meanwhile; its state is told again: call this again"


@dataclass(frozen=True, slots=True)
class RemoteChange:
    """Something that another client of the session has changed."""

    by: int
    """The number of that client; 0: what was there when this one came, or what the server has changed."""
    operation: str
    """What it has asked for: "update", "delete", "update_view", ... as in docs/protocol.md."""
    things: tuple[Any, ...]
    """The proxies, views and representations that it is about, also those that it has deleted."""


class Following:
    """What one client is told of the others. Belongs to the session's loop."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._views = ViewsTold(scene)
        self._proxies = ProxiesTold(scene)
        self._methods = self._proxies.methods | self._views.methods
        self._watchers: list[Callable[[RemoteChange], None]] = []
        self._streams: list[Subscription] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._ready: list[asyncio.Future[None]] = []
        self._marks: dict[int, asyncio.Future[None]] = {}
        self._number = itertools.count(1)
        self._missed: ConnectionLost | None = None
        """Why what is here may be of before changes of others."""

    async def begin(self, *, snapshot: bool) -> None:
        """Follow from now on; with `snapshot` until all is there that there is. Raises what ends the connection."""
        ready = self._subscribe(snapshot=snapshot)
        if snapshot:
            await asyncio.gather(*ready)

    def begin_anew(self) -> None:
        """Follow a server that has begun anew, and be told all that others have told it before this.

        They may know what is not known here. Raises what ends the connection.
        """
        self._give_up()
        self._proxies.begin_anew()
        self._views.begin_anew()
        self._subscribe(snapshot=True)

    def _give_up(self) -> None:
        """Take nothing more from the streams that there were: what they tell of is gone, and who waits is told."""
        for task in self._tasks:
            task.cancel()
        self.end()
        for waiting in (*self._ready, *self._marks.values()):
            if not waiting.done():
                waiting.set_exception(ConnectionLost(BEGUN_ANEW))
                waiting.exception()  # asyncio need not complain if nobody awaits it

    def _subscribe(self, *, snapshot: bool) -> list[asyncio.Future[None]]:
        scene, self._missed = self._scene, None
        self._streams = [
            scene.data.subscribe(data.Changes(snapshot=snapshot).packet()),
            scene.render.subscribe(render.Changes(snapshot=snapshot).packet()),
        ]
        loop = asyncio.get_running_loop()
        ready = self._ready = [loop.create_future() for _ in self._streams]
        self._tasks = [
            loop.create_task(self._follow(stream, told)) for stream, told in zip(self._streams, ready, strict=True)
        ]
        return ready

    def end(self) -> None:
        """Follow no longer: the session is closed."""
        for stream in self._streams:
            stream.close()

    def watch(self, watcher: Callable[[RemoteChange], None]) -> Callable[[], None]:
        """Have `watcher(change)` called after every change of another client; calling what is returned ends it."""
        self._watchers.append(watcher)
        return partial(end_watching, self._watchers, watcher)

    async def synced(self) -> None:
        """Wait until all is told and known here that came to the server before this call. Raises as requests do."""
        self._require_all()
        scene = self._scene
        await asyncio.gather(
            self._marked(scene.data, lambda mark: data.Sync(mark=mark).packet()),
            self._marked(scene.render, lambda mark: render.Sync(mark=mark).packet()),
        )
        self._require_all()

    def _require_all(self) -> None:
        if self._missed is not None:
            raise self._missed

    # --- inside

    async def _marked(self, endpoint: ServiceEndpoint, sync: Callable[[int | None], Packet]) -> None:
        if not self._streams:
            await endpoint.send_request(sync(None))
            return
        mark = next(self._number)
        told = self._marks[mark] = asyncio.get_running_loop().create_future()
        try:
            await endpoint.send_request(sync(mark))
            await told
        finally:
            del self._marks[mark]
            if told.done() and not told.cancelled():
                told.exception()  # asyncio need not complain: the request has told it

    async def _follow(self, stream: Subscription, ready: asyncio.Future[None]) -> None:
        try:
            async for packet in stream:
                self._take(packet, ready)
            error: ServicesError | None = None
        except ServicesError as ended:  # with the connection: whoever calls something is told
            _log.debug("changes of other clients are not told any more: %s", ended)
            error = ended
        if isinstance(error, Busy):
            self._missed = ConnectionLost(MISSED)
            _log.error(MISSED)
        for waiting in (ready, *self._marks.values()):
            if not waiting.done():
                waiting.cancel() if error is None else waiting.set_exception(error)
        ready.exception()  # asyncio need not complain if nobody awaits it

    def _take(self, packet: Packet, ready: asyncio.Future[None]) -> None:
        header = packet.header
        if "mark" in header:
            if (waiting := self._marks.get(header["mark"])) is not None and not waiting.done():
                waiting.set_result(None)
        elif "ready" in header:
            if not ready.done():
                ready.set_result(None)
        else:
            change = unpack_payload(packet) if packet.buffers else header["change"]
            self._apply(change, header["by"], header.get("seen", EVERYTHING))

    def _apply(self, change: dict[str, Any], by: int, seen: int) -> None:
        method = self._methods.get(change["op"])
        if method is None:
            return  # of a newer server
        try:
            things = [*method(change, by, seen), *self._views.make_what_can_be()]
        except Exception as error:
            _log.exception("what client %d has changed could not be taken over here: %.200s", by, change)
            what = f"a change of client {by} ({change['op']}) could not be taken over here: {error}"
            self._missed = ConnectionLost(f"{what}; connect again with the session's token to see what it holds")
            return
        told = RemoteChange(by, change["op"], tuple(things))
        for watcher in list(self._watchers):
            watcher(told)

"""Data of this program on its way to the server: one transfer after the other for each proxy, and sent again."""

from __future__ import annotations

import asyncio
import weakref
from functools import partial
from typing import Any, Final, Protocol

from async_paraview.datasets import DataSetError, EncodedDataSet, split
from async_paraview.datasets.vtk_codec.data_objects import snapshot
from async_paraview.operations.data import Receive
from services_core import ServicesError

from ..maker import Maker
from ..proxy import Proxy, SourceProxy

SENT_PIECE_BYTES: Final = 1024 * 1024
"""How much of a data set travels to the server at a time, so that other packets get in between."""


class Names(Protocol):
    """Whoever gives names to proxies."""

    def name_is_free(self, name: str) -> bool:
        """Return whether no proxy has that name."""

    def rename(self, proxy: Proxy, name: str) -> None:
        """Give a proxy another name."""

    def sources(self) -> tuple[SourceProxy, ...]:
        """Return all sources, in the order of their creation."""


class Transfers:
    """What the proxies of one session were given by this program. Belongs to the session's loop."""

    def __init__(self, scene: Maker, names: Names) -> None:
        self._scene = scene
        self._names = names
        self._given: dict[int, EncodedDataSet] = {}
        self._wanted: set[int] = set()
        """Proxies whose data the server lacks, since they were deleted and made again."""
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._turns: weakref.WeakValueDictionary[int, asyncio.Lock] = weakref.WeakValueDictionary()

    async def send(self, data: Any, proxy: SourceProxy | None, name: str | None) -> SourceProxy:
        """See Session.send_data."""
        if proxy is None:
            self._check_name(name)
        encoded = await _snapshot(data) if proxy is None else None  # what cannot be sent makes no proxy
        if proxy is None:
            self._check_name(name)  # others may have taken it meanwhile
        holder = self._scene.create("vtkTrivialProducer") if proxy is None else proxy
        if name is not None:
            self._names.rename(holder, name)
        async with self._turn(holder.id):  # before it is encoded: the turns are in the order of the calls
            await self._send(holder, await _snapshot(data) if encoded is None else encoded)
        return holder

    def given(self) -> list[tuple[SourceProxy, EncodedDataSet]]:
        """Return the proxies that were given data, with a copy of it."""
        return [(one, self._given[one.id]) for one in self._names.sources() if one.id in self._given]

    def take(self, proxy: Proxy) -> EncodedDataSet | None:
        """Return what a proxy that is deleted was given, None if nothing; it is forgotten here."""
        self._wanted.discard(proxy.id)
        return self._given.pop(proxy.id, None)

    def give_again(self, proxy: Proxy, data: EncodedDataSet) -> None:
        """Note that a deleted proxy was made again: it is to have its data."""
        self._given[proxy.id] = data
        self._wanted.add(proxy.id)

    def give_all_again(self) -> None:
        """Send all data again: the server has begun anew. Called in a loop."""
        self._wanted.update(self._given)
        self.begin()

    def begin(self) -> None:
        """Send what is wanted, if a loop runs that could do it."""
        if self._wanted:
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                return  # whoever needs the data awaits something, and comes here again
            for id_ in self._wanted:
                task = self._under_way[id_] = loop.create_task(self._send_again(id_))
                task.add_done_callback(partial(self._ended, id_))
            self._wanted.clear()

    def on_its_way(self, proxy: Proxy) -> asyncio.Future[Any] | None:
        """Return what ends when all data is there that a proxy depends on; None if it is there already."""
        if not self._under_way:
            return None
        tasks = [self._under_way[one.id] for one in proxy.upstream() if one.id in self._under_way]
        return asyncio.gather(*map(asyncio.shield, tasks)) if tasks else None

    async def all_there(self) -> None:
        """Wait for all that is under way. Raises what `Session.send_data` raises."""
        for task in list(self._under_way.values()):
            await asyncio.shield(task)

    async def _send_again(self, id_: int) -> None:
        async with self._turn(id_):
            if id_ not in self._given:
                return
            proxy = self._scene.output(id_, 0).proxy
            try:
                await self._send(proxy, self._given[id_])
            except (ServicesError, DataSetError, ValueError):
                if self._scene.has(proxy):
                    raise  # of one that was deleted meanwhile nobody wants the data

    def _ended(self, id_: int, task: asyncio.Task[None]) -> None:
        if self._under_way.get(id_) is task:
            del self._under_way[id_]
        if (task.cancelled() or task.exception() is not None) and id_ in self._given:
            self._wanted.add(id_)  # who waits is told, and who needs it next tries again

    def _check_name(self, name: str | None) -> None:
        if name is not None and not self._names.name_is_free(name):
            raise ValueError(f"the name {name!r} is taken, or none: nothing was sent")

    def _turn(self, id_: int) -> asyncio.Lock:
        return self._turns.setdefault(id_, asyncio.Lock())

    async def _send(self, holder: SourceProxy, encoded: EncodedDataSet) -> None:
        holder.update_vtk_objects()
        endpoint = self._scene.data
        pieces = list(split(encoded, piece_bytes=SENT_PIECE_BYTES))
        for index, piece in enumerate(pieces):
            packet = Receive(id=holder.id, piece=piece.header).packet(piece.buffers)
            await endpoint.room()
            if index == len(pieces) - 1:
                await endpoint.send_request(packet)
            else:
                endpoint.send_message(packet)
                await asyncio.sleep(0)
        if self._scene.has(holder):
            self._given[holder.id] = encoded


async def _snapshot(data: Any) -> EncodedDataSet:
    return await asyncio.get_running_loop().run_in_executor(None, snapshot, data)

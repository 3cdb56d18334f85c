"""One request to bring an output up to date: a future with an id, its own progress, and an end that can be forced."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Final, Protocol

from async_paraview.information import DataInformation
from async_paraview.operations.data import Sync
from services_core import Closed, Packet, RemoteError, Reply, RequestCancelled, ServicesError, in_loop
from services_core.payload import unpack_payload

from ..server_connection import ServerConnection
from ..streams import ProgressStep

GRACE_S: Final = 1.5
"""How long a filter may take to end by itself before `interrupt(force=True)` ends its process."""

EXECUTING: Final = "executing"
FAILED: Final = "failed"
MODIFIED: Final = "modified"
UNMODIFIED: Final = "unmodified"


class Executed(Protocol):
    """A proxy, as far as its executions know it."""

    @property
    def id(self) -> int:
        """Return the number by which the server knows it."""

    @property
    def information(self) -> dict[int, DataInformation]:
        """Return what its outputs held, by port; the execution adds to it."""

    offered: dict[str, dict[str, bool]]


class ExecutionLog(Protocol):
    """Whoever keeps account of what executes."""

    changes: int

    def began(self, execution: Execution) -> None:
        """Note that an execution is under way."""

    def ended(self, execution: Execution, outcome: str, since: int) -> None:
        """Note how an execution went; `since` is what `changes` was when it began."""


class Execution(asyncio.Future[DataInformation]):
    """What `update_pipeline` returns: it is under way already, and awaiting it gives what came out.

    An asyncio future: `cancel()`, or cancelling a task that awaits it, interrupts the execution on the server;
    `asyncio.gather`, `wait_for`, `shield` and done-callbacks work as usual.
    """

    def __init__(
        self,
        proxy: Executed,
        port: int,
        id_: int,
        send: Callable[[], Reply[Packet]],
        *,
        log: ExecutionLog,
        connection: ServerConnection,
        after: asyncio.Future[Any] | None = None,
    ) -> None:
        """Ask the server by `send()`: at once, or, where something is to be there before, `after` that."""
        super().__init__(loop=asyncio.get_running_loop())
        self.id = id_
        """The number of this request, which its steps of progress carry; unique in the session."""
        self.proxy: Any = proxy
        """What is executed."""
        self._port = port
        self._send = send
        self._reply: Reply[Packet] | None = None
        self._log, self._connection = log, connection
        self._since = 0
        if after is None:
            self._begin()
        else:
            after.add_done_callback(self._begin_after)
        log.began(self)
        if after is None:
            self._wait()

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel it here at once, and interrupt it on the server as soon as that is safe."""
        if not super().cancel(msg):
            return False
        if self._reply is not None:
            self._reply.cancel()
        self._note(MODIFIED)
        return True

    async def interrupt(self, *, force: bool = False, grace_s: float = GRACE_S) -> None:
        """Cancel it, and wait until the server executes it no more.

        Filters that cannot be interrupted are waited for. With `force`, a filter that has not ended within `grace_s`
        seconds is ended with its worker process, and the session goes on in a new process, with all its proxies and
        views (`Session.restart`, which raises ServicesError where there is no worker process: backend inproc).
        """
        self.cancel()
        try:
            async with asyncio.timeout(grace_s if force else None):
                await self._connection.data.send_request(Sync().packet())
        except TimeoutError:
            await self._connection.restart()

    async def steps(self) -> AsyncIterator[ProgressStep]:
        """Yield the steps of this execution, upstream proxies included, from now until it has ended."""
        async with self._connection.progress() as stream:
            self.add_done_callback(lambda _: stream.close())
            if self.done():
                return
            async for step in stream:
                if step.request == self.id:
                    yield step

    def _begin(self) -> None:
        self._since = self._log.changes
        self._reply = self._send()

    def _wait(self) -> None:
        assert self._reply is not None
        self._reply.add_done_callback(in_loop(self.get_loop(), self._finish))

    def _begin_after(self, before: asyncio.Future[Any]) -> None:
        cancelled = before.cancelled()
        error = RequestCancelled("what it needs was not sent") if cancelled else before.exception()
        if self.done():
            return
        if error is None:
            try:
                self._begin()
                self._wait()
                return
            except ServicesError as refused:
                error = refused
        self._note(MODIFIED)
        self._fail(error)

    def _finish(self) -> None:
        if self.done() or self._reply is None:
            return
        try:
            information = DataInformation.from_dict(unpack_payload(self._reply.result()))
        except ServicesError as error:
            self._note(FAILED if isinstance(error, RemoteError) else MODIFIED)
            self._fail(error)
            return
        self.proxy.information[self._port] = information
        self.proxy.offered = information.offered
        self._note(UNMODIFIED)
        self.set_result(information)

    def _fail(self, error: BaseException) -> None:
        self.set_exception(error)
        if isinstance(error, (Closed, RequestCancelled)):
            self.exception()  # asyncio need not complain if nobody awaits it: that was wanted here

    def _note(self, state: str) -> None:
        self._log.ended(self, state, self._since)

    def __repr__(self) -> str:
        state = "cancelled" if self.cancelled() else "done" if self.done() else "under way"
        return f"<Execution {self.id} of {self.proxy!r}: {state}>"

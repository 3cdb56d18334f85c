"""One request to bring an output up to date: awaited, with an id, its own progress, and an end that can be forced."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from dataclasses import fields
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


def was_stopped(error: BaseException) -> bool:
    """Return whether it says that a user has stopped what was to be executed: that is no fault of anything."""
    return isinstance(error, RemoteError) and error.details.get("stopped") is True


_OF_OUTCOME: Final = frozenset(name for name in dir(DataInformation) if not name.startswith("_")) | {
    field.name for field in fields(DataInformation)
}


class Executed(Protocol):
    """A proxy, as far as its executions know it."""

    @property
    def id(self) -> int:
        """Return the number by which the server knows it."""

    def take_information(self, port: int, information: DataInformation) -> None:
        """Take what an output holds."""


class ExecutionLog(Protocol):
    """Whoever keeps account of what executes."""

    changes: int

    def began(self, execution: Execution) -> None:
        """Note that an execution is under way."""

    def ended(self, execution: Execution, outcome: str, since: int) -> None:
        """Note how an execution went; `since` is what `changes` was when it began."""


class _Outcome(asyncio.Future[DataInformation]):
    """What the execution comes to; who cancels it gives the execution up, as it is told while there is no outcome."""

    given_up: Callable[[], None] | None = None

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel it, which tells that the execution is given up."""
        if not super().cancel(msg):
            return False
        if self.given_up is not None:
            self.given_up()
        return True


class Execution(Coroutine[Any, None, DataInformation]):
    """What `update_pipeline` returns: it is under way already, and awaiting it gives what came out.

    It may be awaited any number of times, by `await`, `asyncio.create_task`, `gather`, `wait_for`, `shield` or a task
    group: nothing begins twice. `cancel()`, or cancelling a task that awaits it, interrupts the execution on the
    server. As of a coroutine, `asyncio.wait` takes tasks of it.
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
        self.id = id_
        """The number of this request, which its steps of progress carry; unique in the session."""
        self.proxy: Any = proxy
        """What is executed."""
        self._outcome = _Outcome(loop=asyncio.get_running_loop())
        self._outcome.given_up = self._given_up
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

    # --- as a future

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel it here at once, and interrupt it on the server as soon as that is safe."""
        return self._outcome.cancel(msg)

    def done(self) -> bool:
        """Return whether there is an outcome: what came out, an error, or that it was cancelled."""
        return self._outcome.done()

    def cancelled(self) -> bool:
        """Return whether it was cancelled."""
        return self._outcome.cancelled()

    def result(self) -> DataInformation:
        """Return what came out. Raises what awaiting it does, and asyncio.InvalidStateError while it is under way."""
        try:
            return self._outcome.result()
        finally:
            del self  # as in `throw`

    def exception(self) -> BaseException | None:
        """Return the error that awaiting it raises, None if there is none. Raises as `result` while it is under way."""
        return self._outcome.exception()

    def add_done_callback(self, callback: Callable[[Execution], object]) -> None:
        """Have `callback(execution)` called in the loop once there is an outcome."""
        self._outcome.add_done_callback(lambda _: callback(self))

    def __await__(self) -> Generator[Any, None, DataInformation]:
        return self._outcome.__await__()

    # --- as a coroutine, of which tasks are made. Nothing is kept between the steps: there may be several tasks

    def send(self, _value: None) -> Any:
        """Return what a task has to wait for; raises StopIteration with what came out, or the error."""
        if self._outcome.done():
            try:
                raise StopIteration(self._outcome.result())
            finally:
                del self  # as in `throw`
        return next(self._outcome.__await__())

    def throw(self, kind: Any, value: Any = None, _trace: Any = None) -> Any:
        """Raise what a task was given instead of the outcome; a cancellation interrupts the execution."""
        error = value if value is not None else kind() if isinstance(kind, type) else kind
        if isinstance(error, asyncio.CancelledError):
            self.cancel()
        try:
            raise error
        finally:
            del self, kind, value, error  # of this frame, which the error has now, too: it would keep itself

    def close(self) -> None:
        """Do nothing: what is under way goes on, whether a task waits for it or not."""

    def __getattr__(self, name: str) -> Any:
        hint = "; it is of what comes out: await the execution first" if name in _OF_OUTCOME else ""
        raise AttributeError(f"an Execution has no {name!r}{hint}")

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
        self._reply.add_done_callback(in_loop(self._outcome.get_loop(), self._finish))

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
            self._note(FAILED if isinstance(error, RemoteError) and not was_stopped(error) else MODIFIED)
            self._fail(error.with_traceback(None))  # which has this frame, and with that what keeps the error
            return
        self.proxy.take_information(self._port, information)
        self._note(UNMODIFIED)
        self._outcome.given_up = None
        self._outcome.set_result(information)

    def _given_up(self) -> None:
        self._outcome.given_up = None
        if self._reply is not None:
            self._reply.cancel()
        self._note(MODIFIED)

    def _fail(self, error: BaseException) -> None:
        self._outcome.given_up = None
        self._outcome.set_exception(error)
        if isinstance(error, (Closed, RequestCancelled)):
            self._outcome.exception()  # asyncio need not complain if nobody awaits it: that was wanted here

    def _note(self, state: str) -> None:
        self._log.ended(self, state, self._since)

    def __repr__(self) -> str:
        state = "cancelled" if self.cancelled() else "done" if self.done() else "under way"
        return f"<Execution {self.id} of {self.proxy!r}: {state}>"

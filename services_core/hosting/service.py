"""A service: a name and one thread. What arrives is previewed on the thread that receives and processed on its own."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from queue import SimpleQueue
from typing import ClassVar, Final

from ..errors import DeadlineExceeded, ServicesError, error_text
from ..limited_log import LimitedLog
from ..packet import Packet
from ..protocol.messages import Kind
from ..receiving import ReceivingRole, about_to_wait, role_here
from ..timekeeper import Timekeeper
from .fair_queue import PART, FairQueue, Work
from .incoming_call import IncomingCall, ServiceClient
from .stream_producer import StreamProducer

_log = logging.getLogger(__name__)
_limited_log = LimitedLog(_log)  # of all services of the process: a peer may open session after session
atexit.register(_limited_log.flush)

_GATHER: Final = 255
"""Answers that may gather while more work waits; the channel does not keep them if that takes long."""

_RESUMED: Final = 16
"""What was put aside for a client goes on so much at a time: others have their turns in between."""

_BRIEF_S: Final = 1e-3
"""What has begun less than this ago may be over at once: as long as all work is, its thread counts as idle."""

_here: Final = threading.local()


class Service(ABC):
    """Base class of services. Everything that happens inside one is sequential; services run beside each other.

    Subclasses override `process` and, where they want to, the other hooks. Packets of one client are processed in the
    order in which that client sent them, those of several in the order in which they arrived; but none waits for all of
    another's flood. `name` is what clients ask for in their HELLO, unique in an engine.
    """

    receives: ClassVar[bool] = True
    """Whether the service's thread may receive for the backend while it has nothing else to do: that of a service which
    gets one brief piece of work after the other then begins it without a change of thread. Not where the thread has a
    lower priority than others."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ident = 0
        """See Follower.ident."""
        self._wake: SimpleQueue[None] = SimpleQueue()
        self._queue = FairQueue()
        self._now = self._queue.now
        self._running: IncomingCall | None = None
        self._running_since = 0.0
        self._awake = False
        self._resting = False  # it waits for work
        self._role: ReceivingRole | None = None  # which it was offered
        self._led: ReceivingRole | None = None  # which it holds, or is about to
        self._held_back: ServiceClient | None = None  # whose answers may wait for more
        self._previews = type(self).preview is not Service.preview
        self._stopping = False
        self._start_error: BaseException | None = None
        self._has_begun = threading.Event()
        self._thread: threading.Thread | None = None
        self._timekeeper: Timekeeper | None = None

    # --- for the author of a service

    @abstractmethod
    def process(self, incoming: IncomingCall) -> Packet | Iterator[Packet] | None:
        """Do the work, on the service's thread.

        - For a request return the reply; None is an empty reply, unless `incoming.defer()` was called.
        - For a subscription return an iterator: its items are made one at a time, between other work, when the
          subscriber wants them; or keep `incoming.stream` and return None.
        - What is returned for a message is ignored.

        Whatever is raised becomes the client's error: a ServicesError as it is, anything else a RemoteError with the
        type, the text, the traceback, and `details` if the exception has an attribute of that name which is a dict.
        """

    def preview(self, incoming: IncomingCall) -> None:  # noqa: B027  # a hook, not a duty
        """Look at a packet the moment it arrives, on the thread that receives: microseconds, and no blocking call.

        May `skip` older work in `waiting()`, or raise a flag that ends what is `running()`. The thread is the
        backend's, or that of a service, this or another, which has nothing else to do (see `receives`).
        """

    def cancelled(self, incoming: IncomingCall) -> None:  # noqa: B027  # a hook, not a duty
        """Interrupt this if you can: nobody wants it any more, and it is being processed, or its answer was deferred.

        Also called when its deadline has passed, and when the service stops. On the communication thread, like preview.
        """

    def started(self) -> None:  # noqa: B027  # a hook, not a duty
        """Prepare what is needed; called on the service's thread when it has begun."""

    def stopped(self) -> None:  # noqa: B027  # a hook, not a duty
        """Free what was made in `started`; called on the service's thread when it is about to end."""

    def client_left(self, client: ServiceClient) -> None:  # noqa: B027  # a hook, not a duty
        """Forget a client whose connection is over; called on the service's thread."""

    def waiting(self) -> list[IncomingCall]:
        """Return what has arrived and was not begun: client by client, of each the oldest first."""
        return self._queue.waiting()

    @property
    def backlog(self) -> int:
        """Return how much has arrived, or is to be done, and was not begun. From any thread."""
        return len(self._queue)

    def running(self) -> IncomingCall | None:
        """Return what is being processed now; None between packets."""
        return self._running

    def call_soon(self, work: Work, client: ServiceClient | None = None) -> None:
        """Have `work()` done on the service's thread, in turn; `client`: after all that it has sent.

        From any thread.
        """
        self._queue.put_work(work, client)
        self._awaken()

    def call_later(self, delay_s: float, work: Work) -> None:
        """Have `work()` done on the service's thread, in turn, when `delay_s` has passed; never, if it ends before.

        From any thread, once the service was added to an engine.
        """
        if self._timekeeper is None:
            raise RuntimeError(f"service {self.name} was not added to an engine: it has no clock yet")
        self._timekeeper.call_at(time.monotonic() + delay_s, lambda _: self.call_soon(work))

    @property
    def stopping(self) -> bool:
        """Return whether the service was told to end. A long `process` asks `incoming.cancelled()`, which knows it."""
        return self._stopping

    def busy_s(self) -> float:
        """Return for how many seconds the thread has been at the packet of now; 0 when it waits for work."""
        return time.monotonic() - self._running_since if self._running is not None else 0.0

    # --- for the engine

    def start(self, timekeeper: Timekeeper) -> None:
        """Begin the thread. `timekeeper` is the engine's clock."""
        self._timekeeper = timekeeper
        self._thread = threading.Thread(target=self._run, name=f"service-{self.name}", daemon=True)
        self._thread.start()

    def wait_until_begun(self, timeout_s: float) -> bool:
        """Wait until the thread has begun, and `started` is over, however that ended; tells whether it is."""
        return self._has_begun.wait(timeout_s)

    def submit(self, arrived: Sequence[IncomingCall]) -> None:
        """Preview and queue what arrived together from one client. On the communication thread."""
        role = role_here()
        if role is not None:
            role.note_work(self)
        queue = self._queue
        if self._previews:
            for incoming in arrived:
                self._preview_safely(incoming)
                queue.put((incoming,))
        elif queue.lined_up or len(self._now) + len(arrived) > PART:
            queue.put_in_line(arrived)
        else:
            self._now.extend(arrived)  # as `put` does, in a straight line: the most frequent case
        self._awaken()

    def cancel(self, incoming: IncomingCall) -> None:
        """Give up work of a client that cancelled it, or has left. On the communication thread."""
        incoming.abandon()
        if incoming is self._running or incoming.deferred:
            self._call(lambda: self.cancelled(incoming))

    def expire(self, incoming: IncomingCall, _now: float) -> None:
        """Fail work whose deadline has passed, waiting or running. On the timekeeper's thread."""
        if not incoming.over:
            incoming.fail(DeadlineExceeded("its deadline has passed; the service was interrupted if it had begun"))
            self.cancel(incoming)

    def stop(self) -> None:
        """Tell the thread to end, interrupting what it does. Never blocks; `join` waits."""
        self._stopping = True
        running = self._running
        if running is not None:
            self._call(lambda: self.cancelled(running))
        self._awaken()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread to end; tells whether it did."""
        if self._thread is None or self._thread is threading.current_thread():
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # --- the thread

    def _run(self) -> None:
        self.ident = threading.get_ident()
        _here.service = self
        try:
            self.started()
        except BaseException as error:
            _log.exception("service %s could not start", self.name)
            self._start_error = error
        self._has_begun.set()
        while not self._stopping:
            self._resting = True
            if self._role is None or not self._lead(self._role):
                self._wake.get()
            self._running_since = time.monotonic()
            self._resting = False
            self._awake = False  # before it is looked what there is to do
            self._work_off()
        about_to_wait()  # whoever holds a role does not end with it
        self._call(self.stopped)

    # --- receiving while there is nothing to do: see Follower and ReceivingRole

    @property
    def idle(self) -> bool:
        """See Follower.idle."""
        return self.receives and (self._resting or time.monotonic() - self._running_since < _BRIEF_S)

    def offer(self, role: ReceivingRole) -> None:
        """See Follower.offer."""
        self._role = role

    def wanted(self) -> bool:
        """See Follower.wanted."""
        return bool(self._now or self._queue.lined_up or self._stopping)

    @property
    def receiving(self) -> bool:
        """Return whether its thread receives for a backend now, or is about to."""
        return self._led is not None

    def _lead(self, role: ReceivingRole) -> bool:
        """Receive until there is work; False if there is none yet, and others receive."""
        self._led = role  # before it is looked what there is to do: who queues something then wakes this turn
        self._awake = False
        while not self._wake.empty():
            self._wake.get()
        try:
            led = role.lead(self)
        finally:
            self._led = None
        if not led and self._role is role:
            self._role = None
        return led or self.wanted()  # who has queued something meanwhile has woken the holder of the role

    def _work_off(self) -> None:
        """Do what is queued. Answers to the same client may leave together; the last takes along what is left."""
        queue, now = self._queue, self._now
        while not self._stopping and (now or (queue.lined_up and queue.refill())):
            work = now.popleft()
            if type(work) is not IncomingCall:
                self._running_since = time.monotonic()
                self._call(work)  # type: ignore[arg-type]  # IncomingCall has no subclasses
            elif not work.client.park(work):
                self._handle(work)
            del work  # or its buffers would live until the next packet
        held, self._held_back = self._held_back, None
        if held is not None:
            held.flush()

    def _hold_back(self, client: ServiceClient | None) -> None:
        """Let answers of this client wait; those of others leave."""
        held, self._held_back = self._held_back, client
        if held is not None and held is not client:
            held.flush()

    def _awaken(self) -> None:
        """Wake the thread: something was queued. It clears the flag before it looks, so nothing is left behind."""
        if not self._awake:
            self._awake = True
            role = self._led
            if role is None:
                self._wake.put(None)
            elif threading.get_ident() != self.ident:
                role.awaken()

    def _preview_safely(self, incoming: IncomingCall) -> None:
        try:
            self.preview(incoming)
        except BaseException as error:  # a client can bring this about, by a header that cannot be read
            _limited_log.warning("service %s could not look at what arrived: %s", self.name, error_text(error))
            if not isinstance(error, ServicesError):
                _log.debug("service %s: preview failed", self.name, exc_info=True)
            incoming.fail(error)

    def resume(self, client: ServiceClient) -> None:
        """Process what was parked while the client left its answers unread. On the service's thread."""
        for _ in range(_RESUMED):
            incoming = client.next_parked()
            if incoming is None:
                return
            self._handle(incoming)
        self.call_soon(lambda: self.resume(client), client)  # what came later is parked behind it

    def _call(self, work: Work) -> None:
        try:
            work()
        except BaseException:
            _limited_log.exception("a call of service %s failed", self.name)

    def _handle(self, incoming: IncomingCall) -> None:
        if not incoming.begin():
            return
        try:
            self._running_since, self._running = time.monotonic(), incoming
            if incoming.over or self._stopping:  # looked at after _running was set: cancel() looks the other way round
                return
            if self._start_error is not None:
                incoming.fail(self._start_error)  # not raised: its traceback would grow, and keep each of these
                return
            if incoming.deadline is not None and incoming.deadline <= self._running_since:
                raise DeadlineExceeded("its deadline had passed before the service came to it")
            outcome = self.process(incoming)
            self._running = None
            self._answer(incoming, outcome)  # last: it wakes the client, who then has the interpreter to itself
        except BaseException as error:  # SystemExit too: it must not end the thread without a word to the client
            if not isinstance(error, ServicesError):
                _log.debug("service %s: %s failed", self.name, incoming.kind.name, exc_info=True)
            incoming.fail(error)
        finally:
            self._running = None
            incoming.release()

    def _answer(self, incoming: IncomingCall, outcome: Packet | Iterator[Packet] | None) -> None:
        if incoming.stream is None and isinstance(outcome, Packet):
            gather = _GATHER if self._now else 0
            incoming.reply(outcome, gather=gather)
            self._hold_back(incoming.client if gather else None)
        elif incoming.stream is not None:
            if outcome is None:
                return
            if not isinstance(outcome, Iterator):
                raise TypeError(f"a subscription is answered by an iterator of packets, not {type(outcome).__name__}")
            StreamProducer(self, incoming.client, incoming.stream, outcome).schedule()
        elif outcome is not None and incoming.kind is Kind.REQUEST:
            raise TypeError(f"a request is answered by a Packet or None, not {type(outcome).__name__}")
        elif incoming.kind is Kind.REQUEST and not incoming.deferred:
            incoming.reply(Packet())


def current_call() -> tuple[Service, IncomingCall | None] | None:
    """Return the service whose thread calls this, and what it processes now, if anything. For logs."""
    service: Service | None = getattr(_here, "service", None)
    return None if service is None or service.receiving else (service, service.running())

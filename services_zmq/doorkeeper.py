"""Who may come in at addresses that ask for keys: ZeroMQ asks here, once in each handshake (ZAP, RFC 27)."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import Final

import zmq

from services_core import LogsByAddress

from .threads.io_thread import IoThread
from .transfer import NOBLOCK, readable

_log = logging.getLogger(__name__)

ADDRESS: Final = "inproc://zeromq.zap.01"
LOOK_S: Final = 1.0
"""How often it is looked whether those who are in may stay."""

REVOKED: Final = "the server's operator has revoked the key of this client (apvserver keys)"
_YES, _NO, _UNDECIDED = b"200", b"400", b"500"


class Doorkeeper:
    """Answers ZeroMQ's questions: the communication thread receives and sends, a thread of its own decides.

    `admits` may read files. `present` tells which keys are in now; those that are no longer admitted are given to
    `expel`, on the communication thread. Who was refused is logged by address.
    """

    def __init__(
        self,
        io: IoThread,
        context: zmq.Context[zmq.Socket[bytes]],
        admits: Callable[[bytes], bool],
        *,
        present: Callable[[], Iterable[bytes]],
        expel: Callable[[set[bytes]], None],
    ) -> None:
        self._io = io
        self._admits = admits
        self._present = present
        self._expel = expel
        self._logs = LogsByAddress(_log)
        self._asked: SimpleQueue[list[bytes] | None] = SimpleQueue()
        self._socket = context.socket(zmq.ROUTER)  # not REP, which answers one question before it hears the next
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.bind(ADDRESS)
        self._thread = threading.Thread(target=self._decide, name="services-zmq-doorkeeper", daemon=True)
        self._thread.start()
        io.call(lambda: io.watch(self._socket, self._readable))

    def shut(self) -> None:
        """Close the socket, and end the thread. On the communication thread."""
        self._io.forget(self._socket)
        self._socket.close(0)
        self._asked.put(None)

    def join(self, timeout_s: float) -> bool:
        """Wait for the end of the thread; tells whether it has ended."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # --- on the communication thread

    def _readable(self) -> None:
        while not self._socket.closed and readable(self._socket):
            self._asked.put(self._socket.recv_multipart(NOBLOCK))

    def _answer(self, frames: list[bytes], status: bytes, user: bytes) -> None:
        if not self._socket.closed:
            self._socket.send_multipart([*frames[:4], status, b"", user, b""], NOBLOCK)
            self._readable()  # to send swallows the sign of what came meanwhile

    # --- on the thread of its own

    def _decide(self) -> None:
        look_at = time.monotonic() + LOOK_S
        while True:
            wait_s = look_at - time.monotonic()
            if wait_s <= 0:  # however many ask
                self._look_again()
                look_at = time.monotonic() + LOOK_S
                continue
            try:
                frames = self._asked.get(timeout=wait_s)
            except Empty:
                continue
            if frames is None:
                self._logs.flush()
                return
            self._decide_on(frames)

    def _decide_on(self, frames: list[bytes]) -> None:
        """Answer one question: frames of the asker, an empty one, version, number, domain, address, id, mechanism."""
        if len(frames) < 8 or frames[2] != b"1.0":
            return  # libzmq itself asks, and nobody else can reach this socket
        address, key = frames[5].decode("ascii", "replace"), b"".join(frames[8:])
        status = self._status(key) if frames[7] == b"CURVE" else _NO
        if status == _NO:
            self._logs.of(address).warning("refused the client at %s: its key %s is not let in", address, key.hex())
        user = key.hex().encode() if status == _YES else b""
        self._io.call(lambda: self._answer(frames, status, user))

    def _status(self, key: bytes) -> bytes:
        try:
            return _YES if self._admits(key) else _NO
        except Exception:  # whatever prevents it: the client is told that it was not its key
            self._logs.of("").exception("it cannot be told who may come in")
            return _UNDECIDED

    def _look_again(self) -> None:
        """See whether those who are in may stay. If that cannot be told now, they may."""
        keys = set(self._present())
        gone = {key for key in keys if self._status(key) == _NO}
        if gone:
            self._io.call(lambda: self._expel(gone))

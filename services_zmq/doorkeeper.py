"""Who may come in at addresses that ask for keys: ZeroMQ asks here, once in each handshake (ZAP, RFC 27)."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

import zmq

from services_core import LogsByAddress

from .threads.io_thread import IoThread

_log = logging.getLogger(__name__)

ADDRESS: Final = "inproc://zeromq.zap.01"
LOOK_S: Final = 1.0
"""How often it is looked whether those who are in may stay."""

REVOKED: Final = "the server's operator has revoked the key of this client (apvserver keys)"
_YES, _NO, _UNDECIDED = b"200", b"400", b"500"


class Doorkeeper:
    """Answers ZeroMQ's questions, on a thread of its own: whoever connects waits for the answer.

    `admits` may read files. `present` tells which keys are in now; those that are no longer admitted are given to
    `expel`, on the communication thread. Who was refused is logged by address. It ends with the context.
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
        self._socket = context.socket(zmq.ROUTER)  # not REP, which answers one question before it hears the next
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.bind(ADDRESS)
        self._thread = threading.Thread(target=self._run, name="services-zmq-doorkeeper", daemon=True)
        self._thread.start()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end of the thread; tells whether it has ended."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # --- on the thread of its own

    def _run(self) -> None:
        try:
            self._answer_all()
        except zmq.ContextTerminated:
            self._logs.flush()
        finally:
            self._socket.close(0)  # the end of the context waits for it

    def _answer_all(self) -> None:
        look_at = time.monotonic() + LOOK_S
        while True:
            wait_s = look_at - time.monotonic()
            if wait_s <= 0:  # however many ask
                self._look_again()
                look_at = time.monotonic() + LOOK_S
                continue
            self._socket.setsockopt(zmq.RCVTIMEO, math.ceil(wait_s * 1000))
            try:
                frames = self._socket.recv_multipart()
            except zmq.Again:
                continue
            self._answer(frames)

    def _answer(self, frames: list[bytes]) -> None:
        """Answer one question: frames of the asker, an empty one, version, number, domain, address, id, mechanism."""
        if len(frames) < 8 or frames[2] != b"1.0":
            return  # libzmq itself asks, and nobody else can reach this socket
        address, key = frames[5].decode("ascii", "replace"), b"".join(frames[8:])
        status = self._status(key) if frames[7] == b"CURVE" else _NO
        user = key.hex().encode() if status == _YES else b""
        self._socket.send_multipart([*frames[:4], status, b"", user, b""], zmq.NOBLOCK)
        if status == _NO:
            self._logs.of(address).warning("refused the client at %s: its key %s is not let in", address, key.hex())

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

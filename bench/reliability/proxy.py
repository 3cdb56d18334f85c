"""A TCP proxy between a client and a server: a network that can be cut, stand still, and be slow."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

_PIECE: Final = 65536
_A_SECOND: Final = 50
"""So many pieces a second, at least, of a line that is slow."""


class Proxy:
    """Passes on what arrives at `url` to another `tcp://` URL, and back. A context manager.

    Two threads for each connection; nothing is lost but what `cut` drops. With a `rate`, in bytes per second, that is
    how fast each connection is in each direction.
    """

    def __init__(self, to_url: str, *, rate: int | None = None) -> None:
        self.lead_to(to_url)
        self._rate = rate
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"tcp://127.0.0.1:{self.port}"
        self.made = 0
        """How many connections there were."""
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._flowing = threading.Event()
        self._flowing.set()
        self._closed = False
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *exception: object) -> None:
        self._closed = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # or who waits in `accept` takes one more
        self._listener.close()
        self.cut()
        self._flowing.set()

    def lead_to(self, to_url: str) -> None:
        """Pass new connections on to that URL."""
        parts = urlsplit(to_url)
        self._to = (parts.hostname or "127.0.0.1", parts.port or 0)

    def cut(self) -> None:
        """End all connections abruptly; new ones are passed on."""
        with self._lock:
            cut, self._open = self._open, set()
        for one in cut:
            with contextlib.suppress(OSError):  # it has ended by itself; its thread closes it
                one.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def down(self, *, drop: bool = False) -> Iterator[None]:
        """Let nothing through meanwhile, new connections included; with `drop` what there was is cut afterwards."""
        self._flowing.clear()
        try:
            yield
        finally:
            if drop:
                self.cut()
            self._flowing.set()

    def _accept(self) -> None:
        while not self._closed:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._to, 5.0)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self.made += 1
            with self._lock:
                self._open |= {near, far}
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, target), name="proxy", daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        try:
            source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                self._flowing.wait()
                piece = source.recv(_PIECE if self._rate is None else max(1, self._rate // _A_SECOND))
                if not piece:
                    break
                self._flowing.wait()
                target.sendall(piece)
                if self._rate is not None:
                    time.sleep(len(piece) / self._rate)
        except OSError:
            pass  # it was cut
        for one in (source, target):
            with self._lock:
                self._open.discard(one)
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        source.close()

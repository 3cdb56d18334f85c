"""Listeners and channels over TCP."""

from __future__ import annotations

import errno
import logging
import selectors
import socket
import threading
from collections.abc import Callable
from typing import Final

from services_core import (
    DEFAULT_LIMITS,
    Backend,
    Channel,
    Closed,
    LimitedLog,
    Limits,
    Listener,
    ServicesError,
)

from .addresses import SCHEME, bound, cannot_listen, parse, url_of
from .channel import SocketChannel
from .loop import Loop

_limited_log = LimitedLog(logging.getLogger(__name__))
_UNDER_WAY: Final = (errno.EINPROGRESS, errno.EWOULDBLOCK)


class SocketBackend(Backend):
    """URLs: `socket://ADDRESS:PORT`, with a numeric address or localhost (port 0: any free one)."""

    schemes = (SCHEME,)
    crosses_processes = True

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self.loop = Loop()
        self._lock = threading.Lock()
        self._listeners: list[SocketListener] = []
        self._reserved: dict[str, socket.socket] = {}
        self._closed = False

    def listen(self, url: str, accept: Callable[[Channel], None]) -> Listener:
        """See Backend.listen."""
        where = parse(url)
        with self._lock:
            self._check_open()
            sock = self._reserved.pop(url, None) or bound(url, where)
            try:
                sock.listen(1024)
            except OSError as error:
                sock.close()
                raise cannot_listen(url, error) from error
            listener = SocketListener(self, sock, accept)
            self._listeners.append(listener)
        return listener

    def connect(self, url: str) -> Channel:
        """See Backend.connect."""
        family, address = parse(url)
        with self._lock:
            self._check_open()
            sock = socket.socket(family, socket.SOCK_STREAM)
            channel = self.channel(sock, url, accepted=False)
            code = sock.connect_ex(address)
            self.loop.call(lambda: channel.open(0 if code in _UNDER_WAY else code))
        return channel

    def channel(self, sock: socket.socket, peer: str, *, accepted: bool) -> SocketChannel:
        """Return a channel over a socket that has just been made."""
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return SocketChannel(self.loop, sock, peer, self.limits, accepted=accepted)

    def nobody_listens(self, url: str) -> bool:
        """See Backend.nobody_listens."""
        try:
            socket.create_connection(parse(url)[1], 1.0).close()
        except ConnectionRefusedError:
            return True
        except OSError:  # a network that is down, a host that does not answer
            return False
        return False

    def private_url(self, *, other_processes: bool = False) -> str:
        """See Backend.private_url. The port is taken now, so that nobody else can take it."""
        with self._lock:
            self._check_open()
            sock = bound(f"{SCHEME}://127.0.0.1:0", (socket.AF_INET, ("127.0.0.1", 0)))
            url = url_of(sock)
            self._reserved[url] = sock
        return url

    def close(self, timeout_s: float = 10.0) -> None:
        """See Backend.close."""
        with self._lock:
            if not self._closed:
                self._closed = True
                for listener in self._listeners:
                    listener.close()
                for sock in self._reserved.values():
                    sock.close()
                self.loop.stop()
        if not self.loop.join(timeout_s):
            raise ServicesError(f"the thread of the socket backend did not end within {timeout_s:g} s")

    def _check_open(self) -> None:
        if self._closed:
            raise Closed("this socket backend is closed")


class SocketListener(Listener):
    """A socket that listens at one address."""

    def __init__(self, backend: SocketBackend, sock: socket.socket, accept: Callable[[Channel], None]) -> None:
        self.url = url_of(sock)
        self._backend = backend
        self._socket = sock
        self._accept = accept
        self._accepting = True
        sock.setblocking(False)
        backend.loop.call(lambda: backend.loop.watch(sock, selectors.EVENT_READ, self._ready))

    def close(self) -> None:
        """See Listener.close."""
        if self._accepting:
            self._accepting = False
            self._backend.loop.call(lambda: self._backend.loop.drop(self._socket))

    def _ready(self, _events: int) -> None:
        try:
            sock, address = self._socket.accept()
        except BlockingIOError:
            return
        except OSError as error:  # no descriptors are left; others may close some until the next look
            _limited_log.warning("%s accepts nobody for now: %s", self.url, error)
            self._backend.loop.rest(self._socket, selectors.EVENT_READ, self._ready)
            return
        if not self._accepting:
            sock.close()
            return
        channel = self._backend.channel(sock, f"the client at {address[0]}:{address[1]} of {self.url}", accepted=True)
        channel.open(0)
        self._accept(channel)

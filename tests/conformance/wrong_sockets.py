"""Backends over sockets that each break one promise between processes. The suite must reject them all."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from typing import ClassVar, Final

from examples.socket_backend import SocketBackend
from examples.socket_backend.addresses import SCHEME
from examples.socket_backend.channel import SocketChannel
from examples.socket_backend.records import Records
from services_core import DEFAULT_LIMITS, Channel, ConnectionLost, Limits, Listener, ServicesError

_LEAKED: Final[list[int]] = []
_WIDE: Final = Limits(message_bytes=1 << 40, buffers=200)
_HASTE_S: Final = 0.8


class _WrongSocketBackend(SocketBackend):
    """Makes channels of another class."""

    channel_class: ClassVar[type[SocketChannel]] = SocketChannel

    def channel(self, sock: socket.socket, peer: str, *, accepted: bool) -> SocketChannel:
        sock.setblocking(False)
        return self.channel_class(self.loop, sock, peer, self.limits, accepted=accepted)


class _DeafToSilence(SocketChannel):
    def look(self, now: float, *, excused: bool) -> None:
        super().look(now, excused=excused or self._heard)


class BeatlessBackend(_WrongSocketBackend):
    """Looks for no signs of life: a peer that is frozen stays for ever."""

    channel_class = _DeafToSilence


class _TakingItForPeace(SocketChannel):
    def _break(self, reason: str) -> None:
        if self._heard and "nothing was heard" not in reason:
            self._leave(None)
        else:
            super()._break(reason)


class PeacefulBackend(_WrongSocketBackend):
    """Takes the end of a connection for a close: also where the peer was killed."""

    channel_class = _TakingItForPeace


class _Hasty(SocketChannel):
    def look(self, now: float, *, excused: bool) -> None:
        silent_s = time.monotonic() - self._heard_at
        if self._heard and self._receiver is not None and silent_s > _HASTE_S:
            self._leave(ConnectionLost(f"nothing was heard of it for {silent_s:.1f} s"))
        else:
            super().look(now, excused=excused)


class HastyBackend(_WrongSocketBackend):
    """Gives up a peer that misses one sign of life: also one that is merely busy."""

    channel_class = _Hasty


class _NeverGivingUp(SocketChannel):
    def look(self, now: float, *, excused: bool) -> None:
        super().look(now, excused=excused or not self._heard)

    def _break(self, reason: str) -> None:
        if self._heard or self._over:  # who closed it before anything was heard does not connect any more
            super()._break(reason)
        else:
            self._loop.watch(self._socket, 0, self._ready)


class StubbornBackend(_WrongSocketBackend):
    """Never gives up connecting."""

    channel_class = _NeverGivingUp


class _Hoarding(SocketChannel):
    def __init__(self, *arguments: object, **more: object) -> None:
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        self._records = Records(_WIDE)


class HoardingBackend(_WrongSocketBackend):
    """Takes in what is announced, however large, and looks at limits when it is there."""

    channel_class = _Hoarding


class _Lax(SocketChannel):
    def __init__(self, *arguments: object, **more: object) -> None:
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        self._limits = DEFAULT_LIMITS


class LaxBackend(_WrongSocketBackend):
    """Decodes without the limits that it was given."""

    channel_class = _Lax


class OpenBackend(SocketBackend):
    """Listens on all interfaces, whatever it is told."""

    def listen(self, url: str, accept: Callable[[Channel], None]) -> Listener:
        listener = super().listen(url.replace("127.0.0.1", "0.0.0.0"), accept)
        listener.url = listener.url.replace("0.0.0.0", "127.0.0.1")
        return listener

    def private_url(self, *, other_processes: bool = False) -> str:
        return f"{SCHEME}://127.0.0.1:0"


class _Leaving(SocketChannel):
    def _finish(self, error: ServicesError | None) -> None:
        if not self._over:
            _LEAKED.append(os.open(os.devnull, os.O_RDONLY))
        super()._finish(error)


class LeakingChannelsBackend(_WrongSocketBackend):
    """Leaves a descriptor open for each channel that was."""

    channel_class = _Leaving


class LeakingBackend(SocketBackend):
    """Leaves a descriptor open when it closes."""

    def close(self, timeout_s: float = 10.0) -> None:
        super().close(timeout_s)
        _LEAKED.append(os.open(os.devnull, os.O_RDONLY))

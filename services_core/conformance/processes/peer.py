"""The program of the other process of a check. It does what lines of its input say, and ends with its input.

Each line is a map in JSON, and is answered by one: the result, or the error.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from ...backend import Backend, Channel, Listener
from ...limits import Limits
from ...protocol.messages import Message
from ...registry import backend_class
from ..recorder import Recorder
from ..stage import Stage, message
from .most_memory import most_memory_bytes
from .open_sockets import descriptors, listening_beyond_loopback

LINES: Final = 20
"""How many channels are opened and closed in a round."""

_SHARED_S: Final = 0.3
_ALONE_S: Final = 1.0
_TICK_S: Final = 0.02
_REST_S: Final = 0.5


def compute(seconds: float) -> None:
    """Be busy for so long: in turn with other threads, and for a second at a time in which no other runs.

    Both end by the clock. What was measured beforehand would take longer once the machine does something else.
    """
    usual, until = sys.getswitchinterval(), time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            for interval, lasts in ((usual, _SHARED_S), (_ALONE_S, _ALONE_S)):
                sys.setswitchinterval(interval)
                end = time.monotonic() + lasts
                while time.monotonic() < end:
                    pass
    finally:
        sys.setswitchinterval(usual)


class Peer:
    """One side of the channels of a check, in a process of its own."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._class = backend_class(told["backend"])
        self._address: str = told["address"]
        self._scale: float = told["scale"]
        self._stage = self._new_stage()
        self._backend: Backend = self._stage.backend(Limits(**told["limits"]))
        self._listener: Listener | None = None
        self._accepted: list[Recorder] = []
        self.ways: dict[str, Callable[..., object]] = {
            "listen": self._listen,
            "connect": self._connect,
            "compute": compute,
            "end": self._end,
            "peak": most_memory_bytes,
            "exposed": listening_beyond_loopback,
            "rounds of channels": self._rounds_of_channels,
            "rounds of backends": self._rounds_of_backends,
        }

    def _listen(self) -> str:
        """Listen, and send back what arrives; returns the URL."""
        self._listener = self._backend.listen(self._stage.url(self._backend), self._accept)
        return self._listener.url

    def _accept(self, channel: Channel) -> None:
        ear = self._stage.recorder("the accepted end of the peer", partial(_send_back, channel))
        self._accepted.append(ear)
        channel.start(ear)

    def _connect(self, url: str) -> None:
        """Connect, and say one message."""
        channel = self._backend.connect(url)
        channel.start(self._stage.recorder("the connecting end of the peer"))
        channel.send(message(1))
        channel.flush()

    def _end(self) -> list[str]:
        """Wait for the end of the first accepted channel; returns the class of its error and its text."""
        error = self._accepted[0].wait_closed(2 * self._stage.wait_s)
        return [type(error).__name__, str(error)]

    def _rounds_of_channels(self) -> list[list[int]]:
        """Open and close channels of one backend; returns what was open after the first round, and the second."""
        stage = self._new_stage()
        near, far = stage.two_backends()
        listener, accepted = stage.listen(far)
        counts: list[list[int]] = []
        for _ in range(2):
            for _ in range(LINES):
                line = stage.open(near, listener.url, accepted)
                line.near.close()
                line.near_ear.wait_closed()
                line.far_ear.wait_closed()
            counts.append(self._at_rest())
        stage.close()
        return counts

    def _rounds_of_backends(self) -> list[list[int]]:
        """Open and close backends with a channel each; returns what was open after the first, and after all."""
        counts: list[list[int]] = []
        for _ in range(LINES):
            stage = self._new_stage()
            stage.line()
            stage.close()
            if not counts:
                counts.append(self._at_rest())
        return [*counts, self._at_rest()]

    def _new_stage(self) -> Stage:
        return Stage(self._class, self._address, timeout_scale=self._scale)

    def _at_rest(self) -> list[int]:
        """Return how many descriptors and threads there are when they have not become fewer for a while."""
        never = threading.Event()
        rest_s = _REST_S * self._scale  # on a busy machine, threads that close something wait for their turn
        least = [descriptors(), threading.active_count()]
        until = time.monotonic() + rest_s
        while not never.wait(_TICK_S) and time.monotonic() < until:
            counts = [descriptors(), threading.active_count()]
            if any(now < then for now, then in zip(counts, least, strict=True)):
                least, until = counts, time.monotonic() + rest_s
        return least


def _send_back(channel: Channel, arrived: Message) -> None:
    channel.send(arrived)
    channel.flush()


def main(first: dict[str, Any]) -> None:
    """Be the peer that the first line describes, until the input ends."""
    try:
        peer = Peer(first)
    except Exception as error:
        _answer(error=f"{type(error).__name__}: {error}")
        return
    _answer(result=None)
    for line in sys.stdin:
        told = json.loads(line)
        try:
            _answer(result=peer.ways[told["do"]](**told["with"]))
        except Exception as error:
            _answer(error=f"{type(error).__name__}: {error}")
    os._exit(0)  # whatever threads a wrong backend has


def _answer(**answer: object) -> None:
    print(json.dumps(answer), flush=True)

"""What the sockets of one backend have in common."""

from __future__ import annotations

from dataclasses import dataclass

import zmq

from services_core import LimitedLog, Limits

from .memory import Memory
from .patience import Patience
from .threads.io_thread import IoThread


@dataclass(frozen=True, slots=True)
class Resources:
    """The thread, the ZeroMQ context, the limits and the memory of a backend, and what it knows and says of peers."""

    io: IoThread
    context: zmq.Context[zmq.Socket[bytes]]
    limits: Limits
    memory: Memory
    log: LimitedLog
    patience: Patience

"""Ports of loopback for programs that are to listen at one that is known before they begin."""

from __future__ import annotations

import random
import socket
from contextlib import suppress
from typing import Final

_BELOW_WHAT_SYSTEMS_GIVE: Final = range(20000, 32768)
"""Linux gives ports from 32768 on to who asks for any, and to each connection; other systems from 49152 on."""

_CHANCE: Final = random.SystemRandom()
"""Processes of tests that run beside each other begin with the same seed."""


def free_port() -> int:
    """Return a port at which nobody listens, and that the system gives to nobody by itself.

    One that it had just given could be that of somebody's connection a moment later, also of one to itself: who tries
    again and again to connect to a port at which nobody listens may be given this port as its own.
    """
    while True:
        with socket.socket() as probe, suppress(OSError):  # another program has it
            probe.bind(("127.0.0.1", _CHANCE.choice(_BELOW_WHAT_SYSTEMS_GIVE)))
            return int(probe.getsockname()[1])

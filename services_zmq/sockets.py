"""ZeroMQ sockets with every option set deliberately: libzmq's defaults break promises of the contract."""

from __future__ import annotations

from typing import Final

import zmq

from services_core import INLINE_BYTES, Limits
from services_core.limits import MESSAGE_OVERHEAD_BYTES
from services_core.protocol.codec import first_frame_limit

from .curve import OVERHEAD_BYTES, Options
from .patience import DEAD_AFTER_MS

LINGER_MS: Final = 5000
HEARTBEAT_MS: Final = 1000
MAX_SOCKETS: Final = 16384
READ_AHEAD: Final = 100_000
NO_KEYS: Final[Options] = {}


def make_context() -> zmq.Context[zmq.Socket[bytes]]:
    """Return a context of its own for each backend, so that closing one cannot touch another's sockets."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    # The default of 1023 is two for each of 500 endpoints; what a ZeroMQ can have at most is 16383 on Windows.
    context.set(zmq.MAX_SOCKETS, min(MAX_SOCKETS, int(context.get(zmq.SOCKET_LIMIT))))
    return context


def make_socket(
    context: zmq.Context[zmq.Socket[bytes]],
    kind: int,
    url: str,
    limits: Limits,
    curve: Options = NO_KEYS,
    *,
    dead_after_ms: int = DEAD_AFTER_MS,
) -> zmq.Socket[bytes]:
    """Return a DEALER or ROUTER socket, neither bound nor connected yet; `curve`: options of one with keys.

    `dead_after_ms` of a DEALER: after such a silence each of the two takes the other for dead.
    """
    socket = context.socket(kind)
    connect_ms = max(DEAD_AFTER_MS, round(limits.connect_s * 1000))
    longest = max(limits.message_bytes, first_frame_limit(limits), INLINE_BYTES)
    options: dict[int, int | bytes] = {
        # What waits for a peer that has died is dropped at once. `close(LINGER_MS)` is for those who close in peace:
        # it delivers what was sent, but not for ever (libzmq's default).
        zmq.LINGER: 0,
        # At its mark a ROUTER drops silently and a DEALER blocks. The window of the conversation bounds the bytes.
        zmq.SNDHWM: 0,
        # Read ahead of us by more messages than a window holds: at its mark libzmq reads no heartbeats, so a busy peer
        # would be taken for dead, and drops what a peer that closes had sent. Beyond that, a rogue is stopped by TCP.
        zmq.RCVHWM: limits.window_bytes // MESSAGE_OVERHEAD_BYTES + READ_AHEAD,
        # libzmq itself cuts a peer that announces more than any legal frame (default: no limit).
        zmq.MAXMSGSIZE: longest + (OVERHEAD_BYTES if curve else 0),
        # A connection that stays silent before ZeroMQ's handshake is closed (default: after 30 s).
        zmq.HANDSHAKE_IVL: connect_ms,
        zmq.IPV6: 1 if "[" in url else 0,
    }
    options |= _of_router(url) if kind == zmq.ROUTER else _of_dealer(dead_after_ms, connect_ms)
    for option, value in (options | dict(curve)).items():
        socket.setsockopt(option, value)
    return socket


def _of_router(url: str) -> dict[int, int]:
    # Sending to a peer that has gone is an error, not silence; and no stranger takes over an identity.
    options: dict[int, int] = {zmq.ROUTER_MANDATORY: 1, zmq.ROUTER_HANDOVER: 0, zmq.BACKLOG: 1024}
    # No heartbeats from this side: with them libzmq 4.3.5 may abort the process (docs/adr/0003). The clients'
    # heartbeats tell how long to wait for the next one (their TTL), and TCP itself looks after those that send none.
    if url.startswith(("tcp://", "curve://")):
        options |= {zmq.TCP_KEEPALIVE: 1, zmq.TCP_KEEPALIVE_IDLE: 10, zmq.TCP_KEEPALIVE_INTVL: 5}
        options |= {zmq.TCP_KEEPALIVE_CNT: 3}
    return options


def _of_dealer(dead_after_ms: int, connect_ms: int) -> dict[int, int]:
    return {
        # A frozen or cut server is noticed, and a frozen or cut client, by the server, after the TTL. libzmq's own
        # thread sends and answers, so a busy Python process is not taken for dead.
        zmq.HEARTBEAT_IVL: HEARTBEAT_MS,
        zmq.HEARTBEAT_TIMEOUT: dead_after_ms,
        zmq.HEARTBEAT_TTL: dead_after_ms,
        # A request must not be executed by a server that was restarted in between: no silent reconnection.
        zmq.RECONNECT_IVL: -1,
        zmq.CONNECT_TIMEOUT: connect_ms,
    }

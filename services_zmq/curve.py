"""CURVE: sockets whose two ends prove by keys who they are, and what it means when they do not get that far.

What travels is encrypted and authenticated (ZMTP 3.1, RFC 26). Addresses are curve://host:port, and tcp below that.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Final

import zmq
from zmq.utils import z85

from services_core import KEY_BYTES, ConfigurationError, ConnectionFailed, KeyPair, Keys, Refused, ServicesError

SCHEME: Final = "curve"
OVERHEAD_BYTES: Final = 33
"""What a frame grows by when it is encrypted: ZeroMQ measures it like that, and so do limits in bytes."""

DOMAIN: Final = b"apv"
"""ZeroMQ asks nobody about clients of a socket without one."""

FAILURES: Final = int(zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL | zmq.EVENT_HANDSHAKE_FAILED_AUTH)
_NO_DETAIL: Final = int(zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL)
_MISMATCH: Final = 0x11000002
"""The peer's sockets have another mechanism: one end has keys, the other none."""

_UNDECIDED: Final = 500
"""The status by which a server says that it could not look."""

Options = Mapping[int, int | bytes]


def is_curve(url: str) -> bool:
    """Return whether an address asks for keys."""
    return url.startswith(f"{SCHEME}://")


def transport_url(url: str) -> str:
    """Return the address as ZeroMQ takes it."""
    return f"tcp{url.removeprefix(SCHEME)}" if is_curve(url) else url


def new_key_pair() -> KeyPair:
    """Return a fresh pair, from the system's random numbers."""
    public, secret = zmq.curve_keypair()
    return KeyPair(z85.decode(public), z85.decode(secret))


def listening_options(url: str, keys: Keys | None) -> Options:
    """Return what makes a listening socket ask for keys, if its address does. Raises ConfigurationError without any."""
    if not is_curve(url):
        return {}
    own = _own(url, keys)
    return {zmq.CURVE_SERVER: 1, zmq.CURVE_SECRETKEY: own.secret, zmq.ZAP_DOMAIN: DOMAIN}


def connecting_options(url: str, keys: Keys | None) -> Options:
    """Return what makes a connecting socket prove who it is, and its peer likewise, if the address asks for that.

    Raises ConfigurationError without keys, or if that of the server is not known.
    """
    if not is_curve(url):
        return {}
    own = _own(url, keys)
    server = keys.servers.get(url.partition("://")[2]) if keys is not None else None
    if server is None or len(server) != KEY_BYTES:
        raise ConfigurationError(f"the key of the server at {url} is not known, so it could not be told from another")
    return {zmq.CURVE_SERVERKEY: server, zmq.CURVE_PUBLICKEY: own.public, zmq.CURVE_SECRETKEY: own.secret}


def _own(url: str, keys: Keys | None) -> KeyPair:
    if keys is None:
        raise ConfigurationError(f"{url} asks for keys, and this engine has none (ServicesEngine(keys=...))")
    return keys.own


def handshake_failure(event: int, value: int, url: str, keys: Keys | None) -> ServicesError | None:
    """Return what an event of a connecting socket's monitor means, if it is surely a mistake with keys."""
    if event == zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL and value == _MISMATCH:
        return mismatch(url)
    if event == zmq.EVENT_HANDSHAKE_FAILED_AUTH and keys is not None:
        return _refused(value, url, keys)
    return None


def wrong_server_key(event: int, value: int, url: str, keys: Keys | None) -> ServicesError | None:
    """Return what it means that the peer hung up, if it is a server with keys, as this side has, and not silent."""
    if not is_curve(url) or keys is None or event != _NO_DETAIL or value == errno.EAGAIN:
        return None
    place = url.partition("://")[2]
    return ConnectionFailed(
        f"the server at {url} does not have the key that is known for it ({keys.servers[place].hex()}): its key has "
        "changed, or somebody else answers in its place. Nothing was said to it. If its operator confirms another key, "
        f"forget this one (apvpython keys forget {place}) and name that ({url}?key=KEY)"
    )


def mechanism(url: str) -> str:
    """Return the mechanism of sockets at an address, as ZMTP calls it."""
    return "CURVE" if is_curve(url) else "NULL"


def mismatch(url: str) -> ServicesError:
    """Return the error for a peer of the other mechanism: one end has keys, the other none."""
    if is_curve(url):
        return ConnectionFailed(
            f"the server at {url} has no keys, so nothing was said to it: it is not the server that you mean, or was "
            "started without keys (--insecure)"
        )
    return ConnectionFailed(
        f"the server at {url} asks for keys: connect to {SCHEME}://{url.partition('://')[2]} "
        "(apvpython keys --help tells how keys are come by)"
    )


def _refused(status: int, url: str, keys: Keys) -> Refused:
    public = keys.own.public.hex()
    if status == _UNDECIDED:
        return Refused(f"the server at {url} could not look whether it knows the key {public}; its log says why")
    return Refused(
        f"the server at {url} does not let in the key {public}: it was never allowed there, or was revoked. Its "
        f"operator allows it by: apvserver keys allow NAME {public}"
    )

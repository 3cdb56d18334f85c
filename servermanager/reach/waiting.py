"""Where a client waits for a server that is to connect to it."""

from __future__ import annotations

import os
from typing import Final

from services_core import ConfigurationError, check_address, is_exposed, public_url, split_url

REVERSE: Final = "reverse+"
"""What a URL begins with that means to wait there."""

INSECURE_VARIABLE: Final = "APV_INSECURE"


def waited_at(url: str, *, insecure: bool) -> str:
    """Return the address at which `url`, such as reverse+tcp://127.0.0.1:11111, says to wait.

    Raises ConfigurationError where strangers could come in the server's place, unless that is wanted.
    """
    said = os.environ.get(INSECURE_VARIABLE) or "0"
    if said not in ("0", "1"):
        raise ConfigurationError(f"{INSECURE_VARIABLE} is {said!r}: 1 (yes) or 0 (no) is needed")
    address = url.removeprefix(REVERSE)
    if split_url(address)[1].startswith("curve://"):
        raise ConfigurationError(
            f"{address!r}: a server that connects to here shows no key. Wait at tcp:// on loopback, and tunnel (ssh "
            "-R, docs/remote.md)"
        )
    if address.endswith(":0"):
        raise ConfigurationError(f"{address!r}: the server has to know the port: name one of 1 to 65535")
    if is_exposed(address) and not insecure and said != "1":
        if address.startswith("tcp://"):  # what is written wrongly is none that somebody reaches
            check_address(address, listening=True)
        raise ConfigurationError(
            f"refusing to wait at {address}: whoever comes first is taken for the server, and gets what is sent to it. "
            "Wait on loopback, and tunnel (ssh -R, docs/cluster.md), or say insecure if the network is yours alone"
        )
    return public_url(address)

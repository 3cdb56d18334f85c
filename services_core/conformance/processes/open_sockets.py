"""What this process has open: how many descriptors, and sockets that strangers could reach. As the system tells it."""

from __future__ import annotations

import ipaddress
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

_DESCRIPTORS: Final = Path("/dev/fd")
_OWN: Final = Path("/proc/self/fd")
_TABLES: Final = (Path("/proc/self/net/tcp"), Path("/proc/self/net/tcp6"))
_LISTENS: Final = "0A"


def descriptors() -> int:
    """Return how many descriptors are open; 0 where that cannot be told, as on Windows."""
    with suppress(OSError):
        return len(os.listdir(_DESCRIPTORS))
    return 0


def listening_beyond_loopback() -> list[str]:
    """Return where this process listens for TCP and other machines could reach it. On Linux; elsewhere none."""
    own = _own_sockets()
    found: list[str] = []
    for table in _TABLES:
        with suppress(FileNotFoundError):
            for line in table.read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTENS and fields[9] in own:
                    host, port = fields[1].split(":")
                    address = _address(host)
                    if not address.is_loopback:
                        found.append(f"{address}, port {int(port, 16)}")
    return found


def _own_sockets() -> set[str]:
    """Return the inodes of this process's sockets."""
    own: set[str] = set()
    with suppress(FileNotFoundError):
        for entry in list(_OWN.iterdir()):
            with suppress(OSError):  # that by which the folder was read is closed by now
                if match := re.fullmatch(r"socket:\[(\d+)\]", os.readlink(entry)):
                    own.add(match[1])
    return own


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return an address of the kernel's table: words of four bytes, as the processor keeps them."""
    words = [bytes.fromhex(text[at : at + 8]) for at in range(0, len(text), 8)]
    address = ipaddress.ip_address(b"".join(_in_order(word) for word in words))
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _in_order(word: bytes) -> bytes:
    return word[::-1] if sys.byteorder == "little" else word

"""Whether a URL is one that could be connected to, looked at before anything is."""

from __future__ import annotations

import os

from async_paraview.credentials import find_access
from services_core import check_address

from .ssh_address import SCHEME, ssh_address
from .waiting import REVERSE, waited_at


def check_server_url(url: str, *, token_file: str | os.PathLike[str] | None = None, insecure: bool = False) -> None:
    """Raise ConfigurationError where `connect(url)` would do so whatever listens there. Connects nowhere.

    It reads what `connect` reads: connection files, keys and tokens.
    """
    if url.startswith(SCHEME):
        ssh_address(url)
        return
    waits = url.startswith(REVERSE)
    address = waited_at(url, insecure=insecure) if waits else find_access(url, token_file=token_file).url
    check_address(address, listening=waits)

"""How a server is reached: its address, and what it asks of its clients. Reads files, connects nowhere."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from .connection_file import find_server, newest_server
from .tokens import TOKEN_FILE_VARIABLE, read_token

AUTO: Final = "auto"
"""In place of a URL: the newest server of this user on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAccess:
    """The address of a server, and the token that it asks for."""

    url: str
    token: str | None = field(default=None, repr=False)


def find_access(url: str, *, token_file: str | os.PathLike[str] | None = None) -> ServerAccess:
    """Return how to reach the server that is meant by `url`, or by "auto".

    The token is that in `token_file` or, without, in the file that APV_TOKEN_FILE names; else that of the server's
    connection file, if it runs on this machine as this user. Raises ConfigurationError if one of them is no good, or
    "auto" finds no server.
    """
    named = token_file or os.environ.get(TOKEN_FILE_VARIABLE)
    found = newest_server() if url == AUTO else find_server(url)
    if found is not None and url == AUTO:
        url = found.url
    if named:
        return ServerAccess(url=url, token=read_token(Path(named)))
    return ServerAccess(url=url, token=None if found is None else found.token)

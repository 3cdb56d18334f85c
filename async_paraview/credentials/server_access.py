"""How a server is reached: its address, and what it asks of its clients. Reads files, connects nowhere."""

from __future__ import annotations

import logging
import os
from dataclasses import field
from pathlib import Path
from typing import Final

from services_core import ConfigurationError, Keys

from ..records import dataclass
from .connection_file import find_server, newest_server
from .key_files import CLIENT, check_known, know_server, known_servers, own_keys, parse_key
from .tokens import TOKEN_FILE_VARIABLE, read_token

_log = logging.getLogger(__name__)

CURVE: Final = "curve://"
AUTO: Final = "auto"
"""In place of a URL: the newest server of this user on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAccess:
    """The address of a server, and the token or the keys that it asks for."""

    url: str
    token: str | None = field(default=None, repr=False)
    keys: Keys | None = None
    named: tuple[str, bytes] | None = None
    """A place and the key that was named for it, not remembered yet."""

    def worked(self) -> None:
        """Remember the key that was named, now that a server there has proven that it is its own."""
        if self.named is not None and know_server(*self.named):
            place, key = self.named
            _log.warning("the server at %s is known by the key %s from now on", place, key.hex())


def find_access(url: str, *, token_file: str | os.PathLike[str] | None = None) -> ServerAccess:
    """Return how to reach the server that is meant by `url`, or by "auto".

    The token is that in `token_file` or, without, in the file that APV_TOKEN_FILE names; else that of the server's
    connection file, if it runs on this machine as this user. A server at curve://host:port is known by its key: named
    once, as in `curve://host:port?key=...`, it is remembered as soon as it has worked (`ServerAccess.worked`); that of
    a connection file need not be. Raises ConfigurationError if one of these is no good, or "auto" finds no server.
    """
    url, key = _split_key(url)
    found = newest_server() if url == AUTO else find_server(url)
    if found is not None and url == AUTO:
        url = found.local_url
    if url.startswith(CURVE):
        return _with_keys(url, key, None if found is None else found.server_key)
    if named := token_file or os.environ.get(TOKEN_FILE_VARIABLE):
        return ServerAccess(url=url, token=read_token(Path(named)))
    return ServerAccess(url=url, token=None if found is None else found.token)


def _split_key(url: str) -> tuple[str, str | None]:
    plain, asked, query = url.partition("?")
    if not asked or not url.startswith(CURVE):
        return url, None
    name, _, text = query.partition("=")
    if name != "key":
        raise ConfigurationError(f"{url!r} says {name!r}; what can be said is key, as in curve://host:11111?key=KEY")
    return plain, text


def _with_keys(url: str, named: str | None, found: str | None) -> ServerAccess:
    """Return how to reach a server by keys; a key that is named is compared with the one known."""
    place, known = url.removeprefix(CURVE), known_servers()
    if named is not None:
        check_known(place, parse_key(named), known)
    said = named or found
    key = parse_key(said) if said is not None else known.get(place)
    if key is None:
        raise ConfigurationError(
            f"the key of the server at {place} is not known, so it could not be told from another. Name it once, as "
            f"its ready line does: {url}?key=KEY; its operator reads it by: apvserver keys show"
        )
    is_new = named is not None and place not in known
    return ServerAccess(
        url=url, keys=Keys(own=own_keys(CLIENT), servers={place: key}), named=(place, key) if is_new else None
    )

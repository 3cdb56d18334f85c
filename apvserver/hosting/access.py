"""What a server asks of its clients, and how those of the same user find it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import field
from pathlib import Path
from typing import Final

from async_paraview.credentials import (
    SERVER,
    AuthorizedClients,
    ConnectionFile,
    authorized_clients,
    new_token,
    own_keys,
    read_or_make_token,
    token_from_input,
)
from async_paraview.records import dataclass
from services_core import ConfigurationError, Keys

_log = logging.getLogger(__name__)

STANDARD_INPUT: Final = Path("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who is let in at addresses that ask for keys: whose key is allowed; at others: who names the token, or all."""

    token: str | None = field(default=None, repr=False)
    lasting: bool = False
    """Whether the token stands in a file that the user names, so that clients do not depend on connection files."""
    keys: Keys | None = None
    operator: str = field(default_factory=new_token, repr=False)
    """What operators name in place of the token; it stands in connection files alone."""

    def describe(self, urls: Sequence[str]) -> str:
        """Return who is let in, for the line that tells that the server is ready."""
        told = []
        if any(map(_asks_for_keys, urls)):
            told.append("for clients whose keys are allowed (apvserver keys)")
        if not all(map(_asks_for_keys, urls)):
            told.append(self._describe_token())
        return ", and ".join(told)

    def url_with_key(self, url: str) -> str:
        """Return an address as a client needs it that does not know this server yet."""
        return f"{url}?key={self.keys.own.public.hex()}" if self.keys is not None and _asks_for_keys(url) else url

    def _describe_token(self) -> str:
        if self.token is None:
            return "open to everybody who reaches it, other users of this machine included"
        return "for clients that have its token" if self.lasting else "for clients of this user"


def _asks_for_keys(url: str) -> bool:
    return url.partition("://")[0].rpartition("+")[2] == "curve"


def choose_access(*, urls: Sequence[str], token_file: Path | None, open_to_all: bool) -> Access:
    """Return what the options say. Raises ConfigurationError for files that are no good, or if nobody could come in."""
    keys = _keys() if any(map(_asks_for_keys, urls)) else None
    if open_to_all:
        return Access(keys=keys)
    if token_file == STANDARD_INPUT:
        return Access(token=token_from_input(0), lasting=True, keys=keys)
    if token_file is not None:
        return Access(token=read_or_make_token(token_file), lasting=True, keys=keys)
    return Access(token=new_token(), keys=keys)


def _keys() -> Keys:
    if not authorized_clients():
        raise ConfigurationError(
            "refusing to listen where keys are asked for: no client's key is allowed, so nobody could come in. Allow "
            "what `apvpython keys show` prints there by `apvserver keys allow NAME KEY`; or tunnel to a server on "
            "loopback (see --help), or say --insecure if the network is yours alone"
        )
    own, authorized = own_keys(SERVER), AuthorizedClients()
    # Who has the secret key of the server is its operator, and needs no other key to look at it.
    return Keys(own=own, admits=lambda key: key == own.public or authorized.admits(key))


@contextlib.contextmanager
def announced(urls: Sequence[str], access: Access) -> Iterator[None]:
    """Have a connection file for each of these addresses meanwhile.

    Raises ConfigurationError if there can be none, unless clients can do without.
    """
    written: list[ConnectionFile] = []
    try:
        for url in urls:
            key = access.keys.own.public.hex() if access.keys is not None and _asks_for_keys(url) else None
            file = ConnectionFile(
                url=url, token=access.token if key is None else None, server_key=key, operator=access.operator
            )
            try:
                file.write()
            except ConfigurationError as error:
                if access.token is not None and not access.lasting:
                    raise
                _log.warning("clients cannot find this server by themselves: %s", error)
            else:
                written.append(file)
        yield
    finally:
        for file in written:
            file.remove()

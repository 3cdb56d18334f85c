"""Keys as files of this user, as ssh has them: a pair for each side, the clients that are let in, the servers known."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services_core import KEY_BYTES, ConfigurationError, KeyPair, backend_class

from .private_files import changing, config_directory, read_private, write_private

CLIENT: Final = "client"
SERVER: Final = "server"
"""The sides that have a pair."""

AUTHORIZED: Final = "authorized_clients"
KNOWN: Final = "known_servers"
BACKEND: Final = "zmq"
"""The backend whose addresses ask for keys."""

_NAME: Final = re.compile(r"[^\s#]+")
_LONGEST: Final = {AUTHORIZED: 64, KNOWN: 261}
"""Of names in a file; a host has up to 253 letters, a port six with its colon."""
_KEY: Final = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}")


def parse_key(text: str) -> bytes:
    """Return the public key that 64 hexadecimal digits say. Raises ConfigurationError."""
    if not _KEY.fullmatch(text.strip().lower()):
        raise ConfigurationError(f"{text[:80]!r} is no key: {2 * KEY_BYTES} hexadecimal digits")
    return bytes.fromhex(text.strip())


def own_keys(side: str) -> KeyPair:
    """Return the pair of this user as a client or as a server; one is made if there is none.

    Raises ConfigurationError if others could have read its file.
    """
    try:
        return _read_pair(side)
    except FileNotFoundError:
        with contextlib.suppress(FileExistsError):  # another program has made one at the same time
            _write_pair(side, replace=False)
        return _read_pair(side)


def renew_keys(side: str) -> KeyPair:
    """Return a fresh pair, which takes the place of the one before: nobody knows it yet. Raises ConfigurationError."""
    _write_pair(side, replace=True)
    return _read_pair(side)


def authorized_clients() -> dict[str, bytes]:
    """Return the keys of the clients that are let in, by name. Raises ConfigurationError."""
    return read_list(config_directory() / AUTHORIZED)


def allow_client(name: str, key: bytes) -> None:
    """Let a client in from now on. Raises ConfigurationError, also if another key has that name."""
    with changing(config_directory()):
        clients = authorized_clients()
        if clients.get(name, key) != key:
            raise ConfigurationError(f"{name!r} has another key already: revoke {name!r} first, or choose another name")
        _write_list(AUTHORIZED, {**clients, name: key})


def revoke_client(name: str) -> None:
    """Let a client in no more. Raises ConfigurationError if there is none of that name."""
    with changing(config_directory()):
        clients = authorized_clients()
        if name not in clients:
            raise ConfigurationError(f"no client {name!r} is allowed; allowed are: {', '.join(clients) or 'none'}")
        _write_list(AUTHORIZED, {one: key for one, key in clients.items() if one != name})


def known_servers() -> dict[str, bytes]:
    """Return the keys of the servers that are known, by host:port. Raises ConfigurationError."""
    return read_list(config_directory() / KNOWN)


def check_known(place: str, key: bytes, known: Mapping[str, bytes]) -> None:
    """Raise ConfigurationError if another key of the server at host:port is known."""
    if known.get(place, key) != key:
        raise ConfigurationError(
            f"THE KEY OF THE SERVER AT {place} HAS CHANGED. Known is {known[place].hex()}, named was {key.hex()}. "
            "Somebody may be answering in its place; or it has a new key, which its operator can confirm "
            f"(apvserver keys show). Then: apvpython keys forget {place}"
        )


def know_server(place: str, key: bytes) -> bool:
    """Remember the key of the server at host:port; tells whether it was unknown.

    Raises ConfigurationError if another is known.
    """
    if known_servers().get(place) == key:
        return False
    with changing(config_directory()):
        servers = known_servers()
        check_known(place, key, servers)
        if place in servers:
            return False
        _write_list(KNOWN, {**servers, place: key})
    return True


def forget_server(place: str) -> None:
    """Forget the key of a server. Raises ConfigurationError if it is not known."""
    with changing(config_directory()):
        servers = known_servers()
        if place not in servers:
            raise ConfigurationError(f"no server {place!r} is known; known are: {', '.join(servers) or 'none'}")
        _write_list(KNOWN, {one: key for one, key in servers.items() if one != place})


class AuthorizedClients:
    """Asks the list of clients at each look, and reads it only when its file has changed. For one thread at a time."""

    def __init__(self) -> None:
        self._path = config_directory() / AUTHORIZED
        self._seen: tuple[int, int, int] | None = None
        self._keys: frozenset[bytes] = frozenset()

    def admits(self, key: bytes) -> bool:
        """Return whether the client with this key is let in now. Raises ConfigurationError for a list that is none."""
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            return False
        seen = (found.st_ino, found.st_size, found.st_mtime_ns)
        if seen != self._seen:
            self._keys = frozenset(read_list(self._path).values())
            self._seen = seen
        return key in self._keys


def read_list(path: Path) -> dict[str, bytes]:
    """Return the keys in a file of lines "name key", by name; empty if there is none. Raises ConfigurationError."""
    try:
        lines = read_private(path).splitlines()
    except FileNotFoundError:
        return {}
    found: dict[str, bytes] = {}
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            name, text = words
            found[name] = parse_key(text)
        except ValueError as error:
            raise ConfigurationError(f"line {number} of {path} is no name and key: {error}") from error
    return found


def _write_list(file: str, keys: Mapping[str, bytes]) -> None:
    most = _LONGEST[file]
    for name in keys:
        if not _NAME.fullmatch(name) or len(name) > most:
            raise ConfigurationError(f"{name!r} is no name: 1 to {most} letters without blanks and #")
    write_private(config_directory() / file, "".join(f"{name} {key.hex()}\n" for name, key in keys.items()))


def _read_pair(side: str) -> KeyPair:
    path = _pair_path(side)
    words = read_private(path).split()
    keys = [bytes.fromhex(word) for word in words if _KEY.fullmatch(word)]
    if len(words) != 2 or len(keys) != 2:
        raise ConfigurationError(f"{path} holds no pair of keys; a new one takes its place by: keys new --replace")
    return KeyPair(*keys)


def _write_pair(side: str, *, replace: bool) -> None:
    made = backend_class(BACKEND).new_key_pair()
    write_private(_pair_path(side), f"{made.public.hex()}\n{made.secret.hex()}\n", replace=replace)


def _pair_path(side: str) -> Path:
    return config_directory() / f"{side}_key"

"""Tokens: what a client says to a server to show that it is of the same user, or was given the token's file."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path
from typing import Final

from services_core import ConfigurationError

from .private_files import read_private, write_private

TOKEN_FILE_VARIABLE: Final = "APV_TOKEN_FILE"
"""The file that holds the token of the server that is connected to, or begun."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22,256}")
_LOOKS_LIKE: Final = "one line of 22 to 256 letters, digits, - and _"
_MOST_BYTES: Final = 258


def new_token() -> str:
    """Return a fresh token: 192 bits, which nobody guesses."""
    return secrets.token_urlsafe(24)


def read_token(path: Path) -> str:
    """Return the token in a file. Raises ConfigurationError, which never repeats what is in it."""
    try:
        text = read_private(path).strip()
    except FileNotFoundError:
        raise ConfigurationError(
            f"there is no token file {path}: copy that of the server (its --token-file) to here, with mode 0600"
        ) from None
    if not _TOKEN.fullmatch(text):
        raise ConfigurationError(f"{path} holds no token: {_LOOKS_LIKE}")
    return text


def read_or_make_token(path: Path) -> str:
    """Return the token in a file, which is made if there is none. Raises ConfigurationError as `read_token` does."""
    with contextlib.suppress(FileExistsError):  # it is read, as the one that was made is
        write_private(path, new_token() + "\n", replace=False)
    return read_token(path)


def token_from_input(descriptor: int) -> str:
    """Return the token that is the next line there, and leave what follows unread. Blocks until the line is there.

    Raises ConfigurationError if it is none.
    """
    line = b""
    while not line.endswith(b"\n") and len(line) < _MOST_BYTES and (byte := os.read(descriptor, 1)):
        line += byte
    text = line.decode("ascii", "replace").strip()
    if not _TOKEN.fullmatch(text):
        raise ConfigurationError(f"standard input began with no token (--token-file -): {_LOOKS_LIKE}")
    return text

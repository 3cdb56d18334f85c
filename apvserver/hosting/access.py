"""What a server asks of its clients, and how those of the same user find it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from async_paraview.credentials import ConnectionFile, new_token, read_or_make_token, token_from_input
from services_core import ConfigurationError

_log = logging.getLogger(__name__)

STANDARD_INPUT: Final = Path("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who is let in: who names the token. None: everybody who reaches the server."""

    token: str | None = field(default=None, repr=False)
    lasting: bool = False
    """Whether the token stands in a file that the user names, so that clients do not depend on connection files."""

    def describe(self) -> str:
        """Return who is let in, for the line that tells that the server is ready."""
        if self.token is None:
            return "open to everybody who reaches it, other users of this machine included"
        return "for clients that have its token" if self.lasting else "for clients of this user"


def choose_access(*, token_file: Path | None, open_to_all: bool) -> Access:
    """Return what the options say. Raises ConfigurationError for a file that is no good."""
    if open_to_all:
        return Access()
    if token_file == STANDARD_INPUT:
        return Access(token=token_from_input(0), lasting=True)
    if token_file is not None:
        return Access(token=read_or_make_token(token_file), lasting=True)
    return Access(token=new_token())


@contextlib.contextmanager
def announced(urls: Sequence[str], access: Access) -> Iterator[None]:
    """Have a connection file for each of these addresses meanwhile.

    Raises ConfigurationError if there can be none, unless clients can do without.
    """
    written: list[ConnectionFile] = []
    try:
        for url in urls:
            file = ConnectionFile(url=url, token=access.token)
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

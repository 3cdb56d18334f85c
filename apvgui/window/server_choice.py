"""Where a session is to be: built in, with a server that runs, over ssh; and the way there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from async_paraview.credentials import running_servers
from servermanager import connect
from servermanager.connection import Connecting
from servermanager.opening import OnWaiting
from servermanager.reach.address_check import check_server_url

BUILT_IN: Final = "built in"


@dataclass(frozen=True, slots=True)
class ServerChoice:
    """What a user has said of the server to connect to. Empty texts are what was left open."""

    url: str = ""
    """ "": built in, with `backend`."""
    token_file: str = ""
    session: str = ""
    """The token of a session to join."""
    backend: str = ""
    insecure: bool = False

    @property
    def told(self) -> str:
        """Return where that is, as it is told: without secrets."""
        return self.url.partition("?")[0] or BUILT_IN

    def check(self) -> None:
        """Raise ConfigurationError for what could not be connected to whatever listens there. Reads files: blocks."""
        if self.url:
            check_server_url(self.url, token_file=self.token_file or None, insecure=self.insecure)

    def connecting(self, on_waiting: OnWaiting) -> Connecting:
        """Return a session on its way; `on_waiting(ahead)` is told how many clients come before."""
        return connect(
            self.url or None,
            backend=self.backend or None,
            token_file=self.token_file or None,
            session=self.session or None,
            insecure=self.insecure,
            on_waiting=on_waiting,
        )


def servers_here() -> tuple[str, ...]:
    """Return the URLs of the servers of this user on this machine, the newest first. Reads files: blocks."""
    return tuple(one.url for one in running_servers())

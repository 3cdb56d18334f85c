"""Servers: which one the functions work with, and what is said of it."""

from __future__ import annotations

from typing import Any, Final

from services_core import ConfigurationError, __version__

from .current import close_session, has_session, open_session, session, take_session

PARAVIEW: Final = (6, 2)
"""The version of ParaView whose names are meant."""


class Version(tuple[int, int]):
    """A version that is compared with pairs: `GetParaViewVersion() >= (5, 10)`."""

    __slots__ = ()

    @property
    def major(self) -> int:
        """Return the first number."""
        return self[0]

    @property
    def minor(self) -> int:
        """Return the second number."""
        return self[1]

    def __str__(self) -> str:
        return f"{self[0]}.{self[1]}"


def Connect(
    ds_host: Any = None, ds_port: int = 11111, rs_host: str | None = None, rs_port: int = 11111, timeout: int = 60
) -> Any:
    """Work with a server: `Connect("host")`, a URL (tcp://, ssh://, curve://, auto), or built in without one.

    Returns the session, in the place of the one before. Raises ConnectionFailed, Refused, and ConfigurationError for a
    render server of its own, which there is none of.
    """
    if rs_host is not None and (rs_host, rs_port) != (ds_host, ds_port):
        raise ConfigurationError(f"Connect: there are no servers for rendering alone: {rs_host}:{rs_port} is left out")
    if ds_host is None:
        return open_session()
    url = str(ds_host)
    if url != "auto" and "://" not in url:
        url = f"tcp://{url}:{ds_port}"
    return open_session(url)


def ReverseConnect(port: int = 11111) -> Any:
    """Wait for a server that connects to here, at a port of loopback."""
    return open_session(f"tcp://127.0.0.1:{int(port)}", reverse=True)


def Disconnect(ns: Any = None, force: bool = True) -> None:
    """Leave the server, with all that there is."""
    close_session()


def SetActiveConnection(connection: Any = None, ns: Any = None) -> None:
    """Work in a session that `Connect` has returned."""
    if connection is not None:
        take_session(connection)


def GetActiveConnection() -> Any:
    """Return the session, None if there is none yet."""
    return session() if has_session() else None


def GetParaViewVersion() -> Version:
    """Return the version of ParaView whose names these are."""
    return Version(PARAVIEW)


def GetParaViewSourceVersion() -> str:
    """Return what answers in ParaView's place."""
    return f"paraview version {PARAVIEW[0]}.{PARAVIEW[1]}, by async-paraview {__version__}"

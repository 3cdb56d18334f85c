"""The operations of the sessions service, which every client of a server talks to first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from services_core import Kind

from .operation import Operation
from .table import Operations

_ABOUT: Final = "`version`, `backend`, `python`, `host`: texts about the server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Operation):
    """Begin a session, which lives as long as this connection."""

    op: ClassVar[str] = "open"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    answer: ClassVar[str] = f'`session`: its token, `services`: ["data", "render", ...], {_ABOUT}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart(Operation):
    """End the worker process of the session that this connection has opened last, and begin another.

    It has no proxies or views. Connections to the services that are made meanwhile wait for it; a second restart
    meanwhile is the same one. `remote` Refused on threads; ServiceCrashed if it is not ready within 50 s.
    """

    op: ClassVar[str] = "restart"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    answer: ClassVar[str] = "nothing, when it can be connected to"


@dataclass(frozen=True, slots=True, kw_only=True)
class About(Operation):
    """Tell about the server. No session is needed."""

    op: ClassVar[str] = "about"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    answer: ClassVar[str] = _ABOUT


OPERATIONS: Final = Operations("sessions", Open, Restart, About)

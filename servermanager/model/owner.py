"""What proxies need of the scene that they belong to; the scene itself stands above them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from services_core import ServiceEndpoint

from ..server_connection import ServerConnection
from .execution import ExecutionLog

P = TypeVar("P")
P_contra = TypeVar("P_contra", contravariant=True)


class Belonging(Protocol):
    """A thing of a session, with the number by which both sides know it: a proxy, a view, a representation."""

    @property
    def id(self) -> int:
        """Return its number."""

    @property
    def session(self) -> Any:
        """Return the session that it belongs to."""


class Steps(Protocol):
    """What makes steps of undo."""

    def group(self, label: str) -> AbstractContextManager[None]:
        """Make a step of undo of all that is changed inside."""

    def all_or_nothing(self, label: str) -> AbstractContextManager[None]:
        """Make a step of undo, of which nothing stays if the block raises."""


class Log(ExecutionLog, Protocol[P_contra]):
    """Whoever knows how far proxies are."""

    def state(self, proxy: P_contra) -> str:
        """Return "modified", "executing", ...: see ProxyManager."""


class Owner(Protocol[P]):
    """A scene, as proxies of the type `P` know it."""

    @property
    def session(self) -> Any:
        """Return the session, as its user has it."""

    @property
    def connection(self) -> ServerConnection:
        """Return what joins it to the server."""

    @property
    def data(self) -> ServiceEndpoint:
        """Return the endpoint of the data service."""

    @property
    def render(self) -> ServiceEndpoint:
        """Return the endpoint of the render service."""

    @property
    def undo(self) -> Steps:
        """Return what makes steps of undo."""

    @property
    def proxies(self) -> Log[P]:
        """Return whoever knows how far proxies are."""

    @property
    def anything_modified(self) -> bool:
        """Return whether anything was set that the server was not told yet."""

    def create(self, type_name: str, **properties: Any) -> P:
        """Make a source, filter, reader or writer."""

    def create_object(self, type_name: str, **properties: Any) -> P:
        """Make an object."""

    def imagine(self, type_name: str, *, source: bool) -> P:
        """Make a proxy for what the server has by itself: it belongs to the scene once it is used."""

    def has(self, proxy: P) -> bool:
        """Return whether it is a proxy of this scene that was not deleted."""

    def check_session(self, thing: Belonging) -> None:
        """Raise ValueError if it is of another session."""

    def own(self, thing: Belonging) -> None:
        """Raise ValueError unless it is of this session, and was not deleted."""

    def proxy_changed(self, proxy: P, name: str, before: Any, after: Any) -> None:
        """Take into account that a property was set."""

    def told(self, proxy: P, name: str, before: Any, after: Any) -> None:
        """Take into account that another client of the session has set a property."""

    def tell_name(self, proxy: P) -> None:
        """Have the other clients of the session told what a proxy is called."""

    def update_vtk_objects(self, proxies: Iterable[P] | None = None) -> None:
        """Tell the server what was set: of these and what they depend on, else of all."""

    def next_request(self) -> int:
        """Return a number for an execution, unique in the session."""

    def time_or(self, time: float | None) -> float | None:
        """Return the time to ask for: this, else the session's."""

    def data_on_its_way(self, proxy: P) -> asyncio.Future[Any] | None:
        """Return what ends when data that a proxy depends on has been sent again; None if all is there."""

    async def data_arrived(self, proxy: P | None = None) -> None:
        """Wait for data that is sent again: all of it, or what a proxy depends on."""

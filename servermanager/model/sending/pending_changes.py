"""What was changed here and the server does not know yet: of proxies, and which were deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from async_paraview.operations.data import Delete
from async_paraview.remembered_ids import RememberedIds
from services_core import PacketError

from ...server_connection import ServerConnection
from ..proxy import Proxy
from ..proxy_manager import ProxyManager
from .changes import Changes
from .outbox import Outbox

IDS_IN_A_HEADER: Final = 5000

MOST_DELETED: Final = 65_536
"""So many deletions are remembered, those that were told last: what others send now may have crossed them."""


class PendingChanges:
    """The changed proxies of one scene, and the deleted ones that are to be deleted on the server."""

    def __init__(self, connection: ServerConnection, outbox: Outbox, proxies: ProxyManager[Any]) -> None:
        self._connection = connection
        self._outbox = outbox
        self._proxies = proxies
        self._modified: dict[int, Proxy] = {}
        self._leaving: list[int] = []
        """Numbers of proxies that were deleted here, and are to be on the server."""
        self._deleted_in = RememberedIds(MOST_DELETED)
        """In a session that others can join: the numbers of the changes that told of deletions."""

    def __bool__(self) -> bool:
        """Return whether anything was set that the server was not told yet."""
        return bool(self._modified)

    def add(self, proxy: Proxy) -> None:
        """Note that something of a proxy was set."""
        self._modified[proxy.id] = proxy

    def drop(self, proxy: Proxy) -> None:
        """Forget what was set of a proxy: it was deleted."""
        self._modified.pop(proxy.id, None)

    def was_deleted(self, id_: int, seen: int) -> bool:
        """Return whether a proxy was deleted here, later than in the change with the number `seen`."""
        return id_ in self._leaving or (self._deleted_in.number_of(id_) or 0) > seen

    def begin_anew(self) -> None:
        """Forget what was deleted: the server knows none of it any more."""
        self._deleted_in.clear()
        self._leaving.clear()

    def send(self, proxies: Iterable[Proxy] | None = None) -> list[PacketError]:
        """Send what has changed of them and upstream, else all; returns the errors of what cannot travel."""
        if not self._modified:
            return []
        ordered: dict[int, Proxy] = {}
        for proxy in list(self._modified.values()) if proxies is None else proxies:
            proxy.upstream(ordered)
        connection = self._connection
        changes = Changes(connection.data.send_message, self._proxies.name, connection.next_number)
        try:
            with connection.data.in_a_row():
                changes.tell([proxy for proxy in ordered.values() if proxy.standing.modified])
        finally:
            for proxy in changes.told:
                self._modified.pop(proxy.id, None)
            if changes.told and self._proxies.anything_executed:
                self._proxies.changed(changes.told)
        return changes.errors

    def delete(self, proxies: Sequence[Proxy]) -> None:
        """Have the server delete them: those that depend on others come before them, and users that left before all."""
        self._leaving += [one.id for one in proxies]
        if self._leaving:
            self._outbox.add("delete", self._send_deleted)

    def take_back_deletion(self, proxy: Proxy) -> bool:
        """Return whether the server was not told yet that a proxy is deleted; then it never is, and has it still."""
        waits = proxy.id in self._leaving
        if waits:
            self._leaving.remove(proxy.id)
        return waits

    def _send_deleted(self) -> None:
        """Send all that wait together: a user may have been deleted after what it used."""
        leaving = set(self._leaving)
        users = [one for one in self._modified.values() if one.standing.leaves(leaving)]
        errors = self.send(users)
        if any(one.standing.leaves(leaving) for one in users):
            raise errors[0]  # the server would keep what they use
        while self._leaving:
            some, number = self._leaving[:IDS_IN_A_HEADER], self._connection.next_number()
            self._connection.data.send_message(Delete(ids=tuple(some), number=number).packet())
            if number:
                self._remember(some, number)
            del self._leaving[:IDS_IN_A_HEADER]

    def _remember(self, ids: Iterable[int], number: int) -> None:
        for id_ in ids:
            self._deleted_in.add(id_, number)

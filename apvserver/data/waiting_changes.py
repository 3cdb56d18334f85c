"""Changes that have arrived and wait for the data service's thread: executions that depend on them are of no use."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from typing import Any, Final

from async_paraview.operations import Operation
from async_paraview.operations.data import Delete, SetTime, Stop, Update
from services_core import IncomingCall, ServiceClient

SHOWN_TIME: Final = -1
"""Stands among the ids of proxies for the time of what is shown."""

CHANGES: Final[frozenset[type[Operation]]] = frozenset({Update, Delete, Stop, SetTime})


def changed_ids(change: type[Operation], header: Mapping[str, Any]) -> frozenset[int]:
    """Return the ids that the header of one of `CHANGES` names; whether all is right in it is judged later."""
    if change is SetTime:
        return frozenset({SHOWN_TIME})
    if change is Stop and header.get("resume"):
        return frozenset()
    proxies, ids = header.get("proxies"), header.get("ids")
    named = ids if isinstance(ids, list) else []
    if isinstance(proxies, list):
        named = [*named, *[one.get("id") for one in proxies if isinstance(one, dict)]]
    return frozenset([one for one in named if isinstance(one, int)])


class WaitingChanges:
    """Which proxies will be changed by what was not begun yet. Thread-safe.

    What was cancelled, or has passed its deadline, changes nothing any more, although it is never taken out.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: dict[IncomingCall, frozenset[int]] = {}

    def arrived(self, incoming: IncomingCall, ids: frozenset[int]) -> None:
        """Note that a change of these proxies is about to be queued."""
        with self._lock:
            self._ids[incoming] = ids

    def taken(self, incoming: IncomingCall) -> None:
        """Note that it is being made now, if it is a change."""
        with self._lock:
            self._ids.pop(incoming, None)

    def left(self, client: ServiceClient) -> None:
        """Forget what a client still wanted to change: it will not be changed."""
        with self._lock:
            self._ids = {one: ids for one, ids in self._ids.items() if one.client is not client}

    @property
    def any(self) -> bool:
        """Whether a change waits."""
        with self._lock:
            self._drop_what_is_over()
            return bool(self._ids)

    def overtake(self, ids: Collection[Any]) -> bool:
        """Return whether one of these proxies will be changed."""
        with self._lock:
            self._drop_what_is_over()
            return not all(changed.isdisjoint(ids) for changed in self._ids.values())

    def _drop_what_is_over(self) -> None:
        for over in [one for one in self._ids if one.over]:
            del self._ids[over]

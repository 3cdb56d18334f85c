"""What pages are told: values under names, sent when the loop has a moment, the newest of each."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import weakref
from collections.abc import Iterable
from typing import Any, Final

AT_MOST_EVERY_S: Final = 0.03
"""Pages are told no more often: people see no more."""

_numbers = itertools.count(1)


def new_name(what: str) -> str:
    """Return a name of trame's state that nothing else has."""
    return f"apv_{what}_{next(_numbers)}"


class Publisher:
    """The state of one trame server, as parts of pages write it. Belongs to the loop."""

    def __init__(self, server: Any) -> None:
        self._state = server.state
        self._waiting: dict[str, Any] = {}
        self._handle: asyncio.Handle | None = None
        self._told_at = float("-inf")

    @classmethod
    def of(cls, server: Any) -> Publisher:
        """Return that of a trame server."""
        found = _known.get(server)
        if found is None:
            found = _known[server] = cls(server)
        return found

    def put(self, name: str, value: Any) -> None:
        """Have pages told a value soon: what JSON has, or frozen dataclasses of that."""
        self._waiting[name] = plain(value)
        if self._handle is None:
            loop = asyncio.get_running_loop()
            wait_s = self._told_at + AT_MOST_EVERY_S - loop.time()
            self._handle = loop.call_later(max(wait_s, 0.0), self.tell)

    def begin(self, name: str, value: Any) -> None:
        """Set a value that there is before anybody looks, also where no loop runs yet."""
        self._state[name] = plain(value)

    def tell(self) -> None:
        """Have pages told now what waits."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        self._told_at = asyncio.get_running_loop().time()
        told, self._waiting = self._waiting, {}
        with self._state:
            self._state.update(told)


_known: weakref.WeakKeyDictionary[Any, Publisher] = weakref.WeakKeyDictionary()


def plain(value: Any) -> Any:
    """Return a value as browsers get it: dataclasses as maps, tuples as lists. Numbers are Python's already."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return [plain(one) for one in value]

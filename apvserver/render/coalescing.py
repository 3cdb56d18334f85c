"""What waits for the render service and was made useless by what came after it. Decided in preview."""

from __future__ import annotations

import threading
from typing import Any, Final
from weakref import WeakKeyDictionary, WeakValueDictionary

from services_core import IncomingCall

Key = tuple[str, int, str | None]
"""Operation, what it is of, and for movements their kind."""

KEYS: Final = {"update_view": "view", "update_representation": "representation", "interact": "view"}
"""Operations that can be overtaken by one of their own kind, with the field that says of what."""

MOST_STEPS: Final = 4096
"""So many steps of movements are joined with later ones; past that each waits by itself, in its client's window."""

NEUTRAL: Final = frozenset({"geometry", "image_seen"})
"""Operations that neither read nor change what those set."""


class Overtaking:
    """Skips changes of properties that are set anew before anybody could see them, and joins the steps of a movement.

    Only what nothing depends on in between is skipped: any other operation closes what came before it. Thread-safe.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: WeakValueDictionary[Key, IncomingCall] = WeakValueDictionary()
        self._steps: WeakKeyDictionary[IncomingCall, list[dict[str, Any]]] = WeakKeyDictionary()

    def arrived(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        """A packet is about to be queued."""
        operation, key = header.get("op"), _key(header)
        if isinstance(operation, str) and operation in NEUTRAL:
            return
        with self._lock:
            older = None if key is None else self._last.get(key)
            for other in [one for one in self._last if _closes(key, one)]:
                self._last.pop(other, None)  # it may be gone by itself
            if key is not None:
                self._last[key] = incoming
        if older is None or older.client is not incoming.client:
            return
        before = older.packet.header
        if operation == "interact":
            self._join(older, before, incoming)
        elif _sets_all_of(header, before):
            older.skip("a newer change of the same properties came before this one was begun")

    def taken(self, incoming: IncomingCall, header: dict[str, Any]) -> list[dict[str, Any]]:
        """The steps of a movement that this packet stands for, oldest first, its own last. When it is processed."""
        with self._lock:
            return [*self._steps.pop(incoming, ()), header]

    def _join(self, older: IncomingCall, before: dict[str, Any], newer: IncomingCall) -> None:
        with self._lock:
            full = sum(map(len, self._steps.values())) >= MOST_STEPS
        if not full and older.skip("joined with the step that came after it"):
            with self._lock:
                steps = self._steps[newer] = self._steps.pop(older, [])
                steps.append(before)


def _closes(key: Key | None, other: Key) -> bool:
    """Whether an operation with `key` may depend on what one with the key `other` has set."""
    return key is None or (key[0] != "update_representation" and other[0] != "update_representation")


def _key(header: dict[str, Any]) -> Key | None:
    operation = header.get("op")
    if not isinstance(operation, str) or operation not in KEYS:
        return None
    of, kind = header.get(KEYS[operation]), header.get("kind")
    return (operation, of, kind) if isinstance(of, int) and isinstance(kind, str | None) else None


def _sets_all_of(header: dict[str, Any], before: dict[str, Any]) -> bool:
    new, old = header.get("properties"), before.get("properties")
    return isinstance(new, dict) and isinstance(old, dict) and new.keys() >= old.keys()

"""What waits for the render service and was made useless by what came after it. Decided in preview."""

from __future__ import annotations

import threading
from typing import Any, Final
from weakref import WeakKeyDictionary, ref

from async_paraview.operations import Operation, OperationError
from async_paraview.operations.render import (
    OPERATIONS,
    AckImage,
    DeleteShared,
    Geometry,
    Interact,
    UpdateColorMap,
    UpdateRepresentation,
    UpdateShared,
    UpdateView,
)
from services_core import IncomingCall

Change = UpdateView | UpdateRepresentation | UpdateColorMap | Interact
"""Operations that can be overtaken by one of their own kind."""
COALESCED: Final[frozenset[type[Operation]]] = frozenset({UpdateView, UpdateRepresentation, UpdateColorMap, Interact})
_OF_LOOKS: Final = (UpdateRepresentation, UpdateColorMap)

Key = tuple[type[Operation], int | str, str | None]
"""Operation, what it is of, and for movements their kind."""

MOST_KEYS: Final = 1024
"""Past so many keys, those of what is gone are forgotten."""

MOST_STEPS: Final = 4096
"""So many steps of movements are joined with later ones; past that each waits by itself, in its client's window."""

NEUTRAL: Final[frozenset[type[Operation]]] = frozenset({Geometry, AckImage, UpdateShared, DeleteShared})
"""Operations that neither read nor change what those set."""
_WAITING: Final[frozenset[type[Operation]]] = NEUTRAL - {Geometry}


def interrupts(header: Any) -> bool:
    """Return whether a packet says what makes a picture useless that is being refined: those that only look wait."""
    operation = OPERATIONS.named(header)
    return operation is not None and not operation.only_looks and operation not in _WAITING


class Coalescing:
    """Skips changes of properties that are set anew before anybody could see them, and joins the steps of a movement.

    Only what nothing depends on in between is skipped: any other operation closes what came before it. Thread-safe.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[Key, ref[IncomingCall]] = {}
        """The newest of each key that nothing has closed; it may be gone by itself."""
        self._steps: WeakKeyDictionary[IncomingCall, list[Interact]] = WeakKeyDictionary()

    def arrived(self, incoming: IncomingCall, header: Any) -> None:
        """Note that a packet is about to be queued."""
        if OPERATIONS.named(header) in NEUTRAL:
            return
        change = _change(header)
        key = None if change is None else _key(change)
        with self._lock:
            older = None if key is None else self._last.get(key, _gone)()
            self._last = {other: one for other, one in self._last.items() if not _closes(key, other)}
            if key is not None:
                if len(self._last) >= MOST_KEYS:
                    self._last = {other: one for other, one in self._last.items() if one() is not None}
                self._last[key] = ref(incoming)
        if older is None or change is None or older.client is not incoming.client:
            return
        before = OPERATIONS.read(older.packet.header)
        if isinstance(before, Interact):
            self._join(older, before, incoming)
        elif _sets_all_of(change, before):
            older.skip("a newer change of the same properties came before this one was begun")

    def taken(self, incoming: IncomingCall, step: Interact) -> list[Interact]:
        """Return the steps of a movement that this packet stands for, oldest first, its own last.

        Called when the packet is processed.
        """
        with self._lock:
            return [*self._steps.pop(incoming, ()), step]

    def _join(self, older: IncomingCall, before: Interact, newer: IncomingCall) -> None:
        with self._lock:
            full = sum(map(len, self._steps.values())) >= MOST_STEPS
        if not full and older.skip("joined with the step that came after it"):
            with self._lock:
                steps = self._steps[newer] = self._steps.pop(older, [])
                steps.append(before)


def _gone() -> None:
    """Stand for what never was."""


def _closes(key: Key | None, other: Key) -> bool:
    """Return whether an operation with `key` may depend on what an operation with the key `other` has set."""
    return key is None or (key[0] not in _OF_LOOKS and other[0] not in _OF_LOOKS)


def _change(header: Any) -> Change | None:
    """Return what can be overtaken by what is of the same key; None for anything else and for what is malformed."""
    if OPERATIONS.named(header) not in COALESCED:
        return None
    try:
        change = OPERATIONS.read(header)
    except OperationError:
        return None  # whoever processes it says so
    assert isinstance(change, Change)
    return change


def _key(change: Change) -> Key:
    if isinstance(change, UpdateColorMap):
        return type(change), change.name, change.kind
    of = change.representation if isinstance(change, UpdateRepresentation) else change.view
    return type(change), of, change.kind


def _sets_all_of(change: Change, before: Operation) -> bool:
    if isinstance(change, Interact) or not isinstance(before, UpdateView | UpdateRepresentation | UpdateColorMap):
        return False
    return change.properties.keys() >= before.properties.keys()

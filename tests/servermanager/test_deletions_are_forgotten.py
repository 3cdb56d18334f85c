"""What a client remembers of what it has deleted is bounded."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import pytest

from servermanager.model.sending import pending_changes
from servermanager.model.sending.outbox import Outbox
from servermanager.model.sending.pending_changes import PendingChanges


def deleting() -> tuple[PendingChanges, Outbox]:
    numbers = itertools.count(1)
    connection: Any = SimpleNamespace(
        data=SimpleNamespace(send_message=lambda packet: None), next_number=lambda: next(numbers)
    )
    outbox, proxies = Outbox(), SimpleNamespace(name=str)
    return PendingChanges(connection, outbox, proxies), outbox  # type: ignore[arg-type]


def delete(changes: PendingChanges, outbox: Outbox, *ids: int) -> None:
    proxies: Any = [SimpleNamespace(id=id_) for id_ in ids]
    changes.delete(proxies)
    outbox.flush()


def test_the_last_deletions_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_changes, "MOST_DELETED", 3)
    changes, outbox = deleting()
    delete(changes, outbox, 100, 200)  # in change 1
    assert changes.was_deleted(100, seen=0) and not changes.was_deleted(100, seen=1)
    delete(changes, outbox, 300)
    delete(changes, outbox, 100)  # it was made again meanwhile
    assert changes.was_deleted(200, seen=0) and changes.was_deleted(100, seen=2)
    delete(changes, outbox, 400)
    assert [id_ for id_ in range(0, 500, 100) if changes.was_deleted(id_, seen=0)] == [100, 300, 400]

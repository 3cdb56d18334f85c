"""A session that begins while the server ends is refused, and one that cannot begin tells why."""

from __future__ import annotations

from typing import Any

import pytest

from apvserver import session_services
from apvserver.front import SessionTable
from services_core import Refused, ServicesEngine, ServicesError


def test_no_session_begins_once_the_table_is_closed() -> None:
    with ServicesEngine("inproc") as engine:
        table = SessionTable(engine, "inproc", 3)
        owner: Any = object()
        session = table.open(owner)
        assert table.close(30.0)
        with pytest.raises(Refused, match="shutting down"):
            table.open(owner)
        assert table.find(session.token) is None and table.owned_by(owner) is None


def test_whatever_keeps_services_from_beginning_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(engine: ServicesEngine) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(session_services, "start_session_services", no_thread)
    with ServicesEngine("inproc") as engine:
        ready = session_services.begin_session_services(engine)
        with pytest.raises(ServicesError, match="could not begin: RuntimeError: can't start new thread"):
            ready.result(5)

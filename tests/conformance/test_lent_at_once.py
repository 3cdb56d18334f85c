"""Every promise where a service receives whenever it may: from its second piece of work on, however long that took."""

from __future__ import annotations

import pytest

from services_core import backend_class
from services_core.conformance import CHECKS, Check, run_check
from services_zmq.threads import lent_role

from ..harness.time_limits import FACTOR

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(not lent_role.LENDS, reason="there the communication thread always receives"),
]


@pytest.mark.parametrize("address", ["private", "tcp://127.0.0.1:0"])
@pytest.mark.parametrize("check", [one for one in CHECKS if not one.between_processes], ids=lambda check: check.name)
def test_promise_where_the_role_is_lent_at_once(check: Check, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lent_role, "STREAK", 1)
    monkeypatch.setattr(lent_role, "WORTHWHILE", 0)
    outcome = run_check(check, backend_class("zmq"), address, timeout_scale=FACTOR)
    assert outcome.failure is None, f"{check.promise}\n{outcome.failure}"

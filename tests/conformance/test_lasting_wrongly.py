"""The checks of lasting connections notice an end that forgets, repeats, or exchanges what it sends again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import pytest

from services_core import Message, backend_class
from services_core.conformance import CHECKS, run_check
from services_core.lasting.channel import LastingChannel, Line
from services_core.lasting.ledger import Ledger

from ..harness.time_limits import scaled

pytestmark = pytest.mark.waiting

NAME = "a_lasting_connection_loses_and_doubles_nothing"

WRONG: dict[str, Callable[[list[Message]], list[Message]]] = {
    "forgets": lambda kept: kept[:-1],
    "repeats": lambda kept: kept + kept[-1:],
    "exchanges": lambda kept: kept[::-1],
}


@pytest.mark.parametrize("way", WRONG)
def test_a_wrong_end_is_rejected(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = LastingChannel._take_up

    def wrong(self: LastingChannel, line: Line, heard: int, first: Message | None = None) -> bool:
        ledger = self._ledger
        assert isinstance(ledger, Ledger)
        ledger.acknowledge(heard)
        kept, ledger.kept = ledger.kept, deque(WRONG[way](list(ledger.kept)))
        ends_well = right(self, line, heard, first)
        ledger.kept = kept
        return ends_well

    monkeypatch.setattr(LastingChannel, "_take_up", wrong)
    check = next(check for check in CHECKS if check.name == NAME)
    outcome = run_check(check, backend_class("zmq"), timeout_scale=scaled(0.2))
    assert outcome.failure is not None
    assert "the check itself failed" not in outcome.failure

"""The suite is tested too: each deliberately wrong backend fails the checks that name what it does wrong."""

from __future__ import annotations

import pytest

from services_core import Backend
from services_core.conformance import CHECKS, run_check

from ..harness.time_limits import scaled
from . import wrong_backends as wrong

pytestmark = pytest.mark.waiting

_SCALE = scaled(0.1)

_REJECTED_BY = {
    wrong.DroppingBackend: {"channel_keeps_order", "close_delivers_what_was_sent"},
    wrong.ReorderingBackend: {"channel_keeps_order", "channel_delivers_large_backlogs"},
    wrong.DuplicatingBackend: {"channel_keeps_order", "requests_and_messages_keep_their_order"},
    wrong.AliasingBackend: {"channel_never_touches_what_arrived", "received_buffers_stay_valid"},
    wrong.WritableBackend: {"channel_hands_over_read_only_views", "received_buffers_stay_valid"},
    wrong.ClosingEarlyBackend: {
        "close_delivers_what_was_sent",
        "close_by_the_accepted_end_delivers_what_was_sent",
    },
    wrong.MuteBackend: {"breaches_are_told_with_their_reason", "breach_of_protocol_is_cut"},
    wrong.BlockingBackend: {"channel_send_never_blocks"},
    wrong.HoldingBackend: {"an_answer_does_not_wait_for_later_work"},
    wrong.LoopBoundBackend: {"a_busy_loop_holds_up_no_thread"},
    wrong.LosingBeforeStartBackend: {"channel_loses_nothing_before_start"},
    wrong.OverlappingBackend: {"channel_calls_never_overlap"},
    wrong.SilentBackend: {"close_tells_both_ends", "connect_where_nobody_listens"},
    wrong.RepeatingCloseBackend: {"close_tells_both_ends", "close_from_both_ends_at_once"},
    wrong.DeafBackend: {"close_tells_both_ends"},
    wrong.TalkativeBackend: {"close_inside_a_receiver", "close_delivers_what_was_sent"},
    wrong.LeakyBackend: {"backend_close_joins_its_threads", "closing_an_engine_joins_its_threads"},
    wrong.CarelessBackend: {"malformed_addresses"},
}


def _failures(backend: type[Backend], names: set[str]) -> dict[str, str | None]:
    chosen = [check for check in CHECKS if check.name in names]
    assert len(chosen) == len(names), "a check was renamed"
    return {check.name: run_check(check, backend, timeout_scale=_SCALE).failure for check in chosen}


@pytest.mark.parametrize("backend", _REJECTED_BY, ids=lambda backend: backend.__name__)
def test_wrong_backend_is_rejected(backend: type[Backend]) -> None:
    failures = _failures(backend, _REJECTED_BY[backend])
    kept = [name for name, failure in failures.items() if failure is None]
    assert not kept, f"{backend.__doc__} These checks did not notice: {kept}"
    for name, failure in failures.items():
        assert failure is not None and "expected" in failure, f"{name} says {failure}"
        assert "the check itself failed" not in failure, failure


def test_the_wrapping_itself_is_right() -> None:
    names = set().union(*_REJECTED_BY.values())
    assert {name for name, failure in _failures(wrong.RightBackend, names).items() if failure} == set()

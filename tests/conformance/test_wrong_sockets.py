"""The checks between processes are tested too: each notices the wrong backend that is meant for it, and no other."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from services_core import Backend
from services_core.conformance import CHECKS, HOST, Check, run_check
from services_core.conformance.processes.peer import compute

from ..harness.time_limits import FACTOR, scaled
from . import wrong_sockets as wrong

pytestmark = pytest.mark.waiting

_AT_A_TIME: Final = 4
"""Most of them wait."""
_BACKENDS_AT_A_TIME: Final = 2
"""Each check begins processes of its own, which import before they wait."""
_LARGE_BYTES: Final = 400 << 20
"""More than the wrong backend takes."""

_REJECTED_BY: Final[dict[type[Backend], set[str]]] = {
    wrong.BeatlessBackend: {"a_frozen_process_is_told_within_five_seconds"},
    wrong.PeacefulBackend: {"a_killed_process_is_told_within_a_second"},
    wrong.HastyBackend: {"a_busy_process_is_not_dead"},
    wrong.StubbornBackend: {"connecting_to_a_frozen_process_is_given_up"},
    wrong.HoardingBackend: {"announced_bytes_take_no_memory"},
    wrong.LaxBackend: {"limits_of_the_receiver_hold"},
    wrong.OpenBackend: {"it_listens_only_where_it_was_told"},
    wrong.LeakingChannelsBackend: {"closed_channels_leave_nothing_open", "closed_backends_leave_nothing_open"},
    wrong.LeakingBackend: {"closed_backends_leave_nothing_open"},
}
_BETWEEN_PROCESSES: Final = [check for check in CHECKS if check.between_processes]


def _failures(backend: type[Backend], checks: Iterable[Check]) -> dict[str, str]:
    """Return what the checks that fail say."""
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        outcomes = list(pool.map(lambda check: run_check(check, backend, HOST, timeout_scale=FACTOR), checks))
    return {outcome.check.name: outcome.failure for outcome in outcomes if outcome.failure is not None}


def _must_be_about_the_backend(failures: dict[str, str]) -> None:
    for name, failure in failures.items():
        assert "expected" in failure and "the check itself failed" not in failure, f"{name} says {failure}"


def test_wrong_backends_are_rejected() -> None:
    meant = {check.name: check for check in CHECKS}
    with ThreadPoolExecutor(_BACKENDS_AT_A_TIME) as pool:
        seen = list(
            pool.map(
                lambda pair: _failures(pair[0], [meant[name] for name in sorted(pair[1])]),
                _REJECTED_BY.items(),
            )
        )
    for (backend, names), failures in zip(_REJECTED_BY.items(), seen, strict=True):
        assert failures.keys() == names, f"{backend.__doc__} These checks did not notice: {names - failures.keys()}"
        _must_be_about_the_backend(failures)


def test_what_the_other_process_takes_is_seen_from_a_large_process_too() -> None:
    """What a process has had is no more counted for those that it starts: nothing would seem to grow in them."""
    (check,) = (check for check in CHECKS if check.name == "announced_bytes_take_no_memory")
    large = bytearray(b"x") * _LARGE_BYTES
    outcome = run_check(check, wrong.HoardingBackend, HOST, timeout_scale=FACTOR)
    assert len(large) == _LARGE_BYTES
    assert outcome.failure is not None and "expected no memory for a message of 128 MiB" in outcome.failure


def test_a_peer_that_computes_keeps_other_threads_waiting_for_a_second_and_no_longer() -> None:
    """By the clock: once it was counted beforehand how much takes a second, and with less of a core it took longer."""
    ended, waits = threading.Event(), [0.0]

    def look() -> None:
        last = time.monotonic()
        while not ended.wait(0.02):
            waits.append(time.monotonic() - last)
            last = time.monotonic()

    usual = sys.getswitchinterval()
    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        compute(2.0)
        ended.set()
        looking.result(scaled(10))
    assert 0.9 < max(waits) < scaled(2.0), waits
    assert sys.getswitchinterval() == usual


def test_every_check_between_processes_has_its_wrong_backend() -> None:
    assert set().union(*_REJECTED_BY.values()) == {check.name for check in _BETWEEN_PROCESSES}


def test_a_backend_that_tries_a_refused_address_for_ever_is_rejected() -> None:
    (check,) = (check for check in CHECKS if check.name == "connect_where_nobody_listens")
    outcome = run_check(check, wrong.StubbornBackend, HOST, timeout_scale=scaled(0.5))
    assert outcome.failure is not None and "expected on_closed" in outcome.failure


@pytest.mark.deep
@pytest.mark.parametrize("backend", _REJECTED_BY, ids=lambda backend: backend.__name__)
def test_wrong_backend_is_rejected_by_nothing_else(backend: type[Backend]) -> None:
    failures = _failures(backend, _BETWEEN_PROCESSES)
    assert failures.keys() == _REJECTED_BY[backend], failures

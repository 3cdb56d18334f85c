"""Every promise, on every backend of ours and that of the examples, at every kind of address."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import pytest

from services_core import Limits, backend_class
from services_core.conformance import CHECKS, PRIVATE, Check, addresses, run_check
from services_core.conformance.expect import BrokenPromise
from services_core.conformance.stage import HOST, Stage

from ..harness.time_limits import FACTOR, scaled

_URLS = {"inproc": [], "zmq": ["tcp://127.0.0.1:0"], "examples.socket_backend:SocketBackend": []}
_KEYED = "tests.harness.keyed_zmq:KeyedZmq"
_PLACES = [(name, address) for name, urls in _URLS.items() for address in addresses(backend_class(name), urls)]
_PLACES.append((_KEYED, "curve://127.0.0.1:0"))
_WITHIN_A_PROCESS = [check for check in CHECKS if not check.between_processes]
_BETWEEN_PROCESSES = [check for check in CHECKS if check.between_processes]


@pytest.fixture(params=_PLACES, ids=lambda place: "-".join(place))
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A backend and a kind of address."""
    chosen: tuple[str, str] = request.param
    return chosen


@pytest.mark.parametrize("check", _WITHIN_A_PROCESS, ids=lambda check: check.name)
def test_promise(place: tuple[str, str], check: Check) -> None:
    name, address = place
    outcome = run_check(check, backend_class(name), address, timeout_scale=FACTOR)
    assert outcome.failure is None, f"{check.promise}\n{outcome.failure}"


@pytest.mark.parametrize("place", [one for one in _PLACES if one[1] != PRIVATE], ids="-".join)
def test_promises_between_processes(place: tuple[str, str]) -> None:
    """Tried together: most of them wait."""
    name, address = place
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(
            pool.map(
                lambda check: run_check(check, backend_class(name), address, timeout_scale=FACTOR), _BETWEEN_PROCESSES
            )
        )
    failures = {outcome.check.promise: outcome.failure for outcome in outcomes if outcome.failure is not None}
    assert not failures, "\n".join(f"{promise}\n{failure}" for promise, failure in failures.items())


def test_every_check_states_its_promise_in_one_sentence() -> None:
    for check in CHECKS:
        assert check.promise.endswith("."), check.name
        assert 20 < len(check.promise) < 120, check.name
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def _suite(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "services_core.conformance", *arguments]
    root = Path(__file__).parents[2]
    return subprocess.run(command, capture_output=True, text=True, timeout=scaled(60), check=False, cwd=root)


def test_command_reports_each_check_and_ends_with_the_count() -> None:
    done = _suite("--backend", "inproc", "--only", "address_in_use", "-v")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[-1] == "1 passed, 0 failed"
    assert lines[1].split()[:2] == ["address_in_use[private]", "ok"]


def test_command_lists_promises() -> None:
    done = _suite("--list")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == len(CHECKS)


def test_command_names_the_known_backends() -> None:
    done = _suite("--backend", "carrier-pigeon")
    assert done.returncode == 2
    assert "known are inproc, zmq" in done.stderr


def test_command_ends_although_a_backend_hangs() -> None:
    done = _suite(
        "--backend",
        "tests.conformance.wrong_backends:BlockingBackend",
        "--only",
        "channel_send_never_blocks",
        "--timeout-scale",
        "0.1",
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed"


def test_where_nothing_is_accepted_it_is_told_what_the_connecting_end_saw() -> None:
    stage = Stage(backend_class("zmq"), HOST, timeout_scale=0.2)
    try:
        backend = stage.backend()
        assert (backend.limits.connect_s, stage.backend(Limits(connect_s=7)).limits.connect_s) == (3.0, 7.0)
        with pytest.raises(BrokenPromise, match=r"accept a channel.*the connecting end has 0 messages.*nobody listens"):
            stage.open(backend, "tcp://127.0.0.1:9", SimpleQueue())
    finally:
        stage.close()
    longer = Stage(backend_class("zmq"), timeout_scale=8)
    assert longer.backend().limits.connect_s == 24.0
    assert longer.engine().limits.connect_s == 24.0
    longer.close()

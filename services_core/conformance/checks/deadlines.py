"""Deadlines: raised in time, and kept by the service."""

from __future__ import annotations

import statistics
import time

from ...errors import DeadlineExceeded
from ..check import check
from ..expect import expect
from ..stage import Stage
from ..workbench import Workbench
from .cancelling import outcome

_LATE_S = 0.1


def lateness(began: float, deadline_s: float, ended: float) -> float:
    """Return how late something ended, negative if early; never so by what rounding makes of times."""
    return ended - (began + deadline_s)  # `ended - began - deadline_s` is -5e-14 in time where clocks are coarse


@check
def deadline_is_raised_in_time(stage: Stage) -> None:
    """A request past its deadline raises DeadlineExceeded, at most 100 ms late and never early."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    endpoint.send_message({"n": 0, "do": "hold"})
    stage.wait(service.entered, "the service to begin")
    late_s = []
    for n in range(5):
        began = time.monotonic()
        error = outcome(endpoint.send_request({"n": n}, deadline_s=0.05), stage.wait_s)
        late_s.append(lateness(began, 0.05, time.monotonic()))
        expect(isinstance(error, DeadlineExceeded), "DeadlineExceeded", error)
    expect(min(late_s) >= 0, "no deadline raised early", late_s)
    most_s = _LATE_S * max(1.0, stage.scale)
    expect(statistics.median(late_s) <= most_s, f"deadlines at most {most_s:g} s late", late_s)


@check
def expired_work_is_not_begun(stage: Stage) -> None:
    """Work whose deadline passed while it waited is not begun; work in time is, and its answer counts."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    endpoint.send_message({"n": 0, "do": "hold"})
    stage.wait(service.entered, "the service to begin")
    expired = [endpoint.send_request({"n": n}, deadline_s=0.02) for n in range(1, 11)]
    in_time = endpoint.send_request({"n": 11}, deadline_s=4 * stage.wait_s)
    for reply in expired:
        expect(isinstance(outcome(reply, stage.wait_s), DeadlineExceeded), "DeadlineExceeded", outcome(reply, 0))
    endpoint.ping().result(stage.wait_s)
    service.gate.set()
    expect(outcome(in_time, stage.wait_s) == {"n": 11}, "the answer to 11", outcome(in_time, 0))
    expect(service.begun == [0, 11], "the expired requests not begun", service.begun)


@check
def late_answer_is_dropped(stage: Stage) -> None:
    """An answer that comes after the deadline is dropped, and disturbs no later request."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    outcome(endpoint.send_request({"n": 0}), stage.wait_s)  # or the deadline might pass while it connects
    reply = endpoint.send_request({"n": 1, "do": "hold"}, deadline_s=0.2 * stage.scale)
    stage.wait(service.entered, "the service to begin")
    expect(isinstance(outcome(reply, stage.wait_s), DeadlineExceeded), "DeadlineExceeded", outcome(reply, 0))
    service.gate.set()
    expect(outcome(endpoint.send_request({"n": 2}), stage.wait_s) == {"n": 2}, "the answer to 2", "another")
    expect(isinstance(outcome(reply, 0), DeadlineExceeded), "DeadlineExceeded to stay", outcome(reply, 0))

"""Which changes wait: what was cancelled, was taken, or is of a client that has left changes nothing any more."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from apvserver.data.model import DataModel
from apvserver.data.waiting_changes import WaitingChanges
from apvserver.vtk.base.errors import ExecutionInterrupted
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.quiet_sink import QuietSink
from ..harness.time_limits import scaled


class Change:
    """Stands for an IncomingCall."""

    def __init__(self, client: object = None) -> None:
        self.client = client
        self.over = False


def test_a_change_is_known_until_it_is_made() -> None:
    changes, change = WaitingChanges(), Change()
    assert not changes.overtake([1, 2])
    changes.arrived(change, frozenset({2, 3}))  # type: ignore[arg-type]
    assert changes.overtake([1, 2]) and not changes.overtake([1]) and not changes.overtake([])
    changes.taken(change)  # type: ignore[arg-type]
    assert not changes.overtake([1, 2])


def test_what_was_cancelled_and_who_has_left_change_nothing() -> None:
    changes, mine = WaitingChanges(), object()
    cancelled, of_mine, of_other = Change(), Change(mine), Change(object())
    for number, change in enumerate((cancelled, of_mine, of_other)):
        changes.arrived(change, frozenset({number}))  # type: ignore[arg-type]
    cancelled.over = True
    changes.left(mine)  # type: ignore[arg-type]
    assert [changes.overtake([number]) for number in range(3)] == [False, False, True]


def held_contour() -> tuple[Pipeline, Executor]:
    pipeline = Pipeline()
    pipeline.create(1, "RTAnalyticSource")
    pipeline.create(2, "ContourFilter", {"Values": [157.0]}, {"Input": [(1, 0)]})
    return pipeline, Executor()


def execute(pipeline: Pipeline, executor: Executor, do: Any, **options: Any) -> None:
    """Execute 2, and do something on another thread while 1 executes."""

    def on_progress(step: Any) -> None:
        if step.proxy_id == 1 and step.state == "started":
            thread = threading.Thread(target=do)
            thread.start()
            thread.join(scaled(30))

    executor.execute(pipeline, 2, on_progress=on_progress, **options)


def test_only_the_execution_that_was_meant_is_interrupted() -> None:
    pipeline, executor = held_contour()
    first, second = object(), object()
    execute(pipeline, executor, lambda: executor.interrupt(second), purpose=first)
    assert describe_output(pipeline.algorithm(2))["points"] > 0
    pipeline.touch(1)
    with pytest.raises(ExecutionInterrupted):
        execute(pipeline, executor, lambda: executor.interrupt(first), purpose=first)
    executor.interrupt(first)  # it is over
    execute(pipeline, executor, lambda: None, purpose=second)


def test_only_an_execution_that_depends_on_a_change_is_interrupted() -> None:
    pipeline, executor = held_contour()
    execute(pipeline, executor, lambda: executor.interrupt_if_depends({3}), depends_on=frozenset({1, 2}))
    pipeline.touch(1)
    with pytest.raises(ExecutionInterrupted):
        execute(pipeline, executor, lambda: executor.interrupt_if_depends({1}), depends_on=frozenset({1, 2}))
    executor.interrupt_if_depends({1})  # nothing executes
    execute(pipeline, executor, lambda: None, depends_on=frozenset({1, 2}))


def test_what_is_interrupted_in_the_last_moment_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the last look and the begin of an algorithm that could not be stopped later."""
    pipeline, executor, begun = Pipeline(), Executor(), list[int]()
    pipeline.create(1, "SphereSource")
    pipeline.create(2, "ProgrammableFilter", inputs={"Input": [(1, 0)]})
    pipeline.algorithm(2).SetExecuteMethod(lambda: begun.append(2))

    def prepared(_proxy: object, algorithm: Any, _time: float | None) -> None:
        if algorithm is pipeline.algorithm(2):
            executor.interrupt()

    monkeypatch.setattr("apvserver.vtk.pipeline.execution.prepared", prepared)
    with pytest.raises(ExecutionInterrupted, match="ProgrammableFilter"):
        executor.execute(pipeline, 2)
    assert begun == []
    monkeypatch.undo()
    executor.execute(pipeline, 2)
    assert begun == [2]


def test_bringing_up_to_date_what_is_shown_is_interrupted_by_its_own_request_only() -> None:
    mine, others = object(), object()
    cancelled: list[object] = []

    def on_progress(step: dict[str, Any]) -> None:
        if step["state"] == "started" and cancelled:
            thread = threading.Thread(target=model.interrupt, args=(cancelled.pop(),))
            thread.start()
            thread.join(scaled(30))

    model = DataModel(QuietSink(on_progress))
    model.update([{"id": 1, "type": "Wavelet", "properties": {}, "inputs": {}, "objects": {}}])
    model.representations.show(10, view=5, source=(1, 0), properties={"Representation": "Outline"})
    cancelled.append(mine)
    assert not model.representations.refresh(mine)
    cancelled.append(others)
    assert model.representations.refresh(mine) and not cancelled
    model.close()

"""Executing pipelines: only what is out of date, with progress, interruption and errors that stay."""

import itertools
import threading
from typing import Any

import pytest
from vtkmodules.vtkFiltersProgrammable import vtkProgrammableFilter

from apvserver.vtk.base.errors import ExecutionFailed, ExecutionInterrupted, UnknownProxy
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.progress import ProgressStep
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.time_limits import scaled

# Points and triangles of the isosurface 157 of the default wavelet; ContourFilter and FlyingEdges3D agree on them.
WAVELET_CONTOUR = (2856, 5504)


class Recorder:
    """Keeps the progress steps and messages of executions."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.executor = Executor()
        self.steps: list[ProgressStep] = []
        self.last: list[tuple[int, str]] = []
        self.messages: list[Message] = []

    def execute(self, id: int, **options: Any) -> list[tuple[int, str]]:
        """Execute and return the (proxy id, state) pairs of this execution."""
        first = len(self.steps)
        try:
            self.executor.execute(
                self.pipeline, id, on_progress=self.steps.append, on_message=self.messages.append, **options
            )
        finally:
            self.last = [(step.proxy_id, step.state) for step in self.steps[first:] if step.state != "running"]
        return self.last


@pytest.fixture
def wavelet() -> Recorder:
    """1 an image, 2 its contour, 3 its outline."""
    pipeline = Pipeline()
    pipeline.create(1, "RTAnalyticSource")
    pipeline.create(2, "ContourFilter", {"Values": [157.0]}, {"Input": [(1, 0)]})
    pipeline.create(3, "OutlineFilter", inputs={"Input": [(1, 0)]})
    return Recorder(pipeline)


def executed(*ids: int) -> list[tuple[int, str]]:
    return [(id, state) for id in ids for state in ("started", "finished")]


def test_only_what_is_out_of_date_is_executed(wavelet: Recorder) -> None:
    assert wavelet.execute(2) == executed(1, 2)
    assert wavelet.execute(2) == []
    assert wavelet.execute(3) == executed(3)
    wavelet.pipeline.modify(2, {"Values": [100.0, 157.0]})
    assert wavelet.execute(2) == executed(2)
    wavelet.pipeline.modify(2, {"Values": [100.0, 157.0]})
    assert wavelet.execute(2) == []
    wavelet.pipeline.touch(1)
    assert wavelet.execute(3) == executed(1, 3)
    assert wavelet.execute(2) == executed(2)


def test_the_contour_of_a_wavelet_has_the_known_size(wavelet: Recorder) -> None:
    wavelet.execute(2)
    found = describe_output(wavelet.pipeline.algorithm(2))
    assert (found["points"], found["cells"]) == WAVELET_CONTOUR
    wavelet.pipeline.modify(1, {"WholeExtent": (-5, 5, -5, 5, -5, 5)})
    wavelet.execute(2)
    assert 0 < describe_output(wavelet.pipeline.algorithm(2))["points"] < WAVELET_CONTOUR[0]


def test_reconnecting_makes_out_of_date(wavelet: Recorder) -> None:
    wavelet.execute(2)
    wavelet.pipeline.create(4, "RTAnalyticSource", {"Maximum": 100.0})
    wavelet.pipeline.connect(2, {"Input": [(4, 0)]})
    assert wavelet.execute(2) == executed(4, 2)


def test_an_unknown_proxy(wavelet: Recorder) -> None:
    with pytest.raises(UnknownProxy):
        wavelet.execute(99)


def test_a_time_is_asked_for_all_the_way_up() -> None:
    pipeline = Pipeline()
    pipeline.create(1, "SpatioTemporalHarmonicsSource")
    pipeline.create(2, "OutlineFilter", inputs={"Input": [(1, 0)]})
    recorder = Recorder(pipeline)
    ranges = []
    for time in (0.0, 3.0, 0.0):
        assert recorder.execute(2, time=time) == executed(1, 2)
        ranges.append(describe_output(pipeline.algorithm(1))["arrays"][0]["ranges"])
    assert ranges[0] == ranges[2] != ranges[1]
    assert recorder.execute(2, time=0.0) == []


def test_a_wrong_input_type_is_told_before_vtk_runs() -> None:
    pipeline = Pipeline()
    pipeline.create(1, "SphereSource")
    pipeline.create(2, "FlyingEdges3D", inputs={"Input": [(1, 0)]})
    recorder = Recorder(pipeline)
    with pytest.raises(ExecutionFailed, match="takes a vtkImageData, and there is a vtkPolyData; Resample") as caught:
        recorder.execute(2)
    assert (caught.value.proxy_id, caught.value.type_name) == (2, "vtkFlyingEdges3D")
    assert recorder.last == [*executed(1), (2, "failed")]
    assert recorder.messages == [Message("error", 2, "vtkFlyingEdges3D", caught.value.messages[0])]


def test_a_missing_input_is_an_error() -> None:
    pipeline = Pipeline()
    pipeline.create(1, "ContourFilter")
    with pytest.raises(ExecutionFailed, match="it has no input: set Input"):
        Executor().execute(pipeline, 1)


def test_a_failure_is_remembered_until_something_changes() -> None:
    pipeline = Pipeline()
    pipeline.create(1, "XMLImageDataReader", {"FileName": "/nowhere.vti"})
    pipeline.create(2, "ContourFilter", inputs={"Input": [(1, 0)]})
    recorder = Recorder(pipeline)
    for _ in range(3):
        with pytest.raises(ExecutionFailed, match=r"^XMLImageDataReader \(proxy 1\) failed: .*Error opening file"):
            recorder.execute(2)
    assert [step.state for step in recorder.steps] == ["failed"]
    pipeline.modify(1, {"FileName": "/elsewhere.vti"})
    with pytest.raises(ExecutionFailed, match="elsewhere"):
        recorder.execute(2)
    pipeline.touch(1)
    with pytest.raises(ExecutionFailed, match="elsewhere"):
        recorder.execute(2)
    assert [step.state for step in recorder.steps] == ["failed"] * 3


def test_a_failure_upstream_is_cured_by_a_correct_input() -> None:
    pipeline = Pipeline()
    pipeline.create(1, "SphereSource")
    pipeline.create(2, "RTAnalyticSource")
    pipeline.create(3, "FlyingEdges3D", {"Values": [157.0]}, {"Input": [(1, 0)]})
    recorder = Recorder(pipeline)
    with pytest.raises(ExecutionFailed):
        recorder.execute(3)
    pipeline.connect(3, {"Input": [(2, 0)]})
    assert recorder.execute(3) == executed(2, 3)
    assert describe_output(pipeline.algorithm(3))["points"] == WAVELET_CONTOUR[0]


def test_an_exception_in_a_programmable_filter_is_a_failure() -> None:
    pipeline = Pipeline()
    pipeline.create(1, "SphereSource")
    pipeline.create(2, "ProgrammableFilter", inputs={"Input": [(1, 0)]})
    algorithm: vtkProgrammableFilter = pipeline.algorithm(2)
    method: Any = lambda: 1 / 0  # noqa: E731
    algorithm.SetExecuteMethod(method)
    with pytest.raises(ExecutionFailed, match="ZeroDivisionError: division by zero"):
        Executor().execute(pipeline, 2)


def test_progress_is_throttled_and_never_falls() -> None:
    pipeline = Pipeline()
    pipeline.create(1, "PointSource", {"NumberOfPoints": 3000, "Radius": 0.5})
    pipeline.create(2, "Delaunay3D", inputs={"Input": [(1, 0)]})
    ticks = itertools.count()
    steps: list[ProgressStep] = []
    Executor(clock=lambda: next(ticks) * 0.03).execute(pipeline, 2, on_progress=steps.append)
    mine = [step for step in steps if step.proxy_id == 2]
    assert [mine[0].state, mine[-1].state] == ["started", "finished"]
    assert (mine[0].fraction, mine[-1].fraction) == (None, 1.0)
    fractions = [step.fraction for step in mine[1:] if step.fraction is not None]
    assert fractions == sorted(fractions) and len(fractions) > 3
    steps.clear()
    pipeline.touch(2)
    Executor(clock=lambda: 0.0).execute(pipeline, 2, on_progress=steps.append)
    assert [step.state for step in steps] == ["started", "finished"]


def test_an_exception_of_a_callback_comes_out(wavelet: Recorder) -> None:
    def refuse(_step: ProgressStep) -> None:
        raise LookupError("not interested")

    with pytest.raises(LookupError, match="not interested"):
        wavelet.executor.execute(wavelet.pipeline, 2, on_progress=refuse)
    assert wavelet.execute(2)[-1] == (2, "finished")


def test_whether_it_is_cancelled_is_asked_between_algorithms(wavelet: Recorder) -> None:
    answers = iter([None, "enough"])
    with pytest.raises(ExecutionInterrupted, match=r"interrupted at vtkContourFilter \(proxy 2\)"):
        wavelet.execute(2, cancelled=lambda: next(answers))
    assert wavelet.last == executed(1)
    assert wavelet.execute(2) == executed(2)


def test_an_interrupt_without_execution_does_nothing(wavelet: Recorder) -> None:
    wavelet.executor.interrupt()
    assert wavelet.execute(2) == executed(1, 2)


def interrupt_when_started(recorder: Recorder, id: int, target: int) -> None:
    """Interrupt from another thread as soon as `target` has started, while it is held there."""

    def on_progress(step: ProgressStep) -> None:
        recorder.steps.append(step)
        if step.proxy_id == target and step.state == "started":
            thread = threading.Thread(target=recorder.executor.interrupt)
            thread.start()
            thread.join(scaled(30))

    recorder.executor.execute(recorder.pipeline, id, on_progress=on_progress)


def test_an_abortable_algorithm_is_aborted_and_executes_again(wavelet: Recorder) -> None:
    with pytest.raises(ExecutionInterrupted, match="vtkRTAnalyticSource"):
        interrupt_when_started(wavelet, 2, target=1)
    assert [(step.proxy_id, step.state) for step in wavelet.steps][-1] == (1, "interrupted")
    assert not wavelet.pipeline.algorithm(1).GetAbortExecute()
    assert wavelet.execute(2) == executed(1, 2)
    assert describe_output(wavelet.pipeline.algorithm(2))["points"] == WAVELET_CONTOUR[0]


def test_any_other_algorithm_is_finished_and_nothing_after_it_is_started() -> None:
    pipeline = Pipeline()
    pipeline.create(1, "RTAnalyticSource")
    pipeline.create(2, "FlyingEdges3D", {"Values": [157.0]}, {"Input": [(1, 0)]})
    pipeline.create(3, "OutlineFilter", inputs={"Input": [(2, 0)]})
    recorder = Recorder(pipeline)
    with pytest.raises(ExecutionInterrupted, match=r"vtkOutlineFilter \(proxy 3\)"):
        interrupt_when_started(recorder, 3, target=2)
    assert not pipeline.algorithm(2).GetAbortExecute()
    assert recorder.execute(3) == executed(3)
    assert describe_output(pipeline.algorithm(2))["points"] == WAVELET_CONTOUR[0]


def test_two_executors_in_two_threads_keep_their_messages_apart() -> None:
    found: dict[int, list[str]] = {}

    def run(number: int) -> None:
        pipeline = Pipeline()
        pipeline.create(number, "XMLImageDataReader", {"FileName": f"/{number}.vti"})
        texts: list[str] = []
        for _ in range(20):
            pipeline.touch(number)
            with pytest.raises(ExecutionFailed) as caught:
                Executor().execute(pipeline, number)
            texts.extend(caught.value.messages)
        found[number] = texts

    threads = [threading.Thread(target=run, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(scaled(60))
    for number in (1, 2):
        assert len(found[number]) == 20
        assert all(f"/{number}.vti" in text for text in found[number] if "opening" in text)

"""An execution fails by VTK's messages of its own threads: its own one, and those that VTK begins for it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any, Final

import pytest
from vtkmodules.vtkCommonCore import vtkSMPTools

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message, capture
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.catalog import construct

from ..harness.time_limits import scaled

FEW: Final = "vtkImageRGBToHSV: Input has too few components"
"""What VTK's worker threads say, each for its part of the image."""


@pytest.fixture(params=["STDThread", "Sequential"])
def smp(request: pytest.FixtureRequest) -> Iterator[str]:
    """VTK's way to spread work, with four threads where there are any."""
    before = vtkSMPTools.GetBackend()
    vtkSMPTools.SetBackend(request.param)
    vtkSMPTools.Initialize(4)
    yield str(request.param)
    vtkSMPTools.SetBackend(before)
    vtkSMPTools.Initialize(0)


def failing(smp_enabled: bool) -> Pipeline:
    pipeline = Pipeline()
    pipeline.create(1, "RTAnalyticSource", {"WholeExtent": (0, 40, 0, 40, 0, 40)})
    pipeline.create(2, "ImageRGBToHSV", inputs={"Input": [(1, 0)]})
    pipeline.algorithm(2).SetEnableSMP(smp_enabled)
    pipeline.algorithm(2).SetNumberOfThreads(4)
    return pipeline


@pytest.mark.usefixtures("smp")
@pytest.mark.parametrize("smp_enabled", [True, False])
def test_an_error_of_a_thread_of_vtk_is_that_of_the_execution(smp_enabled: bool) -> None:
    with pytest.raises(ExecutionFailed) as caught:
        Executor().execute(failing(smp_enabled), 2)
    assert set(caught.value.messages) == {FEW}


@pytest.mark.usefixtures("smp")
def test_an_error_of_another_thread_of_the_program_is_not(caplog: pytest.LogCaptureFixture) -> None:
    """While the execution is held in VTK, another thread has its own VTK fail, in worker threads and in itself."""
    pipeline, messages = Pipeline(), list[Message]()
    pipeline.create(1, "SphereSource")
    pipeline.create(2, "ProgrammableFilter", inputs={"Input": [(1, 0)]})

    def fail() -> None:
        reader = construct("XMLImageDataReader")
        reader.SetFileName("/nowhere/mine.vti")
        reader.Update()

    def work() -> None:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join(scaled(30))

    pipeline.algorithm(2).SetExecuteMethod(work)
    Executor().execute(pipeline, 2, on_message=messages.append)
    assert messages == []
    assert "Error opening file /nowhere/mine.vti" in caplog.text


@pytest.mark.usefixtures("smp")
def test_an_error_of_the_main_thread_is_not_that_of_a_service(caplog: pytest.LogCaptureFixture) -> None:
    inside, done, failures = threading.Event(), threading.Event(), list[BaseException]()
    pipeline = Pipeline()
    pipeline.create(1, "SphereSource")
    pipeline.create(2, "ProgrammableFilter", inputs={"Input": [(1, 0)]})

    def work() -> None:
        inside.set()
        done.wait(scaled(30))

    def serve() -> None:
        try:
            Executor().execute(pipeline, 2)
        except BaseException as error:
            failures.append(error)

    pipeline.algorithm(2).SetExecuteMethod(work)
    service = threading.Thread(target=serve)
    service.start()
    assert inside.wait(scaled(30))
    reader = construct("XMLImageDataReader")
    reader.SetFileName("/nowhere/main.vti")
    reader.Update()
    done.set()
    service.join(scaled(30))
    assert failures == []
    assert "Error opening file /nowhere/main.vti" in caplog.text


def test_where_several_execute_a_message_of_nobody_known_warns_each_and_fails_none(smp: str) -> None:
    reports: dict[str, Any] = {}
    entered, left = threading.Barrier(3, timeout=scaled(30)), threading.Barrier(3, timeout=scaled(30))

    def hold(name: str) -> None:
        with capture() as captured:
            entered.wait()
            left.wait()
        reports[name] = captured.reports

    threads = [threading.Thread(target=hold, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    entered.wait()
    image = construct("RTAnalyticSource")
    image.SetWholeExtent(0, 40, 0, 40, 0, 40)
    broken = construct("ImageRGBToHSV")
    broken.SetInputConnection(image.GetOutputPort())
    broken.SetEnableSMP(True)
    broken.Update()  # no capture here: only what VTK's own threads say can be anybody's
    left.wait()
    for thread in threads:
        thread.join(scaled(30))
    told = reports["one"]
    assert told == reports["two"] and {report.severity for report in told} <= {"warning"}
    if smp == "STDThread":
        assert {report.text for report in told} == {f"one of the 2 that execute at once has had a VTK error: {FEW}"}


def test_threads_of_vtk_are_known_even_after_python_has_seen_them() -> None:
    """Logging gives them an entry in Python's list of threads."""
    code = (
        "import logging, threading\n"
        "from vtkmodules.vtkCommonCore import vtkSMPTools\n"
        "from apvserver.vtk.base import vtk_messages as m\n"
        "from apvserver.vtk.types.catalog import construct\n"
        "vtkSMPTools.SetBackend('STDThread'); vtkSMPTools.Initialize(4)\n"
        "image = construct('RTAnalyticSource'); image.SetWholeExtent(0, 40, 0, 40, 0, 40)\n"
        "broken = construct('ImageRGBToHSV'); broken.SetInputConnection(image.GetOutputPort())\n"
        "broken.SetEnableSMP(True); logging.basicConfig(); m.install(); broken.Update()\n"
        "with m.capture() as captured:\n"
        "    broken.Modified(); broken.Update()\n"
        "assert captured.errors and set(captured.errors) == {'vtkImageRGBToHSV: Input has too few components'}\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=scaled(60))
    assert done.returncode == 0, done.stderr

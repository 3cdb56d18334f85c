"""The synchronous face: the same names and values, blocking, in programs, threads, and beside a loop that runs."""

from __future__ import annotations

import asyncio
import inspect
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import servermanager
from async_paraview.information import DataInformation
from servermanager import sync
from servermanager.sync.loop_thread import LoopThread
from services_core import Closed, RemoteError

from ..harness.apvtest import BACKENDS, Program, Server, pixels, poll
from ..harness.time_limits import scaled


@pytest.fixture(params=BACKENDS)
def session(request: pytest.FixtureRequest) -> Iterator[Any]:
    with sync.connect(backend=request.param) as opened:
        yield opened


@pytest.fixture
def built_in() -> Iterator[Any]:
    with sync.connect(backend="inproc") as opened:
        yield opened


def contour_of(session: Any, value: float = 160.0) -> Any:
    wavelet = session.sources.Wavelet()
    return session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[value])


def slow(session: Any) -> Any:
    return session.filters.Delaunay3D(Input=session.sources.PointSource(NumberOfPoints=1_000_000, Radius=0.5))


def test_values_are_those_of_the_asynchronous_face(session: Any, tmp_path: Path) -> None:
    async def awaited() -> tuple[DataInformation, Any]:
        async with servermanager.connect(backend="inproc") as other:
            wavelet = other.sources.Wavelet()
            contour = other.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[160.0])
            return await contour.update_pipeline(), await contour.fetch()

    expected, data = asyncio.run(awaited())
    contour = contour_of(session)
    information = contour.update_pipeline()
    assert information.number_of_points == expected.number_of_points > 1000
    assert information.bounds == expected.bounds
    assert np.array_equal(contour.fetch().points, data.points)
    assert contour.Isosurfaces == [160.0] or contour.Isosurfaces == 160.0
    assert contour.ComputeScalars
    assert session.save_data(tmp_path / "contour.vtp", contour) == (tmp_path / "contour.vtp").stat().st_size
    view = session.views.RenderView(ViewSize=[160, 120])
    session.show(contour, view, Color=[1.0, 0.0, 0.0])
    image = pixels(view.screenshot().data)
    assert image.shape == (120, 160, 3)
    assert (image[:, :, 0].astype(int) > image[:, :, 1].astype(int) + 60).any()


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_server_elsewhere(backend: str) -> None:
    with Server(backend) as server, sync.connect(server.url) as session:
        assert session.about["url"] == server.url
        assert session.sources.Wavelet().update_pipeline().number_of_points == 9261


def test_what_is_the_same_is_the_same(built_in: Any) -> None:
    contour = contour_of(built_in)
    assert built_in.proxies.find_source("Contour1") is contour
    assert built_in.proxies.active.source is contour
    assert contour.Input.proxy is built_in.proxies.find_source("Wavelet1")
    assert contour.Input == contour.Input and hash(contour.Input) == hash(contour.Input)
    assert contour != contour.Input.proxy
    assert contour.session is built_in
    assert [one.type_name for one in built_in.proxies] == ["Wavelet", "Contour"] and len(built_in.proxies) == 2


def test_names_and_values_are_checked_where_they_are_written(built_in: Any) -> None:
    contour = contour_of(built_in)
    with pytest.raises(AttributeError, match="did you mean Isosurfaces"):
        contour.Isosurface = [1.0]
    with pytest.raises(TypeError, match="ComputeScalars"):
        contour.ComputeScalars = "perhaps"
    with pytest.raises(RemoteError, match="Contor"):
        built_in.filters.Contor()
    with pytest.raises(AttributeError, match="Radios"):
        built_in.sources.Sphere(Radios=1.0)
    assert [one.type_name for one in built_in.proxies] == ["Wavelet", "Contour"]


def test_an_error_keeps_its_type_and_shows_the_line_of_the_caller_first(built_in: Any) -> None:
    calculator = built_in.filters.Calculator(Input=built_in.sources.Wavelet(), Function="no_such_array * 2")
    with pytest.raises(RemoteError, match="no_such_array") as caught:
        calculator.update_pipeline()
    first = traceback.extract_tb(caught.value.__traceback__)[0]
    assert (first.filename, first.line) == (__file__, "calculator.update_pipeline()")


def test_streams_are_iterators(built_in: Any) -> None:
    wavelet = built_in.sources.Wavelet()
    rows = [len(page) for page in built_in.rows(wavelet, rows_per_page=4000)]
    assert rows == [4000, 4000, 1261]
    view = built_in.views.RenderView(ViewSize=[64, 48])
    built_in.show(wavelet, view, Representation="Surface")
    with view.images(format="png") as images:
        still = next(image for image in images if image.still)
    assert (still.width, still.height) == (64, 48)
    angles: list[float] = []
    frames = list(view.frames(count=3, change=angles.append))
    assert [frame.index for frame in frames] == [0, 1, 2] and angles == [0.0, 0.5, 1.0]


def test_items_are_told_to_a_function_that_may_make_any_call(built_in: Any) -> None:
    contour = contour_of(built_in)
    told: list[tuple[str, int]] = []

    def tell(step: Any) -> None:
        if step.name == "Contour" and step.state == "finished":
            told.append((step.name, contour.update_pipeline().number_of_points))

    end = built_in.progress().each(tell)
    points = contour.update_pipeline().number_of_points
    poll(lambda: told, what="a step that is told")
    end()
    assert set(told) == {("Contour", points)}


def test_a_stream_ends_with_its_session() -> None:
    session = sync.connect(backend="inproc")
    steps = session.progress()
    closing = threading.Timer(0.2, session.close)
    closing.start()
    assert list(steps) == []
    closing.join()
    assert list(steps) == []


def test_a_callback_in_the_loop_may_set_and_read_but_not_wait(built_in: Any) -> None:
    contour, seen = contour_of(built_in), []

    def changed(proxy: Any, name: str, _before: Any, after: Any) -> None:
        if proxy is contour and name == "Isosurfaces":
            contour.ComputeNormals = 0
            with pytest.raises(RuntimeError, match=r"Contour.update_pipeline\(\) waits for the server"):
                contour.update_pipeline()
            with pytest.raises(RuntimeError, match="it would wait for itself"):
                contour.fetch()
            seen.append((name, after, contour.ComputeNormals))

    end = built_in.watch_proxies(changed)
    contour.Isosurfaces = [150.0]
    end()
    contour.Isosurfaces = [140.0]
    assert seen == [("Isosurfaces", [150.0], 0)] or seen == [("Isosurfaces", 150.0, 0)]
    assert contour.update_pipeline().number_of_points > 1000


def test_a_call_has_as_long_as_it_was_given(session: Any) -> None:
    filter_ = slow(session)
    session.timeout_s = 0.3
    begun = time.monotonic()
    with pytest.raises(TimeoutError, match=r"Delaunay3D.update_pipeline\(\) was given up after 0.3 s"):
        filter_.update_pipeline()
    session.timeout_s = None
    assert session.sources.Wavelet().update_pipeline().number_of_points == 9261
    with pytest.raises(TimeoutError), sync.timeout(60), sync.timeout(0.3):
        filter_.update_pipeline()
    assert time.monotonic() - begun < scaled(20)
    with sync.timeout(scaled(60)):
        assert session.sources.Sphere().update_pipeline().number_of_points == 50
    with pytest.raises(ValueError, match="0 seconds or more"), sync.timeout(-1):
        pass


def test_a_timeout_is_also_that_of_connecting() -> None:
    with pytest.raises(TimeoutError, match=r"connect\(\)"):
        sync.connect(backend="zmq", timeout_s=0.01)


def test_other_threads_use_it(built_in: Any) -> None:
    counts: dict[int, int] = {}

    def use(number: int) -> None:
        counts[number] = built_in.sources.Sphere(ThetaResolution=number).update_pipeline().number_of_points

    threads = [threading.Thread(target=use, args=(number,)) for number in (4, 5, 6, 7)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(scaled(30))
    assert counts == {number: number * 6 + 2 for number in (4, 5, 6, 7)}


def test_a_loop_may_run_in_the_thread_that_calls() -> None:
    async def notebook() -> int:
        with sync.connect(backend="inproc") as session:
            return int(session.sources.Wavelet().update_pipeline().number_of_points)

    assert asyncio.run(notebook()) == 9261


def test_help_and_completion_teach(built_in: Any) -> None:
    contour = contour_of(built_in)
    assert {"Isosurfaces", "update_pipeline", "fetch"} <= set(dir(contour))
    assert {"save_data", "open", "sources", "timeout_s"} <= set(dir(built_in))
    assert {"Contour", "Slice"} <= set(dir(built_in.filters))
    assert list(inspect.signature(built_in.save_data).parameters)[:3] == ["path", "source", "time"]
    assert "Write an output to a file" in (inspect.getdoc(built_in.save_data) or "")
    assert inspect.signature(built_in.rows).return_annotation == "Iterator[Rows]"
    assert inspect.signature(contour.update_pipeline).return_annotation == "DataInformation"
    assert "Isosurfaces" in inspect.signature(built_in.filters.Contour).parameters
    assert "Isosurfaces" in built_in.filters.Contour.__doc__
    assert "Isosurfaces" in contour.__doc__
    assert {"url", "backend", "timeout_s"} <= set(inspect.signature(sync.connect).parameters)


def test_after_the_end_local_values_are_there_and_calls_say_that_it_was_closed() -> None:
    with sync.connect(backend="inproc") as session:
        contour = contour_of(session)
        contour.update_pipeline()
    assert contour.Input.proxy.type_name == "Wavelet" and "Contour" in repr(contour)
    with pytest.raises(Closed, match=r"Contour.update_pipeline\(\): its session was closed"):
        contour.update_pipeline()
    session.close()
    assert not [one for one in threading.enumerate() if one.name.startswith("session-")]


def test_closing_ends_what_other_threads_wait_for() -> None:
    session = sync.connect(backend="inproc")
    filter_, errors = slow(session), []

    def wait() -> None:
        try:
            filter_.update_pipeline()
        except Exception as error:
            errors.append(type(error).__name__)

    waiting = threading.Thread(target=wait)
    with session.progress() as steps:
        waiting.start()
        next(step for step in steps if step.name == "Delaunay3D")
    session.close(0.1)
    waiting.join(scaled(10))
    assert errors and set(errors) <= {"Closed", "ConnectionLost"}


def test_a_loop_that_ends_leaves_nobody_waiting() -> None:
    thread = LoopThread("tried")
    outcomes: list[Exception] = []

    async def forever() -> None:
        await asyncio.Event().wait()

    def wait() -> None:
        begun.set()
        try:
            thread.do("waiting", forever)
        except Closed as error:
            outcomes.append(error)

    begun = threading.Event()
    waiting = threading.Thread(target=wait)
    waiting.start()
    begun.wait(scaled(5))
    thread.stop()
    waiting.join(scaled(5))
    with pytest.raises(Closed, match="something"):
        thread.do("something", lambda: 1)
    assert len(outcomes) == 1 and thread.ended


FORGOTTEN = """
import sys
from servermanager import sync
session = sync.connect(backend=sys.argv[1])
contour = session.filters.Contour(Input=session.sources.Wavelet(), Isosurfaces=[160.0], ContourBy=("POINTS", "RTData"))
print(contour.update_pipeline().number_of_points > 1000, flush=True)
"""


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_forgotten_session_ends_without_noise(backend: str, tmp_path: Path) -> None:
    script = tmp_path / "forgotten.py"
    script.write_text(FORGOTTEN)
    with Program("-W", "error", str(script), backend) as program:
        assert program.wait(deadline_s=40) == 0
        assert (program.output, program.errors) == ("True\n", "")
        poll(lambda: not program.workers(), what="the end of its worker")


def test_a_session_that_is_used_no_more_is_closed() -> None:
    sync.connect(backend="inproc").sources.Sphere().update_pipeline()

    def threads() -> list[str]:
        return [one.name for one in threading.enumerate() if one.name.startswith(("session-", "closing-"))]

    poll(lambda: not threads(), what="the end of a session that nobody has")


INTERRUPTED = """
import sys, time
from servermanager import sync
with sync.connect(backend=sys.argv[1]) as session:
    slow = session.filters.Delaunay3D(Input=session.sources.PointSource(NumberOfPoints=1_000_000, Radius=0.5))
    begun = time.monotonic()
    session.progress().each(lambda step: step.name == "Delaunay3D" and print(step.state, flush=True))
    try:
        slow.update_pipeline()
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    print(session.sources.Wavelet().update_pipeline().number_of_points, slow.stale, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT that could be sent to one process")
@pytest.mark.parametrize("backend", BACKENDS)
def test_control_c_interrupts_the_filter_and_the_session_stays(backend: str, tmp_path: Path) -> None:
    script = tmp_path / "interrupted.py"
    script.write_text(INTERRUPTED)
    with Program(str(script), backend) as program:
        program.wait_for("started|running")
        program.signal(signal.SIGINT)
        program.wait_for("interrupted")
        program.wait_for("9261")
        assert program.wait(deadline_s=40) == 0, program.errors
        assert program.errors == ""

"""Ranks are started by launchers, end with their session, and are named when they die; interrupts leave them alike."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from apvserver.settings import NICENESS
from servermanager import sync
from services_core import ServiceCrashed, ServicesError

from ..harness.apvtest import Program, Server, poll, run
from ..harness.sessions_of_ranks import has_mpi, large_vectors, open_session
from ..harness.time_limits import scaled
from ..reliability.test_priorities import thread_niceness

pytestmark = pytest.mark.skipif(
    not has_mpi() or sys.platform == "win32", reason="mpi4py or mpiexec is not installed (async-paraview[mpi])"
)

LAUNCHER = str(Path(sys.executable).parent / "mpiexec")
REPLACED = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"
"""A program that becomes another one."""

SCRIPT = """\
from servermanager import connect

async with connect() as session:
    surface = session.filters.Contour(Input=session.sources.Wavelet(), Isosurfaces=[157.0909])
    found = await surface.update_pipeline()
    print("ranks", len(found.raw["ranks"]), "cells", found.number_of_cells)
"""


def ranks_of(server: Any) -> list[psutil.Process]:
    """The processes that compute: those that a launcher has started for a session."""
    return [one for one in server.workers() if one.name().startswith("python")]


def test_a_script_runs_on_the_ranks_of_a_launcher(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    parallel = [LAUNCHER, "-n", "2", sys.executable, "-m", "apvpython", "--mpi", str(script)]
    with Program("-c", REPLACED, *parallel, APV_VTK_THREADS="1") as program:
        assert program.wait(deadline_s=90) == 0, program.errors
        alone = run("apvpython", "-c", SCRIPT.replace('len(found.raw["ranks"])', "1"))
        assert program.output == alone.output.replace("ranks 1", "ranks 2")


def test_mpi_is_for_launchers() -> None:
    ended = run("apvpython", "--mpi", "-c", "print(1)")
    assert ended.code == 2
    assert "mpiexec -n 4 apvpython --mpi" in ended.errors


def test_threads_have_no_ranks() -> None:
    ended = run("apvserver", "--ranks", "2", "--backend", "inproc", "--server-port", "0")
    assert ended.code == 2
    assert "zmq" in ended.errors


def test_a_rank_that_dies_is_named_and_the_server_lives() -> None:
    serving = [LAUNCHER, "-n", "2", sys.executable, "-m", "apvserver", "--server-port", "0", "--vtk-threads", "1"]
    with Program("-c", REPLACED, *serving) as program:
        url = program.wait_for(r"ready at (tcp://\S+)")[1]
        with sync.connect(url) as session:
            source = session.sources.Wavelet()
            before = source.update_pipeline()
            assert len(before.raw["ranks"]) == 2
            victim = max(ranks_of(program), key=lambda one: one.pid)
            victim.kill()
            with pytest.raises(ServiceCrashed, match=r"PeerDied") as caught:
                poll(lambda: session.sources.Sphere().update_pipeline() is None, what="the death of a rank")
            assert caught.value.details["peer"]["pid"] == victim.pid
            assert caught.value.details["peer"]["rank"] in (0, 1)
            assert caught.value.details["signal"] == "SIGKILL"
            again = source.update_pipeline()  # a new job of ranks, which is told what there was
            assert again.raw["ranks"] == before.raw["ranks"]
        poll(lambda: not ranks_of(program), what="the end of the ranks")
        with sync.connect(url) as session:
            assert session.sources.Wavelet().update_pipeline().number_of_points == before.number_of_points


def test_ranks_are_confined_as_workers_are(tmp_path: Path) -> None:
    with (
        Server(None, "--ranks", "2", "--vtk-threads", "1", "--data-root", str(tmp_path)) as server,
        sync.connect(server.url) as session,
    ):
        surface = session.filters.Contour(Input=session.sources.Wavelet(), Isosurfaces=[157.0909])
        assert surface.update_pipeline().raw["in_pieces"]
        outside = session.sources.XMLImageDataReader(FileName="/etc/passwd")
        with pytest.raises(Exception, match=r"data root|below"):
            outside.update_pipeline()


def test_ranks_end_with_their_server() -> None:
    with Server(None, "--ranks", "2", "--vtk-threads", "1") as server:
        with sync.connect(server.url) as session:
            assert session.sources.Wavelet().update_pipeline().raw["in_pieces"]
            ranks = ranks_of(server)
            assert len(ranks) == 2
            if sys.platform == "linux":  # on each rank what executes gives way to what draws
                own = os.getpriority(os.PRIO_PROCESS, 0)
                for one in ranks:
                    assert {own, min(19, own + NICENESS)} <= set(thread_niceness(one.pid).values())
            server.signal(signal.SIGTERM)
            assert server.wait() == 0, server.errors
        psutil.wait_procs(ranks, scaled(10))
        assert not [one for one in ranks if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.deep
@pytest.mark.parametrize("behind", [None, "Connectivity"])
@pytest.mark.parametrize("ranks", [2, 4])
def test_after_interrupts_all_ranks_are_alike(ranks: int, behind: str | None) -> None:
    assert interrupted_at_random(ranks, times=12, size=96, behind=behind) >= 3


@pytest.mark.parametrize("behind", [None, "Connectivity"])
def test_an_interrupt_leaves_all_ranks_alike(behind: str | None) -> None:
    interrupted_at_random(2, times=2, size=64, behind=behind)


def interrupted_at_random(ranks: int, *, times: int, size: int, behind: str | None = None) -> int:
    """Interrupt a contour, or what is behind it, at random times; what is made after each is compared.

    Returns how often that hit.
    """
    chosen, hits = random.Random(19), 0
    with open_session(ranks) as session:
        source = session.sources.Wavelet(WholeExtent=[0, size, 0, size, 0, size])
        surface = session.filters.Contour(Input=source, Isosurfaces=[157.0909 if behind is None else 205.0])
        if behind is not None:
            surface = getattr(session.filters, behind)(Input=surface, ExtractionMode="Extract Largest Region")
        expected = surface.update_pipeline()
        assert expected.raw["in_pieces"]
        source.XFreq = 49.0
        begun = time.monotonic()
        surface.update_pipeline()  # the first took longer
        took_s = time.monotonic() - begun
        for number in range(times):
            source.XFreq = 50.0 + number
            surface.stop()
            surface.resume()
            hits += _interrupt(surface, chosen.uniform(0.0, took_s))
            source.XFreq = 60.0
            found = surface.update_pipeline()
            assert found.number_of_cells == expected.number_of_cells
            assert found.number_of_points == expected.number_of_points
            assert found.raw["ranks"] == expected.raw["ranks"]
    return hits


@pytest.mark.parametrize(
    ("ranks", "times"), [(2, 2), *(pytest.param(ranks, 12, marks=pytest.mark.deep) for ranks in (2, 4))]
)
def test_after_an_interrupt_lines_are_handed_over_as_before(ranks: int, times: int) -> None:
    chosen, hits = random.Random(20), 0
    with open_session(ranks) as session:
        lines = session.filters.StreamTracer(Input=large_vectors(session), Vectors=["POINTS", "Gradient"])
        lines.SeedType.Resolution, lines.MaximumSteps = 20, 400
        expected = lines.update_pipeline()
        assert expected.raw["handed_over"] > 0
        lines.MaximumSteps = 399
        begun = time.monotonic()
        lines.update_pipeline()
        took_s = time.monotonic() - begun
        for number in range(times):
            lines.MaximumSteps = 398 - number
            hits += _interrupt(lines, chosen.uniform(0.0, took_s))
            lines.MaximumSteps = 400
            found = lines.update_pipeline()
            assert found.raw["handed_over"] == expected.raw["handed_over"]
            assert found.number_of_points == expected.number_of_points
            assert [one.ranges for one in found.arrays] == [one.ranges for one in expected.arrays]
    assert hits > 0 or times < 12


def _interrupt(surface: Any, after_s: float) -> bool:
    stopping = threading.Timer(after_s, surface.stop)
    stopping.start()
    try:
        surface.update_pipeline()
    except ServicesError as error:
        if "stopped" in str(error) or "interrupted" in str(error):
            return True
        raise
    else:
        return False
    finally:
        stopping.join()
        surface.resume()

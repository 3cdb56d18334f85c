"""Filters give way to rendering: the niceness of the data service's thread, which VTK's own threads inherit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import pytest

from apvserver.settings import NICENESS
from apvserver.vtk.base.threads import yield_to_others
from servermanager import connect

from ..harness.apvtest import BACKENDS, Server, in_loop, with_settings
from ..harness.backends import crosses_processes
from ..harness.time_limits import scaled

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a niceness for each thread")


def niceness_of_a_thread() -> tuple[int, int]:
    """What a new thread is told, and what a thread has that it starts."""
    found: list[int] = []

    def inner() -> None:
        found.append(os.getpriority(os.PRIO_PROCESS, 0) if sys.platform == "linux" else found[0])

    def outer() -> None:
        found.append(yield_to_others())
        child = threading.Thread(target=inner)
        child.start()
        child.join()

    thread = threading.Thread(target=outer)
    thread.start()
    thread.join()
    return found[0], found[1]


@linux
@pytest.mark.parametrize("niceness", [NICENESS, 0, 12, 19])
def test_threads_that_vtk_starts_inherit_it(niceness: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(monkeypatch, vtk_niceness=niceness)
    before = os.getpriority(os.PRIO_PROCESS, 0)
    wanted = min(19, before + niceness)
    assert niceness_of_a_thread() == (wanted if niceness else 0, wanted)
    assert os.getpriority(os.PRIO_PROCESS, 0) == before  # the others keep theirs


@linux
def test_filters_give_way_in_a_program_that_is_nice_itself() -> None:
    """A fixed number would put them before rendering there, and only root may do so."""
    code = (
        "import os; from apvserver.vtk.base.threads import yield_to_others\n"
        "before = os.nice(6); print(yield_to_others() - before)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=scaled(60))
    assert int(said.stdout) == min(NICENESS, 19 - 6 - os.getpriority(os.PRIO_PROCESS, 0))


VTK_THREADS = """
import os, threading
from apvserver.vtk.base.threads import set_up_threads, yield_to_others

def threads(): return set(os.listdir("/proc/self/task"))
def niceness(thread): return int(open(f"/proc/self/task/{thread}/stat").read().rpartition(")")[2].split()[16])

if "PROCESSORS" in os.environ:
    os.sched_setaffinity(0, [int(one) for one in os.environ["PROCESSORS"].split(",")])
    os.cpu_count = lambda: 64
before = threads()
def execute():
    yield_to_others()
    count, begun = set_up_threads(), threads() - before - {str(threading.get_native_id())}
    print(count, [niceness(one) - niceness(os.getpid()) for one in begun])

thread = threading.Thread(target=execute)
thread.start()
thread.join()
"""


@linux
@pytest.mark.parametrize("count", [1, 2])
def test_filters_have_one_thread_less_than_processors_that_they_may_use(count: int) -> None:
    """As in a job of a batch system, which has some processors of a machine with many."""
    allowed = sorted(os.sched_getaffinity(0))[:count]
    if len(allowed) < count:
        pytest.skip("one processor is all that this process may use")
    done = subprocess.run(
        [sys.executable, "-c", VTK_THREADS], capture_output=True, text=True, timeout=scaled(60),
        env={**os.environ, "PROCESSORS": ",".join(map(str, allowed))},
    )  # fmt: skip
    assert done.stdout == "1 []\n", done.stderr


@linux
@pytest.mark.parametrize("niceness", ["7", "0"])
def test_vtks_own_threads_give_way_as_the_one_that_executes(niceness: str) -> None:
    """They are begun by that: by one that draws they would be as important as this."""
    done = subprocess.run(
        [sys.executable, "-c", VTK_THREADS], capture_output=True, text=True, timeout=scaled(60),
        env={**os.environ, "APV_VTK_NICENESS": niceness, "APV_VTK_THREADS": "2"},
    )  # fmt: skip
    count, _, found = done.stdout.partition(" ")
    assert int(count) == 2, done.stderr
    assert set(json.loads(found)) == {min(int(niceness), 19 - os.getpriority(os.PRIO_PROCESS, 0))}


def test_other_systems_are_not_asked_for_what_they_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert yield_to_others() == 0


def thread_niceness(pid: int) -> dict[str, int]:
    """The niceness of a process's threads by name."""
    found = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/stat", encoding="utf-8") as stat:
            head, _, rest = stat.read().rpartition(")")
            found[f"{head.partition('(')[2]}-{thread}"] = int(rest.split()[16])
    return found


@linux
@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_the_data_service_alone_gives_way(backend: str) -> None:
    with Server(backend, "--vtk-niceness", "7") as server:
        async with connect(server.url) as session:
            assert (await session.sources.Cone().update_pipeline()).number_of_cells == 7
            process = server.workers()[0].pid if crosses_processes(backend) else server.pid
            nice = sorted(thread_niceness(process).values())
            own = os.getpriority(os.PRIO_PROCESS, 0)
            assert nice.count(min(19, own + 7)) >= 1 and nice.count(own) >= 3, nice

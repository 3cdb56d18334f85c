"""Filters give way to rendering: the niceness of the data service's thread, which VTK's own threads inherit."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from apvserver.settings import NICENESS
from apvserver.vtk.base.threads import yield_to_others
from servermanager import connect

from ..harness.apvtest import BACKENDS, Server, in_loop, with_settings
from ..harness.backends import crosses_processes

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
    assert niceness_of_a_thread() == (niceness, niceness)
    assert os.getpriority(os.PRIO_PROCESS, 0) == before  # the others keep theirs


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
            assert nice.count(7) >= 1 and nice.count(0) >= 3, nice

"""The program of the fork server: imports all that a worker needs, then forks itself whenever a worker is wanted.

It has one thread for ever, or what a fork takes along would not be whole: it draws nothing, executes nothing and opens
no engine. Linux only. Started by `fork_server`; each request brings what becomes a worker's control and answers.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import select
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

from services_core import backend_class

from ...vtk import find_libraries

TITLE: Final = b"apvserver.hosting.workers.forking"
"""Stands on the command line of this process; and in its place, on that of a worker:"""
WORKER_TITLE: Final = b"apvserver.hosting.worker"

LAST_S: Final = 10.0
"""For so long after its own end was asked for it waits for that of its workers, so that none stays unreaped."""

REQUEST_BYTES: Final = 64 * 1024

IMPORTED: Final = (
    "apvserver.data.model",
    "apvserver.data.queries",
    "apvserver.data.service",
    "apvserver.hosting.worker",
    "apvserver.render.model",
    "apvserver.render.service",
    "apvserver.vtk.algorithms.far_grid",
    "apvserver.vtk.algorithms.finite_points",
    "apvserver.vtk.algorithms.passing",
    "apvserver.vtk.algorithms.uncovered",
    "apvserver.vtk.algorithms.visible",
    "apvserver.vtk.files.truncation.checks",
    "apvserver.vtk.files.writers.saved_series",
    "apvserver.vtk.pipeline.pieces.passes",
    "apvserver.vtk.rendering.charts.kinds",
    "apvserver.vtk.rendering.exports.chart_files",
    "apvserver.vtk.rendering.exports.drawn_alone",
    "apvserver.vtk.rendering.exports.scene_vectors",
    "apvserver.vtk.rendering.render_view",
    "apvserver.vtk.rendering.tracing.pictures",
    "apvserver.worker_limits",
    "async_paraview.datasets.vtk_codec.decoder",
    "async_paraview.datasets.vtk_codec.encoder",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "vtkmodules.vtkFiltersHybrid",
    "vtkmodules.vtkFiltersHyperTree",
    "vtkmodules.vtkIOLegacy",
    "vtkmodules.vtkRenderingVolumeOpenGL2",
)
"""What all that a session usually needs, at once or later, is imported by."""

IN_PROCESS: Final = "inproc"
"""The backend by which the services of a session talk to each other, whatever its own."""

Streams = tuple[IO[bytes], IO[bytes]]
"""Control and answers of a worker: see `worker_start`."""


def await_fork(told: Mapping[str, Any], control: IO[bytes]) -> Streams | None:
    """Serve requests until `control` ends, then return None; in each process that is forked return its streams."""
    requests = socket.socket(fileno=told["requests"])
    try:
        _import_all(told["backend"])
        threads = len(os.listdir("/proc/self/task"))
        problem = f"{threads} threads were begun by what is imported" if threads > 1 else ""
    except Exception as error:  # whatever it is: then workers import for themselves, and say so
        problem = f"{type(error).__name__}: {error}"
    _say(requests, {"problem": problem})
    if problem:
        return None
    gc.collect()
    gc.freeze()  # a collection in a worker would write to, and so copy, every page with objects
    return _Server(requests, control).run()


def _import_all(backend: str) -> None:
    for name in (backend, IN_PROCESS):
        backend_class(name)
    find_libraries()
    for module in IMPORTED:
        importlib.import_module(module)
    from ...vtk.types import catalog, toml_definitions  # late, as all that imports VTK

    catalog.type_names()
    catalog.object_names()
    toml_definitions.prepare()


class _Server:
    def __init__(self, requests: socket.socket, control: IO[bytes]) -> None:
        self._requests = requests
        self._control = control
        self._poll = select.poll()
        self._workers: dict[int, int] = {}
        """Process ids by the descriptors that become readable when they end."""
        for descriptor in (requests.fileno(), control.fileno()):
            self._poll.register(descriptor, select.POLLIN)

    def run(self) -> Streams | None:
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor in self._workers:
                    self._reap(descriptor)
                elif descriptor == self._control.fileno():
                    self._wait_for_workers()
                    return None
                elif (streams := self._fork()) is not None:
                    return streams

    def _fork(self) -> Streams | None:
        try:
            request, descriptors, _, _ = socket.recv_fds(self._requests, REQUEST_BYTES, 3)
        except ConnectionResetError:  # who started us has ended, and has left a report unread
            return None  # what it has asked for before, or the end, is read next
        if not request:
            self._poll.unregister(self._requests)
            return None  # `control` ends, too
        wanted = json.loads(request)
        if "load" in wanted:
            self._load(wanted["load"])
            return None
        try:
            process = os.fork()
        except OSError as error:
            _say(self._requests, {"error": str(error)})
        else:
            if process == 0:
                return self._become_worker(wanted, descriptors)
            ended = os.pidfd_open(process)
            self._workers[ended] = process
            self._poll.register(ended, select.POLLIN)
            _say(self._requests, {"started": process}, ended)
        for descriptor in descriptors:
            os.close(descriptor)
        return None

    def _load(self, libraries: list[str]) -> None:
        """Load what workers would load to draw: they then share it, and what the linker has written into it."""
        for path in libraries:
            with suppress(OSError):  # whoever draws says what is wrong with it
                ctypes.CDLL(path, mode=os.RTLD_LAZY | os.RTLD_LOCAL)

    def _become_worker(self, request: Mapping[str, Any], descriptors: list[int]) -> Streams:
        self._requests.close()
        self._control.close()
        for descriptor in self._workers:
            os.close(descriptor)
        os.environ.update(request["environment"])
        tempfile.tempdir = None  # found anew, from the environment
        if (random := sys.modules.get("numpy.random")) is not None:
            random.seed()  # that of the standard library sees to itself
        _retitle()
        given, answers, *errors = descriptors
        for descriptor in errors:  # what a worker prints goes where that of the server goes by now
            os.dup2(descriptor, 1)
            os.dup2(descriptor, 2)
            os.close(descriptor)
        return open(given, "rb", 0), open(answers, "wb", 0)

    def _reap(self, ended: int) -> None:
        process = self._workers.pop(ended)
        self._poll.unregister(ended)
        os.close(ended)
        _, status = os.waitpid(process, 0)
        _say(self._requests, {"ended": process, "code": os.waitstatus_to_exitcode(status)})

    def _wait_for_workers(self) -> None:
        self._poll.unregister(self._control)
        with suppress(KeyError):
            self._poll.unregister(self._requests)
        until = time.monotonic() + LAST_S
        while self._workers and (left_s := until - time.monotonic()) > 0:
            for descriptor, _ in self._poll.poll(left_s * 1000):
                self._reap(descriptor)


def _say(requests: socket.socket, what: dict[str, Any], *descriptors: int) -> None:
    with suppress(OSError):  # who started us has ended, which `control` tells, too
        socket.send_fds(requests, [json.dumps(what).encode()], descriptors)


def _retitle() -> None:
    """Say on the command line, for those who list processes, that this is a worker now.

    The kernel shows whatever stands where the arguments were put when the program was started.
    """
    line = Path("/proc/self/cmdline").read_bytes()
    at = line.find(TITLE)
    begin = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[45])  # arg_start, see proc(5)
    if at >= 0 and begin:
        ctypes.memmove(begin + at, WORKER_TITLE.ljust(len(TITLE), b"\0"), len(TITLE))

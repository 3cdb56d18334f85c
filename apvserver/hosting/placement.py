"""Which place suits the sessions of a backend: a worker process each, or threads of the server."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from async_paraview.interpreter.lock import BACKEND_WITHOUT, gil_enabled
from services_core import ConfigurationError, ServicesEngine, backend_class

from ..confinement import landlock_abi
from ..ranks.launching import launcher
from ..settings import Settings
from .session_host import Died, SessionHost, WorkerHost
from .workers.worker_pool import WorkerPool

MakeHost = Callable[[], SessionHost]


def containment(backend: str) -> str:
    """Return what a backend keeps apart, for those who start a server. Raises ConfigurationError."""
    if backend_class(backend).crosses_processes:
        return "each session has a worker process of its own"
    return (
        "sessions are threads of this process, so that one that crashes, or takes all memory, ends them all, and a "
        "call into VTK that keeps Python's lock holds them all up"
    )


def check_threads(backend: str) -> None:
    """Raise ConfigurationError if sessions of this backend would be threads that no lock of Python keeps in turn."""
    if not backend_class(backend).crosses_processes and not gil_enabled():
        raise ConfigurationError(
            f"backend {backend!r} runs sessions on threads of this process, and this Python has no lock (GIL), without "
            f"which VTK crashes: take the backend {BACKEND_WITHOUT!r} (--backend, or APV_COMMUNICATION_BACKEND), whose "
            "workers have the lock, or start Python with -X gil=1"
        )


def check_ranks(backend: str, settings: Settings) -> None:
    """Raise ConfigurationError if sessions cannot have as many ranks as they are to have."""
    if settings.ranks == 1:
        return
    if not backend_class(backend).crosses_processes:
        raise ConfigurationError(
            f"{settings.ranks} ranks are processes, and backend {backend!r} runs sessions on threads of this one: take "
            "the backend 'zmq' (--backend, or APV_COMMUNICATION_BACKEND)"
        )
    launcher(settings.ranks, settings.mpiexec)
    if find_spec("mpi4py") is None:
        raise ConfigurationError("several ranks need mpi4py: pip install 'async-paraview[mpi]'")


def what_holds_roots(backend: str, settings: Settings) -> str:
    """Return what keeps clients below the roots, for those who start a server; empty where there are none.

    Raises ConfigurationError if that must be the kernel, and it cannot.
    """
    if not (settings.data_roots or settings.write_roots):
        if settings.confine == "require":
            raise ConfigurationError(
                "--confine require: there is nothing to confine workers to without --data-root DIR"
            )
        return ""
    if settings.confine == "off":
        lacking = "--confine off"
    elif not backend_class(backend).crosses_processes:
        lacking = f"sessions of backend {backend} are threads of this process, which cannot be confined"
    elif not (abi := landlock_abi()):
        lacking = "this system has no Landlock"
    else:
        return f"the kernel keeps clients below the roots (Landlock {abi})"
    if settings.confine == "require":
        raise ConfigurationError(f"--confine require: {lacking}; without it the names of files alone are looked at")
    return f"clients are kept below the roots by names of files alone: {lacking}"


def host_maker(
    backend: str, settings: Settings, *, engine: ServicesEngine, died: Died, pool: WorkerPool | None = None
) -> MakeHost:
    """Return what makes a session's host: a worker process if the backend's addresses reach others, else threads.

    Workers come from the pool, if there is one. Blocks while what the hosts need is imported, so that they need not.
    Raises ConfigurationError.
    """
    if backend_class(backend).crosses_processes:
        return lambda: WorkerHost(backend, settings, engine=engine, died=died, pool=pool)
    from .thread_host import ThreadHost  # late: a server with workers has none of a session's services

    return lambda: ThreadHost(backend, settings)

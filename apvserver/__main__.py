"""The `apvserver` program: a server that gives every client a session of its own."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated, Final

import typer

from services_core import ServicesError, __version__, backend_class

BACKEND: Final = "zmq"
"""What a server runs sessions with unless it is told: one that ends must not take the others along."""

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]", "::1")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)  # rich: 0.1 s


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"apvserver {__version__}")
        raise typer.Exit


@app.command(
    epilog="Across machines: leave the server on loopback and tunnel: "
    "ssh -L 11111:127.0.0.1:11111 HOST apvserver, then apvpython --server-url tcp://127.0.0.1:11111 script.py"
)
def serve(
    server_port: Annotated[
        int, typer.Option("--server-port", "-p", min=0, max=65535, help="Port to listen on; 0: any free one.")
    ] = 11111,
    bind_address: Annotated[
        str, typer.Option(help="Address to listen on. Anything but loopback needs --insecure.")
    ] = "127.0.0.1",
    backend: Annotated[
        str,
        typer.Option(
            envvar="APV_COMMUNICATION_BACKEND",
            help="Where sessions run: 'zmq' in a worker process each, which contains crashes, stalls and memory; "
            "'inproc' on threads of the server, which begin sooner. Or module:Class.",
        ),
    ] = BACKEND,
    max_sessions: Annotated[
        int, typer.Option(min=1, help="Most sessions at a time; further clients are refused.")
    ] = 64,
    data_root: Annotated[
        list[Path] | None,
        typer.Option(help="Clients may name files below this directory only; repeatable. Default: any file."),
    ] = None,
    definitions: Annotated[
        list[Path] | None, typer.Option(help="A TOML file with types of proxies of your own; repeatable.")
    ] = None,
    vtk_threads: Annotated[
        int | None,
        typer.Option(envvar="APV_VTK_THREADS", min=1, help="Threads of VTK's filters. Default: all cores but one."),
    ] = None,
    vtk_niceness: Annotated[
        int | None,
        typer.Option(
            envvar="APV_VTK_NICENESS",
            min=0,
            max=19,
            help="How much filters give way to rendering where both want the same core; 0: not at all. Default: 5.",
        ),
    ] = None,
    service: Annotated[
        list[str] | None,
        typer.Option(
            help="A service of your own in each session, as module:Class; repeatable. It must be installed, or in a "
            "directory that PYTHONPATH names."
        ),
    ] = None,
    allow_python: Annotated[
        bool,
        typer.Option("--allow-python", help="Execute Python scripts of clients (ProgrammableFilter), as this user."),
    ] = False,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Allow an address that strangers can reach, without keys. Do not.")
    ] = False,
    force_offscreen_rendering: Annotated[
        bool,
        typer.Option("--force-offscreen-rendering", help="Accepted for old scripts: rendering is always offscreen."),
    ] = False,
    verbosity: Annotated[int, typer.Option("--verbosity", "-v", count=True, help="Log more; twice for debugging.")] = 0,
    log: Annotated[
        Path | None, typer.Option(help="Write the log, and what workers print, to a file, not to standard error.")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Serve visualization sessions: VTK data processing and rendering for apvpython and other clients.

    Prints one line when it is ready, and runs until Ctrl-C or SIGTERM. Each client gets a session with a data service
    and a render service; it is freed when the client leaves, however it leaves.
    """
    levels = (logging.WARNING, logging.INFO, logging.DEBUG)
    level = levels[min(verbosity, 2)]
    os.environ.setdefault("APV_LOG", logging.getLevelName(level))  # for the workers
    logging.basicConfig(filename=log, level=level, format="apvserver %(levelname)s %(name)s: %(message)s")
    if bind_address not in LOOPBACK and not insecure:
        _fail(
            f"refusing to listen on {bind_address}: whoever reaches it could read this user's files. Tunnel to a "
            "server on loopback (see --help), or say --insecure if the network is yours alone"
        )
    for variable, value in (
        ("APV_DATA_ROOT", os.pathsep.join(str(one.resolve()) for one in data_root or ())),
        ("APV_DEFINITIONS", os.pathsep.join(str(one.resolve()) for one in definitions or ())),
        ("APV_VTK_THREADS", str(vtk_threads or "")),
        ("APV_VTK_NICENESS", "" if vtk_niceness is None else str(vtk_niceness)),
        ("APV_SERVICES", ",".join(service or ())),
        ("APV_ALLOW_PYTHON", "1" if allow_python else ""),
    ):  # the workers, and the threads of this process, read them
        if value:
            os.environ[variable] = value
    for name in service or ():
        if not all(name.partition(":")):
            _fail(f"--service {name!r} is not module:Class")
    for directory in data_root or ():
        if not directory.is_dir():
            _fail(f"--data-root {directory} is no directory")
    for path in (*(data_root or ()), *(definitions or ())):
        if os.pathsep in str(path.resolve()):
            _fail(f"{path.resolve()} has a {os.pathsep!r} in its name, which separates paths: rename it")
    for file in definitions or ():
        if not file.is_file():
            _fail(f"--definitions {file} is no file")
    if ":" in bind_address and not bind_address.startswith("["):
        bind_address = f"[{bind_address}]"
    stop = _stop_on_signals()
    try:
        _serve(f"tcp://{bind_address}:{server_port}", backend or BACKEND, max_sessions, log, stop)
    except ServicesError as error:
        _fail(str(error))


def _serve(url: str, backend: str, max_sessions: int, log: Path | None, stop: threading.Event) -> None:
    from .hosting.server import Front  # late: --help answers without it
    from .hosting.session_host import containment

    backend_class(backend)
    front = Front(url, backend, max_sessions=max_sessions)
    if log is not None:
        with log.open("ab") as file:
            os.dup2(file.fileno(), 2)  # for the workers, and for what libraries print
    print(f"apvserver {__version__} ready at {front.url} (backend {backend}: {containment(backend)})", flush=True)
    while not stop.wait(0.5):  # with a timeout, or Ctrl-C would not get through on Windows
        pass
    if not front.close():
        sys.stderr.write("apvserver: a session is inside a filter that cannot be interrupted; ending anyway\n")
        sys.stderr.flush()
        os._exit(1)


def _stop_on_signals() -> threading.Event:
    """An event that Ctrl-C and SIGTERM set. A second Ctrl-C ends the program at once."""
    stop = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set() and number == signal.SIGINT:
            os._exit(130)
        stop.set()

    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)
    if sys.platform == "win32":
        signal.signal(signal.SIGBREAK, handle)
    return stop


def _fail(reason: str) -> None:
    sys.stderr.write(f"apvserver: {reason}\n")
    raise typer.Exit(2)


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()

"""The options of the apvserver program, and the settings that they and the APV_* variables make.

All programs of the project read their options with argparse: services_core, which has a program, too, stands on the
standard library, and neither --help nor a server that begins waits for a further import.
"""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from async_paraview.credentials import TOKEN_FILE_VARIABLE
from async_paraview.programs import unknown_options
from async_paraview.records import dataclass
from services_core import ConfigurationError, __version__, backend_name, check_address, is_exposed

from .commands.catalog import COMMANDS, unknown_command
from .memory import size_text
from .settings import (
    KEEP_S,
    LEAST_SHARE,
    MAX_QUEUED,
    MAX_TOTAL_QUEUED,
    MOST_KEEP_S,
    NICENESS,
    Settings,
    read_settings,
    whole_number,
)

BACKEND: Final = "zmq"
"""What a server runs sessions with unless it is told: a session that ends must not take the others along."""

PORT: Final = 11111
MAX_SESSIONS: Final = 64
SPARE_WORKERS: Final = 1
LOOPBACK: Final = "127.0.0.1"

DESCRIPTION: Final = """\
Serve visualization sessions: VTK data processing and rendering for apvpython and other clients.

Prints one line when it is ready, and runs until Ctrl-C or SIGTERM. Clients of the same user find it by themselves
(apvpython --server-url auto), others are refused. Each client gets a session with a data service and a render service;
it is freed when the client leaves, and one that gets lost is waited for (see --keep). A first word that is a command
does that instead, and has options of its own.
"""

EPILOG: Final = f"""\
commands (apvserver COMMAND --help):
{{commands}}

examples:
  apvserver                                    at tcp://127.0.0.1:{PORT}, a worker process for each session
  apvserver -p 0 --data-root /data             at any free port; clients may name files below /data only
  apvserver --keep 28800                       clients that were away for up to eight hours find their session again
  apvserver --data-root /data --write-root /data/results --max-memory 8GB
  apvserver --backend inproc --max-sessions 4  sessions on threads of the server, four at most
  apvserver --listen ipc:///run/user/1000/apv  at a socket of the file system, instead of a port
  apvserver --drain-timeout 300                sessions have five minutes to end after SIGTERM
  apvserver status                             what the servers of this user are at
  apvserver doctor                             what does not work on this machine, if anything

Across machines: leave the server on loopback, tunnel, and copy its token once:
  ssh -L {PORT}:127.0.0.1:{PORT} HOST apvserver --token-file .apv-token
  scp -p HOST:.apv-token .apv-token
  apvpython --server-url tcp://127.0.0.1:{PORT} --token-file .apv-token script.py

An option wins over the variable of the environment that stands in [brackets]. APV_CACHE_DIR is the directory of what
was read from VTK's classes (or "off"), APV_LOG the level of the log without -v; docs/environment.md has them all.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """What the program was told: where to listen, how to run sessions, and their settings."""

    listen: tuple[str, ...]
    """URLs, each perhaps with the backend that is to serve it."""
    client: str | None
    """Where a client waits that is to be connected to."""
    exit_with_stdin: bool
    backend: str
    max_sessions: int
    spare_workers: int
    fork_workers: bool
    log: Path | None
    drain_s: int
    metrics_port: int | None
    token_file: Path | None
    open_to_all: bool
    settings: Settings


def parser() -> argparse.ArgumentParser:
    """Return the parser of apvserver's options."""
    made = argparse.ArgumentParser(
        prog="apvserver",
        usage="%(prog)s [option ...]\n       %(prog)s COMMAND [option ...]",
        description=DESCRIPTION,
        epilog=EPILOG.format(commands="\n".join(f"  {name:<10} {does}" for name, does in COMMANDS.items())),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_places(made.add_argument_group("where it listens"))
    _add_sessions(made.add_argument_group("sessions"))
    _add_vtk(made.add_argument_group("VTK"))
    _add_trust(made.add_argument_group("what clients may do"))
    _add_memory(made.add_argument_group("memory"))
    _add_operation(made.add_argument_group("operation"))
    version = f"apvserver {__version__}"
    made.add_argument("--version", action="version", version=version, help="print the version and exit")
    return made


def _add_places(made: argparse._ArgumentGroup) -> None:
    made.add_argument(
        "--server-port",
        "-p",
        "-sp",
        metavar="PORT",
        type=_checked(whole_number(0, 65535, "a port")),
        help=f"port to listen on, 0 to 65535; 0: any free one (default: {PORT}); that of the client with "
        "--reverse-connection",
    )
    made.add_argument(
        "--bind-address",
        metavar="ADDRESS",
        help="address to listen on; where strangers can reach it clients need keys (curve://, see apvserver keys "
        f"--help), or --insecure (default: {LOOPBACK})",
    )
    made.add_argument(
        "--listen",
        metavar="URL",
        action="append",
        default=[],
        help="listen at this URL, such as ipc:///path or tcp://127.0.0.1:0, and at a port only if that is named, too; "
        "repeatable. tcp and ipc are served by zmq; NAME+URL, or module:Class+URL, names another backend",
    )
    made.add_argument(
        "--reverse-connection",
        "-rc",
        action="store_true",
        help="connect to a client that waits (apvpython --wait-for-server) instead of listening, and end with it: for "
        "machines that nobody can connect to",
    )
    made.add_argument(
        "--client-host",
        "-ch",
        metavar="HOST",
        help=f"where that client waits; anything but loopback needs --insecure (default: {LOOPBACK})",
    )


def _add_sessions(made: argparse._ArgumentGroup) -> None:
    made.add_argument(
        "--backend",
        metavar="NAME",
        help="where sessions run: 'zmq' in a worker process each, which contains crashes, stalls and memory; 'inproc' "
        "on threads of the server, which begin sooner; or module:Class of your own "
        f"(default: {BACKEND}) [APV_COMMUNICATION_BACKEND]",
    )
    made.add_argument(
        "--max-sessions",
        metavar="N",
        type=_checked(whole_number(1, None, "the most sessions")),
        default=MAX_SESSIONS,
        help="most sessions at a time, at least 1; further clients take the place of the one whose client has been "
        "away longest, or wait in a line (default: %(default)s)",
    )
    made.add_argument(
        "--keep",
        metavar="SECONDS",
        help="how long to keep the session of a client whose connection got lost, for it to come back by itself; hours "
        f"are fine, 0: end it at once (default: {KEEP_S}) [APV_KEEP]",
    )
    made.add_argument(
        "--spare-workers",
        metavar="N",
        type=_checked(whole_number(0, 64, "the number of spare workers")),
        help="workers that are begun before anybody needs them, so that the next clients do not wait; 0: none "
        "(default: 1, and 0 with --service, whose services would begin in them)",
    )
    made.add_argument(
        "--worker-start",
        choices=("fork", "spawn"),
        default="fork",
        help="'fork': on Linux workers are forked from a process that has imported everything, which is quick and "
        "shares memory; 'spawn', and elsewhere: each imports for itself (default: %(default)s)",
    )
    made.add_argument(
        "--definitions",
        metavar="FILE",
        action="append",
        help="a TOML file with types of proxies of your own; repeatable [APV_DEFINITIONS]",
    )
    made.add_argument(
        "--service",
        metavar="MODULE:CLASS",
        action="append",
        help="a service of your own in each session; repeatable; it must be installed, or in a directory that "
        "PYTHONPATH names [APV_SERVICES]",
    )


def _add_vtk(made: argparse._ArgumentGroup) -> None:
    made.add_argument(
        "--vtk-threads",
        metavar="N",
        help="threads of VTK's filters, at least 1 (default: all processors that it may use but one) [APV_VTK_THREADS]",
    )
    made.add_argument(
        "--ranks",
        metavar="N",
        help="have the data of each session in pieces in so many processes, which MPI connects (default: as many as "
        "mpiexec has started of this program, or 1) [APV_RANKS]",
    )
    made.add_argument(
        "--mpiexec",
        metavar="COMMAND",
        help="the command that starts them, such as 'srun -n {ranks}' (default: mpiexec) [APV_MPIEXEC]",
    )
    made.add_argument(
        "--vtk-niceness",
        metavar="N",
        help="how much filters give way to rendering where both want the same core, 0 (not at all) to 19 "
        f"(default: {NICENESS}) [APV_VTK_NICENESS]",
    )
    made.add_argument(
        "--force-offscreen-rendering",
        action="store_true",
        help="accepted for old scripts: rendering is always offscreen",
    )


def _add_trust(made: argparse._ArgumentGroup) -> None:
    made.add_argument(
        "--data-root",
        metavar="DIR",
        action="append",
        help="clients may name files below this directory only; repeatable (default: any file) [APV_DATA_ROOT]",
    )
    made.add_argument(
        "--write-root",
        metavar="DIR",
        action="append",
        help="clients may have files written below this directory only; repeatable (default: with --data-root "
        "nothing is written, without it anywhere) [APV_WRITE_ROOT]",
    )
    made.add_argument(
        "--confine",
        metavar="HOW",
        help="'auto': the kernel keeps workers below the roots, where it can (Linux with Landlock), and else the names "
        "of files are looked at; 'require': refuse to start where it cannot; 'off': names alone (default: auto) "
        "[APV_CONFINE]",
    )
    made.add_argument(
        "--allow-python",
        action="store_true",
        help="execute Python scripts of clients (ProgrammableFilter), as this user [APV_ALLOW_PYTHON]",
    )
    made.add_argument(
        "--insecure",
        action="store_true",
        help="allow an address that strangers can reach, without keys: all that travels, the token included, can be "
        "read on the way, and whoever has read it is you. Do not",
    )
    made.add_argument(
        "--keys",
        action="store_true",
        help="ask clients for keys on loopback, too: what travels is encrypted, and both sides prove who they are",
    )
    tokens = made.add_mutually_exclusive_group()
    tokens.add_argument(
        "--token-file",
        metavar="FILE",
        type=Path,
        help="ask clients for the token in this file, which is made if there is none: who is to come in from "
        "elsewhere, as through a tunnel, needs a copy. Without it the token is made anew each time, and clients of "
        "this user on this machine find it by themselves; -: the first line of standard input [APV_TOKEN_FILE]",
    )
    tokens.add_argument(
        "--no-token", action="store_true", help="let in whoever reaches the port: every user of this machine is you"
    )


def _add_memory(made: argparse._ArgumentGroup) -> None:
    made.add_argument(
        "--max-memory",
        metavar="SIZE",
        help="data of each session, such as 8GB or 512MiB; what would be larger is refused, a worker that takes more "
        "is ended (default: what there is) [APV_MAX_MEMORY]",
    )
    made.add_argument(
        "--max-total-memory",
        metavar="SIZE",
        help="all sessions together; past it the largest is ended (Linux; default: what there is) "
        "[APV_MAX_TOTAL_MEMORY]",
    )
    made.add_argument(
        "--stream",
        metavar="SIZE",
        help="from this size on, such as 2GB, data is executed in pieces, one after the other, where that gives the "
        'same; "off": never (default: from what may be held). On ranks: from which size on streamlines are handed over '
        "from rank to rank (default: 1GiB) [APV_STREAM]",
    )
    made.add_argument(
        "--max-queued",
        metavar="SIZE",
        help="what may wait in each session: what clients have sent and was not done, and answers that they do not "
        f"read; past it they get Busy (default: {size_text(MAX_QUEUED)}) [APV_MAX_QUEUED]",
    )
    made.add_argument(
        "--max-total-queued",
        metavar="SIZE",
        help="what may wait in all sessions together: each has an equal share, if that is less (default: "
        f"{size_text(MAX_TOTAL_QUEUED)}, or {size_text(LEAST_SHARE)} for each if that is more) [APV_MAX_TOTAL_QUEUED]",
    )


def _add_operation(made: argparse._ArgumentGroup) -> None:
    made.add_argument("--verbosity", "-v", action="count", default=0, help="log more; twice for debugging [APV_LOG]")
    made.add_argument(
        "--log", metavar="FILE", type=Path, help="write the log, and what workers print, to a file, not to stderr"
    )
    made.add_argument(
        "--log-format",
        metavar="FORM",
        help="'text', or 'json': a line of JSON for each record; both name session, service and request "
        "(default: text) [APV_LOG_FORMAT]",
    )
    made.add_argument(
        "--drain-timeout",
        metavar="SECONDS",
        type=_checked(whole_number(0, MOST_KEEP_S, "a time in seconds")),
        default=0,
        help="how long sessions may go on after SIGTERM, Ctrl-C or apvserver stop, while no others are opened; a "
        "second signal ends them at once (default: 0)",
    )
    made.add_argument(
        "--metrics-port",
        metavar="PORT",
        type=_checked(whole_number(0, 65535, "a port")),
        help="serve counters for Prometheus at http://127.0.0.1:PORT/metrics, 0: at any free port; needs the package "
        "prometheus-client (default: not at all)",
    )
    made.add_argument(
        "--exit-with-stdin",
        action="store_true",
        help="end when standard input ends, as with whoever started this, or with the ssh connection that did",
    )


def server_options(arguments: Sequence[str] | None = None) -> ServerOptions:
    """Return what arguments (default: the program's own) and variables of the environment say.

    Raises ConfigurationError for a value that cannot be, SystemExit as argparse does.
    """
    made = parser()
    told, surplus = made.parse_known_args(arguments)
    if surplus:
        made.error(
            unknown_command(surplus[0]) if surplus[0][:1] != "-" else unknown_options(surplus, made.format_help())
        )
    settings = read_settings(options=_texts(told))
    spares = (0 if settings.services else SPARE_WORKERS) if told.spare_workers is None else told.spare_workers
    return ServerOptions(
        listen=_listen(told),
        client=_client(told),
        exit_with_stdin=told.exit_with_stdin,
        backend=backend_name(told.backend, default=BACKEND),
        max_sessions=told.max_sessions,
        spare_workers=spares,
        fork_workers=told.worker_start == "fork",
        log=told.log,
        drain_s=told.drain_timeout,
        metrics_port=told.metrics_port,
        token_file=None if told.no_token else told.token_file or _token_file_of_environment(),
        open_to_all=told.no_token,
        settings=settings,
    )


def _token_file_of_environment() -> Path | None:
    named = os.environ.get(TOKEN_FILE_VARIABLE)
    return Path(named) if named else None


def _listen(told: argparse.Namespace) -> tuple[str, ...]:
    """Return the URLs to listen at. Raises ConfigurationError for one that strangers could reach."""
    listen: list[str] = told.listen
    named = told.server_port is not None or told.bind_address is not None
    if not told.reverse_connection and (named or not listen):
        url = _tcp(told.bind_address, told.server_port)
        asks_for_keys = told.keys or (is_exposed(url) and not told.insecure)
        listen = [url.replace("tcp:", "curve:", 1) if asks_for_keys else url, *listen]
    for url in listen:
        if is_exposed(url) and not told.insecure:
            if url.startswith("tcp://"):  # what is written wrongly is none that somebody reaches
                check_address(url, listening=True)
            raise ConfigurationError(
                f"refusing to listen on {url}: whoever reaches it could read this user's files. Ask for keys (curve:// "
                "in its place), tunnel to a server on loopback (see --help), or say --insecure if the network is yours "
                "alone"
            )
    return tuple(listen)


def _client(told: argparse.Namespace) -> str | None:
    """Return where a client waits. Raises ConfigurationError for a host that is reached by way of strangers."""
    if not told.reverse_connection:
        if told.client_host is not None:
            raise ConfigurationError("--client-host is for --reverse-connection: say both, or none of them")
        return None
    if told.bind_address is not None:
        raise ConfigurationError("with --reverse-connection nothing is listened on: --bind-address does not go with it")
    url = _tcp(told.client_host, told.server_port)
    check_address(url, listening=False)
    if is_exposed(url) and not told.insecure:
        raise ConfigurationError(
            f"refusing to connect to {url}: what goes there can be read on the way, and whoever answers could read "
            "this user's files. Tunnel the port (ssh -R, see docs/cluster.md), or say --insecure if the network is "
            "yours alone"
        )
    return url


def _tcp(address: str | None, port: int | None) -> str:
    host = address or LOOPBACK
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return f"tcp://{host}:{PORT if port is None else port}"


def _texts(told: argparse.Namespace) -> dict[str, list[str]]:
    """Return the options of sessions that were given, by field of `Settings`."""
    levels = [logging.INFO, logging.DEBUG][: told.verbosity]
    found = {
        "data_roots": told.data_root,
        "write_roots": told.write_root,
        "confine": told.confine and [told.confine],
        "max_memory": told.max_memory and [told.max_memory],
        "max_total_memory": told.max_total_memory and [told.max_total_memory],
        "stream": told.stream and [told.stream],
        "max_queued": told.max_queued and [told.max_queued],
        "max_total_queued": told.max_total_queued and [told.max_total_queued],
        "definitions": told.definitions,
        "services": told.service,
        "vtk_threads": told.vtk_threads and [told.vtk_threads],
        "ranks": told.ranks and [told.ranks],
        "mpiexec": told.mpiexec and [told.mpiexec],
        "vtk_niceness": told.vtk_niceness and [told.vtk_niceness],
        "keep_s": told.keep and [told.keep],
        "allow_python": ["1"] if told.allow_python else None,
        "log_format": told.log_format and [told.log_format],
        "log_level": [logging.getLevelName(levels[-1])] if levels else None,
    }
    return {field: texts for field, texts in found.items() if texts}


def _checked(read: Callable[[str], int]) -> Callable[[str], int]:
    """Return `convert` as argparse wants it: what a ValueError says is then told to the user."""

    def checked(text: str) -> int:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error

    return checked

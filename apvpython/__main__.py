"""The `apvpython` program: its options, then a script with its own arguments, or a REPL."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from async_paraview.launched import launched, place_of
from async_paraview.programs import interruptible, parsed
from services_core import ConfigurationError, ServicesError, __version__, backend_class

from .awaiting import LogHandler

COMMANDS: Final = ("doctor", "keys")
"""First words that are modules here, with a `run` of their own."""

USAGE: Final = "apvpython [OPTION ...] [SCRIPT | -m MODULE | -c CODE | -] [ARGUMENT ...]"
EPILOG: Final = """commands (apvpython COMMAND --help), unless a file here has that name:
  keys       the key of this client, and those of the servers that it knows, for curve:// addresses
  doctor     try a session with a server, step by step, and print a report to paste

examples:
  apvpython                                                         a REPL, with a session in it: type session?
  apvpython examples/quickstart.py                                  built in, on threads of this process
  APV_COMMUNICATION_BACKEND=zmq apvpython examples/quickstart.py    built in, in a worker process
  apvpython --server-url tcp://127.0.0.1:11111 script.py            with an apvserver
  apvpython --server-url auto script.py                             with the newest apvserver of yours on this machine
  apvpython --server-url ssh://bigmachine -i script.py              then a REPL with the names of the script
  apvpython -m package.module --size 3                              a module, as python -m does
  apvpython -c 'print(await session.sources.Wavelet().update_pipeline())'
  apvpython doctor --server-url ssh://bigmachine                    what works, step by step

In scripts and in the REPL, await, async for and async with work at the top level; a script that has none of them there
may call asyncio.run, and is a program for python as well. Code after -c, or in standard input, finds connect,
servermanager, asyncio and session, which is opened if it is used. Ctrl-C in a script cancels what it awaits, which
interrupts the filter on the server; in the REPL the session stays open. A forgotten await is told with its line.
At a terminal the last line shows what executes that is awaited, and how far it is; in a pipe there is nothing of it.
Arguments after the script, the module or the code are its own.
"""


def parser() -> argparse.ArgumentParser:
    """Return the options of apvpython."""
    made = argparse.ArgumentParser(
        prog="apvpython",
        usage=USAGE,
        description="Run a Python script, or a REPL, as a client of visualization services.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "--server-url",
        "--url",
        metavar="URL",
        help="server for connect() without a URL; auto: the newest of this user on this machine; ssh://host: one that "
        "is started there; without: built in",
    )
    made.add_argument(
        "--wait-for-server",
        metavar="[HOST:]PORT",
        help="have connect() without a URL wait there, on loopback unless HOST says otherwise, for a server that "
        "connects to it (apvserver --reverse-connection --server-port PORT)",
    )
    made.add_argument(
        "--insecure", action="store_true", help="wait also where strangers could come in the server's place"
    )
    made.add_argument(
        "--token-file",
        metavar="FILE",
        help="the server's token, a copy of its --token-file, mode 0600 (APV_TOKEN_FILE)",
    )
    made.add_argument("--backend", metavar="NAME", help="backend of built-in sessions (APV_COMMUNICATION_BACKEND)")
    made.add_argument(
        "--stream",
        metavar="SIZE",
        help="from this size on, such as 2GB, built-in sessions execute data in pieces, one after the other "
        "(APV_STREAM)",
    )
    made.add_argument(
        "--mpi",
        action="store_true",
        help="built-in sessions have their data in pieces on as many ranks as mpiexec has started of this program: "
        "mpiexec -n 4 apvpython --mpi script.py",
    )
    made.add_argument("--ranks", metavar="N", help="built-in sessions have their data in pieces on N ranks (APV_RANKS)")
    made.add_argument("--verbosity", "-v", action="count", default=0, help="log more; twice for debugging")
    made.add_argument("--version", action="version", version=f"apvpython {__version__}")
    made.add_argument("-i", dest="stay", action="store_true", help="a REPL after the program, with its names")
    made.add_argument(
        "-c", dest="command", nargs=argparse.REMAINDER, metavar="CODE", help="run the code that comes next"
    )
    made.add_argument(
        "-m", dest="module", nargs=argparse.REMAINDER, metavar="MODULE", help="run the module that comes next"
    )
    made.add_argument("script", nargs="?", help="the script to run; - is standard input")
    made.add_argument("arguments", nargs=argparse.REMAINDER, help="the arguments of the program")
    return made


def main() -> None:
    """Run the console script."""
    with interruptible("apvpython"):
        _main()


def _main() -> None:
    if sys.argv[1:2] and sys.argv[1] in COMMANDS and not Path(sys.argv[1]).exists():  # a script may have that name
        sys.exit(importlib.import_module(f".{sys.argv[1]}", __package__).run(sys.argv[2:]))
    options = _options(sys.argv[1:])
    levels = (logging.WARNING, logging.INFO, logging.DEBUG)
    level = levels[min(options.verbosity, 2)]
    if options.verbosity:
        os.environ["APV_LOG"] = logging.getLevelName(level)  # for the worker of a built-in session
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s", handlers=[LogHandler()])
    named = _named_server(options)
    if named is not None:
        os.environ["APV_SERVER_URL"] = named[1]
    os.environ.update(_variables(options))
    sys.path.insert(0, _beside(options))  # first: a backend may stand beside the script
    try:
        with _ranks(options) as is_first:
            if not is_first:
                sys.exit(0)
            backend_class()
            if named is not None:
                _check_server(*named)
            code = _run(options)
    except ServicesError as error:
        sys.stderr.write(f"apvpython: {error}\n")
        sys.exit(2)
    sys.exit(code)


def _variables(options: argparse.Namespace) -> dict[str, str]:
    """Return what `connect` finds in the environment: the variables that options stand for."""
    found = {
        "APV_INSECURE": "1" if options.insecure else None,
        "APV_TOKEN_FILE": os.path.abspath(options.token_file) if options.token_file else None,
        "APV_COMMUNICATION_BACKEND": options.backend,
        "APV_STREAM": options.stream,
    }
    return {name: value for name, value in found.items() if value}


@contextlib.contextmanager
def _ranks(options: argparse.Namespace) -> Iterator[bool]:
    """Have built-in sessions run on as many ranks as are wanted; gives whether this process runs the program.

    The other processes of a launcher wait until that one has ended. Raises ServicesError.
    """
    if options.ranks or options.mpi:
        os.environ.setdefault("APV_COMMUNICATION_BACKEND", "zmq")  # ranks are processes
    if options.ranks:
        os.environ["APV_RANKS"] = options.ranks
    if not options.mpi:
        yield True
        return
    if place_of(os.environ) is None:
        raise ConfigurationError("--mpi is for programs that an MPI launcher starts: mpiexec -n 4 apvpython --mpi ...")
    with launched() as processes:
        if processes.rank:
            yield False
        else:
            os.environ.setdefault("APV_RANKS", str(processes.size))
            if processes.options:
                os.environ.setdefault("APV_MPIEXEC", f"mpiexec -n {{ranks}} {processes.options}")
            yield True


def _named_server(options: argparse.Namespace) -> tuple[str, str] | None:
    """Return which option names a server, and its URL."""
    if options.wait_for_server is not None:
        return "--wait-for-server", _waiting_url(options.wait_for_server)
    return None if options.server_url is None else ("--server-url", options.server_url)


def _check_server(option: str, url: str) -> None:
    """Raise ConfigurationError if nothing that listens there, or comes there, could make this URL one to connect to."""
    from async_paraview.credentials import TOKEN_FILE_VARIABLE, read_token  # late: --help answers without these
    from servermanager.reach.address_check import check_server_url

    if not url:
        raise ConfigurationError(f"{option} is empty: name a server, or leave it out for a session that is built in")
    try:
        check_server_url(url)
    except ConfigurationError as error:
        if token_file := os.environ.get(TOKEN_FILE_VARIABLE):
            read_token(Path(token_file))  # what is wrong with it names it, and is no fault of the URL
        raise ConfigurationError(f"{option}: {error}") from error


def _waiting_url(place: str) -> str:
    """Return the URL that means to wait for a server at `[HOST:]PORT`."""
    host, _, port = place.rpartition(":")
    return f"reverse+tcp://{host or '127.0.0.1'}:{port}"


def _options(arguments: list[str]) -> argparse.Namespace:
    """Return the options. Ends the program if there is something wrong with them."""
    made = parser()
    options = parsed(made, arguments)
    for name, flag in (("command", "-c"), ("module", "-m")):
        if getattr(options, name) == []:
            made.error(f"{flag} needs what is to be run after it")
    return options


def _beside(options: argparse.Namespace) -> str:
    """Return the directory in which imports look first, as python does."""
    if options.script in (None, "-") or options.command or options.module:
        return os.getcwd() if options.module else ""
    return str(Path(options.script).resolve().parent)


def _run(options: argparse.Namespace) -> int:
    from . import runner  # late: --help answers without it

    verbose = options.verbosity > 0
    then = _stay if options.stay else None
    if options.command:
        code, *arguments = options.command
        return runner.run_command(code, "<command>", ["-c", *arguments], verbose=verbose, then=then)
    if options.module:
        return runner.run_module(options.module[0], options.module[1:], verbose=verbose, then=then)
    if options.script is not None:
        return runner.run_script(options.script, options.arguments, verbose=verbose, then=then)
    if not sys.stdin.isatty() and not options.stay:
        return runner.run_script("-", [], verbose=verbose)
    with asyncio.Runner() as loop:
        return _stay({}, loop)


def _stay(names: dict[str, Any], loop: asyncio.Runner) -> int:
    from . import repl

    return repl.run(names, loop)


if __name__ == "__main__":
    main()

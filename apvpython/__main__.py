"""The `apvpython` program: its options, then a script with its own arguments, or a REPL."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from pathlib import Path
from typing import Final

from services_core import ConfigurationError, __version__, backend_class

COMMANDS: Final = ("doctor", "keys")
"""First words that are modules here, with a `run` of their own."""

EPILOG = """commands (apvpython COMMAND --help), unless a file here has that name:
  keys       the key of this client, and those of the servers that it knows, for curve:// addresses
  doctor     try a session with a server, step by step, and print a report to paste

examples:
  apvpython examples/quickstart.py                                  built in, on threads of this process
  APV_COMMUNICATION_BACKEND=zmq apvpython examples/quickstart.py    built in, in a worker process
  apvpython --server-url tcp://127.0.0.1:11111 script.py            with an apvserver
  apvpython --server-url auto script.py                             with the newest apvserver of yours on this machine
  apvpython                                                         a REPL: session = await connect()
  apvpython doctor --server-url ssh://bigmachine                    what works, step by step

In scripts and in the REPL, await, async for and async with work at the top level; a script that has none of them there
may call asyncio.run, as in plain Python. Ctrl-C in a script cancels what it awaits, which interrupts the filter on the
server; in the REPL the session stays open. Arguments after the script are the script's own.
"""


def parser() -> argparse.ArgumentParser:
    """Return the options of apvpython."""
    made = argparse.ArgumentParser(
        prog="apvpython",
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
        "is started there; none: built in",
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
    made.add_argument("--verbosity", "-v", action="count", default=0, help="log more; twice for debugging")
    made.add_argument("--version", action="version", version=f"apvpython {__version__}")
    made.add_argument("-c", dest="command", metavar="CODE", help="run this code instead of a script")
    made.add_argument("script", nargs="?", help="the script to run; - is standard input")
    made.add_argument("arguments", nargs=argparse.REMAINDER, help="the script's own arguments")
    return made


def main() -> None:
    """Run the console script."""
    if sys.argv[1:2] and sys.argv[1] in COMMANDS and not Path(sys.argv[1]).exists():  # a script may have that name
        sys.exit(importlib.import_module(f".{sys.argv[1]}", __package__).run(sys.argv[2:]))
    options = parser().parse_args()
    levels = (logging.WARNING, logging.INFO, logging.DEBUG)
    level = levels[min(options.verbosity, 2)]
    if options.verbosity:
        os.environ["APV_LOG"] = logging.getLevelName(level)  # for the worker of a built-in session
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    named = _named_server(options)
    if named is not None:
        os.environ["APV_SERVER_URL"] = named[1]
    if options.insecure:
        os.environ["APV_INSECURE"] = "1"
    if options.token_file:
        os.environ["APV_TOKEN_FILE"] = os.path.abspath(options.token_file)
    if options.backend:
        os.environ["APV_COMMUNICATION_BACKEND"] = options.backend
    if options.script not in (None, "-") and options.command is None:
        sys.path.insert(0, str(Path(options.script).resolve().parent))  # first: a backend may stand beside the script
    try:
        backend_class()
        if named is not None:
            _check_server(*named)
    except ConfigurationError as error:
        sys.stderr.write(f"apvpython: {error}\n")
        sys.exit(2)
    sys.exit(_run(options))


def _named_server(options: argparse.Namespace) -> tuple[str, str] | None:
    """Return which option names a server, and its URL."""
    if options.wait_for_server is not None:
        return "--wait-for-server", _waiting_url(options.wait_for_server)
    return None if options.server_url is None else ("--server-url", options.server_url)


def _check_server(option: str, url: str) -> None:
    """Raise ConfigurationError if nothing that listens there, or comes there, could make this URL one to connect to."""
    from servermanager.reach.address_check import check_server_url  # late: --help answers without it

    if not url:
        raise ConfigurationError(f"{option} is empty: name a server, or leave it out for a session that is built in")
    try:
        check_server_url(url)
    except ConfigurationError as error:
        raise ConfigurationError(f"{option}: {error}") from error


def _waiting_url(place: str) -> str:
    """Return the URL that means to wait for a server at `[HOST:]PORT`."""
    host, _, port = place.rpartition(":")
    return f"reverse+tcp://{host or '127.0.0.1'}:{port}"


def _run(options: argparse.Namespace) -> int:
    from . import runner  # late: --help answers without it

    verbose = options.verbosity > 0
    if options.command is not None:
        arguments = [options.script, *options.arguments] if options.script else options.arguments
        return runner.run_code(options.command, "<command>", ["-c", *arguments], verbose=verbose)
    if options.script is not None:
        return runner.run_script(options.script, options.arguments, verbose=verbose)
    if not sys.stdin.isatty():
        return runner.run_script("-", [], verbose=verbose)
    from . import repl

    return repl.run()


if __name__ == "__main__":
    main()

"""The `apvserver` program: a server that gives every client a session of its own."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterable, Sequence
from types import FrameType
from typing import TYPE_CHECKING

from services_core import ConfigurationError, ServicesError, __version__, backend_class

from .command_line import ServerOptions, server_options
from .commands.catalog import COMMANDS, run_command

if TYPE_CHECKING:
    from .hosting.access import Access
    from .hosting.server import Server


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand, or the server until it is told to end.

    Returns the exit code: 2 for what the user has to mend.
    """
    words = sys.argv[1:] if arguments is None else arguments
    try:
        if words and words[0] in COMMANDS:
            return run_command(words[0], words[1:])
        options = server_options(words)
        _begin_log(options)
        access = _access(options)  # first: it may have to read the token from standard input
        stop = _stop_on_signals()
        if options.exit_with_stdin:
            _stop_with_input(stop)
        _serve(options, access, stop)
    except ServicesError as error:
        sys.stderr.write(f"apvserver: {error}\n")
        return 2
    return 0


def _begin_log(options: ServerOptions) -> None:
    style = "apvserver %(levelname)s %(name)s: %(message)s"
    try:
        logging.basicConfig(filename=options.log, level=options.settings.log_level, format=style)
    except OSError as error:
        raise ConfigurationError(f"--log {str(options.log)!r}: this file cannot be written: {error}") from error


def _access(options: ServerOptions) -> Access:
    from .hosting.access import choose_access  # late: --help answers without it

    return choose_access(urls=options.listen, token_file=options.token_file, open_to_all=options.open_to_all)


def _serve(options: ServerOptions, access: Access, stop: threading.Event) -> None:
    from .hosting.access import announced
    from .hosting.placement import what_holds_roots
    from .hosting.server import Server

    backend_class(options.backend)
    roots = what_holds_roots(options.backend, options.settings)
    server = Server(
        options.listen,
        options.backend,
        settings=options.settings,
        max_sessions=options.max_sessions,
        access=access,
        spare_workers=options.spare_workers,
        fork_workers=options.fork_workers,
    )
    try:
        with announced(server.urls, access):
            waiting = "for whoever waits there" if options.client and not access.lasting else ""
            asking = [*server.urls, *([options.client] if options.client and access.lasting else [])]
            let_in = access.describe(asking) if asking else ""
            places = [access.url_with_key(url) for url in server.urls]
            _run(server, options, places, (roots, let_in, waiting), stop)
    finally:
        if not server.close():
            sys.stderr.write("apvserver: a session is inside a filter that cannot be interrupted; ending anyway\n")
            sys.stderr.flush()
            os._exit(1)


def _run(
    server: Server, options: ServerOptions, places: Sequence[str], guards: Iterable[str], stop: threading.Event
) -> None:
    """Tell that the server is ready, at which places, and what guards it, and wait until it is to end."""
    from .hosting.placement import containment

    if options.log is not None:
        with options.log.open("ab") as file:
            os.dup2(file.fileno(), 2)  # for the workers, and for what libraries print
    kept_apart = f"backend {options.backend}: {containment(options.backend)}"
    told = "; ".join(filter(None, (kept_apart, *guards)))
    if places:
        _tell(f"ready at {' and '.join(places)} ({told})")
    left = _offer(server, options.client, stop)
    if options.client:
        _tell(f"connects to the client that waits at {options.client} ({told})")
    while not stop.wait(0.5):  # with a timeout, or Ctrl-C would not get through on Windows
        pass
    for error in left:
        raise error


def _tell(what: str) -> None:
    print(f"apvserver {__version__} {what}", flush=True)


def _offer(server: Server, client: str | None, stop: threading.Event) -> list[ServicesError]:
    """Offer connections to a client that waits; when that is over `stop` is set, and why, if not in peace, returned."""
    left: list[ServicesError] = []

    def over(error: ServicesError | None) -> None:
        left.extend([error] if error is not None else [])
        stop.set()

    if client is not None:
        server.offer_to(client, over)
    return left


def _stop_with_input(stop: threading.Event) -> None:
    """Set this event when standard input ends: whoever started this server, or the ssh that leads here, has ended."""

    def watch() -> None:
        with contextlib.suppress(OSError):  # closed before it was looked at: that is its end, too
            while os.read(0, 65536):
                pass
        stop.set()

    threading.Thread(target=watch, name="end-of-input", daemon=True).start()


def _stop_on_signals() -> threading.Event:
    """Return an event that Ctrl-C and SIGTERM set. A second Ctrl-C ends the program at once."""
    stop = threading.Event()

    def handle(number: int, _frame: FrameType | None) -> None:
        if stop.is_set() and number == signal.SIGINT:
            os._exit(130)
        stop.set()

    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)
    if sys.platform == "win32":
        signal.signal(signal.SIGBREAK, handle)
    return stop


if __name__ == "__main__":
    sys.exit(main())

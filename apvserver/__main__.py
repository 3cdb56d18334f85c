"""The `apvserver` program: a server that gives every client a session of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING

from async_paraview.launched import launched, place_of
from services_core import ConfigurationError, ServicesError, __version__, backend_class

from .command_line import ServerOptions, server_options
from .commands.catalog import COMMANDS, run_command
from .hosting.monitoring.draining import Ending
from .log_format import begin_log

if TYPE_CHECKING:
    from .hosting.access import Access
    from .hosting.server import Server
    from .hosting.session_host import Left


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand, or the server until it is told to end.

    Returns the exit code: 2 for what the user has to mend.
    """
    words = sys.argv[1:] if arguments is None else arguments
    try:
        if words and words[0] in COMMANDS:
            return run_command(words[0], words[1:])
        place = place_of(os.environ)
        if place is not None and place.size > 1:
            return _on_ranks(words)
        return _begin(server_options(words))
    except ServicesError as error:
        sys.stderr.write(f"apvserver: {error}\n")
        return 2
    except KeyboardInterrupt:  # before the server has its own way of taking that, or in a subcommand
        return 130


def _on_ranks(words: Sequence[str]) -> int:
    """Run the server if this is the first process of a launcher; the others wait until that has ended."""
    with launched() as processes:
        if processes.rank:
            return 0
        options = server_options(words)
        settings = options.settings
        if settings.ranks == 1:
            settings = replace(settings, ranks=processes.size)
        if processes.options and not settings.mpiexec:
            settings = replace(settings, mpiexec=f"mpiexec -n {{ranks}} {processes.options}")
        return _begin(replace(options, settings=settings))


def _begin(options: ServerOptions) -> int:
    """Run the server until it is told to end; returns the exit code."""
    _begin_log(options)
    access = _access(options)  # first: it may have to read the token from standard input
    ending = Ending(options.drain_s)
    _end_on_signals(ending)
    if options.exit_with_stdin:
        _end_with_input(ending)
    _serve(options, access, ending)
    return 0


def _begin_log(options: ServerOptions) -> None:
    level, form = options.settings.log_level, options.settings.log_format
    file = None if options.log is None else str(options.log)
    try:
        begin_log(level, form, program="apvserver", text="apvserver %(levelname)s %(name)s: %(message)s", file=file)
    except OSError as error:
        raise ConfigurationError(f"--log {str(options.log)!r}: this file cannot be written: {error}") from error


def _access(options: ServerOptions) -> Access:
    from .hosting.access import choose_access  # late: --help answers without it

    return choose_access(urls=options.listen, token_file=options.token_file, open_to_all=options.open_to_all)


def _serve(options: ServerOptions, access: Access, ending: Ending) -> None:
    from .hosting.access import announced
    from .hosting.placement import check_ranks, what_holds_roots
    from .hosting.server import Server
    from .sharing import SeldomCollecting, take_short_turns

    take_short_turns()
    backend_class(options.backend)
    check_ranks(options.backend, options.settings)
    alone = options.settings.ranks == 1
    roots = what_holds_roots(options.backend, options.settings)
    server = Server(
        options.listen,
        options.backend,
        settings=options.settings,
        max_sessions=options.max_sessions,
        access=access,
        spare_workers=options.spare_workers if alone else 0,
        fork_workers=options.fork_workers and alone,
    )
    server.desk.stop = ending.ask
    try:
        with (
            contextlib.closing(SeldomCollecting()),
            announced(server.urls, access),
            _metrics(server, options.metrics_port) as metrics,
        ):
            waiting = "for whoever waits there" if options.client and not access.lasting else ""
            asking = [*server.urls, *([options.client] if options.client and access.lasting else [])]
            let_in = access.describe(asking) if asking else ""
            places = [access.url_with_key(url) for url in server.urls]
            _run(server, options, places, (roots, let_in, waiting, metrics), ending)
    finally:
        error = sys.exc_info()[1]
        if left := server.close():
            _end_anyway(left, error)


def _end_anyway(left: Left, error: BaseException | None) -> None:
    """End this process without what is left in it: joining that would take for ever."""
    from .hosting.session_host import Left
    from .vtk.rendering.opengl import end_probe

    code = 0
    if isinstance(error, ServicesError):
        code = 2
        sys.stderr.write(f"apvserver: {error}\n")
    elif error is not None:
        code = 1
        traceback.print_exception(error)
    elif left is Left.SOMETHING:
        code = 1
        sys.stderr.write("apvserver: a filter cannot be interrupted, or a process does not end: ending anyway\n")
    end_probe()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@contextlib.contextmanager
def _metrics(server: Server, port: int | None) -> Iterator[str]:
    """Serve a page of metrics meanwhile, if that is wanted; gives what to tell of it."""
    if port is None:
        yield ""
        return
    from .hosting.monitoring.metrics import MetricsPage

    with contextlib.closing(MetricsPage(server.desk, port)) as page:
        yield f"metrics at {page.url}"


def _run(server: Server, options: ServerOptions, places: Sequence[str], guards: Iterable[str], ending: Ending) -> None:
    """Tell that the server is ready, at which places, and what guards it, and wait until it is to end."""
    from .hosting.monitoring.dumps import dump_on_signal
    from .hosting.placement import containment

    if options.log is not None:
        with options.log.open("ab") as file:
            os.dup2(file.fileno(), 2)  # for the workers, and for what libraries print
    kept_apart = f"backend {options.backend}: {containment(options.backend)}"
    told = "; ".join(filter(None, (kept_apart, *guards)))
    if places:
        _tell(f"ready at {' and '.join(places)} ({told})")
    dump_on_signal(server.describe)
    left = _offer(server, options.client, ending)
    if options.client:
        _tell(f"connects to the client that waits at {options.client} ({told})")
    ending.wait(server.drain, lambda: server.sessions)
    for error in left:
        raise error


def _tell(what: str) -> None:
    print(f"apvserver {__version__} {what}", flush=True)


def _offer(server: Server, client: str | None, ending: Ending) -> list[ServicesError]:
    """Offer connections to a client that waits; when that is over the server ends, and why not in peace is returned."""
    left: list[ServicesError] = []

    def over(error: ServicesError | None) -> None:
        left.extend([error] if error is not None else [])
        ending.ask(0.0)

    if client is not None:
        server.offer_to(client, over)
    return left


def _end_with_input(ending: Ending) -> None:
    """End the server at once when standard input ends: whoever started it, or the ssh that leads here, has ended.

    A copy of it is read, and number 0 leads nowhere: on Windows libraries ask as they are loaded what kind of file that
    is, VTK's among them, and are not answered while somebody waits for it to be read.
    """
    copy = -1
    with contextlib.suppress(OSError):  # closed before it was looked at: that is its end, too
        copy = os.dup(0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(copy, 65536):
                pass
        ending.ask(0.0)

    threading.Thread(target=watch, name="end-of-input", daemon=True).start()


def _end_on_signals(ending: Ending) -> None:
    """End the server by Ctrl-C, SIGTERM and, unless that is ignored (nohup), the end of its terminal.

    Ctrl-C while it ends already ends the program at once.
    """

    def handle(number: int, _frame: FrameType | None) -> None:
        if ending.decided and number == signal.SIGINT:
            os._exit(130)
        ending.ask(insist=True)

    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, handle)
    if sys.platform == "win32":
        signal.signal(signal.SIGBREAK, handle)


if __name__ == "__main__":
    sys.exit(main())

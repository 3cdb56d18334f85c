"""The `apvweb` program: its options, then a web server whose pages show sessions."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import importlib
import logging
import re
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from async_paraview.programs import interruptible, needs_extra, parsed
from services_core import ConfigurationError, ServicesError, __version__

from .access import Access, check_key, host_names, is_loopback, new_key
from .own_server import OwnServer

if TYPE_CHECKING:
    from .running import Application

USAGE: Final = "apvweb [--data FILE ...] [--server-url URL] [OPTION ...]"
EPILOG: Final = """examples:
  apvweb --data can.vtu                                  a server of its own, this file shown, in the browser
  apvweb --data scene.json                               a saved state, ours or a .pvsm file of ParaView
  apvweb --server-url tcp://127.0.0.1:11111              with an apvserver that runs; files are those of its machine
  apvweb --server-url ssh://bigmachine --data /data/a.vti
  apvweb --no-browser --port 8080                        print the link only, as for  ssh -L 8080:127.0.0.1:8080 HOST
  apvweb --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem

The link that is printed has a random key, a new one at each start: whoever has it may do here what you may. It is moved
into a cookie at once, and does not stay in the address bar. Each browser has a session of its own; "Share" in the page
makes links for others, who join a session, or only look on, and need no key. A page that is loaded again, or was cut
off, has its session and its picture back; one that nobody has looked at for --grace seconds is closed.
"""


def parser(application: str | None = None) -> argparse.ArgumentParser:
    """Return the options of apvweb; with `application`, what one of somebody's own is for, those that fit it, too."""
    made = argparse.ArgumentParser(
        prog=None if application else "apvweb",
        usage=None if application else USAGE,
        description=application or "Serve pages in which a browser sees, changes and steers visualization sessions.",
        epilog=None if application else EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.set_defaults(title=re.split(r"[:.\n]", (application or "").strip(), maxsplit=1)[0])
    sessions = made.add_argument_group("sessions")
    if application is None:
        sessions.add_argument(
            "--data",
            metavar="FILE",
            action="append",
            default=[],
            help="open this file of the server, or load this state; repeatable",
        )
    _add_session_options(sessions)
    _add_place_options(made.add_argument_group("where it listens, and who gets in"))
    made.add_argument("--verbosity", "-v", action="count", default=0, help="log more; twice for debugging")
    made.add_argument("--version", action="version", version=f"apvweb {__version__}")
    return made


def _add_session_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--server-url", "--url", metavar="URL",
        help="the server of the sessions; auto: the newest of this user on this machine; ssh://host: one that is "
        "started there; default: one that this program starts, and ends with it",
    )  # fmt: skip
    group.add_argument("--token-file", metavar="FILE", help="the server's token, a file of mode 0600 (APV_TOKEN_FILE)")
    group.add_argument(
        "--data-root", metavar="DIR", action="append", default=[],
        help="pages may open files below this directory only; repeatable; of a server that this program starts",
    )  # fmt: skip
    group.add_argument(
        "--grace",
        metavar="SECONDS",
        type=float,
        default=300.0,
        help="close pages that nobody has looked at for so long (300)",
    )
    group.add_argument("--max-pages", metavar="N", type=int, default=32, help="most pages at a time (32)")


def _add_place_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--host",
        default="127.0.0.1",
        help="where to listen (127.0.0.1); beyond this machine that needs --tls-cert, or --insecure",
    )
    group.add_argument("--port", type=int, default=0, help="port to listen on; 0: any free one (0)")
    group.add_argument(
        "--allow-host", metavar="NAME", action="append", default=[],
        help="a further name by which browsers know this server, such as that of a proxy before it; repeatable",
    )  # fmt: skip
    group.add_argument("--tls-cert", metavar="FILE", type=Path, help="serve https with this certificate (PEM)")
    group.add_argument("--tls-key", metavar="FILE", type=Path, help="its private key, if that is not in the same file")
    group.add_argument(
        "--key-file", metavar="FILE", type=Path,
        help="keep the key in this file, mode 0600, which is made if there is none, and beside it what is in pages: "
        "links stay right when this program is started anew, and pages have again what was in them",
    )  # fmt: skip
    group.add_argument("--insecure", action="store_true", help="listen beyond this machine without encryption: do not")
    group.add_argument("--no-browser", action="store_true", help="print the link, and open no browser")


def main() -> None:
    """Run the console script."""
    with interruptible("apvweb"):
        run_program(parsed(parser()), None)


def run_program(options: argparse.Namespace, application: Application | None) -> None:
    """Serve pages as the options say until the program is ended: those of an application, or else of the client."""
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(options.verbosity, 2)]
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("aiohttp.access").disabled = True  # it would write the key, which stands in the first address
    for name in ("trame_server", "trame_client", "wslink"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        _check(options)
        access = Access(_key(options.key_file), options.host, _names(options))
        sys.exit(_run(options, access, application))
    except (ServicesError, OSError, ModuleNotFoundError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        at = f"{options.host}:{options.port}"
        told = f"{at} is in use by another program; choose another --port, or 0 for any free one" if taken else error
        sys.stderr.write(f"{Path(sys.argv[0]).stem if application else 'apvweb'}: {told}\n")
        sys.exit(2 if taken or isinstance(error, (ConfigurationError, ModuleNotFoundError)) else 1)


def _check(options: argparse.Namespace) -> None:
    """Raise ConfigurationError for options that do not go together."""
    if not is_loopback(options.host) and options.tls_cert is None and not options.insecure:
        raise ConfigurationError(
            f"--host {options.host} can be reached from elsewhere: without --tls-cert the key, and all that is seen, "
            "would travel readably. Give a certificate, have a proxy with one lead here (docs/web.md), or --insecure"
        )
    if options.tls_key is not None and options.tls_cert is None:
        raise ConfigurationError("--tls-key needs --tls-cert, the certificate that it belongs to")
    if options.data_root and options.server_url:
        raise ConfigurationError(
            "--data-root is of the server that apvweb starts; start the one at --server-url with it"
        )
    if not 0 <= options.port <= 65535 or options.grace < 0 or options.max_pages < 1:
        raise ConfigurationError("--port is 0 to 65535, --grace at least 0 and --max-pages at least 1")


def _names(options: argparse.Namespace) -> frozenset[str]:
    names = host_names(options.allow_host)
    return names if is_loopback(options.host) else names | {socket.gethostname().lower(), socket.getfqdn().lower()}


def _key(path: Path | None) -> str:
    """Return the key of a file, which is made if there is none; a random one without a file."""
    if path is None:
        return new_key()
    from async_paraview.credentials.private_files import read_private, write_private

    try:
        return check_key(read_private(path), f"--key-file {path}")
    except FileNotFoundError:
        key = new_key()
        write_private(path, f"{key}\n", replace=False)
        return key


def _run(options: argparse.Namespace, access: Access, application: Application | None) -> int:
    async def until_ended() -> None:
        task = asyncio.current_task()
        assert task is not None
        for number in _ends():
            with contextlib.suppress(NotImplementedError):  # of systems without: Ctrl-C ends it there
                asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        await _serve(options, access, application)

    try:
        asyncio.run(until_ended())
    except (asyncio.CancelledError, KeyboardInterrupt):
        return 0
    return 0


def _ends() -> list[signal.Signals]:
    """Return the signals that end it: also that of a terminal that is closed, unless that is ignored (nohup)."""
    hangup = getattr(signal, "SIGHUP", None)
    closed = [] if hangup is None or signal.getsignal(hangup) is signal.SIG_IGN else [hangup]
    return [signal.SIGINT, signal.SIGTERM, *closed]


async def _serve(options: argparse.Namespace, access: Access, application: Application | None) -> None:
    """Serve until this is cancelled. The server of this program begins while the rest of it is being imported."""
    own = None if options.server_url else OwnServer(tuple(f"--data-root={one}" for one in options.data_root))
    try:
        if own is not None:
            own.begin()
        with needs_extra("web"):
            running = await asyncio.to_thread(importlib.import_module, f"{__package__}.running")
        await running.run(options, access, own, application)
    finally:
        if own is not None:
            await own.close()


if __name__ == "__main__":
    main()

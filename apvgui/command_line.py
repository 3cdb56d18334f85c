"""The command line of apvgui: which files to open, and where the session is."""

from __future__ import annotations

import argparse
from typing import Final

from services_core import __version__

EPILOG: Final = """examples:
  apvgui                                        an empty window, with a session that is built in
  apvgui can.ex2 flow_*.vtu                     opens files: numbered ones are one series
  apvgui scene.pvsm                             loads a state, one of ParaView or one of ours (.json)
  apvgui --server-url auto                      the newest apvserver of yours on this machine
  apvgui --server-url tcp://host:11111 a.vtu    a server that runs; files are then those of the server
  apvgui --server-url ssh://bigmachine          a server that is started there, over ssh, and ends with the window

in the window:
  File > Connect...   another server, or the built-in one       Ctrl+O   open files of the server
  Ctrl+Space          search all sources and filters            Ctrl+Z   undo, Ctrl+Shift+Z redo
  left mouse rotates, middle pans, right or wheel zooms         R        fit the camera
  F1                  all keys and what they do

While a filter executes everything stays usable: turn the view, change the value again, or press Esc to stop it.
Built in, the session runs in a process of its own (backend zmq): what ends that does not end the window.
"""


def parser() -> argparse.ArgumentParser:
    """Return the options of apvgui."""
    made = argparse.ArgumentParser(
        prog="apvgui",
        usage="apvgui [OPTION ...] [FILE ...]",
        description="The desktop client of visualization services: a window in which sessions are seen and changed.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("files", nargs="*", metavar="FILE", help="data or states to open, as the server names them")
    made.add_argument(
        "--server-url",
        "--url",
        metavar="URL",
        help="server to connect to (APV_SERVER_URL); auto: the newest of this user on this machine; ssh://host: one "
        "that is started there; without: built in",
    )
    made.add_argument(
        "--token-file",
        metavar="FILE",
        help="the server's token, a copy of its --token-file, mode 0600 (APV_TOKEN_FILE)",
    )
    made.add_argument("--session", metavar="TOKEN", help="join the session of another program, by its token")
    made.add_argument(
        "--backend", metavar="NAME", help="backend of a built-in session (APV_COMMUNICATION_BACKEND, default: zmq)"
    )
    made.add_argument(
        "--theme", choices=("system", "light", "dark"), help="colors of the window; remembered (default: system)"
    )
    made.add_argument("--fresh", action="store_true", help="forget the arrangement of the window of the last time")
    made.add_argument("--verbosity", "-v", action="count", default=0, help="log more; twice for debugging")
    made.add_argument("--version", action="version", version=f"apvgui {__version__}")
    return made

"""`apvpython keys`: this client's key, and the keys by which servers are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from async_paraview.credentials import CLIENT, forget_server, known_servers
from async_paraview.credentials.keys_command import Subcommand, run_keys

DESCRIPTION: Final = """\
The key of this client, and those of the servers that it knows, for curve:// addresses.

They are files of this user (APV_CONFIG_DIR), which nobody else may read. A server is known once its key was named, as
in curve://host:11111?key=KEY; one whose key has changed since is refused.
"""
EPILOG: Final = """\
example:
  apvpython keys show                     print the public key, for: apvserver keys allow NAME KEY
  apvpython keys known                    list the servers that are known
  apvpython keys forget host:11111        its operator has confirmed that it has another key
"""


def run(arguments: Sequence[str]) -> int:
    """Run a subcommand of keys. Returns the exit code."""
    place = ("host:port", "as in the list")
    more = (
        Subcommand("known", "list the servers that are known, with their keys", lambda told: _print_known()),
        Subcommand(
            "forget", "forget the key of a server", lambda told: forget_server(vars(told)["host:port"]), (place,)
        ),
    )
    return run_keys("apvpython", CLIENT, arguments, description=DESCRIPTION, epilog=EPILOG, more=more)


def _print_known() -> None:
    for place, key in known_servers().items():
        print(f"{key.hex()} {place}")

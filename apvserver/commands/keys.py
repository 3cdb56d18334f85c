"""`apvserver keys`: this server's key, and whose clients' keys are let in where keys are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from async_paraview.credentials import SERVER, allow_client, authorized_clients, parse_key, revoke_client
from async_paraview.credentials.keys_command import Subcommand, run_keys

DESCRIPTION: Final = """\
Keys of this server, and of the clients that it lets in, where it asks for keys: at curve:// addresses.

They are files of this user (APV_CONFIG_DIR), which nobody else may read. Servers that run obey a change at once; a
client that is revoked while it is in is cut within a second or two.
"""
EPILOG: Final = """\
example:
  laptop$ apvpython keys show                        prints the public key of the client
  server$ apvserver keys allow laptop KEY
  server$ apvserver --bind-address 0.0.0.0           prints curve://0.0.0.0:11111?key=...
  laptop$ apvpython --server-url 'curve://server:11111?key=...' script.py    once; then without ?key=...
"""


def run(arguments: Sequence[str]) -> int:
    """Run a subcommand of keys. Returns the exit code."""
    name, key = ("name", "what you call the client"), ("key", "what `apvpython keys show` prints there")
    more = (
        Subcommand("allow", "let a client in", lambda told: allow_client(told.name, parse_key(told.key)), (name, key)),
        Subcommand(
            "revoke", "let a client in no more; if it is in, cut it", lambda told: revoke_client(told.name), (name,)
        ),
        Subcommand("list", "list the clients that are let in", lambda told: _print(authorized_clients())),
    )
    return run_keys("apvserver", SERVER, arguments, description=DESCRIPTION, epilog=EPILOG, more=more)


def _print(keys: Mapping[str, bytes]) -> None:
    for name, key in keys.items():
        print(f"{key.hex()} {name}")

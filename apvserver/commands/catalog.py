"""Which subcommands there are, and running one of them."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Final

from services_core import suggest

COMMANDS: Final = {
    "keys": "whose keys are let in at curve:// addresses, and this server's own",
    "status": "what a server that runs is at",
    "sessions": "its sessions: who is in them, what they execute and hold",
    "stop": "end it, when its sessions have ended or had their time",
    "doctor": "try everything that a server needs, and print a report to paste",
}
"""What each subcommand does, by its name, which is that of its module here."""


def run_command(name: str, arguments: Sequence[str]) -> int:
    """Run a subcommand with its own arguments. Returns the exit code; raises SystemExit as argparse does."""
    code: int = importlib.import_module(f"{__package__}.{name}").run(arguments)  # late: --help answers without them
    return code


def unknown_command(word: str) -> str:
    """Return what to tell who gave a first word that is no subcommand."""
    meant = [f"did you mean {one}?" for one in suggest(word, COMMANDS, most=1)]
    return f"there is no command {word!r}; {(meant or ['the commands are ' + ', '.join(COMMANDS)])[0]}"

"""Options that a program does not have are told with what was meant; Ctrl-C ends it without a traceback."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from services_core import suggest

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C, as shells have it."""


@contextmanager
def interruptible(program: str) -> Iterator[None]:
    """Have Ctrl-C in its body end the program with one line, where nothing in it takes that."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(f"{program}: interrupted\n")
        sys.exit(INTERRUPTED)


def parsed(made: argparse.ArgumentParser, arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what arguments (default: the program's own) say. Raises SystemExit as argparse does."""
    told, surplus = made.parse_known_args(arguments)
    if surplus:
        made.error(unknown_options(surplus, made.format_help()))
    return told


def unknown_options(surplus: Sequence[str], help_text: str) -> str:
    """Return what to tell who gave options that the help of the program does not have."""
    known = re.findall(r"^  (--[a-z-]+)", help_text, re.MULTILINE)
    name = surplus[0].partition("=")[0]
    if not name.startswith("-"):
        takes = re.findall(r"^  (--[a-z-]+) FILE", help_text, re.MULTILINE)[:1]
        return "".join([f"nothing takes {surplus[0]!r}", *(f"; did you mean {one} {surplus[0]}?" for one in takes)])
    longer = [one for one in known if one.endswith(f"-{name.lstrip('-')}")]  # --port for --server-port
    meant = (longer or suggest(name, known, most=1))[:1]
    return "".join([f"unknown options: {' '.join(surplus)}", *(f"; did you mean {one}?" for one in meant)])

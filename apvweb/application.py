"""Applications of one's own: pages that show something else than the client does, by the same program."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from async_paraview.programs import parsed

from .__main__ import parser, run_program
from .running import Application


def run_application(
    application: Application,
    description: str,
    *,
    options: Callable[[argparse.ArgumentParser], object] | None = None,
) -> None:
    """Serve pages that an application makes, as a program of its own with the options of `apvweb`.

    `await application(server, session, options)` is called for each browser: it makes parts for `server`, a trame
    server of that page alone, lays them out, and returns what has `async close()`. `options(parser)` adds options to
    those that there are, `description` is what `--help` says first; up to its first colon or full stop it is the title
    of pages, unless the application sets `server.state.trame__title`.
    """
    made = parser(description)
    if options is not None:
        options(made)
    run_program(parsed(made), application)

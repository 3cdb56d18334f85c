"""Whether a view can show itself as a live picture: in a notebook, where the package for that is installed."""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Callable
from typing import Any, Final

_log = logging.getLogger(__name__)

FACE: Final = "apvnotebook.cells"
"""The module that shows live pictures. Named, not imported: most programs have no page, and need nothing for one."""

CallSoon = Callable[[Callable[[], object]], object]
"""Has a function called in the loop of a session, soon, from any thread."""

_told: Final[set[str]] = set()


def show_live(view: Any, call_soon: CallSoon, first: bytes | None) -> bool:
    """Show a view as the output of the cell that runs, as a live picture; returns whether there is a page for one.

    `first` is a PNG of it, which is shown until there is a newer one; None: none yet. Where the extra `notebook` is
    not installed, a line of the log says so, once.
    """
    if not in_page():
        return False
    try:
        face = importlib.import_module(FACE)
    except ModuleNotFoundError as error:
        _tell_once(f"views show their last picture only, not a live one: {error}; install async-paraview[notebook]")
        return False
    face.show(view, call_soon, first)
    return True


def still_samples(view: Any) -> int:
    """Return how many drawings a picture of a view is the mean of, once it is at rest."""
    return int(getattr(view, "StillSamples", 1))


def in_page() -> bool:
    """Return whether cells of this program are shown by a page: IPython runs them, as a kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


def _tell_once(text: str) -> None:
    if text not in _told:
        _told.add(text)
        _log.warning("%s", text)

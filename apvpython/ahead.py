"""What a program surely imports is imported ahead of it, so that it is known to stay."""

from __future__ import annotations

import contextlib
import gc
import importlib
import re
from typing import Final

from async_paraview.vtk_imports import keep_what_is_imported

_NAMES_CLIENT: Final = re.compile(rb"^\s*(?:from|import)\s+(?:servermanager|async_paraview|paraview)\b", re.MULTILINE)


def import_ahead(source: str | bytes) -> None:
    """Import the client, if code says that it will, and have Python never look for garbage in it.

    That takes a tenth of the time of a short program, half of it at its end. All that the program makes is younger, and
    is looked through as always: its module is to be made after this. So it is with the services of a built-in session.
    """
    if _NAMES_CLIENT.search(source.encode("utf-8", "replace") if isinstance(source, str) else source) is None:
        return
    collects = gc.isenabled()
    gc.disable()
    try:
        with contextlib.suppress(Exception):  # the program's own import raises it again, at its line
            importlib.import_module("servermanager.sync")
            keep_what_is_imported()
        gc.freeze()
    finally:
        if collects:
            gc.enable()

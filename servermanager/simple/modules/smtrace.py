"""`paraview.smtrace` for scripts: what was made between start and stop, as a script for apvpython."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ..current import session, when_gone


class _Tracing:
    is_on = False


def _forget() -> None:
    _Tracing.is_on = False


when_gone(_forget)


def start_trace(preamble: str | None = None) -> None:
    """Begin; `preamble` is without effect. Raises RuntimeError if a trace was begun."""
    if _Tracing.is_on:
        raise RuntimeError("start_trace: a trace was begun already; stop_trace ends it")
    session()
    _Tracing.is_on = True


def stop_trace() -> str:
    """End, and return a script that makes what there is now. Raises RuntimeError if none was begun."""
    text = get_current_trace_output()
    _forget()
    return text


def get_current_trace_output(raw: bool = False) -> str:
    """Return a script that makes what there is now. Raises RuntimeError if no trace was begun."""
    if not _Tracing.is_on:
        raise RuntimeError("no trace was begun: start_trace does it")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.py"
        session().save_script(path)
        return path.read_text(encoding="utf-8")

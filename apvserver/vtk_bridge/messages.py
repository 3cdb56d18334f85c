"""VTK's errors and warnings as values, routed to whoever was executing on the thread that wrote them.

VTK writes through one process-wide vtkOutputWindow. `capture` collects what arrives on the calling thread,
`install` silences the copy that VTK prints to stderr. Threads that VTK itself has begun work for whoever captures: if
that is one thread only, their messages are its own. If several execute at once nobody can know for whom a thread of
VTK's works: each is warned, and none fails by it. Messages of all other threads, such as those of the program that VTK
is used in, go to this module's logger.
"""

import logging
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Literal

from vtkmodules.vtkCommonCore import VTK_STRING, vtkLogger, vtkOutputWindow

Severity = Literal["error", "warning"]
_log = logging.getLogger(__name__)
_lock = threading.Lock()
_active: dict[int, "Capture"] = {}
"""The innermost capture of each thread that captures."""
_installed_on: Any = None

_HEADER = re.compile(r"\A\w+(?: \w+)*: In .*?, line \d+\n", re.DOTALL)
_POINTER = re.compile(r" ?\(0x[0-9a-fA-F]+\)")
_REQUEST = re.compile(r"(returned failure for request:) .*?Request: (\w+).*", re.DOTALL)


@dataclass(frozen=True)
class Message:
    """One error or warning: who wrote it (proxy id and VTK class) and its text without addresses."""

    severity: Severity
    proxy_id: int
    type_name: str
    text: str


@dataclass(frozen=True)
class Report:
    """One error or warning as VTK wrote it, before anyone knows which proxy it belongs to."""

    severity: Severity
    text: str


class Capture:
    """What was reported while one `capture` block was entered; appended to by VTK's observers."""

    def __init__(self) -> None:
        self.reports: list[Report] = []

    @property
    def errors(self) -> list[str]:
        """The texts of the errors, oldest first."""
        return [report.text for report in self.reports if report.severity == "error"]


def install() -> None:
    """Take over VTK's messages for this process: stop its stderr printing, observe its output window.

    Idempotent and thread-safe. It also wraps `sys.excepthook`, which is where VTK sends exceptions raised in
    Python observers and programmable filters; outside a capture the earlier hook is called.
    """
    global _installed_on
    window: Any = vtkOutputWindow.GetInstance()
    if window is _installed_on:
        return
    with _lock:
        if window is _installed_on:
            return
        if _installed_on is None:
            vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_OFF)
            _wrap_excepthook()
        window.AddObserver("ErrorEvent", _observer("error"))
        window.AddObserver("WarningEvent", _observer("warning"))
        _installed_on = window


@contextmanager
def capture() -> Iterator[Capture]:
    """Collect the messages that VTK writes on this thread while the block runs. Captures nest."""
    install()
    mine, thread = Capture(), threading.get_ident()
    with _lock:
        outer = _active.get(thread)
        _active[thread] = mine
    try:
        yield mine
    finally:
        with _lock:
            if outer is None:
                del _active[thread]
            else:
                _active[thread] = outer


_NO_TEXT: Final = "VTK's message is no text: it quotes bytes of a file that are none"
"""VTK hands over None instead of what is not UTF-8."""


def clean(text: str) -> str:
    """A VTK message without severity header, source line, addresses and dumps of request objects."""
    text = _HEADER.sub("", text)
    text = _REQUEST.sub(r"\1 \2", text)
    return _POINTER.sub("", text).strip()


def _deliver(severity: Severity, text: str) -> None:
    own = _active.get(threading.get_ident())
    if own is not None:
        own.reports.append(Report(severity, text))
        return
    with _lock:
        targets = list(_active.values()) if _active and _is_of_vtk() else []
    if not targets:
        _log.log(logging.ERROR if severity == "error" else logging.WARNING, "VTK: %s", text)
    elif len(targets) == 1:
        targets[0].reports.append(Report(severity, text))
    else:
        told = f"one of the {len(targets)} that execute at once has had a VTK {severity}: {text}"
        for target in targets:
            target.reports.append(Report("warning", told))


def _is_of_vtk() -> bool:
    """Whether this thread was begun by VTK, and not by Python, which keeps a list of its own ones."""
    me = threading.get_ident()
    return not any(one.ident == me and not isinstance(one, threading._DummyThread) for one in threading.enumerate())


def _observer(severity: Severity) -> Any:
    def observe(_window: object, _event: str, text: str | None) -> None:
        _deliver(severity, clean(text) if text is not None else _NO_TEXT)

    # VTK reads this attribute to know that it has to pass the message's text.
    observe.CallDataType = VTK_STRING  # type: ignore[attr-defined]
    return observe


def _wrap_excepthook() -> None:
    earlier = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if threading.get_ident() not in _active:
            earlier(kind, error, trace)
            return
        _deliver("error", f"{kind.__name__}: {error}")
        _log.error("Python exception inside VTK", exc_info=(kind, error, trace))

    sys.excepthook = hook

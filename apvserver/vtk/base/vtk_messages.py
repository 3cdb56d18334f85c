"""VTK's errors and warnings as values, routed to whoever was executing on the thread that wrote them.

VTK writes through one process-wide vtkOutputWindow, and some of it to its log only (see `vtk_log`). `capture` collects
what arrives on the calling thread, `install` silences the copy that VTK prints to stderr. Threads that VTK itself has
begun work for whoever captures: if that is one thread only, their messages are its own. If several execute at once
nobody can know for whom a thread of VTK's works: each is warned, and none fails by it. Messages of all other threads,
such as those of the program that VTK is used in, go to this module's logger.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections import Counter
from types import TracebackType
from typing import Any, Final, Literal

from vtkmodules.vtkCommonCore import VTK_STRING, vtkLogger, vtkOutputWindow

from async_paraview.records import dataclass

from . import vtk_log
from .vtk_log import VtkLog

Severity = Literal["error", "warning"]
_log = logging.getLogger(__name__)
_lock = threading.Lock()
_active: dict[int, Capture] = {}
"""The innermost capture of each thread that captures."""
_installed_on: Any = None
_log_of_vtk: Final = VtkLog()
_MOST_SAID: Final = 1000
_said: dict[str, Counter[str]] = {}
"""What each thread has told through the output window since its log was last looked at: it is in the log as well."""

_HEADER = re.compile(r"\A\w+(?: \w+)*: In .*?, line \d+\n", re.DOTALL)
_LOSES_DATA: Final = re.compile(r"cgio_\w+ ?:")
"""Warnings after which a reader goes on with what it has not read: zeros."""
_POINTER = re.compile(r" ?\(0x[0-9a-fA-F]+\)")
_FAILED: Final = "returned failure for request:"
_REQUEST = re.compile(r"(returned failure for request:) .*?Request: (\w+).*", re.DOTALL)


@dataclass(frozen=True)
class Message:
    """One error or warning: who wrote it (proxy id and VTK class) and its text without addresses.

    `property` is the property that it is about, "" where that cannot be known.
    """

    severity: Severity
    proxy_id: int
    type_name: str
    text: str
    property: str = ""


@dataclass(frozen=True)
class Report:
    """One error or warning as VTK wrote it, before anyone knows which proxy it belongs to."""

    severity: Severity
    text: str


class Capture:
    """What was reported while its block ran, that of a `with`; appended to by VTK's observers."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self._outer: Capture | None = None

    def __enter__(self) -> Capture:
        thread = threading.get_ident()
        _take_log()  # what was logged before is not ours
        with _lock:
            self._outer = _active.get(thread)
            _active[thread] = self
        return self

    def __exit__(self, *_: object) -> None:
        thread = threading.get_ident()
        _take_log()
        with _lock:
            if self._outer is None:
                del _active[thread]
            else:
                _active[thread] = self._outer

    def take(self) -> list[Report]:
        """Return what was reported in the block since the last call."""
        _take_log()
        taken, self.reports = self.reports, []
        return taken

    @property
    def errors(self) -> list[str]:
        """The texts of the errors, oldest first; that something failed only where nothing says why."""
        texts = [report.text for report in self.reports if report.severity == "error"]
        return [one for one in texts if _FAILED not in one] or texts


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


def capture() -> Capture:
    """Collect the messages that VTK writes on this thread while the block runs. Captures nest."""
    install()
    return Capture()


_NO_TEXT: Final = "VTK's message is no text: it quotes bytes of a file that are none"
"""VTK hands over None instead of what is not UTF-8."""


def clean(text: str) -> str:
    """Return a VTK message without severity header, source line, addresses and dumps of request objects."""
    text = _HEADER.sub("", text)
    text = _REQUEST.sub(r"\1 \2", text)
    return _POINTER.sub("", text).strip()


def deliver(severity: Severity, text: str) -> None:
    """Hand over what was said on this thread, or by a thread of VTK's that says it."""
    own = _active.get(threading.get_ident())
    severity = "error" if _LOSES_DATA.match(text) else severity
    if own is not None:
        own.reports.append(Report(severity, text))
    else:
        _deliver_unclaimed(severity, text, _is_of_vtk())


def _deliver_unclaimed(severity: Severity, text: str, of_vtk: bool) -> None:
    """Hand over what a thread said that captures nothing."""
    with _lock:
        targets = list(_active.values()) if of_vtk else []
    if not targets:
        _log.log(logging.ERROR if severity == "error" else logging.WARNING, "VTK: %s", text)
    elif len(targets) == 1:
        targets[0].reports.append(Report(severity, text))
    else:
        told = f"one of the {len(targets)} that execute at once has had a VTK {severity}: {text}"
        for target in targets:
            target.reports.append(Report("warning", told))


def _take_log() -> None:
    """Hand over what this thread, and threads that VTK has begun, have written to VTK's log and not told otherwise."""
    if _log_of_vtk.quiet:
        return
    mine = vtk_log.thread_name()
    others = {name for one in _python_threads() for name in vtk_log.names_of(one)}
    capturing = {f"{ident:X}" for ident in list(_active)}

    def wanted(name: str) -> bool | None:
        if name == mine or name not in others:
            return True
        return False if name in capturing else None

    for record in _log_of_vtk.take(wanted):
        told, said = clean(record.text), _said.get(record.thread, Counter())
        known = told if said[told] else _NO_TEXT if "\ufffd" in told else ""
        if said[known]:
            said[known] -= 1
        elif record.thread == mine:
            deliver("error" if record.is_error else "warning", told)
        else:  # of a thread that VTK has begun, or of one that has ended: nothing fails by what may be of another
            _deliver_unclaimed("warning", told, True)
    for name in {mine, *(others - capturing)}:
        _said.pop(name, None)


def _python_threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if not isinstance(one, threading._DummyThread)]


def _is_of_vtk() -> bool:
    """Return whether this thread was begun by VTK, and not by Python, which keeps a list of its own ones."""
    me = threading.get_ident()
    return not any(one.ident == me for one in _python_threads())


def _observer(severity: Severity) -> Any:
    def observe(_window: object, _event: str, text: str | None) -> None:
        told = clean(text) if text is not None else _NO_TEXT
        said = _said.setdefault(vtk_log.thread_name(), Counter())
        if len(said) >= _MOST_SAID:  # of a thread that nobody listens to
            said.clear()
        said[told] += 1
        deliver(severity, told)

    # VTK reads this attribute to know that it has to pass the message's text.
    observe.CallDataType = VTK_STRING  # type: ignore[attr-defined]  # of a function
    return observe


def _wrap_excepthook() -> None:
    earlier = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if threading.get_ident() not in _active:
            earlier(kind, error, trace)
            return
        deliver("error", f"{kind.__name__}: {error}")
        _log.error("Python exception inside VTK", exc_info=(kind, error, trace))

    sys.excepthook = hook

"""Getting a session that blocks, and what becomes of one that nobody closes."""

from __future__ import annotations

import functools
import inspect
import itertools
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from services_core import ServicesError

from .. import connection
from ..session import Session
from ..views.view_proxy import ViewProxy
from .blocking import Blocking
from .face import Face
from .loop_thread import LoopThread
from .shown import ShownView
from .timeouts import time_left

AT_EXIT_S: Final = 5.0
"""How long the end of the interpreter waits for a session that was not closed."""


class TimedSession(Blocking):
    """What a blocking session has beside what the asynchronous one has."""

    __slots__ = ()

    _face: Face

    @property
    def timeout_s(self) -> float | None:
        """Return how many seconds a call may take, None: any; then it is cancelled, and raises TimeoutError."""
        return self._face.timeout_s

    @timeout_s.setter
    def timeout_s(self, timeout_s: float | None) -> None:
        self._face.timeout_s = timeout_s


_numbers = itertools.count(1)
_open: Final[dict[int, tuple[LoopThread, Session]]] = {}
"""Sessions that were not closed, by a number."""


def open_face(more: Mapping[type, type] | None, arguments: tuple[Any, ...], named: dict[str, Any]) -> Blocking:
    """Connect as `connect` does, in a loop on a thread of its own; `more` as of Face."""
    timeout_s = named.pop("timeout_s", None)
    number = next(_numbers)
    thread = LoopThread(f"session-{number}")
    face = Face(thread, {Session: TimedSession, ViewProxy: ShownView, **(more or {})})
    face.timeout_s = timeout_s
    named = {key: face.unwrap(one) for key, one in named.items()}
    try:
        opened = thread.do("connect()", lambda: connection.connect(*arguments, **named), timeout_s=time_left(timeout_s))
    except BaseException:
        thread.stop()
        raise
    _open[number] = thread, opened
    face.when_closed = functools.partial(_forget, number)
    weakref.finalize(face, _leave, number).atexit = False  # `_leave_all` does it, while threads can still be started
    made: Blocking = face.wrap(opened)
    return made


def connect(*arguments: Any, **named: Any) -> Any:
    """Open a session that blocks.

    It is closed by `with connect() as session`, or by `session.close()`. It has the names of the asynchronous one, and
    so have its proxies and views: what is awaited there returns here when it is done, streams are iterators, and `with`
    stands for `async with`. Its loop runs on a thread of its own, so that it works in a plain program, in a notebook
    and in any thread. Ctrl-C interrupts the filter that runs, and the session stays. `timeout_s` is how many seconds
    each call may take (None: any): see `timeout`. A session that is not closed is, when it is used no more, or the
    program ends. Raises as awaiting `servermanager.connect` does, and TimeoutError.
    """
    return open_face(None, arguments, named)


_asynchronous = inspect.signature(connection.connect)
connect.__signature__ = _asynchronous.replace(  # type: ignore[attr-defined]  # `inspect` reads it
    parameters=[
        *_asynchronous.parameters.values(),
        inspect.Parameter("timeout_s", inspect.Parameter.KEYWORD_ONLY, default=None, annotation="float | None"),
    ],
    return_annotation="Session",
)


def _forget(number: int) -> None:
    """End the thread of a session that was closed."""
    left = _open.pop(number, None)
    if left is not None:
        left[0].stop()


def _leave(number: int) -> None:
    """Close a session that nobody can use any more. The collector calls it: nothing here waits."""
    left = _open.get(number)
    if left is not None:
        threading.Thread(target=_close, args=(number,), name=f"closing-{number}", daemon=True).start()


def _close(number: int) -> None:
    thread, session = _open[number]
    with suppress(
        ServicesError, TimeoutError, KeyError
    ):  # it was lost, or closed meanwhile: nobody is there to be told
        thread.do("close()", session.close, timeout_s=AT_EXIT_S)
    _forget(number)


def _leave_all() -> None:
    """Close what nobody has closed, as the interpreter ends."""
    for number in list(_open):
        _close(number)


# Called before threads are waited for and executors refuse work, which `atexit` comes after: closing needs both.
threading._register_atexit(_leave_all)  # type: ignore[attr-defined]  # Python has no public way

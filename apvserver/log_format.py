"""The log of the programs: one line for each thing, with its session, request and service, as text or as JSON."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

from services_core import current_call

JSON: Final = "json"

SESSION: Final = "session_name"
"""Where the HELLO that a server passes on has the name of the session. What a client says there is dropped."""

_FIELDS: Final = ("session", "service", "request")
_session: ContextVar[str] = ContextVar("session", default="")
_of_process: list[str] = [""]


@contextlib.contextmanager
def about_session(session: str) -> Iterator[None]:
    """Say in what is logged meanwhile, by this thread or task, which session it is about."""
    token = _session.set(session)
    try:
        yield
    finally:
        _session.reset(token)


def process_is_of(session: str) -> None:
    """Say in all that is logged from now on that this process is of that session."""
    _of_process[0] = session


class ContextFilter(logging.Filter):
    """Adds what a line is about to its record, found where it is logged: in the thread of the service."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `session`, `service` and `request`, and let everything pass."""
        call = current_call()
        service, incoming = (None, None) if call is None else call
        record.service = "" if service is None else service.name
        record.request = 0 if incoming is None else incoming.id
        named = "" if incoming is None else str(incoming.client.info.get(SESSION, ""))
        record.session = _session.get() or named or _of_process[0]
        return True


class TextFormatter(logging.Formatter):
    """The form for people: what it is about stands in brackets at the end of the line, before a traceback."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line."""
        about = " ".join(f"{name} {value}" for name in _FIELDS if (value := getattr(record, name, None)))
        return super().formatMessage(record) + (f" [{about}]" if about else "")


class JsonFormatter(logging.Formatter):
    """The form for programs: each record is one line of JSON, its traceback included."""

    def __init__(self, program: str) -> None:
        super().__init__()
        self._program = program

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "program": self._program,
            "process": record.process,
            "logger": record.name,
            "message": record.getMessage(),
            **{name: value for name in _FIELDS if (value := getattr(record, name, None))},
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told)


def begin_log(level: str, form: str, *, program: str, text: str, file: str | None = None) -> None:
    """Begin the log of this process, on standard error or in a file; `text` is the style of the form for people.

    Raises OSError for a file that cannot be written.
    """
    handler: logging.Handler = logging.StreamHandler() if file is None else logging.FileHandler(file)
    handler.addFilter(ContextFilter())
    handler.setFormatter(JsonFormatter(program) if form == JSON else TextFormatter(text))
    logging.basicConfig(level=level, handlers=[handler])

"""Every error of the messaging layer: one root, families that say whose fault it was and what to do next."""

from __future__ import annotations

import traceback
from typing import Any, Final

_MESSAGE_CHARACTERS: Final = 4096
_TRACEBACK_CHARACTERS: Final = 16384


class ServicesError(Exception):
    """Root of every error that this layer raises."""


class ConfigurationError(ServicesError, ValueError):
    """What was asked for cannot exist: an unknown backend, a malformed URL. Nothing was sent; change the setting."""


class PacketError(ServicesError, ValueError):
    """What was to be sent cannot travel: a type msgpack does not know, a limit passed. Nothing was sent."""


class Closed(ServicesError):
    """This side closed the endpoint, stream or engine before the call. Open a new one."""


class ConnectionFailed(ServicesError, ConnectionError):
    """The connection was never established, so nothing was executed: nobody listens there, or it refused."""


class VersionMismatch(ConnectionFailed):
    """The two sides speak different major versions of the protocol; the message names both and the fix."""


class Refused(ConnectionFailed):
    """The server understood and said no: an unknown service, session or token."""


class ConnectionLost(ServicesError, ConnectionError):
    """An established connection ended.

    `maybe_executed` tells whether the request this error answers had left before: if False it is safe to repeat.
    """

    def __init__(self, message: str, *, maybe_executed: bool = True) -> None:
        super().__init__(message)
        self.maybe_executed = maybe_executed


class ProtocolViolation(ConnectionLost):
    """The peer broke the protocol, or something that is no peer spoke; the connection was cut."""


class SlowConsumer(ConnectionLost):
    """The peer did not read what it had asked for within the stall limit and was cut, to keep memory bounded."""


class ServiceCrashed(ConnectionLost):
    """The process that ran the service died; the message names the signal or exit code and what it was doing.

    `details` is the same as plain data, as far as the server tells it.
    """

    def __init__(self, message: str, *, maybe_executed: bool = True, details: dict[str, Any] | None = None) -> None:
        super().__init__(message, maybe_executed=maybe_executed)
        self.details = details or {}


class RequestError(ServicesError):
    """The request failed; the connection lives on."""


class RemoteError(RequestError):
    """The service raised while it processed the request.

    `type_name` is the exception's class over there, `remote_traceback` its text, `details` the plain data that an
    exception with a `details` attribute brought along.
    """

    def __init__(
        self, type_name: str, message: str, remote_traceback: str = "", details: dict[str, Any] | None = None
    ) -> None:
        super().__init__(f"{type_name}: {message}")
        self.type_name = type_name
        self.message = message
        self.remote_traceback = remote_traceback
        self.details = details or {}

    def anew(self) -> RemoteError:
        """Return the same error as one that was raised nowhere: what is kept to be raised often must hold no frames."""
        return RemoteError(self.type_name, self.message, self.remote_traceback, self.details)


class RequestCancelled(RequestError):
    """The request was cancelled, by `Reply.cancel()` or by the service. A late result is dropped."""


class DeadlineExceeded(RequestError, TimeoutError):
    """The deadline that the request carried has passed. Work not started is not started; a late result is dropped."""


class Busy(RequestError):
    """A byte budget is full, so this call was not accepted: nothing was sent. Wait for room, then call again."""


_CODES: Final[dict[str, type[ServicesError]]] = {
    "cancelled": RequestCancelled,
    "deadline": DeadlineExceeded,
    "busy": Busy,
    "closed": ConnectionLost,
    "crashed": ServiceCrashed,
    "protocol": ProtocolViolation,
    "refused": Refused,
    "slow-consumer": SlowConsumer,
    "version": VersionMismatch,
}


def error_to_wire(error: BaseException) -> dict[str, Any]:
    """Return the plain form of an error, as ERROR, END and GOODBYE carry it (docs/protocol.md, "Errors")."""
    for code, family in _CODES.items():
        if type(error) is family:
            plain = {"code": code, "message": _sendable(error_text(error))[:_MESSAGE_CHARACTERS]}
            return {**plain, "details": error.details} if isinstance(error, ServiceCrashed) and error.details else plain
    if isinstance(error, RemoteError):
        type_name, message, text = error.type_name, error.message, error.remote_traceback
    else:
        type_name, message = type(error).__name__, error_text(error)
        text = "".join(traceback.format_exception(error))
    wire: dict[str, Any] = {
        "code": "remote",
        "type": _sendable(type_name)[:256],
        "message": _sendable(message)[:_MESSAGE_CHARACTERS],
        "traceback": _sendable(text)[-_TRACEBACK_CHARACTERS:],
    }
    details = getattr(error, "details", None)
    if isinstance(details, dict) and details:
        wire["details"] = details
    return wire


def error_text(error: BaseException) -> str:
    """Return `str(error)`, also of an exception that fails to make its own text."""
    try:
        return str(error)
    except Exception as broken:
        return f"(its text cannot be made: {type(broken).__name__})"


def _sendable(text: str) -> str:
    """Return `text` with what UTF-8 has no bytes for, such as half of a file name's unreadable letter, as an escape."""
    return text.encode("utf-8", "backslashreplace").decode()


def error_from_wire(wire: Any) -> ServicesError:
    """Return the exception for an error's plain form. Never raises: an unknown code is a RemoteError that shows it."""
    if not isinstance(wire, dict):
        return RemoteError("UnreadableError", f"the peer sent an error that is no map: {str(wire)[:200]}")
    message = str(wire.get("message", ""))
    details = wire.get("details")
    family = _CODES.get(str(wire.get("code")))
    if family is ServiceCrashed:
        return ServiceCrashed(message, details=details if isinstance(details, dict) else None)
    if family is not None:
        return family(message)
    return RemoteError(
        str(wire.get("type", wire.get("code", "Error"))),
        message,
        str(wire.get("traceback", "")),
        details if isinstance(details, dict) else None,
    )

"""What pages may have done: handlers that check what they are given, return at once, and nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from services_core import ServicesError

_log = logging.getLogger(__name__)

Refused = Callable[[str, str], None]
"""Told of what could not be done: what, and why."""

FAILURES: Final = (AttributeError, KeyError, TypeError, ValueError, ServicesError)

LONGEST_TEXT: Final = 1_000_000
MOST_VALUES: Final = 100_000
DEEPEST: Final = 6


def handler(what: str, call: Callable[..., Any], *kinds: Any, refused: Refused | None = None) -> Callable[..., None]:
    """Return what a page calls: `call` with arguments of these kinds, in that order.

    A kind is a type, or a tuple of types; `object` is any plain value. Whatever `call` returns is not waited for: an
    awaitable would hold up all that the browser says. What goes wrong is told to `refused`, or to the log.
    """

    def handle(*given: Any) -> None:
        try:
            call(*_checked(given, kinds))
        except FAILURES as error:
            text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
            if refused is None:
                _log.warning("%s: %s", what, text)
            else:
                refused(what, text)

    handle.__name__ = handle.__qualname__ = call.__name__ if hasattr(call, "__name__") else what
    return handle


def _checked(given: tuple[Any, ...], kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(given) != len(kinds):
        raise TypeError(f"{len(kinds)} values are expected, not {len(given)}")
    for value, kind in zip(given, kinds, strict=True):
        if kind is object:
            check_plain(value)
        elif isinstance(value, bool) and kind in (int, float):
            raise TypeError(f"expected a number, not {value!r}")
        elif not isinstance(value, kind):
            raise TypeError(f"expected {getattr(kind, '__name__', kind)}, not {value!r:.40}")
        elif isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise ValueError(f"a text of {len(value)} characters is too long")
    return given


def check_plain(value: Any, depth: int = 0) -> None:
    """Raise TypeError or ValueError for what is no plain value: a number, a text, or lists and maps of these."""
    if depth > DEEPEST:
        raise ValueError("a value has too many levels")
    if value is None or isinstance(value, bool | int | float):
        return
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise ValueError(f"a text of {len(value)} characters is too long")
        return
    if not isinstance(value, list | Mapping):
        raise TypeError(f"a page does not say {type(value).__name__}")
    if len(value) > MOST_VALUES:
        raise ValueError(f"{len(value)} values are too many")
    for one in value.values() if isinstance(value, Mapping) else value:
        check_plain(one, depth + 1)

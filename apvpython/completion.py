"""Tab and help at the prompt: types and properties are there from the start, asked for when they are wanted."""

from __future__ import annotations

import inspect
import re
import rlcompleter
import threading
from contextlib import suppress
from typing import Any, Final

from services_core import Reply, ServicesError

MOST_S: Final = 5.0
"""A prompt stands still for so long at most."""

_CALL: Final = re.compile(r"([A-Za-z_][\w.]*)\s*\($")


def wait_a_moment(reply: Reply[Any]) -> None:
    """Wait for a definition or a list of types, in a thread: no loop may, and here one of any kind may run.

    Meanwhile the loop that sessions live in stands still, as for whatever a user computes at a prompt.
    """
    if not reply.done():
        waiting = threading.Thread(target=_wait, args=(reply,), name="definitions", daemon=True)
        waiting.start()
        waiting.join()


def _wait(reply: Reply[Any]) -> None:
    with suppress(ServicesError, TimeoutError):  # who asked looks whether it is there
        reply.result(MOST_S)


class Completer(rlcompleter.Completer):
    """Python's own, and in a call the names that it takes: `session.filters.Contour(Iso<Tab>`."""

    def __init__(self, names: dict[str, Any], line: Any) -> None:
        """Complete names; `line()` is what stands before the cursor."""
        super().__init__(names)
        self._names = names
        self._line = line

    def global_matches(self, text: str) -> list[str]:
        """Return the names that begin with a text."""
        taken = [f"{name}=" for name in self._taken() if name.startswith(text)]
        return [*taken, *super().global_matches(text)]

    def _taken(self) -> list[str]:
        called = called_before(self._line())
        if called is None:
            return []
        first, *others = called.split(".")
        with suppress(AttributeError, KeyError, TypeError, ValueError):  # nothing that takes anything
            found = self._names[first]
            for name in others:
                found = getattr(found, name)
            return [one for one in inspect.signature(found).parameters if one != "properties"]
        return []


def called_before(line: str) -> str | None:
    """Return what is called at the end of a line, whose bracket is still open; None if nothing is."""
    depth = 0
    for index in range(len(line) - 1, -1, -1):
        depth += (line[index] in ")]}") - (line[index] in "([{")
        if depth < 0:
            found = _CALL.search(line[: index + 1])
            return found[1] if found else None
    return None

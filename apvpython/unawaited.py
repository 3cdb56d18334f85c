"""A forgotten `await` is told in one line, with the line of the script that has it."""

from __future__ import annotations

import inspect
import linecache
import re
import sys
import warnings
from collections.abc import Mapping
from typing import Any, Final, TextIO

_NEVER: Final = re.compile(r"coroutine '(?P<name>[^']+)' was never awaited")
_MADE_AT: Final = re.compile(r'^  File "(?P<file>.+)", line (?P<line>\d+), in ', re.MULTILINE)


def tell_unawaited() -> None:
    """Tell what was not awaited, from now on: also at the end of the interpreter."""
    sys.set_coroutine_origin_tracking_depth(1)
    if getattr(warnings.showwarning, "__module__", "") != __name__:
        warnings.showwarning = _shown_by(warnings.showwarning)


def tell_left(names: Mapping[str, Any]) -> None:
    """Tell what is left among these names, and was made without having been awaited."""
    for value in list(names.values()):
        if inspect.iscoroutine(value) and inspect.getcoroutinestate(value) == inspect.CORO_CREATED:
            origin = value.cr_origin or ((value.cr_code.co_filename, value.cr_code.co_firstlineno, ""),)
            sys.stderr.write(line_of(value.__qualname__, origin[0][0], origin[0][1]))
            value.close()


def line_of(name: str, file: str, line: int) -> str:
    """Return what is told of a coroutine that was made in that line."""
    source = linecache.getline(file, line).strip()
    shown = f": {source}" if source else ""
    return f"{file}, line {line}: await is missing, {name}() was never awaited{shown}\n"


def _shown_by(before: Any) -> Any:
    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        never = _NEVER.match(str(message))
        if never is None:
            before(message, category, filename, lineno, file, line)
            return
        made_at = _MADE_AT.search(str(message))
        place = (filename, lineno) if made_at is None else (made_at["file"], int(made_at["line"]))
        (file or sys.stderr).write(line_of(never["name"], *place))

    return show

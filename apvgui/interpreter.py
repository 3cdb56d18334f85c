"""Python as it is typed into the window: lines that may await, run as tasks of the window's own loop."""

from __future__ import annotations

import ast
import asyncio
import codeop
import inspect
import traceback
from collections.abc import Callable
from types import CodeType
from typing import Any, Final

from apvpython.completion import Completer
from services_core import ServicesError

from .console_output import output_to

MOST_RESULT: Final = 20_000
"""So many characters of what a line is are shown."""
_NAME: Final = "<console>"


class Interpreter:
    """Names, and lines that are run with them. `write(text)` gets what is printed, `value` of a line included."""

    def __init__(self, names: dict[str, Any], write: Callable[[str], object]) -> None:
        self.names = names
        names.setdefault("help", self._help)  # Python's own would start a pager
        self._write = write
        self._compile = codeop.CommandCompiler()
        self._compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

    def compiled(self, source: str) -> CodeType | None:
        """Return the code of a line or of several, None if more lines are to come. Raises SyntaxError and others.

        `name?` is help(name).
        """
        asked = source.strip()
        if asked.endswith("?") and asked.rstrip("?").replace(".", "_").isidentifier():
            source = f"help({asked.rstrip('?')})"
        if "\n" in source.strip() and not source.endswith("\n"):
            return self._whole(source)
        return self._compile(source, _NAME, "single")

    def _whole(self, source: str) -> CodeType | None:
        """Return code of several lines that were pasted, or end with an empty one."""
        try:
            return self._compile(f"{source}\n", _NAME, "exec")
        except SyntaxError:
            return self._compile(source, _NAME, "single")

    async def run(self, code: CodeType) -> None:
        """Run code; what it prints, what it is, and what it raises are written."""
        with output_to(self._write, self.display):
            try:
                result = eval(code, self.names)  # noqa: S307  # what the user typed
                if code.co_flags & inspect.CO_COROUTINE:
                    await result
            except asyncio.CancelledError:
                self._write("interrupted\n")
                raise
            except ServicesError as error:
                self._write(f"{type(error).__name__}: {error}\n")
            except SystemExit:
                self._write("the window is left with File > Quit\n")
            except BaseException as error:
                self._write(_told(error))

    def display(self, value: object) -> None:
        """Write what a line is, as the prompt of Python does."""
        if value is None:
            return
        self.names["_"] = value
        text = repr(value)
        shown = text if len(text) <= MOST_RESULT else f"{text[:MOST_RESULT]}... ({len(text)} characters)"
        hint = " (nothing of it is done until it is awaited)" if inspect.iscoroutine(value) else ""
        self._write(f"{shown}{hint}\n")

    def _help(self, thing: object = None) -> None:
        import pydoc

        self._write(f"{pydoc.plain(pydoc.render_doc(thing, 'Help on %s'))}\n")

    def complete(self, text: str, cursor: int) -> tuple[int, list[str]]:
        """Return where the word before the cursor begins, and what it could be."""
        begin = cursor
        while begin > 0 and (text[begin - 1].isalnum() or text[begin - 1] in "_."):
            begin -= 1
        word, completer = text[begin:cursor], Completer(self.names, lambda: text[:begin])
        found: list[str] = []
        while (one := completer.complete(word, len(found))) is not None:
            found.append(one)
        return begin, sorted(dict.fromkeys(found), key=lambda one: (one.lstrip("."), one))


def syntax_told(error: BaseException) -> str:
    """Return what is written of a line that is no Python."""
    return "".join(traceback.format_exception_only(error))


def _told(error: BaseException) -> str:
    """Return the traceback of an error, from the lines that were typed on."""
    frames = traceback.extract_tb(error.__traceback__)
    first = next((at for at, frame in enumerate(frames) if frame.filename == _NAME), len(frames))
    shown = traceback.format_list(frames[first:])
    head = ["Traceback (most recent call last):\n"] if shown else []
    return "".join([*head, *shown, *traceback.format_exception_only(error)])

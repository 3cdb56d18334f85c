"""Running a script whose top level may await."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import os
import sys
import types
from pathlib import Path
from typing import Any

from .interrupts import INTERRUPTED, cancelling_on_interrupt
from .reports import report


def run_script(path: str, arguments: list[str], *, verbose: bool = False) -> int:
    """Run a file as `__main__`, with sys.argv as python sets it. Returns the exit code."""
    if path == "-":
        return run_code(sys.stdin.read(), "<stdin>", ["-", *arguments], verbose=verbose)
    file = Path(path)
    try:
        source = file.read_bytes()
    except OSError as error:
        sys.stderr.write(f"apvpython: cannot read the script {path}: {error.strerror}\n")
        return 2
    return run_code(source, path, [path, *arguments], verbose=verbose)


def run_code(source: str | bytes, name: str, argv: list[str], *, verbose: bool = False) -> int:
    """Run code as `__main__`, in an asyncio loop if it awaits at the top level. Returns the exit code.

    Code that does not await there may run a loop of its own, as in plain Python.
    An uncaught error prints where in the script it came from; `verbose` adds the rest of the traceback, and the
    server's.
    """
    sys.argv = argv
    module = types.ModuleType("__main__")
    module.__file__ = name
    module.__builtins__ = __builtins__  # type: ignore[attr-defined]
    sys.modules["__main__"] = module
    try:
        code = compile(source, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        if code.co_flags & inspect.CO_COROUTINE:
            _run_in_loop(code, module)
        else:
            exec(code, module.__dict__)  # noqa: S102  # the user's own script
    except KeyboardInterrupt:
        sys.stderr.write("apvpython: interrupted\n")
        return _end(INTERRUPTED)
    except SystemExit as error:
        return _end(_exit_code(error))
    except BaseException as error:
        return _end(report(error, name, verbose=verbose))
    return _end(0)


def _run_in_loop(code: types.CodeType, module: types.ModuleType) -> None:
    with asyncio.Runner() as runner:
        main = runner.get_loop().create_task(_execute(code, module.__dict__), name="script")
        with cancelling_on_interrupt(runner.get_loop(), main):
            runner.get_loop().run_until_complete(main)


async def _execute(code: types.CodeType, names: dict[str, Any]) -> None:
    await eval(code, names)  # noqa: S307  # the user's own script


def _exit_code(error: SystemExit) -> int:
    if error.code is None or isinstance(error.code, int):
        return error.code or 0
    sys.stderr.write(f"{error.code}\n")
    return 1


def _end(code: int) -> int:
    """Return the exit code; a service thread that is still inside a filter must not meet the end of the interpreter."""
    import threading

    if code and any(thread.name.startswith("service-") for thread in threading.enumerate()):
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    return code

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

from services_core import ServicesError

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


def run_script(path: str, arguments: list[str]) -> int:
    """Run a file as `__main__`, with sys.argv and sys.path as python sets them. Returns the exit code."""
    if path == "-":
        return run_code(sys.stdin.read(), "<stdin>", ["-", *arguments])
    file = Path(path)
    try:
        source = file.read_bytes()
    except OSError as error:
        sys.stderr.write(f"apvpython: cannot read the script {path}: {error.strerror}\n")
        return 2
    sys.path.insert(0, str(file.resolve().parent))
    return run_code(source, path, [path, *arguments])


def run_code(source: str | bytes, name: str, argv: list[str]) -> int:
    """Run code as `__main__` in an asyncio loop. Returns the exit code. An uncaught error prints its traceback."""
    sys.argv = argv
    module = types.ModuleType("__main__")
    module.__file__ = name
    module.__builtins__ = __builtins__  # type: ignore[attr-defined]
    sys.modules["__main__"] = module
    try:
        code = compile(source, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        asyncio.run(_execute(code, module))
    except KeyboardInterrupt:
        sys.stderr.write("apvpython: interrupted\n")
        return _end(INTERRUPTED)
    except SystemExit as error:
        return _end(_exit_code(error))
    except ServicesError as error:
        sys.excepthook(type(error), error, error.__traceback__)
        return _end(1)
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
        return _end(1)
    return 0


async def _execute(code: types.CodeType, module: types.ModuleType) -> None:
    result = eval(code, module.__dict__)  # noqa: S307  # the user's own script
    if inspect.isawaitable(result):
        await result


def _exit_code(error: SystemExit) -> int:
    if error.code is None or isinstance(error.code, int):
        return error.code or 0
    sys.stderr.write(f"{error.code}\n")
    return 1


def _end(code: int) -> int:
    """The exit code; a service thread that is still inside a filter must not meet the end of the interpreter."""
    import threading

    if any(thread.name.startswith("service-") for thread in threading.enumerate()):
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    return code

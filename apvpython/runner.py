"""Running a program whose top level may await: a file, a module, or code that was given."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import linecache
import os
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from async_paraview.programs import INTERRUPTED

from .ahead import import_ahead
from .awaiting import follow_sessions, showing_awaited
from .interrupts import cancelling_on_interrupt
from .modules import find_main
from .names_given import SESSION, names_given, wants_session
from .paraview_names import find_paraview
from .reports import report
from .unawaited import tell_left, tell_unawaited

Then = Callable[[dict[str, Any], asyncio.Runner], int]
"""What comes after the program, with its names and its loop, and ends with an exit code: a REPL (-i)."""


def run_script(path: str, arguments: list[str], *, verbose: bool = False, then: Then | None = None) -> int:
    """Run a file as `__main__`, with sys.argv as python sets it. Returns the exit code."""
    if path == "-":
        return run_command(sys.stdin.read(), "<stdin>", ["-", *arguments], verbose=verbose, then=then)
    try:
        source = Path(path).read_bytes()
    except OSError as error:
        sys.stderr.write(f"apvpython: cannot read the script {path}: {error.strerror}\n")
        return 2
    import_ahead(source)
    return _run(_module(path), source, path, [path, *arguments], verbose=verbose, then=then)


def run_module(name: str, arguments: list[str], *, verbose: bool = False, then: Then | None = None) -> int:
    """Run a module, or the `__main__` of a package, as `python -m` does. Returns the exit code."""
    sys.argv = ["-m", *arguments]
    try:
        spec, source = find_main(name)
    except LookupError as error:
        sys.stderr.write(f"apvpython: {error.args[0]}\n")
        return 1
    except BaseException as error:  # the package it is in could not be imported
        return _end(_outcome(error, "", verbose=verbose))
    module = _module(spec.origin or name)
    module.__spec__, module.__package__, module.__loader__ = spec, spec.parent, spec.loader
    return _run(module, source, module.__file__ or name, [module.__file__ or name, *arguments], verbose, then)


def run_command(source: str, name: str, argv: list[str], *, verbose: bool = False, then: Then | None = None) -> int:
    """Run code that was typed as an argument or sent to standard input. Returns the exit code.

    It finds the names of the REPL, and `session` if it uses that without having made one, which is closed at its end.
    """
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)  # tracebacks show its lines
    import_ahead(source)
    return _run(_module(name), source, name, argv, verbose, then, given=True)


def _module(file: str) -> types.ModuleType:
    module = types.ModuleType("__main__")
    module.__file__ = file
    module.__builtins__ = __builtins__  # type: ignore[attr-defined]  # as `python` has it
    return module


def _run(
    module: types.ModuleType,
    source: str | bytes,
    name: str,
    argv: list[str],
    verbose: bool,
    then: Then | None,
    *,
    given: bool = False,
) -> int:
    """Run code as `__main__`, in an asyncio loop if it awaits at the top level. Returns the exit code.

    Code that does not await there may run a loop of its own, as in plain Python.
    An uncaught error prints where in the script it came from; `verbose` adds the rest of the traceback, and the
    server's.
    """
    sys.argv = argv
    sys.modules["__main__"] = module
    tell_unawaited()
    find_paraview()
    follow_sessions()
    runner = asyncio.Runner()
    try:
        try:
            code = compile(source, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
            if given:
                module.__dict__.update(names_given())
            with showing_awaited():
                _execute(code, module.__dict__, runner, opens=given and wants_session(source), stays=then is not None)
            ended = 0
        except BaseException as error:
            ended = _outcome(error, name, verbose=verbose)
        if then is not None:
            ended = then(module.__dict__, runner)
        tell_left(module.__dict__)
    finally:
        runner.close()
    return _end(ended)


def _execute(code: types.CodeType, names: dict[str, Any], runner: asyncio.Runner, *, opens: bool, stays: bool) -> None:
    """Run code; if it `opens` a session, with that, which `stays` open or not."""
    if not opens and not code.co_flags & inspect.CO_COROUTINE:
        exec(code, names)  # noqa: S102  # the user's own script
        return
    loop = runner.get_loop()
    main = loop.create_task(_with_session(code, names, stays) if opens else _awaiting(code, names), name="script")
    with cancelling_on_interrupt(loop, main):
        loop.run_until_complete(main)


async def _with_session(code: types.CodeType, names: dict[str, Any], stays: bool) -> None:
    session = names[SESSION] = await names["connect"]()
    async with contextlib.nullcontext() if stays else session:
        await _awaiting(code, names)


async def _awaiting(code: types.CodeType, names: dict[str, Any]) -> None:
    result = eval(code, names)  # noqa: S307  # the user's own script
    if code.co_flags & inspect.CO_COROUTINE:
        await result


def _outcome(error: BaseException, name: str, *, verbose: bool) -> int:
    """Print what a program ended by. Returns the exit code."""
    if isinstance(error, KeyboardInterrupt):
        sys.stderr.write("apvpython: interrupted\n")
        return INTERRUPTED
    if isinstance(error, SystemExit):
        return _exit_code(error)
    return report(error, name, verbose=verbose)


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

"""The REPL: IPython where it is installed, else the standard library's console, both with top-level await."""

from __future__ import annotations

import ast
import asyncio
import code
import inspect
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from services_core import ServicesError, __version__, backend_name

from .interrupts import cancelling_on_interrupt
from .names_given import names_given
from .unawaited import tell_unawaited

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def run(names: dict[str, Any], runner: asyncio.Runner) -> int:
    """Run until the user leaves, with these names and in this loop. Returns the exit code.

    All lines run in one asyncio loop, so that sessions, streams and tasks live on from line to line; tasks go on while
    a line is awaited.
    """
    tell_unawaited()
    for name, value in names_given().items():
        names.setdefault(name, value)
    banner = (
        f"apvpython {__version__}, backend {backend_name()}. Begin with: session = await connect()\n"
        "await works at the prompt; Ctrl-C cancels what is awaited, the session stays."
    )
    loop = runner.get_loop()

    def run_line(line: Coroutine[Any, Any, Any]) -> Any:
        task = loop.create_task(line)
        with cancelling_on_interrupt(loop, task):
            return loop.run_until_complete(task)

    shell_class = _ipython_class()
    if shell_class is None:
        _Console(names, run_line).interact(banner=banner, exitmsg="")
    else:
        _ipython(shell_class, names, banner, run_line)
    return 0


def _ipython_class() -> Any:
    """Return IPython's shell, None if it is not installed."""
    try:
        from IPython.terminal.embed import InteractiveShellEmbed  # noqa: T100  # it is the program, not a debugger
    except ImportError:
        return None
    return InteractiveShellEmbed


def _ipython(shell_class: Any, names: dict[str, Any], banner: str, run_line: Run) -> None:
    shell = shell_class(user_ns=names, banner1=banner + "\n")
    shell.loop_runner = run_line
    shell.autoawait = True
    shell.confirm_exit = False
    shell.set_custom_exc((ServicesError, asyncio.CancelledError), _tell_briefly)
    shell()


def _tell_briefly(_shell: object, _kind: type[BaseException], error: BaseException, _trace: object, **_: Any) -> None:
    sys.stderr.write(_brief(error))


def _brief(error: BaseException) -> str:
    """Return one line for what a user at a prompt has to know."""
    if isinstance(error, asyncio.CancelledError | KeyboardInterrupt):
        return "interrupted\n"
    return f"{type(error).__name__}: {error}\n"


class _Console(code.InteractiveConsole):
    """The standard library's console in which a line may await."""

    def __init__(self, names: dict[str, Any], run_line: Run) -> None:
        super().__init__(names)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._run_line = run_line

    def runcode(self, code: Any) -> None:
        """Run one line, in the loop if it awaits; Ctrl-C cancels it."""
        try:
            result = eval(code, self.locals)  # type: ignore[arg-type,unused-ignore]  # noqa: S307  # what the user typed
            if inspect.iscoroutine(result):
                self._run_line(result)
        except SystemExit:
            raise
        except (ServicesError, KeyboardInterrupt, asyncio.CancelledError) as error:
            self.write(_brief(error))
        except BaseException:
            self.showtraceback()

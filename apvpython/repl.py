"""The REPL: IPython where it is installed, else the standard library's console, both with top-level await."""

from __future__ import annotations

import ast
import asyncio
import code
import inspect
import sys
import traceback
import types
from collections.abc import Callable, Coroutine
from typing import Any

from services_core import ServicesError, __version__, backend_name

from .awaiting import follow_sessions, showing_awaited
from .completion import Completer, wait_a_moment
from .interrupts import cancelling_on_interrupt
from .names_given import SESSION, names_given
from .paraview_names import find_paraview
from .reports import trace_of_typed
from .unawaited import tell_unawaited

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def run(names: dict[str, Any], runner: asyncio.Runner) -> int:
    """Run until the user leaves, with these names and in this loop. Returns the exit code.

    All lines run in one asyncio loop, so that sessions, streams and tasks live on from line to line; tasks go on while
    a line is awaited. Unless there is one, a session is opened first, as `connect()` does.
    """
    from servermanager import DefinitionManager

    tell_unawaited()
    find_paraview()
    follow_sessions()
    for name, value in names_given().items():
        names.setdefault(name, value)
    lines = Lines(runner.get_loop())
    DefinitionManager.patience = (wait_a_moment,)
    banner = f"apvpython {__version__}, {_opened(names, lines.run)}\n{_WHAT_THERE_IS}"
    shell_class = _ipython_class()
    if shell_class is None:
        _console(names, banner, lines.run)
    else:
        _ipython(shell_class, names, banner, lines.run)
    return 0


_WHAT_THERE_IS = (
    "Tab completes types and properties; help(session.filters.Contour) tells what they are.\n"
    "await works at the prompt; Ctrl-C cancels what is awaited, the session stays."
)


class Lines:
    """What the user types, run in the loop; meanwhile it is shown how far the sessions are."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def run(self, line: Coroutine[Any, Any, Any]) -> Any:
        """Run one line to its end; Ctrl-C cancels it."""
        task = self._loop.create_task(line)
        with showing_awaited(), cancelling_on_interrupt(self._loop, task):
            return self._loop.run_until_complete(task)


def _opened(names: dict[str, Any], run_line: Run) -> str:
    """Open the session, unless there is one. Returns what is said of it."""
    if SESSION in names:
        return f"backend {backend_name()}"

    async def opened() -> Any:
        return await names["connect"]()

    try:
        names[SESSION] = run_line(opened())
    except (ServicesError, KeyboardInterrupt, asyncio.CancelledError) as error:
        return (
            f"backend {backend_name()}. There is no session: {_brief(error)}Try again with: session = await connect()"
        )
    return f"session is {names[SESSION]!r}"


def _ipython_class() -> Any:
    """Return IPython's shell, None if it is not installed."""
    try:
        from IPython.terminal.embed import InteractiveShellEmbed  # noqa: T100  # it is the program, not a debugger
    except ImportError:
        return None
    return InteractiveShellEmbed


def _ipython(shell_class: Any, names: dict[str, Any], banner: str, run_line: Run) -> None:
    class Shell(shell_class):  # type: ignore[misc,unused-ignore]  # a class that is known when it runs
        """IPython's, whose tracebacks have the user's lines."""

        enable_tip = False  # it is about ipython

        def showtraceback(self, exc_tuple: Any = None, *arguments: Any, **options: Any) -> None:
            if exc_tuple is None and options.get("running_compiled_code") and (error := sys.exc_info()[1]) is not None:
                exc_tuple = (type(error), error, trace_of_typed(error, self.user_global_ns))
                options["tb_offset"] = 0
            super().showtraceback(exc_tuple, *arguments, **options)

    shell = Shell(user_ns=names, banner1=banner + "\n")
    shell.loop_runner = run_line
    shell.autoawait = True
    shell.should_run_async = lambda *_, **__: True  # every line runs in the loop, so that it may begin tasks
    shell.confirm_exit = False
    shell.set_custom_exc((ServicesError, asyncio.CancelledError), _tell_briefly)
    plain = shell.display_formatter.formatters["text/plain"]
    plain.for_type(types.CoroutineType, lambda one, printer, _cycle: printer.text(f"{one!r}{_hint(one)}"))
    shell()


def _hint(value: object) -> str:
    return ": nothing of it is done until it is awaited" if inspect.iscoroutine(value) else ""


def _tell_briefly(_shell: object, _kind: type[BaseException], error: BaseException, _trace: object, **_: Any) -> None:
    sys.stderr.write(_brief(error))


def _brief(error: BaseException) -> str:
    """Return one line for what a user at a prompt has to know."""
    if isinstance(error, asyncio.CancelledError | KeyboardInterrupt):
        return "interrupted\n"
    return f"{type(error).__name__}: {error}\n"


def _console(names: dict[str, Any], banner: str, run_line: Run) -> None:
    try:
        import readline
    except ImportError:  # as on Windows: there is no Tab
        pass
    else:
        completer = Completer(names, lambda: readline.get_line_buffer()[: readline.get_begidx()])
        readline.set_completer(completer.complete)
        readline.set_completer_delims(" \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?")
        readline.parse_and_bind("tab: complete")
    before = sys.displayhook

    def display(value: object) -> None:
        before(value)
        if hint := _hint(value):
            print(f"({hint.removeprefix(': ')})")

    sys.displayhook = display
    _Console(names, run_line).interact(banner=banner, exitmsg="")


class _Console(code.InteractiveConsole):
    """The standard library's console in which a line may await."""

    def __init__(self, names: dict[str, Any], run_line: Run) -> None:
        super().__init__(names)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._run_line = run_line

    def runsource(self, source: str, filename: str = "<input>", symbol: str = "single") -> bool:
        """Run a line; `name?` is help(name)."""
        asked = source.strip()
        if asked.endswith("?") and asked.rstrip("?").replace(".", "_").isidentifier():
            source = f"help({asked.rstrip('?')})"
        return super().runsource(source, filename, symbol)

    def runcode(self, code: Any) -> None:
        """Run one line, in the loop: it may begin tasks, whether it awaits or not. Ctrl-C cancels it."""

        async def line() -> None:
            result = eval(code, self.locals)  # type: ignore[arg-type,unused-ignore]  # noqa: S307  # what the user typed
            if code.co_flags & inspect.CO_COROUTINE:
                await result

        try:
            self._run_line(line())
        except SystemExit:
            raise
        except (ServicesError, KeyboardInterrupt, asyncio.CancelledError) as error:
            self.write(_brief(error))
        except BaseException as error:
            trace = trace_of_typed(error, self.locals)
            sys.last_type, sys.last_value, sys.last_traceback = type(error), error, trace
            self.write("".join(traceback.format_exception(type(error), error, trace)))

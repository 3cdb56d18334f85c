"""The REPL: IPython where it is installed, else the standard library's console, both with top-level await."""

from __future__ import annotations

import ast
import asyncio
import code
import inspect
import sys
from typing import Any

from services_core import __version__, backend_name

BANNER = (
    f"apvpython {__version__}, backend {backend_name()}. Begin with: session = await connect()\n"
    "await works at the prompt; Ctrl-C cancels what is awaited, the session stays."
)


def run() -> int:
    """Run until the user leaves. Returns the exit code."""
    import servermanager

    names: dict[str, Any] = {"servermanager": servermanager, "connect": servermanager.connect, "asyncio": asyncio}
    try:
        from IPython.terminal.embed import InteractiveShellEmbed
    except ImportError:
        return _Console(names).run()
    print(BANNER)
    shell = InteractiveShellEmbed(user_ns=names, banner1="")
    shell.run_line_magic("autoawait", "asyncio")
    shell()
    return 0


class _Console(code.InteractiveConsole):
    """The standard library's console in which a line may await."""

    def __init__(self, names: dict[str, Any]) -> None:
        super().__init__(names)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._runner = asyncio.Runner()

    def run(self) -> int:
        with self._runner:
            self.interact(banner=BANNER, exitmsg="")
        return 0

    def runcode(self, code: Any) -> None:
        """Run one line, in the loop if it awaits; Ctrl-C cancels it."""
        try:
            result = eval(code, self.locals)  # type: ignore[arg-type]  # noqa: S307  # what the user typed
            if inspect.iscoroutine(result):
                self._runner.run(result)
        except SystemExit:
            raise
        except KeyboardInterrupt:
            sys.stderr.write("interrupted\n")
        except BaseException:
            self.showtraceback()

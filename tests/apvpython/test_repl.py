"""The REPL at a pseudo-terminal, with IPython and with the standard library's console."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..harness.apvtest import environment, poll
from ..harness.time_limits import scaled

pty = pytest.importorskip("pty")


class Terminal:
    """apvpython at a terminal: type lines, wait for what appears."""

    def __init__(self, **env: str) -> None:
        self._ours, theirs = pty.openpty()
        os.set_blocking(self._ours, False)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "apvpython"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env=environment(TERM="dumb", IPY_TEST_SIMPLE_PROMPT="1", **env),
        )
        os.close(theirs)
        self._seen = ""
        self._new = ""

    def type(self, line: str) -> None:
        """Type a line."""
        self._new = ""
        os.write(self._ours, line.encode() + b"\n")

    def wait_for(self, pattern: str) -> str:
        """Wait until what appeared since the last line was typed matches."""

        def look() -> str | None:
            try:
                read = os.read(self._ours, 65536).decode(errors="replace")
            except (BlockingIOError, OSError):
                read = ""
            self._seen += read
            self._new += read
            return self._new if re.search(pattern, self._new) else None

        try:
            return str(poll(look, deadline_s=20))
        except AssertionError:
            raise AssertionError(f"no {pattern!r} on the terminal:\n{self._seen}") from None

    def end(self) -> str:
        """Leave, and what appears until the program has ended."""
        self.type("exit()")
        self.process.wait(scaled(15))
        assert self.process.returncode == 0
        try:
            while read := os.read(self._ours, 65536):
                self._new += read.decode(errors="replace")
        except OSError:  # nobody writes to the terminal any more
            pass
        return self._new

    def close(self) -> None:
        self.process.kill()
        self.process.wait(scaled(10))
        os.close(self._ours)


@pytest.fixture(params=["ipython", "console"])
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    env = {"IPYTHONDIR": str(tmp_path), "HOME": str(tmp_path)}
    if request.param == "console":
        (tmp_path / "IPython").mkdir()
        (tmp_path / "IPython" / "__init__.py").write_text("raise ImportError('not installed')")
        env["PYTHONPATH"] = str(tmp_path)
    else:
        pytest.importorskip("IPython")
    opened = Terminal(**env)
    try:
        opened.wait_for("In \\[1\\]" if request.param == "ipython" else ">>> ")
        yield opened
    finally:
        opened.close()


def test_a_session_lives_from_line_to_line(terminal: Terminal) -> None:
    terminal.type("session = await connect(); loop = asyncio.get_running_loop()")
    terminal.type("steps = session.progress(); sphere = session.sources.SphereSource()")
    terminal.type("(await sphere.update_pipeline()).number_of_points * 1001")
    terminal.wait_for("50050")
    terminal.type("print('step', (await anext(steps)).state)")
    terminal.wait_for("step started")
    terminal.type("print('same', asyncio.get_running_loop() is loop, await asyncio.sleep(0, 1))")
    terminal.wait_for("same True 1")

    terminal.type("await session.sources.SpereSource().update_pipeline()")
    said = terminal.wait_for("RemoteError: UnknownType.*SphereSource")
    assert "Traceback" not in said

    terminal.type("await session.close()")
    terminal.type("exit()")
    assert terminal.process.wait(scaled(10)) == 0


def test_interrupting_an_awaited_filter(terminal: Terminal) -> None:
    terminal.type("session = await connect()")
    terminal.type("slow = session.filters.Delaunay3D(Input=session.sources.PointSource(NumberOfPoints=1000000))")
    terminal.type("asyncio.get_running_loop().call_soon(print, 'wai' + 'ting'); await slow.update_pipeline()")
    terminal.wait_for("waiting")
    os.kill(terminal.process.pid, signal.SIGINT)
    said = terminal.wait_for("interrupted")
    assert "Traceback" not in said
    terminal.type("print('alive', (await session.sources.SphereSource().update_pipeline()).number_of_points)")
    terminal.wait_for("alive 50")
    terminal.type("exit()")  # the session is still open
    assert terminal.process.wait(scaled(10)) == 0


def test_a_session_that_is_left_open_with_work_under_way(terminal: Terminal) -> None:
    terminal.type("session = await connect(); view = session.views.RenderView(ViewSize=(40, 30))")
    terminal.type("wavelet = session.sources.Wavelet(); shown = session.show(wavelet, view)")
    terminal.type(
        "steps = session.progress(); print('com' + 'plete', (await wavelet.update_pipeline()).number_of_points)"
    )
    terminal.type(
        "more, watching = wavelet.update_pipeline(), asyncio.ensure_future(anext(steps)); await asyncio.sleep(0)"
    )
    terminal.wait_for("complete 9261")
    said = terminal.end()
    assert not re.search("Traceback|Error|WARNING|never|destroyed", said), said

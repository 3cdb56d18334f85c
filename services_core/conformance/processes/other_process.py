"""A peer in a process of its own, as the check that started it sees it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from queue import Empty, SimpleQueue
from typing import Any, Final

from ...limits import DEFAULT_LIMITS, Limits
from ..expect import BrokenPromise, expect
from ..stage import Stage

_START_S: Final = 6
_PROGRAM: Final = """\
import json, sys
told = json.loads(sys.stdin.readline())
sys.path[:] = told["path"]
from services_core.conformance.processes.peer import main
main(told)
"""


class OtherProcess:
    """Started at once, with the backend under test; killed when its stage is closed, at the latest."""

    def __init__(self, stage: Stage, limits: Limits = DEFAULT_LIMITS) -> None:
        self._stage = stage
        self._answers: SimpleQueue[str] = SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._reader = threading.Thread(target=self._read, name="conformance-peer", daemon=True)
        self._reader.start()
        stage.at_end(self.kill)
        self._say(
            backend=class_name(stage),
            address=stage.address,
            scale=stage.scale,
            limits=asdict(limits),
            path=[os.path.abspath(entry) for entry in sys.path if entry],
        )
        self.answer(_START_S * stage.wait_s)

    def ask(self, do: str, wait_s: float | None = None, **how: object) -> Any:
        """Have something done, and return the result. Raises BrokenPromise with the error, or if none comes."""
        self.begin(do, **how)
        return self.answer(wait_s)

    def begin(self, do: str, **how: object) -> None:
        """Have something done; `answer` waits for the result."""
        self._say(**{"do": do, "with": how})

    def answer(self, wait_s: float | None = None) -> Any:
        """Return the next result."""
        wait_s = 3 * self._stage.wait_s if wait_s is None else wait_s
        try:
            line = self._answers.get(timeout=wait_s)
        except Empty:
            raise BrokenPromise("an answer of the other process", f"none within {wait_s:g} s") from None
        expect(bool(line), "the other process to live", f"its end, with the code {self._process.poll()}")
        answer: dict[str, Any] = json.loads(line)
        expect("error" not in answer, "the other process to do as told", answer.get("error"))
        return answer["result"]

    def stop(self) -> None:
        """Freeze it, and return when none of its threads runs any more. On systems that can."""
        self._process.send_signal(signal.SIGSTOP)
        os.waitpid(self._process.pid, os.WUNTRACED)

    def kill(self) -> None:
        """End it, without a word. May be repeated."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _say(self, **told: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put("")


def class_name(stage: Stage) -> str:
    """Return the backend under test as module:Class, by which another process finds it."""
    tested = stage.backend_class
    name = f"{tested.__module__}:{tested.__qualname__}"
    found = getattr(sys.modules.get(tested.__module__), tested.__qualname__, None)
    importable = tested.__module__ != "__main__" and found is tested
    expect(importable, "a class at the top level of a module, which another process can import", name)
    return name

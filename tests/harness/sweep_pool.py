"""Processes of the sweep: each executes cases until one ends it or takes too long; then another goes on after that."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .time_limits import scaled

CASE_S: Final = scaled(8.0)
_START_S: Final = scaled(60.0)
_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Outcome:
    """What came of one case: "ok", "refused", "odd", "ended" (by a signal) or "hung"."""

    type_name: str
    kind: str
    label: str
    outcome: str
    detail: str = ""
    digest: str = ""
    faults: tuple[str, ...] = field(default=())
    seconds: float = 0.0

    @property
    def key(self) -> tuple[str, str, str]:
        """What was tried."""
        return self.type_name, self.kind, self.label


class Worker:
    """One process after the other, with memory that is filled with `fill` before it is given out.

    VTK has one thread there, unless `more` of the environment says otherwise.
    """

    def __init__(self, fill: int, more: Mapping[str, str] | None = None) -> None:
        self._directory = Path(tempfile.mkdtemp())
        self._environment = {
            **os.environ,
            "MALLOC_PERTURB_": str(fill),
            "TMPDIR": str(self._directory),
            "APV_ALLOW_PYTHON": "1",
            "APV_VTK_THREADS": "1",
            **(more or {}),
        }
        self._process: subprocess.Popen[str] | None = None

    def run(self, type_name: str, kind: str, *, limits: bool) -> Iterator[Outcome]:
        """The outcomes of all cases of a type over a kind of data."""
        begin = 0
        while True:
            process = self._started()
            assert process.stdin is not None
            job = {"type": type_name, "kind": kind, "limits": limits, "begin": begin}
            with contextlib.suppress(BrokenPipeError):  # it has ended already, which the answer says
                process.stdin.write(json.dumps(job) + "\n")
                process.stdin.flush()
            label, since = "", time.monotonic()
            while True:
                answer = self._answer(_START_S if not label else CASE_S)
                if "done" in answer:
                    return
                if "begun" in answer:
                    label, begin, since = answer["label"], answer["begun"] + 1, time.monotonic()
                    continue
                seconds = time.monotonic() - since
                if "ended" in answer:
                    faults = tuple(answer.get("faults", ()))
                    yield Outcome(
                        type_name, kind, label, answer["outcome"], answer["detail"], answer["digest"], faults, seconds
                    )
                    continue
                yield Outcome(type_name, kind, label, answer["outcome"], answer["detail"], seconds=seconds)
                if not label:
                    return
                break

    def close(self) -> None:
        """End the process, and remove what it has written."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
            shutil.rmtree(self._directory)

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._directory.mkdir(exist_ok=True)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.harness.sweep_worker"],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment,
                text=True,
                bufsize=1,
            )
            assert self._process.stdout is not None
            self._selector = selectors.DefaultSelector()
            self._selector.register(self._process.stdout, selectors.EVENT_READ)
            self._buffer = ""
        return self._process

    def _answer(self, within_s: float) -> dict[str, Any]:
        process, until = self._process, time.monotonic() + within_s
        assert process is not None and process.stdout is not None
        while "\n" not in self._buffer:
            if not self._selector.select(max(0.0, until - time.monotonic())):
                self.close()
                return {"outcome": "hung", "detail": f"more than {within_s} s"}
            piece = os.read(process.stdout.fileno(), 65536).decode()
            if not piece:
                code = process.wait()
                self.close()
                name = signal.Signals(-code).name if code < 0 else f"exit status {code}"
                return {"outcome": "ended", "detail": name}
            self._buffer += piece
        line, self._buffer = self._buffer.split("\n", 1)
        answer: dict[str, Any] = json.loads(line)
        return answer

"""Programs that are measured as a whole: how long each takes, and how much memory at its peak."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..reliability.figures import Absent
from ..running.programs import program_environment

LIMIT_S = 1800.0
_BEGIN = "measured: "


@dataclass(frozen=True)
class Ended:
    """A program that has ended: what it took, and what it said of its result."""

    seconds: float
    peak_bytes: int
    """Of its own memory and the files that it has mapped, at once."""
    said: dict[str, Any]


def run(command: Sequence[str], **variables: str) -> Ended:
    """Run a program to its end, alone. Raises ValueError with its output if it fails, or says nothing of its result."""
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, *command],
        env={**program_environment(), **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=LIMIT_S,
        check=False,
    )
    took, text = time.monotonic() - began, ended.stdout.decode(errors="replace")
    lines = [line.removeprefix(_BEGIN) for line in text.splitlines() if line.startswith(_BEGIN)]
    if ended.returncode or not lines:
        raise ValueError(f"{' '.join(command)} ended with {ended.returncode}: {text[-2000:]}")
    said = json.loads(lines[-1])
    return Ended(took, said.pop("peak_bytes"), said)


def say(**result: Any) -> None:
    """Say of a result what the program that started this one is to know; and how much memory this one has held."""
    print(_BEGIN + json.dumps({**result, "peak_bytes": _peak_bytes()}), flush=True)


def _peak_bytes() -> int:
    """Return the most that this process has held at once.

    What the system tells of a child that has ended counts what its parent held when it was started, too.
    """
    try:
        text = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        raise Absent("only Linux tells how much memory a process has held at most") from None
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmHWM:")) * 1024


def folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder for large files, which goes with them; TMPDIR says where."""
    return tempfile.TemporaryDirectory(prefix="apv-bench-")


def room_for(path: str, bytes_: float) -> None:
    """Raise Absent if so much does not fit where the path is."""
    found = os.statvfs(path)
    free = found.f_bavail * found.f_frsize
    if free < bytes_:
        raise Absent(f"{bytes_ / 1e9:.0f} GB are needed in {Path(path).parent} (TMPDIR), and {free / 1e9:.0f} are free")

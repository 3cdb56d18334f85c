"""Programs of the Windows Python, run by wine: their variables, paths on both sides, and a display for pictures."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import IO, Final

from .environment import ROOT

END_S: Final = 20.0
LOOK_S: Final = 0.1


@dataclass(frozen=True)
class Wine:
    """The environment at a place, made by `environment.make`, with a copy of this tree on its drive C."""

    place: Path
    display: str = ""
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def tree(self) -> Path:
        """The copy of this tree, as this system names it: `apv` of drive C there."""
        return self.place / "prefix" / "drive_c" / "apv"

    @property
    def results(self) -> Path:
        """Where results are written: `results` of drive C there."""
        return self.place / "prefix" / "drive_c" / "results"

    def environment(self, **more: str) -> dict[str, str]:
        """Return variables for a program there: no settings of ours but those that are named."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("APV_", "PYTHON", "WINE"))}
        return {
            **kept,
            "WINEPREFIX": str(self.place / "prefix"),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=",  # it would ask for what only programs of .NET and browsers need
            "DISPLAY": self.display,
            "PYTHONPYCACHEPREFIX": r"C:\pycache",
            "PYTHONUNBUFFERED": "1",
            **self.variables,
            **more,
        }

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        """Start Python there with these arguments; its streams are pipes, since wine takes no others to be open."""
        return subprocess.Popen(
            ["wine", str(self.place / "python" / "python.exe"), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.tree,
            env=self.environment(**more),
        )

    def run(self, *arguments: str, given: str = "", limit_s: float, **more: str) -> tuple[int, str]:
        """Run Python there to its end, which comes at `limit_s` at the latest. Returns the exit code and what it said.

        124 if its time was up, as of the program `timeout`.
        """
        with self.start(*arguments, **more) as process:
            said, in_time = said_to_the_end(process, given, limit_s)
            if not in_time:
                process.kill()
        return process.returncode if in_time else 124, said.decode(errors="replace").replace("\r\n", "\n")

    def end_all(self) -> None:
        """End whatever still runs there: this prefix's programs, and no others."""
        subprocess.run(
            ["wineserver", "-k"], env=self.environment(), check=False, timeout=END_S, stderr=subprocess.DEVNULL
        )


def said_to_the_end(process: subprocess.Popen[bytes], given: str, limit_s: float) -> tuple[bytes, bool]:
    """Return what a process said until it ended, and whether that was within `limit_s`.

    The end of its output is not waited for: services of wine, which the first program there starts, have its pipe as
    long as any other program runs.
    """
    assert process.stdin is not None and process.stdout is not None
    with suppress(BrokenPipeError):  # it has ended, and what it said tells why
        process.stdin.write(given.encode())
        process.stdin.close()
    until, said, output = time.monotonic() + limit_s, b"", process.stdout.fileno()
    while time.monotonic() < until:
        ended = process.poll() is not None  # before it is read: nothing is said after that
        if select.select([output], [], [], 0 if ended else LOOK_S)[0]:
            part = os.read(output, 1 << 16)
            said += part
        else:
            part = b""
        if ended and not part:
            return said, True
        if not part and not ended:
            time.sleep(LOOK_S)  # nothing tells of the end of a process and of what it says at once
    return said, False


def there(path: Path) -> str:
    """Return the name of a file of this system there: all of it is on drive Z."""
    return "Z:" + str(PureWindowsPath(path.resolve()))


def copy_tree(wine: Wine) -> None:
    """Copy what git knows of this tree, and what it would add, to drive C: tests never run from files being edited."""
    shutil.rmtree(wine.tree, ignore_errors=True)
    wine.results.mkdir(parents=True, exist_ok=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        source, target = ROOT / name, wine.tree / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


@contextmanager
def a_display() -> Iterator[str]:
    """Give the name of an X server without a screen, meanwhile: OpenGL of wine draws by that of X."""
    reader, writer = os.pipe()
    with open(reader, "rb", 0) as named:
        process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
            pass_fds=[writer],
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        try:
            yield f":{_number(named)}"
        finally:
            process.terminate()
            process.wait(END_S)


def _number(named: IO[bytes]) -> int:
    """Return the number that Xvfb tells; the end of the pipe, if it ends before, is no number."""
    text = named.readline().decode().strip()
    if not text.isdecimal():
        raise RuntimeError("Xvfb has ended without a display: run it by hand, it says why")
    return int(text)

"""Has a child go all ways out, and tells of each which files outside were opened or changed meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from apvserver.settings import Settings

from . import contents, libraries, names, writing
from .place import WAYS, Place, Step, make_place
from .watch import Watch

MODULES = (contents, libraries, names, writing)
"""That have added the ways to `WAYS`."""
ROOT: Final = Path(__file__).parents[3]
EACH_S: Final = 60.0
"""How long a way may take, on a busy machine."""


@dataclass(frozen=True)
class Went:
    """What came of a way: what a client was told, and the files outside that were touched."""

    told: str
    touched: frozenset[str]
    crashed: bool = False


class Child:
    """A process that goes ways."""

    def __init__(self, place: Place, settings: Settings) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="ways-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.reliability.ways_out.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env={**os.environ, "TMPDIR": self._directory.name, "HOME": str(place.outside)},
        )
        path = [str(ROOT), *(one for one in sys.path if one)]
        self._say({"settings": settings.to_dict(), "directory": self._directory.name, "path": path})
        self._answer("ready")

    def go(self, steps: list[Step]) -> str | None:
        """Take the steps; returns what came of them, None if the process has ended over them."""
        self._say(steps)
        told = self._answer("outcome ")
        return None if told is None else "; ".join(json.loads(told))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            assert self._process.returncode, "it has ended before it had read all"
        self._directory.cleanup()

    def _say(self, what: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _answer(self, begin: str) -> str | None:
        assert self._process.stdout is not None
        late = threading.Timer(EACH_S, self._process.kill)
        late.start()
        try:
            for line in self._process.stdout:
                if line.startswith(begin):
                    return line.removeprefix(begin)
            return None
        finally:
            late.cancel()
            late.join()


def go_all(base: Path, *, confine: str, free: bool = False) -> dict[str, Went]:
    """Go all ways, in a place of their own; with `free` nothing holds who goes them."""
    place = make_place(base)
    made = {name: make(place) for name, make in WAYS.items()}
    roots = () if free else (place.root.resolve(),)
    settings = Settings(data_roots=roots, write_roots=roots, confine=confine, cache=os.environ.get("APV_CACHE_DIR", ""))
    watch = Watch(place.outside, place.outside / "deep")
    child: Child | None = None
    found: dict[str, Went] = {}
    try:
        for name, steps in made.items():
            child = child or Child(place, settings)
            watch.seen()
            told = child.go(steps)
            found[name] = Went(told or "crashed", frozenset(watch.seen()), told is None)
            if told is None:
                child.close()
                child = None
    finally:
        if child is not None:
            child.close()
        watch.close()
    return found

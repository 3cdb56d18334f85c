"""What comes of writing onto a full disk: every format and kind, on a small disk of memory that nobody else sees."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .figures import Absent, Figure, Measurement, at_most

Found = dict[str, list[dict[str, Any]]]
"""By format or kind: what came of each try."""

_ROOT = Path(__file__).parents[2]
_DISK_BYTES = 8 * 1024**2
_SHARES = (0.0, 0.3, 0.7, 0.97)
"""How much room there is, of what a file takes."""
_QUICK = (0.3, 0.97)
_MOST_S = 120.0
"""So long a format may take on a busy machine."""


def tried(name: str, mode: str, names: Sequence[str], shares: Sequence[float]) -> tuple[Found, str | None]:
    """Return what came of what a program of tests/harness tries, and how it ended if that was before its end.

    Raises Absent where no disk can be mounted.
    """
    with tempfile.TemporaryDirectory() as directory:
        mounted = f'mount -t tmpfs -o size={_DISK_BYTES} tmpfs "$0" && exec "$@"'
        program = [sys.executable, "-m", f"tests.harness.{name}", directory, mode, ",".join(map(str, shares)), *names]
        ended = subprocess.run(
            [*_in_a_namespace(), "sh", "-c", mounted, directory, *program],
            capture_output=True,
            text=True,
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])},
            timeout=_MOST_S * len(names),
        )
    found: Found = {}
    for line in map(json.loads, ended.stdout.splitlines()):
        if "extension" in line:
            found[line["extension"]] = []
        else:
            list(found.values())[-1].append(line)
    how = (
        None
        if ended.returncode == 0
        else f"ended with {ended.returncode} at {list(found)[-1:]}: {ended.stderr[-2000:]}"
    )
    return found, how


def _in_a_namespace() -> list[str]:
    """Return what runs a command where it may mount a disk. Raises Absent."""
    if shutil.which("unshare") is None:
        raise Absent("there is no unshare here, which makes a namespace for a small disk")
    for given in (["unshare", "-m"], ["unshare", "-r", "-m"]):
        if subprocess.run([*given, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True).returncode == 0:
            return given
    raise Absent("no disk can be mounted here, not even in a namespace of its own")


def measure(quick: bool) -> Iterator[Figure]:
    """Try all; yield how many successes were reported, old files harmed and processes ended."""
    if not sys.platform.startswith("linux"):
        raise Absent("small disks are mounted in namespaces of Linux")
    try:
        from tests.harness.full_disk import DATA
        from tests.harness.full_disk_clients import KINDS
    except ImportError as error:
        raise Absent(f"{error.name}: what is written is made with it") from error
    programs: dict[str, tuple[str, ...]] = {"full_disk": tuple(DATA), "full_disk_clients": tuple(KINDS)}
    rows: list[dict[str, Any]] = []
    ended: list[str] = []
    for program, names in programs.items():
        for mode in ("full",) if quick or program == "full_disk_clients" else ("full", "again"):
            found, how = tried(program, mode, names, _QUICK if quick else _SHARES)
            rows += [row for several in found.values() for row in several]
            ended += [how] if how else []
    reported = sum(row["outcome"] not in ("refused", "whole") for row in rows)
    what = f"{len(programs['full_disk'])} formats, {len(programs['full_disk_clients'])} kinds of clients"
    yield Figure("successes reported of half a file", reported, "files", len(rows), at_most(0), what)
    yield Figure("old files harmed, or others left", sum(row["harmed"] for row in rows), "files", len(rows), at_most(0))
    yield Figure("processes ended", len(ended), "processes", len(rows), at_most(0), "; ".join(ended))


MEASUREMENTS = (
    Measurement(
        "full disk",
        "Files written where there is less room than they take: successes reported, old files harmed, processes ended.",
        measure,
    ),
)

"""Every format onto a disk that is full: no success is reported, no old file harmed, no process ended."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from apvserver.vtk.files.writers import in_a_child
from apvserver.vtk.files.writers.writing import WRITERS

from ..harness.apvtest import environment
from ..harness.full_disk import DATA, DISK_BYTES, SHARES
from ..harness.time_limits import scaled

FAST = (".vtp", ".vtm", ".vtk", ".ply", ".obj", ".stl", ".pnm", ".tif", ".mha", ".csv")


def test_every_format_is_tried() -> None:
    assert set(DATA) == set(WRITERS)
    assert set(in_a_child.WRITERS) <= {name for name, _, _ in WRITERS.values()}


def _in_a_namespace() -> list[str]:
    """Return what runs a command where it may mount a disk that nobody else sees."""
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare here, which makes a namespace for a small disk")
    for given in (["unshare", "-m"], ["unshare", "-r", "-m"]):
        if subprocess.run([*given, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True).returncode == 0:
            return given
    pytest.skip("no disk can be mounted here, not even in a namespace of its own")


Found = dict[str, list[dict[str, Any]]]


def _tried(disk: Path, mode: str, extensions: Sequence[str], shares: Sequence[float]) -> Found:
    """Return what came of each extension; the program must reach its end."""
    disk.mkdir()
    script = f'mount -t tmpfs -o size={DISK_BYTES} tmpfs "$0" && exec "$@"'
    program = [
        sys.executable,
        "-m",
        "tests.harness.full_disk",
        str(disk),
        mode,
        ",".join(map(str, shares)),
        *extensions,
    ]
    ended = subprocess.run(
        [*_in_a_namespace(), "sh", "-c", script, str(disk), *program],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=scaled(60 + 60 * len(extensions)),
    )
    found: Found = {}
    for line in map(json.loads, ended.stdout.splitlines()):
        if "extension" in line:
            found[line["extension"]] = []
        else:
            list(found.values())[-1].append(line)
    assert ended.returncode == 0, f"it ended at {list(found)[-1:]}: {ended.stderr[-2000:]}"
    return found


def _check(found: Found, extensions: Sequence[str]) -> None:
    assert list(found) == list(extensions) and all(found.values())
    wrong = {
        f"{extension} with room for {one['share']:.0%}": one
        for extension, several in found.items()
        for one in several
        if one["outcome"] != "refused" or one["harmed"]
    }
    assert not wrong, wrong


@pytest.mark.parametrize("mode", ["full", "again"])
def test_writers_of_this_process_on_a_full_disk(mode: str, tmp_path: Path) -> None:
    _check(_tried(tmp_path / "disk", mode, FAST, (0.3, 0.97)), FAST)


def test_a_library_that_ends_the_process_ends_its_own(tmp_path: Path) -> None:
    extensions = [".vtpd", ".ex2"]
    _check(_tried(tmp_path / "disk", "again", extensions, (0.3,)), extensions)


@pytest.mark.deep
@pytest.mark.parametrize("mode", ["full", "again"])
def test_every_format_on_a_full_disk(mode: str, tmp_path: Path) -> None:
    _check(_tried(tmp_path / "disk", mode, list(DATA), SHARES), list(DATA))

"""Several processes that save the same file at once: it is as one of them left it, with all pieces, and no others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from apvserver.vtk.base.blocks import parts
from apvserver.vtk.files.series import listed_steps

from ..harness.apvtest import environment
from ..harness.saving import read
from ..harness.time_limits import scaled

SAVER = """
import sys
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet
from vtkmodules.vtkFiltersSources import vtkSphereSource
from apvserver.vtk.files.writers.saved_series import write_series
from apvserver.vtk.files.writers.writing import write_data

path, kind, count, times = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])

def data(_time=0.0):
    source = vtkSphereSource(theta_resolution=count + 2)
    source.Update()
    if not path.endswith(".vtm"):
        return source.GetOutput()
    made = vtkMultiBlockDataSet()
    for number in range(count):
        made.SetBlock(number, source.GetOutput())
    return made

print("ready", flush=True)
sys.stdin.readline()
for _ in range(times):
    if kind == "series":
        write_series(path, [float(time) for time in range(count)], data, {})
    else:
        write_data(path, data(), {})
print("done", flush=True)
"""
COUNTS = (2, 5)


def points_of(count: int) -> int:
    """How many points a sphere of that saver has."""
    return 6 * (count + 2) + 2


@pytest.mark.parametrize(("name", "kind"), [("a.vtm", "once"), ("a.vtp", "series"), ("a.vtm", "series")])
def test_the_result_is_one_of_them(name: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / name
    savers = [
        subprocess.Popen(
            [sys.executable, "-c", SAVER, str(path), kind, str(count), "12"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        for count in COUNTS
    ]
    try:
        for one in savers:
            assert one.stdout is not None and one.stdout.readline() == "ready\n"
        for one in savers:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        ended = [one.communicate(timeout=scaled(60)) for one in savers]
    finally:
        for one in savers:
            one.kill()
            one.wait()
    assert [(said, error) for said, error in ended] == [("done\n", "")] * len(savers)
    steps = [Path(step.path) for step in listed_steps(tmp_path / f"{name}.series")] if kind == "series" else [path]
    held = [[part.GetNumberOfPoints() for part in parts(read(step))] for step in steps]
    count = len(held) if kind == "series" else len(held[0])
    assert count in COUNTS
    blocks = count if name.endswith(".vtm") else 1
    assert held == [[points_of(count)] * blocks] * len(steps), "it is mixed of both"
    files = {one for one in tmp_path.rglob("*") if one.is_file()}
    listed = {tmp_path / f"{name}.series"} if kind == "series" else set()
    named = {one for one in files if one.parent != tmp_path}
    assert files - named == {*steps, *listed}, "files of the other are left"
    assert len(named) == (len(steps) * blocks if name.endswith(".vtm") else 0), "pieces of the other are left"
    assert not [one for one in os.listdir(tmp_path) if one.startswith(".")]

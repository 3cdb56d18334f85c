"""Every format and kind onto a disk that is full: no success is reported, no old file harmed, no process ended."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from apvserver.vtk.files.writers import in_a_child
from apvserver.vtk.files.writers.writing import WRITERS
from bench.reliability.figures import Absent
from bench.reliability.full_disk import tried

from ..harness.full_disk import DATA, SHARES
from ..harness.full_disk_clients import KINDS
from ..harness.hindrances import REFUSED, TAKEN
from ..harness.saving import SAME_AS

CLIENTS = ("png", "tif", "state", "script", "frames", "mp4", "key")
FAST = (".vtp", ".vtm", ".pvtp", ".nii.gz", ".vtk", ".ply", ".obj", ".stl", ".pnm", ".tif", ".mha", ".csv")


def test_every_format_is_tried() -> None:
    assert set(DATA) == set(WRITERS) - set(SAME_AS)
    named = {name for name, _, _ in WRITERS.values()}
    assert set(in_a_child.WRITERS) - named == {"vtkGLTFWriter", "vtkIVWriter", "vtkMINCImageWriter"}
    """These are for pipelines only: see `test_several_files`."""


def check(program: str, mode: str, names: Sequence[str], shares: Sequence[float], outcome: str = "refused") -> None:
    try:
        found, ended = tried(program, mode, names, shares)
    except Absent as error:
        pytest.skip(str(error))
    assert ended is None
    assert list(found) == list(names) and all(found.values())
    wrong = {
        f"{name} with room for {one.get('share', 1):.0%}": one
        for name, several in found.items()
        for one in several
        if one["outcome"] != outcome or one["harmed"]
    }
    assert not wrong, wrong


@pytest.mark.parametrize("mode", ["full", "again"])
def test_writers_of_this_process(mode: str) -> None:
    check("full_disk", mode, FAST, (0.3, 0.97))


def test_a_library_that_ends_the_process_ends_its_own() -> None:
    check("full_disk", "again", [".vtpd", ".ex2"], (0.3,))


def test_what_clients_write() -> None:
    check("full_disk_clients", "full", ["png", "state", "mp4"], (0.3,))


@pytest.mark.parametrize(
    "kind",
    [
        one if one in ("quota", "linked") else pytest.param(one, marks=pytest.mark.deep)  # each takes ten seconds
        for one in (*REFUSED, *TAKEN)
    ],
)
def test_disks_that_refuse_and_files_that_are_elsewhere_too(kind: str) -> None:
    check("full_disk", kind, (*FAST, ".vtpd", ".vtkhdf"), (0.0,), "refused" if kind in REFUSED else "whole")
    check("full_disk_clients", kind, CLIENTS, (0.0,), "refused" if kind in REFUSED else "reported")


@pytest.mark.deep
@pytest.mark.parametrize("kind", [*REFUSED, *TAKEN])
def test_every_format_on_disks_that_refuse_and_files_that_are_elsewhere_too(kind: str) -> None:
    check("full_disk", kind, list(DATA), (0.0,), "refused" if kind in REFUSED else "whole")
    check("full_disk_clients", kind, list(KINDS), (0.0,), "refused" if kind in REFUSED else "reported")


@pytest.mark.deep
@pytest.mark.parametrize("mode", ["full", "again"])
def test_every_format(mode: str) -> None:
    check("full_disk", mode, list(DATA), SHARES)


@pytest.mark.deep
def test_every_kind_of_clients() -> None:
    check("full_disk_clients", "full", list(KINDS), SHARES)


@pytest.mark.deep
def test_videos_that_have_room_again() -> None:
    check("full_disk_clients", "again", ["mp4", "mkv", "webm"], SHARES)

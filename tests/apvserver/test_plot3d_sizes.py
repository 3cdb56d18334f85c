"""Grids of PLOT3D in each way that they are written, and files that have no room for what they begin with."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.truncation.checks import check_truncation
from apvserver.vtk.files.truncation.plot3d import misfit

from ..harness.opening import leaves, opened

READER = "vtkMultiBlockPLOT3DReader"


def record(content: bytes, order: str, has_lengths: bool) -> bytes:
    length = np.array(len(content), f"{order}i4").tobytes() if has_lengths else b""
    return length + content + length


def written(order: str, real: str, has_lengths: bool, several: int, sizes: tuple[int, ...]) -> bytes:
    """Grids of these sizes; `several` is how many, 0: one, without their number."""
    count = record(np.array(several, f"{order}i4").tobytes(), order, has_lengths) if several else b""
    grids = max(several, 1)
    shapes = record(np.array(sizes * grids, f"{order}i4").tobytes(), order, has_lengths)
    places = np.stack(np.meshgrid(*(np.arange(one) for one in sizes), indexing="ij")).astype(f"{order}{real}")
    block = places.transpose(0, *range(len(sizes), 0, -1)).tobytes()
    return count + shapes + record(block, order, has_lengths) * grids


WAYS = list(itertools.product("<>", ("f4", "f8"), (False, True), (0, 1, 3), ((4, 3), (4, 3, 2))))


@pytest.mark.parametrize(("order", "real", "has_lengths", "several", "sizes"), WAYS)
def test_each_way_is_taken(
    order: str, real: str, has_lengths: bool, several: int, sizes: tuple[int, ...], tmp_path: Path
) -> None:
    path = tmp_path / "a.x"
    path.write_bytes(written(order, real, has_lengths, several, sizes))
    assert misfit(str(path)) is None
    if len(sizes) == 3:
        grids = leaves(opened(path))
        assert [grid.GetExtent()[1::2] for _, grid in grids] == [(3, 2, 1)] * max(several, 1)
        assert all(grid.GetBounds() == (0, 3, 0, 2, 0, 1) for _, grid in grids)


def test_text_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.xyz"
    path.write_text("2 2 1\n0 1 0 1\n0. 0. 1.0E0 1.0d0\n-0 +0 0 0\n")
    assert misfit(str(path)) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(400),
        b"these are words, and no sizes of grids\n" * 20,
        np.array([4, 3, 2], "<i4").tobytes() + bytes(8),
        np.array([900, 900, 900], ">i4").tobytes() + bytes(2000),
    ],
    ids=["nothing", "zeros", "words", "cut off", "too large"],
)
def test_what_has_no_room_for_its_sizes_is_refused_before_it_is_read(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.x"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"no file of grids of PLOT3D"):
        check_truncation(str(path), READER)

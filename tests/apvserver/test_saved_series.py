"""Files of a series of times: all of them are replaced, or none; what is not of the series is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.series import listed_steps
from apvserver.vtk.files.writers.saved_series import write_series

from ..harness.saving import blocks, read, sphere


def contents(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def of_size(time: float) -> Any:
    return sphere(Radius=time)


def radius(path: str) -> float:
    return float(read(Path(path)).GetBounds()[5])


def test_what_fails_at_the_third_time_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.vtp"
    write_series(str(path), [1.0, 2.0], of_size, {})
    before = contents(tmp_path)

    def failing(time: float) -> Any:
        return of_size(time) if time < 3 else blocks()

    with pytest.raises(FileError, match=rf"^{tmp_path}/a_0002\.vtp: \.vtp is not a format .*at the time 3\)"):
        write_series(str(path), [1.5, 2.5, 3.0], failing, {})
    assert contents(tmp_path) == before


def test_a_file_that_cannot_be_replaced_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.vtp"
    write_series(str(path), [1.0, 2.0], of_size, {})
    (tmp_path / "a_0002.vtp").mkdir()
    (tmp_path / "a_0002.vtp" / "precious").write_text("of somebody else")
    before = contents(tmp_path)
    with pytest.raises(FileError, match=r"a_0002\.vtp is a directory"):
        write_series(str(path), [3.0, 4.0, 5.0], of_size, {})
    assert contents(tmp_path) == before


def test_a_series_is_replaced_by_a_shorter_one(tmp_path: Path) -> None:
    path = tmp_path / "a.vtp"
    (tmp_path / "a_0001").mkdir()
    (tmp_path / "a_0001" / "precious").write_text("of somebody else")
    (tmp_path / "a_0009.vtp").write_text("not in the list")
    written = write_series(str(path), [3.0, 1.0, 2.0], of_size, {})
    assert written.size_bytes == sum((tmp_path / f"a_000{number}.vtp").stat().st_size for number in range(3))
    write_series(str(path), [5.0, 4.0], of_size, {})
    steps = listed_steps(tmp_path / "a.vtp.series")
    assert [(step.time, radius(step.path)) for step in steps] == [(4.0, 4.0), (5.0, 5.0)]
    names = {"a_0001/precious", "a_0009.vtp", "a_0000.vtp", "a_0001.vtp", "a.vtp.series"}
    assert set(contents(tmp_path)) == names


def test_pieces_of_the_former_series_go_and_what_else_is_beside_them_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.vtm"
    for _ in range(2):
        write_series(str(path), [1.0, 2.0], lambda time: blocks(), {})
    assert {one.name for one in tmp_path.iterdir()} == {
        "a_0000.vtm", "a_0001.vtm", "a_0000_1", "a_0001_1", "a.vtm.series",
    }  # fmt: skip
    (tmp_path / "a_0000_1" / "precious").write_text("of somebody else")
    write_series(str(path), [1.0], lambda time: blocks(), {})
    assert {one.name for one in tmp_path.iterdir()} == {"a_0000.vtm", "a_0000", "a_0000_1", "a.vtm.series"}
    assert {one.name for one in (tmp_path / "a_0000_1").iterdir()} == {"precious"}
    assert read(tmp_path / "a_0000.vtm").GetNumberOfBlocks() == 2


@pytest.mark.parametrize("times", [[], [1.0, 1.0], [float("nan")]])
def test_times_that_make_no_series_are_refused(times: list[float], tmp_path: Path) -> None:
    with pytest.raises(FileError, match="times"):
        write_series(str(tmp_path / "a.vtp"), times, of_size, {})
    assert list(tmp_path.iterdir()) == []

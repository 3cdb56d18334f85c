"""Files of a series of times: all of them are replaced, or none; what is not of the series is left alone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.base.vtk_messages import capture
from apvserver.vtk.files.references import beside_its_pieces
from apvserver.vtk.files.series import choose_for, listed_steps
from apvserver.vtk.files.writers.saved_series import write_collection, write_series
from apvserver.vtk.files.writers.writing import write_data

from ..harness.saving import blocks, leaves, read, sphere


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


def test_names_have_the_numbers_that_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.vtp"
    for suffix, names in (("_%d", ["a_0.vtp", "a_1.vtp"]), ("T{:03d}", ["aT000.vtp", "aT001.vtp"])):
        write_series(str(path), [1.0, 2.0], of_size, {"FileNameSuffix": suffix})
        assert sorted(contents(tmp_path)) == sorted([*names, "a.vtp.series"])
        assert [radius(step.path) for step in listed_steps(tmp_path / "a.vtp.series")] == [1.0, 2.0]
        for one in (*names, "a.vtp.series"):
            (tmp_path / one).unlink()
    for wrong in ("_{:s}", "_", "/{:d}", "_%d_", "_{:0999d}", 3):
        with pytest.raises(FileError, match="place of a number"):
            write_series(str(path), [1.0], of_size, {"FileNameSuffix": wrong})
    assert list(tmp_path.iterdir()) == []


def test_a_collection_lists_its_files_with_their_times(tmp_path: Path) -> None:
    path = tmp_path / "a.pvd"
    for times, folder in (([0.1, 2.0, 1.0 / 3], "a"), ([5.0], "a_1")):
        write_series(str(path), times, lambda time: sphere(Radius=time), {"DataMode": "Ascii"})
        files = [f"{folder}/{folder}_{number:04d}.vtp" for number in range(len(times))]
        assert sorted(contents(tmp_path)) == sorted(["a.pvd", *files])
        steps = listed_steps(path)
        assert [step.time for step in steps] == sorted(times)  # to the last digit
        assert [radius(step.path) for step in steps] == pytest.approx(sorted(times))
    before = contents(tmp_path)
    with pytest.raises(FileError, match=r"a \.pvd file lists grids and tables, not vtkMultiBlockDataSet"):
        write_series(str(path), [1.0], lambda time: blocks(), {})
    assert contents(tmp_path) == before


def test_a_collection_of_one_has_the_time_of_its_data_if_that_has_one(tmp_path: Path) -> None:
    timed = sphere()
    timed.GetInformation().Set(timed.DATA_TIME_STEP(), 1.5)
    write_collection(str(tmp_path / "a.pvd"), timed, {"FileNameSuffix": "_{:d}"})
    assert [(step.time, Path(step.path).name) for step in listed_steps(tmp_path / "a.pvd")] == [(1.5, "a_0.vtp")]
    write_collection(str(tmp_path / "b.pvd"), sphere(), {})
    assert "timestep" not in (tmp_path / "b.pvd").read_text()
    assert choose_for([str(tmp_path / "b.pvd")])[1]["FileNames"] == [str(tmp_path / "b" / "b_0000.vtp")]


@pytest.fixture
def linked(tmp_path: Path) -> tuple[Path, Path]:
    """Folders with a link `link.vtm` in the one to `real.vtm` in the other."""
    home, store = tmp_path / "home", tmp_path / "store"
    home.mkdir()
    store.mkdir()
    (home / "link.vtm").symlink_to(store / "real.vtm")
    return home, store


def test_files_of_a_series_are_where_they_were_named_and_not_where_a_link_leads(linked: tuple[Path, Path]) -> None:
    home, store = linked
    (store / "real.vtm").write_text("of somebody else")
    write_series(str(home / "link.vtm"), [1.0], lambda time: blocks(), {})
    assert {one.name for one in store.iterdir()} == {"real.vtm"}
    assert {one.name for one in home.iterdir()} == {"link.vtm", "link_0000.vtm", "link_0000", "link.vtm.series"}
    assert (home / "link.vtm").read_text() == "of somebody else"


@pytest.mark.parametrize("extension", [".vtm", ".pvtp"])
def test_pieces_are_beside_the_real_file_and_found_through_a_link(extension: str, tmp_path: Path) -> None:
    home, store = tmp_path / "home", tmp_path / "store"
    home.mkdir()
    store.mkdir()
    link, real = home / f"link{extension}", store / f"real{extension}"
    link.symlink_to(real)
    write_data(str(link), blocks() if extension == ".vtm" else sphere(), {})
    assert {one.name for one in home.iterdir()} == {link.name}
    assert {one.name for one in store.iterdir()} == {real.name, "real"}
    for path in (link, real):
        with capture() as captured:
            held = read(path)
        assert captured.errors == [] and [part.GetNumberOfPoints() for part in leaves(held)] == (
            [50, 50] if extension == ".vtm" else [50]
        )
    shutil.copytree(store / "real", home / "real")  # whoever links pieces, too, is taken at his word
    assert beside_its_pieces(str(link)) == str(link)

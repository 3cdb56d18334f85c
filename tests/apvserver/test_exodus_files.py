"""Exodus: whatever the file is called, and whichever of netCDF's formats it has."""

from pathlib import Path
from typing import Any

import meshio
import netCDF4
import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.exodus_by_hand import exodus_file
from ..harness.opening import leaves, opened, points, times, values, volume

PLACES = np.array(
    [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1), (2, 0, 0)], float
)
SIZES: dict[str, Any] = {
    "num_nodes": 9, "num_elem": 3, "num_el_blk": 2, "num_el_in_blk1": 1, "num_nod_per_el1": 8, "num_el_in_blk2": 2,
    "num_nod_per_el2": 4, "num_nod_var": 1, "num_elem_var": 1, "time_step": None,
}  # fmt: skip
TIMES = (0.5, 1.5)


def write(path: Path, form: Any) -> None:
    """A cube and two tetrahedra."""
    with exodus_file(path, SIZES, form) as file:
        file.add("time_whole", "f8", ("time_step",), TIMES)
        file.add_places(PLACES)
        file.add("eb_status", "i4", ("num_el_blk",), 1)
        file.add("eb_prop1", "i4", ("num_el_blk",), [10, 20], name="ID")
        cells = [[2, 9, 3, 6], [9, 3, 6, 7]]
        file.add("connect1", "i4", ("num_el_in_blk1", "num_nod_per_el1"), np.arange(1, 9)[None], elem_type="HEX8")
        file.add("connect2", "i4", ("num_el_in_blk2", "num_nod_per_el2"), cells, elem_type="TETRA")
        file.add_names("eb_names", "num_el_blk", ["rock", "salt"])
        file.add_names("name_nod_var", "num_nod_var", ["heat"])
        file.add_names("name_elem_var", "num_elem_var", ["stress"])
        file.add("elem_var_tab", "i4", ("num_el_blk", "num_elem_var"), 1)
        file.add("vals_nod_var1", "f8", ("time_step", "num_nodes"), [np.arange(9) + 100 * time for time in TIMES])
        for block in (1, 2):
            columns = [[10 * block + time] * SIZES[f"num_el_in_blk{block}"] for time in TIMES]
            file.add(f"vals_elem_var1eb{block}", "f8", ("time_step", f"num_el_in_blk{block}"), columns)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.g", "NETCDF3_64BIT_OFFSET"), ("a.exo", "NETCDF4"), ("a.nc", "NETCDF3_CLASSIC"),
        ("a.ex2", "NETCDF4_CLASSIC"), ("without", "NETCDF3_CLASSIC"), ("a.h5", "NETCDF4"),
    ],
)  # fmt: skip
def test_blocks_values_and_times(tmp_path: Path, name: str, form: str) -> None:
    write(tmp_path / name, form)
    assert times(tmp_path / name) == TIMES
    for time in reversed(TIMES):
        found = dict(leaves(opened(tmp_path / name, time=time)))
        assert list(found) == ["rock", "salt"]
        assert [volume(found[one]) for one in found] == pytest.approx([1, 2 / 6])
        for block, used in (("rock", range(8)), ("salt", (1, 8, 2, 5, 6))):
            assert values(found[block].GetPointData(), "ids").tolist() == [one + 1 for one in used]
            np.testing.assert_array_equal(points(found[block]), PLACES[list(used)])
            assert values(found[block].GetPointData(), "heat").tolist() == [one + 100 * time for one in used]
        assert values(found["rock"].GetCellData(), "stress").tolist() == [10 + time]
        assert values(found["salt"].GetCellData(), "stress").tolist() == [20 + time] * 2


def test_widths_of_integers_that_exodus_does_not_know_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.e"
    write(path, "NETCDF4")
    with netCDF4.Dataset(path, "a") as file:
        file.int64_status = np.int32(0)
    assert opened(path) is not None
    for wrong in (np.int32(1), np.array([0, 0], np.int32), "none"):
        with netCDF4.Dataset(path, "a") as file:
            file.int64_status = wrong
        with pytest.raises(ExecutionFailed, match="its attribute int64_status is"):
            opened(path)
        by_name = Pipeline()
        by_name.create(1, "vtkExodusIIReader", {"FileName": str(path)})
        with pytest.raises(ExecutionFailed, match="its attribute int64_status is"):
            Executor().execute(by_name, 1)


def test_files_of_meshio_which_the_library_of_exodus_misreads(tmp_path: Path) -> None:
    """They lack the attribute file_size; VTK would take memory that nobody wrote for the values."""
    mesh = meshio.Mesh(PLACES, [("tetra", np.array([[1, 8, 2, 5]]))], {"heat": np.arange(9.0), "v": PLACES * 3})
    meshio.write(tmp_path / "a.e", mesh)
    grid = opened(tmp_path / "a.e")
    assert values(grid.GetPointData(), "heat").tolist() == list(range(9))
    np.testing.assert_array_equal(values(grid.GetPointData(), "v"), PLACES * 3)

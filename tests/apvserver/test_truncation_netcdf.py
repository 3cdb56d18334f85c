"""Files of NetCDF's classic formats that are cut off are refused: libraries read zeros of what is missing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.files.truncation.netcdf import cut_off
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness import simulations


def write(path: Path, kind: Any, *, records: int = 3, several: bool = True) -> Path:
    """A file with texts, numbers of several sizes, and variables with and without records."""
    with netCDF4.Dataset(path, "w", format=kind) as file:
        file.setncattr("title", "odd")
        file.setncattr("numbers", np.array([1.5, 2.5, 3.5]))
        for name, size in (("time", None), ("x", 3), ("letters", 5)):
            file.createDimension(name, size)
        file.createVariable("word", "S1", ("letters",))[:] = np.array(list("abcde"), "S1")
        file.createVariable("scalar", "i4")[...] = 7
        if several:
            file.createVariable("short", "i2", ("time", "x"))[:] = np.ones((records, 3))
            made = file.createVariable("time", "f8", ("time",))
            made.setncattr("units", "seconds since 2000-01-01")
            made[:] = range(records)
        file.createVariable("bytes", "i1", ("time", "x"))[:] = np.ones((records, 3))
    return path


@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA"])
@pytest.mark.parametrize(("records", "several"), [(3, True), (3, False), (1, True), (0, True)])
def test_complete_files_are_complete_and_others_are_not(kind: str, records: int, several: bool, tmp_path: Path) -> None:
    path = write(tmp_path / "a.nc", kind, records=records, several=several)
    assert cut_off(str(path)) is None
    size = path.stat().st_size
    for missing in (8, size // 2, size - 12):
        os.truncate(path, size - missing)
        told = cut_off(str(path))
        assert told is not None and f" {size - missing} bytes" in told


def test_files_of_other_formats_are_not_judged(tmp_path: Path) -> None:
    assert cut_off(str(write(tmp_path / "a.nc", "NETCDF4"))) is None
    (tmp_path / "text").write_text("CDX")
    assert cut_off(str(tmp_path / "text")) is None


def test_an_exodus_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.exo"
    simulations.exodus(path)
    pipeline = Pipeline()
    pipeline.create(1, "vtkIOSSReader", {"FileNames": [str(path)]})
    Executor().execute(pipeline, 1)
    size = path.stat().st_size
    os.truncate(path, size - 100)
    with pytest.raises(ExecutionFailed, match=rf"is cut off, or is still being.*{size - 100} bytes.*tells of {size}"):
        Executor().execute(pipeline, 1)
    simulations.exodus(path)
    Executor().execute(pipeline, 1)

"""Sessions that are built in read NetCDF in threads of one process; its library must not be in two of them at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import netCDF4
import numpy as np

from apvserver.vtk.files.corrections.netcdf.values import dataset


def test_one_thread_at_a_time_has_a_file_open(tmp_path: Path) -> None:
    for number in range(4):
        with netCDF4.Dataset(tmp_path / f"{number}.nc", "w") as file:
            file.createDimension("x", 10)
            file.createVariable("a", "f4", ("x",))[:] = np.full(10, number)
    inside, most = 0, 0
    counting = threading.Lock()

    def read(number: int) -> float:
        nonlocal inside, most
        total = 0.0
        for _ in range(20):
            with dataset(str(tmp_path / f"{number}.nc")) as file:
                with counting:
                    inside += 1
                    most = max(most, inside)
                total += float(file.variables["a"][:].sum())
                with counting:
                    inside -= 1
        return total

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(4))) == [number * 200.0 for number in range(4)]
    assert most == 1

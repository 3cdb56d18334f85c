"""Exodus files written variable by variable, after the description of Exodus II."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np


class ExodusFile:
    """An Exodus file that is being written."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def add(self, key: str, kind: str, dimensions: tuple[str, ...], numbers: Any, **attributes: str) -> None:
        """Write a variable."""
        made = self._file.createVariable(key, kind, dimensions)
        made[:] = numbers
        for attribute, text in attributes.items():
            made.setncattr(attribute, text)

    def add_names(self, key: str, dimension: str, names: list[str]) -> None:
        """Write the names of blocks, or of variables."""
        self.add(key, "S1", (dimension, "len_string"), netCDF4.stringtochar(np.array(names, "S33")))

    def add_places(self, places: Any) -> None:
        """Write where the nodes are, n x 3."""
        for axis, letter in enumerate("xyz"):
            self.add(f"coord{letter}", "f8", ("num_nodes",), places[:, axis])


@contextmanager
def exodus_file(
    path: Path, sizes: Mapping[str, int | None], form: Any = "NETCDF3_64BIT_OFFSET"
) -> Iterator[ExodusFile]:
    """Make a file with these dimensions beside those that all have, in one of netCDF's formats."""
    with netCDF4.Dataset(path, "w", format=form) as file:
        file.setncatts({"api_version": np.float32(4.98), "version": np.float32(4.98), "title": "by hand"})
        file.setncatts({"floating_point_word_size": np.int32(8), "file_size": np.int32(1)})
        for name, size in {"len_string": 33, "len_line": 81, "four": 4, "num_dim": 3, **sizes}.items():
            file.createDimension(name, size)
        yield ExodusFile(file)

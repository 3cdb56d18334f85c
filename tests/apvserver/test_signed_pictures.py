"""TIFF of signed bytes, plain and compressed, also where Pillow reads them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.base.vtk_messages import capture
from apvserver.vtk.files.reader_choice import choose_reader
from apvserver.vtk.types.catalog import construct

VALUES = np.arange(-128, 127, dtype="i1").reshape(17, 15)


@pytest.mark.parametrize("compression", [None, "zlib", "lzma"])
@pytest.mark.parametrize("tile", [None, (16, 16)])
def test_signed_bytes_stay_signed(tmp_path: Path, compression: str | None, tile: tuple[int, int] | None) -> None:
    tifffile.imwrite(tmp_path / "a.tif", VALUES, compression=compression, tile=tile, photometric="minisblack")
    with capture() as captured:
        reader = construct(choose_reader(tmp_path / "a.tif")[0])
        reader.SetFileName(str(tmp_path / "a.tif"))
        reader.Update()
    assert captured.errors == []
    found = vtk_to_numpy(reader.GetOutputDataObject(0).GetPointData().GetScalars())
    assert found.dtype == np.int8
    assert np.array_equal(found.reshape(VALUES.shape), VALUES[::-1])

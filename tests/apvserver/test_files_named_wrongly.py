"""Files under the names of others: what their content tells opens all the same, and nothing opens as what it is not."""

from __future__ import annotations

from pathlib import Path

import netCDF4
import nibabel
import numpy as np
import pytest

from apvserver.vtk.base.errors import VtkError
from apvserver.vtk.files.reader_choice import choose_reader

from ..harness.formats_of_others import FILES
from ..harness.known_data import assert_holds
from ..harness.opening import opened
from ..harness.written_by import WrittenBy

KNOWN_BY_CONTENT = {
    "NRRD", "MetaImage", "MRC", "VTK XML image", "VTK legacy", "TIFF", "JPEG", "PNG", "BMP", "PNM", "Gmsh", "SU2",
    "Netgen", "Tecplot", "DOLFIN XML", "PERMAS", "FLAC3D", "VTK XML grid", "VTKHDF", "VTK legacy grid", "XDMF", "PLY",
    "VTK XML surface", "OFF", "netCDF", "GeoJSON", "UGRID netCDF", "MED", "H5M", "Exodus", "MINC",
}  # fmt: skip
"""Of these no name is needed."""
FIRST = {(file.format, file.writer): file for file in reversed(FILES) if not file.refused}
APART = (".mhd", ".nhdr")
ALONE = [one for one in FIRST.values() if one.format in KNOWN_BY_CONTENT and not one.name.endswith(APART)]
"""One of each format and writer, without those whose values are in a file of their own, under its name."""


@pytest.mark.parametrize("file", ALONE, ids=lambda one: f"{one.format}, {one.writer}")
def test_content_needs_no_name(tmp_path: Path, file: WrittenBy) -> None:
    file.write(tmp_path / file.name)
    (tmp_path / file.name).rename(tmp_path / "data.something")
    assert_holds(tmp_path / "data.something", file.known, file.port)


STRONG = ("NRRD", "TIFF", "PNG", "Gmsh", "VTK XML grid", "VTKHDF", "VTK legacy grid", "PLY", "UGRID netCDF", "MED")
CHOSEN = list({one.format: one for one in ALONE if one.format in STRONG}.values())


@pytest.mark.parametrize("name", ["a.csv", "a.vtk"])
@pytest.mark.parametrize("file", CHOSEN, ids=lambda one: f"{one.format}, {one.writer}")
def test_content_outweighs_a_wrong_name(tmp_path: Path, name: str, file: WrittenBy) -> None:
    file.write(tmp_path / file.name)
    (tmp_path / file.name).rename(tmp_path / name)
    assert_holds(tmp_path / name, file.known, file.port)


def test_a_header_of_nifti_under_another_name_is_not_taken_for_its_values(tmp_path: Path) -> None:
    nibabel.save(nibabel.Nifti1Pair(np.ones((4, 3, 2), "i2"), np.eye(4)), tmp_path / "a.hdr")
    (tmp_path / "a.hdr").rename(tmp_path / "a.dat")
    with pytest.raises(VtkError, match=r"header of a pair of files.*\.hdr.*\.img"):
        opened(tmp_path / "a.dat")


def test_pictures_under_the_name_of_a_mesh_are_refused_as_a_mesh(tmp_path: Path) -> None:
    """PNM is known where the name says nothing: its first bytes are too few for more."""
    (tmp_path / "a.su2").write_bytes(b"P5\n2 1\n255\n\0\1")
    with pytest.raises(VtkError, match="meshio cannot read this as su2"):
        opened(tmp_path / "a.su2")


def test_the_kind_of_a_netcdf_file_is_that_of_its_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MPAS in HDF5, whatever it is called."""
    monkeypatch.setattr(
        "apvserver.vtk.files.reader_choice._confirm", lambda type_name, path: None
    )  # its sizes only are there
    with netCDF4.Dataset(tmp_path / "a.something", "w") as file:
        for name in ("nCells", "nVertices", "vertexDegree"):
            file.createDimension(name, 3)
    assert choose_reader(tmp_path / "a.something")[0] == "vtkMPASReader"

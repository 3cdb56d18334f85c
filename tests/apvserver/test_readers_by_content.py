"""The reader is chosen by what is in a file; its name counts where the content does not say."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import meshio
import netCDF4
import numpy as np
import pytest

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.reader_choice import choose_reader

TETRA = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)], float)
UNKNOWN_EXTENSION = "something"


def hdf5(*names: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with h5py.File(path, "w") as file:
            for name in names:
                file.create_group(name)

    return make


def exodus(form: Any) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with netCDF4.Dataset(path, "w", format=form) as file:
            for name, size in (("num_nodes", 4), ("num_el_blk", 1), ("num_dim", 3)):
                file.createDimension(name, size)
            file.createVariable("eb_prop1", "i4", ("num_el_blk",))

    return make


def climate(form: Any) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with netCDF4.Dataset(path, "w", format=form) as file:
            file.setncattr("Conventions", "CF-1.8")

    return make


def text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content)


def binary(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


GOLD = "FORMAT\ntype: ensight gold\n\nGEOMETRY\nmodel: a.geo\n"
MOLECULE = "2\nhydrogen\nH 0 0 0\nH 0 0 0.74\n"


@pytest.mark.parametrize(
    ("name", "make", "reader"),
    [
        ("a.dat", text('TITLE = "t"\nVARIABLES = "X"\nZONE I=2\n1\n2\n'), "TecplotReader"),
        ("a.txt", text('variables=x,y\nzone i=2\n1 2\n3 4\n'), "TecplotReader"),
        ("a.dat", text("# x y\n1 2\n3 4\n"), "CSVReader"),
        ("a.dat", text('(0 "grid")\n'), "CSVReader"),
        ("a.txt", text("zone heat\n1 2\n3 4\n"), "CSVReader"),
        ("a.txt", text("(1 2)\n(3 4)\n"), "CSVReader"),
        ("a.dat", binary(b"#!TDV112"), "TecplotReader"),
        ("a.g", exodus("NETCDF3_64BIT_OFFSET"), "vtkIOSSReader"),
        ("a.g", exodus("NETCDF4"), "vtkIOSSReader"),
        ("a.nc", exodus("NETCDF3_CLASSIC"), "vtkIOSSReader"),
        ("a.something", exodus("NETCDF3_CLASSIC"), "vtkIOSSReader"),
        ("a.h5", climate("NETCDF4"), "vtkNetCDFCFReader"),
        ("a.something", climate("NETCDF3_CLASSIC"), "vtkNetCDFCFReader"),
        ("a.h5", hdf5("VTKHDF"), "vtkHDFReader"),
        ("a.hdf5", hdf5("Step#0"), "vtkH5PartReader"),
        ("a.h5", hdf5("meshes", "settings"), "vtkFLUENTCFFReader"),
        ("a.h5", hdf5("ENS_MAA", "FAS"), "MEDReader"),
        ("a.inp", text("** by hand\n*HEADING\n x\n*NODE\n1, 0, 0, 0\n"), "AbaqusReader"),
        ("a.inp", text("# by hand\n4 1 0 0 0\n1 0 0 0\n"), "AVSUCDReader"),
        ("a.msh", text("$MeshFormat\n4.1 0 8\n$EndMeshFormat\n"), "GmshReader"),
        ("a.msh", text('(0 "GAMBIT to Fluent File")\n(2 3)\n'), "FluentReader"),
        ("a.cas", text('(0 "grid")\n(2 3)\n'), "FluentReader"),
        ("a.mesh", text("MeshVersionFormatted 2\nDimension 3\n"), "MeshioReader"),
        ("a.vol", text("# by hand\nmesh3d\ndimension\n3\n"), "MeshioReader"),
        ("a.neu", text("        CONTROL INFO 2.4.6\n** GAMBIT NEUTRAL FILE\n"), "GambitReader"),
        ("a.xyz", text(MOLECULE), "vtkXYZMolReader2"),
        ("a.xyz", text("0 0 0\n1 0 0\n"), "PointTextReader"),
        ("a.xyz", text("2\n0 0 0\n1 0 0\n"), "PointTextReader"),
        ("a.xyz", text("2 2 1\n0 1 0 1 0 0 1 1 0 0 0 0\n"), "vtkMultiBlockPLOT3DReader"),
        ("a.case", text(GOLD), "vtkEnSightGoldCombinedReader"),
        ("a.case", text(GOLD.replace(" gold", "")), "vtkGenericEnSightReader"),
        ("a.encas", text(GOLD.replace(" gold", "")), "vtkGenericEnSightReader"),
        ("a.vtp", text('<?xml version="1.0"?>\n<VTKFile type="ImageData"/>'), "vtkXMLImageDataReader"),
        ("a.xml", text("<?xml version='1.0'?>\n<Xdmf Version='3.0'></Xdmf>"), "vtkXdmfReader"),
        ("a.xml", text('<?xml version="1.0"?>\n<dolfin>\n</dolfin>'), "MeshioReader"),
        ("a.bdf", text("BEGIN BULK\nGRID,1,,0.,0.,0.\nENDDATA\n"), "MeshioReader"),
        ("a.su2", text("% by hand\nNDIME= 2\n"), "MeshioReader"),
        ("a.something", text("# vtk DataFile Version 3.0\nx\nASCII\nDATASET POLYDATA\n"), "vtkGenericDataObjectReader"),
    ],
)  # fmt: skip
def test_the_content_chooses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, make: Callable[[Path], None], reader: str
) -> None:
    monkeypatch.setattr(
        "apvserver.vtk.files.reader_choice._confirm", lambda type_name, path: None
    )  # only the beginning is there
    make(tmp_path / name)
    assert choose_reader(tmp_path / name)[0] == reader


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        ("a.h5", hdf5("data", "more"), r"an HDF5 file of no known structure \(its root has: data, more\)"),
        ("run.dat.h5", hdf5("results", "settings"), r"these are the results of a FLUENT case; open the case"),
        ("a0.f00001", text("#std 4 8 8 1 2 2 0.0 0 0 1 XUP\n"), r"write .*a\.nek5000 with three lines"),
        ("a.q", binary(b"\3\0\0\0\4\0\0\0"), r"a solution of PLOT3D, which belongs to a grid: there is none beside it"),
        ("a.foam", lambda path: path.touch(), r"this folder is no case of OpenFOAM, it lacks"),
        ("a.what", text("what is this"), r"unknown kind of file '.what', also by its content"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(tmp_path: Path, name: str, make: Callable[[Path], None], message: str) -> None:
    make(tmp_path / name)
    with pytest.raises(FileError, match=message):
        choose_reader(tmp_path / name)


def test_the_numbers_of_an_xdmf_file_lead_to_it(tmp_path: Path) -> None:
    meshio.write(tmp_path / "mesh.xdmf", meshio.Mesh(TETRA, [("tetra", np.array([[0, 1, 2, 3]]))]))
    with pytest.raises(FileError, match=r"numbers that an XDMF file describes; open .*mesh\.xdmf"):
        choose_reader(tmp_path / "mesh.h5")


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("1 2\n3 4\n", False),
        ("# x y\n1 2\n", True),
        ("# by hand\n1 2 3\n", False),
        ("x y\n1 2\n", True),
        ("-1.5e3 nan\n", False),
    ],
)
def test_a_first_row_of_numbers_is_no_header(tmp_path: Path, content: str, header: bool) -> None:
    (tmp_path / "a.dat").write_text(content)
    assert choose_reader(tmp_path / "a.dat")[1].get("HaveHeaders", True) is header

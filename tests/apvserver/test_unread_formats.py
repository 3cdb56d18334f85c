"""What nothing here reads is called by its name, and the error says what makes a file of it that is read."""

from __future__ import annotations

import re
from pathlib import Path

import h5py
import numpy as np
import pytest

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.reader_choice import READERS, SERIES_EXTENSIONS, choose_reader
from apvserver.vtk.files.unread.formats import FORMATS


def test_no_format_is_read_and_called_unread() -> None:
    assert [end for one in FORMATS for end in one.extensions if end in READERS or end in SERIES_EXTENSIONS] == []
    every = [end for one in FORMATS for end in one.extensions]
    assert len(every) == len(set(every))


def test_what_the_advice_makes_is_read() -> None:
    made = {end for one in FORMATS for end in re.findall(r"\{to\}[\w%]*((?:\.ome)?\.\w+)", one.todo)}
    assert made and {end.removeprefix(".ome") for end in made} <= READERS.keys()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("survey.las", b"LASF" + bytes(400), r"cloud of points \(LAS\).*pdal translate survey\.las survey\.ply"),
        ("survey.dat", b"LASF" + bytes(400), r"cloud of points \(LAS\).*survey\.dat survey\.ply"),
        ("winds.grib2", b"GRIB" + bytes(100), r"GRIB.*cdo -f nc copy winds\.grib2 winds\.nc"),
        ("sea.hdf", b"\x0e\x03\x13\x01" + bytes(100), r"HDF4, which is another format than HDF5.*h4tonccf"),
        ("sky.fits", b"SIMPLE  =                    T", r"FITS.*astropy"),
        ("run.xtc", bytes.fromhex("000007cb00000040"), r"GROMACS.*MDAnalysis"),
        ("run.dcd", b"T\0\0\0CORD", r"DCD.*frames=\"all\""),
        ("cells.czi", b"ZISRAWFILE", r"microscope.*bfconvert cells\.czi cells\.ome\.tif"),
        ("part.step", b"ISO-10303-21;\n", r"CAD \(STEP\).*gmsh part\.step -2 -o part\.stl"),
        ("table.xlsx", b"PK\x03\x04", r"spreadsheet.*read_excel"),
        ("rows.csv.gz", b"\x1f\x8b\x08", r"packed file.*unpack"),
        ("sky.asdf", b"#ASDF 1.0.0\n", r"ASDF.*asdf reads it"),
        ("part.unv", b"    -1\n  2411\n", r"I-DEAS.*Salome.*import part\.unv.*export part\.med"),
        ("scene.wrl", b"#VRML V2.0 utf8\n", r"scene of another program.*scene\.glb"),
        (
            "land.asc",
            b"ncols        3\nnrows        2\nxllcorner    5\n",
            r"raster of a map.*gdal_translate land\.asc land\.tif",
        ),
        ("land.grd", b"DSAA\n3 2\n", r"raster of a map.*gdal_translate land\.grd"),
        ("land.img", b"EHFA_HEADER_TAG\0", r"raster of a map.*gdal_translate land\.img"),
        ("land.hdr", b"ENVI\nsamples = 3\n", r"raster of ENVI.*gdal_translate land\.img land\.tif"),
        (
            "d3plot",
            bytes(400),
            r"LS-DYNA writes \(d3plot\), which is read by name only; session\.readers\.LSDynaReader\(FileName=",
        ),
        ("flow.pvsm", b"<ParaView>", r"state of ParaView.*session\.load_state"),
    ],
)
def test_a_file_is_called_by_its_name(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match=rf"which nothing here reads|{told}") as raised:
        choose_reader(tmp_path / name)
    assert re.search(told, str(raised.value)) and "known extensions" not in str(raised.value)


def test_a_raster_in_two_files_with_names_of_neurology(tmp_path: Path) -> None:
    (tmp_path / "land.img").write_bytes(bytes(24))
    (tmp_path / "land.hdr").write_text("ENVI\nsamples = 3\nlines = 2\nbands = 1\ndata type = 4\n" + "; \n" * 200)
    with pytest.raises(FileError, match=r"land\.hdr: this is the header of a raster of ENVI.*gdal_translate land\.img"):
        choose_reader(tmp_path / "land.img")


def test_an_array_of_numpy_is_called_by_its_name(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(3))
    with pytest.raises(FileError, match=r"array of numpy.*session\.send_data"):
        choose_reader(tmp_path / "a.npy")


@pytest.mark.parametrize(("inside", "told"), [("zarr.json", r"Zarr.*open_zarr"), ("md.idx", "ADIOS.*XDMF")])
def test_a_folder_that_is_a_file_of_such_a_format(tmp_path: Path, inside: str, told: str) -> None:
    (tmp_path / "a.folder").mkdir()
    (tmp_path / "a.folder" / inside).write_text("{}")
    with pytest.raises(FileError, match=told):
        choose_reader(tmp_path / "a.folder")


def test_files_of_openpmd_are_called_so(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.attrs["openPMD"] = np.bytes_("1.1.0")
        file["data/0/fields/rho"] = np.zeros(4)
    with pytest.raises(
        FileError, match=r"a\.h5: this is a file of openPMD, which nothing here reads; openpmd-api reads"
    ):
        choose_reader(tmp_path / "a.h5")

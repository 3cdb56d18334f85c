"""Formats that nothing here reads: what they are called, and what makes a file of them that is read here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...base.errors import FileError


@dataclass(frozen=True, slots=True)
class Unread:
    """A format that is known by name only: its extensions, its first bytes, and what to do with such a file."""

    name: str
    """With its article, as in "a point cloud (LAS)"."""
    todo: str
    """What to do: "{file}" stands for the file, "{to}" for its name without the extension."""
    extensions: tuple[str, ...] = ()
    begins: re.Pattern[bytes] | None = None
    """What files begin with, whatever they are called."""
    holds: tuple[str, ...] = ()
    """Of formats that are folders: names of files in them, one of which is there."""
    by_name: bool = False
    """Whether a reader that is asked for by name reads it."""


def _bytes(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


_FROM_ARRAYS: Final = "read it in Python, and hand its arrays over with session.send_data"
_PDAL: Final = "PDAL makes one of it that is read: pdal translate {file} {to}.ply"
_FRAMES: Final = (
    'MDAnalysis makes frames of it that are read: MDAnalysis.Universe(topology, "{file}").atoms.write("{to}.xyz", '
    'frames="all")'
)
_PICTURE: Final = "ImageMagick makes one of it that is read: magick {file} {to}.png"
_MAP: Final = "GDAL makes one of it that is read: gdal_translate {file} {to}.tif"
_FEATURES: Final = "GDAL makes features of it that are read: ogr2ogr {to}.geojson {file}"
_SOLID: Final = "Gmsh makes a surface of it that is read: gmsh {file} -2 -o {to}.stl"
_SCENE: Final = "export it as {to}.glb from a program that reads it, such as Blender"
_MICROSCOPE: Final = "the tools of Bio-Formats make one of it that is read: bfconvert {file} {to}.ome.tif"
_UNPACK: Final = "unpack it where the server runs, and open what was in it"
_TABLE: Final = (
    'pandas makes a table of it that is read: pandas.read_{kind}("{{file}}").to_csv("{{to}}.csv", index=False)'
)

FORMATS: Final = (
    Unread(
        "what LS-DYNA writes (d3plot)",
        'session.readers.LSDynaReader(FileName="{file}") reads the files of that name in its folder',
        ("d3plot",),
        by_name=True,
    ),
    Unread("a cloud of points (LAS)", _PDAL, (".las", ".laz"), _bytes(b"LASF")),
    Unread("a cloud of points (E57)", _PDAL, (".e57",), _bytes(b"ASTM-E57")),
    Unread(
        "a cloud of points (PCD)",
        "PCL makes one of it that is read: pcl_pcd2ply {file} {to}.ply",
        (".pcd",),
        _bytes(rb"(?:# \.PCD|VERSION \.?[\d.]+\s+FIELDS )"),
    ),
    Unread(
        "a folder of arrays (Zarr)",
        'xarray makes a file of it that is read: xarray.open_zarr("{file}").to_netcdf("{to}.nc"); of pictures tifffile '
        "makes {to}.tif",
        (".zarr",),
        holds=("zarr.json", ".zgroup", ".zarray", ".zmetadata"),
    ),
    Unread(
        "a file of ADIOS",
        f"{_FROM_ARRAYS}, or have the simulation write .vtkhdf, or HDF5 with an XDMF file that describes it",
        (".bp", ".bp4", ".bp5"),
        holds=("md.idx", "md.0"),
    ),
    Unread(
        "a file of fields (GRIB)",
        "cdo makes one of it that is read: cdo -f nc copy {file} {to}.nc",
        (".grib", ".grb", ".grib2", ".grb2"),
        _bytes(b"GRIB"),
    ),
    Unread(
        "a file of HDF4, which is another format than HDF5",
        "the tools of the HDF Group make one of it that is read: h4tonccf_nc4 {file} {to}.nc",
        (".hdf4", ".h4"),
        _bytes(rb"\x0e\x03\x13\x01"),
    ),
    Unread(
        "an image or a table of astronomy (FITS)",
        "astropy reads it, and pynrrd makes a file that is read: "
        'nrrd.write("{to}.nrrd", astropy.io.fits.getdata("{file}").T)',
        (".fits", ".fit", ".fts", ".fits.gz"),
        _bytes(b"SIMPLE  ="),
    ),
    Unread(
        "arrays of astronomy (ASDF)",
        f"asdf reads it: {_FROM_ARRAYS}",
        (".asdf",),
        _bytes(b"#ASDF "),
    ),
    Unread("frames of molecules (DCD)", _FRAMES, (".dcd",), _bytes(rb".{4}CORD")),
    Unread("frames of molecules (GROMACS)", _FRAMES, (".xtc", ".trr", ".tng"), _bytes(rb"\0\0\x07[\xc9\xcb]\0")),
    Unread(
        "frames of molecules (ASE)",
        "ASE makes frames of it that are read: ase convert {file} {to}.xyz",
        (".traj",),
        _bytes(rb"- of UlmASE-Trajectory"),
    ),
    Unread(
        "a molecule of another program",
        "Open Babel makes one of it that is read: obabel {file} -O {to}.cml",
        (".cif", ".mmcif", ".mol", ".mol2", ".sdf", ".gro"),
    ),
    Unread(
        "a mesh of I-DEAS",
        "Salome makes one of it that is read: import {file} in its module Mesh, and export {to}.med",
        (".unv",),
    ),
    Unread("a solid of CAD (STEP)", _SOLID, (".step", ".stp"), _bytes(rb"\s*ISO-10303-21;")),
    Unread("a solid of CAD", _SOLID, (".iges", ".igs", ".brep")),
    Unread("a scene (FBX)", _SCENE, (".fbx",), _bytes(b"Kaydara FBX Binary")),
    Unread("a scene of Blender", _SCENE, (".blend",), _bytes(b"BLENDER[-_]")),
    Unread("a scene (USD)", _SCENE, (".usd", ".usda", ".usdc", ".usdz"), _bytes(rb"(?:PXR-USDC|#usda )")),
    Unread("a scene of another program", _SCENE, (".dae", ".3ds", ".3mf", ".abc", ".dxf", ".wrl", ".vrml", ".x3d")),
    Unread(
        "volumes of OpenVDB",
        "read it with openvdb, copy a grid into an array (copyToArray), and hand that over with session.send_data",
        (".vdb",),
        _bytes(rb" BDV\0\0\0\0"),
    ),
    Unread("images of a microscope", _MICROSCOPE, (".czi", ".nd2", ".lif", ".oib", ".oif", ".ims", ".svs", ".vsi")),
    Unread("an array of numpy", _FROM_ARRAYS, (".npy", ".npz"), _bytes(rb"\x93NUMPY")),
    Unread("a file of MATLAB", _FROM_ARRAYS, (".mat",), _bytes(rb"MATLAB [57]\.\d")),
    Unread("a table (Parquet)", _TABLE.format(kind="parquet"), (".parquet",), _bytes(b"PAR1")),
    Unread("a table (Feather)", _TABLE.format(kind="feather"), (".feather",), _bytes(b"ARROW1")),
    Unread("a table of a spreadsheet program", _TABLE.format(kind="excel"), (".xlsx", ".xls", ".ods")),
    Unread("a file of ROOT", f"uproot reads it: {_FROM_ARRAYS}", (".root",), _bytes(rb"root\0")),
    Unread("features of a map", _FEATURES, (".shp", ".gpkg", ".kml", ".kmz")),
    Unread(
        "the header of a raster of ENVI",
        "GDAL makes one of it that is read, by the name of the file of its values: gdal_translate {to}.img {to}.tif",
        begins=_bytes(rb"ENVI\s"),
    ),
    Unread(
        "a raster of a map",
        _MAP,
        (".hgt", ".bil", ".ecw", ".adf", ".vrt", ".grd"),
        _bytes(rb"(?:EHFA_HEADER_TAG|DSAA\s|DSBB|DSRB|\s*(?i:ncols)\s+\d+\s+(?i:nrows)\s)"),
    ),
    Unread("a picture (JPEG 2000)", _PICTURE, (".jp2", ".j2k"), _bytes(rb"\0\0\0\x0cjP  ")),
    Unread("a picture (GIF)", _PICTURE, (".gif",), _bytes(rb"GIF8[79]a")),
    Unread("a picture (WebP)", _PICTURE, (".webp",), _bytes(rb"RIFF.{4}WEBP")),
    Unread("a picture (OpenEXR)", _PICTURE.replace(".png", ".tif"), (".exr",), _bytes(rb"v/1\x01")),
    Unread(
        "a video",
        "ffmpeg makes pictures of it that are read: ffmpeg -i {file} {to}_%04d.png",
        (".mp4", ".avi", ".mov", ".mkv", ".webm", ".ogv"),
    ),
    Unread(
        "results of Abaqus",
        "Abaqus's own Python (odbAccess) reads it: write its nodes, elements and fields as {to}.vtu, or in .csv",
        (".odb",),
    ),
    Unread(
        "results of Ansys",
        'pymapdl-reader makes a file of them that is read: read_binary("{file}").save_as_vtk("{to}.vtu")',
        (".rst", ".rth"),
    ),
    Unread("results of CalculiX", "ccx2paraview makes files of them that are read: ccx2paraview {file} vtu", (".frd",)),
    Unread(
        "an archive", _UNPACK, (".zip", ".tar", ".tgz", ".7z", ".rar"), _bytes(rb"(?:PK\x03\x04|7z\xbc\xaf\x27\x1c)")
    ),
    Unread("a packed file", _UNPACK, (".gz", ".bz2", ".xz", ".zst"), _bytes(rb"(?:BZh\d|\xfd7zXZ\0|\x28\xb5\x2f\xfd)")),
    Unread(
        "a state of ParaView",
        "load it with session.load_state",
        (".pvsm",),
        _bytes(rb"\s*<(?:ParaView|ServerManagerState)\b"),
    ),
)  # fmt: skip


def refuse_content(file: Path, head: bytes) -> None:
    """Raise `FileError` for a file whose first bytes are those of a format that is known by name only."""
    found = next((one for one in FORMATS if one.begins is not None and one.begins.match(head)), None)
    _refuse(file, _named(file) or found if found is not None and found.todo == _UNPACK else found)


def refuse_name(file: Path) -> None:
    """Raise `FileError` for a file whose extension is that of a format that is known by name only."""
    _refuse(file, _named(file))


def refuse_folder(folder: Path) -> None:
    """Raise `FileError` for a folder that is a file of such a format, by what is in it."""
    _refuse(folder, next((one for one in FORMATS if any((folder / name).exists() for name in one.holds)), None))


def _named(file: Path) -> Unread | None:
    """Return the format of an extension; many formats are archives or packed, which their first bytes say."""
    name = file.name.lower()
    return next((one for one in FORMATS if one.extensions and name.endswith(one.extensions)), None)


def _refuse(file: Path, one: Unread | None) -> None:
    """Raise `FileError` that says what the format is, and what to do."""
    if one is None:
        return
    ending = next((end for end in one.extensions if file.name.lower().endswith(end)), file.suffix)
    todo = one.todo.format(file=file.name, to=file.name[: len(file.name) - len(ending)] or "a")
    why = "which is read by name only" if one.by_name else "which nothing here reads"
    raise FileError(f"{file}: this is {one.name}, {why}; {todo}")

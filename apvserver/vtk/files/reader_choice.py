"""Chooses the reader for a file on the server: by its content, by its extension second, confirmed by VTK.

Reading an untrusted file can crash the process (see docs): confining paths, memory and time is the caller's duty.
"""

import os
import stat
from pathlib import Path
from typing import Any

from ..base.data_roots import denied
from ..base.errors import FileError
from ..base.vtk_messages import capture
from ..types.catalog import construct
from .images.dicom.series import dicom_files
from .images.sniffing import reader_of_image
from .mesh_formats import EXTENSIONS as MESHES
from .netcdf_kinds import kind_of_netcdf, reader_of_netcdf
from .reader_cases import special_choice
from .readers.texts.csv_reader import first_row_names
from .references import beside_its_pieces, check_references
from .sniffing import HEAD_BYTES, guess, sniff
from .unread.formats import refuse_content, refuse_folder, refuse_name

Choice = tuple[str, dict[str, Any]]

# Extension (longest match wins) to reader class, for files whose content does not tell. The XML formats have one reader
# per kind of data.
READERS: dict[str, str] = {
    **{f".vt{letter}": f"vtkXML{kind}Reader" for letter, kind in {
        "i": "ImageData", "p": "PolyData", "r": "RectilinearGrid", "s": "StructuredGrid", "u": "UnstructuredGrid",
        "t": "Table",
    }.items()},
    **{f".pvt{letter}": f"vtkXMLP{kind}Reader" for letter, kind in {
        "i": "ImageData", "p": "PolyData", "r": "RectilinearGrid", "s": "StructuredGrid", "u": "UnstructuredGrid",
        "t": "Table",
    }.items()},
    ".vtm": "vtkXMLMultiBlockDataReader",
    ".vtmb": "vtkXMLMultiBlockDataReader",
    ".vtpd": "vtkXMLPartitionedDataSetReader",
    ".vtpc": "vtkXMLPartitionedDataSetCollectionReader",
    ".vth": "vtkXMLUniformGridAMRReader",
    ".vthb": "vtkXMLUniformGridAMRReader",
    ".htg": "vtkXMLHyperTreeGridReader",
    ".vtk": "vtkGenericDataObjectReader",
    ".hdf": "vtkHDFReader",
    ".vtkhdf": "vtkHDFReader",
    ".ply": "PLYFileReader",
    ".stl": "vtkSTLReader",
    ".obj": "vtkOBJReader",
    ".off": "vtkOFFReader",
    ".g": "vtkBYUReader",
    ".byu": "vtkBYUReader",
    ".gltf": "vtkGLTFReader",
    ".glb": "vtkGLTFReader",
    ".png": "vtkPNGReader",
    ".jpg": "vtkJPEGReader",
    ".jpeg": "vtkJPEGReader",
    ".tif": "vtkTIFFReader",
    ".tiff": "vtkTIFFReader",
    ".bmp": "vtkBMPReader",
    ".hdr": "vtkHDRReader",
    ".tga": "vtkTGAReader",
    ".pgm": "vtkPNMReader",
    ".ppm": "vtkPNMReader",
    ".pnm": "vtkPNMReader",
    ".pbm": "vtkPNMReader",
    ".pfm": "vtkPNMReader",
    ".dem": "vtkDEMReader",
    ".slc": "vtkSLCReader",
    ".nii": "vtkNIFTIImageReader",
    ".nii.gz": "vtkNIFTIImageReader",
    ".mha": "vtkMetaImageReader",
    ".mhd": "vtkMetaImageReader",
    ".nrrd": "vtkNrrdReader",
    ".nhdr": "vtkNrrdReader",
    ".mrc": "vtkMRCReader",
    ".map": "vtkMRCReader",
    ".ccp4": "vtkMRCReader",
    ".hdr.gz": "vtkNIFTIImageReader",
    ".img": "vtkNIFTIImageReader",
    ".img.gz": "vtkNIFTIImageReader",
    ".mgh": "MGHReader",
    ".mgz": "MGHReader",
    ".mnc": "vtkMINCImageReader",
    ".dcm": "vtkDICOMImageReader",
    ".segy": "SEGYReader",
    ".sgy": "SEGYReader",
    ".e": "vtkIOSSReader",
    ".ex2": "vtkIOSSReader",
    ".exo": "vtkIOSSReader",
    ".exii": "vtkIOSSReader",
    ".exodus": "vtkIOSSReader",
    ".cgns": "vtkCGNSReader",
    ".cas": "FluentReader",
    ".cas.h5": "vtkFLUENTCFFReader",
    ".foam": "vtkOpenFOAMReader",
    ".openfoam": "vtkOpenFOAMReader",
    ".case": "vtkEnSightGoldCombinedReader",
    ".encas": "vtkEnSightGoldCombinedReader",
    ".inp": "AVSUCDReader",
    ".avs": "AVSUCDReader",
    ".neu": "GambitReader",
    ".nek5000": "vtkNek5000Reader",
    **dict.fromkeys(MESHES, "MeshioReader"),
    ".med": "MEDReader",
    **dict.fromkeys((".p3d", ".p3dfmt", ".x", ".q"), "vtkMultiBlockPLOT3DReader"),
    **dict.fromkeys((".tec", ".tp", ".plt", ".szplt"), "TecplotReader"),
    **dict.fromkeys((".nc", ".nc4", ".cdf"), "vtkNetCDFCFReader"),
    ".h5part": "vtkH5PartReader",
    **dict.fromkeys((".h5", ".hdf5"), "vtkHDFReader"),
    **dict.fromkeys((".csv", ".tsv", ".txt", ".dat"), "CSVReader"),
    ".pdb": "vtkPDBReader",
    ".cml": "vtkCMLMoleculeReader",
    **dict.fromkeys((".cube", ".cub"), "GaussianCubeReader"),
    **dict.fromkeys((".xyz", ".extxyz"), "vtkXYZMolReader2"),
    **dict.fromkeys((".pts", ".asc"), "PointTextReader"),
    **dict.fromkeys((".dump", ".lammpstrj"), "LAMMPSDumpReader"),
    ".facet": "vtkFacetReader",
    ".geojson": "vtkGeoJSONReader",
    ".xdmf": "vtkXdmfReader",
    ".xmf": "vtkXdmfReader",
}  # fmt: skip

SERIES_EXTENSIONS = frozenset({".pvd", ".series"})
"""Files that list others with their times; see `series`."""
# The property that takes the path, where it is not FileName.
_PATH_PROPERTY = {
    "vtkIOSSReader": "FileNames",
    "vtkEnSightGoldCombinedReader": "CaseFileName",
    "vtkGenericEnSightReader": "CaseFileName",
}
_CINEMA, _CINEMA_TABLE = ".cdb", "data.csv"
"""Databases of Cinema are folders, with a table of their files."""
_MAY_BE_EMPTY = frozenset({".foam", ".openfoam"})
"""Files that stand for the folder that they are in."""


def known_extensions() -> tuple[str, ...]:
    """Return the extensions that `choose_reader` knows, sorted."""
    return tuple(sorted(READERS))


def choose_reader(path: str | os.PathLike[str]) -> Choice:
    """Return the reader's type name and its properties (with the path as given) for a file on the server.

    Raises `FileError`: the file is missing, a directory, unreadable, empty, of unknown kind, or VTK's own check
    (CanReadFile, where the reader has one) refuses it. The message says what was looked at and what to do.
    """
    file = Path(beside_its_pieces(os.fspath(path)))
    if _is_dicom_directory(file):
        return "vtkDICOMImageReader", {"DirectoryName": str(file)}
    if (file / "system" / "controlDict").is_file():
        file = file / "system" / "controlDict"  # the folder of a case of OpenFOAM
    if file.suffix.lower() == _CINEMA and (file / _CINEMA_TABLE).is_file():
        file = file / _CINEMA_TABLE
    head = _head(file)
    refuse_content(file, head)
    extension = extension_of(file)
    type_name = (
        reader_of_image(str(file), head, extension)
        or reader_of_netcdf(str(file), head, extension)
        or sniff(head, file)
        or READERS.get(extension)
        or guess(head)
    )
    if type_name is None:
        refuse_name(file)
        raise FileError(
            f"{file}: unknown kind of file {extension or '(no extension)'!r}, also by its content; "
            f"known extensions: {', '.join(known_extensions())}; session.readers has readers by their names"
        )
    if type_name == "vtkNetCDFCFReader":
        type_name = kind_of_netcdf(str(file)) or type_name
    type_name, properties = special_choice(file, type_name)
    name = str(file)
    key = _PATH_PROPERTY.get(type_name, "FileName")
    _confirm(type_name, properties.get(key, name))
    headers = {} if type_name != "CSVReader" or first_row_names(name) else {"HaveHeaders": False}
    return type_name, {key: [name] if key == "FileNames" else name, **headers, **properties}


def extension_of(file: Path) -> str:
    """Return the longest known extension of a name, lower case; else its last one. Series such as "a.e.8.0" count."""
    suffixes = [suffix.lower() for suffix in file.suffixes]
    while suffixes and suffixes[-1][1:].isdigit():
        suffixes.pop()
    for start in range(len(suffixes)):
        if "".join(suffixes[start:]) in READERS:
            return "".join(suffixes[start:])
    return suffixes[-1] if suffixes else ""


def _head(file: Path) -> bytes:
    """Return the first bytes of a file. Raises `FileError` that says why there are none."""
    try:
        if file.is_dir():
            refuse_folder(file)
            raise FileError(f"{file} is a directory on the server, not a file; {_candidates(file)}")
        if not stat.S_ISREG(file.stat().st_mode):
            raise FileError(f"{file} is a pipe or a device on the server, not a file that can be read to its end")
        with file.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise FileError(f"{file}: no such file on the server (paths are looked up there, not on the client)") from error
    except PermissionError as error:
        raise FileError(denied(file)) from error
    except (OSError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{file}: the server cannot read this file: {error}") from error
    if not head and file.suffix.lower() not in _MAY_BE_EMPTY:
        raise FileError(f"{file}: the file is empty")
    return head


def _is_dicom_directory(file: Path) -> bool:
    """Return whether it is a directory with DICOM files: they are the slices of a volume."""
    try:
        return file.is_dir() and bool(dicom_files(file))
    except (OSError, ValueError):
        return False  # looking at it as a file will tell why


def _candidates(directory: Path) -> str:
    names = sorted(one.name for one in directory.iterdir() if extension_of(one) in READERS)
    return f"it holds {', '.join(names[:8])}{', ...' if len(names) > 8 else ''}" if names else "it holds no known files"


def _confirm(type_name: str, path: str) -> None:
    reader = construct(type_name)
    if not hasattr(reader, "CanReadFile") or type_name in _UNRELIABLE_CHECKS:
        return
    check_references(path, type_name)  # it may open the files that this one names
    with capture() as captured:
        try:
            readable = reader.CanReadFile(path)
        except TypeError:
            return  # asks for more than a path
    if not readable:
        why = f": {captured.errors[0]}" if captured.errors else ""
        raise FileError(f"{path}: {type_name} says that it cannot read this file{why}; is its content what it says?")


_UNRELIABLE_CHECKS = frozenset({"vtkIOSSReader"})

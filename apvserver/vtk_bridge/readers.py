"""Chooses the reader for a file on the server: by extension, by content where that says nothing, confirmed by VTK.

Reading an untrusted file can crash the process (see docs): confining paths, memory and time is the caller's duty.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from apvserver.vtk_bridge.catalog import construct
from apvserver.vtk_bridge.csv_reader import first_row_names
from apvserver.vtk_bridge.errors import FileError
from apvserver.vtk_bridge.messages import capture

Sniffer = Callable[[bytes], str | None]
Choice = tuple[str, dict[str, Any]]

# Extension (longest match wins) to reader class. The XML formats have one reader per kind of data.
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
    ".ply": "vtkPLYReader",
    ".stl": "vtkSTLReader",
    ".obj": "vtkOBJReader",
    ".g": "vtkBYUReader",
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
    ".dem": "vtkDEMReader",
    ".slc": "vtkSLCReader",
    ".nii": "vtkNIFTIImageReader",
    ".nii.gz": "vtkNIFTIImageReader",
    ".mha": "vtkMetaImageReader",
    ".mhd": "vtkMetaImageReader",
    ".nrrd": "vtkNrrdReader",
    ".nhdr": "vtkNrrdReader",
    ".mnc": "vtkMINCImageReader",
    ".dcm": "vtkDICOMImageReader",
    ".segy": "vtkSegYReader",
    ".sgy": "vtkSegYReader",
    ".e": "vtkIOSSReader",
    ".ex2": "vtkIOSSReader",
    ".exo": "vtkIOSSReader",
    ".exii": "vtkIOSSReader",
    ".cgns": "vtkCGNSReader",
    ".cas": "vtkFLUENTReader",
    ".cas.h5": "vtkFLUENTCFFReader",
    ".foam": "vtkOpenFOAMReader",
    ".case": "vtkEnSightGoldCombinedReader",
    ".inp": "vtkAVSucdReader",
    ".nc": "vtkNetCDFCFReader",
    ".h5part": "vtkH5PartReader",
    ".dat": "vtkTecplotTableReader",
    ".csv": "CSVReader",
    ".tsv": "CSVReader",
    ".txt": "CSVReader",
    ".pdb": "vtkPDBReader",
    ".cml": "vtkCMLMoleculeReader",
    ".cube": "vtkGaussianCubeReader",
    ".xyz": "vtkXYZMolReader2",
    ".pts": "vtkPTSReader",
    ".facet": "vtkFacetReader",
    ".geojson": "vtkGeoJSONReader",
    ".xdmf": "vtkXdmfReader",
    ".xmf": "vtkXdmfReader",
}  # fmt: skip

# The property that takes the path, where it is not FileName.
SERIES_EXTENSIONS = frozenset({".pvd", ".series"})
"""Files that list others with their times; see `series`."""
_PATH_PROPERTY = {"vtkIOSSReader": "FileNames", "vtkEnSightGoldCombinedReader": "CaseFileName"}
_SNIFFED_BYTES = 512
_DICOM_OFFSET = 128


def known_extensions() -> tuple[str, ...]:
    """The extensions that `choose_reader` knows, sorted."""
    return tuple(sorted(READERS))


def choose_reader(path: str | os.PathLike[str]) -> Choice:
    """The reader's type name and its properties (with the path as given) for a file on the server.

    Raises `FileError`: the file is missing, a directory, unreadable, empty, of unknown kind, or VTK's own check
    (CanReadFile, where the reader has one) refuses it. The message says what was looked at and what to do.
    """
    file = Path(path)
    head = _head(file)
    extension = extension_of(file)
    type_name = READERS.get(extension) or sniff(head)
    if type_name is None:
        raise FileError(
            f"{file}: unknown kind of file {extension or '(no extension)'!r}; "
            f"known extensions: {', '.join(known_extensions())}"
        )
    name = str(file)
    key = _PATH_PROPERTY.get(type_name, "FileName")
    _confirm(type_name, name)
    headers = {} if type_name != "CSVReader" or first_row_names(name) else {"HaveHeaders": False}
    return type_name, {key: [name] if key == "FileNames" else name, **headers}


def extension_of(file: Path) -> str:
    """The longest known extension of a name, lower case; else its last one. Series such as "a.e.8.0" count."""
    suffixes = [suffix.lower() for suffix in file.suffixes]
    while suffixes and suffixes[-1][1:].isdigit():
        suffixes.pop()
    for start in range(len(suffixes)):
        if "".join(suffixes[start:]) in READERS:
            return "".join(suffixes[start:])
    return suffixes[-1] if suffixes else ""


def sniff(head: bytes) -> str | None:
    """The reader for a file whose name says nothing, from its first bytes; None if they say nothing either."""
    if head[_DICOM_OFFSET : _DICOM_OFFSET + 4] == b"DICM":
        return "vtkDICOMImageReader"
    if head.lstrip().startswith((b"<?xml", b"<VTKFile")):
        return _sniff_xml(head)
    return next((reader for magic, reader in _MAGIC if head.startswith(magic)), None)


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"# vtk DataFile", "vtkGenericDataObjectReader"),
    (b"\x89PNG", "vtkPNGReader"),
    (b"\xff\xd8\xff", "vtkJPEGReader"),
    (b"II*\0", "vtkTIFFReader"),
    (b"MM\0*", "vtkTIFFReader"),
    (b"BM", "vtkBMPReader"),
    (b"ply\n", "vtkPLYReader"),
    (b"ply\r", "vtkPLYReader"),
    (b"solid ", "vtkSTLReader"),
    (b"NRRD", "vtkNrrdReader"),
    (b"glTF", "vtkGLTFReader"),
    (b"\x89HDF\r\n", "vtkHDFReader"),
    (b"ObjectType =", "vtkMetaImageReader"),
)


def _sniff_xml(head: bytes) -> str | None:
    start = head.find(b'type="', head.find(b"<VTKFile"))
    kind = head[start + 6 : head.find(b'"', start + 6)].decode("ascii", "replace") if start > 0 else ""
    readers = {reader for reader in READERS.values() if reader.startswith("vtkXML")}
    for candidate in (f"vtkXML{kind}Reader", f"vtkXML{kind.removeprefix('vtk').removesuffix('Set')}Reader"):
        if candidate in readers:
            return candidate
    return "vtkXMLMultiBlockDataReader" if kind == "vtkMultiBlockDataSet" else None


def _head(file: Path) -> bytes:
    """The first bytes of a file. Raises `FileError` that says why there are none."""
    try:
        if file.is_dir():
            raise FileError(f"{file} is a directory on the server, not a file; {_candidates(file)}")
        with file.open("rb") as stream:
            head = stream.read(_SNIFFED_BYTES)
    except FileNotFoundError as error:
        raise FileError(f"{file}: no such file on the server (paths are looked up there, not on the client)") from error
    except PermissionError as error:
        raise FileError(f"{file}: the server may not read this file (permission denied)") from error
    except (OSError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{file}: the server cannot read this file: {error}") from error
    if not head:
        raise FileError(f"{file}: the file is empty")
    return head


def _candidates(directory: Path) -> str:
    names = sorted(one.name for one in directory.iterdir() if extension_of(one) in READERS)
    return f"it holds {', '.join(names[:8])}{', ...' if len(names) > 8 else ''}" if names else "it holds no known files"


def _confirm(type_name: str, path: str) -> None:
    reader = construct(type_name)
    if not hasattr(reader, "CanReadFile") or type_name in _UNRELIABLE_CHECKS:
        return
    with capture() as captured:
        try:
            readable = reader.CanReadFile(path)
        except TypeError:
            return  # asks for more than a path
    if not readable:
        why = f": {captured.errors[0]}" if captured.errors else ""
        raise FileError(f"{path}: {type_name} says that it cannot read this file{why}; is its content what it says?")


_UNRELIABLE_CHECKS = frozenset({"vtkDICOMImageReader", "vtkIOSSReader"})

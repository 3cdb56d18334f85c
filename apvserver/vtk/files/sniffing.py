"""Which reader a file needs by what is in it: magic numbers, and the structure of its first kilobytes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from .hdf5_content import hdf5_reader
from .mesh_formats import HEAD_BYTES, mesh_format

__all__ = ["HEAD_BYTES", "guess", "sniff"]

_DICOM_OFFSET: Final = 128
_XML_READERS: Final = {
    **{kind: f"vtkXML{kind}Reader" for part in (
        "ImageData", "PolyData", "RectilinearGrid", "StructuredGrid", "UnstructuredGrid", "Table"
    ) for kind in (part, f"P{part}")},
    "vtkMultiBlockDataSet": "vtkXMLMultiBlockDataReader",
    "vtkPartitionedDataSet": "vtkXMLPartitionedDataSetReader",
    "vtkPartitionedDataSetCollection": "vtkXMLPartitionedDataSetCollectionReader",
    "vtkOverlappingAMR": "vtkXMLUniformGridAMRReader",
    "vtkNonOverlappingAMR": "vtkXMLUniformGridAMRReader",
    "vtkHierarchicalBoxDataSet": "vtkXMLUniformGridAMRReader",
    "HyperTreeGrid": "vtkXMLHyperTreeGridReader",
}  # fmt: skip
_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"# vtk DataFile", "vtkGenericDataObjectReader"),
    (b"\x89PNG", "vtkPNGReader"),
    (b"\xff\xd8\xff", "vtkJPEGReader"),
    (b"ply\n", "PLYFileReader"),
    (b"ply\r", "PLYFileReader"),
    (b"NRRD", "vtkNrrdReader"),
    (b"glTF", "vtkGLTFReader"),
    (b"#!TDV", "TecplotReader"),
    (b"#!SZPL", "TecplotReader"),
    (b"ObjectType =", "vtkMetaImageReader"),
)
_ENDS: Final = (b"\n", b"\r", b" ", b"\t")
_WEAK_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"II*\0", "vtkTIFFReader"),
    (b"MM\0*", "vtkTIFFReader"),
    (b"BM", "vtkBMPReader"),
    (b"solid ", "vtkSTLReader"),
    *((magic, "vtkOFFReader") for magic in (b"OFF", b"COFF", b"NOFF", b"CNOFF", b"STOFF")),
    *(
        (b"P" + kind + end, "vtkPNMReader")
        for kind in (b"1", b"2", b"3", b"4", b"5", b"6", b"F", b"f")
        for end in _ENDS
    ),
    *((magic, "vtkNetCDFCFReader") for magic in (b"CDF\x01", b"CDF\x02", b"CDF\x05")),
)
"""Also the beginning of other formats: they count where the name says nothing."""


def sniff(head: bytes, file: Path | None = None) -> str | None:
    """Return the reader that the first bytes of a file call for, whatever its name; None if they do not say.

    Raises `FileError` for content that is known, and cannot be read; it says what to do.
    """
    if head[_DICOM_OFFSET : _DICOM_OFFSET + 4] == b"DICM":
        return "vtkDICOMImageReader"
    if (found := next((reader for magic, reader in _MAGIC if head.startswith(magic)), None)) is not None:
        return found
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return hdf5_reader(file, head)
    if b"ADF Database Version" in head[:64]:
        return "vtkCGNSReader"  # the older of the two ways of storing CGNS
    if head[:4] in (b"CDF\x01", b"CDF\x02", b"CDF\x05"):
        return _netcdf(head)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _xml(head)
    return _of_text(head, file)


def guess(head: bytes) -> str | None:
    """Return the reader for a file that `sniff` and its name say nothing about."""
    return next((reader for magic, reader in _WEAK_MAGIC if head.startswith(magic)), None)


def _xml(head: bytes) -> str | None:
    if (start := head.find(b"<VTKFile")) >= 0:
        found = re.search(rb'\btype\s*=\s*["\']([^"\']*)', head[start:])
        return _XML_READERS.get(found[1].decode("ascii", "replace")) if found else None
    if re.search(rb"<Xdmf\b", head, re.IGNORECASE):
        return "vtkXdmfReader"
    return "MeshioReader" if mesh_format(head, "") == "dolfin-xml" else None


def _netcdf(head: bytes) -> str | None:
    """Return the reader by the names in the header, which comes first in a file of the classic format."""
    if b"num_el_blk" in head or b"eb_prop1" in head or b"coor_names" in head:
        return "vtkIOSSReader"
    return "vtkNetCDFUGRIDReader" if b"mesh_topology" in head and b"cf_role" in head else None


def _of_text(head: bytes, file: Path | None) -> str | None:
    suffix = file.suffix.lower() if file is not None else ""
    for is_one, reader in _TEXTS:
        if is_one(head, suffix):
            return reader
    return "MeshioReader" if mesh_format(head, str(file or "")) is not None and suffix not in _NOT_MESHES else None


_NOT_MESHES: Final = frozenset({".csv", ".tsv", ".txt", ".node"})
_TECPLOT: Final = re.compile(rb"\A(?:\s*#[^\n]*\n)*\s*(?:TITLE|VARIABLES|ZONE|FILETYPE)\s*[=\s]", re.IGNORECASE)
_TECPLOT_ZONE: Final = re.compile(rb"^[ \t]*(?:VARIABLES\s*=|ZONE\b[^\n]*=)", re.IGNORECASE | re.MULTILINE)
_FLUENT: Final = re.compile(rb'\A\s*\(\s*(?:0\s+"|[0-9]+[\s(][^)]*\))')
_CASE: Final = re.compile(rb"^\s*type:\s*ensight(\s+gold)?\s*$", re.IGNORECASE | re.MULTILINE)
_UCD: Final = re.compile(rb"\A(?:#[^\n]*\n)*\s*\d+\s+\d+\s+\d+\s+\d+\s+\d+\s*\n")
_ABAQUS: Final = re.compile(rb"\A(?:\s*\*\*[^\n]*\n)*\s*\*[A-Za-z]")
_GMSH: Final = re.compile(rb"\A\s*\$(?:MeshFormat|Comments|PhysicalNames)\b")
_NEUTRAL: Final = re.compile(rb"\A\s*CONTROL INFO\s+\d")
_NEK: Final = re.compile(rb"^\s*(?:filetemplate|endian)\s*:", re.MULTILINE)
_NUMBER: Final = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?|[+-]?(?:nan|inf)", re.IGNORECASE)
_NEK_NUMBERS: Final = re.compile(rb"#std [48] ")
_GEOJSON: Final = re.compile(
    rb'"type"\s*:\s*"(?:Feature|FeatureCollection|GeometryCollection|(?:Multi)?(?:Point|LineString|Polygon))"'
)
_ROW: Final = re.compile(rb"[+\-.\d][+\-.\deE]*$")


def _is_tecplot(head: bytes, suffix: str) -> bool:
    return suffix not in (".csv", ".tsv") and bool(_TECPLOT.match(head) and _TECPLOT_ZONE.search(head))


def _is_ensight(head: bytes, _suffix: str, *, gold: bool) -> bool:
    found = _CASE.search(head[:4096]) if re.search(rb"^\s*FORMAT\s*$", head[:4096], re.MULTILINE) else None
    return found is not None and (found[1] is not None) is gold


def _is_molecule(head: bytes, suffix: str) -> bool:
    """Return whether there are a number of atoms, a line of text, and atoms: a symbol (or its number) and a place."""
    lines = head.split(b"\n", 3)
    if suffix not in _PLACES or len(lines) < 3 or not lines[0].strip().isdigit():
        return False
    words = lines[2].split()
    return len(words) >= 4 and words[0].isalnum() and all(_ROW.match(word) for word in words[1:4])


_PLACES: Final = (".xyz", ".extxyz")


def _is_plot3d(head: bytes, suffix: str) -> bool:
    """Return whether there are binary numbers, or text whose first line has numbers of points or of grids only."""
    if suffix not in (".xyz", ".x", ".p3d", ".p3dfmt", ".grd", ".xyzbin"):
        return False
    if b"\0" in head[:64]:
        return True
    rows = [line.split() for line in head.split(b"\n", 5)[:5] if line.strip()]
    if not rows or len(rows[0]) > 3 or not all(word.isdigit() and int(word) for word in rows[0]):
        return False
    if len(head) < HEAD_BYTES:
        return _fills_grids(head.split())
    return any(len(row) != len(rows[0]) for row in rows[1:-1])


def _fills_grids(words: list[bytes]) -> bool:
    """Return whether the words are sizes of grids, and as many numbers as those need, with or without a blanking."""
    for sizes in (words[:3], words[:2], words[1 : 1 + 3 * int(words[0])], words[1 : 1 + 2 * int(words[0])]):
        axes = 3 if len(sizes) % 3 == 0 else 2
        if sizes and all(word.isdigit() and int(word) for word in sizes):
            points = sum(math.prod(map(int, sizes[at : at + axes])) for at in range(0, len(sizes), axes))
            numbers = len(words) - len(sizes) - (0 if sizes[0] is words[0] else 1)
            if numbers in (axes * points, (axes + 1) * points):
                return True
    return False


def _is_points(head: bytes, suffix: str) -> bool:
    """Return whether there are rows of three numbers or more, perhaps behind their count."""
    if suffix not in (".xyz", ".pts", ".asc", ".xyzrgb", ".xyzn") or b"\0" in head:
        return False
    lines = [line.split() for line in re.split(rb"[\r\n]+", head)[:-1] if line.strip() and not line.startswith(b"#")]
    rows = [row for row in lines[1:3] or lines if len(row) >= 3]
    return bool(rows) and all(_ROW.match(word.rstrip(b",")) for row in rows for word in row)


def _is_controls(head: bytes, suffix: str) -> bool:
    return suffix == "" and b"FoamFile" in head[:4096] and re.search(rb"object\s+controlDict\s*;", head) is not None


def _is_geojson(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and bool(_GEOJSON.search(head))


_TEXTS: Final[tuple[tuple[Callable[[bytes, str], bool], str], ...]] = (
    (_is_tecplot, "TecplotReader"),
    (lambda head, suffix: suffix in (".cas", ".msh", "") and bool(_FLUENT.match(head)), "FluentReader"),
    (lambda head, suffix: _is_ensight(head, suffix, gold=True), "vtkEnSightGoldCombinedReader"),
    (lambda head, suffix: _is_ensight(head, suffix, gold=False), "vtkGenericEnSightReader"),
    (lambda head, suffix: suffix != ".gltf" and _is_geojson(head), "vtkGeoJSONReader"),
    (lambda head, suffix: head.startswith(b"ITEM: TIMESTEP"), "LAMMPSDumpReader"),
    (lambda head, suffix: bool(_GMSH.match(head)), "GmshReader"),
    (lambda head, suffix: bool(_NEUTRAL.match(head)), "GambitReader"),
    (lambda head, suffix: suffix == ".inp" and bool(_ABAQUS.match(head)), "AbaqusReader"),
    (lambda head, suffix: suffix == ".inp" and bool(_UCD.match(head)), "AVSUCDReader"),
    (lambda head, suffix: suffix in (".nek5000", ".nek3d", "") and bool(_NEK.search(head[:512])), "vtkNek5000Reader"),
    (lambda head, suffix: bool(_NEK_NUMBERS.match(head)), "vtkNek5000Reader"),
    (_is_controls, "vtkOpenFOAMReader"),
    (_is_molecule, "vtkXYZMolReader2"),
    (_is_plot3d, "vtkMultiBlockPLOT3DReader"),
    (_is_points, "PointTextReader"),
)
"""What tells a format that is text, or begins with it, and its reader; the first that fits."""

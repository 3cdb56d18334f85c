"""Files that other files name: looked at before they are read, so that no file leads a reader out of the data roots.

The pieces of a .pvtu, the blocks of a .vtm, the raw data of a .mhd: a reader opens them without asking anybody. With
data roots each of them must lie below one. Links inside of HDF5 files are not looked at.
"""

from __future__ import annotations

import functools
import glob
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote
from xml.parsers import expat

from ..base.data_roots import allowed_path, roots
from ..base.errors import FileError

MOST_TEXT_BYTES: Final = 1024**2
"""So much of the beginning of a file that is no XML is searched for names of files."""
FEW_NAMES: Final = 5000
"""Up to so many possible names are looked for each time, because the files may appear later."""
MOST_DEPTH: Final = 16
"""So deep may files name others."""

_XML_BEGINS: Final = (b"<", b"\0<", b"\xff\xfe", b"\xfe\xff")
"""XML in the encodings in which VTK's parser recognizes it."""
_OF_BASE_NAMES: Final = frozenset({"vtkChacoReader", "vtkPChacoReader"})
"""Readers of files whose names begin with one that is no file."""
_OF_FOLDERS: Final = frozenset({"vtkOpenFOAMReader", "vtkPOpenFOAMReader"})
_OF_PLOTFILES: Final = frozenset({"vtkAMReXGridReader", "vtkAMReXParticlesReader"})
"""Readers of a folder whose Header names others by their beginnings."""
_LEAVES: Final = frozenset({"ImageData", "PolyData", "RectilinearGrid", "StructuredGrid", "UnstructuredGrid", "Table"})
"""Kinds of VTK's XML files that name no others."""
_OF_PIECES: Final = frozenset({
    ".vtm", ".vtmb", ".vtpd", ".vtpc", ".vth", ".vthb", ".pvti", ".pvtp", ".pvtu", ".pvts", ".pvtr", ".pvtt", ".pvd",
    ".series",
})  # fmt: skip
"""Extensions of files whose pieces are files beside them."""
_ATTRIBUTES: Final = frozenset({"file", "source", "href", "filename", "name_of_file"})
_NAMES_NOTHING: Final = frozenset(
    f"vtk{name}Reader"
    for name in (
        "PLY", "STL", "OBJ", "BYU", "PNG", "JPEG", "TIFF", "BMP", "HDR", "TGA", "PNM", "DEM", "SLC", "NIFTIImage",
        "GenericDataObject", "DelimitedText", "PDB", "CMLMolecule", "GaussianCube", "PTS", "Facet", "GeoJSON",
        "OFF", "SimplePoints",
    )
) | {
    "vtkXYZMolReader2", "vtkImageReader2", "AbaqusReader", "AVSUCDReader", "GambitReader", "GmshReader",
    "GaussianCubeReader", "LAMMPSDumpReader", "PLYFileReader", "PointTextReader", "SEGYReader", "TecplotReader",
}  # fmt: skip
"""Readers of text and numbers in which whatever looks like a path is none."""


def check_references(path: str, reader: str, depth: int = 0) -> None:
    """Raise `FileError` if the file names one outside of the data roots, or one that it names does; else do nothing.

    `reader` is the class that will read it, "" if that is not known. Without data roots nothing is looked at.
    """
    if not roots() or reader in _NAMES_NOTHING:
        return
    if depth > MOST_DEPTH:
        raise FileError(f"{path}: files that name each other more than {MOST_DEPTH} deep are not read")
    file = Path(allowed_path(path))
    for name in (*named_files(path), *_beside(file, reader)):
        try:
            allowed_path(name)
        except FileError as error:
            raise FileError(f"{path} names another file: {error}") from error
        if Path(name).resolve() != file.resolve() and reader not in _OF_FOLDERS:
            check_references(name, reader, depth + 1)


def beside_its_pieces(path: str) -> str:
    """Return where a link leads, if it is one to a file of those that name others, and they are there; else the path.

    Readers look for what such a file names beside the name that they were given.
    """
    if Path(path).suffix.lower() not in _OF_PIECES or not os.path.islink(path):
        return path
    real = os.path.realpath(path)
    return real if named_files(real) and not named_files(path) else path


def _beside(file: Path, reader: str) -> Iterator[str]:
    """Yield what a reader opens without being told its name: links in a folder or case, results, other times."""
    if reader in _OF_FOLDERS:
        yield from _links_below(file.parent.parent if file.name == "controlDict" else file.parent)
    elif reader in _OF_PLOTFILES:
        yield from _of_plotfile(file)
    elif reader == "vtkCONVERGECFDReader":
        yield from (str(one) for one in file.parent.glob("*.h5") if one.is_symlink())
    elif reader in _OF_BASE_NAMES:
        yield from map(str, file.parent.glob(f"{glob.escape(file.name)}.*"))
    elif file.is_dir():
        yield from (str(one) for one in file.iterdir() if one.is_symlink())
    elif reader == "vtkFLUENTCFFReader" and file.name.endswith(".cas.h5"):
        results = file.with_name(file.name.removesuffix(".cas.h5") + ".dat.h5")
        yield from [str(results)] if results.exists() else []


def _links_below(top: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(top):
        yield from (one for name in (*folders, *files) if os.path.islink(one := os.path.join(folder, name)))


def _of_plotfile(file: Path) -> Iterator[str]:
    """Yield the Header of a folder and links in it, or what the Header names, as Level_0/Cell for Level_0/Cell_H."""
    if file.is_dir():
        header = file / "Header"
        yield from _links_below(file)
        yield from [str(header)] if header.is_file() else []
    elif file.name == "Header":
        for name in names_of(*_state(file)):
            yield from _located(file.parent, f"{name}_H")


def _state(file: Path) -> tuple[str, int, int, int]:
    status = file.stat()
    return str(file), status.st_mtime_ns, status.st_size, status.st_ino


def named_files(path: str) -> tuple[str, ...]:
    """Return the files that a file seems to name, and that are there now; none if it cannot be read."""
    file = Path(path)
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return ()
        state = _state(file)
        names = names_of(*state)
        return _found(file.parent, names) if len(names) <= FEW_NAMES else _many_found(*state)
    except (OSError, ValueError):
        return ()  # the reader will tell


@functools.lru_cache(maxsize=1024)
def names_of(path: str, _modified_ns: int, _size_bytes: int, _inode: int) -> tuple[str, ...]:
    """Return what may be names of files in a file, as long as that is not changed."""
    file = Path(path)
    with file.open("rb") as stream:
        head = stream.read(MOST_TEXT_BYTES)
    names = _of_xml(file) if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_XML_BEGINS) else _of_text(head)
    return tuple(dict.fromkeys(names))


@functools.lru_cache(maxsize=64)
def _many_found(path: str, modified_ns: int, size_bytes: int, inode: int) -> tuple[str, ...]:
    """Look for so many words once: not each is looked for again before the file is changed."""
    return _found(Path(path).parent, names_of(path, modified_ns, size_bytes, inode))


def _found(directory: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for name in names for found in _located(directory, name)))


def _of_xml(file: Path) -> Iterator[str]:
    """Yield names in attributes and in text of an XML file, up to where it stops to be XML."""
    names: list[str] = []

    class Done(Exception):
        pass

    def element(tag: str, attributes: dict[str, str]) -> None:
        if tag == "AppendedData" or (tag == "VTKFile" and attributes.get("type") in _LEAVES):
            raise Done
        names.extend(value for key, value in attributes.items() if key.casefold() in _ATTRIBUTES)

    def text(data: str) -> None:
        if len(data) < 4096 and any(one in data for one in "/\\."):
            names.extend(part for one in data.split() for part in (one, one.partition(":")[0]))

    def entity(
        _name: str, _parameter: bool, _value: str | None, _base: str | None, system: str | None, *_: object
    ) -> None:
        names.extend([system] if system else [])

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.EntityDeclHandler = entity
    parser.StartElementHandler, parser.CharacterDataHandler = element, text
    try:
        with file.open("rb") as stream:
            parser.ParseFile(stream)
    except (Done, expat.ExpatError):
        pass  # all that comes before has been seen, and so it is with VTK's reader, which has the same parser
    yield from names


_TOKEN: Final = re.compile(r"""[^\s"'=,;<>{}()\[\]]+""")
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_LINE: Final = re.compile(r"[=:][^\S\n]*(\S[^\n]*)")


def _of_text(head: bytes) -> Iterator[str]:
    """Yield what may be names of files in text: words, and what stands behind a colon or an equals sign."""
    if b"\0" in head[:64] and not head.startswith(b"glTF"):
        return
    text = head.decode("latin-1")
    yield from (found[1].rstrip() for found in _LINE.finditer(text))
    for token in _TOKEN.findall(text):
        yield token
        plain = unquote(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), token).replace("\\/", "/"))
        yield from [plain] if plain != token else []


def _located(directory: Path, name: str) -> Iterator[str]:
    """Yield the files that exist under a name, which may have wildcards or a number in printf's way."""
    name = name.removeprefix("file://")
    if not name or len(name) > 4096 or "\0" in name:
        return
    pattern = re.sub(r"%\d*[dui]", "*", name)
    try:
        if "*" in pattern:
            yield from (one for one in glob.iglob(str(directory / re.sub(r"\*+", "*", pattern))) if Path(one).is_file())
        elif (directory / name).is_file():
            yield str(directory / name)
    except (OSError, ValueError):
        return  # no name of a file, then

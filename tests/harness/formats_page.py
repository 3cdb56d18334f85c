"""The tables of docs/formats.md, made of the table of formats and the readers' extensions.

`python -m tests.harness.formats_page` writes them into the page.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from apvserver.vtk.files.mesh_formats import EXTENSIONS, mesh_format
from apvserver.vtk.files.reader_choice import READERS, choose_reader, extension_of

from .formats_of_others import FILES
from .formats_of_programs import programs
from .written_by import WrittenBy

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "formats.md"
BEGIN, END = "<!-- begin: {} -->", "<!-- end: {} -->"
REFUSED: Final = {
    "Abaqus": "what generates nodes or elements; elements that are no cells are told",
    "DICOM": "slices at unequal distances or of several series; files that are cut off",
    "FLUENT": "cases without faces, which meshio writes; results (.dat) without their case",
    "Gaussian cube": "files that are cut off",
    "GeoJSON": "TopoJSON and other JSON; features without a place are told; holes that cross their polygon are told",
    "Gmsh": "values of corners (ElementNodeData) are left out, and told",
    "NIfTI": "complex numbers; a header without its values",
    "NRRD": "four axes that do not say what they are",
    "Nastran": "models that include other files; masses, springs and rigid elements are told",
    "PDB": "hydrogen is left out, and told; several models are told",
    "PLOT3D": "solutions without their grid; the time of a solution is in `Properties`, and not announced",
    "SEG-Y": "files that are cut off",
    "TIFF": "what would lose digits; pages of other sizes are left out, and told",
    "Tecplot": "polygons and polyhedra, zones of subzones (.szplt)",
    "XDMF": "files whose numbers are missing",
    "glTF": "version 1",
    "netCDF": "what is in groups is told, or refused if there is nothing else",
}
"""What is not read, and said so."""


def tables() -> dict[str, list[str]]:
    """The rows of each table of the page, by its name."""
    return {"tested": _tested(), "others": _others()}


def _tested() -> list[str]:
    rows = ["| format | extensions | reader | files tested, written by | refused or told |", "|---|---|---|---|---|"]
    for name in _formats():
        files = [one for one in (*FILES, *programs()) if one.format == name]
        writers = ", ".join(dict.fromkeys(one.writer for one in files if not one.refused))
        readers = sorted(_readers(name))
        extensions = " ".join(sorted(_extensions(files, readers)))
        rows.append(
            f"| {name} | {extensions} | {', '.join(map(_plain, readers))} | {writers} | {REFUSED.get(name, '')} |"
        )
    return rows


def _others() -> list[str]:
    """Readers by extension that have no row in the other table."""
    known = {reader for name in _formats() for reader in _readers(name)}
    by_reader: dict[str, list[str]] = {}
    for extension, reader in READERS.items():
        if reader not in known:
            by_reader.setdefault(reader, []).append(extension)
    rows = ["| reader | extensions |", "|---|---|"]
    return [*rows, *(f"| {_plain(one)} | {' '.join(sorted(ends))} |" for one, ends in sorted(by_reader.items()))]


def _formats() -> list[str]:
    return sorted({one.format for one in FILES}, key=str.lower)


_found: dict[str, set[str]] = {}


def _readers(name: str) -> set[str]:
    """The readers that are chosen for the files of a format."""
    if name not in _found:
        chosen = set()
        for file in {one.name: one for one in FILES if one.format == name and not one.refused}.values():
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / file.name
                file.write(path)
                chosen.add(choose_reader(path)[0])
        _found[name] = chosen
    return _found[name]


def _extensions(files: list[WrittenBy], readers: list[str]) -> set[str]:
    """Those of the files, and all of a reader that no other format has."""
    shared = {reader for name in _formats() if name != files[0].format for reader in _readers(name)}
    own = {end for end, reader in READERS.items() if reader in readers and reader not in shared}
    tested = {end for one in files if (end := extension_of(Path(one.name)))}
    by_meshio = {mesh_format(b"", f"a{end}") for end in tested if "MeshioReader" in readers} - {None}
    return own | tested | {end for end in EXTENSIONS if mesh_format(b"", f"a{end}") in by_meshio}


def _plain(reader: str) -> str:
    return reader.removeprefix("vtk")


def written(text: str) -> str:
    """The page with the tables as they are now."""
    for name, rows in tables().items():
        head, rest = text.split(BEGIN.format(name) + "\n")
        tail = rest.split(END.format(name))[1]
        text = head + "\n".join([BEGIN.format(name), *rows, END.format(name)]) + tail
    return text


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

"""Files that programs make of one that is known: rows of the table of formats for where these are installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from . import meshes_by_hand as hand
from .formats_of_fields import FIELD, PACKED
from .formats_of_images import at
from .formats_of_molecules import AREA, CARBONS, MOLECULE, PDB, XYZ, geojson_by_hand
from .formats_of_pictures import COLOURS, SMOOTH, picture_of_pillow, png_by_hand, upright
from .known_data import Known
from .known_meshes import HEXAHEDRON, TETRA, mesh, surface, text
from .time_limits import scaled
from .written_by import WrittenBy

LIMIT_S: Final = scaled(60)
CDL: Final = (
    "netcdf a { dimensions: time = unlimited ; y = 3 ; x = 4 ; "
    "variables: double time(time) ; double y(y) ; double x(x) ; "
    'short t(time, y, x) ; time:units = "hours since 2000-01-01" ; y:units = "m" ; x:units = "m" ; '
    't:scale_factor = 0.5 ; t:add_offset = 10. ; :Conventions = "CF-1.8" ; '
    "data: time = 6, 12 ; y = 0, 2, 4 ; x = 10, 11, 12, 13 ; "
    f"t = {', '.join(map(str, PACKED.ravel()))} ; }}"
)


def made_by(source: str, write: Callable[[Path], object], *command: str) -> Callable[[Path], object]:
    """Write the source beside the file, then have a program make the file of it; "IN" and "OUT" stand for the two."""

    def make(path: Path) -> None:
        known = path.with_name(f"known{source}")
        write(known)
        names = {"IN": str(known), "OUT": str(path)}
        subprocess.run([names.get(word, word) for word in command], check=True, capture_output=True, timeout=LIMIT_S)
        known.unlink()

    return make


def program(name: str) -> str | None:
    """Where a program is; ImageMagick's is called like many others."""
    found = shutil.which(name, path="/usr/bin") if name == "convert" else shutil.which(name)
    if found is None or name != "convert":
        return found
    said = subprocess.run([found, "-version"], capture_output=True, text=True, timeout=LIMIT_S)
    return found if "Version: ImageMagick" in said.stdout else None


def row(format_name: str, writer: str, name: str, write: Callable[[Path], object], known: Known) -> WrittenBy:
    return WrittenBy(format_name, writer, name, write, known, needs=_CALLED.get(writer, writer))


_CALLED: Final = {"Open Babel": "obabel", "dcmtk": "img2dcm", "ImageMagick": "convert", "gdal": "gdal_translate"}


def from_mesh(options: str) -> Callable[[Path], object]:
    return made_by(".msh", text(hand.GMSH), "gmsh", "IN", "-save", "-save_all", "-o", "OUT", *options.split())


def from_surface(kind: str) -> Callable[[Path], object]:
    return made_by(".ply", text(hand.PLY), "assimp", "export", "IN", "OUT", f"-f{kind}")


def from_picture(*command: str) -> Callable[[Path], object]:
    return made_by(".png", png_by_hand, *command)


def meshes_of_programs() -> list[WrittenBy]:
    """What gmsh and assimp write."""
    both = mesh(TETRA, HEXAHEDRON)
    legacy = replace(both, times=(0.0,))
    kinds = {"Abaqus": "inp", "Nastran": "bdf", "SU2": "su2", "Medit": "mesh"}
    surfaces = (
        ("PLY", "a.ply", "ply"), ("PLY", "a.ply", "plyb"), ("STL", "a.stl", "stl"), ("STL", "a.stl", "stlb"),
        ("OBJ", "a.obj", "obj"), ("glTF", "a.gltf", "gltf2"), ("glTF", "a.glb", "glb2"),
    )  # fmt: skip
    return [
        *(row(name, "gmsh", f"a.{kind}", from_mesh(f"-format {kind}"), both) for name, kind in kinds.items()),
        *(
            row("Gmsh", "gmsh", "a.msh", from_mesh(f"-format {kind}"), both)
            for kind in ("msh22", "msh22 -bin", "msh41", "msh41 -bin")
        ),
        *(
            row("VTK legacy grid", "gmsh", "a.vtk", from_mesh(f"-format {kind}"), legacy)
            for kind in ("vtk", "vtk -bin")
        ),
        *(row(format_name, "assimp", name, from_surface(kind), surface()) for format_name, name, kind in surfaces),
    ]


def pictures_of_programs() -> list[WrittenBy]:
    """What ImageMagick, gdal and dcmtk write."""
    jpeg = picture_of_pillow(SMOOTH, quality=100)
    rows = [
        row("DICOM", "dcmtk", "a.dcm", made_by(".jpg", jpeg, "img2dcm", "IN", "OUT"),
            at(np.eye(4), SMOOTH.T[..., None], tolerance=2)),
    ]  # fmt: skip
    for format_name, name, driver in (
        ("PNG", "a.png", "PNG"), ("BMP", "a.bmp", "BMP"), ("TIFF", "a.tiff", "GTiff"), ("PNM", "a.ppm", "PNM")
    ):  # fmt: skip
        by_gdal = from_picture("gdal_translate", "-q", "-of", driver, "IN", "OUT")
        rows += [
            row(format_name, "ImageMagick", name, from_picture("convert", "IN", "OUT"), upright(COLOURS)),
            row(format_name, "gdal", name, by_gdal, upright(COLOURS)),
        ]
    return rows


def others_of_programs() -> list[WrittenBy]:
    """What ogr2ogr of gdal, Open Babel and ncgen write."""
    molecule = made_by(".xyz", text(XYZ), "obabel", "IN", "-O", "OUT")
    by_ogr = made_by(".geojson", geojson_by_hand, "ogr2ogr", "OUT", "IN")
    return [
        replace(row("GeoJSON", "gdal", "a.geojson", by_ogr, AREA), needs="ogr2ogr"),
        row("XYZ", "Open Babel", "a.xyz", molecule, MOLECULE),
        row("CML", "Open Babel", "a.cml", molecule, replace(MOLECULE, times=())),
        row("PDB", "Open Babel", "a.pdb", made_by(".pdb", text(PDB), "obabel", "IN", "-O", "OUT"), Known(CARBONS)),
        *(
            row("netCDF", "ncgen", "a.nc", made_by(".cdl", text(CDL), "ncgen", "-k", kind, "-o", "OUT", "IN"), FIELD)
            for kind in "12345"
        ),
    ]


def programs() -> list[WrittenBy]:
    """All of them."""
    return [*meshes_of_programs(), *pictures_of_programs(), *others_of_programs()]

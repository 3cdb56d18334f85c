"""The table of formats of molecules, points, seismics and tables: files of several writers, and what they hold."""

from __future__ import annotations

import csv
import json
import struct
from pathlib import Path
from typing import Any, Final

import numpy as np
import segyio
import trimesh
from ase import Atoms
from ase.io import write as write_atoms
from ase.units import Bohr
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData, vtkTable

from .formats_of_images import by_vtk
from .known_data import Known
from .known_meshes import lines, text
from .saving import array
from .written_by import WrittenBy

WATER: Final = np.array([(0, 0, 0), (0.96, 0, 0), (-0.24, 0.93, 0)])
MOLECULE: Final = Known(WATER, {"": [8.0, 1, 1]}, times=(0.0,))
ATOMS: Final = Atoms("OHH", positions=WATER, cell=[5, 6, 7], pbc=True)
CARBONS: Final = np.array([(1, 2, 3), (2, 3.5, 3), (-1.25, 0, 0.5)])
XYZ: Final = "3\nby hand\n" + "".join(
    f"{symbol} {' '.join(map(str, place))}\n" for symbol, place in zip("OHH", WATER.tolist(), strict=True)
)
PDB: Final = "".join(
    f"ATOM  {n:5d}  C{n}  LIG A   1    {x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00           C\n"
    for n, (x, y, z) in enumerate(CARBONS, 1)
) + "END\n"  # fmt: skip
CML: Final = '<?xml version="1.0"?><molecule xmlns="http://www.xml-cml.org/schema"><atomArray>' + "".join(
    f'<atom id="a{n}" elementType="{symbol}" x3="{x}" y3="{y}" z3="{z}"/>'
    for n, (symbol, (x, y, z)) in enumerate(zip("OHH", WATER.tolist(), strict=True))
) + "</atomArray></molecule>"  # fmt: skip
CUBE: Final = Known(
    np.array([(x / 3 * 5, y / 4 * 6, z / 5 * 7) for x in range(3) for y in range(4) for z in range(5)]) / Bohr,
    {"": np.arange(60.0)}, tolerance=1e-5,
)  # fmt: skip


def cube_by_hand(path: Path) -> None:
    """Gaussian's description of cube files: bohr, z runs first."""
    steps = np.array([5 / 3, 6 / 4, 7 / 5]) / Bohr
    axes = lines([(count, *row) for count, row in zip((3, 4, 5), np.diag(steps).tolist(), strict=True)], None)
    numbers = "".join(" ".join(map(str, range(at, at + 5))) + "\n" for at in range(0, 60, 5))
    path.write_text(f"by hand\ndensity\n1 0 0 0\n{axes}8 8 0 0 0\n{numbers}")


CLOUD: Final = Known(CARBONS)


# --- seismics


TRACES: Final = np.array([[100 * i + 10 * c + s / 2 for s in range(4)] for i in (1, 2) for c in (5, 6, 7)])
LINES: Final = [(i, c) for i in (1, 2) for c in (5, 6, 7)]
SEISMIC: Final = Known(
    np.array([(1000 + 25 * i, 2000 + 50 * c, -4.0 * s) for i, c in LINES for s in range(4)]), {"trace": TRACES.ravel()}
)


def segy_by_segyio(path: Path) -> None:
    spec = segyio.spec()
    spec.format, spec.samples, spec.tracecount, spec.sorting = 1, np.arange(4) * 4, 6, None
    with segyio.create(path, spec) as file:
        for number, (i, c) in enumerate(LINES):
            file.header[number] = {
                segyio.su.iline: i, segyio.su.xline: c, segyio.su.scalco: 1, segyio.su.ns: 4, segyio.su.dt: 4000,
                segyio.su.cdpx: 1000 + 25 * i, segyio.su.cdpy: 2000 + 50 * c,
            }  # fmt: skip
            file.trace[number] = TRACES[number].astype("f4")
        file.bin.update(hdt=4000)


def segy_by_hand(path: Path) -> None:
    """SEG-Y revision 1 by the bytes of its tables, numbers of IEEE."""
    head = bytearray(3600)
    head[:80] = "C 1 BY HAND".ljust(80).encode("cp037")
    struct.pack_into(">h2xh2xh", head, 3216, 4000, 4, 5)
    struct.pack_into(">Hh", head, 3500, 0x0100, 1)
    traces = bytearray()
    for number, (i, c) in enumerate(LINES):
        trace = bytearray(240)
        struct.pack_into(">2i", trace, 0, number + 1, number + 1)
        struct.pack_into(">2h", trace, 68, 1, 1)
        struct.pack_into(">2H", trace, 114, 4, 4000)
        struct.pack_into(">4i", trace, 180, 1000 + 25 * i, 2000 + 50 * c, i, c)
        traces += trace + TRACES[number].astype(">f4").tobytes()
    path.write_bytes(bytes(head) + bytes(traces))


# --- tables and maps


COLUMNS: Final = {"time (s)": np.array([0, 0.1, 0.2]), "count": np.array([3.0, -4, 5]), "say, what": np.arange(3.0) / 3}
ROWS: Final = Known(None, COLUMNS, tolerance=1e-15)


def csv_by_python(path: Path) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file, delimiter="\t" if path.suffix == ".tsv" else ",")
        writer.writerow(COLUMNS)
        writer.writerows(zip(*(values.tolist() for values in COLUMNS.values()), strict=True))


def csv_by_numpy(path: Path) -> None:
    header = ",".join(f'"{name}"' for name in COLUMNS)
    np.savetxt(path, np.column_stack(list(COLUMNS.values())), delimiter=",", header=header, comments="")


def vtk_table() -> Any:
    made = vtkTable()
    for name, values in COLUMNS.items():
        made.AddColumn(array(name, values))
    return made


SQUARE: Final = np.array([(0, 0, 0), (2, 0, 0), (2, 1, 0), (0, 1, 0)], float)
AREA: Final = Known(SQUARE, cells=((9, (0, 1, 2, 3)),))


def vtk_square() -> Any:
    made, points, cells = vtkPolyData(), vtkPoints(), vtkCellArray()
    points.SetData(array("places", SQUARE))
    made.SetPoints(points)
    cells.InsertNextCell(4, (0, 1, 2, 3))
    made.SetPolys(cells)
    return made


def geojson_by_hand(path: Path) -> None:
    """RFC 7946: a ring ends where it begins."""
    ring = [*SQUARE[:, :2].tolist(), [0, 0]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def molecules() -> list[WrittenBy]:
    """Atoms at places, grids of numbers around them, points."""
    return [
        WrittenBy("XYZ", "ase", "a.xyz", lambda path: write_atoms(path, ATOMS, format="xyz"), MOLECULE),
        WrittenBy("XYZ", "ase", "a.extxyz", lambda path: write_atoms(path, ATOMS, format="extxyz"),
                  MOLECULE),
        WrittenBy("XYZ", "by hand", "a.xyz", text(XYZ), MOLECULE),
        WrittenBy("PDB", "ase", "a.pdb", lambda path: write_atoms(path, Atoms("CCC", positions=CARBONS)),
                  Known(CARBONS)),
        WrittenBy("PDB", "by hand", "a.pdb", text(PDB), Known(CARBONS)),
        WrittenBy("CML", "by hand", "a.cml", text(CML), Known(WATER, MOLECULE.values)),
        WrittenBy("Gaussian cube", "ase", "a.cube",
                  lambda path: write_atoms(path, ATOMS, data=np.arange(60.0).reshape(3, 4, 5)), CUBE, port=1),
        WrittenBy("Gaussian cube", "by hand", "a.cub", cube_by_hand, CUBE, port=1),
        WrittenBy("points as text", "numpy", "a.xyz", lambda path: np.savetxt(path, CARBONS), CLOUD),
        WrittenBy("points as text", "trimesh", "a.xyz",
                  lambda path: trimesh.PointCloud(CARBONS).export(path, file_type="xyz"), CLOUD),
        WrittenBy("points as text", "by hand", "a.pts", text("3\n" + lines(CARBONS, None)), CLOUD),
        WrittenBy("SEG-Y", "segyio", "a.sgy", segy_by_segyio, SEISMIC),
        WrittenBy("SEG-Y", "by hand", "a.segy", segy_by_hand, SEISMIC),
    ]  # fmt: skip


def tables() -> list[WrittenBy]:
    """Columns, and what a map has."""
    return [
        WrittenBy("CSV", "Python's csv", "a.csv", csv_by_python, ROWS),
        WrittenBy("CSV", "Python's csv", "a.tsv", csv_by_python, ROWS),
        WrittenBy("CSV", "numpy", "a.csv", csv_by_numpy, ROWS),
        WrittenBy("CSV", "VTK", "a.csv", by_vtk("vtkDelimitedTextWriter", vtk_table, Precision=17), ROWS),
        WrittenBy("GeoJSON", "by hand", "a.geojson", geojson_by_hand, AREA),
        WrittenBy("GeoJSON", "VTK", "a.geojson", by_vtk("vtkGeoJSONWriter", vtk_square), AREA),
    ]

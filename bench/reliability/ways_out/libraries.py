"""Ways that libraries below VTK go by themselves: HDF5, NetCDF, Xdmf; and readers of whole folders."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py

from .place import Place, Step, Way, created, opened, way, ways

Change = Callable[[h5py.File, Path], None]


def _copied(p: Place, source: str, name: str, change: Change) -> str:
    """Copy a good file of the root, and have its contents stand elsewhere."""
    path = p.root / name
    shutil.copyfile(p.root / source, path)
    with h5py.File(path, "r+") as file:
        change(file, p.outside)
    return str(path)


def _linked(dataset: str, source: str, *, absolute: bool = False) -> Change:
    def change(file: h5py.File, outside: Path) -> None:
        del file[dataset]
        file[dataset] = h5py.ExternalLink(str(outside / source) if absolute else f"../outside/{source}", dataset)

    return change


def _external(dataset: str) -> Change:
    """Bytes of a file that is no HDF5."""

    def change(file: h5py.File, outside: Path) -> None:
        before = file[dataset]
        shape, kind = before.shape, before.dtype
        del file[dataset]
        file.create_dataset(dataset, shape, kind, external=[(str(outside / "wide.bin"), 0, 4096)])

    return change


def _virtual(dataset: str, source: str) -> Change:
    def change(file: h5py.File, outside: Path) -> None:
        before = file[dataset]
        layout = h5py.VirtualLayout(before.shape, before.dtype)
        layout[...] = h5py.VirtualSource(str(outside / source), dataset, before.shape)
        del file[dataset]
        file.create_virtual_dataset(dataset, layout)

    return change


POINTS, SCALARS = "VTKHDF/Points", "VTKHDF/PointData/RTData"
_HDF: dict[str, tuple[str, Change]] = {
    "link": ("sphere.vtkhdf", _linked(POINTS, "sphere.vtkhdf")),
    "link_absolute": ("sphere.vtkhdf", _linked(POINTS, "sphere.vtkhdf", absolute=True)),
    "link_of_a_group": ("image.vtkhdf", _linked("VTKHDF/PointData", "image.vtkhdf")),
    "link_of_all": ("mesh.vtkhdf", _linked("VTKHDF", "mesh.vtkhdf")),
    "link_of_values": ("image.vtkhdf", _linked(SCALARS, "image.vtkhdf")),
    "bytes_elsewhere": ("image.vtkhdf", _external(SCALARS)),
    "virtual": ("image.vtkhdf", _virtual(SCALARS, "image.vtkhdf")),
}


def _hdf(name: str, source: str, change: Change) -> Way:
    return lambda p: opened(_copied(p, source, f"h_{name}.vtkhdf", change))


ways("hdf", {name: _hdf(name, *changed) for name, changed in _HDF.items()})


@way
def hdf_particles(p: Place) -> list[Step]:
    path = p.root / "h8.h5part"
    with h5py.File(path, "w") as file:
        for axis in "xyz":
            file[f"Step#0/{axis}"] = h5py.ExternalLink("../outside/numbers.h5", "p")
    return created("vtkH5PartReader", FileName=str(path))


@way
def hdf_netcdf_link(p: Place) -> list[Step]:
    return created("vtkNetCDFReader", FileName=_copied(p, "numbers.h5", "h9.nc", _linked("p", "numbers.h5")))


def _linked_group(name: str, group: str, reader: str) -> Way:
    """Make a file of HDF5 whose whole contents are in one elsewhere."""

    def make(p: Place) -> list[Step]:
        path = p.root / name
        with h5py.File(path, "w") as file:
            file[group] = h5py.ExternalLink("../outside/numbers.h5", "p")
        return created(reader, FileName=str(path))

    return make


ways(
    "hdf_of",
    {
        "med": _linked_group("h10.med", "ENS_MAA", "MEDReader"),
        "moab": _linked_group("h11.h5m", "tstt", "MeshioReader"),
        "minc": _linked_group("h12.mnc", "minc-2.0/image/0/image", "vtkMINCImageReader"),
        "cgns": _linked_group("h13.cgns", "Base", "vtkCGNSReader"),
    },
)


XDMF = """<?xml version="1.0"?>{before}<Xdmf Version="2.0"{more}><Domain>{body}</Domain></Xdmf>"""
GRID = """<Grid Name="a" GridType="Uniform"><Topology TopologyType="Polyvertex" NumberOfElements="3"/>
<Geometry GeometryType="XYZ"><DataItem Dimensions="3 3" NumberType="Float" Precision="8" Format="{format}">
{data}</DataItem></Geometry></Grid>"""
INCLUDE = ' xmlns:xi="http://www.w3.org/2001/XInclude"'


def _xdmf(body: str, before: str = "", more: str = "") -> str:
    return XDMF.format(body=body, before=before, more=more)


ways(
    "xdmf",
    {
        "hdf": lambda p: opened(p.text("d1.xmf", _xdmf(GRID.format(format="HDF", data="../outside/numbers.h5:/xyz")))),
        "hdf_absolute": lambda p: opened(
            p.text("d2.xmf", _xdmf(GRID.format(format="HDF", data=f"{p.outside}/numbers.h5:/xyz")))
        ),
        "hdf_link": lambda p: (
            p.link("d3.h5", "numbers.h5"),
            opened(p.text("d3.xmf", _xdmf(GRID.format(format="HDF", data="d3.h5:/xyz")))),
        )[1],
        "hdf_link_inside": lambda p: (
            _copied(p, "numbers.h5", "d4.h5", _linked("xyz", "numbers.h5")),
            opened(p.text("d4.xmf", _xdmf(GRID.format(format="HDF", data="d4.h5:/xyz")))),
        )[1],
        "binary": lambda p: opened(p.text("d5.xmf", _xdmf(GRID.format(format="Binary", data="../outside/raw.bin")))),
        "entity": lambda p: opened(
            p.text(
                "d6.xmf",
                _xdmf(
                    GRID.format(format="HDF", data="&out;"),
                    before='<!DOCTYPE Xdmf [<!ENTITY out "../outside/numbers.h5:/xyz">]>',
                ),
            )
        ),
        "external_entity": lambda p: opened(
            p.text(
                "d7.xmf",
                _xdmf(
                    GRID.format(format="XML", data="&out;"),
                    before='<!DOCTYPE Xdmf [<!ENTITY out SYSTEM "../outside/table.csv">]>',
                ),
            )
        ),
        "include": lambda p: opened(
            p.text("d8.xmf", _xdmf('<xi:include href="../outside/blocks.vtm"/>', more=INCLUDE))
        ),
    },
)

HEAD = 'FoamFile {{ version 2.0; format ascii; class {kind}; location "{where}"; object {name}; }}\n'


def _foam(p: Place, case: str, **changes: str) -> str:
    """Write a case of one cell; `changes` are contents of its files."""
    mesh: dict[str, tuple[str, str]] = {
        "points": ("vectorField", "8((0 0 0)(1 0 0)(1 1 0)(0 1 0)(0 0 1)(1 0 1)(1 1 1)(0 1 1))"),
        "faces": ("faceList", "6(4(0 3 2 1)4(4 5 6 7)4(0 1 5 4)4(3 7 6 2)4(0 4 7 3)4(1 2 6 5))"),
        "owner": ("labelList", "6(0 0 0 0 0 0)"),
        "neighbour": ("labelList", "0()"),
        "boundary": ("polyBoundaryMesh", "1(all{type wall;nFaces 6;startFace 0;})"),
    }
    for name, (kind, body) in mesh.items():
        head = HEAD.format(kind=kind, where="constant/polyMesh", name=name)
        p.text(f"{case}/constant/polyMesh/{name}", head + changes.get(name, body))
    control = HEAD.format(kind="dictionary", where="system", name="controlDict")
    p.text(f"{case}/system/controlDict", control + changes.get("controlDict", "startTime 0;\n"))
    return p.text(f"{case}/a.foam", "")


def _foam_link(p: Place) -> list[Step]:
    path = _foam(p, "f4")
    points = p.root / "f4" / "constant" / "polyMesh" / "points"
    (p.outside / "deep" / "points").write_bytes(points.read_bytes())
    points.unlink()
    points.symlink_to(p.outside / "deep" / "points")
    return opened(path)


def _foam_include(case: str, file: str, where: str) -> Callable[[Place], list[Step]]:
    return lambda p: opened(_foam(p, case, **{file: f'#include "{where}/outside/points.foam"\n'}))


ways(
    "openfoam",
    {
        "include_in_the_control": _foam_include("f1", "controlDict", "../../.."),
        "include_in_the_points": _foam_include("f2", "points", "../../../.."),
        "include_absolute": lambda p: opened(_foam(p, "f3", controlDict=f'#include "{p.outside}/points.foam"\n')),
        "link": _foam_link,
        "case_is_a_link": lambda p: opened(f"{p.link('f5', '.')}/a.foam"),
    },
)


def _beside(name: str, target: str, reader: str, property: str, opened_name: str, content: bytes = b"x") -> Any:
    def make(p: Place) -> list[Step]:
        path = p.text(opened_name, content)
        p.link(name, target)
        return created(reader, **{property: path})

    return make


DOLFIN = b"""<dolfin><mesh celltype="triangle" dim="2"><vertices size="3"><vertex index="0" x="0" y="0"/>
<vertex index="1" x="1" y="0"/><vertex index="2" x="0" y="1"/></vertices><cells size="1">
<triangle index="0" v0="0" v1="1" v2="2"/></cells></mesh></dolfin>
"""


def _analyze() -> bytes:
    """Make the header of a volume of 4 x 4 x 4 bytes, whose values are in a file of their own."""
    head = bytearray(348)
    struct.pack_into("<i", head, 0, len(head))
    struct.pack_into("<8h", head, 40, 3, 4, 4, 4, 1, 1, 1, 1)
    struct.pack_into("<2h", head, 70, 2, 8)
    struct.pack_into("<8f", head, 76, *[1.0] * 8)
    head[344:] = b"ni1\0"
    return bytes(head)


ways(
    "beside",
    {
        "fluent_results": _beside("b1.dat.h5", "numbers.h5", "vtkFLUENTCFFReader", "FileName", "b1.cas.h5"),
        "prostar_cells": _beside(
            "b2.cel", "raw.bin", "vtkProStarReader", "FileName", "b2.vrt", b"1 0 0 0\n2 1 0 0\n3 0 1 0\n"
        ),
        "other_times_of_converge": _beside(
            "b5-2.h5", "numbers.h5", "vtkCONVERGECFDReader", "FileName", "b5-1.h5", b"\x89HDF\r\n\x1a\n"
        ),
        "pieces_of_exodus": lambda p: (
            p.text("b3.e.2.0", (p.root / "mesh.ex2").read_bytes()),
            p.link("b3.e.2.1", "mesh.ex2"),
            opened(str(p.root / "b3.e.2.0")),
        )[2],
        "cell_data_of_dolfin": _beside("b6_x.xml", "blocks.vtm", "MeshioReader", "FileName", "b6.xml", DOLFIN),
        "points_of_tetgen": _beside(
            "b7.node", "mesh.coords", "MeshioReader", "FileName", "b7.ele", b"1 4 0\n1 1 2 3 4\n"
        ),
        "data_of_a_case_of_fluent": _beside("b8.dat", "raw.bin", "FluentReader", "FileName", "b8.cas", b"(2 3)\n"),
        "values_of_analyze": lambda p: (p.link("b9.img", "raw.bin"), opened(p.text("b9.hdr", _analyze())))[1],
        "dicom_folder": lambda p: (
            p.link("b4/1.dcm", "raw.bin"),
            created("vtkDICOMImageReader", DirectoryName=str(p.root / "b4")),
        )[1],
    },
)

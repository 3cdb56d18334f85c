"""Small files as simulations write them, made without VTK: of Exodus II, CGNS, OpenFOAM and XDMF.

All hold two cubes side by side, along x. Values are told by the functions that write them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import h5py
import netCDF4
import numpy as np
import numpy.typing as npt

POINTS: Final = [(x, y, z) for x in range(3) for y in range(2) for z in range(2)]
"""The corners of the two cubes."""


def corner(x: int, y: int, z: int) -> int:
    """The place of a corner among the points."""
    return 4 * x + 2 * y + z


def hexahedron(x: int) -> list[int]:
    """The corners of a cube, in the order of Exodus and of VTK."""
    square = ((0, 0), (1, 0), (1, 1), (0, 1))
    return [corner(x + dx, dy, z) for z in (0, 1) for dx, dy in square]


def exodus(path: Path, times: Sequence[float] = (0.0, 1.0), *, add: float = 0.0) -> None:
    """Exodus II (SAND92-2137): the blocks "left" and "right", the node set "fixed", the side set "loaded".

    At the time t: temp of a node is 100 t + its number from 0, stress 10 + t on the left and 30 + t on the right,
    damage 20 + t on the left alone, the global energy 7 + t; `add` is added to all of them.
    """
    sizes = {
        "len_string": 33, "len_line": 81, "four": 4, "len_name": 33, "time_step": None, "num_dim": 3, "num_nodes": 12,
        "num_elem": 2, "num_el_blk": 2, "num_node_sets": 1, "num_side_sets": 1, "num_el_in_blk1": 1,
        "num_nod_per_el1": 8, "num_el_in_blk2": 1, "num_nod_per_el2": 8, "num_nod_ns1": 4, "num_side_ss1": 1,
        "num_nod_var": 1, "num_elem_var": 2, "num_glo_var": 1,
    }  # fmt: skip
    steps = np.array(times, float)[:, np.newaxis]
    numbers: dict[str, tuple[tuple[str, ...], Any]] = {
        **{f"coord{axis}": (("num_nodes",), np.array(POINTS, float)[:, place]) for place, axis in enumerate("xyz")},
        "time_whole": (("time_step",), np.array(times, float)),
        "eb_prop1": (("num_el_blk",), [1, 2]),
        "ns_prop1": (("num_node_sets",), [1]),
        "ss_prop1": (("num_side_sets",), [1]),
        "eb_status": (("num_el_blk",), [1, 1]),
        "ns_status": (("num_node_sets",), [1]),
        "ss_status": (("num_side_sets",), [1]),
        "connect1": (("num_el_in_blk1", "num_nod_per_el1"), [[1 + one for one in hexahedron(0)]]),
        "connect2": (("num_el_in_blk2", "num_nod_per_el2"), [[1 + one for one in hexahedron(1)]]),
        "node_ns1": (("num_nod_ns1",), [1, 2, 3, 4]),
        "elem_ss1": (("num_side_ss1",), [2]),
        "side_ss1": (("num_side_ss1",), [2]),
        "elem_var_tab": (("num_el_blk", "num_elem_var"), [[1, 1], [1, 0]]),
        "vals_nod_var1": (("time_step", "num_nodes"), 100 * steps + np.arange(12.0) + add),
        "vals_elem_var1eb1": (("time_step", "num_el_in_blk1"), 10 + steps + add),
        "vals_elem_var2eb1": (("time_step", "num_el_in_blk1"), 20 + steps + add),
        "vals_elem_var1eb2": (("time_step", "num_el_in_blk2"), 30 + steps + add),
        "vals_glo_var": (("time_step", "num_glo_var"), 7 + steps + add),
    }
    texts = {
        "coor_names": ("num_dim", ["x", "y", "z"]),
        "eb_names": ("num_el_blk", ["left", "right"]),
        "ns_names": ("num_node_sets", ["fixed"]),
        "ss_names": ("num_side_sets", ["loaded"]),
        "name_nod_var": ("num_nod_var", ["temp"]),
        "name_elem_var": ("num_elem_var", ["stress", "damage"]),
        "name_glo_var": ("num_glo_var", ["energy"]),
    }
    with netCDF4.Dataset(path, "w", format="NETCDF3_64BIT_OFFSET") as file:
        file.setncatts({"api_version": np.float32(8.03), "version": np.float32(8.03), "title": "two cubes"})
        file.setncatts({"floating_point_word_size": np.int32(8), "file_size": np.int32(1)})
        for name, size in sizes.items():
            file.createDimension(name, size)
        for name, (dimensions, values) in numbers.items():
            made = file.createVariable(name, "f8" if np.asarray(values).dtype.kind == "f" else "i4", dimensions)
            if name.endswith("_prop1"):
                made.setncattr("name", "ID")
            if name.startswith("connect"):
                made.setncattr("elem_type", "HEX8")
            made[:] = values
        for name, (dimension, lines) in texts.items():
            made = file.createVariable(name, "S1", (dimension, "len_name"))
            made[:] = np.array([list(line.ljust(33, "\0")) for line in lines], "S1")


def cgns(path: Path, *, structured: bool = False) -> None:
    """CGNS in HDF5 (SIDS, CGNS/HDF5): the bases Gas and Solid, each a zone with Pressure and Density at the vertices.

    Pressure is the number of the vertex, Density twice that. Mach, of the cells, is their number. Solid is 10 further
    along x. If `structured`, arrays have three dimensions, in a way that VTK's reader does not take.
    """
    with h5py.File(path, "w", libver=("earliest", "v108"), track_order=True) as file:
        _cgns_attributes(file, "HDF5 MotherNode", "Root Node of HDF5 File", "MT")
        file.create_dataset(" format", data=_bytes("IEEE_LITTLE_32".ljust(15, "\0")))
        file.create_dataset(" version", data=_bytes("HDF5 Version 1.10".ljust(33, "\0")))
        _cgns_node(file, "CGNSLibraryVersion", "CGNSLibraryVersion_t", np.array([4.2], np.float32))
        for number, name in enumerate(("Gas", "Solid")):
            base = _cgns_node(file, name, "CGNSBase_t", np.array([3, 3], np.int32))
            size = [[3, 2, 2], [2, 1, 1], [0, 0, 0]] if structured else [[12], [2], [0]]
            zone = _cgns_node(base, "Zone", "Zone_t", np.array(size, np.int32))
            _cgns_node(zone, "ZoneType", "ZoneType_t", _bytes("Structured" if structured else "Unstructured"))
            places = _cgns_node(zone, "GridCoordinates", "GridCoordinates_t")
            shape = (2, 2, 3) if structured else (12,)
            for place, axis in enumerate("XYZ"):
                along = np.array(POINTS, float)[:, place] + (10 * number if axis == "X" else 0)
                _cgns_node(places, f"Coordinate{axis}", "DataArray_t", along.reshape(shape))
            if not structured:
                hexahedra = _cgns_node(zone, "Hexahedra", "Elements_t", np.array([17, 0], np.int32))
                _cgns_node(hexahedra, "ElementRange", "IndexRange_t", np.array([1, 2], np.int32))
                corners = np.array([*hexahedron(0), *hexahedron(1)], np.int32) + 1
                _cgns_node(hexahedra, "ElementConnectivity", "DataArray_t", corners.astype(np.int32))
            vertices = np.arange(12.0).reshape(shape)
            for location, arrays in {
                "Vertex": {"Pressure": vertices, "Density": 2 * vertices},
                "CellCenter": {"Mach": np.arange(2.0).reshape((1, 1, 2) if structured else (2,))},
            }.items():
                solution = _cgns_node(zone, f"At{location}", "FlowSolution_t")
                _cgns_node(solution, "GridLocation", "GridLocation_t", _bytes(location))
                for title, values in arrays.items():
                    _cgns_node(solution, title, "DataArray_t", values)


def openfoam(folder: Path) -> Path:
    """A case of OpenFOAM (User Guide, "Mesh description"); returns the empty case.foam.

    The patches inlet, outlet and walls; p and U of the cells, as at the times 0 and 1: p is 1 + t on the left and 2 + t
    on the right, U is (p, 0, 0).
    """
    mesh = folder / "constant" / "polyMesh"
    mesh.mkdir(parents=True)
    (folder / "system").mkdir()
    control = "application icoFoam;\nstartTime 0;\nendTime 1;\ndeltaT 1;\nwriteControl timeStep;\nwriteInterval 1;\n"
    (folder / "system" / "controlDict").write_text(_foam("dictionary", "controlDict", "system") + control)
    faces, owners = _foam_faces()
    texts = {
        "points": ("vectorField", [f"({x} {y} {z})" for x, y, z in POINTS]),
        "faces": ("faceList", [f"4({' '.join(map(str, face))})" for face in faces]),
        "owner": ("labelList", list(map(str, owners))),
        "neighbour": ("labelList", ["1"]),
    }
    for name, (kind, lines) in texts.items():
        (mesh / name).write_text(_foam(kind, name, "constant/polyMesh") + _listed(lines))
    patches = [
        f"{name} {{ type {kind}; nFaces {count}; startFace {start}; }}"
        for name, kind, count, start in (("inlet", "patch", 1, 1), ("outlet", "patch", 1, 2), ("walls", "wall", 8, 3))
    ]
    (mesh / "boundary").write_text(_foam("polyBoundaryMesh", "boundary", "constant/polyMesh") + _listed(patches))
    gradients = "".join(f" {name} {{ type zeroGradient; }}\n" for name in ("inlet", "outlet", "walls"))
    sides = f"boundaryField\n{{\n{gradients}}}\n"
    for time in (0, 1):
        (folder / str(time)).mkdir()
        p = "\n".join(f"{value + time}" for value in (1, 2))
        u = "\n".join(f"({value + time} 0 0)" for value in (1, 2))
        for name, kind, values in (("p", "Scalar", p), ("U", "Vector", u)):
            text = f"dimensions [0 0 0 0 0 0 0];\ninternalField nonuniform List<{kind.lower()}> 2(\n{values}\n);\n"
            text += sides
            (folder / str(time) / name).write_text(_foam(f"vol{kind}Field", name, str(time)) + text)
    (folder / "case.foam").touch()
    return folder / "case.foam"


def xdmf(path: Path) -> None:
    """XDMF 2: the grids g0 and g1, a cube each, z first as XDMF has it; a and c of both, b0 and b1 of one each."""
    grids = "".join(
        f"""<Grid Name="g{number}"><Topology TopologyType="3DCoRectMesh" Dimensions="2 2 2"/>
        <Geometry GeometryType="ORIGIN_DXDYDZ"><DataItem Dimensions="3">0 0 {number}</DataItem>
        <DataItem Dimensions="3">1 1 1</DataItem></Geometry>
        <Attribute Name="a" Center="Node"><DataItem Dimensions="2 2 2">0 1 2 3 4 5 6 {number}</DataItem></Attribute>
        <Attribute Name="b{number}" Center="Node"><DataItem Dimensions="2 2 2">0 1 2 3 4 5 6 7</DataItem></Attribute>
        <Attribute Name="c" Center="Cell"><DataItem Dimensions="1 1 1">5</DataItem></Attribute></Grid>"""
        for number in range(2)
    )
    collection = f'<Grid GridType="Collection" CollectionType="Spatial">{grids}</Grid>'
    path.write_text(f'<?xml version="1.0"?><Xdmf Version="2.0"><Domain>{collection}</Domain></Xdmf>')


def _cgns_node(parent: Any, name: str, label: str, data: npt.NDArray[Any] | None = None) -> Any:
    kinds = {"float64": "R8", "float32": "R4", "int32": "I4", "int8": "C1"}
    made = parent.create_group(name, track_order=True)
    _cgns_attributes(made, name, label, "MT" if data is None else kinds[str(data.dtype)])
    made.attrs.create("flags", np.array([1], np.int32))
    if data is not None:
        made.create_dataset(" data", data=data)
    return made


def _cgns_attributes(node: Any, name: str, label: str, kind: str) -> None:
    for key, text, size in (("name", name, 33), ("label", label, 33), ("type", kind, 3)):
        node.attrs.create(key, np.array(text.encode(), f"S{size}"))


def _bytes(text: str) -> npt.NDArray[np.int8]:
    return np.frombuffer(text.encode(), np.int8)


def _foam_faces() -> tuple[list[list[int]], list[int]]:
    """All faces of the two cubes, the one between them first, then inlet, outlet and walls; and the cell of each."""

    def across(x: int) -> list[int]:
        return [corner(x, y, z) for y, z in ((0, 0), (1, 0), (1, 1), (0, 1))]

    def side(x: int, fixed: str, value: int) -> list[int]:
        square = [(0, 0), (1, 0), (1, 1), (0, 1)]
        order = square if (fixed == "y") != (value == 0) else square[::-1]
        if fixed == "y":
            return [corner(x + a, value, b) for a, b in order[::-1]]
        return [corner(x + a, b, value) for a, b in order[::-1]]

    walls = [(side(x, fixed, value), x) for x in (0, 1) for fixed in ("y", "z") for value in (0, 1)]
    faces = [across(1), across(0)[::-1], across(2), *(face for face, _ in walls)]
    return faces, [0, 0, 1, *(cell for _, cell in walls)]


def _foam(kind: str, name: str, where: str) -> str:
    return f'FoamFile\n{{\n version 2.0;\n format ascii;\n class {kind};\n location "{where}";\n object {name};\n}}\n'


def _listed(lines: Sequence[str]) -> str:
    return f"{len(lines)}\n(\n" + "\n".join(lines) + "\n)\n"


def particles(path: Path, **more: npt.NDArray[Any]) -> None:
    """H5Part: five particles at the steps 0 and 1, along x from 10 times the step.

    Energy is their number times the step, the momentum px_0, px_1, px_2 is (n, n + 1, n + 2). `more` are further arrays
    of each step.
    """
    with h5py.File(path, "w") as file:
        for step in range(2):
            group = file.create_group(f"Step#{step}")
            numbers = np.arange(5.0)
            arrays = {"x": numbers + 10 * step, "y": numbers * 0, "z": numbers * 0, "energy": numbers * step}
            arrays |= {f"px_{axis}": numbers + axis for axis in range(3)}
            for name, values in (arrays | more).items():
                group.create_dataset(name, data=values)

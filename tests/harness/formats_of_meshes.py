"""The table of formats of meshes and surfaces: files of several writers, and what they hold."""

from __future__ import annotations

from typing import Any

from . import meshes_by_hand as hand
from .formats_of_images import by_vtk
from .known_data import Known
from .known_meshes import (
    FACES,
    HEXAHEDRON,
    TETRA,
    by_meshio,
    mesh,
    surface,
    surface_by_meshio,
    surface_by_trimesh,
    text,
    vtk_grid,
    vtk_surface,
)  # fmt: skip
from .written_by import WrittenBy

BOTH = (TETRA, HEXAHEDRON)


def meshes() -> list[WrittenBy]:
    """Cells of volumes, with values where the format has such."""
    whole = mesh(*BOTH, values=True, cell_values=True)
    all_of = {"values": True, "cell_values": True}
    rows = [
        WrittenBy("Gmsh", "meshio", "a.msh", by_meshio(TETRA, file_format="gmsh", **all_of),
                  mesh(TETRA, values=True, cell_values=True)),
        WrittenBy("Gmsh", "meshio", "a.msh", by_meshio(*BOTH, file_format="gmsh22", **all_of), whole),
        WrittenBy("Gmsh", "by hand", "a.msh", text(hand.GMSH), whole),
        WrittenBy("Abaqus", "by hand", "a.inp", text(hand.ABAQUS), mesh(*BOTH)),
        WrittenBy("Nastran", "by hand", "a.bdf", text(hand.NASTRAN), mesh(*BOTH)),
        WrittenBy("SU2", "by hand", "a.su2", text(hand.SU2), mesh(*BOTH)),
        WrittenBy("Medit", "by hand", "a.mesh", text(hand.MEDIT), mesh(*BOTH)),
        WrittenBy("Netgen", "by hand", "a.vol", text(hand.NETGEN), mesh(TETRA)),
        WrittenBy("AVS UCD", "by hand", "a.inp", text(hand.UCD), whole),
        WrittenBy("Tecplot", "by hand", "a.dat", text(hand.TECPLOT),
                  mesh(HEXAHEDRON, values=True, cell_values=True)),
        WrittenBy("DOLFIN XML", "by hand", "a.xml", text(hand.DOLFIN), mesh(TETRA)),
        WrittenBy("PERMAS", "by hand", "a.dato", text(hand.PERMAS), mesh(*BOTH)),
        WrittenBy("FLAC3D", "by hand", "a.f3grid", text(hand.FLAC), mesh(*BOTH)),
        WrittenBy("AFLR3 UGRID", "by hand", "a.ugrid", hand.aflr_by_hand, mesh(*BOTH)),
        WrittenBy("TetGen", "by hand", "a.ele", hand.tetgen_by_hand, mesh(TETRA)),
        WrittenBy("VTK XML grid", "by hand", "a.vtu", hand.vtu_by_hand, whole),
        WrittenBy("VTK XML grid", "VTK", "a.vtu", by_vtk("vtkXMLUnstructuredGridWriter", vtk_grid), whole),
        WrittenBy("XDMF", "by hand", "a.xdmf", hand.xdmf_by_hand,
                  mesh(*BOTH, values=True, cell_values=True, times=(0.5, 1.5), step=100)),
        WrittenBy("XDMF", "VTK", "a.xmf", by_vtk("vtkXdmfWriter", vtk_grid), whole),
        WrittenBy("VTKHDF", "by hand", "a.vtkhdf", hand.vtkhdf_by_hand, whole),
        WrittenBy("VTKHDF", "VTK", "a.hdf", by_vtk("vtkHDFWriter", vtk_grid), whole),
    ]  # fmt: skip
    rows += [
        WrittenBy("VTK legacy grid", "VTK", "a.vtk", by_vtk("vtkUnstructuredGridWriter", vtk_grid),
                  mesh(*BOTH, values=True, cell_values=True, times=(0.0,))),
        WrittenBy("VTK legacy grid", "by hand", "a.vtk", text(hand.LEGACY),
                  mesh(*BOTH, values=True, cell_values=True, times=(0.0,))),
    ]  # fmt: skip
    cells: Any
    has: Any
    options: Any
    for format_name, name, cells, has, options in (
        ("Abaqus", "a.inp", BOTH, {}, {"file_format": "abaqus"}),
        ("Nastran", "a.bdf", BOTH, {}, {}),
        ("SU2", "a.su2", (TETRA,), {}, {}),
        ("Medit", "a.meshb", (TETRA,), {}, {}),
        ("Medit", "a.mesh", BOTH, {}, {}),
        ("Netgen", "a.vol", (TETRA,), {}, {}),
        ("AVS UCD", "a.avs", BOTH, all_of, {"file_format": "avsucd"}),
        ("Tecplot", "a.dat", (HEXAHEDRON,), {"values": True, "cell_values": True}, {"file_format": "tecplot"}),
        ("DOLFIN XML", "a.xml", (TETRA,), {}, {"file_format": "dolfin-xml"}),
        ("PERMAS", "a.dato", (TETRA,), {}, {}),
        ("FLAC3D", "a.f3grid", BOTH, {}, {}),
        ("AFLR3 UGRID", "a.lb8.ugrid", BOTH, {}, {}),
        ("TetGen", "a.ele", (TETRA,), {}, {}),
        ("MED", "a.med", BOTH, all_of, {}),
        ("VTK XML grid", "a.vtu", BOTH, all_of, {}),
        ("VTK legacy grid", "a.vtk", BOTH, all_of, {"file_format": "vtk"}),
        ("VTK legacy grid", "a.vtk", BOTH, all_of, {"file_format": "vtk42"}),
        ("XDMF", "a.xdmf", BOTH, all_of, {}),
        ("XDMF", "a.xdmf", BOTH, all_of, {"data_format": "XML"}),
        ("Exodus", "a.e", BOTH, {"values": True}, {}),
        ("H5M", "a.h5m", (TETRA,), {"values": True}, {}),
    ):  # fmt: skip
        times = (0.0,) if format_name.startswith("VTK legacy") else ()
        rows.append(
            WrittenBy(
                format_name, "meshio", name, by_meshio(*cells, **has, **options), mesh(*cells, **has, times=times)
            )
        )
    return rows


def surfaces() -> list[WrittenBy]:
    """Triangles, counter-clockwise from outside."""
    inside_out = [(5, face[::-1]) for face in FACES]
    rows = [
        WrittenBy("PLY", "VTK", "a.ply", by_vtk("vtkPLYWriter", vtk_surface), surface()),
        WrittenBy("STL", "VTK", "a.stl", by_vtk("vtkSTLWriter", vtk_surface), surface()),
        WrittenBy("OBJ", "VTK", "a.obj", by_vtk("vtkOBJWriter", vtk_surface), surface()),
        WrittenBy("VTK XML surface", "VTK", "a.vtp", by_vtk("vtkXMLPolyDataWriter", vtk_surface), surface()),
        WrittenBy("PLY", "by hand", "a.ply", text(hand.PLY), surface()),
        WrittenBy("OBJ", "by hand", "a.obj", text(hand.OBJ), surface()),
        WrittenBy("OFF", "by hand", "a.off", text(hand.OFF), surface()),
        WrittenBy("STL", "by hand", "a.stl", hand.stl_by_hand, surface()),
        WrittenBy("glTF", "by hand", "a.gltf", hand.gltf_by_hand, surface()),
        WrittenBy("glTF", "trimesh", "a.glb", surface_by_trimesh("glb"), surface()),
        WrittenBy(
            "FLUENT",
            "by hand",
            "a.cas",
            hand.fluent_by_hand,
            Known(surface().places, cells=((10, (0, 1, 2, 3)), *inside_out)),
        ),
        WrittenBy(
            "FLUENT",
            "meshio",
            "a.msh",
            by_meshio(TETRA, file_format="ansys"),
            mesh(TETRA),
            refused="this FLUENT case has no faces, of which its cells are made",
        ),
        WrittenBy("VTK XML surface", "by hand", "a.vtp", hand.vtp_by_hand, surface()),
    ]
    for name in ("PLY", "STL", "OBJ", "OFF"):
        rows.append(WrittenBy(name, "meshio", f"a.{name.lower()}", surface_by_meshio(), surface()))
        rows.append(WrittenBy(name, "trimesh", f"a.{name.lower()}", surface_by_trimesh(name.lower()), surface()))
    return rows

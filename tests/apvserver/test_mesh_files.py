"""Meshes that other programs write: places, cells, sets and values as in the file."""

import sys
from pathlib import Path
from typing import Any

import meshio
import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.base.errors import ExecutionFailed, FileError
from apvserver.vtk.files.series import choose_for
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvtest import with_settings
from ..harness.opening import leaves, opened, points, values, volume

PLACES = np.array(
    [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1), (2, 0, 0)], float
)
TETRAS = ("tetra", np.array([[0, 1, 3, 4], [1, 2, 3, 6]]))
MIXED = [("tetra", np.array([[1, 8, 2, 5]])), ("hexahedron", np.array([[0, 1, 2, 3, 4, 5, 6, 7]]))]


@pytest.mark.parametrize(
    ("name", "format_name", "cells"),
    [
        ("a.msh", "gmsh22", MIXED),
        ("a.inp", "abaqus", MIXED),
        ("a.mesh", "medit", MIXED),
        ("a.meshb", "medit", [TETRAS]),
        ("a.bdf", "nastran", MIXED),
        ("a.su2", "su2", [TETRAS]),
        ("a.vol", "netgen", [TETRAS]),
        ("a.lb8.ugrid", "ugrid", MIXED),
        ("a.b4.ugrid", "ugrid", MIXED),
        ("a.xml", "dolfin-xml", [TETRAS]),
        ("a.dato", "permas", [TETRAS]),
        ("a.ele", "tetgen", [TETRAS]),
        ("a.f3grid", "flac3d", MIXED),
    ],
)
def test_places_and_volume(tmp_path: Path, name: str, format_name: str, cells: Any) -> None:
    meshio.write(tmp_path / name, meshio.Mesh(PLACES, cells), file_format=format_name)
    grid = opened(tmp_path / name)
    np.testing.assert_allclose(points(grid), PLACES, atol=1e-7)
    assert grid.GetNumberOfCells() == sum(len(corners) for _, corners in cells)
    assert volume(grid) == pytest.approx(sum(1 if kind == "hexahedron" else len(c) / 6 for kind, c in cells))


def test_med_fields(tmp_path: Path) -> None:
    mesh = meshio.Mesh(PLACES, [TETRAS], point_data={"v": PLACES * 3}, cell_data={"c": [np.array([5.0, 7.0])]})
    meshio.write(tmp_path / "a.med", mesh)
    grid = opened(tmp_path / "a.med")
    np.testing.assert_array_equal(values(grid.GetPointData(), "v"), PLACES * 3)
    assert values(grid.GetCellData(), "c").tolist() == [5, 7]


EDGES = {
    "tetra10": "01 12 20 03 13 23",
    "pyramid13": "01 12 23 30 04 14 24 34",
    "wedge15": "01 12 20 34 45 53 03 14 25",
    "wedge18": "01 12 20 34 45 53 03 14 25 0143 1254 2035",
    "hexahedron20": "01 12 23 30 45 56 67 74 04 15 26 37",
    "hexahedron27": "01 12 23 30 45 56 67 74 04 15 26 37 0473 1265 0154 3267 0321 4567 01234567",
}
"""Between which corners further points are, in VTK's order."""
IN_GMSH = {
    "tetra10": (11, "01 12 20 03 23 13"),
    "pyramid13": (19, "01 03 04 12 14 23 24 34"),
    "wedge15": (18, "01 02 03 12 14 25 34 35 45"),
    "wedge18": (13, "01 02 03 12 14 25 34 35 45 0143 0352 1254"),
    "hexahedron20": (17, "01 03 04 12 15 23 26 37 45 47 56 67"),
    "hexahedron27": (12, "01 03 04 12 15 23 26 37 45 47 56 67 0321 0154 0473 1265 3267 4567 01234567"),
}
"""The same in Gmsh's order, with its number of the kind: section "Node ordering" of its manual."""
CORNERS: dict[str, list[tuple[float, ...]]] = {
    "tetra": [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)],
    "pyramid": [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0.5, 0.5, 1)],
    "wedge": [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (0, 1, 1)],
    "hexahedron": [tuple(one) for one in PLACES[:8]],
}
VOLUMES = {"tetra": 1 / 6, "pyramid": 1 / 3, "wedge": 1 / 2, "hexahedron": 1.0}


def with_middles(kind: str, middles: str) -> Any:
    """The corners of a cell, and the middles between some of them."""
    corners = np.array(CORNERS[kind.rstrip("0123456789")], float)
    return np.vstack([corners, *(corners[[int(one) for one in group]].mean(0) for group in middles.split())])


@pytest.mark.parametrize("kind", EDGES)
def test_points_of_curved_cells_of_gmsh_are_where_vtk_has_them(tmp_path: Path, kind: str) -> None:
    number, middles = IN_GMSH[kind]
    places = with_middles(kind, middles)
    rows = [f"{index + 1} {x} {y} {z}" for index, (x, y, z) in enumerate(places.tolist())]
    cell = f"1 {number} 2 0 1 {' '.join(str(one + 1) for one in range(len(places)))}"
    lines = ["$MeshFormat", "2.2 0 8", "$EndMeshFormat", "$Nodes", str(len(rows)), *rows, "$EndNodes"]
    (tmp_path / "a.msh").write_text("\n".join([*lines, "$Elements", "1", cell, "$EndElements", ""]))
    grid = opened(tmp_path / "a.msh")
    found = vtk_to_numpy(grid.GetCell(0).GetPoints().GetData())
    np.testing.assert_allclose(found, with_middles(kind, EDGES[kind]), atol=1e-12)
    assert volume(grid) == pytest.approx(VOLUMES[kind.rstrip("0123456789")])


@pytest.mark.parametrize("outside_in", [False, True])
@pytest.mark.parametrize("kind", ["tetra", "pyramid", "wedge", "hexahedron", "tetra10", "wedge15", "hexahedron20"])
def test_volumes_of_med_are_positive(tmp_path: Path, kind: str, outside_in: bool) -> None:
    """MED has the bases of its volumes the other way round than VTK; meshio, which writes here, does not."""
    places = with_middles(kind, EDGES.get(kind, ""))
    if outside_in:
        places[:, [0, 1]] = places[:, [1, 0]]
    mesh = meshio.Mesh(places, [("vertex", np.array([[0]]))])
    mesh.cells[0] = type("Cells", (), {"type": kind, "data": np.arange(len(places))[None], "__len__": lambda _: 1})()
    meshio.write(tmp_path / "a.med", mesh)
    grid = opened(tmp_path / "a.med")
    linear = kind.rstrip("0123456789")
    assert volume(grid) == pytest.approx(VOLUMES[linear])
    cell = grid.GetCell(0)
    found = vtk_to_numpy(cell.GetPoints().GetData())
    corners = [found[index] for index in range(len(CORNERS[linear]))]
    for place, group in zip(found[len(corners) :], EDGES.get(kind, "").split(), strict=True):
        np.testing.assert_allclose(place, np.mean([corners[int(one)] for one in group], axis=0))


def test_wedges_of_flac3d_are_positive(tmp_path: Path) -> None:
    """W6 after its manual: origin, along x, y, z, and from the ends of x and z along y."""
    rows = ["0 0 0", "1 0 0", "0 2 0", "0 0 1", "1 2 0", "0 2 1"]
    lines = [f"G {index + 1} {row}" for index, row in enumerate(rows)]
    (tmp_path / "a.f3grid").write_text(
        "\n".join(["* FLAC3D grid", "* GRIDPOINTS", *lines, "* ZONES", "Z W6 1 1 2 3 4 5 6", ""])
    )
    assert volume(opened(tmp_path / "a.f3grid")) == pytest.approx(1.0)


def test_wedges_of_su2_are_positive_either_way(tmp_path: Path) -> None:
    """Gmsh writes them as VTK's manual draws them, meshio as VTK measures them."""
    for number, corners in enumerate(("0 1 2 3 4 5", "0 2 1 3 5 4")):
        rows = [f"{x} {y} {z} {at}" for at, (x, y, z) in enumerate(CORNERS["wedge"])]
        lines = ["NDIME= 3", "NELEM= 1", f"13 {corners} 0", f"NPOIN= {len(rows)}", *rows, "NMARK= 0", ""]
        (tmp_path / f"{number}.su2").write_text("\n".join(lines))
        assert volume(opened(tmp_path / f"{number}.su2")) == pytest.approx(0.5)


@pytest.mark.parametrize(("kind", "layers"), [("TET10", "0 01 1 12 2 20 03 13 23 3"), ("TRIMS6", "0 01 1 12 2 20")])
def test_permas_has_points_between_corners(tmp_path: Path, kind: str, layers: str) -> None:
    corners = np.array(CORNERS["tetra"], float)
    places = [corners[[int(one) for one in group]].mean(0) for group in layers.split()]
    rows = [f"{index + 1} {x} {y} {z}" for index, (x, y, z) in enumerate(np.array(places).tolist())]
    cell = " ".join(["1", *(str(index + 1) for index in range(len(places)))])
    text = ["$ENTER COMPONENT NAME=DFLT_COMP", "$STRUCTURE", "$COOR", *rows, f"$ELEMENT TYPE={kind}", cell]
    (tmp_path / "a.dato").write_text("\n".join([*text, "$END STRUCTURE", "$EXIT COMPONENT", "$FIN", ""]))
    grid = opened(tmp_path / "a.dato")
    found = vtk_to_numpy(grid.GetCell(0).GetPoints().GetData())
    middles = EDGES["tetra10"] if kind == "TET10" else "01 12 20"
    np.testing.assert_allclose(found, with_middles("tetra", middles) if kind == "TET10" else _triangle(middles))


def _triangle(middles: str) -> Any:
    corners = np.array(CORNERS["tetra"], float)[:3]
    return np.vstack([corners, *(corners[[int(one) for one in group]].mean(0) for group in middles.split())])


def test_an_order_of_points_that_is_not_known_is_no_cell(tmp_path: Path) -> None:
    places = with_middles("wedge15", EDGES["wedge15"])
    rows = [f"{index + 1} {x} {y} {z}" for index, (x, y, z) in enumerate(places.tolist())]
    cell = " ".join(["1", *(str(index + 1) for index in range(15))])
    text = ["$ENTER COMPONENT NAME=DFLT_COMP", "$STRUCTURE", "$COOR", *rows, "$ELEMENT TYPE=PENTA15", cell]
    (tmp_path / "a.dato").write_text("\n".join([*text, "$END STRUCTURE", "$EXIT COMPONENT", "$FIN", ""]))
    with pytest.raises(ExecutionFailed, match="in which order permas has the points of wedge15 is not known"):
        opened(tmp_path / "a.dato")


GMSH = """$MeshFormat
4.1 0 8
$EndMeshFormat
$PhysicalNames
2
2 7 "skin"
3 8 "rock"
$EndPhysicalNames
$Entities
0 0 1 1
1 0 0 0 1 1 0 1 7 0
1 0 0 0 1 1 1 1 8 0
$EndEntities
$Nodes
1 4 1 4
3 1 0 4
1
2
3
4
0 0 0
1 0 0
0 1 0
0 0 1
$EndNodes
$Elements
2 2 1 2
2 1 2 1
1 1 2 3
3 1 4 1
2 1 2 3 4
$EndElements
$NodeData
1
"heat"
1
0.0
3
0
1
4
1 1.5
2 2.5
3 3.5
4 4.5
$EndNodeData
"""


def test_gmsh_of_today_with_groups_and_a_field(tmp_path: Path) -> None:
    """Written after the description of version 4.1 in Gmsh's reference manual."""
    (tmp_path / "a.msh").write_text(GMSH)
    grid = opened(tmp_path / "a.msh")
    assert [grid.GetCellType(index) for index in (0, 1)] == [5, 10]
    assert values(grid.GetCellData(), "gmsh:physical").tolist() == [7, 8]
    assert values(grid.GetPointData(), "heat").tolist() == [1.5, 2.5, 3.5, 4.5]
    assert values(grid.GetFieldData(), "rock").tolist() == [8, 3]
    assert volume(grid) == pytest.approx(1 / 6)


@pytest.mark.parametrize("wide", [False, True])
def test_nastran_bulk_data_alone(tmp_path: Path, wide: bool) -> None:
    """Without "BEGIN BULK": what Gmsh writes, and what decks include. Fields of 8 or 16 columns."""
    rows = []
    for number, place in enumerate(PLACES, 1):
        x, y, z = (f"{one:.4f}" for one in place)
        rows.append(
            f"GRID*   {number:<16}{0:<16}{x:<16}{y:<16}\n*       {z:<16}" if wide else
            f"GRID    {number:<8}{0:<8}{x:<8}{y:<8}{z:<8}"
        )  # fmt: skip
    rows.append("CTETRA  1       1       1       2       4       5")
    (tmp_path / "a.bdf").write_text("$ Created by Gmsh\n" + "\n".join(rows) + "\nENDDATA\n")
    grid = opened(tmp_path / "a.bdf")
    np.testing.assert_array_equal(points(grid), PLACES)
    assert volume(grid) == pytest.approx(1 / 6)


def test_a_wedge_has_a_positive_volume(tmp_path: Path) -> None:
    places = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 2), (1, 0, 2), (0, 1, 2)], float)
    meshio.write(tmp_path / "a.bdf", meshio.Mesh(places, [("wedge", np.arange(6)[None])]))
    assert volume(opened(tmp_path / "a.bdf")) == pytest.approx(1)


SQUARES = """NDIME= 2
NELEM= 2
9 0 1 4 3 0
9 1 2 5 4 1
NPOIN= 6
0 0 0
1 0 1
2 0 2
0 1 3
1 1 4
2 1 5
NMARK= {}
"""


def test_boundaries_of_su2_by_name(tmp_path: Path) -> None:
    """Names and the number 0 are no part of the field; a boundary may be empty, or have two parts."""
    text = SQUARES.format(4) + (
        "MARKER_TAG= 0\nMARKER_ELEMS= 1\n3 0 3\nMARKER_TAG= upper wall\nMARKER_ELEMS= 2\n3 3 4\n3 4 5\n"
        "MARKER_TAG= nothing\nMARKER_ELEMS= 0\nMARKER_TAG= 7\nMARKER_ELEMS= 1\n3 2 5\n"
    )
    (tmp_path / "a.su2").write_text(text)
    cells = opened(tmp_path / "a.su2").GetCellData()
    assert values(cells, "su2:tag").tolist() == [0, 0, 1, 2, 2, 4]
    assert values(cells, "0").tolist() == [0, 0, 1, 0, 0, 0]
    assert values(cells, "upper wall").tolist() == [0, 0, 0, 1, 1, 0]
    assert values(cells, "nothing").tolist() == [0] * 6 and values(cells, "7").tolist() == [0] * 5 + [1]
    (tmp_path / "a.su2").write_text(SQUARES.format(1) + "MARKER_TAG= 7\nMARKER_ELEMS= 1\n3 2 5\n")
    cells = opened(tmp_path / "a.su2").GetCellData()
    assert values(cells, "su2:tag").tolist() == [0, 0, 7] and cells.GetNumberOfArrays() == 1


def test_several_zones_of_su2_are_refused(tmp_path: Path) -> None:
    zones = "".join(f"IZONE= {number}\n{SQUARES.format(0)}" for number in (1, 2))
    (tmp_path / "a.su2").write_text("NZONE= 2\n" + zones)
    with pytest.raises(ExecutionFailed, match=r"it has 2 zones \(NZONE\)"):
        opened(tmp_path / "a.su2")


@pytest.mark.parametrize("name", ["a.msh", "a.mesh", "a.su2"])
def test_a_damaged_mesh_is_an_error(tmp_path: Path, name: str) -> None:
    text = {
        "a.msh": GMSH,
        "a.mesh": "MeshVersionFormatted 2\nDimension 3\nVertices\n3\n",
        "a.su2": "NDIME= 3\nNELEM= 5\n",
    }
    (tmp_path / name).write_text(text[name][: len(text[name]) * 2 // 3])
    with pytest.raises(
        ExecutionFailed, match=r"it ends within \$|meshio cannot read this as|has cells of points|no cells"
    ):
        opened(tmp_path / name)


def test_without_meshio_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meshio.write(tmp_path / "a.su2", meshio.Mesh(PLACES, [TETRAS]))
    monkeypatch.setitem(sys.modules, "meshio", None)
    with pytest.raises(ExecutionFailed, match=r'pip install "async-paraview\[formats\]"'):
        opened(tmp_path / "a.su2")


def test_data_roots_hold_for_files_beside_and_files_that_are_included(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    with_settings(monkeypatch, data_roots=(root.resolve(),))
    meshio.write(outside / "a.ele", meshio.Mesh(PLACES, [TETRAS]))
    (root / "a.ele").write_bytes((outside / "a.ele").read_bytes())
    (root / "a.node").symlink_to(outside / "a.node")
    (outside / "part.inp").write_text("*NODE\n1, 0, 0, 0\n")
    (root / "b.inp").write_text("*HEADING\n*INCLUDE, INPUT=../outside/part.inp\n")
    for name in ("a.ele", "b.inp"):
        with pytest.raises((ExecutionFailed, FileError), match="lets clients use files below"):
            opened(root / name)


def test_a_series_of_meshes(tmp_path: Path) -> None:
    for step in (0, 1):
        mesh = meshio.Mesh(PLACES, [TETRAS], point_data={"v": np.full(9, step + 0.5)})
        meshio.write(tmp_path / f"a{step}.med", mesh)
    pipeline = Pipeline()
    pipeline.create(1, *choose_for([str(tmp_path / f"a{step}.med") for step in (0, 1)]))
    for time in (1, 0):
        Executor().execute(pipeline, 1, time=time)
        grid = pipeline.algorithm(1).GetOutputDataObject(0)
        assert values(grid.GetPointData(), "v").tolist() == [time + 0.5] * 9


def test_a_mesh_that_is_written_again_is_read_again(tmp_path: Path) -> None:
    pipeline, executor = Pipeline(), Executor()
    meshio.write(tmp_path / "a.su2", meshio.Mesh(PLACES, [TETRAS]))
    pipeline.create(1, *choose_for([str(tmp_path / "a.su2")]))
    executor.execute(pipeline, 1)
    meshio.write(tmp_path / "a.su2", meshio.Mesh(PLACES * 10, [TETRAS]))
    executor.execute(pipeline, 1)
    assert volume(pipeline.algorithm(1).GetOutputDataObject(0)) == pytest.approx(1000 * 2 / 6)


SOLIDS = [
    ("tetra", PLACES[[0, 1, 3, 4]], 1 / 6),
    ("pyramid", PLACES[[0, 1, 2, 3, 4]], 1 / 3),
    ("wedge", PLACES[[0, 1, 3, 4, 5, 7]], 1 / 2),
    ("hexahedron", PLACES[:8], 1),
]


@pytest.mark.parametrize(("kind", "places", "size"), SOLIDS, ids=[kind for kind, _, _ in SOLIDS])
def test_avs_whichever_end_its_cells_begin_at(tmp_path: Path, kind: str, places: Any, size: float) -> None:
    """meshio writes cells as the manual of AVS draws them; other programs as VTK has them."""
    mesh = meshio.Mesh(places, [(kind, np.arange(len(places))[None])], {"v": places * 3}, {"c": [np.array([5.0])]})
    meshio.write(tmp_path / "a.inp", mesh, file_format="avsucd")
    grid = opened(tmp_path / "a.inp")
    np.testing.assert_allclose(values(grid.GetPointData(), "v"), places * 3)
    assert values(grid.GetCellData(), "c").tolist() == [5]
    assert volume(grid) == pytest.approx(size)


def test_avs_as_vtk_numbers_points(tmp_path: Path) -> None:
    rows = "".join(f"{number} {x} {y} {z}\n" for number, (x, y, z) in enumerate(PLACES[:8], 1))
    (tmp_path / "a.inp").write_text(f"8 1 0 0 0\n{rows}1 1 hex 1 2 3 4 5 6 7 8\n")
    grid = opened(tmp_path / "a.inp")
    assert volume(grid) == pytest.approx(1)
    assert [grid.GetCell(0).GetPointId(index) for index in range(8)] == list(range(8))


LATTICE = [(x, y, z) for z in (0, 1) for y in (0, 1) for x in (0, 1)]


def neutral(kind: int, places: Any) -> str:
    """One element; points in rows, as the appendix of GAMBIT's user's guide on the neutral file has them."""
    nodes = "".join(f"{number:10d}{x:20.11E}{y:20.11E}{z:20.11E}\n" for number, (x, y, z) in enumerate(places, 1))
    numbers = [f"{number:8d}" for number in range(1, len(places) + 1)]
    element = f"{1:8d} {kind:2d} {len(places):2d} {''.join(numbers[:7])}\n"
    if numbers[7:]:
        element += " " * 15 + "".join(numbers[7:]) + "\n"
    return (
        "        CONTROL INFO 2.4.6\n** GAMBIT NEUTRAL FILE\none\nPROGRAM: Gambit     VERSION:  2.4.6\nJan 2010\n"
        "     NUMNP     NELEM     NGRPS    NBSETS     NDFCD     NDFVL\n"
        f"{len(places):10d}         1         1         0         3         3\n"
        f"ENDOFSECTION\n   NODAL COORDINATES 2.4.6\n{nodes}ENDOFSECTION\n      ELEMENTS/CELLS 2.4.6\n{element}"
        "ENDOFSECTION\n       ELEMENT GROUP 2.4.6\n"
        "GROUP:          1 ELEMENTS:          1 MATERIAL:          2 NFLAGS:          1\n"
        "                           fluid\n       0\n       1\nENDOFSECTION\n"
    )


@pytest.mark.parametrize(
    ("kind", "places", "size"),
    [
        (4, LATTICE, 1),
        (4, PLACES[:8], 1),  # as programs write it that number bricks as VTK does
        (7, [*LATTICE[:4], (0.5, 0.5, 1)], 1 / 3),
        (5, PLACES[[0, 1, 3, 4, 5, 7]], 1 / 2),
        (6, PLACES[[0, 1, 3, 4]], 1 / 6),
    ],
    ids=["brick", "ring", "pyramid", "wedge", "tetrahedron"],
)
def test_gambit(tmp_path: Path, kind: int, places: Any, size: float) -> None:
    (tmp_path / "a.neu").write_text(neutral(kind, places))
    grid = opened(tmp_path / "a.neu")
    np.testing.assert_allclose(points(grid), places)
    assert volume(grid) == pytest.approx(size)
    assert values(grid.GetCellData(), "Material Type").tolist() == [2]


def test_curved_elements_of_gambit_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.neu").write_text(neutral(6, with_middles("tetra", EDGES["tetra10"])))
    with pytest.raises(ExecutionFailed, match=r"elements of kind 6 with 10 points; VTK reads those .*corners only \(4"):
        opened(tmp_path / "a.neu")


@pytest.mark.parametrize("points_of", [15, 18])
def test_prisms_of_nastran_have_points_at_corners_and_edges(tmp_path: Path, points_of: int) -> None:
    """Gmsh writes prisms of order 2 with 18 points, which Nastran has not: fifteen of them, in another order."""
    places = with_middles("wedge", "01 12 20 03 14 25 34 45 53 0143 0352 1254")[:points_of]
    grids = [f"GRID,{index + 1},,{x},{y},{z}" for index, (x, y, z) in enumerate(places.tolist())]
    numbers = [str(index + 1) for index in range(points_of)]
    cell = [",".join(["CPENTA,1,1", *numbers[:6]]), *(",".join(["+", *numbers[at : at + 8]]) for at in (6, 14))]
    (tmp_path / "a.bdf").write_text("\n".join(["BEGIN BULK", *grids, *cell, "ENDDATA", ""]))
    if points_of == 15:
        assert volume(opened(tmp_path / "a.bdf")) == pytest.approx(0.5)
        return
    with pytest.raises(ExecutionFailed, match="CPENTA with 18 points, where Nastran has 15 at most"):
        opened(tmp_path / "a.bdf")


def test_off(tmp_path: Path) -> None:
    meshio.write(tmp_path / "a.off", meshio.Mesh(PLACES, [("triangle", np.array([[0, 1, 2], [0, 2, 3]]))]))
    assert volume(opened(tmp_path / "a.off"), "Area") == pytest.approx(1)


def grids(order: str, kind: str, *, records: bool, count: int) -> bytes:
    x, y, z = np.meshgrid(np.arange(3.0), np.arange(4.0), np.arange(2.0), indexing="ij")
    place = np.concatenate([one.ravel("F") for one in (x, y, z)]).astype(order + kind).tobytes()
    head = [np.array([count], order + "i4").tobytes()] if count > 1 else []
    parts = [*head, np.array([3, 4, 2] * count, order + "i4").tobytes(), *[place] * count]
    mark = [np.array([len(part)], order + "i4").tobytes() if records else b"" for part in parts]
    return b"".join(end + part + end for end, part in zip(mark, parts, strict=True))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["f4", "f8"])
@pytest.mark.parametrize(("records", "count"), [(False, 1), (True, 1), (False, 2), (True, 2)])
def test_plot3d_whatever_its_numbers_are(tmp_path: Path, order: str, kind: str, records: bool, count: int) -> None:
    path = tmp_path / "grid.xyz"
    path.write_bytes(grids(order, kind, records=records, count=count))
    found = [block for _, block in leaves(opened(path))]
    assert len(found) == count
    for block in found:
        assert block.GetExtent() == (0, 2, 0, 3, 0, 1)
        np.testing.assert_array_equal(points(block)[[0, 1, 3, 12]], [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)])


def test_plot3d_with_its_solution(tmp_path: Path) -> None:
    (tmp_path / "run.xyz").write_bytes(grids("<", "f4", records=False, count=1))
    numbers = np.concatenate([np.arange(24) + 100 * k for k in range(1, 6)]).astype("<f4")
    head = np.array([3, 4, 2], "<i4").tobytes() + np.array([0.5, 0, 1e5, 0], "<f4").tobytes()
    (tmp_path / "run.q").write_bytes(head + numbers.tobytes())
    block = leaves(opened(tmp_path / "run.xyz"))[0][1]
    assert values(block.GetPointData(), "Density").tolist() == list(range(100, 124))
    assert values(block.GetPointData(), "StagnationEnergy").tolist() == list(range(500, 524))


@pytest.mark.parametrize(
    ("name", "text", "arrays"),
    [
        ("a.xyz", "0 0 0\n1 2 3\n", {}),
        ("a.pts", "2\n0 0 0 7\n1 2 3 8\n", {"Intensity": [7, 8]}),
        ("a.pts", "2\n0 0 0 -5 1 2 3\n1 2 3 6 255 0 9\n", {"Intensity": [-5, 6], "RGB": [[1, 2, 3], [255, 0, 9]]}),
        ("a.asc", "0,0,0,0,0,1\n1,2,3,1,0,0\n", {"Normals": [[0, 0, 1], [1, 0, 0]]}),
        ("a.xyz", "# cloud\nX Y Z height\n0 0 0 4.5\n1 2 3 5.5\n", {"height": [4.5, 5.5]}),
        ("a.xyz", "0 0 0 4.5 7\n1 2 3 5.5 8\n", {"Column 4": [4.5, 5.5], "Column 5": [7, 8]}),
    ],
)
def test_points_in_text(tmp_path: Path, name: str, text: str, arrays: dict[str, Any]) -> None:
    (tmp_path / name).write_text(text)
    cloud = opened(tmp_path / name)
    assert points(cloud).tolist() == [[0, 0, 0], [1, 2, 3]]
    assert cloud.GetNumberOfVerts() == 2
    found = cloud.GetPointData()
    assert {
        found.GetArrayName(i): values(found, found.GetArrayName(i)).tolist() for i in range(found.GetNumberOfArrays())
    } == arrays


def test_points_that_are_missing_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.pts").write_text("3\n0 0 0\n1 2 3\n")
    with pytest.raises(ExecutionFailed, match="it says that it has 3 points, and has 2"):
        opened(tmp_path / "a.pts")

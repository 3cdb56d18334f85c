"""PLY: every property becomes an array, places keep their digits, clouds of points can be seen."""

import struct
from pathlib import Path

import meshio
import numpy as np
import pytest
import trimesh

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import opened, points, values, volume

PLACES = [(500000.25 + i, 4000000.125 + i % 2, i) for i in range(4)]
HEADER = """ply
format {} 1.0
comment by hand
element vertex 4
property double x
property double y
property double z
property float quality
property uchar red
property uchar green
property uchar blue
element face 2
property list uchar int vertex_indices
property int part
end_header
"""


def by_hand(form: str) -> bytes:
    if form == "ascii":
        rows = [f"{x!r} {y!r} {z} {0.5 * z} {z} 2 3" for x, y, z in PLACES] + ["3 0 1 2 7", "3 0 2 3 8"]
        return (HEADER.format(form) + "\n".join(rows) + "\n").encode()
    order = "<" if "little" in form else ">"
    rows_ = [struct.pack(f"{order}dddfBBB", x, y, z, 0.5 * z, z, 2, 3) for x, y, z in PLACES]
    faces = [struct.pack(f"{order}Biiii", 3, *face) for face in ((0, 1, 2, 7), (0, 2, 3, 8))]
    return HEADER.format(form).encode() + b"".join(rows_ + faces)


@pytest.mark.parametrize("form", ["ascii", "binary_little_endian", "binary_big_endian"])
def test_all_properties_and_digits(tmp_path: Path, form: str) -> None:
    (tmp_path / "a.ply").write_bytes(by_hand(form))
    mesh = opened(tmp_path / "a.ply")
    assert points(mesh).tolist() == [list(place) for place in PLACES]
    assert values(mesh.GetPointData(), "quality").tolist() == [0, 0.5, 1, 1.5]
    assert values(mesh.GetPointData(), "RGB").tolist() == [[i, 2, 3] for i in range(4)]
    assert values(mesh.GetCellData(), "part").tolist() == [7, 8]
    assert [mesh.GetCell(1).GetPointId(i) for i in range(3)] == [0, 2, 3]


FACES = [(9, (0, 1, 2, 3), 0.5, 60000, 200), (8, (0, 1, 2), 1.5, 60001, 201), (7, (1, 2, 3), 2.5, 60002, 202)]


@pytest.mark.parametrize("form", ["ascii", "binary_little_endian", "binary_big_endian"])
def test_properties_of_polygons_of_several_sizes(tmp_path: Path, form: str) -> None:
    """Numbers before and behind lists of 32-bit counts; a further list is told."""
    header = (
        f"ply\nformat {form} 1.0\nelement vertex 4\nproperty double x\nproperty double y\nproperty double z\n"
        "element face 3\nproperty uchar flags\nproperty list uint uint vertex_index\nproperty float quality\n"
        "property list uchar short neighbours\nproperty ushort region\nproperty uchar level\nend_header\n"
    )
    if form == "ascii":
        rows = [f"{x} {y} {z}" for x, y, z in PLACES]
        rows += [f"{a} {len(f)} {' '.join(map(str, f))} {q} 1 {-a} {r} {v}" for a, f, q, r, v in FACES]
        body = ("\n".join(rows) + "\n").encode()
    else:
        order = "<" if "little" in form else ">"
        body = b"".join(struct.pack(f"{order}ddd", *place) for place in PLACES)
        for a, face, q, r, v in FACES:
            body += struct.pack(f"{order}BI{len(face)}IfBhHB", a, len(face), *face, q, 1, -a, r, v)
    (tmp_path / "a.ply").write_bytes(header.encode() + body)
    told = list[str]()
    mesh = opened(tmp_path / "a.ply", warnings=told)
    for index, name in enumerate(("flags", "", "quality", "region", "level")):
        assert not name or values(mesh.GetCellData(), name).tolist() == [face[index] for face in FACES]
    assert [mesh.GetCell(row).GetNumberOfPoints() for row in range(3)] == [4, 3, 3]
    assert len(told) == 1 and told[0].endswith("is left out: the lists neighbours of face")


def test_a_cloud_of_points(tmp_path: Path) -> None:
    (tmp_path / "a.ply").write_text(
        "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
        "property float scalar_Intensity\nproperty float red\nproperty float green\nproperty float blue\nend_header\n"
        "0 0 0 5 0.5 0 1\n1 0 0 6 0.25 0 1\n0 1 0 7 0 0 1\n"
    )
    cloud = opened(tmp_path / "a.ply")
    assert values(cloud.GetPointData(), "scalar_Intensity").tolist() == [5, 6, 7]
    assert values(cloud.GetPointData(), "RGB").tolist() == [[0.5, 0, 1], [0.25, 0, 1], [0, 0, 1]]
    assert cloud.GetNumberOfVerts() == 3


@pytest.mark.parametrize("binary", [True, False])
def test_what_meshio_writes(tmp_path: Path, binary: bool) -> None:
    places = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]) + 0.1
    mesh = meshio.Mesh(places, [("triangle", np.array([[0, 1, 2], [0, 2, 3]]))], {"heat": np.arange(4.0) / 3})
    meshio.write(tmp_path / "a.ply", mesh, binary=binary)
    found = opened(tmp_path / "a.ply")
    np.testing.assert_array_equal(points(found), places)
    np.testing.assert_array_equal(values(found.GetPointData(), "heat"), np.arange(4) / 3)
    assert volume(found, "Area") == pytest.approx(1)


@pytest.mark.parametrize("encoding", ["binary", "ascii"])
def test_what_trimesh_writes(tmp_path: Path, encoding: str) -> None:
    mesh = trimesh.creation.box((1, 2, 3))
    mesh.visual.vertex_colors = np.arange(32, dtype=np.uint8).reshape(8, 4)
    mesh.export(tmp_path / "a.ply", encoding=encoding)
    found = opened(tmp_path / "a.ply")
    np.testing.assert_allclose(points(found), mesh.vertices)
    assert values(found.GetPointData(), "RGBA").tolist() == np.arange(32).reshape(8, 4).tolist()
    assert volume(found, "Area") == pytest.approx(22)


THREE = (
    "ply\nformat ascii 1.0\nelement vertex 3\n{}property float x\nproperty float y\nproperty float z\n{}end_header\n"
)


@pytest.mark.parametrize(
    "names", [("red",), ("red", "green"), ("nx", "nz"), ("u",), ("texture_v",), ("alpha",), ("red", "blue", "alpha")]
)
@pytest.mark.parametrize("kind", ["uchar", "float"])
def test_properties_of_which_some_are_missing_are_arrays(tmp_path: Path, names: tuple[str, ...], kind: str) -> None:
    """VTK reads colors, normals and places in pictures where all of them are there."""
    properties = "".join(f"property {kind} {name}\n" for name in names)
    rows = [[10 * row + column + 1 for column in range(len(names))] for row in range(3)]
    text = "".join(f"{' '.join(map(str, row))} {index} 0 0\n" for index, row in enumerate(rows))
    (tmp_path / "a.ply").write_text(THREE.format(properties, "") + text)
    made = opened(tmp_path / "a.ply")
    assert [values(made.GetPointData(), name).tolist() for name in names] == np.transpose(rows).tolist()
    assert points(made)[:, 0].tolist() == [0, 1, 2]


def test_elements_that_are_left_out_are_told(tmp_path: Path) -> None:
    edges = "element edge 2\nproperty int vertex1\nproperty int vertex2\n"
    (tmp_path / "a.ply").write_text(THREE.format("", edges) + "0 0 0\n1 0 0\n2 0 0\n0 1\n1 2\n")
    warnings: list[str] = []
    assert opened(tmp_path / "a.ply", warnings=warnings).GetNumberOfPoints() == 3
    assert [one for one in warnings if "left out: edge (2)" in one]


def test_triangles_in_strips_are_refused(tmp_path: Path) -> None:
    strips = "element tristrips 1\nproperty list int int vertex_indices\n"
    (tmp_path / "a.ply").write_text(THREE.format("", strips) + "0 0 0\n1 0 0\n2 1 0\n3 0 1 2\n")
    with pytest.raises(ExecutionFailed, match="its triangles are in strips"):
        opened(tmp_path / "a.ply")


@pytest.mark.parametrize("form", ["ascii", "binary_little_endian", "binary_big_endian"])
@pytest.mark.parametrize("sides", [(3, 3), (3, 4)])
def test_elements_may_come_in_any_order(tmp_path: Path, form: str, sides: tuple[int, int]) -> None:
    start, vertex, face = HEADER.format(form).partition("element vertex")[0], *_elements_said()
    faces = [[*range(count)] for count in sides]
    if form == "ascii":
        of_faces = "".join(f"{len(one)} {' '.join(map(str, one))} {9 + i}\n" for i, one in enumerate(faces)).encode()
        of_vertices = by_hand(form).split(b"end_header\n")[1][: -len(b"3 0 1 2 7\n3 0 2 3 8\n")]
    else:
        order = "<" if "little" in form else ">"
        of_faces = b"".join(struct.pack(f"{order}B{len(one)}ii", len(one), *one, 9 + i) for i, one in enumerate(faces))
        of_vertices = by_hand(form).split(b"end_header\n")[1][: -2 * 17]
    (tmp_path / "a.ply").write_bytes(f"{start}{face}{vertex}end_header\n".encode() + of_faces + of_vertices)
    mesh = opened(tmp_path / "a.ply")
    assert points(mesh).tolist() == [list(place) for place in PLACES]
    assert values(mesh.GetPointData(), "RGB").tolist() == [[i, 2, 3] for i in range(4)]
    assert [mesh.GetCell(index).GetNumberOfPoints() for index in range(2)] == list(sides)
    assert [mesh.GetCell(1).GetPointId(index) for index in range(sides[1])] == faces[1]
    if sides == (3, 3):
        assert values(mesh.GetCellData(), "part").tolist() == [9, 10]


def _elements_said() -> tuple[str, str]:
    """Return what the header says of vertices and of faces."""
    said = HEADER[HEADER.index("element vertex") : HEADER.index("end_header")]
    return said[: said.index("element face")], said[said.index("element face") :]

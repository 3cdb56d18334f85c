"""Small meshes and surfaces in plain Python, after the published descriptions of their formats."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np

from .known_meshes import FACES, HEAT, HEXAHEDRON, PLACES, SOLID, STRESS, TETRA, lines, ones

GMSH: Final = (
    "$MeshFormat\n4.1 0 8\n$EndMeshFormat\n$Entities\n0 0 0 1\n1 0 0 0 2 1 1 0 0\n$EndEntities\n"
    f"$Nodes\n1 9 1 9\n3 1 0 9\n{lines([()] * 9)}{lines(PLACES, None)}$EndNodes\n"
    f"$Elements\n2 2 1 2\n3 1 4 1\n{lines([ones(TETRA)])}3 1 5 1\n{lines([ones(HEXAHEDRON)], 2)}"
    f'$EndElements\n$NodeData\n1\n"heat"\n1\n0\n3\n0\n1\n9\n{lines(HEAT[:, None])}$EndNodeData\n'
    f'$ElementData\n1\n"stress"\n1\n0\n3\n0\n1\n2\n{lines(STRESS[:, None])}$EndElementData\n'
)
"""Gmsh's reference manual, version 4.1 of the format."""
ABAQUS: Final = (
    "*HEADING\nby hand\n*NODE\n" + lines(PLACES).replace(" ", ", ")
    + "*ELEMENT, TYPE=C3D4\n" + lines([ones(TETRA)]).replace(" ", ", ")
    + "*ELEMENT, TYPE=C3D8\n" + lines([ones(HEXAHEDRON)], 2).replace(" ", ", ")
)  # fmt: skip
NASTRAN: Final = (
    "SOL 101\nCEND\nBEGIN BULK\n"
    + "".join(f"GRID,{n},,{x},{y},{z}\n" for n, (x, y, z) in enumerate(PLACES, 1))
    + f"CTETRA,1,1,{','.join(map(str, ones(TETRA)))}\n"
    + f"CHEXA,2,1,{','.join(map(str, ones(HEXAHEDRON)[:6]))},+\n+,{','.join(map(str, ones(HEXAHEDRON)[6:]))}\nENDDATA\n"
)
"""MSC Nastran's Quick Reference Guide: free fields, with a row that is continued."""
SU2: Final = (
    "% by hand\nNDIME= 3\nNELEM= 2\n" + lines([(10, *TETRA, 0), (12, *HEXAHEDRON, 1)], None)
    + "NPOIN= 9\n" + lines([(*place, number) for number, place in enumerate(PLACES)], None) + "NMARK= 0\n"
)  # fmt: skip
MEDIT: Final = (
    "MeshVersionFormatted 2\n# by hand\nDimension\n3\nVertices\n9\n" + lines([(*place, 0) for place in PLACES], None)
    + "Tetrahedra\n1\n" + lines([(*ones(TETRA), 1)], None)
    + "Hexahedra\n1\n" + lines([(*ones(HEXAHEDRON), 2)], None) + "End\n"
)  # fmt: skip
NETGEN: Final = (
    "mesh3d\ndimension\n3\ngeomtype\n0\n\nvolumeelements\n1\n" + lines([(1, 4, *ones((1, 2, 8, 5)))], None)
    + "\npoints\n9\n" + lines(PLACES, None) + "\nendmesh\n"
)  # fmt: skip
"""Netgen's tetrahedra have the opposite sense of rotation: its volume of one is -det / 6."""
UCD: Final = (
    f"# by hand\n9 2 1 1 0\n{lines(PLACES)}1 1 tet {lines([ones(TETRA)], None)}2 1 hex "
    f"{lines([ones(HEXAHEDRON)], None)}1 1\nheat, K\n{lines(HEAT[:, None])}1 1\nstress, Pa\n{lines(STRESS[:, None])}"
)
"""The description of UCD in AVS's user guide; see `turned_ucd` for its order of points."""
TECPLOT: Final = (
    'TITLE = "by hand"\nVARIABLES = "X" "Y" "Z" "heat" "stress"\nZONE NODES=9, ELEMENTS=1, DATAPACKING=BLOCK, '
    "ZONETYPE=FEBRICK, VARLOCATION=([5]=CELLCENTERED)\n"
    + "".join(" ".join(map(str, column)) + "\n" for column in (*PLACES.T, HEAT, [5.0]))
    + lines([ones(HEXAHEDRON)], None)
)  # fmt: skip
DOLFIN: Final = (
    '<?xml version="1.0"?>\n<dolfin xmlns:dolfin="http://fenicsproject.org">\n<mesh celltype="tetrahedron" dim="3">\n'
    '<vertices size="9">\n'
    + "".join(f'<vertex index="{n}" x="{x}" y="{y}" z="{z}" />\n' for n, (x, y, z) in enumerate(PLACES))
    + '</vertices>\n<cells size="1">\n<tetrahedron index="0" v0="1" v1="8" v2="2" v3="5" />\n'
    + "</cells>\n</mesh>\n</dolfin>\n"
)
PERMAS: Final = (
    "! by hand\n$ENTER COMPONENT NAME=DFLT_COMP DOFTYPE=DISP\n$STRUCTURE\n$COOR\n" + lines(PLACES)
    + "$ELEMENT TYPE=TET4\n" + lines([ones(TETRA)]) + "$ELEMENT TYPE=HEXE8\n" + lines([ones(HEXAHEDRON)], 2)
    + "$END STRUCTURE\n$EXIT COMPONENT\n$FIN\n"
)  # fmt: skip
FLAC: Final = (
    "* FLAC3D grid by hand\n* GRIDPOINTS\n" + "".join("G " + row + "\n" for row in lines(PLACES).splitlines())
    + "* ZONES\nZ T4 1 " + lines([ones((1, 8, 2, 5))], None) + "Z B8 2 " + lines([ones((0, 1, 3, 4, 2, 7, 5, 6))], None)
)  # fmt: skip
"""Itasca's order of a brick: the corner, its three neighbours, those between them, the opposite corner."""
OBJ: Final = "# by hand\n" + "".join("v " + row + "\n" for row in lines(SOLID, None).splitlines()) + "".join(
    f"f {a + 1}//1 {b - 4}//1 {c + 1}//1\n" for a, b, c in FACES
).replace("f 1", "vn 0 0 1\nf 1", 1)  # fmt: skip
OFF: Final = "OFF\n# by hand\n4 4 6\n" + lines(SOLID, None) + lines([(3, *face) for face in FACES], None)
PLY: Final = (
    "ply\nformat ascii 1.0\ncomment by hand\nelement vertex 4\nproperty double x\nproperty double y\n"
    "property double z\nelement face 4\nproperty list uchar int vertex_indices\nend_header\n"
    + lines(SOLID, None) + lines([(3, *face) for face in FACES], None)
)  # fmt: skip


def stl_by_hand(path: Path) -> None:
    """Text, with normals left to the program that reads."""
    faces = "".join(
        "facet normal 0 0 0\nouter loop\n"
        + "".join("vertex " + " ".join(map(str, SOLID[one])) + "\n" for one in face)
        + "endloop\nendfacet\n"
        for face in FACES
    )
    path.write_text(f"solid by hand\n{faces}endsolid by hand\n")


def gltf_by_hand(path: Path) -> None:
    """glTF 2.0 with its numbers in the file, as base64, and a node that moves the mesh by (1, 0, 0)."""
    points, numbers = (SOLID - (1, 0, 0)).astype("<f4").tobytes(), np.array(FACES, "<u2").tobytes()
    data = base64.b64encode(points + numbers).decode()
    low, high = (SOLID - (1, 0, 0)).min(0).tolist(), (SOLID - (1, 0, 0)).max(0).tolist()
    path.write_text(json.dumps({
        "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "translation": [1, 0, 0]}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3", "min": low, "max": high},
            {"bufferView": 1, "componentType": 5123, "count": 12, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 48}, {"buffer": 0, "byteOffset": 48, "byteLength": 24},
        ],
        "buffers": [{"byteLength": 72, "uri": f"data:application/octet-stream;base64,{data}"}],
    }))  # fmt: skip


def aflr_by_hand(path: Path) -> None:
    """AFLR3's .ugrid as text: counts, places, then tetrahedra and hexahedra; there are no surfaces."""
    path.write_text(
        "9 0 0 1 0 0 1\n" + lines(PLACES, None) + lines([ones(TETRA)], None) + lines([ones(HEXAHEDRON)], None)
    )


def tetgen_by_hand(path: Path) -> None:
    """TetGen's manual: numbers from 1, as its switch without -z gives them."""
    path.with_suffix(".node").write_text("# by hand\n9 3 0 0\n" + lines(PLACES))
    path.write_text("1 4 0\n" + lines([ones(TETRA)]))


def fluent_by_hand(path: Path) -> None:
    """A tetrahedron as FLUENT has it: nodes, and faces with their normals into the first of their two cells."""
    faces = "".join(f"3 {c + 1:x} {b + 1:x} {a + 1:x} 1 0\n" for a, b, c in FACES)
    path.write_text(
        '(0 "by hand")\n(2 3)\n(10 (0 1 4 0 3))\n(12 (0 1 1 0))\n(13 (0 1 4 0))\n'
        f"(10 (1 1 4 1 3)(\n{lines(SOLID, None)}))\n(12 (2 1 1 1 2))\n(13 (3 1 4 3 0)(\n{faces}))\n"
        "(39 (2 fluid rock)())\n(39 (3 wall skin)())\n"
    )


def xdmf_by_hand(path: Path) -> None:
    """XDMF 3: cells of two kinds in one list, behind their numbers (6 tetrahedron, 9 hexahedron), at two times."""

    def item(values: Any, form: str) -> str:
        numbers = " ".join(map(str, np.asarray(values).ravel().tolist()))
        return f'<DataItem Dimensions="{" ".join(map(str, np.shape(values)))}" {form}>{numbers}</DataItem>'

    whole, real = 'NumberType="Int"', 'NumberType="Float" Precision="8"'
    cells = item([6, *TETRA, 9, *HEXAHEDRON], whole)
    steps = "".join(
        f'<Grid Name="g"><Time Value="{time}"/><Topology TopologyType="Mixed" NumberOfElements="2">{cells}</Topology>'
        f'<Geometry GeometryType="XYZ">{item(PLACES, real)}</Geometry>'
        f'<Attribute Name="heat" Center="Node">{item(HEAT + 100 * number, real)}</Attribute>'
        f'<Attribute Name="stress" Center="Cell">{item(STRESS + 100 * number, real)}</Attribute></Grid>'
        for number, time in enumerate((0.5, 1.5))
    )
    series = f'<Grid Name="t" GridType="Collection" CollectionType="Temporal">{steps}</Grid>'
    path.write_text(f'<?xml version="1.0"?><Xdmf Version="3.0"><Domain>{series}</Domain></Xdmf>')


def vtu_by_hand(path: Path) -> None:
    """VTK's XML format: numbers as they are, appended, behind the number of their bytes."""
    parts = [
        ("Float64", "Points", PLACES), ("Int64", "connectivity", np.array([*TETRA, *HEXAHEDRON])),
        ("Int64", "offsets", np.array([4, 12])), ("UInt8", "types", np.array([10, 12], "u1")),
        ("Float64", "heat", HEAT), ("Float64", "stress", STRESS),
    ]  # fmt: skip
    raw, tags = b"", {}
    for kind, name, numbers in parts:
        wide = 3 if name == "Points" else 1
        tags[name] = (
            f'<DataArray type="{kind}" Name="{name}" NumberOfComponents="{wide}" format="appended" '
            f'offset="{len(raw)}"/>'
        )
        raw += struct.pack("<I", numbers.nbytes) + numbers.tobytes()
    head = (
        '<VTKFile type="UnstructuredGrid" version="0.1" byte_order="LittleEndian"><UnstructuredGrid>'
        f'<Piece NumberOfPoints="9" NumberOfCells="2"><PointData>{tags["heat"]}</PointData>'
        f"<CellData>{tags['stress']}</CellData><Points>{tags['Points']}</Points><Cells>{tags['connectivity']}"
        f'{tags["offsets"]}{tags["types"]}</Cells></Piece></UnstructuredGrid><AppendedData encoding="raw">_'
    )
    path.write_bytes(head.encode() + raw + b"</AppendedData></VTKFile>")


def vtkhdf_by_hand(path: Path) -> None:
    """VTKHDF 2.0 after VTK's file formats page."""
    with h5py.File(path, "w") as file:
        root = file.create_group("VTKHDF")
        root.attrs["Version"] = (2, 0)
        root.attrs.create("Type", np.bytes_("UnstructuredGrid"), dtype=h5py.string_dtype("ascii", 16))
        for name, numbers in {
            "NumberOfPoints": [9], "NumberOfCells": [2], "NumberOfConnectivityIds": [12], "Offsets": [0, 4, 12],
            "Connectivity": [*TETRA, *HEXAHEDRON],
        }.items():  # fmt: skip
            root.create_dataset(name, data=np.array(numbers, "i8"))
        root.create_dataset("Types", data=np.array([10, 12], "u1"))
        for name, values in (("Points", PLACES), ("PointData/heat", HEAT), ("CellData/stress", STRESS)):
            root.create_dataset(name, data=values)


def vtp_by_hand(path: Path) -> None:
    """VTK's XML format: numbers as base64, behind that of the number of their bytes."""

    def numbers(kind: str, name: str, values: Any) -> str:
        raw = struct.pack("<I", values.nbytes) + values.tobytes()
        return (
            f'<DataArray type="{kind}" Name="{name}" NumberOfComponents="{values.shape[-1] if values.ndim > 1 else 1}" '
            f'format="binary">{base64.b64encode(raw).decode()}</DataArray>'
        )

    path.write_text(
        '<VTKFile type="PolyData" version="0.1" byte_order="LittleEndian"><PolyData><Piece NumberOfPoints="4" '
        f'NumberOfPolys="4"><Points>{numbers("Float64", "p", SOLID)}</Points>'
        f"<Polys>{numbers('Int32', 'connectivity', np.array(FACES, 'i4').ravel())}"
        f"{numbers('Int32', 'offsets', np.array([3, 6, 9, 12], 'i4'))}</Polys></Piece></PolyData></VTKFile>"
    )


LEGACY: Final = (
    "# vtk DataFile Version 3.0\nby hand\nASCII\nDATASET UNSTRUCTURED_GRID\nPOINTS 9 double\n" + lines(PLACES, None)
    + "CELLS 2 14\n" + lines([(4, *TETRA), (8, *HEXAHEDRON)], None) + "CELL_TYPES 2\n10\n12\n"
    + "POINT_DATA 9\nSCALARS heat double 1\nLOOKUP_TABLE default\n" + lines(HEAT[:, None], None)
    + "CELL_DATA 2\nFIELD FieldData 1\nstress 1 2 double\n" + lines(STRESS[:, None], None)
)  # fmt: skip
"""VTK's file formats page: version 3.0, text."""

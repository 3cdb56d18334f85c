"""Ways by names in files that are texts: XML, JSON, headers of images, cases."""

from __future__ import annotations

import json
from typing import Final

from .place import CASE, GEOMETRY, Place, Step, Way, created, opened, way, ways

XML: Final = '<?xml version="1.0"{encoding}?>{before}<VTKFile type="{kind}" version="1.0"{more}>{body}</VTKFile>'
BLOCKS: Final = '<vtkMultiBlockDataSet><DataSet index="0" file="{}"/></vtkMultiBlockDataSet>'
POINTS: Final = '<PDataArray type="Float32" Name="Points" NumberOfComponents="3"/>'
DOTS: Final = "../outside/sphere.vtp"


def _xml(kind: str, body: str, *, encoding: str = "", before: str = "", more: str = "") -> str:
    said = f' encoding="{encoding}"' if encoding else ""
    return XML.format(kind=kind, body=body, encoding=said, before=before, more=more)


def _blocks(name: str, **options: str) -> str:
    return _xml("vtkMultiBlockDataSet", BLOCKS.format(name), **options)


def _vtm(file: str, name: str, **options: str) -> Way:
    return lambda p: opened(p.text(file, _blocks(name, **options)))


ENTITY: Final = '<!DOCTYPE VTKFile [<!ENTITY out "../outside/sphere.vtp">]>'
EXTERNAL: Final = '<!DOCTYPE VTKFile [<!ENTITY out SYSTEM "../outside/table.csv">]>'
ways(
    "xml_block",
    {
        "dots": _vtm("x1.vtm", DOTS),
        "absolute": lambda p: opened(p.text("x2.vtm", _blocks(str(p.outside / "sphere.vtp")))),
        "link": lambda p: (p.link("x3.vtp", "sphere.vtp"), opened(p.text("x3.vtm", _blocks("x3.vtp"))))[1],
        "link_of_a_directory": lambda p: (p.link("x4", "."), opened(p.text("x4.vtm", _blocks("x4/sphere.vtp"))))[1],
        "numbers_of_characters": _vtm("x5.vtm", "&#46;&#46;/outside/sphere.vtp"),
        "entity": _vtm("x6.vtm", "&out;", before=ENTITY),
        "external_entity": _vtm("x7.vtm", DOTS + '"/>&out;<DataSet file="', before=EXTERNAL),
        "utf16": lambda p: opened(p.text("x8.vtm", _blocks(DOTS, encoding="UTF-16").encode("utf-16"))),
        "utf16_without_a_mark": lambda p: opened(p.text("x9.vtm", _blocks(DOTS).encode("utf-16-be"))),
        "latin": _vtm("x10.vtm", DOTS, encoding="ISO-8859-1"),
        "after_a_comment": _vtm("x11.vtm", DOTS, before="<!-- " + "x" * 2_000_000 + " -->"),
        "nested": lambda p: (p.text("x12i.vtm", _blocks(DOTS)), opened(p.text("x12.vtm", _blocks("x12i.vtm"))))[1],
        "by_another_extension": lambda p: created("vtkXMLMultiBlockDataReader", FileName=p.text("x13", _blocks(DOTS))),
    },
)


def _pieces(kind: str, inner: str, attributes: str, file: str) -> Way:
    def make(p: Place) -> list[Step]:
        body = f'<{kind} {attributes}>{inner}<Piece Source="../outside/{file}" Extent="0 3 0 3 0 3"/></{kind}>'
        return opened(p.text(f"pieces.{kind.lower()[:1]}{file.rpartition('.')[2]}", _xml(kind, body)))

    return make


WHOLE: Final = 'WholeExtent="0 3 0 3 0 3" GhostLevel="0"'
ways(
    "xml_pieces",
    {
        "surface": _pieces("PPolyData", f"<PPoints>{POINTS}</PPoints>", 'GhostLevel="0"', "sphere.vtp"),
        "mesh": _pieces("PUnstructuredGrid", f"<PPoints>{POINTS}</PPoints>", 'GhostLevel="0"', "mesh.vtu"),
        "image": _pieces("PImageData", "", WHOLE + ' Origin="0 0 0" Spacing="1 1 1"', "image.vti"),
        "grid": _pieces("PStructuredGrid", f"<PPoints>{POINTS}</PPoints>", WHOLE, "grid.vts"),
        "partitions": lambda p: opened(
            p.text(
                "q1.vtpd",
                _xml(
                    "vtkPartitionedDataSet",
                    f'<vtkPartitionedDataSet><DataSet index="0" file="{DOTS}"/></vtkPartitionedDataSet>',
                ),
            )
        ),
        "collection": lambda p: opened(
            p.text(
                "q2.vtpc",
                _xml(
                    "vtkPartitionedDataSetCollection",
                    '<vtkPartitionedDataSetCollection><Partitions index="0"><DataSet index="0" '
                    f'file="{DOTS}"/></Partitions></vtkPartitionedDataSetCollection>',
                ),
            )
        ),
        "legacy": lambda p: created(
            "vtkPDataSetReader",
            FileName=p.text(
                "q3.pvtk",
                '<File version="pvtk-1.0" dataType="vtkPolyData" numberOfPieces="1"><Piece '
                'fileName="../outside/sphere.vtk"/></File>',
            ),
        ),
        "pieces_named_in_utf16": lambda p: opened(
            p.text(
                "q4.pvtp",
                _xml(
                    "PPolyData",
                    f'<PPolyData GhostLevel="0"><PPoints>{POINTS}</PPoints><Piece Source="{DOTS}"/></PPolyData>',
                    encoding="UTF-16",
                ).encode("utf-16"),
            )
        ),
    },
)


def _collection(name: str, file: str) -> Way:
    body = f'<Collection><DataSet timestep="0" part="0" file="{name}"/></Collection>'
    return lambda p: opened(p.text(file, _xml("Collection", body)))


def _series(text: str, file: str) -> Way:
    return lambda p: opened(p.text(file, text))


LISTED: Final = {"file-series-version": "1.0", "files": [{"name": DOTS, "time": 0}]}
ways(
    "times",
    {
        "pvd": _collection(DOTS, "t1.pvd"),
        "pvd_entity": _collection("&#x2e;&#x2e;/outside/sphere.vtp", "t2.pvd"),
        "pvd_of_blocks": _collection("../outside/blocks.vtm", "t3.pvd"),
        "series": _series(json.dumps(LISTED), "t4.vtp.series"),
        "series_escaped": _series(json.dumps(LISTED).replace("..", "\\u002e\\u002e"), "t5.vtp.series"),
    },
)

META: Final = "ObjectType = Image\nNDims = 3\nDimSize = 4 4 4\nElementType = MET_UCHAR\nElementDataFile = {}\n"
NRRD: Final = "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 4 4 4\nencoding: raw\ndata file: {}\n\n"
ways(
    "image",
    {
        "mhd": lambda p: opened(p.text("i1.mhd", META.format("../outside/raw.bin"))),
        "mhd_link": lambda p: (p.link("i2.raw", "raw.bin"), opened(p.text("i2.mhd", META.format("i2.raw"))))[1],
        "mhd_list": lambda p: opened(p.text("i3.mhd", META.format("LIST\n" + "../outside/slice.1\n" * 4))),
        "mhd_pattern": lambda p: opened(p.text("i4.mhd", META.format("../outside/slice.%d 1 1 1"))),
        "mhd_by_another_extension": lambda p: created(
            "vtkMetaImageReader", FileName=p.text("i5", META.format("../outside/raw.bin"))
        ),
        "nhdr": lambda p: opened(p.text("i6.nhdr", NRRD.format("../outside/raw.bin"))),
        "nhdr_list": lambda p: opened(
            p.text("i7.nhdr", NRRD.format("LIST\n" + "../outside/slice.1\n" * 4).strip() + "\n")
        ),
        "nhdr_pattern": lambda p: opened(p.text("i8.nhdr", NRRD.format("../outside/slice.%d 1 1 1 2"))),
        "nhdr_by_vtk": lambda p: created(
            "vtkNrrdReader", FileName=p.text("i9.nhdr", NRRD.format("../outside/raw.bin"))
        ),
    },
)

SIX: Final = GEOMETRY.replace("part\n1", "part 1")
ways(
    "ensight",
    {
        "geometry": lambda p: opened(p.text("e1.case", CASE.format("../outside/geo.ens"))),
        "geometry_quoted": lambda p: opened(p.text("e2.case", CASE.format('"../outside/geo.ens"'))),
        "variable": lambda p: opened(
            p.text("e3.case", CASE.format("geo.ens") + "VARIABLE\nscalar per node: p ../outside/p.ens\n")
        ),
        "link": lambda p: (p.link("e4.ens", "geo.ens"), opened(p.text("e4.case", CASE.format("e4.ens"))))[1],
        "blanks": lambda p: (
            p.link("with blank", "geo.ens"),
            opened(p.text("e5.case", CASE.format("with blank"))),
        )[1],
        "numbered": lambda p: (
            p.link("e6.0001", "geo.ens"),
            opened(
                p.text(
                    "e6.case",
                    CASE.format("1 e6.****")
                    + "TIME\ntime set: 1\nnumber of steps: 1\nfilename start number: 1\nfilename increment: 1\n"
                    "time values: 0\n",
                )
            ),
        )[1],
        "servers": lambda p: created(
            "vtkEnSightMasterServerReader",
            CaseFileName=p.text(
                "e7.sos",
                "FORMAT\ntype: master_server gold\nSERVERS\nnumber of servers: 1\n#Server 1\nmachine id: a\n"
                "executable: b\ndata_path: .\ncasefile: ../outside/a.case\n",
            ),
        ),
    },
)

GLTF: Final = {
    "asset": {"version": "2.0"},
    "buffers": [{"byteLength": 36, "uri": "../outside/tri.bin"}],
    "bufferViews": [{"buffer": 0, "byteLength": 36}],
    "accessors": [
        {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]}
    ],
    "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
    "nodes": [{"mesh": 0}],
    "scenes": [{"nodes": [0]}],
    "scene": 0,
}
ways(
    "gltf",
    {
        "buffer": lambda p: opened(p.text("g1.gltf", json.dumps(GLTF))),
        "percent": lambda p: opened(p.text("g2.gltf", json.dumps(GLTF).replace("../", "%2e%2e/"))),
        "escaped": lambda p: opened(p.text("g3.gltf", json.dumps(GLTF).replace("../", "\\u002e\\u002e/"))),
        "url": lambda p: opened(
            p.text("g4.gltf", json.dumps(GLTF).replace("../outside/tri.bin", f"file://{p.outside}/tri.bin"))
        ),
        "link": lambda p: (
            p.link("g5.bin", "tri.bin"),
            opened(p.text("g5.gltf", json.dumps(GLTF).replace("../outside/tri.bin", "g5.bin"))),
        )[1],
    },
)


@way
def abaqus_include(p: Place) -> list[Step]:
    return opened(p.text("a1.inp", "*INCLUDE, INPUT=../outside/points.inp\n"))


@way
def plot3d_list(p: Place) -> list[Step]:
    listed = {"auto-detect-format": True, "filenames": [{"time": 0, "xyz": "../outside/raw.bin"}]}
    return created("vtkPlot3DMetaReader", FileName=p.text("l.p3d", json.dumps(listed)))


@way
def motion_of_a_mesh(p: Place) -> list[Step]:
    text = "tstart_prescribe=0.0\nlength_time_units=Second\nMOTION_BEGIN\nSTL=../outside/tri.stl\nMOTION_END\n"
    return created("vtkMotionFXCFGReader", FileName=p.text("m.cfg", text))


@way
def tiles(p: Place) -> list[Step]:
    root = {"boundingVolume": {"box": [0] * 12}, "geometricError": 0, "content": {"uri": "../outside/tri.bin"}}
    return created(
        "vtkCesium3DTilesReader",
        FileName=p.text("tileset.json", json.dumps({"asset": {"version": "1.0"}, "root": root})),
    )


PLOTFILE = """HyperCLaw-V1.1
1
rho
3
0.0
0
0 0 0
1 1 1

((0,0,0) (1,1,1) (0,0,0))
0
0.5 0.5 0.5
0
0
0 1 0.0
0
0 1
0 1
0 1
{}
"""
BOXES = "1\n0\n1\n0\n(1 0\n((0,0,0) (1,1,1) (0,0,0))\n)\n1\nFabOnDisk: {} 0\n\n1,1,\n0,\n\n1,1,\n1,\n"
NUMBERS = b"FAB ((8, (64 11 52 0 1 12 0 1023)),(8, (8 7 6 5 4 3 2 1)))((0,0,0) (1,1,1) (0,0,0)) 1\n" + bytes(64)


def _plotfile(p: Place, name: str, boxes: str, numbers: str) -> list[Step]:
    (p.outside / "Cell_H").write_text(BOXES.format("Cell_D"))
    (p.outside / "Cell_D").write_bytes(NUMBERS)
    p.text(f"{name}/Header", PLOTFILE.format(boxes))
    p.text(f"{name}/Level_0/Cell_H", BOXES.format(numbers))
    return created("vtkAMReXGridReader", FileName=str(p.root / name))


ways(
    "plotfile",
    {
        "boxes": lambda p: _plotfile(p, "q1", "../../outside/Cell", "none"),
        "numbers": lambda p: _plotfile(p, "q2", "Level_0/Cell", "../../../outside/Cell_D"),
        "link": lambda p: (p.link("q3/Level_0/Cell_D", "Cell_D"), _plotfile(p, "q3", "Level_0/Cell", "Cell_D"))[1],
    },
)

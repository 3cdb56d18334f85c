"""OpenFOAM and Nek5000: cases open through whichever of their files is named, with values at places and times."""

import shutil
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.reader_choice import choose_reader

from ..harness.opening import leaves, opened, points, times, values, volume

TIMES = {"0": (0, 0), "0.5": (1, 2), "1": (3, 5)}


def head(kind: str, name: str) -> str:
    return f"FoamFile\n{{\n version 2.0;\n format ascii;\n class {kind};\n object {name};\n}}\n"


def numbered(items: list[str]) -> str:
    return f"{len(items)}\n(\n" + "\n".join(items) + "\n)\n"


def corner(x: int, y: int, z: int) -> int:
    return x + 3 * y + 6 * z


def write_mesh(mesh: Path) -> None:
    """Two cubes side by side along x."""
    mesh.mkdir(parents=True)
    faces = [[(1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)]]
    faces += [[(0, 0, 0), (0, 0, 1), (0, 1, 1), (0, 1, 0)], [(2, 0, 0), (2, 1, 0), (2, 1, 1), (2, 0, 1)]]
    for c in (0, 1):
        faces += [
            [(c, 0, 0), (c, 1, 0), (c + 1, 1, 0), (c + 1, 0, 0)],
            [(c, 0, 1), (c + 1, 0, 1), (c + 1, 1, 1), (c, 1, 1)],
        ]
        faces += [
            [(c, 0, 0), (c + 1, 0, 0), (c + 1, 0, 1), (c, 0, 1)],
            [(c, 1, 0), (c, 1, 1), (c + 1, 1, 1), (c + 1, 1, 0)],
        ]
    places = [f"({x} {y} {z})" for z in (0, 1) for y in (0, 1) for x in (0, 1, 2)]
    patches = ["inlet{type patch; nFaces 1; startFace 1;}", "outlet{type patch; nFaces 1; startFace 2;}"]
    texts = {
        "points": ("vectorField", numbered(places)),
        "faces": ("faceList", numbered([f"4({' '.join(str(corner(*one)) for one in face)})" for face in faces])),
        "owner": ("labelList", numbered(["0", "0", "1", *["0"] * 4, *["1"] * 4])),
        "neighbour": ("labelList", numbered(["1"])),
        "boundary": ("polyBoundaryMesh", numbered([*patches, "walls{type wall; nFaces 8; startFace 3;}"])),
    }
    for name, (kind, text) in texts.items():
        (mesh / name).write_text(head(kind, name) + text)


def write_fields(folder: Path, name: str = "p") -> None:
    sides = (
        "boundaryField\n{\n"
        + "".join(f" {one}{{type zeroGradient;}}\n" for one in ("inlet", "outlet", "walls"))
        + "}\n"
    )
    for time, (a, b) in TIMES.items():
        (folder / time).mkdir(parents=True, exist_ok=True)
        field = f"dimensions [0 2 -2 0 0 0 0];\ninternalField nonuniform List<scalar>\n2\n(\n{a}\n{b}\n)\n;\n"
        (folder / time / name).write_text(head("volScalarField", name) + field + sides)


def write_controls(folder: Path) -> None:
    (folder / "system").mkdir(parents=True)
    (folder / "system" / "controlDict").write_text(
        head("dictionary", "controlDict")
        + "startTime 0;\nendTime 1;\ndeltaT 0.5;\nwriteControl timeStep;\nwriteInterval 1;\n"
    )


def write_case(folder: Path) -> None:
    write_mesh(folder / "constant" / "polyMesh")
    write_fields(folder)
    write_controls(folder)
    (folder / "case.foam").touch()


def check(path: Path, cells: int = 2) -> None:
    assert times(path) == (0, 0.5, 1)
    for time in (1, 0.5):
        data = opened(path, time=time)
        assert volume(data) == pytest.approx(cells)
        found = [one for _, leaf in leaves(data) for one in values(leaf.GetCellData(), "p").tolist()]
        assert found == list(TIMES[f"{time:g}"]) * (cells // 2)


@pytest.mark.parametrize("name", ["case.foam", "system/controlDict", ""])
def test_a_case_by_its_empty_file_its_controls_or_its_folder(tmp_path: Path, name: str) -> None:
    write_case(tmp_path / "case")
    check(tmp_path / "case" / name)


def test_a_case_without_controls(tmp_path: Path) -> None:
    write_case(tmp_path)
    shutil.rmtree(tmp_path / "system")
    check(tmp_path / "case.foam")


def test_a_case_in_parts(tmp_path: Path) -> None:
    write_controls(tmp_path)
    (tmp_path / "case.foam").touch()
    for number in (0, 1):
        write_mesh(tmp_path / f"processor{number}" / "constant" / "polyMesh")
        write_fields(tmp_path / f"processor{number}")
    check(tmp_path / "case.foam", cells=4)


def test_a_case_of_regions(tmp_path: Path) -> None:
    write_controls(tmp_path)
    (tmp_path / "case.foam").touch()
    for region in ("air", "solid"):
        write_mesh(tmp_path / "constant" / region / "polyMesh")
        for time in TIMES:
            (tmp_path / time).mkdir(exist_ok=True)
        write_fields(tmp_path / "fields", "p")
        for time in TIMES:
            shutil.copytree(tmp_path / "fields" / time, tmp_path / time / region)
    shutil.rmtree(tmp_path / "fields")
    (tmp_path / "constant" / "regionProperties").write_text("regions (fluid (air) solid (solid));")
    check(tmp_path / "case.foam", cells=4)


def write_nek(path: Path, time: float, kind: str, *, places: bool) -> None:
    """Two elements of 3 x 3 x 3 points side by side along x, as the manual of Nek5000 describes its .fld files."""
    axis = np.linspace(0, 1, 3)
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    elements = [(x, y, z), (x + 1, y, z)]
    size, order = int(kind[2]), kind[0]
    content = ("X" if places else "") + "UP"
    header = f"#std {size} {3:2} {3:2} {3:2} {2:10} {2:10} {time:20.13E} {0:9} {0:6} {1:6} {content}".ljust(132)
    fields: list[list[Any]] = [[*one] for one in elements] if places else []
    fields += [[one[0] + time, 2 * one[1], 3 * one[2]] for one in elements] + [[10 * one[0] + time] for one in elements]
    numbers = b"".join(part.astype(kind).tobytes() for field in fields for part in field)
    path.write_bytes(header.encode() + struct.pack(f"{order}f2i", 6.54321, 1, 2) + numbers)


@pytest.mark.parametrize("kind", ["<f4", ">f4", "<f8"])
@pytest.mark.parametrize("name", ["run.nek5000", "run0.f00002"])
def test_nek5000(tmp_path: Path, kind: str, name: str) -> None:
    write_nek(tmp_path / "run0.f00001", 0.25, kind, places=True)
    write_nek(tmp_path / "run0.f00002", 0.5, kind, places=False)
    (tmp_path / "run.nek5000").write_text("filetemplate: run%01d.f%05d\nfirsttimestep: 1\nnumtimesteps: 2\n")
    assert times(tmp_path / name) == (0.25, 0.5)
    for time in (0.5, 0.25):
        grid = opened(tmp_path / name, time=time)
        place = points(grid)
        np.testing.assert_allclose(values(grid.GetPointData(), "Pressure"), 10 * place[:, 0] + time, rtol=1e-6)
        np.testing.assert_allclose(values(grid.GetPointData(), "Velocity"), place * (1, 2, 3) + (time, 0, 0), rtol=1e-6)
    assert volume(grid) == pytest.approx(2)


def test_nek5000_without_the_file_of_the_run_says_what_to_write(tmp_path: Path) -> None:
    for number in (3, 4, 5):
        write_nek(tmp_path / f"run0.f0000{number}", 0.5, "<f4", places=True)
    message = r'run\.nek5000 with three lines, "filetemplate: run%01d\.f%05d", "firsttimestep: 3" and "numtimesteps: 3"'
    with pytest.raises(FileError, match=message):
        choose_reader(tmp_path / "run0.f00004")

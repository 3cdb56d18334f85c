"""Writing onto a disk that is full, as a program: `python -m tests.harness.full_disk DISK MODE SHARES EXTENSION...`.

DISK is an empty directory on a small file system. For each extension data is written where there is less room than it
takes, by each of the SHARES, over a file that was there before. With MODE `full` the disk stays full. With `again`
there is room as soon as the writer has done its work, as when others delete something: half a file must not be taken
for a whole one. Other MODEs are the kinds of `hindrances`, where SHARES are of no account. What came of it is printed
as lines of JSON, the name first: it is known what a process that ends was at.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import numpy as np
import vtkmodules.vtkCommonDataModel as model
from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.writers import verification, writing
from apvserver.vtk.files.writers.writing import write_data

from .hindrances import TAKEN, hindered, unharmed
from .kinds_of_data import amr, hyper_tree_grid
from .saving import OLD, array, assert_same, blocks, image, read, sphere, unstructured

SHARES: Final = (0.0, 0.3, 0.7, 0.97)
"""How much room there is, of what the file takes."""


def _noise(*dims: int) -> Any:
    made = image((dims[0], dims[1], dims[2]), "uint8", 3)
    values = np.random.default_rng(1).integers(0, 255, (dims[0] * dims[1] * dims[2], 3)).astype("uint8")
    made.GetPointData().SetScalars(array("s", values))
    return made


def _round() -> Any:
    return sphere(ThetaResolution=120, PhiResolution=120)


def _rectilinear() -> Any:
    made = model.vtkRectilinearGrid()
    made.SetDimensions(40, 40, 40)
    for axis in "XYZ":
        getattr(made, f"Set{axis}Coordinates")(array(axis, np.sort(np.random.default_rng(1).random(40))))
    made.GetPointData().AddArray(array("s", np.random.default_rng(2).random(64000)))
    return made


def _curved() -> Any:
    made = model.vtkStructuredGrid()
    made.SetDimensions(20, 20, 20)
    points = unstructured(image((20, 20, 20))).GetPoints()
    made.SetPoints(points)
    made.GetPointData().AddArray(array("s", np.random.default_rng(2).random(8000)))
    return made


def _table() -> Any:
    made = model.vtkTable()
    for name in "abc":
        made.AddColumn(array(name, np.random.default_rng(ord(name)).random(10_000)))
    return made


def _blocks(kind: str) -> Callable[[], Any]:
    def make() -> Any:
        made = blocks(kind)
        if kind == "vtkMultiBlockDataSet":
            made.SetBlock(0, _round())
        elif kind == "vtkPartitionedDataSet":
            made.SetPartition(0, _round())
        else:
            made.SetPartition(0, 0, _round())
        return made

    return make


def _cells() -> Any:
    return unstructured(image((25, 25, 25)))


def _tetrahedra() -> Any:
    filter = vtkDataSetTriangleFilter()
    filter.SetInputData(image((12, 12, 12)))
    filter.Update()
    return filter.GetOutput()


def _scalars() -> Any:
    made = image((60, 60, 60))
    made.GetPointData().SetScalars(array("s", np.random.default_rng(1).random(216_000).astype("float32")))
    return made


DATA: Final[dict[str, Callable[[], Any]]] = {
    ".vti": _scalars,
    ".vtp": _round,
    ".vtu": _cells,
    ".vts": _curved,
    ".vtr": _rectilinear,
    ".vtt": _table,
    ".pvti": _scalars,
    ".pvtp": _round,
    ".pvtu": _cells,
    ".pvts": _curved,
    ".pvtr": _rectilinear,
    ".vtm": _blocks("vtkMultiBlockDataSet"),
    ".vtpd": _blocks("vtkPartitionedDataSet"),
    ".vtpc": _blocks("vtkPartitionedDataSetCollection"),
    ".vthb": amr,
    ".htg": hyper_tree_grid,
    ".vtk": _round,
    ".vtkhdf": _cells,
    ".ply": _round,
    ".stl": _round,
    ".obj": _round,
    ".csv": _table,
    ".tsv": _table,
    ".png": lambda: _noise(300, 300, 1),
    ".jpg": lambda: _noise(300, 300, 1),
    ".jpeg": lambda: _noise(300, 300, 1),
    ".tif": lambda: _noise(300, 300, 1),
    ".tiff": _scalars,
    ".pnm": lambda: _noise(300, 300, 1),
    ".bmp": lambda: _noise(300, 300, 1),
    ".mha": _scalars,
    ".nii": _scalars,
    ".nii.gz": _scalars,
    ".ex2": _tetrahedra,
}
"""Data of a few hundred KiB, by extension."""


def main(disk: Path, mode: str, shares: list[float], extensions: list[str]) -> None:
    """Try each extension; see the module."""
    for extension in extensions:
        print(json.dumps({"extension": extension}), flush=True)
        data, place = DATA[extension](), disk / "tried"
        place.mkdir()
        write_data(str(place / f"new{extension}"), data, {})
        size = sum(one.stat().st_size for one in place.rglob("*") if one.is_file())
        first = None if extension in (".jpg", ".jpeg") else read(place / f"new{extension}")
        for share in shares:
            empty(place)
            if mode in ("full", "again"):
                tried = _tried(place, extension, data, share, size, again=mode == "again")
            else:
                tried = _tried_hindered(place, extension, data, mode, first)
            print(json.dumps(tried), flush=True)
        empty(place)
        place.rmdir()


def _tried(place: Path, extension: str, data: Any, share: float, size: int, *, again: bool) -> dict[str, Any]:
    target, filler = place / f"a{extension}", place.parent / "filler"
    target.write_bytes(OLD)
    fill(filler, int(share * size))
    outcome = _outcome(target, data, filler if again else None)
    filler.unlink(missing_ok=True)
    left = sorted(one.name for one in place.iterdir())
    harmed = outcome == "refused" and (target.read_bytes() != OLD or left != [target.name])
    return {"share": share, "size": size, "outcome": outcome, "harmed": harmed, "left": left}


def _tried_hindered(place: Path, extension: str, data: Any, kind: str, first: Any) -> dict[str, Any]:
    """Try it; a success is worth what was written to a new file, `first`."""
    target = place / f"a{extension}"
    target.write_bytes(OLD)
    with hindered(kind, place.parent, target):
        try:
            write_data(str(target), data, {})
        except FileError:
            outcome = "refused"
        else:
            outcome = "whole" if target.read_bytes() != OLD else "nothing"
            if first is not None:
                assert_same(first, read(Path(os.path.realpath(target))))  # its pieces are beside that
    return {"outcome": outcome, **left_by(kind, target, outcome)}


def left_by(kind: str, target: Path, outcome: str) -> dict[str, Any]:
    """Return what a hindered write has left, and whether it has harmed something."""
    left = sorted(one.name for one in target.parent.iterdir())
    if kind in TAKEN:
        return {"harmed": not unharmed(kind, target), "left": left}
    return {"harmed": outcome == "refused" and (target.read_bytes() != OLD or left != [target.name]), "left": left}


def _outcome(target: Path, data: Any, freed: Path | None) -> str:
    """Return "refused", "whole", or what a success report was worth."""
    real = verification.check_written

    def check(writer: str, name: Path, given: Any) -> None:
        if freed is not None:
            freed.unlink()
        real(writer, name, given)

    with patch.object(writing, "check_written", check):
        try:
            write_data(str(target), data, {})
        except FileError:
            return "refused"
    try:
        if target.suffix not in (".jpg", ".jpeg"):
            assert_same(data, read(target), names=target.suffix not in (".tif", ".tiff"))
    except Exception as error:
        return f"half: {type(error).__name__}: {error}"
    return "whole"


def fill(filler: Path, free_bytes: int) -> None:
    """Have so much room left on the disk, in whole pages."""
    found = os.statvfs(filler.parent)
    size = found.f_bavail * found.f_frsize - max(0, free_bytes)
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, max(1, size))


def empty(place: Path) -> None:
    for one in sorted(place.rglob("*"), reverse=True):
        one.rmdir() if one.is_dir() else one.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], list(map(float, sys.argv[3].split(","))), sys.argv[4:])

"""What a reader needs to be told besides the path, and the reader where that depends on the files beside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from ..base.errors import FileError
from .truncation.ensight import needs_the_older_reader

_GRIDS: Final = (".xyz", ".x", ".p3d", ".p3dfmt", ".grd", ".g")
_DECOMPOSED: Final = 0


def special_choice(file: Path, type_name: str) -> tuple[str, dict[str, Any]]:
    """Return the reader, and properties other than the path. Raises `FileError`."""
    if type_name == "vtkMultiBlockPLOT3DReader":
        return type_name, _plot3d(file)
    if type_name == "vtkEnSightGoldCombinedReader":
        return type_name if needs_the_older_reader(str(file)) is None else "vtkGenericEnSightReader", {}
    if type_name == "vtkOpenFOAMReader":
        return _openfoam(file.parent.parent if file.name == "controlDict" else file.parent)
    if type_name == "vtkNek5000Reader":
        return type_name, _nek5000(file)
    return type_name, {}


def _plot3d(file: Path) -> dict[str, Any]:
    """Find out precision, order of bytes and number of grids; a solution of the same name belongs to the grid."""
    if file.suffix.lower() == ".q":
        grid = next((one for end in _GRIDS if (one := file.with_suffix(end)).exists()), None)
        where = (
            f"open {grid}"
            if grid
            else f"there is none beside it ({', '.join(_GRIDS)}); open the grid, and set QFileName"
        )
        raise FileError(f"{file}: this is a solution of PLOT3D, which belongs to a grid: {where}")
    solution = file.with_suffix(".q")
    return {"AutoDetectFormat": True, **({"QFileName": str(solution)} if solution.is_file() else {})}


def _openfoam(case: Path) -> tuple[str, dict[str, Any]]:
    """Read a case that was taken apart, and not put together again, in its parts."""
    whole = any((case / "constant" / one).exists() for one in ("polyMesh", "regionProperties"))
    if (case / "processor0").is_dir() and not whole:
        return "vtkPOpenFOAMReader", {"CaseType": _DECOMPOSED}
    if not (whole or (case / "system" / "controlDict").exists()):
        raise FileError(
            f"{case}: this folder is no case of OpenFOAM, it lacks constant/polyMesh and system/controlDict; the .foam "
            "file must be in the folder that has system and constant"
        )
    return "vtkOpenFOAMReader", {}


def _nek5000(file: Path) -> dict[str, Any]:
    """Return the file of the run, which says how those of one time are called."""
    found = _ONE_TIME.fullmatch(file.name)
    if found is None:
        return {}
    for run in sorted(file.parent.glob("*.nek5000")):
        if run.stem == found[1]:
            return {"FileName": str(run)}
    numbers = sorted(
        int(one[3]) for name in file.parent.iterdir() if (one := _ONE_TIME.fullmatch(name.name)) and one[1] == found[1]
    )
    raise FileError(
        f"{file}: these are the numbers of Nek5000 at one time, and the file of the run is not beside it; write "
        f'{file.parent / found[1]}.nek5000 with three lines, "filetemplate: {found[1]}%0{len(found[2])}d.f%05d", '
        f'"firsttimestep: {numbers[0]}" and "numtimesteps: {len(numbers)}", and open that'
    )


_ONE_TIME: Final = re.compile(r"(.*?)(\d+)\.f(\d{5})")
"""Name of the run, number of the part of the file, number of the time."""

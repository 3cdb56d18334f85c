"""What a reader needs to be told besides the path, and the reader where that depends on the files beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from apvserver.vtk_bridge.errors import FileError

_GRIDS: Final = (".xyz", ".x", ".p3d", ".p3dfmt", ".grd", ".g")
_DECOMPOSED: Final = 0


def special_choice(file: Path, type_name: str) -> tuple[str, dict[str, Any]]:
    """The reader, and properties other than the path. Raises `FileError`."""
    if type_name == "vtkMultiBlockPLOT3DReader":
        return type_name, _plot3d(file)
    if type_name == "vtkOpenFOAMReader":
        return _openfoam(file.parent)
    return type_name, {}


def _plot3d(file: Path) -> dict[str, Any]:
    """Precision, order of bytes and number of grids are found out; a solution of the same name belongs to the grid."""
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
    """A case that was taken apart, and not put together again, is read in its parts."""
    whole = any((case / "constant" / one).exists() for one in ("polyMesh", "regionProperties"))
    if (case / "processor0").is_dir() and not whole:
        return "vtkPOpenFOAMReader", {"CaseType": _DECOMPOSED}
    if not (case / "system" / "controlDict").exists():
        raise FileError(
            f"{case}: this folder is no case of OpenFOAM, it lacks system/controlDict; the .foam file must be in the "
            "folder that has system and constant"
        )
    return "vtkOpenFOAMReader", {}

"""Which of VTK's readers a NetCDF file is for: what is in it says so, not its name."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Final

from ..base.errors import FileError
from .corrections.netcdf.values import NotInstalled, dataset

_NAMES: Final = frozenset({".nc", ".nc4", ".nc3", ".ncdf", ".netcdf", ".cdf"})
_CLASSIC: Final = (b"CDF\x01", b"CDF\x02", b"CDF\x05")
_HDF: Final = b"\x89HDF\r\n"
_EXODUS: Final = frozenset({"num_nodes", "num_dim", "num_el_blk"})
_MPAS: Final = frozenset({"nCells", "nVertices", "vertexDegree"})


def reader_of_netcdf(path: str, head: bytes, extension: str) -> str | None:
    """Return the reader for a NetCDF file; None if it is none, or if netCDF4, which looks into it, is not installed.

    Raises `FileError` if all of its variables are in groups, which no reader of VTK looks into.
    """
    if extension == ".mnc":  # MINC, in one of the formats of NetCDF
        return None
    if not (head.startswith(_CLASSIC) or (head.startswith(_HDF) and extension in _NAMES)):
        return None
    return kind_of_netcdf(path)


def kind_of_netcdf(path: str) -> str | None:
    """Return the reader for what is known to be NetCDF; None if netCDF4 is not installed, or cannot open it.

    Raises `FileError` as `reader_of_netcdf` does.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(dataset(path))
        except (OSError, NotInstalled):
            return None
        return _kind(path, file)


def _kind(path: str, file: Any) -> str:
    dimensions = frozenset(file.dimensions)
    if dimensions >= _EXODUS:
        return "vtkIOSSReader"
    if any(getattr(one, "cf_role", "") == "mesh_topology" for one in file.variables.values()):
        return "vtkNetCDFUGRIDReader"
    if dimensions >= _MPAS:
        return "vtkMPASReader"
    if not file.variables and file.groups:
        raise FileError(
            f"{path}: all of its variables are in groups, which are not read: {', '.join(file.groups)}; a group can be "
            "made a file of its own, for example with ncks -G : -g GROUP"
        )
    return "vtkNetCDFCFReader"

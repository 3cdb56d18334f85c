"""What is in HDF5 files: which reader they need, by the names in the root group, and how much images of VTKHDF take."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ..base.errors import FileError

_SIGNS: Final[tuple[tuple[str, str], ...]] = (
    ("VTKHDF", "vtkHDFReader"),
    ("CGNSLibraryVersion", "vtkCGNSReader"),
    ("ENS_MAA", "MEDReader"),
    ("tstt", "MeshioReader"),
    ("eb_prop1", "vtkIOSSReader"),
    ("num_el_blk", "vtkIOSSReader"),
    ("coor_names", "vtkIOSSReader"),
    ("Step#0", "vtkH5PartReader"),
    ("minc-2.0", "vtkMINCImageReader"),
    ("meshes", "vtkFLUENTCFFReader"),
)
"""Names in the root group, and readers; the first that is there."""
_NETCDF: Final = ("_NCProperties", "_nc3_strict", "Conventions")
_NETCDF_NAMES: Final = (".nc", ".nc4", ".cdf", ".netcdf")


def hdf5_reader(file: Path | None, head: bytes) -> str | None:
    """Return the reader; None if it is netCDF and is called so. Raises `FileError` if nothing fits."""
    names = _names(file)
    known = [name for name, _ in _SIGNS] + [*_NETCDF, "vals_nod_var1", "file_size", "openPMD"]
    if names is None:
        names = {name for name in known if name.encode() in head}
    if "vals_nod_var1" in names and "file_size" not in names:
        return "MeshioReader"  # it has written that; the library of Exodus, in VTK, takes other memory for the values
    found = next((reader for name, reader in _SIGNS if name in names), None)
    suffix = "" if file is None else file.suffix.lower()
    if found is not None or suffix in _NETCDF_NAMES:
        return found
    if any(name in names for name in _NETCDF):
        return "vtkNetCDFCFReader"
    if "openPMD" in names:
        raise FileError(
            f"{file or 'it'}: this is a file of openPMD, which nothing here reads; openpmd-api reads it in Python: "
            "hand its arrays over with session.send_data, or write an XDMF file that describes it"
        )
    if file is None:
        return None
    if file.name.lower().endswith((".dat.h5", ".dat")) and "results" in names:
        raise FileError(f"{file}: these are the results of a FLUENT case; open the case (.cas.h5) beside it")
    beside = next((one for end in (".xdmf", ".xmf", ".xdmf2") if (one := file.with_suffix(end)).exists()), None)
    if beside is not None:
        raise FileError(f"{file}: these are numbers that an XDMF file describes; open {beside}")
    holds = ", ".join(sorted(names)[:12]) or "nothing known"
    raise FileError(
        f"{file}: this is an HDF5 file of no known structure (its root has: {holds}); known are VTKHDF, CGNS, Exodus, "
        "netCDF, H5Part, MED, MINC and FLUENT. An XDMF file that describes it can be opened"
    )


def image_arrays(path: str, where: str) -> dict[str, int]:
    """Return the arrays of an image in a VTKHDF file, of "Point" or "Cell", and the bytes of a tuple of each.

    Without an entry is what is no image, and what cannot be looked into. Of an image with time steps the arrays have an
    axis more: https://docs.vtk.org/en/latest/vtk_file_formats/vtkhdf_file_format/index.html
    """
    try:
        import h5py
    except ImportError:
        return {}
    try:
        with h5py.File(path, "r") as file:
            root = file["VTKHDF"]
            if bytes(root.attrs["Type"]) != b"ImageData":
                return {}
            axes = 3 + ("Steps" in root)
            arrays = dict(root.get(f"{where}Data", {}).items())
            return {
                name: one.dtype.itemsize * (one.shape[axes] if one.ndim > axes else 1) for name, one in arrays.items()
            }
    except (AttributeError, OSError, RuntimeError, KeyError, TypeError, ValueError):
        return {}


def _names(file: Path | None) -> set[str] | None:
    """Return names of groups, data sets and attributes of the root; None if the file cannot be looked into."""
    if file is None:
        return None
    try:
        import h5py
    except ImportError:
        return None
    try:
        with h5py.File(file, "r") as root:
            return {*root, *root.attrs}
    except (OSError, RuntimeError, KeyError, ValueError):
        return None

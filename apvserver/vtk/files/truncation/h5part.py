"""Whether the arrays of an H5Part file fit together: VTK's reader goes behind the ends of those that do not."""

from __future__ import annotations

from typing import Any

from ...base.errors import FileError


def misfit(path: str) -> str | None:
    """Return what is wrong with the lengths of arrays; None if each is one number for every particle of its step.

    Raises `FileError` without the library that looks into such files.
    """
    try:
        import h5py
    except ImportError as error:
        raise FileError(
            f"{path}: H5Part files are looked into with h5py before VTK reads them, which is not installed: "
            'pip install "async-paraview[formats]"'
        ) from error
    try:
        with h5py.File(path, "r") as file:
            return next((why for step in file.values() if (why := _misfit_of(step)) is not None), None)
    except OSError as error:
        return f"this is no file of HDF5: {error}"


def _misfit_of(step: Any) -> str | None:
    shapes = {name: array.shape for name, array in getattr(step, "items", dict)() if hasattr(array, "shape")}
    if len(set(shapes.values())) > 1 or any(len(shape) != 1 for shape in shapes.values()):
        told = ", ".join(f"{name} {'x'.join(map(str, shape)) or 'one'}" for name, shape in list(shapes.items())[:20])
        return f"the arrays of {step.name} are not of one length, that of the particles: {told}"
    return None

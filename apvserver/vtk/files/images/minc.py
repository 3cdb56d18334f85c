"""MINC, version 1 and 2, read by nibabel: scaled values, at the places of the file (x goes to the right)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from ...base.errors import FileError
from .stored import Numbers, StoredImage, times_of

_LACKING: Final = 'MINC is read with nibabel: pip install "async-paraview[formats]"'


def open_minc(path: str) -> StoredImage:
    """Return what a file holds; a fourth axis is time. Raises `FileError`."""
    try:
        import nibabel
    except ImportError as error:
        raise FileError(_LACKING) from error
    with Path(path).open("rb") as stream:
        head = stream.read(8)
    known: dict[bytes, Any] = {b"CDF": nibabel.Minc1Image, b"\x89HDF\r\n\x1a\n": nibabel.Minc2Image}
    chosen = next((one for magic, one in known.items() if head.startswith(magic)), None)
    if chosen is None:
        raise FileError(f"{path}: this is no MINC image")
    try:
        image: Any = chosen.from_file_map({"image": nibabel.FileHolder(path)})  # whatever the file is called
        shape, affine = image.shape, np.asarray(image.affine, float)
    except (OSError, ValueError, KeyError, TypeError, nibabel.filebasedimages.ImageFileError) as error:
        raise FileError(f"{path}: nibabel cannot read this file: {error}") from error
    if not 3 <= len(shape) <= 4 or min(shape) < 1:
        raise FileError(f"{path}: it has {len(shape)} axes of the sizes {shape}; 3 or 4 are read")
    names = list(image.dataobj.minc_file._dim_names)
    if len(shape) == 4 and names[0] != "time":
        raise FileError(f"{path}: its axes are {', '.join(names)}; of four, the first must be time")
    steps, size = (shape[0], shape[1:]) if len(shape) == 4 else (1, shape)
    kind = np.dtype(np.float64)

    def load(step: int) -> Numbers:
        part = image.dataobj[step] if len(shape) == 4 else image.dataobj
        return np.asarray(part, kind).transpose(2, 1, 0)[..., None]

    return StoredImage((size[0], size[1], size[2]), affine, load, kind, "ImageScalars", times=times_of(steps))

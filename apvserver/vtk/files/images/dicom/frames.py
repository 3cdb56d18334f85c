"""Where the frames of a DICOM file are, by its functional groups: GDCM gives up on some of them without a word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ....base.errors import FileError
from ..stored import Numbers

_LACKING: Final = 'DICOM files of several frames are read with pydicom as well: pip install "async-paraview[formats]"'
_SAME: Final = 0.02
"""Of the distance of two slices: so far may a slice be from where it should be."""


@dataclass(frozen=True)
class Frames:
    """The frames in the order of their places: their numbers in the file, and the matrix from index to place."""

    order: tuple[int, ...]
    affine: Numbers


def frames_of(path: str) -> Frames | None:
    """Return where the frames are; None if the file does not say. Raises `FileError` if they are no volume."""
    try:
        import pydicom
    except ImportError as error:
        raise FileError(_LACKING) from error
    try:
        header: Any = pydicom.dcmread(path, stop_before_pixels=True)
    except (OSError, ValueError, pydicom.errors.InvalidDicomError) as error:
        raise FileError(f"{path}: pydicom cannot read this DICOM file: {error}") from error
    shared = list(header.get("SharedFunctionalGroupsSequence", ()))
    own = list(header.get("PerFrameFunctionalGroupsSequence", ()))
    groups = [(one, *shared) for one in own]
    positions = [_value(one, "PlanePositionSequence", "ImagePositionPatient") for one in groups]
    if not groups or any(one is None for one in positions):
        return None
    if len(groups) != int(header.get("NumberOfFrames", 1) or 1):
        raise FileError(
            f"{path}: it has {header.get('NumberOfFrames')} frames, and its functional groups tell of {len(groups)}"
        )
    turned = {_value(one, "PlaneOrientationSequence", "ImageOrientationPatient") for one in groups}
    apart = {_value(one, "PixelMeasuresSequence", "PixelSpacing") for one in groups}
    scales = {_value(one, "PixelValueTransformationSequence", "RescaleSlope") for one in groups}
    shifts = {_value(one, "PixelValueTransformationSequence", "RescaleIntercept") for one in groups}
    if len(turned) > 1 or len(apart) > 1 or None in turned or None in apart:
        raise FileError(f"{path}: its frames are not parallel, or of different distances of pixels: they are no volume")
    if len(scales) > 1 or len(shifts) > 1:
        raise FileError(f"{path}: its frames have different rescale slopes or intercepts, which is not read")
    along: Numbers = np.array(turned.pop() or (1, 0, 0, 0, 1, 0)).reshape(2, 3)
    rows, columns = along[0], along[1]
    down, across = apart.pop() or (1.0, 1.0)
    order, step = in_order(np.array(positions), np.cross(rows, columns))
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1], affine[:3, 2] = rows * across, columns * down, step
    affine[:3, 3] = np.array(positions)[order[0]]
    return Frames(order, affine)


def in_order(places: Numbers, normal: Numbers) -> tuple[tuple[int, ...], Numbers]:
    """Return the numbers of slices along a normal, and the step from one to the next.

    Raises `FileError` if there is no single step.
    """
    along = places @ normal
    order = np.argsort(along, kind="stable")
    ordered = places[order]
    step = (ordered[-1] - ordered[0]) / (len(order) - 1)
    distance = float(np.linalg.norm(step))
    off = np.linalg.norm(ordered - ordered[0] - np.arange(len(order))[:, None] * step, axis=1)
    if distance < 1e-6 or off.max() > _SAME * distance:
        raise FileError(
            f"the {len(order)} slices are not at equal distances (some are missing, or several are at a place, as of "
            f"several times): they are at {_listed(along[order].tolist())}; open those that are a volume"
        )
    return tuple(order.tolist()), step


def _listed(numbers: Iterable[float]) -> str:
    found = [f"{one:.6g}" for one in numbers]
    return ", ".join(found[:12]) + (", ..." if len(found) > 12 else "")


def _value(groups: tuple[Any, ...], sequence: str, name: str) -> tuple[float, ...] | None:
    """Return a value of a functional group: of the frame, else of all frames."""
    for group in groups:
        for one in group.get(sequence, ()):
            found = one.get(name)
            if found is not None:
                return tuple(map(float, found)) if hasattr(found, "__iter__") else (float(found),)
    return None

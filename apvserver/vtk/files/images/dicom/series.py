"""DICOM by SimpleITK: rescaled values, slices in the order of their places, orientation and distances.

Places are those of the patient in DICOM's sense: x to the left, y to the back, z up (LPS), in millimetres.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ....base.data_roots import allowed_path
from ....base.errors import FileError
from ..raw import check_promise
from ..stored import Numbers, StoredImage
from .frames import Frames, frames_of, in_order
from .stored_values import TAGS, bits_of, has_table, is_of_bits, turned_about, turned_back

_LACKING: Final = (
    "DICOM is read with SimpleITK, which knows its order of slices, orientation and compressions: "
    'pip install "async-paraview[formats]"'
)
_OFFSET: Final = 128
_SERIES, _POSITION, _ORIENTATION, _NUMBER = "0020|000e", "0020|0032", "0020|0037", "0020|0013"
_PIXELS_APART, _SLICES_APART = "0028|0030", "0018|0088"


@dataclass(frozen=True)
class _Slice:
    """A file of a series, and what its header says."""

    path: str
    series: str
    size: tuple[int, ...]
    spacing: tuple[float, ...]
    position: tuple[float, ...] | None
    orientation: tuple[float, ...] | None
    number: int
    dtype: np.dtype[Any]
    components: int
    about: float | None
    """See `turned_about`."""
    of_bits: bool

    @property
    def axes(self) -> Numbers:
        """Directions of columns, rows and slices, as columns."""
        along = np.reshape(self.orientation or (1, 0, 0, 0, 1, 0), (2, 3))
        return np.stack([along[0], along[1], np.cross(along[0], along[1])], axis=1)


def is_dicom(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of DICOM."""
    return head[_OFFSET : _OFFSET + 4] == b"DICM"


def dicom_files(directory: str | os.PathLike[str]) -> list[str]:
    """Return the files of a directory that are DICOM, sorted by name. Raises OSError."""
    found: list[str] = []
    for one in sorted(Path(directory).iterdir()):
        if one.is_file():
            with one.open("rb") as stream:
                if is_dicom(stream.read(_OFFSET + 4)):
                    found.append(str(one))
    return found


def open_dicom(paths: Iterable[str], series: str = "") -> StoredImage:
    """Return what DICOM files hold: the slices of one series, or one file with several frames. Raises `FileError`."""
    library = _library()
    slices = [_slice(library, allowed_path(path)) for path in paths]
    if not slices:
        raise FileError("there are no DICOM files")
    chosen = _of_series(slices, series)
    first = chosen[0]
    if any((one.size, one.components) != (first.size, first.components) for one in chosen):
        raise FileError(
            f"the {len(chosen)} files of series {first.series} have different sizes; open each of them alone"
        )
    if len(chosen) > 1 and first.size[2] > 1:
        raise FileError("several files with several frames each are no volume; open each of them alone")
    ordered, step, doubts = _ordered(chosen)
    dtype = np.result_type(*(one.dtype for one in ordered))
    frames_at = frames_of(first.path) if first.size[2] > 1 else None
    if first.size[2] > 1 and frames_at is None:
        doubts = (f"its frames do not say where they are: they are in their order, {first.spacing[2]:g} apart",)
    if any(has_table(one.path) for one in ordered):
        doubts = (*doubts, "its numbers are as they are stored: the table to its values (Modality LUT) is not applied")
    columns, rows, frames = ordered[0].size
    affine = np.eye(4)
    affine[:3, :3] = ordered[0].axes * ordered[0].spacing
    affine[:3, 3] = ordered[0].position or (0.0, 0.0, 0.0)
    if step is not None:
        affine[:3, 2] = step
    if frames_at is not None:
        affine = frames_at.affine
    return StoredImage(
        (columns, rows, max(frames, len(ordered))),
        affine,
        _loader(library, ordered, dtype, frames_at),
        dtype,
        "DICOMImage",
        first.components,
        doubts=doubts,
    )


def _library() -> Any:
    try:
        import SimpleITK
    except ImportError as error:
        raise FileError(_LACKING) from error
    return SimpleITK


def _slice(library: Any, path: str) -> _Slice:
    reader = library.ImageFileReader()
    reader.SetFileName(path)
    reader.SetImageIO("GDCMImageIO")
    try:
        reader.ReadImageInformation()
    except RuntimeError as error:
        raise FileError(f"{path}: {_told(error)}") from error
    wanted = (_SERIES, _POSITION, _ORIENTATION, _NUMBER, _PIXELS_APART, _SLICES_APART, *TAGS)
    tags = {key: reader.GetMetaData(key).strip() for key in wanted if reader.HasMetaDataKey(key)}
    pixel = library.Image([1, 1], reader.GetPixelIDValue(), reader.GetNumberOfComponents())
    position, orientation = _numbers(tags.get(_POSITION), 3), _numbers(tags.get(_ORIENTATION), 6)
    size = (*reader.GetSize(), 1)[:3]
    number = tags.get(_NUMBER, "")
    return _Slice(
        path,
        tags.get(_SERIES, ""),
        size,
        _distances((*reader.GetSpacing(), 1.0)[:3], tags),
        position,
        orientation,
        int(number) if number.lstrip("-").isdigit() else 0,
        library.GetArrayViewFromImage(pixel).dtype,
        reader.GetNumberOfComponents(),
        None if is_of_bits(tags) else turned_about(tags, path),
        is_of_bits(tags),
    )


def _distances(spacing: tuple[float, ...], tags: Mapping[str, str]) -> tuple[float, ...]:
    """Return how far columns, rows and slices are apart, by Pixel Spacing where the header has it.

    Of radiographs GDCM tells the distances on the detector (Imager Pixel Spacing), else 1; Pixel Spacing is calibrated.
    """
    across, down, slices = spacing
    told = _numbers(tags.get(_PIXELS_APART), 2)
    if told and min(told) > 0.0:
        down, across = told
    between = _numbers(tags.get(_SLICES_APART), 1)
    if between and between[0] > 0.0 and slices == 1.0:
        slices = between[0]
    return across, down, slices


def _numbers(text: str | None, count: int) -> tuple[float, ...] | None:
    try:
        found = tuple(float(one) for one in (text or "").split("\\"))
    except ValueError:
        return None
    return found if len(found) == count else None


def _of_series(slices: list[_Slice], series: str) -> list[_Slice]:
    counts = Counter(one.series for one in slices)
    if series and series not in counts:
        raise FileError(f"there is no series {series!r}; there are: {_listed(counts)}")
    if not series and len(counts) > 1:
        raise FileError(f"these files are of several series; SeriesInstanceUID chooses one of: {_listed(counts)}")
    return [one for one in slices if not series or one.series == series]


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} ({count} files)" for name, count in counts.most_common(20))


def _ordered(slices: list[_Slice]) -> tuple[list[_Slice], Numbers | None, tuple[str, ...]]:
    """Return the slices in the order of their places, and the step from one to the next. Raises `FileError`."""
    if len(slices) == 1:
        return slices, None, ()
    if any(one.position is None for one in slices):
        apart = f"{slices[0].spacing[2]:g} apart"
        told = f"its slices do not say where they are: they are in the order of their numbers, {apart}"
        return sorted(slices, key=lambda one: (one.number, one.path)), None, (told,)
    axes = slices[0].axes
    if any(not np.allclose(one.axes, axes, atol=1e-3) for one in slices):
        raise FileError("the slices are not parallel to each other: they are no volume; open each of them alone")
    order, step = in_order(np.array([one.position for one in slices]), axes[:, 2])
    return [slices[number] for number in order], step, ()


def _loader(
    library: Any, slices: list[_Slice], dtype: np.dtype[Any], frames_at: Frames | None
) -> Callable[[int], Numbers]:
    columns, rows, frames = slices[0].size
    shape = (max(frames, len(slices)), rows, columns, slices[0].components)

    def load(_step: int) -> Numbers:
        for one in slices:
            check_promise(one.path, math.prod(one.size) * one.components * one.dtype.itemsize)
        made = np.empty(shape, dtype)
        for number, one in enumerate(slices):
            read = None if one.of_bits else _read(library, one)  # it has the memory of the values
            values = bits_of(one.path) if read is None else library.GetArrayViewFromImage(read)
            values = turned_back(values, one.about)
            target = made if len(slices) == 1 else made[number : number + 1]
            target[...] = values.reshape(target.shape)
        return made if frames_at is None else made[list(frames_at.order)]

    return load


def _read(library: Any, one: _Slice) -> Any:
    try:
        return library.ReadImage(one.path, imageIO="GDCMImageIO")
    except RuntimeError as error:
        raise FileError(f"{one.path}: {_told(error)}") from error


def _told(error: RuntimeError) -> str:
    """Return the last line of what ITK says, without the place in its source."""
    lines = [one.strip() for one in str(error).splitlines() if one.strip()]
    return f"SimpleITK cannot read this DICOM file: {lines[-1] if lines else 'it says not why'}"

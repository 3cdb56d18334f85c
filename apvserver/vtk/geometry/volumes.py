"""Images to be drawn: volumes of any data, and slices of images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_BIT
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMultiBlockDataSet
from vtkmodules.vtkFiltersCore import vtkResampleToImage
from vtkmodules.vtkImagingCore import vtkExtractVOI

from async_paraview.records import dataclass

from ..base.array_types import as_numpy, copied
from ..base.associations import POINTS, ColorArray, GeometryError, find_array, numbers_of, require_array
from ..base.precision import lies_beyond
from ..types.averaging import POINTS as PROMOTED_POINTS
from .doubles import promote
from .geometry import leaves_of, make_alike, reduced_to

_MOST_SIZES_AWAY: Final = 30_000.0
"""Further away rays miss: measured with VTK 9.7.2, every thousandth pixel differs at 10,000, most at 1,000,000."""
_AT_A_TIME: Final = 1_000_000

SCALAR = "scalar"
"""The array of a volume: one number for each point or cell; two, of which the second says how opaque; or a color."""
SECOND = "second"
"""The array of a second number, by which a volume is colored, too."""
_BYTES_APART = 128
"""From so wide a range on a step of one is not seen."""


def slice_of(image: Any, axis: int, index: int) -> Any:
    """Return one layer of points of an image across an axis (0, 1, 2), counted from its first; a new vtkImageData.

    Raises `GeometryError` if there is no such layer.
    """
    extent = list(image.GetExtent())
    count = extent[2 * axis + 1] - extent[2 * axis] + 1
    if not 0 <= index < count:
        raise GeometryError(f"there is no slice {index} across {'xyz'[axis]}: the image has slices 0 to {count - 1}")
    extent[2 * axis] = extent[2 * axis + 1] = extent[2 * axis] + index
    extract = vtkExtractVOI()
    extract.SetInputData(image)
    extract.SetVOI(extent)
    extract.Update()
    made = vtkImageData()
    made.ShallowCopy(extract.GetOutput())
    return made


@dataclass(frozen=True)
class Numbers:
    """Of which arrays a volume is made: what colors it, what makes it opaque, and what else colors it.

    `opacity` None: what colors it. With `components` the components of what colors it say it all: of two the second
    makes it opaque, four bytes are a color.
    """

    color: ColorArray
    opacity: ColorArray | None = None
    second: ColorArray | None = None
    components: bool = False

    @property
    def arrays(self) -> tuple[ColorArray | None, ...]:
        """What colors it, what makes it opaque, what else colors it."""
        return self.color, self.opacity, self.second


def volume_of(data: Any, wanted: Numbers, dimensions: tuple[int, int, int]) -> Any:
    """Return the numbers of arrays as a vtkImageData with SCALAR, and SECOND if there is a second number.

    An image keeps its points or cells; anything else is sampled at `dimensions` points. What has no number is like the
    smallest, as is what lies outside of all cells, and what is infinite like the end it lies beyond. Raises
    `GeometryError` if it has no volume.
    """
    leaves, association = list(leaves_of(data)), wanted.color.association
    _require_same_association(leaves, wanted)
    if len(leaves) == 1 and isinstance(leaves[0], vtkImageData):
        image = leaves[0]
        found = [None if one is None else _values(image, one, wanted) for one in wanted.arrays]
    else:
        samples = [None if one is None else _samples(leaves, one, wanted, dimensions) for one in wanted.arrays]
        image = next(one[0] for one in samples if one is not None)
        found = [None if one is None else one[1] for one in samples]
        association = POINTS  # sampling gives each point what its cell has
    _require_volume(image)
    made = vtkImageData()
    made.CopyStructure(image)
    made.GetPointData().Initialize()
    made.GetCellData().Initialize()
    attributes = made.GetPointData() if association == POINTS else made.GetCellData()
    color, opacity, second = found
    if wanted.components:
        attributes.SetScalars(_array(SCALAR, _components(color, wanted.color.name)))
    elif opacity is not None:
        attributes.SetScalars(_array(SCALAR, np.column_stack([_finite(color), _finite(opacity)])))
    else:
        attributes.SetScalars(_array(SCALAR, _told_apart(_finite(color)), find_array(image, wanted.color)))
    if second is not None:
        attributes.AddArray(_array(SECOND, _finite(second)))
    return made


def _require_same_association(leaves: Sequence[Any], wanted: Numbers) -> None:
    for name, one in (("OpacityArrayName", wanted.opacity), ("ColorArray2Name", wanted.second)):
        if one is None:
            continue
        require_array(leaves, one)
        if one.association != wanted.color.association:
            raise GeometryError(
                f"{name}: {one.name!r} belongs to {one.association}, and what colors the volume, "
                f"{wanted.color.name!r}, to {wanted.color.association}: both have to belong to the same"
            )


def _require_volume(image: Any) -> None:
    if image.GetDataDimension() < 3:
        raise GeometryError(f"a volume has three dimensions, this image has {image.GetDataDimension()}: use Slice")
    if lies_beyond(image, _MOST_SIZES_AWAY):
        raise GeometryError(
            f"a volume more than {_MOST_SIZES_AWAY:g} times its size away from the origin cannot be drawn: VTK casts "
            "rays in single precision. Move it to the origin with Transform before, or show a Slice or a Surface"
        )


def _array(name: str, values: Any, source: Any = None) -> Any:
    """Return a vtkDataArray of that name with these values; it shares those of `source` if they are its own."""
    if source is not None and _are_all_of(values, source):
        array = source.NewInstance()
        array.ShallowCopy(source)
    else:
        array = copied(values)
    array.SetName(name)
    return array


def _are_all_of(values: Any, array: Any) -> bool:
    """Return whether values are the memory of a vtkDataArray, from its beginning to its end."""
    if not array.HasStandardMemoryLayout() or array.GetDataType() == VTK_BIT:
        return False
    own = vtk_to_numpy(array)
    same_kind = values.dtype == own.dtype and values.size == own.size and values.flags.c_contiguous
    return bool(same_kind and values.ctypes.data == own.ctypes.data)


def _values(image: Any, one: ColorArray, wanted: Numbers) -> Any:
    """Return what an image has of an array: a number each, or all components if those of the color are meant."""
    array = find_array(image, one)
    return as_numpy(array) if wanted.components and one is wanted.color else numbers_of(array, one)


def _components(values: Any, name: str) -> Any:
    """Return two components, or four bytes. Raises `GeometryError` for others."""
    count = values.shape[1] if values.ndim == 2 else 1
    if count == 4 and values.dtype == np.uint8:
        return values
    if count != 2:
        raise GeometryError(
            f"MultiComponentsMapping takes an array of two components, or of four bytes; {name!r} has {count} of "
            f"{values.dtype}"
        )
    return np.column_stack([_finite(values[:, 0]), _finite(values[:, 1])])


def _samples(leaves: list[Any], one: ColorArray, wanted: Numbers, dimensions: tuple[int, int, int]) -> tuple[Any, Any]:
    """Return the image of what was sampled, and its numbers of an array: NaN outside of all cells."""
    image = _sampled(leaves, one, dimensions)
    array = image.GetPointData().GetArray(one.name)
    numbers = as_numpy(array) if wanted.components and one is wanted.color else numbers_of(array, one)
    outside = vtk_to_numpy(image.GetPointData().GetArray("vtkValidPointMask")) == 0
    if outside.all():
        raise GeometryError("this data has no volume: none of its cells holds a sample. Use Surface")
    return image, np.where(outside if numbers.ndim == 1 else outside[:, None], np.nan, numbers)


def _told_apart(numbers: Any) -> Any:
    """Return bytes that are close to each other as integers of 16 bits: graphics blend bytes in steps of one."""
    if numbers.dtype.itemsize > 1 or not numbers.size or int(numbers.max()) - int(numbers.min()) >= _BYTES_APART:
        return numbers
    return numbers.astype(np.int16)


def all_finite(numbers: Any) -> bool:
    """Return whether no number is infinite, or none at all."""
    parts = range(0, len(numbers), _AT_A_TIME)  # to give back much memory at once keeps Python's lock
    return all(bool(np.isfinite(numbers[begin : begin + _AT_A_TIME]).all()) for begin in parts)


def _finite(numbers: Any) -> Any:
    if all_finite(numbers):
        return numbers
    finite = np.isfinite(numbers)
    if not finite.any():
        return np.zeros_like(numbers)
    low, high = numbers[finite].min(), numbers[finite].max()
    return np.nan_to_num(numbers, nan=low, neginf=low, posinf=high)


def _sampled(leaves: list[Any], color_by: ColorArray, dimensions: tuple[int, int, int]) -> Any:
    blocks, reduced = vtkMultiBlockDataSet(), [reduced_to(leaf, color_by) for leaf in leaves]
    make_alike(reduced, color_by)
    for index, block in enumerate(reduced):
        blocks.SetBlock(index, block)
    whole = blocks if len(reduced) > 1 else reduced[0]
    promote(whole, PROMOTED_POINTS)
    sample = vtkResampleToImage()
    sample.SetInputDataObject(whole)
    sample.SetSamplingDimensions(dimensions)
    sample.Update()
    return sample.GetOutput()

"""Images to be drawn: volumes of any data, and slices of images."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMultiBlockDataSet
from vtkmodules.vtkFiltersCore import vtkResampleToImage
from vtkmodules.vtkImagingCore import vtkExtractVOI

from ..base.associations import CELLS, POINTS, ColorArray, GeometryError, find_array, numbers_of
from ..base.precision import lies_beyond
from ..types.averaging import POINTS as PROMOTED_POINTS
from .doubles import promote
from .geometry import leaves_of, make_alike, reduced_to

_MOST_SIZES_AWAY: Final = 30_000.0
"""Further away rays miss: measured with VTK 9.7.2, every thousandth pixel differs at 10,000, most at 1,000,000."""

SCALAR = "scalar"
"""The array of a volume: one number for each point or cell."""
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


def volume_of(data: Any, color_by: ColorArray, dimensions: tuple[int, int, int]) -> Any:
    """Return the numbers of an array as a vtkImageData with just the array SCALAR.

    An image keeps its points or cells; anything else is sampled at `dimensions` points. What has no number is like the
    smallest, as is what lies outside of all cells, and what is infinite like the end it lies beyond. Raises
    `GeometryError` if it has no volume.
    """
    leaves = list(leaves_of(data))
    if len(leaves) == 1 and isinstance(leaves[0], vtkImageData):
        image, association = leaves[0], color_by.association
        numbers = numbers_of(find_array(image, color_by), color_by)
    else:
        image, association = _sampled(leaves, color_by, dimensions), color_by.association
        if association == CELLS:
            association = POINTS  # sampling gives each point what its cell has
        numbers = numbers_of(image.GetPointData().GetArray(color_by.name), color_by)
        outside = vtk_to_numpy(image.GetPointData().GetArray("vtkValidPointMask")) == 0
        if outside.all():
            raise GeometryError("this data has no volume: none of its cells holds a sample. Use Surface")
        numbers = np.where(outside, np.nan, numbers)
    if image.GetDataDimension() < 3:
        raise GeometryError(f"a volume has three dimensions, this image has {image.GetDataDimension()}: use Slice")
    if lies_beyond(image, _MOST_SIZES_AWAY):
        raise GeometryError(
            f"a volume more than {_MOST_SIZES_AWAY:g} times its size away from the origin cannot be drawn: VTK casts "
            "rays in single precision. Move it to the origin with Transform before, or show a Slice or a Surface"
        )
    made = vtkImageData()
    made.CopyStructure(image)
    made.GetPointData().Initialize()
    made.GetCellData().Initialize()
    array = numpy_to_vtk(np.ascontiguousarray(_told_apart(_finite(numbers))), deep=True)
    array.SetName(SCALAR)
    (made.GetPointData() if association == POINTS else made.GetCellData()).SetScalars(array)
    return made


def _told_apart(numbers: Any) -> Any:
    """Return bytes that are close to each other as integers of 16 bits: graphics blend bytes in steps of one."""
    if numbers.dtype.itemsize > 1 or not numbers.size or int(numbers.max()) - int(numbers.min()) >= _BYTES_APART:
        return numbers
    return numbers.astype(np.int16)


def _finite(numbers: Any) -> Any:
    finite = np.isfinite(numbers)
    if finite.all():
        return numbers
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

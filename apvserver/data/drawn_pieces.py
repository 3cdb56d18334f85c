"""What is drawn in pieces, surfaces and volumes: each rank extracts its own, tells of it, and hands it to rank 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
from vtkmodules.vtkCommonCore import vtkDataArray
from vtkmodules.vtkCommonDataModel import vtkPolyData

from async_paraview.records import dataclass
from async_paraview.scene.props.labels import KINDS_OF_LABELS

from ..memory import size_text
from ..vtk.base.array_types import as_numpy
from ..vtk.base.associations import POINTS, ColorArray, attributes_of, find_array, numbers_of
from ..vtk.base.errors import PipelineError
from ..vtk.base.property_set import PropertySet
from ..vtk.base.ranks import Ranks
from ..vtk.base.vtk_messages import capture
from ..vtk.geometry.block_looks import is_asked
from ..vtk.geometry.extraction import FULL, POLY, REDUCED, VOLUME, extract, extraction_properties
from ..vtk.geometry.volumes import all_finite
from ..vtk.pipeline.ranks.describing import united
from ..vtk.pipeline.ranks.extents import slabs
from ..vtk.pipeline.ranks.held import Held, slab_of
from ..vtk.pipeline.ranks.joining import joined
from ..vtk.pipeline.ranks.work import MOST_BYTES, receive_data, send_data
from ..vtk.types.limits import memory_bytes

IN_RAYS: Final = "Volume"

LEAST_IN_PIECES: Final = 100_000
"""Surfaces of fewer cells are put together and drawn by rank 0: that is as fast as putting pictures together."""

DRAWN_IN_PIECES: Final = frozenset({"Surface", "Surface With Edges", IN_RAYS})
"""Representations whose cells are drawn each by itself, or rays through each."""

_OF_TWO_NUMBERS: Final = ("UseSeparateOpacityArray", "UseTransfer2D", "MultiComponentsMapping")
"""Properties by which a volume has more than one number at each place."""

_LABELS_BYTES: Final = 2
"""Integers of so many bytes may be labels, of which nobody sees by a piece whether they are."""


class Kept(Protocol):
    """Where a rank keeps what it draws."""

    def keep(self, representation: int, version: int, parts: Mapping[str, Any]) -> None:
        """Keep the parts that are drawn of a representation."""

    def drop(self, representation: int, version: int) -> None:
        """Forget one version, which is not drawn in pieces."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What a rank draws of its piece, and what it tells of that."""

    parts: Mapping[str, Any]
    told: dict[str, Any]


def may_be_in_pieces(properties: PropertySet) -> bool:
    """Return whether something that is shown so can be drawn in pieces, as far as its properties say."""
    get = properties.snapshot()
    return (
        get["Representation"] in DRAWN_IN_PIECES
        and get["Texture"] is None
        and not is_asked(get)
        and not any(get[f"{kind}Visibility"] for kind in KINDS_OF_LABELS)
        and not any(get[name] for name in _OF_TWO_NUMBERS)
    )


def told_properties(properties: PropertySet) -> dict[str, Any]:
    """Return properties of an extraction as plain data, which other ranks can read."""
    return {name: _plain(value) for name, value in properties.snapshot().items()}


def _plain(value: Any) -> Any:
    if not isinstance(value, ColorArray):
        return value
    by = [value.association, value.name]
    return [*by, value.component] if value.is_chosen else by


def extracted(held: Held, properties: Mapping[str, Any]) -> Piece:
    """Return what is drawn of a piece, which is not changed any more; of what does not fit nothing."""
    checked = extraction_properties(properties)
    return _extracted_volume(held, checked) if checked["Representation"] == IN_RAYS else _surface(held.data, checked)


def _extracted_volume(held: Held, checked: PropertySet) -> Piece:
    """Return the part of a volume that a rank draws: of numbers, all finite, at the points of an image."""
    by, data = checked["ColorBy"], held.own()
    array = find_array(data, by)
    if held.slab is None or data.GetClassName() != "vtkImageData" or by is None or by.association != POINTS:
        return Piece({}, {"fits": False})  # between the middles of cells numbers of two ranks are blended
    try:
        if array is None or not all_finite(numbers_of(array, by)):
            return Piece({}, {"fits": False})  # what stands for others are numbers of the whole
        with capture() as captured:
            made = extract(data, checked)
    except Exception as error:  # as below
        return Piece({}, {"fits": False, "why": str(error)})
    if captured.reports or made.drawing != VOLUME:
        return Piece({}, {"fits": False})
    full = made.parts[FULL]
    told = {
        "fits": True,
        "bounds": list(data.GetBounds()),
        "cells": data.GetNumberOfCells(),
        "memory_kib": full.GetActualMemorySize(),
        "has_reduced": False,
        "facts": made.to_dict(),
        "array": None,
        "extent": list(held.slab.whole),
    }
    return Piece(made.parts, told)


def _surface(data: Any, checked: PropertySet) -> Piece:
    if data.GetClassName() != "vtkPolyData":
        return Piece({}, {"fits": False})
    if not data.GetNumberOfPoints():
        return Piece({FULL: vtkPolyData()}, {"fits": True, "bounds": None, "cells": 0, "memory_kib": 0})
    by = checked["ColorBy"]
    has_polygons_alone = data.GetNumberOfCells() == data.GetNumberOfPolys() + data.GetNumberOfStrips()
    array = find_array(data, by)
    may_be_labels = checked["Categorical"] or (
        array is not None
        and np.dtype(as_numpy(array).dtype).kind in "iu"
        and (array.GetDataTypeSize() <= _LABELS_BYTES)
    )
    if not has_polygons_alone or may_be_labels or (by is not None and array is None):
        return Piece({}, {"fits": False})
    try:
        with capture() as captured:
            made = extract(data, checked)
            parts = made.all_parts()
    except Exception as error:  # whatever it is, it comes up again where the whole is extracted, and is told there
        return Piece({}, {"fits": False, "why": str(error)})
    if captured.reports or made.drawing != POLY:
        return Piece({}, {"fits": False})
    full = parts[FULL]
    told = {
        "fits": True,
        "bounds": list(full.GetBounds()),
        "cells": full.GetNumberOfCells(),
        "memory_kib": full.GetActualMemorySize(),
        "has_reduced": REDUCED in parts,
        "facts": made.to_dict(),
        "array": None if array is None else _described(array, by),
    }
    return Piece(parts, told)


def facts_of_all(told: Sequence[Mapping[str, Any]], *, shares_points: bool) -> dict[str, Any]:
    """Return the facts about what is drawn, of all pieces together: `Extract.to_dict`, and those of `Elsewhere`."""
    filled = [one for one in told if one["bounds"] is not None]
    facts = dict(filled[0]["facts"])
    ranges = [one["facts"]["color_range"] for one in filled if one["facts"]["color_range"] is not None]
    if ranges:
        facts["color_range"] = [min(low for low, _ in ranges), max(high for _, high in ranges)]
    facts["pieces"] = {
        "bounds": united([one["bounds"] for one in filled]),
        "cells": max(one["cells"] for one in filled),
        "has_reduced": any(one["has_reduced"] for one in filled),
        "shares_points": shares_points,
        "memory_kib": sum(one["memory_kib"] for one in filled),
        "boxes": [one["bounds"] for one in told],
        "extent": filled[0].get("extent"),
    }
    return facts


def with_array(parts: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the parts of a rank; of an empty piece with the array, without values, that the others are colored by."""
    arrays = [one["array"] for one in told if one["bounds"] is not None]
    if parts[FULL].GetNumberOfPoints() or arrays[0] is None:
        return parts
    association, name, kind, components, names = arrays[0]
    array = vtkDataArray.CreateDataArray(kind)
    array.SetName(name)
    array.SetNumberOfComponents(components)
    for number, one in enumerate(names):
        if one is not None:
            array.SetComponentName(number, one)
    empty = vtkPolyData()
    attributes_of(empty, association).AddArray(array)
    return {FULL: empty}


def _described(array: Any, by: ColorArray) -> list[Any]:
    components = array.GetNumberOfComponents()
    names = [array.GetComponentName(number) for number in range(components)]
    return [by.association, by.name, array.GetDataType(), components, names]


def give_surface(ranks: Ranks, data: Any) -> None:
    """Send what this rank draws to rank 0, which calls `gathered_surface`."""
    send_data(ranks, 0, data)


def gathered_surface(ranks: Ranks, own: Any, elsewhere: Any) -> Any:
    """Return what all ranks draw as one, with points and cells in the order of those of the whole."""
    if elsewhere.extent is not None:
        of_all = slabs(elsewhere.extent, ranks.size)
        assert of_all is not None  # or it were not in pieces
        own_slabs = [slab_of(elsewhere.extent, one, ranks.size) for one in of_all]
        images = [own, *(receive_data(ranks, rank, MOST_BYTES) for rank in range(1, ranks.size))]
        return joined([Held(image, slab) for image, slab in zip(images, own_slabs, strict=True)])
    shares_points = elsewhere.shares_points
    pieces = [Held(own, None, shares_points)]
    pieces += [Held(receive_data(ranks, rank, MOST_BYTES), None, shares_points) for rank in range(1, ranks.size)]
    return joined(pieces)


def check_memory(memory_kib: int, ranks: int) -> None:
    """Raise PipelineError if pieces that take so much cannot be put together by rank 0."""
    needed, allowed = 2 * 1024 * memory_kib, memory_bytes()
    if needed > allowed:
        raise PipelineError(
            f"what is in pieces on {ranks} ranks cannot be put together to be drawn by rank 0: that takes "
            f"{size_text(needed)}, of {size_text(allowed)} of memory; show it opaque or, if it is seen "
            f"through, nothing else that is seen through, or show less of it, as a slice"
        )

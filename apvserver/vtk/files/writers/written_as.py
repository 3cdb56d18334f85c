"""Data as writers of VTK must be given it so that the file holds what the data does: names and types of arrays.

What is given to a writer is a copy that shares all values with the data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline, vtkTrivialProducer

from ...base.blocks import leaves, shared_copy

_PIPELINE: Final = vtkStreamingDemandDrivenPipeline
Change = Callable[[Any], Any]

_IN_XML: Final = {
    ord("&"): "&amp;", ord('"'): "&quot;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\n"): "&#10;", ord("\r"): "&#13;",
    ord("\t"): "&#9;",
}  # fmt: skip
_INT32: Final = 2**31
_KINDS: Final = range(7)


def written_as(writer: str, data: Any) -> Any:
    """Return the data as a writer of that class takes it: itself, where that does."""
    if writer == "vtkTIFFWriter" and data is not None and data.GetDimensions()[2] > 1:
        return _upside_down(data)
    change = _quoted if writer.startswith("vtkXML") else _CHANGES.get(writer)
    if change is None or data is None:
        return data
    return _empty_ones_last(_changed(data, change)) if writer in LEGACY_WRITERS else _changed(data, change)


def give(writer: Any, data: Any) -> None:
    """Have a writer write the data. Those of XML put its time into the file if their input has times."""
    producer, time = vtkTrivialProducer(), data.GetInformation().Get(data.DATA_TIME_STEP())
    producer.SetOutput(data)
    if writer.IsA("vtkXMLWriterBase") and data.GetInformation().Has(data.DATA_TIME_STEP()):
        producer.UpdateInformation()
        producer.GetOutputInformation(0).Set(_PIPELINE.TIME_STEPS(), [time], 1)
        producer.GetOutputInformation(0).Set(_PIPELINE.TIME_RANGE(), [time, time], 2)
    writer.SetInputConnection(producer.GetOutputPort())


def _upside_down(data: Any) -> Any:
    """Turn pages, which begin at their top. Of several VTK writes the lowest row first, of a single page the last."""
    scalars = data.GetPointData().GetScalars()
    if scalars is None:
        return data
    across, up, deep = data.GetDimensions()
    values = vtk_to_numpy(scalars)
    flipped = np.ascontiguousarray(values.reshape(deep, up, across, -1)[:, ::-1]).reshape(values.shape)
    made = data.NewInstance()
    made.CopyStructure(data)
    array = numpy_to_vtk(flipped)
    array.SetName(scalars.GetName())
    made.GetPointData().SetScalars(array)
    return made


def arrays_of(data: Any) -> list[Any]:
    """Return all arrays of data and of its blocks, those of the whole among them."""
    held = (data, *leaves(data)) if data.IsA("vtkCompositeDataSet") else (data,)
    return [array for one in held for array in _arrays(one)]


def _quoted(array: Any) -> Any:
    """Quote names of arrays and components: VTK's XML writers put them in as they are, also quotes and brackets."""
    name = array.GetName() or ""
    components = [array.GetComponentName(index) or "" for index in range(array.GetNumberOfComponents())]
    if not any(one.translate(_IN_XML) != one for one in (name, *components)):
        return array
    made = array.NewInstance()
    made.ShallowCopy(array)
    made.SetName(name.translate(_IN_XML))
    for index, one in enumerate(components):
        if one:
            made.SetComponentName(index, one.translate(_IN_XML))
    return made


def _as_integers(array: Any) -> Any:
    """Keep integers of 64 bits: legacy files have ids of 32 bits, and larger ones become others.

    VTK's reader ends the process at ids of which there are none.
    """
    if not array.IsA("vtkIdTypeArray"):
        return array
    values = vtk_to_numpy(array)
    if len(values) and values.min() >= -_INT32 and values.max() < _INT32:
        return array
    made = numpy_to_vtk(values.astype(np.longlong, copy=False))
    made.SetName(array.GetName())
    return made


def _empty_ones_last(data: Any) -> Any:
    """Put empty arrays of the whole last: VTK takes the first for all of them, and writes none if it is empty."""
    if not any(map(_begins_empty, fields_of(data))):
        return data
    copy = shared_copy(data)
    for held in filter(_begins_empty, fields_of(copy)):
        arrays = [held.GetAbstractArray(index) for index in range(held.GetNumberOfArrays())]
        held.Initialize()
        for array in sorted(arrays, key=lambda one: one.GetNumberOfTuples() == 0):
            held.AddArray(array)
    return copy


def fields_of(data: Any) -> list[Any]:
    """Return what holds the arrays of the whole, of data and of its blocks."""
    held = (data, *leaves(data)) if data.IsA("vtkCompositeDataSet") else (data,)
    return [one.GetFieldData() for one in held]


def _begins_empty(held: Any) -> bool:
    return bool(held.GetNumberOfArrays() > 1 and held.GetAbstractArray(0).GetNumberOfTuples() == 0)


LEGACY_WRITERS: Final = tuple(
    f"vtk{kind}Writer"
    for kind in (
        "GenericDataObject", "DataObject", "DataSet", "PolyData", "UnstructuredGrid", "StructuredGrid",
        "RectilinearGrid", "StructuredPoints", "Table", "Graph", "Tree", "CompositeData",
    )
)  # fmt: skip
"""The classes that write legacy files."""
_CHANGES: Final[dict[str, Change]] = dict.fromkeys(LEGACY_WRITERS, _as_integers)


def _changed(data: Any, change: Change) -> Any:
    """Return the same data, with other arrays where `change` makes some."""
    composite = data.IsA("vtkCompositeDataSet")
    if not any(change(array) is not array for array in arrays_of(data)):
        return data
    copy = shared_copy(data)
    for one in [copy, *leaves(copy)] if composite else [copy]:
        for attributes in _attributes(one):
            _replace(attributes, change)
    return copy


def _attributes(data: Any) -> list[Any]:
    """Return those of points, cells, rows and so on; of the whole too."""
    found = [data.GetFieldData(), *(data.GetAttributes(kind) for kind in _KINDS)]
    return [one for number, one in enumerate(found) if one is not None and one not in found[:number]]


def _arrays(data: Any) -> list[Any]:
    return [one.GetAbstractArray(index) for one in _attributes(data) for index in range(one.GetNumberOfArrays())]


def _replace(attributes: Any, change: Change) -> None:
    """Put other arrays in the places of those that change, with the roles that those have."""
    count = attributes.GetNumberOfArrays()
    before = [attributes.GetAbstractArray(index) for index in range(count)]
    after = [change(array) for array in before]
    if all(one is other for one, other in zip(before, after, strict=True)):
        return
    roles = [
        attributes.IsArrayAnAttribute(index) if hasattr(attributes, "IsArrayAnAttribute") else -1
        for index in range(count)
    ]
    attributes.Initialize()
    for array, role in zip(after, roles, strict=True):
        place = attributes.AddArray(array)
        if role >= 0:
            attributes.SetActiveAttribute(place, role)

"""Small data with arrays, and what a filter of the product makes of it, without processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkUnstructuredGrid
from vtkmodules.vtkIOXML import vtkXMLImageDataWriter

from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.toml_definitions import OBJECTS, composition

Numbers = npt.NDArray[Any]


def array(values: Any, name: str) -> Any:
    """A VTK array of these numbers."""
    made = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    made.SetName(name)
    return made


def with_points(data: Any, **arrays: Any) -> Any:
    """The data set with point arrays."""
    for name, values in arrays.items():
        data.GetPointData().AddArray(array(values, name))
    return data


def with_cells(data: Any, **arrays: Any) -> Any:
    """The data set with cell arrays."""
    for name, values in arrays.items():
        data.GetCellData().AddArray(array(values, name))
    return data


def image(
    *dimensions: int,
    origin: Sequence[float] = (0, 0, 0),
    spacing: Sequence[float] = (1, 1, 1),
    direction: Sequence[float] | None = None,
    first: Sequence[int] = (0, 0, 0),
) -> vtkImageData:
    """An image of that many points; `first` is the beginning of its extent."""
    made = vtkImageData()
    made.SetExtent([n for low, size in zip(first, dimensions, strict=True) for n in (low, low + size - 1)])
    made.SetOrigin(*origin)
    made.SetSpacing(*spacing)
    if direction is not None:
        made.SetDirectionMatrix(*direction)
    return made


def grid(points: Sequence[Sequence[float]] | Numbers, *cells: tuple[int, Sequence[int]]) -> vtkUnstructuredGrid:
    """An unstructured grid of cells (type, ids of points) with points in double precision."""
    made, places = vtkUnstructuredGrid(), vtkPoints()
    places.SetDataType(11)
    for one in points:
        places.InsertNextPoint(one)
    made.SetPoints(places)
    for kind, ids in cells:
        made.InsertNextCell(kind, len(ids), ids)
    return made


def places(data: Any) -> Numbers:
    """The coordinates of all points."""
    return np.array([data.GetPoint(i) for i in range(data.GetNumberOfPoints())]).reshape(-1, 3)


def numbers(data: Any, name: str, association: str = "Point") -> Numbers:
    """An array as numpy has it; `association` is Point, Cell, Row or Field."""
    attributes = data.GetFieldData() if association == "Field" else getattr(data, f"Get{association}Data")()
    found = attributes.GetArray(name)
    known = [attributes.GetArrayName(i) for i in range(attributes.GetNumberOfArrays())]
    assert found is not None, f"no {association} array {name!r} among {known}"
    return np.asarray(vtk_to_numpy(found))


def made_of(
    type_name: str, data: Any, properties: Mapping[str, Any] | None = None, *, told: list[Message] | None = None
) -> Any:
    """What a type of the product makes of data; `told` gets the messages."""
    pipeline = over(data)
    create(pipeline, 2, type_name, properties or {}, {pipeline_input(type_name): [(1, 0)]})
    return executed(pipeline, 2, told=told)


def create(
    pipeline: Pipeline, id_: int, type_name: str, properties: Mapping[str, Any], inputs: Mapping[str, Any]
) -> None:
    """Makes a proxy, and first what its properties hold, of which something is set: "ProbeType.Center"."""
    held: dict[str, dict[str, Any]] = {}
    for name, value in properties.items():
        if "." in name:
            held.setdefault(name.partition(".")[0], {})[name.partition(".")[2]] = value
    objects = {}
    for number, (name, values) in enumerate(held.items(), 1000 * id_):
        one = composition(type_name).definition.objects[name]
        pipeline.create(number, ("" if one.takes_sources else OBJECTS) + one.candidates[0], values)
        objects[name] = number
    plain = {name: value for name, value in properties.items() if "." not in name}
    pipeline.create(id_, type_name, plain, dict(inputs), objects)


def over(data: Any) -> Pipeline:
    """A pipeline whose proxy 1 holds data."""
    pipeline = Pipeline()
    pipeline.create(1, "TrivialProducer")
    pipeline.algorithm(1).SetOutput(data)
    return pipeline


def pipeline_input(type_name: str) -> str:
    """The name of the input that data goes to."""
    from apvserver.vtk.types.toml_definitions import composition

    return composition(type_name).definition.inputs[0].name


def executed(pipeline: Pipeline, id_: int, time: float | None = None, *, told: list[Message] | None = None) -> Any:
    """The output of a proxy, brought up to date; a shallow copy, as the service hands it on."""
    Executor().execute(pipeline, id_, time=time, on_message=None if told is None else told.append)
    found = pipeline.output_data(id_)
    copy = found.NewInstance()
    copy.ShallowCopy(found)
    return copy


def written(data: Any, path: Path) -> str:
    """The path of a file of an image."""
    writer = vtkXMLImageDataWriter()
    writer.SetInputData(data)
    writer.SetFileName(str(path))
    assert writer.Write() == 1
    return str(path)

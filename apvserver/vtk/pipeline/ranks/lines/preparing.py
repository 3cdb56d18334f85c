"""What stands before and behind lines that are handed over: what prepares the input of a proxy, and its output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkImageData
from vtkmodules.vtkCommonExecutionModel import vtkTrivialProducer

from ....base.vtk_messages import capture
from ...proxy import Proxy
from ...times import update
from ..work import PieceWork
from .tracing import Tracing

TRACERS: Final = frozenset({"StreamTracer", "StreamTracerWithCustomSource"})
"""Types of which lines may be handed over."""
INPUT: Final = "Input"
_TRACER: Final = "tracer"


def tracer_of(proxy: Proxy) -> Any:
    """Return the vtkStreamTracer of a proxy."""
    return proxy.parts[_TRACER]


def connect_piece(work: PieceWork, proxy: Proxy, source: int, layers: int) -> None:
    """Have a proxy look at this rank's piece of an image, with so many layers around it."""
    work.connect(proxy, INPUT, [(work.producer(source, layers), 0)])


def image_before(proxy: Proxy) -> Any:
    """Return the image that comes to the tracer of a proxy, the parts before which are up to date."""
    made: Any = vtkImageData()
    made.ShallowCopy(_data_at(tracer_of(proxy), 0))
    return made


def prepare_image(proxy: Proxy, time: float | None) -> Any:
    """Return the image that comes to the tracer of a proxy, on a rank but the first, which has no seeds."""
    without = {part for name, ports in proxy.composition.inputs.items() if name != INPUT for part, _ in ports}
    for name, part in proxy.parts.items():
        if name not in without and part is not tracer_of(proxy):
            update(part, 0, time)
    return image_before(proxy)


def seeds_of(proxy: Proxy, time: float | None) -> npt.NDArray[np.float64]:
    """Return where the lines of a proxy begin, three numbers each."""
    connection = tracer_of(proxy).GetInputConnection(1, 0)
    update(connection.GetProducer(), connection.GetIndex(), time)
    source = _data_at(tracer_of(proxy), 1)
    count = 0 if source is None else source.GetNumberOfPoints()
    if not count:
        return np.zeros((0, 3))
    if source.IsA("vtkPointSet"):
        places: npt.NDArray[np.float64] = vtk_to_numpy(source.GetPoints().GetData()).astype(np.float64)
        return places
    return np.array([source.GetPoint(number) for number in range(count)], np.float64)


def _data_at(algorithm: Any, port: int) -> Any:
    connection = algorithm.GetInputConnection(port, 0)
    information = connection.GetProducer().GetOutputInformation(connection.GetIndex())
    return vtkDataObject.GetData(information)


def give(work: PieceWork, proxy: Proxy, lines: Any) -> None:
    """Have lines be what the tracer of a proxy has made: it executes with nothing, and is up to date with them."""
    nothing = vtkTrivialProducer()
    nothing.SetOutput(vtkImageData())
    work.connect(proxy, INPUT, [(nothing, 0)])
    tracer = tracer_of(proxy)
    with capture():  # that there is nothing in it
        tracer.Update()
    output = tracer.GetOutputDataObject(0)
    output.ShallowCopy(lines)
    output.DataHasBeenGenerated()


def fields(tracing: Tracing, seeds: npt.NDArray[np.float64]) -> Mapping[str, Any]:
    """Return what an order to follow lines says of them, as plain data."""
    return {"tracing": {name: getattr(tracing, name) for name in Tracing.__slots__}, "seeds": seeds.tobytes()}


def from_fields(order: Mapping[str, Any]) -> tuple[Tracing, npt.NDArray[np.float64]]:
    """Return what `fields` has told."""
    return Tracing(**order["tracing"]), np.frombuffer(order["seeds"], np.float64).reshape(-1, 3)

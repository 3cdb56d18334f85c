"""Which algorithms may be aborted while they execute. Abort kills the process in some others: this is measured data.

An entry of `base/facts/execution.toml` earns its place by surviving aborts at random times with the same result on the
next execution (`tests/apvserver/test_interruption.py` repeats that for every entry). Exact class names: subclasses are
not covered. On a VTK that was not measured nothing is aborted.
"""

import functools
from typing import Any, Literal

from ..base.facts import vtk_facts


def may_abort(algorithm: Any) -> bool:
    """Return whether raising the abort flag on this algorithm, with its present inputs, is known to be safe."""
    name = type(algorithm).__name__
    on = _abortable_on(name, vtk_facts.installed_version())
    if on != "images":
        return on == "any data"
    if name == "vtkContourFilter" and algorithm.GetFastMode():
        return False  # it then hands images to vtkFlyingEdges3D
    return all(_is_image(one) for one in _inputs(algorithm))


@functools.cache
def _abortable_on(name: str, _version: str) -> Literal["any data", "images", "nothing"]:
    """Return on which data instances of a class may be aborted."""
    if name in vtk_facts.names("execution", "abortable", "on_any_data"):
        return "any data"
    return "images" if name in vtk_facts.names("execution", "abortable", "on_images") else "nothing"


def _inputs(algorithm: Any) -> list[Any]:
    return [
        algorithm.GetInputDataObject(port, connection)
        for port in range(algorithm.GetNumberOfInputPorts())
        for connection in range(algorithm.GetNumberOfInputConnections(port))
    ]


def _is_image(data: Any) -> bool:
    return data is not None and bool(data.IsA("vtkImageData"))

"""Which algorithms may be aborted while they execute. Abort kills the process in some others: this is measured data.

An entry of `base/facts/execution.toml` earns its place by surviving aborts at random times with the same result on the
next execution (`tests/apvserver/test_interruption.py` repeats that for every entry). Exact class names: subclasses are
not covered. On a VTK that was not measured nothing is aborted.
"""

from typing import Any

from ..base.facts import vtk_facts


def may_abort(algorithm: Any) -> bool:
    """Return whether raising the abort flag on this algorithm, with its present inputs, is known to be safe."""
    name = type(algorithm).__name__
    if name in vtk_facts.names("execution", "abortable", "on_any_data"):
        return True
    if name == "vtkContourFilter" and algorithm.GetFastMode():
        return False  # it then hands images to vtkFlyingEdges3D
    on_images = vtk_facts.names("execution", "abortable", "on_images")
    return name in on_images and all(_is_image(one) for one in _inputs(algorithm))


def _inputs(algorithm: Any) -> list[Any]:
    return [
        algorithm.GetInputDataObject(port, connection)
        for port in range(algorithm.GetNumberOfInputPorts())
        for connection in range(algorithm.GetNumberOfInputConnections(port))
    ]


def _is_image(data: Any) -> bool:
    return data is not None and bool(data.IsA("vtkImageData"))

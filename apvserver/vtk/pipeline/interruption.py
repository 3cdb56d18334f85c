"""Which algorithms may be aborted while they execute. Abort kills the process in some others: this is measured data.

An entry earns its place by surviving aborts at random times with the same result on the next execution
(`tests/apvserver/test_interruption.py` repeats that for every entry). Exact class names: subclasses are not covered.

Measured and kept out (VTK 9.7.2): vtkFlyingEdges3D (std::bad_alloc), vtkContour3DLinearGrid (segmentation fault as
soon as vtkSMPTools has threads), vtkCutter and vtkPlaneCutter on unstructured grids (segmentation fault),
vtkWindowedSincPolyDataFilter (segmentation fault with STDThread, once in some hundred aborts).
"""

from typing import Any

ABORTABLE = frozenset(
    {
        "vtkRTAnalyticSource",
        "vtkDelaunay3D",
        "vtkTableBasedClipDataSet",
        "vtkGeometryFilter",
        "vtkDataSetSurfaceFilter",
        "vtkThreshold",
        "vtkGradientFilter",
        "vtkWarpVector",
        "vtkResampleToImage",
        "DataSampler",
        "HullTetrahedra",
        "vtkDecimatePro",
        "vtkConnectivityFilter",
        "vtkStreamTracer",
    }
)

# vtkContourFilter on unstructured grids: segmentation fault, or empty output until a new instance is made.
ABORTABLE_ON_IMAGES = frozenset({"vtkContourFilter", "vtkClipDataSet"})


def may_abort(algorithm: Any) -> bool:
    """Whether raising the abort flag on this algorithm, with its present inputs, is known to be safe."""
    name = type(algorithm).__name__
    if name in ABORTABLE:
        return True
    if name == "vtkContourFilter" and algorithm.GetFastMode():
        return False  # it then hands images to vtkFlyingEdges3D
    return name in ABORTABLE_ON_IMAGES and all(_is_image(one) for one in _inputs(algorithm))


def _inputs(algorithm: Any) -> list[Any]:
    return [
        algorithm.GetInputDataObject(port, connection)
        for port in range(algorithm.GetNumberOfInputPorts())
        for connection in range(algorithm.GetNumberOfInputConnections(port))
    ]


def _is_image(data: Any) -> bool:
    return data is not None and bool(data.IsA("vtkImageData"))

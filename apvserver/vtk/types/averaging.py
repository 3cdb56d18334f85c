"""Which classes average what of which input: in front of those integers become doubles, in any recipe.

VTK keeps the type of an array, and rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, Literal

from vtkmodules.vtkCommonDataModel import vtkDataObject

from .composition import Part, PartPort, Recipe

POINTS: Final[frozenset[int]] = frozenset({vtkDataObject.POINT})
CELLS: Final[frozenset[int]] = frozenset({vtkDataObject.CELL})
BOTH: Final = POINTS | CELLS
NONE: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True)
class Averages:
    """What a class averages, or interpolates: arrays of points or cells of the input at `port`.

    One that reads few of many values gets huge arrays to be `read`: converted as it reads them; of active scalars it
    may want the memory (`takes_memory`), so that those are not marked then. `now` says of an instance whether it does,
    as its properties are; `of` says of which arrays. One that makes one result of all blocks of a composite says in
    `blocks` what is done with arrays that only some of them have.
    """

    what: frozenset[int] = POINTS
    port: int = 0
    read: bool = False
    takes_memory: bool = False
    now: Callable[[Any], bool] = lambda algorithm: True
    of: Callable[[Any], bool] = lambda array: True
    blocks: Literal["", "told", "nan"] = ""


def _turns(array: Any) -> bool:
    """Whether an array can be one of vectors or tensors: bytes are colours."""
    return array.GetNumberOfComponents() in (3, 6, 9) and array.GetDataTypeSize() > 1


_AT_EDGES: Final = (
    "vtkContourFilter", "vtkContourGrid", "vtkContour3DLinearGrid", "vtkFlyingEdges2D", "vtkFlyingEdges3D",
    "vtkFlyingEdgesPlaneCutter", "vtkGridSynchronizedTemplates3D", "vtkMarchingCubes", "vtkMarchingSquares",
    "vtkRectilinearSynchronizedTemplates", "vtkSynchronizedTemplates2D", "vtkSynchronizedTemplates3D",
    "vtkSynchronizedTemplatesCutter3D", "vtkBandedPolyDataContourFilter", "vtkCutter", "vtkPlaneCutter",
    "vtk3DLinearGridPlaneCutter", "vtkCompositeCutter", "vtkPolyDataPlaneCutter", "vtkPolyDataPlaneClipper",
    "vtkClipDataSet", "vtkClipPolyData", "vtkClipClosedSurface", "vtkClipVolume", "vtkTableBasedClipDataSet",
    "vtkBoxClipDataSet",
)  # fmt: skip
_BETWEEN_POINTS: Final = (
    "vtkAdaptiveSubdivisionFilter", "vtkButterflySubdivisionFilter", "vtkLinearSubdivisionFilter",
    "vtkLoopSubdivisionFilter", "vtkLinearToQuadraticCellsFilter", "vtkTessellatorFilter", "vtkQuadricDecimation",
    "vtkBinnedDecimation", "vtkAttributeSmoothingFilter", "vtkRectilinearGridToTetrahedra", "vtkSplineFilter",
    "vtkImageGaussianSmooth", "vtkImageResample", "vtkImageResize", "vtkImageReslice", "vtkImageShrink3D",
    "vtkAMRResampleFilter", "vtkAMRSliceFilter", "vtkImageInterpolator",
)  # fmt: skip
_SAMPLED: Final = (
    "vtkProbeFilter", "vtkCompositeDataProbeFilter", "vtkPointInterpolator", "vtkPointInterpolator2D",
    "vtkSPHInterpolator", "vtkResampleWithDataSet",
)  # fmt: skip
AVERAGING: Final[Mapping[str, tuple[Averages, ...]]] = MappingProxyType(
    {
        **dict.fromkeys(_AT_EDGES, (Averages(),)),
        **dict.fromkeys(("vtkTableBasedClipDataSet", "vtkContourFilter"), (Averages(read=True),)),
        "vtkCutter": (Averages(read=True, takes_memory=True),),
        **dict.fromkeys(_BETWEEN_POINTS, (Averages(),)),
        **dict.fromkeys(_SAMPLED, (Averages(port=1, read=True, blocks="nan"),)),
        "vtkResampleToImage": (Averages(read=True, blocks="nan"),),
        "vtkIntegrateAttributes": (Averages(BOTH, blocks="told"),),
        "vtkCellDataToPointData": (Averages(CELLS),),
        "vtkPointDataToCellData": (Averages(now=lambda filter: not filter.GetCategoricalData()),),
        "vtkStaticCleanUnstructuredGrid": (Averages(now=lambda filter: bool(filter.GetAveragePointData())),),
        "vtkStaticCleanPolyData": (Averages(now=lambda filter: bool(filter.GetAveragePointData())),),
        "vtkDataSetSurfaceFilter": (Averages(now=lambda filter: filter.GetNonlinearSubdivisionLevel() > 1),),
        "vtkGeometryFilter": (Averages(now=lambda filter: filter.GetNonlinearSubdivisionLevel() > 1),),
        **dict.fromkeys(("vtkStreamTracer", "vtkEvenlySpacedStreamlines2D"), (Averages(BOTH, blocks="told"),)),
        **dict.fromkeys(("vtkTemporalStatistics", "vtkTemporalInterpolator"), (Averages(BOTH),)),
        **dict.fromkeys(("vtkAxisAlignedReflectionFilter", "vtkReflectionFilter"), (Averages(BOTH, of=_turns),)),
    }
)
"""By exact class name. VTK 9.7 gives all of them in the type of their input, PointDataToCellData in float; those that
mirror leave unsigned vectors as they are."""


def promoting(made_of: Recipe) -> Recipe:
    """The same recipe with a part that promotes integers in front of every input that is averaged."""
    consumers = {(part.name, one.port): part for part in made_of.parts for one in AVERAGING.get(part.vtk_name, ())}
    if not consumers:
        return made_of
    names = {port: f"{port[0]} integers {port[1]}".strip() for port in consumers}
    parts: list[Part] = []
    for part in made_of.parts:
        parts += [Part(name, "PromoteIntegers") for port, name in names.items() if port[0] == part.name]
        parts.append(part)
    inner: list[tuple[PartPort, PartPort]] = [(port, (name, 0)) for port, name in names.items()]
    return replace(
        made_of,
        parts=tuple(parts),
        links=(*((_moved(to, names), of) for to, of in made_of.links), *inner),
        inputs={name: tuple(_moved(port, names) for port in ports) for name, ports in made_of.inputs.items()},
    )


def _moved(port: PartPort, names: Mapping[PartPort, str]) -> PartPort:
    return (names[port], 0) if port in names else port

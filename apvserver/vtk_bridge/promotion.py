"""Integers become doubles in front of what averages them: VTK keeps the type of an array, and rounds.

Which classes average what of which input is a table here. `promoting` puts a part in front of them in a recipe, curated
or bare; what is no integer goes through it as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final
from weakref import ref

from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import VTK_DOUBLE, VTK_FLOAT, vtkOutputWindow
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkDataSetAttributes

from apvserver.vtk_bridge.array_types import put_in_place, retyped
from apvserver.vtk_bridge.geometry import ORIGIN_BLOCKS, ORIGIN_IDS
from apvserver.vtk_bridge.information import parts
from apvserver.vtk_bridge.recipes import Part, PartPort, Recipe

POINTS: Final[frozenset[int]] = frozenset({vtkDataObject.POINT})
CELLS: Final[frozenset[int]] = frozenset({vtkDataObject.CELL})
BOTH: Final = POINTS | CELLS
NONE: Final[frozenset[int]] = frozenset()

EXACT: Final = 2**53
"""Integers up to here are doubles as well, in between some are not."""
_IDS: Final = frozenset(
    {"vtkGhostType", "vtkOriginalPointIds", "vtkOriginalCellIds", "vtkValidPointMask", ORIGIN_IDS, ORIGIN_BLOCKS}
)
_SCALARS: Final = vtkDataSetAttributes.SCALARS
_MARKED_IDS: Final = (vtkDataSetAttributes.GLOBALIDS, vtkDataSetAttributes.PEDIGREEIDS, vtkDataSetAttributes.EDGEFLAG)


@dataclass(frozen=True)
class Averages:
    """What a class averages, or interpolates: arrays of points or cells of the input at `port`.

    `now` says of an instance whether it does, as its properties are.
    """

    what: frozenset[int] = POINTS
    port: int = 0
    now: Callable[[Any], bool] = lambda algorithm: True


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
        **dict.fromkeys((*_AT_EDGES, *_BETWEEN_POINTS), (Averages(),)),
        **dict.fromkeys(_SAMPLED, (Averages(port=1),)),
        "vtkResampleToImage": (Averages(),),
        "vtkCellDataToPointData": (Averages(CELLS),),
        "vtkPointDataToCellData": (Averages(now=lambda filter: not filter.GetCategoricalData()),),
        "vtkStaticCleanUnstructuredGrid": (Averages(now=lambda filter: bool(filter.GetAveragePointData())),),
        "vtkStaticCleanPolyData": (Averages(now=lambda filter: bool(filter.GetAveragePointData())),),
        "vtkDataSetSurfaceFilter": (Averages(now=lambda filter: filter.GetNonlinearSubdivisionLevel() > 1),),
        "vtkGeometryFilter": (Averages(now=lambda filter: filter.GetNonlinearSubdivisionLevel() > 1),),
        **dict.fromkeys(("vtkStreamTracer", "vtkEvenlySpacedStreamlines2D"), (Averages(BOTH),)),
        **dict.fromkeys(("vtkTemporalStatistics", "vtkTemporalInterpolator"), (Averages(BOTH),)),
    }
)
"""By exact class name. VTK 9.7 gives all of them in the type of their input, PointDataToCellData in float."""


class PromoteIntegers(VTKPythonAlgorithmBase):  # type: ignore[misc]
    """PromoteIntegers - Makes doubles of the integers of points and cells, but for what numbers or marks them."""

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, inputType="vtkDataObject", outputType="vtkDataObject")
        self._wanted = BOTH
        self._served: tuple[Any, Averages] | None = None

    def serve(self, consumer: Any, port: int) -> None:
        """Promote what that algorithm averages of the input at a port, and no more."""
        averages = next(one for one in AVERAGING[consumer.GetClassName()] if one.port == port)
        self._served = ref(consumer), averages

    def prepare(self) -> None:
        """Take over what the properties of the served algorithm say now; nothing happens if that is the same."""
        if self._served is None:
            return
        consumer, averages = self._served[0](), self._served[1]
        wanted = averages.what if consumer is not None and averages.now(consumer) else NONE
        if wanted != self._wanted:
            self._wanted = wanted
            self.Modified()

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """The kind of data is that of the input."""
        data = vtkDataObject.GetData(inInfo[0], 0)
        information = outInfo.GetInformationObject(0)
        held = information.Get(vtkDataObject.DATA_OBJECT())
        if data is not None and (held is None or held.GetClassName() != data.GetClassName()):
            information.Set(vtkDataObject.DATA_OBJECT(), data.NewInstance())
        return 1

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """What images announce of their active scalars."""
        information = outInfo.GetInformationObject(0)
        announced = vtkDataObject.GetActiveFieldInformation(information, vtkDataObject.POINT, _SCALARS)
        key = vtkDataObject.FIELD_ARRAY_TYPE()
        kind = announced.Get(key) if announced is not None and announced.Has(key) else VTK_DOUBLE
        if kind not in (VTK_FLOAT, VTK_DOUBLE) and vtkDataObject.POINT in self._wanted:
            vtkDataObject.SetPointDataActiveScalarInfo(information, VTK_DOUBLE, -1)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """The data of the input with other arrays."""
        data, output = vtkDataObject.GetData(inInfo[0], 0), vtkDataObject.GetData(outInfo, 0)
        kept: dict[str, None] = {}
        promote_into(output, data, self._wanted, kept)
        if kept:
            vtkOutputWindow.GetInstance().DisplayWarningText(
                f"{', '.join(kept)}: integers beyond 2**53, which floating-point numbers of 64 bits do not tell "
                "apart, stay integers here and are rounded where they are averaged or cut: they are not exact"
            )
        return 1


def promote_into(output: Any, data: Any, wanted: frozenset[int], kept: dict[str, None] | None = None) -> None:
    """Make a data object a shallow copy of another one, with doubles for integers of the wanted associations.

    Integers beyond what doubles can tell apart stay as they are; the names of their arrays go to `kept`.
    """
    kept = {} if kept is None else kept
    output.ShallowCopy(data)
    for leaf in parts(output):
        for association in wanted if leaf.IsA("vtkDataSet") else ():
            attributes = leaf.GetAttributes(association)
            for index, array in _integers(attributes):
                if _is_exact(array):
                    put_in_place(attributes, index, retyped(array))
                else:
                    kept[array.GetName() or ""] = None


def _integers(attributes: Any) -> Iterator[tuple[int, Any]]:
    for index in reversed(range(attributes.GetNumberOfArrays())):
        array = attributes.GetArray(index)
        marked = attributes.IsArrayAnAttribute(index)
        if array is None or not array.IsIntegral() or marked in _MARKED_IDS:
            continue
        if array.GetName() not in _IDS:
            yield index, array


def _is_exact(array: Any) -> bool:
    if array.GetDataTypeSize() < 8 or not array.GetNumberOfValues() or not array.HasStandardMemoryLayout():
        return True
    values = vtk_to_numpy(array)
    return bool(values.max() <= EXACT and values.min() >= -EXACT)


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

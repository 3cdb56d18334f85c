"""Integers become doubles in front of what averages them: VTK keeps the type of an array, and rounds.

Which classes average what of which input is a table here. `promoting` puts a part in front of them in a recipe, curated
or bare; what is no integer goes through it as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, Literal
from weakref import ref

from vtkmodules.vtkCommonCore import VTK_BIT, VTK_DOUBLE, VTK_FLOAT
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkDataSetAttributes

from ...base.array_types import is_exact_in_doubles, put_in_place, retyped, seen_as_doubles
from ...base.information import parts
from ...geometry.geometry import ORIGIN_BLOCKS, ORIGIN_IDS
from ...types.composition import Part, PartPort, Recipe
from ..array_algorithm import ArrayAlgorithm
from .block_types import fill_with_nan, left_out, make_types_alike

POINTS: Final[frozenset[int]] = frozenset({vtkDataObject.POINT})
CELLS: Final[frozenset[int]] = frozenset({vtkDataObject.CELL})
BOTH: Final = POINTS | CELLS
NONE: Final[frozenset[int]] = frozenset()

_IDS: Final = frozenset(
    {"vtkGhostType", "vtkOriginalPointIds", "vtkOriginalCellIds", "vtkValidPointMask", ORIGIN_IDS, ORIGIN_BLOCKS}
)
LARGE: Final = 2**24
HUGE: Final = 2**28
"""So many values take 128 MB, and 2 GB, as doubles."""
_SCALARS: Final = vtkDataSetAttributes.SCALARS
_MARKED_IDS: Final = (vtkDataSetAttributes.GLOBALIDS, vtkDataSetAttributes.PEDIGREEIDS, vtkDataSetAttributes.EDGEFLAG)


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
    "vtkAMRResampleFilter", "vtkAMRSliceFilter",
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


class PromoteIntegers(ArrayAlgorithm):
    """PromoteIntegers - Makes doubles of the integers of points and cells, but for what numbers or marks them."""

    def __init__(self) -> None:
        super().__init__()
        self._wanted = BOTH
        self._served: tuple[Any, Averages] | None = None

    def serve(self, consumer: Any, vtk_name: str, port: int) -> None:
        """Promote what that algorithm averages of the input at a port, and no more.

        Its class may be one that VTK puts in the place of the named one.
        """
        self._served = ref(consumer), next(one for one in AVERAGING[vtk_name] if one.port == port)

    def prepare(self) -> None:
        """Take over what the properties of the served algorithm say now; nothing happens if that is the same."""
        if self._served is None:
            return
        consumer, averages = self._served[0](), self._served[1]
        wanted = averages.what if consumer is not None and averages.now(consumer) else NONE
        if wanted != self._wanted:
            self._wanted = wanted
            self.Modified()

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """What images announce of their active scalars."""
        information = outInfo.GetInformationObject(0)
        announced = vtkDataObject.GetActiveFieldInformation(information, vtkDataObject.POINT, _SCALARS)
        key = vtkDataObject.FIELD_ARRAY_TYPE()
        kind = announced.Get(key) if announced is not None and announced.Has(key) else VTK_DOUBLE
        if kind not in (VTK_FLOAT, VTK_DOUBLE) and vtkDataObject.POINT in self._wanted:
            vtkDataObject.SetPointDataActiveScalarInfo(information, VTK_DOUBLE, -1)
        return 1

    def change(self, output: Any, *inputs: Any) -> None:
        """Promote what is wanted, and say of what that was not possible."""
        averages = Averages() if self._served is None else self._served[1]
        kept = promote(output, self._wanted, averages.of, read=averages.read)
        if kept:
            self.warn(
                f"{', '.join(kept)}: integers beyond 2**53, which floating-point numbers of 64 bits do not tell "
                "apart, stay integers here and are rounded where they are averaged or cut: they are not exact"
            )
        leaves = [leaf for leaf in parts(output) if leaf.IsA("vtkDataSet") and leaf.GetNumberOfPoints()]
        for scalars, leaf in ((leaf.GetPointData().GetScalars(), leaf) for leaf in leaves if averages.takes_memory):
            if scalars is not None and not scalars.HasStandardMemoryLayout():
                leaf.GetPointData().SetActiveScalars(None)
        if not averages.blocks or len(leaves) < 2:
            return
        if averages.blocks == "nan":
            fill_with_nan(leaves)
        if inexact := make_types_alike(leaves):
            self.warn(f"{', '.join(inexact)}: integers beyond 2**53 lose digits beside numbers with fractions")
        if dropped := left_out(leaves):
            self.warn(f"only arrays that all blocks have are taken; left out: {', '.join(dropped)}")


def promote(
    data: Any, wanted: frozenset[int], of: Callable[[Any], bool] = lambda array: True, *, read: bool = False
) -> list[str]:
    """Replace integers of the wanted associations by doubles in a data object that nobody else has, those arrays `of`.

    With `read`, large arrays are not converted before what reads them does so, value by value. Integers beyond what
    doubles can tell apart stay as they are: the names of their arrays are given back.
    """
    kept: dict[str, None] = {}
    for leaf in parts(data):
        for association in wanted if leaf.IsA("vtkDataSet") else ():
            attributes = leaf.GetAttributes(association)
            for index, array in _integers(attributes, of):
                if is_exact_in_doubles(array):
                    _replace(attributes, index, array, read=read)
                else:
                    kept[array.GetName() or ""] = None
    return list(kept)


def _replace(attributes: Any, index: int, array: Any, *, read: bool) -> None:
    count = array.GetNumberOfValues()
    if not (read and count >= HUGE and array.HasStandardMemoryLayout()) or array.GetDataType() == VTK_BIT:
        is_short = read and count >= LARGE and array.GetDataTypeSize() <= 2
        put_in_place(attributes, index, retyped(array, VTK_FLOAT if is_short else VTK_DOUBLE))
        return
    put_in_place(attributes, index, seen_as_doubles(array))


def _integers(attributes: Any, of: Callable[[Any], bool]) -> Iterator[tuple[int, Any]]:
    for index in reversed(range(attributes.GetNumberOfArrays())):
        array = attributes.GetArray(index)
        marked = attributes.IsArrayAnAttribute(index)
        if array is None or not array.IsIntegral() or marked in _MARKED_IDS:
            continue
        if array.GetName() not in _IDS and of(array):
            yield index, array


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

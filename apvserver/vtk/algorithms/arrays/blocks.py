"""Algorithms of our own for composites whose blocks do not all have the same arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet, vtkDataObject, vtkUnstructuredGrid
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkAppendFilter, vtkAppendPolyData, vtkCleanPolyData

from ...base.blocks import leaves, parts, places
from ...base.errors import VtkError
from ...base.precision import choose_precision
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties, number, switch
from ..passing import PassingFilter
from ..typed.exact_integers import put_bytes, put_integers
from .alike import made_alike
from .merged_gaps import close_gaps

_KINDS: Final[dict[int, tuple[int, ...]]] = {
    vtkDataObject.FIELD_ASSOCIATION_POINTS: (vtkDataObject.POINT,),
    vtkDataObject.FIELD_ASSOCIATION_CELLS: (vtkDataObject.CELL,),
    vtkDataObject.FIELD_ASSOCIATION_POINTS_THEN_CELLS: (vtkDataObject.POINT, vtkDataObject.CELL),
}
_HUGE: Final = 1e299
"""VTK's own limit."""
_SURFACE, _GRID = 0, 4


class BlocksWithArray(PassingFilter):
    """BlocksWithArray - The blocks of a composite that have an array."""

    def pass_on(self, data: Any, output: Any) -> None:
        """Pass on the blocks that have the array; what is no composite, or has no such block, stays as it is."""
        chosen = self._chosen()
        if not isinstance(data, vtkCompositeDataSet) or chosen is None:
            output.ShallowCopy(data)
            return
        association, name = chosen
        filled = [leaf for leaf in leaves(data) if leaf.GetNumberOfElements(_KINDS[association][0])]
        having = [leaf for leaf in filled if _has(leaf, association, name)]
        _give(output, data, lambda leaf: not having or any(leaf is one for one in having))
        if 0 < len(having) < len(filled):
            lacking = len(filled) - len(having)
            self.warn(f"{lacking} of {len(filled)} blocks have no array {name!r} and were left out")

    def _chosen(self) -> tuple[int, str] | None:
        if not self.GetNumberOfInputArraySpecifications():
            return None
        information = self.GetInputArrayInformation(0)
        name, association = (
            information.Get(vtkDataObject.FIELD_NAME()),
            information.Get(vtkDataObject.FIELD_ASSOCIATION()),
        )
        return (association, name) if name and association in _KINDS else None


def _has(leaf: Any, association: int, name: str) -> bool:
    return any(
        leaf.GetAttributes(kind) is not None and leaf.GetAttributes(kind).HasArray(name) for kind in _KINDS[association]
    )


def _give(output: Any, data: Any, wanted: Callable[[Any], bool]) -> None:
    """Give a composite copies of the wanted blocks of another composite, at their places."""
    output.CopyStructure(data)
    for place, leaf in places(data):
        if wanted(leaf):
            copy = leaf.NewInstance()
            copy.ShallowCopy(leaf)
            output.SetDataSet(place, copy)
    output.GetFieldData().PassData(data.GetFieldData())


class FilledBlocks(PassingFilter):
    """FilledBlocks - The blocks of a composite in which there is something: some of VTK's filters fail on others."""

    def pass_on(self, data: Any, output: Any) -> None:
        """Leave the places of the others without data; anything but a composite stays as it is."""
        if not isinstance(data, vtkCompositeDataSet):
            output.ShallowCopy(data)
            return
        kinds = (vtkDataObject.POINT, vtkDataObject.CELL)
        _give(output, data, lambda leaf: any(leaf.GetNumberOfElements(kind) for kind in kinds))


class BlocksWithoutGaps(PassingFilter):
    """BlocksWithoutGaps - A composite with empty data where blocks are not there: vtkExtractGeometry stops at those."""

    def pass_on(self, data: Any, output: Any) -> None:
        """Close the gaps; anything but a composite stays as it is."""
        output.ShallowCopy(data)
        if not isinstance(data, vtkCompositeDataSet):
            return
        for place, leaf in places(data, empty=True):
            if leaf is None:
                output.SetDataSet(place, vtkUnstructuredGrid())


class AppendedGrids(OwnProperties, PassingFilter):
    """AppendedGrids - All data sets, also those that are blocks, as one with the arrays of all."""

    PROPERTIES: ClassVar[tuple[PropertyDefinition, ...]] = (
        PropertyDefinition(
            "OutputDataSetType",
            "enum",
            1,
            _GRID,
            enumeration=(("Polygonal Mesh", _SURFACE), ("Unstructured Grid", _GRID)),
            doc="What it becomes: an unstructured grid, or a surface, where all of them are surfaces.",
        ),
        switch("MergePoints", False, "Whether points at the same place become one."),
        number("Tolerance", 0.0, "How far apart such points may be.", limits=(0.0, _HUGE)),
    )
    makes_surfaces = False

    def _append(self) -> Any:
        """Return what puts them together."""
        of_surfaces = self.makes_surfaces or self.value_of("OutputDataSetType") == _SURFACE
        return vtkAppendPolyData() if of_surfaces else vtkAppendFilter()

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take as many inputs as there are."""
        info.Set(vtkAlgorithm.INPUT_IS_REPEATABLE(), 1)
        return super().FillInputPortInformation(port, info)

    def kind_of(self, data: Any) -> Any:
        return self._append().GetOutput()

    def pass_on(self, data: Any, output: Any) -> None:
        """Take all inputs, not only the first."""
        inputs = [self.GetInputDataObject(0, index) for index in range(self.GetNumberOfInputConnections(0))]
        alike = made_alike([leaf for one in inputs if one is not None for leaf in parts(one)])
        if alike.lacked:
            names, count = ", ".join(map(repr, alike.lacked)), len(alike.copies)
            self.warn(f"not all of the {count} data sets have {names}: NaN, or an empty text, where it is missing")
        if alike.inexact:
            self.warn(f"{', '.join(alike.inexact)}: integers beyond 2**53 lose digits beside numbers with fractions")
        append, exact = self._append(), bool(self.value_of("MergePoints")) and not self.makes_surfaces
        if exact:
            put_bytes(alike.copies)
        for leaf in alike.copies:
            if append.IsA("vtkAppendPolyData") and not leaf.IsA("vtkPolyData"):
                raise VtkError(f"a {leaf.GetClassName()} is no surface; ExtractSurface makes one of it")
            append.AddInputData(leaf)
        if not alike.copies:
            return
        self._configure(append)
        choose_precision(append)
        append.SetContainerAlgorithm(self)
        append.Update()
        merged = self._merged(append.GetOutput())
        if alike.lacked and self.value_of("MergePoints") and not self.makes_surfaces:
            close_gaps(merged, self._apart(alike.copies), alike.lacked)
        if exact:
            put_integers([merged])
        output.ShallowCopy(merged)

    def _apart(self, copies: Sequence[Any]) -> Any:
        """Return all data sets as one, each with points of its own."""
        append = self._append()
        for leaf in copies:
            append.AddInputData(leaf)
        append.Update()
        return append.GetOutput()

    def _configure(self, append: Any) -> None:
        if append.IsA("vtkAppendFilter"):
            append.SetMergePoints(self.value_of("MergePoints"))
            append.SetTolerance(self.value_of("Tolerance"))

    def _merged(self, data: Any) -> Any:
        """Return a surface whose points at the same place are one, if that is asked for; a grid has them so."""
        if self.makes_surfaces or not data.IsA("vtkPolyData") or not self.value_of("MergePoints"):
            return data
        clean = vtkCleanPolyData()
        clean.SetInputData(data)
        clean.ToleranceIsAbsoluteOn()
        clean.SetAbsoluteTolerance(self.value_of("Tolerance"))
        for switched in (clean.SetConvertLinesToPoints, clean.SetConvertPolysToLines, clean.SetConvertStripsToPolys):
            switched(False)
        clean.SetContainerAlgorithm(self)
        clean.Update()
        return clean.GetOutput()


class AppendedSurfaces(AppendedGrids):
    """AppendedSurfaces - All surfaces, also those that are blocks, as one with the arrays of all."""

    makes_surfaces = True
    input_types = ("vtkPolyData", "vtkCompositeDataSet")

"""VTK's kinds of data, and whether an input takes them: plain functions, without VTK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from async_paraview.domains import fitting_arrays
from async_paraview.information import DataInformation

MADE_OF: Final[Mapping[str, str]] = {
    "vtkAMRDataObject": "vtkPartitionedDataSetCollection",
    "vtkCartesianGrid": "vtkDataSet",
    "vtkCellGrid": "vtkDataObject",
    "vtkCompositeDataSet": "vtkDataObject",
    "vtkDataObjectTree": "vtkCompositeDataSet",
    "vtkDataSet": "vtkDataObject",
    "vtkDirectedAcyclicGraph": "vtkDirectedGraph",
    "vtkDirectedGraph": "vtkGraph",
    "vtkExplicitStructuredGrid": "vtkPointSet",
    "vtkGenericDataSet": "vtkDataObject",
    "vtkGraph": "vtkDataObject",
    "vtkHyperTreeGrid": "vtkDataObject",
    "vtkImageData": "vtkCartesianGrid",
    "vtkMolecule": "vtkUndirectedGraph",
    "vtkMultiBlockDataSet": "vtkDataObjectTree",
    "vtkMultiPieceDataSet": "vtkPartitionedDataSet",
    "vtkMutableDirectedGraph": "vtkDirectedGraph",
    "vtkMutableUndirectedGraph": "vtkUndirectedGraph",
    "vtkNonOverlappingAMR": "vtkUniformGridAMR",
    "vtkOverlappingAMR": "vtkUniformGridAMR",
    "vtkPartitionedDataSet": "vtkDataObjectTree",
    "vtkPartitionedDataSetCollection": "vtkDataObjectTree",
    "vtkPath": "vtkPointSet",
    "vtkPointSet": "vtkDataSet",
    "vtkPolyData": "vtkPointSet",
    "vtkRectilinearGrid": "vtkCartesianGrid",
    "vtkSelection": "vtkDataObject",
    "vtkStatisticalModel": "vtkDataObject",
    "vtkStructuredGrid": "vtkPointSet",
    "vtkStructuredPoints": "vtkImageData",
    "vtkTable": "vtkDataObject",
    "vtkTree": "vtkDirectedAcyclicGraph",
    "vtkUndirectedGraph": "vtkGraph",
    "vtkUniformGrid": "vtkImageData",
    "vtkUniformGridAMR": "vtkAMRDataObject",
    "vtkUnstructuredGrid": "vtkUnstructuredGridBase",
    "vtkUnstructuredGridBase": "vtkPointSet",
}
"""Which class a kind of data is made of, in VTK 9.6."""
COMPOSITE: Final = "vtkCompositeDataSet"
_CALLED: Final = {
    "vtkDataSet": "a data set",
    "vtkImageData": "an image",
    "vtkPolyData": "a surface",
    "vtkTable": "a table",
    "vtkUnstructuredGrid": "an unstructured grid",
    "vtkPointSet": "points with coordinates",
}


def is_a(kind: str, other: str) -> bool:
    """Return whether a kind of data is another, or made of it."""
    while kind != other and kind in MADE_OF:
        kind = MADE_OF[kind]
    return kind == other


def called(kind: str) -> str:
    """Return what a kind of data is called."""
    return _CALLED.get(kind, f"a {kind}")


def why_not(definition: Mapping[str, Any], data: DataInformation) -> str:
    """Return why a filter does not take data as its first input; "" if it does, as far as its definition tells."""
    inputs = definition["inputs"]
    if not inputs:
        return "it takes no input"
    kinds = inputs[0]["data_types"]
    if kinds and (wrong := _wrong_kind(kinds, data)):
        return f"it takes {' or '.join(map(called, kinds))}, and this is {called(wrong)}"
    return _missing_array(definition, data)


def _wrong_kind(wanted: Sequence[str], data: DataInformation) -> str:
    """Return the kind that is not taken: of a composite each block may be of those that are."""
    if not data.data_type or any(is_a(data.data_type, kind) for kind in wanted):
        return ""
    of_blocks = [kind for kind in wanted if not is_a(kind, COMPOSITE)]
    if not is_a(data.data_type, COMPOSITE) or not of_blocks:
        return data.data_type
    wrong = (kind for kind in _kinds_of_blocks(data.raw.get("blocks", ())) if not any(is_a(kind, t) for t in of_blocks))
    return next(wrong, "")


def _kinds_of_blocks(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    stack = list(blocks)
    while stack:
        block = stack.pop()
        stack += block["blocks"]
        if not block["blocks"] and block["type"] and not is_a(block["type"], COMPOSITE):
            yield block["type"]


def _missing_array(definition: Mapping[str, Any], data: DataInformation) -> str:
    first = definition["inputs"][0]["name"]
    if not (data.number_of_points or data.number_of_cells or data.number_of_rows):
        return ""
    for one in definition["properties"]:
        domain = one.get("domain", {})
        asked = domain.get("kind") == "arrays" and domain.get("of", "Input") == first
        if asked and not (domain.get("none") or domain.get("optional") or fitting_arrays(domain, data)):
            where = " or ".join(domain.get("associations", ("POINTS", "CELLS"))).lower()
            sizes = " or ".join(str(size) for size in domain.get("components", ())) or "any number of"
            return f"it needs an array of numbers of {where} with {sizes} component(s), and there is none"
    return ""

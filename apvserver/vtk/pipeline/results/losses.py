"""What some of VTK's classes leave out or round without a word: by `losses` of `base/facts/execution.toml`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkDataObject

from ...base.array_types import is_exact_in_doubles
from ...base.blocks import parts
from ...base.facts import vtk_facts


def losses_of(algorithm: Any) -> tuple[str, ...]:
    """Return what an algorithm, which has just executed, is known by its class to have lost of its first input."""
    losses = vtk_facts.by_name("execution", "losses").get(algorithm.GetClassName(), ())
    data = algorithm.GetInputDataObject(0, 0) if losses else None
    if data is None:
        return ()
    found = (_SAID[loss](list(parts(data)), algorithm.GetOutputDataObject(0)) for loss in losses)
    return tuple(f"{type(algorithm).__name__}: {said}" for said in found if said is not None)


def _lines_and_vertices(leaves: list[Any], _output: Any) -> str | None:
    surfaces = [leaf for leaf in leaves if leaf.IsA("vtkPolyData") and leaf.GetNumberOfPolys()]
    lines, vertices = (sum(getattr(leaf, f"GetNumberOf{kind}")() for leaf in surfaces) for kind in ("Lines", "Verts"))
    counted = [f"{count} {name}" for count, name in ((lines, "lines"), (vertices, "vertices")) if count]
    return f"{' and '.join(counted)} beside polygons are left out" if counted else None


def _large_integers(leaves: list[Any], output: Any) -> str | None:
    kept = {array.GetName() for leaf in parts(output) for array in _arrays(leaf)}
    names = {array.GetName(): None for leaf in leaves for array in _arrays(leaf) if not is_exact_in_doubles(array)}
    rounded = [name for name in names if name in kept]
    said = "integers beyond 2**53 are rounded here, where VTK copies them by way of doubles"
    return f"{', '.join(rounded)}: {said}" if rounded else None


_SAID: Final[dict[str, Callable[[list[Any], Any], str | None]]] = {
    "large_integers": _large_integers,
    "lines_and_vertices": _lines_and_vertices,
}
"""By the names of the facts."""


def _arrays(leaf: Any) -> Iterator[Any]:
    for kind in (vtkDataObject.POINT, vtkDataObject.CELL):
        attributes = leaf.GetAttributes(kind) if leaf.IsA("vtkDataSet") else None
        if attributes is not None:
            arrays = map(attributes.GetArray, range(attributes.GetNumberOfArrays()))
            yield from (array for array in arrays if array is not None and array.GetName())

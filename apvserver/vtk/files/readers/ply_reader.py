"""An algorithm of our own: reads PLY with VTK's reader, and adds the properties and digits that this drops."""

from __future__ import annotations

import mmap
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkIOPLY import vtkPLYReader

from ...base.data_making import add_array, points_of
from ...base.errors import FileError
from ...geometry.level_of_detail import vertices
from ..contents.ply_content import Element, left_out, properties_of, vertices_first
from ..truncation.checks import check_truncation
from .own_reader import OwnReader

_PLACE: Final = ("x", "y", "z")
_COLORS: Final = (("red", "green", "blue"), ("diffuse_red", "diffuse_green", "diffuse_blue"))
_RED: Final = frozenset(names[0] for names in _COLORS)
_TOGETHER: Final = {
    "vertex": (_PLACE, ("nx", "ny", "nz"), ("u", "v"), ("s", "t"), ("texture_u", "texture_v"), *_COLORS),
    "face": _COLORS[:1],
}
"""What VTK reads of the elements that it knows, each only if all of it is there; alpha only beside colors."""


class PLYFileReader(OwnReader):
    """PLYFileReader - Reads polygons and clouds of points in the Stanford format, with all properties as arrays.

    Points are double where the file has them so. Points without any polygon become vertices.
    """

    OUTPUTS = ("vtkPolyData",)

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return what VTK reads, and what it leaves out."""
        check_truncation(path, "vtkPLYReader")
        try:
            with Path(path).open("rb") as stream:
                data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            turned = vertices_first(data)
            found = properties_of(turned or data, _is_cut)
        except (ValueError, KeyError, IndexError) as error:
            raise FileError(f"{path}: the PLY header cannot be understood: {error}") from error
        reader = vtkPLYReader()
        if turned is None:
            reader.SetFileName(path)
        else:
            reader.SetInputString(turned)  # type: ignore[arg-type]  # VTK's std::string is of bytes as well
            reader.ReadFromInputStringOn()
        reader.Update()
        made = vtkPolyData()
        made.ShallowCopy(reader.GetOutput())
        self._tell_left_out(path, left_out(data))
        self._add(path, made, found)
        if not made.GetNumberOfCells():
            made.SetVerts(vertices(made.GetNumberOfPoints()))
        return (made,)

    def _tell_left_out(self, path: str, names: list[str]) -> None:
        if any(name.startswith("tristrips ") for name in names):
            raise FileError(f"{path}: its triangles are in strips (tristrips), which are not read; write them as faces")
        if names:
            self.warn(f"{path}: what is in these elements is left out: {', '.join(names)}")

    def _add(self, path: str, made: Any, found: dict[str, dict[str, Any]]) -> None:
        vertex, face = found.get("vertex", {}), found.get("face", {})
        count = len(vertex.get("x", ()))
        if count != made.GetNumberOfPoints():
            extra = sorted(set(vertex) - _read_by_vtk("vertex", vertex))
            if extra:  # points were doubled, because faces differ in the place that they have in a picture
                self.warn(f"{path}: the properties {', '.join(extra)} of the vertices are left out")
            vertex = {}
        if all(name in vertex for name in _PLACE) and vertex["x"].dtype.itemsize > 4:
            made.SetPoints(points_of(np.column_stack([vertex[name] for name in _PLACE])))
        _add_properties(made.GetPointData(), "vertex", vertex)
        if face and len(next(iter(face.values()))) == made.GetNumberOfPolys():
            _add_properties(made.GetCellData(), "face", face)


def _read_by_vtk(element: str, names: Collection[str]) -> set[str]:
    """Return which of the properties of an element VTK's reader reads."""
    groups = [group for group in _TOGETHER[element] if all(name in names for name in group)]
    read = {name for group in groups for name in group}
    return read | {"alpha"} if any(group in _COLORS for group in groups) else read


def _is_cut(element: Element) -> bool:
    """Return whether VTK's reader drops a property or digits of an element."""
    if element.name not in _TOGETHER:
        return False
    known = _read_by_vtk(element.name, [name for name, _, _ in element.properties])
    return any(
        not of_list and (name not in known or (name in _PLACE and kind == "f8") or (name in _RED and kind != "u1"))
        for name, kind, of_list in element.properties
    )


def _add_properties(attributes: Any, element: str, found: dict[str, Any]) -> None:
    for names in _COLORS:
        if all(name in found for name in names) and found[names[0]].dtype.itemsize > 1:
            for name in ("RGB", "RGBA"):  # VTK has cut them to whole numbers below 256
                attributes.RemoveArray(name)
            channels = [*names, "alpha"] if "alpha" in found else names
            add_array(
                attributes, "RGBA" if "alpha" in found else "RGB", np.column_stack([found[one] for one in channels])
            )
    known = _read_by_vtk(element, found)
    for name, values in found.items():
        if name not in known and not attributes.HasArray(name):
            add_array(attributes, name, values)

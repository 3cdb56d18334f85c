"""An algorithm of our own: reads Gmsh with meshio, and its fields by the numbers of nodes and elements, with times."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...base.data_making import add_array
from ...base.errors import FileError
from ..contents.gmsh_content import Content, read_content
from .meshio_reader import MeshioReader


class GmshReader(MeshioReader):
    """GmshReader - Reads meshes of Gmsh (.msh), text or binary, with fields; several steps of a field are times.

    A node or element that a field has no value for has NaN.
    """

    def times(self, path: str) -> Sequence[float]:
        """Return the times, if a field has several."""
        content = self._content(path)
        return content.times() if content is not None else ()

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return the mesh, and the fields at a time."""
        content = self._content(path)
        if content is None:
            return (self.grid(path, path),)
        with tempfile.TemporaryDirectory() as folder:
            part = Path(folder) / "mesh.msh"
            part.write_bytes(content.mesh)
            made = self.grid(str(part), path)
        for of_nodes, name, values in content.at(time):
            attributes = made.GetPointData() if of_nodes else made.GetCellData()
            if len(values) != (made.GetNumberOfPoints() if of_nodes else made.GetNumberOfCells()):
                raise FileError(f"{path}: the field {name!r} is of elements that are left out; it cannot be shown")
            add_array(attributes, name, values)
        if content.left_out:
            names = ", ".join(dict.fromkeys(content.left_out))
            self.warn(f"{path}: the fields {names} have several values at a node (ElementNodeData) and are left out")
        return (made,)

    def _content(self, path: str) -> Content | None:
        found: Content | None = self.kept(path, lambda name: read_content(name, Path(name).read_bytes()))
        return found

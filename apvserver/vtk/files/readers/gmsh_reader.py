"""An algorithm of our own: reads Gmsh, and its fields by the numbers of nodes and elements, with times.

Versions before 4.1 are read with meshio; of 4.1 meshio has the tables of kinds and orders.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...base.data_making import add_array
from ...base.errors import FileError
from ..contents.gmsh.fields import Content, mesh_of, read_content
from ..contents.gmsh.mesh import GmshMesh
from ..contents.gmsh.repeated import merged
from .meshio_reader import MeshioReader, imported


class GmshReader(MeshioReader):
    """GmshReader - Reads meshes of Gmsh (.msh), text or binary, with fields; several steps of a field are times.

    A node or element that a field has no value for has NaN. Groups are arrays of 0 and 1.
    """

    def times(self, path: str) -> Sequence[float]:
        """Return the times, if a field has several."""
        content = self._content(path)
        return content.times() if content is not None else ()

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return the mesh, and the fields at a time."""
        content = self._content(path)
        mesh = content.mesh if content is not None else mesh_of(path, Path(path).read_bytes())
        kept = None
        if mesh is not None:
            loaded = _of_meshio(mesh, path)
        else:
            loaded, kept = merged(self._of_older_version(path, content))
        made = self.grid_of_mesh(loaded, "gmsh", path)
        if content is not None:
            self._add_fields(path, made, content, time, kept)
        return (made,)

    def _of_older_version(self, path: str, content: Content | None) -> Any:
        try:
            if content is None:
                return self.loaded(path, path)[0]
            with tempfile.TemporaryDirectory() as folder:
                part = Path(folder) / "mesh.msh"
                part.write_bytes(content.rest)
                return self.loaded(str(part), path)[0]
        except FileError as error:
            name = Path(path).name
            raise FileError(
                f"{error}; Gmsh can write it anew: gmsh {name} -save -format msh41 -o new_{name}"
            ) from error

    def _add_fields(self, path: str, made: Any, content: Content, time: float | None, kept: Any) -> None:
        for of_nodes, name, found in content.at(time):
            attributes = made.GetPointData() if of_nodes else made.GetCellData()
            values = found if of_nodes or kept is None or len(found) != len(kept.of) else kept.values(found)
            if len(values) != (made.GetNumberOfPoints() if of_nodes else made.GetNumberOfCells()):
                raise FileError(f"{path}: the field {name!r} is of elements that are left out; it cannot be shown")
            add_array(attributes, name, values)
        if content.left_out:
            names = ", ".join(dict.fromkeys(content.left_out))
            self.warn(f"{path}: the fields {names} have several values at a node (ElementNodeData) and are left out")

    def _content(self, path: str) -> Content | None:
        found: Content | None = self.kept(path, lambda name: read_content(name, Path(name).read_bytes()))
        return found


def _of_meshio(mesh: GmshMesh, path: str) -> Any:
    """Return a mesh of meshio, whose tables say what the types of elements are. Raises `FileError`."""
    meshio = imported(path)
    from meshio.gmsh.common import _gmsh_to_meshio_order, _gmsh_to_meshio_type

    kinds = [_gmsh_to_meshio_type.get(block.type, f"type {block.type} of Gmsh") for block in mesh.blocks]
    sets = mesh.sets()
    return meshio.Mesh(
        mesh.points,
        [
            meshio.CellBlock(kind, _gmsh_to_meshio_order(kind, block.data))
            for kind, block in zip(kinds, mesh.blocks, strict=True)
        ],
        point_data={"gmsh:dim_tags": mesh.dim_tags},
        cell_data=mesh.of_cells(),
        field_data={name: np.array([number, dimension]) for name, number, dimension in mesh.names},
        cell_sets=sets,
    )

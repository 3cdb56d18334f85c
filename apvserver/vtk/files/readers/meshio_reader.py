"""An algorithm of our own: reads the mesh formats that meshio knows, and VTK does not."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import numpy as np

from ...base.data_making import add_array, grid_of
from ...base.errors import FileError
from ..contents.nastran.mesh import NastranMesh
from ..contents.nastran.mesh import read_mesh as read_bulk_data
from ..contents.su2_text import with_numbers
from ..corrections.cell_orders import turn_inside_out
from ..corrections.netcdf.values import LIBRARY_LOCK
from ..mesh_formats import HEAD_BYTES, mesh_format
from .own_reader import OwnReader

_KINDS: Final = {
    "vertex": 1, "line": 3, "triangle": 5, "polygon": 7, "quad": 9, "tetra": 10, "hexahedron": 12, "wedge": 13,
    "pyramid": 14, "penta_prism": 15, "hexa_prism": 16, "line3": 21, "triangle6": 22, "quad8": 23, "tetra10": 24,
    "hexahedron20": 25, "wedge15": 26, "pyramid13": 27, "quad9": 28, "hexahedron27": 29, "wedge18": 32,
    "hexahedron24": 33, "triangle7": 34, "line4": 35,
}  # fmt: skip
"""VTK's numbers of the kinds of cells. Their points have the same order, also those of wedges: VTK's volume of a wedge
is positive in this order, whatever its documentation says about normals."""

_LAYERED: Final = {
    "triangle6": (0, 2, 4, 1, 3, 5),
    "quad9": (0, 2, 8, 6, 1, 5, 7, 3, 4),
    "tetra10": (0, 2, 4, 9, 1, 3, 5, 6, 7, 8),
}
_ORDERS: Final[dict[str | None, dict[str, tuple[int, ...]]]] = {
    "gmsh": {"wedge18": (0, 1, 2, 3, 4, 5, 6, 9, 7, 12, 14, 13, 8, 10, 11, 15, 17, 16)},
    "permas": _LAYERED,
}
"""Where in the order of a format the points of cells are which VTK has first, second, ...; meshio 5.3 leaves these."""
_UNKNOWN_ORDER: Final = {"permas": ("quad8", "wedge15", "hexahedron20", "hexahedron27")}
"""Kinds of cells whose points a format has in an order that is not known here."""
_OTHER_WAY_ROUND: Final = ("flac3d", "med", "su2")
"""Formats that have volumes, or some kinds of them, turned inside out beside VTK."""
_WITHOUT_DIMENSION: Final = ("pyramid13", "wedge15", "hexahedron24")
"""Kinds that meshio 5.3 has forgotten in a table, so that it reads them from no format."""
_SU2_TAG: Final = "su2:tag"


class MeshioReader(OwnReader):
    """MeshioReader - Reads Gmsh, MED, Medit, Nastran, SU2, Netgen, AFLR3 and other meshes with meshio."""

    def companions(self, path: str) -> tuple[str, ...]:
        """Return the file of the points, which TetGen has in a file of their own; those of values of DOLFIN's cells."""
        file = Path(path)
        if file.suffix.lower() == ".xml":
            return tuple(str(one) for one in sorted(file.parent.glob("*.xml")) if _has_values_of(file, one.name))
        suffix = {".ele": ".node", ".node": ".ele"}.get(file.suffix.lower())
        return (str(file.with_suffix(suffix)),) if suffix else ()

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return the cells, with their data, and sets of cells and points as arrays of 0 and 1."""
        return (self.grid(path, path),)

    def grid(self, path: str, called: str) -> Any:
        """Return the grid in a file, which errors call by another name. Raises `FileError`."""
        return self.grid_of_mesh(*self.loaded(path, called), called)

    def loaded(self, path: str, called: str) -> tuple[Any, str | None]:
        """Return what meshio reads, and its name of the format. Raises `FileError`."""
        return _mesh(path, called)

    def grid_of_mesh(self, mesh: Any, format_name: str | None, called: str) -> Any:
        """Return the grid that a mesh of meshio is. Raises `FileError`."""
        blocks = [(index, block) for index, block in enumerate(mesh.cells) if block.type in _KINDS]
        left_out = [block.type for block in mesh.cells if block.type not in _KINDS]
        if not mesh.cells and mesh.cell_data:
            raise FileError(f"{called}: there are no cells in it, only points")
        if left_out and not blocks:
            raise FileError(f"{called}: its cells are of kinds that VTK has not: {', '.join(sorted(set(left_out)))}")
        if left_out:
            self.warn(
                f"{called}: cells of the kinds {', '.join(sorted(set(left_out)))} are left out; VTK has none such"
            )
        if told := getattr(mesh, "left_out", None):
            names = ", ".join(f"{name} ({count})" for name, count in told.items())
            self.warn(f"{called}: what connects points and is no cell here is left out: {names}")
        unknown = {block.type for _, block in blocks} & {*_UNKNOWN_ORDER.get(str(format_name), ())}
        if unknown:
            raise FileError(
                f"{called}: in which order {format_name} has the points of {', '.join(sorted(unknown))} is not known"
            )
        made = _grid(mesh, [block for _, block in blocks], _ORDERS.get(format_name, {}))
        if format_name in _OTHER_WAY_ROUND:
            turn_inside_out(made)
        for name, values in mesh.point_data.items():
            add_array(made.GetPointData(), name, values)
        for name, values in mesh.cell_data.items():
            add_array(made.GetCellData(), name, np.concatenate([np.asarray(values[index]) for index, _ in blocks]))
        for name, numbers in mesh.field_data.items():
            add_array(made.GetFieldData(), name, np.atleast_1d(numbers))
        _add_sets(made, mesh, [index for index, _ in blocks])
        return made


def _has_values_of(file: Path, name: str) -> bool:
    """Return whether meshio takes a file for values of the cells of another, whose name it takes for a pattern."""
    try:
        return re.match(rf"{file.stem}_([^\.]+)\.xml", name) is not None
    except re.error:
        return False  # as it fails there


def _grid(mesh: Any, blocks: list[Any], orders: Mapping[str, tuple[int, ...]]) -> Any:
    rows = [np.asarray(block.data)[:, orders.get(block.type, slice(None))] for block in blocks]
    sizes = np.concatenate([np.full(len(one), one.shape[1]) for one in rows]) if rows else np.zeros(0, int)
    kinds = [np.full(len(one), _KINDS[block.type]) for one, block in zip(rows, blocks, strict=True)]
    points = np.concatenate([one.ravel() for one in rows]) if rows else np.zeros(0, int)
    if points.size and not (points.min() >= 0 and points.max() < len(mesh.points)):
        raise FileError("the mesh has cells of points that it does not have")
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    return grid_of(mesh.points, np.concatenate(kinds) if kinds else [], offsets, points)


def _add_sets(made: Any, mesh: Any, indices: list[int]) -> None:
    taken = {*mesh.cell_data, *mesh.point_data}
    for name, groups in mesh.cell_sets.items():
        if name in taken or name.startswith("gmsh:"):
            continue
        parts = []
        for index in indices:
            part = np.zeros(len(mesh.cells[index].data), np.uint8)
            if groups[index] is not None:
                part[np.asarray(groups[index], int)] = 1
            parts.append(part)
        add_array(made.GetCellData(), name, np.concatenate(parts) if parts else np.zeros(0, np.uint8))
    for name, numbers in mesh.point_sets.items():
        if name not in taken:
            inside = np.zeros(len(mesh.points), np.uint8)
            inside[np.asarray(numbers, int)] = 1
            add_array(made.GetPointData(), name, inside)


def imported(called: str) -> Any:
    """Return meshio. Raises `FileError` for a file if that is not installed."""
    try:
        import meshio
        from meshio._mesh import topological_dimension
    except ImportError as error:
        raise FileError(
            f"{called}: meshes of this format are read with meshio, which is not installed where the server runs; "
            f'pip install "async-paraview[formats]"'
        ) from error
    for kind in _WITHOUT_DIMENSION:
        topological_dimension.setdefault(kind, 3)
    return meshio


def _mesh(path: str, called: str) -> tuple[Any, str | None]:
    with Path(path).open("rb") as stream:
        format_name = mesh_format(stream.read(HEAD_BYTES), path)
    if format_name == "nastran":
        return _of_nastran(path, called), format_name
    meshio = imported(called)
    try:
        if format_name == "su2":
            return _with_boundaries(meshio, path), format_name
        with LIBRARY_LOCK if format_name == "exodus" else nullcontext():
            return meshio.read(path, file_format=format_name), format_name
    except FileError:
        raise
    except MemoryError:
        raise
    except SystemExit as error:  # what meshio does when no reader of it takes a file
        raise FileError(f"{called}: meshio cannot read this as {format_name or 'what its name says'}") from error
    except Exception as error:  # of its own kinds, and of any kind where a file is damaged
        why = f"{type(error).__name__}: {error}"
        raise FileError(f"{called}: meshio cannot read this as {format_name or 'what its name says'}: {why}") from error


def _with_boundaries(meshio: Any, path: str) -> Any:
    """Return a mesh of SU2 whose boundaries are sets by their names."""
    text = Path(path).read_text("latin-1")
    changed, numbers = with_numbers(path, text)
    with tempfile.TemporaryDirectory() as folder:
        part = Path(path)
        if changed != text:
            part = Path(folder) / "mesh.su2"
            part.write_text(changed, "latin-1")
        mesh = meshio.read(part, file_format="su2")
    tags = mesh.cell_data[_SU2_TAG]
    mesh.cell_sets = {name: [np.flatnonzero(one == number) for one in tags] for name, number in numbers.items()}
    return mesh


def _of_nastran(path: str, called: str) -> NastranMesh:
    try:
        return read_bulk_data(Path(path).read_text("latin-1"))
    except FileError as error:
        raise FileError(f"{called}: {error}") from error
    except (ValueError, IndexError, KeyError) as error:
        why = f"{type(error).__name__}: {error}"
        raise FileError(f"{called}: this cannot be read as bulk data of Nastran: {why}") from error

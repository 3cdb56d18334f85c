"""An algorithm of our own: reads the meshes, groups and fields of MED files, at all their times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonCore import vtkIdList
from vtkmodules.vtkCommonDataModel import VTK_POLYGON, VTK_POLYHEDRON, vtkMultiBlockDataSet

from ....base.data_making import add_array, grid_of
from ....base.errors import FileError
from ...corrections.cell_orders import turn_inside_out
from ..own_reader import OwnReader
from .content import KINDS, ORDERS, POLYGON, POLYHEDRON, Cells, Content, Field, Mesh, Support

_LACKING: Final = 'MED files are read with h5py: pip install "async-paraview[formats]" where the server runs'
_ONE: Final = "vtkUnstructuredGrid"


class MEDReader(OwnReader):
    """MEDReader - Reads the meshes of a MED file (.med) of Salome, code_aster or code_saturne, with groups and fields.

    Several meshes are blocks. Groups are arrays of 0 and 1. A node or cell that a field has no value for has NaN, also
    at a time that the field is not given for.
    """

    OUTPUTS = ("vtkDataObject",)

    def kinds(self, path: str) -> tuple[str, ...]:
        """Return a grid, or blocks if there are several meshes."""
        with _opened(path) as file:
            return (_ONE,) if len(Content(file).meshes()) == 1 else ("vtkMultiBlockDataSet",)

    def times(self, path: str) -> Sequence[float]:
        """Return the times of the fields."""
        with _opened(path) as file:
            return Content(file).times()

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return the meshes, and the fields on them."""
        with _opened(path) as file:
            content = Content(file)
            names, fields = content.meshes(), list(content.fields())
            if content.numbers_for_times():
                self.warn(
                    f"{path}: fields have several steps at one time; the numbers of the steps are taken for times"
                )
            made = [(name, self._grid(path, content.mesh(name, time), name, fields, time)) for name in names]
        if left := [one.name for one in fields if one.left_out]:
            self.warn(f"{path}: several values in a cell (Gauss points, its nodes) are left out: {', '.join(left)}")
        if not made:
            raise FileError(f"{path}: there is no mesh in this MED file")
        if len(made) == 1:
            return (made[0][1],)
        blocks = vtkMultiBlockDataSet()
        for index, (name, grid) in enumerate(made):
            blocks.SetBlock(index, grid)
            blocks.GetMetaData(index).Set(blocks.NAME(), name)
        return (blocks,)

    def _grid(self, path: str, mesh: Mesh, name: str, fields: list[Field], time: float | None) -> Any:
        if mesh.left_out:
            self.warn(
                f"{path}: cells of the kinds {', '.join(mesh.left_out)} of {name!r} are left out; VTK has none such"
            )
        grid = _grid_of(mesh)
        _add_groups(grid, mesh)
        for one in fields:
            if one.mesh == name or (not one.mesh and len(fields) == 1):
                _add_field(grid, mesh, one, time)
        return grid


def _opened(path: str) -> Any:
    try:
        import h5py
    except ImportError as error:
        raise FileError(f"{path}: {_LACKING}") from error
    return h5py.File(path, "r")


def _grid_of(mesh: Mesh) -> Any:
    rows, kinds = list[Any](), list[Any]()
    for one in mesh.cells:
        _check(one, len(mesh.points))
        if one.kind == POLYGON:
            rows += one.rows
            kinds.append(np.full(len(one.rows), VTK_POLYGON))
        elif one.kind != POLYHEDRON:
            kind, count = KINDS[one.kind]
            rows += list(one.rows[:, ORDERS.get(one.kind, range(count))])
            kinds.append(np.full(len(one.rows), kind))
    none = np.zeros(0, int)
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in rows], dtype=int)))
    made = grid_of(_in_space(mesh.points), np.concatenate(kinds or [none]), offsets, np.concatenate(rows or [none]))
    turn_inside_out(made)
    for faces in (faces for one in mesh.cells if one.kind == POLYHEDRON for faces in one.rows):
        _insert(made, VTK_POLYHEDRON, [len(faces), *(n for face in faces for n in (len(face), *face.tolist()))])
    return made


def _check(cells: Cells, count: int) -> None:
    rows = [face for faces in cells.rows for face in faces] if cells.kind == POLYHEDRON else cells.rows
    numbers = np.concatenate([np.asarray(one) for one in rows]) if len(rows) else np.zeros(0, int)
    if numbers.size and not (numbers.min() >= 0 and numbers.max() < count):
        raise FileError("the mesh has cells of points that it does not have")


def _insert(grid: Any, kind: int, numbers: list[int]) -> None:
    listed = vtkIdList()
    listed.SetNumberOfIds(len(numbers))
    for at, number in enumerate(numbers):
        listed.SetId(at, number)
    grid.InsertNextCell(kind, listed)


def _in_space(points: Any) -> Any:
    lacking = 3 - points.shape[1]
    return np.column_stack((points, np.zeros((len(points), lacking)))) if lacking else points


def _add_groups(grid: Any, mesh: Mesh) -> None:
    of_cells = None
    if any(one.families is not None for one in mesh.cells):
        of_cells = np.concatenate(
            [np.zeros(len(one.rows), int) if one.families is None else one.families for one in mesh.cells]
        )
    for attributes, families, groups, called in (
        (grid.GetPointData(), mesh.families, mesh.point_groups, "point_tags"),
        (grid.GetCellData(), of_cells, mesh.cell_groups, "cell_tags"),
    ):
        if families is not None:
            add_array(attributes, called, families)
            for name, numbers in groups.items():
                add_array(attributes, name, np.isin(families, numbers).astype(np.uint8))


def _add_field(grid: Any, mesh: Mesh, one: Field, time: float | None) -> None:
    """Add what a field is at a time; one of a single step is the same at all times."""
    if not one.steps:
        return
    steps = one.steps
    at = next(iter(steps)) if len(steps) == 1 else time if time is not None else min(steps)
    now = steps.get(at, [])
    example = now or next(iter(steps.values()))
    for of_nodes, attributes in ((True, grid.GetPointData()), (False, grid.GetCellData())):
        supports = [part for part in example if (not part.kind) is of_nodes]
        if supports:
            values = _values(mesh, supports if now else [], supports[0], of_nodes)
            add_array(attributes, one.name, values)
            added = attributes.GetArray(one.name)
            for index, name in enumerate(one.components):
                if name and index < added.GetNumberOfComponents() > 1:
                    added.SetComponentName(index, name)


def _values(mesh: Mesh, supports: list[Support], example: Support, of_nodes: bool) -> Any:
    """Return a row for each node or cell; NaN where there is none, which integers have no number for."""
    starts, end = {"": 0}, 0
    for cells in mesh.cells:
        starts[cells.kind] = end
        end += len(cells.rows)
    sizes = {"": len(mesh.points)} | {cells.kind: len(cells.rows) for cells in mesh.cells}
    count = sizes[""] if of_nodes else end
    made = np.full((count, example.values.shape[1]), np.nan)
    kept = np.zeros(count, bool)
    exact = np.zeros(made.shape, example.values.dtype)
    for one in supports:
        if one.kind not in sizes:
            continue
        members = np.arange(len(one.values)) if one.members is None else one.members
        if len(members) and not (members.min() >= 0 and members.max() < sizes[one.kind]):
            raise FileError(f"a field has numbers of {one.kind or 'nodes'} that the mesh does not have")
        where = starts[one.kind] + members
        made[where], exact[where], kept[where] = one.values, one.values, True
    if kept.all():
        made = exact
    return made[:, 0] if made.shape[1] == 1 else made

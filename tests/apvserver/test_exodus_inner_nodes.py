"""Prisms of 21 and tetrahedra of 15 nodes in Exodus files: every node where its shape function is one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.exodus_by_hand import exodus_file
from ..harness.opening import leaves, opened, points, values

WEDGE = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (0, 1, 1)], float)
TETRA = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)], float)
WEDGE_EDGES = [(0, 1), (1, 2), (2, 0), (0, 3), (1, 4), (2, 5), (3, 4), (4, 5), (5, 3)]
TETRA_EDGES = [(0, 1), (1, 2), (2, 0), (0, 3), (1, 3), (2, 3)]
CENTRE = [tuple(range(6))]
TRIANGLES, SQUARES = [(0, 1, 2), (3, 4, 5)], [(1, 2, 5, 4), (2, 0, 3, 5), (0, 1, 4, 3)]
FACES = [(0, 1, 2), (1, 2, 3), (0, 2, 3), (0, 1, 3)]
ORDERS: dict[str, tuple[str, Any, list[Any]]] = {
    "libMesh": ("WEDGE21", WEDGE, [*WEDGE_EDGES, *CENTRE, *TRIANGLES, *SQUARES]),
    "IOSS": ("WEDGE21", WEDGE, [*WEDGE_EDGES, *TRIANGLES, *CENTRE, *SQUARES]),
    "centre first": ("TETRA15", TETRA, [*TETRA_EDGES, (0, 1, 2, 3), *FACES]),
    "centre last": ("TETRA15", TETRA, [*TETRA_EDGES, *FACES, (0, 1, 2, 3)]),
}


def bent(places: Any) -> Any:
    """The same places in a piece that is stretched, turned and curved."""
    x, y, z = places.T
    return np.column_stack((2 * x + 0.3 * y + 0.1 * z * z, y - 0.2 * z + 0.1 * x * y, 1.5 * z + 0.15 * x * x))


def write(path: Path, kind: str, corners: Any, means: list[Any]) -> int:
    """Two cells of a kind side by side, curved, with x + 10 y + 100 z of the straight ones at their nodes."""
    straight = np.array([*corners, *(corners[list(one)].mean(axis=0) for one in means)])
    size = len(straight)
    nodes = np.vstack([straight, straight + np.array([3, 0, 0])])
    sizes = {
        "num_nodes": 2 * size, "num_elem": 2, "num_el_blk": 1, "num_el_in_blk1": 2, "num_nod_per_el1": size,
        "num_nod_var": 1, "time_step": None,
    }  # fmt: skip
    cells = np.arange(1, 2 * size + 1).reshape(2, size)
    with exodus_file(path, sizes) as file:
        file.add("time_whole", "f8", ("time_step",), [0.0])
        file.add_places(bent(nodes))
        file.add("eb_status", "i4", ("num_el_blk",), 1)
        file.add("eb_prop1", "i4", ("num_el_blk",), 1, name="ID")
        file.add("connect1", "i4", ("num_el_in_blk1", "num_nod_per_el1"), cells, elem_type=kind)
        file.add_names("name_nod_var", "num_nod_var", ["where"])
        file.add("vals_nod_var1", "f8", ("time_step", "num_nodes"), nodes @ (1, 10, 100))
    return size


def named(path: Path, type_name: str) -> Any:
    pipeline = Pipeline()
    pipeline.create(1, type_name, {"FileName": str(path)})
    reader = pipeline.algorithm(1)
    reader.UpdateInformation()
    reader.SetAllArrayStatus(reader.NODAL, 1)
    Executor().execute(pipeline, 1)
    return reader.GetOutputDataObject(0)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("reader", ["by content", "vtkExodusIIReader"])
def test_every_node_is_where_its_cell_has_it(tmp_path: Path, order: str, reader: str) -> None:
    size = write(tmp_path / "a.exo", *ORDERS[order])
    made = opened(tmp_path / "a.exo") if reader == "by content" else named(tmp_path / "a.exo", reader)
    (grid,) = [one for _, one in leaves(made) if one is not None and one.GetNumberOfCells()]
    for index in range(2):
        cell = grid.GetCell(index)
        if hasattr(cell, "Initialize"):
            cell.Initialize()
        own = np.array([cell.GetParametricCoords()[one] for one in range(3 * size)]).reshape(size, 3)
        own += np.array([3 * index, 0, 0])
        ids = [cell.GetPointId(one) for one in range(size)]
        np.testing.assert_allclose(points(grid)[ids], bent(own), atol=2e-6)
        np.testing.assert_allclose(values(grid.GetPointData(), "where")[ids], own @ (1, 10, 100))

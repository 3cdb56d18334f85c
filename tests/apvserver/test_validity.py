"""Cells are looked at again and again: nothing of VTK's own is asked for when it is gone.

Each run is a process of its own whose freed memory is overwritten (MALLOC_PERTURB_), or what was freed would still do.
"""

from __future__ import annotations

import pytest

from apvserver.vtk.base.errors import UnknownType
from apvserver.vtk.types.catalog import class_of

from ..harness.sweep_pool import Worker


def test_cells_are_looked_at_as_often_as_one_likes() -> None:
    worker = Worker(170)
    try:
        for kind in ("image", "hexahedra", "blocks, some empty", "mixed polygons") * 3:
            (found,) = worker.run("ValidateCells", kind, limits=False)
            assert (found.outcome, found.detail) == ("ok", ""), kind
    finally:
        worker.close()


def test_what_needs_vtk_s_own_validator_afterwards_is_not_offered() -> None:
    with pytest.raises(UnknownType, match="use ValidateCells"):
        class_of("vtkCellValidator")

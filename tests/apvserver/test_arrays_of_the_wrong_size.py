"""Every array of a result has a value for each point or cell: what VTK makes too short is left out, and told."""

from __future__ import annotations

import pytest

from apvserver.vtk.base.information import parts
from apvserver.vtk.base.vtk_messages import Message

from ..harness.apvdata import made_of
from ..harness.sweep_data import sphere
from ..harness.sweep_kinds import KINDS


@pytest.mark.parametrize("type_name", ["Reflect", "SurfaceNormals"])
@pytest.mark.parametrize("kind", ["mixed polygons", "array without a name", "all in one place", "sphere"])
def test_arrays_are_as_long_as_there_are_points_and_cells(type_name: str, kind: str) -> None:
    told: list[Message] = []
    for part in parts(made_of(type_name, KINDS[kind](), told=told)):
        for attributes, count in (
            (part.GetPointData(), part.GetNumberOfPoints()),
            (part.GetCellData(), part.GetNumberOfCells()),
        ):
            sizes = {attributes.GetAbstractArray(i).GetNumberOfTuples() for i in range(attributes.GetNumberOfArrays())}
            assert sizes <= {count}
    if (type_name, kind) == ("Reflect", "mixed polygons"):
        assert "the array 'c' was left out: VTK made 2 values for 7 cells" in [one.text for one in told]


def test_of_arrays_that_are_right_nothing_is_said() -> None:
    told: list[Message] = []
    made = made_of("SurfaceNormals", sphere(), told=told)
    assert told == [] and made.GetCellData().HasArray("c")

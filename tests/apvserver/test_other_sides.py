"""Both sides of a clip are all that there was; what would give one of them twice is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkFiltersCore import vtkAppendFilter

from apvserver.vtk.base.errors import VtkError
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvdata import executed, image, made_of, numbers, over

SIDE, CUT = 6, 1.5
RIGHT, LEFT = SIDE * SIDE * (SIDE - CUT), SIDE * SIDE * CUT


def _block(as_cells: bool) -> Any:
    data = image(SIDE + 1, SIDE + 1, SIDE + 1)
    if not as_cells:
        return data
    append = vtkAppendFilter()
    append.AddInputData(data)
    append.Update()
    return append.GetOutput()


def _clipped(type_name: str, as_cells: bool, **properties: Any) -> Pipeline:
    pipeline = over(_block(as_cells))
    pipeline.create(3, "objects/vtkPlane", {"Origin": [CUT, 0, 0], "Normal": [1, 0, 0]})
    pipeline.create(2, type_name, properties, {"Input": [(1, 0)]}, {"ClipFunction": 3})
    return pipeline


def _volume(data: Any) -> float:
    return float(np.sum(numbers(made_of("CellSize", data), "Volume", "Cell")))


@pytest.mark.parametrize("as_cells", [False, True], ids=["image", "cells"])
def test_a_second_output_that_is_not_the_other_side_is_refused(as_cells: bool) -> None:
    """The figures of findings/clip_other_side.sh: 162 of a block of 216, and 54."""
    with pytest.raises(VtkError, match=r"GenerateClippedOutput is on.*vtkTableBasedClipDataSet"):
        executed(_clipped("vtkClipDataSet", as_cells, GenerateClippedOutput=True), 2)
    for inside_out, right in ((False, RIGHT), (True, LEFT)):
        made = executed(_clipped("vtkClipDataSet", as_cells, InsideOut=inside_out), 2)
        assert _volume(made) == pytest.approx(right)


@pytest.mark.parametrize("as_cells", [False, True], ids=["image", "cells"])
def test_the_class_that_the_refusal_names_has_both_sides(as_cells: bool) -> None:
    pipeline = _clipped("vtkTableBasedClipDataSet", as_cells, GenerateClippedOutput=True)
    executed(pipeline, 2)
    assert _volume(pipeline.output_data(2, 0)) == pytest.approx(RIGHT)
    assert _volume(pipeline.output_data(2, 1)) == pytest.approx(LEFT)

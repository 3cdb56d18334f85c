"""Heights with all their digits where single precision, which VTK has them in, would round them visibly."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np

from ...base.array_types import copied, place_of, put_in_place
from ...base.blocks import parts
from ..array_algorithm import FollowingAlgorithm
from ..sampling.samples import coordinates_of

_NAME: Final = "Elevation"
_FINE: Final = 1e-6
"""Of what the values span: finer steps of single precision are fine."""


class HeightsInFull(FollowingAlgorithm):
    """HeightsInFull - Computes the values of the vtkElevationFilter before it anew where they have too few digits."""

    part_of: ClassVar = "Elevation"

    def change(self, output: Any, *inputs: Any) -> None:
        """Replace values by those of double precision, if they lie far from 0 for what they span."""
        filter = self.followed()
        low, high = filter.GetScalarRange()
        farthest = max(abs(low), abs(high))
        if low == high or farthest >= float(np.finfo(np.float32).max):
            return  # they are infinite in single precision, and that is told
        if np.spacing(np.float32(farthest)) <= _FINE * abs(high - low):
            return
        first, last = np.array(filter.GetLowPoint()), np.array(filter.GetHighPoint())
        way = last - first if (last != first).any() else np.array([0.0, 0.0, 1.0])  # as VTK has it
        along = way / np.dot(way, way)
        for leaf in parts(output):
            attributes = leaf.GetPointData()
            if not attributes.HasArray(_NAME):
                continue
            part = np.clip((np.asarray(coordinates_of(leaf), np.float64) - first) @ along, 0.0, 1.0)
            array = copied(low + part * (high - low))
            array.SetName(_NAME)
            put_in_place(attributes, place_of(attributes, _NAME), array)

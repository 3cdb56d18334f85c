"""How lines are followed, as plain values that ranks tell each other, and whether they can be by several ranks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkFiltersFlowPaths import vtkStreamTracer

from async_paraview.records import dataclass

from ..extents import Extent, dimensions, slabs
from ..held import Held

POINTS: Final = vtkDataObject.FIELD_ASSOCIATION_POINTS
CELLS: Final = vtkDataObject.FIELD_ASSOCIATION_CELLS

SLACK: Final = 2
"""So many cells beyond its own a rank goes on with a line: along a border between two, it is not handed to and fro."""

MADE: Final = ("IntegrationTime", "Vorticity", "Rotation", "AngularVelocity", "Normals")
"""What vtkStreamTracer makes of points, beside what it interpolates."""

_REACH: Final[Mapping[int, float]] = {vtkStreamTracer.RUNGE_KUTTA2: 1.0, vtkStreamTracer.RUNGE_KUTTA4: 1.0}
_REACH_OF_ADAPTIVE: Final = 7.0
"""So many times the length of a step, at most, VTK looks away from a point before it makes that step.

The formula of fifth order adds up unit vectors with factors whose sizes are 6.6 together (Cash and Karp, 1990).
"""


@dataclass(frozen=True, slots=True)
class Tracing:
    """The settings of a vtkStreamTracer, and by what name and where its vectors are."""

    association: int
    vectors: str
    direction: int
    integrator: int
    unit: int
    initial: float
    least: float
    most: float
    length: float
    steps: int
    terminal: float
    error: float
    vorticity: bool
    rotation_scale: float

    @property
    def in_cells(self) -> bool:
        """Return whether lengths of steps are in those of cells."""
        return self.unit == vtkStreamTracer.CELL_LENGTH_UNIT

    @property
    def is_adaptive(self) -> bool:
        """Return whether the integrator chooses the lengths of its steps."""
        return self.integrator == vtkStreamTracer.RUNGE_KUTTA45

    def reach(self, spacing: Sequence[float]) -> float:
        """Return how far from a point of a line values are looked at before the next one is there."""
        unit = math.hypot(*spacing) if self.in_cells else 1.0
        return _REACH.get(self.integrator, _REACH_OF_ADAPTIVE) * unit * max(self.initial, self.least, self.most)


def tracing_of(tracer: Any) -> Tracing | None:
    """Return how a vtkStreamTracer is set; None if it is not told which vectors to follow."""
    information = tracer.GetInputArrayInformation(0)
    name = information.Get(vtkDataObject.FIELD_NAME()) if information.Has(vtkDataObject.FIELD_NAME()) else None
    association = information.Get(vtkDataObject.FIELD_ASSOCIATION())
    if not name or association not in (POINTS, CELLS):
        return None
    return Tracing(
        association,
        str(name),
        tracer.GetIntegrationDirection(),
        tracer.GetIntegratorType(),
        tracer.GetIntegrationStepUnit(),
        tracer.GetInitialIntegrationStep(),
        tracer.GetMinimumIntegrationStep(),
        tracer.GetMaximumIntegrationStep(),
        tracer.GetMaximumPropagation(),
        tracer.GetMaximumNumberOfSteps(),
        tracer.GetTerminalSpeed(),
        tracer.GetMaximumError(),
        bool(tracer.GetComputeVorticity()),
        tracer.GetRotationScale(),
    )


def layers_needed(tracing: Tracing, held: Held) -> int:
    """Return how many layers of its neighbours' points a rank needs around its slab of an image."""
    assert held.slab is not None
    spacing: tuple[float, float, float] = held.data.GetSpacing()
    return SLACK + math.ceil(tracing.reach(spacing) / abs(spacing[held.slab.axis])) + 1


def why_whole(tracer: Any, held: Held) -> str | None:
    """Return why lines cannot be handed over between the ranks that have such pieces; None if they can."""
    tracing = tracing_of(tracer)
    if tracing is None:
        return "it is not said which vectors are followed"
    if tracer.GetSurfaceStreamlines():
        return "lines that stay on a surface are not handed over"
    if held.data.GetClassName() != "vtkImageData" or held.slab is None or min(dimensions(held.slab.whole)) < 2:
        return f"lines are handed over in images with cells in space, not in such {held.data.GetClassName()}"
    if (
        tracing.integrator not in (*_REACH, vtkStreamTracer.RUNGE_KUTTA45)
        or tracing.initial <= 0.0
        or tracing.least < 0
    ):
        return "steps of such lengths are VTK's own"
    if (why := _why_not_arrays(tracing, held.data)) is not None:
        return why
    whole, axis = held.slab.whole, held.slab.axis
    layers, thinnest = layers_needed(tracing, held), _thinnest(slabs(whole, held.slab.ranks) or [], axis)
    if layers > thinnest:
        return f"a step looks up to {layers} layers of points away, more than the {thinnest} cells of a piece"
    return None


def _why_not_arrays(tracing: Tracing, data: Any) -> str | None:
    chosen = data.GetPointData() if tracing.association == POINTS else data.GetCellData()
    vectors = chosen.GetArray(tracing.vectors)
    if vectors is None or vectors.GetNumberOfComponents() != 3:
        return f"the image has no vectors {tracing.vectors!r}"
    of_points = data.GetPointData()
    names = [of_points.GetArrayName(index) or "" for index in range(of_points.GetNumberOfArrays())]
    made = MADE if tracing.association == POINTS else (*MADE, tracing.vectors)
    taken = next((name for name in names if name in ("", *made) or names.count(name) > 1), None)
    if taken is not None:
        return f"an array of points is called {taken!r}, as one that lines have, or another"
    arrays = [of_points.GetAbstractArray(index) for index in range(len(names))]
    odd = next((one for one in arrays if not one.IsNumeric() or not one.HasStandardMemoryLayout()), None)
    return None if odd is None else f"values of {odd.GetName()!r} are not plain numbers"


def _thinnest(several: Sequence[Extent], axis: int) -> int:
    return min((one[2 * axis + 1] - one[2 * axis] for one in several), default=0)


def starts(places: Any, tracing: Tracing) -> tuple[Any, Any]:
    """Return where each line begins, three numbers each, and its direction, 1.0 or -1.0: all forward ones first."""
    forward, backward = np.ones(len(places)), -np.ones(len(places))
    if tracing.direction == vtkStreamTracer.BOTH:
        return np.concatenate([places, places]), np.concatenate([forward, backward])
    return places, backward if tracing.direction == vtkStreamTracer.BACKWARD else forward

"""Follows lines through a rank's piece of an image, step by step, as a vtkStreamTracer follows them through the whole.

VTK's own integrators and interpolation make the steps. By what rules a line goes on, and ends, is said by
vtkStreamTracer's documentation and was compared with it to the last bit (`tests/apvserver/test_lines_of_ranks.py`).
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any, Final, cast

import numpy as np
from vtkmodules.vtkCommonCore import reference
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet
from vtkmodules.vtkCommonMath import vtkRungeKutta2, vtkRungeKutta4, vtkRungeKutta45
from vtkmodules.vtkFiltersFlowPaths import vtkCompositeInterpolatedVelocityField, vtkStreamTracer

from ..extents import cell_dimensions
from ..held import Slab
from .tracing import SLACK, Tracing

OUT_OF_DOMAIN: Final = int(vtkStreamTracer.OUT_OF_DOMAIN)
OUT_OF_LENGTH: Final = int(vtkStreamTracer.OUT_OF_LENGTH)
OUT_OF_STEPS: Final = int(vtkStreamTracer.OUT_OF_STEPS)
STAGNATION: Final = int(vtkStreamTracer.STAGNATION)
"""Why a line ends: what vtkStreamTracer tells of it."""

GOING: Final = 0
GOES_ON: Final = -1
"""It has left what this rank has of it, or was interrupted: no reason to end, of which VTK's are 1 to 6."""

AT_A_TIME: Final = 512
"""After so many steps, some milliseconds, it is looked whether that is still wanted."""

WIDTH: Final = 11
"""Numbers noted of each point: its place, time, vector, place within its cell, and the number of that."""

_INTEGRATORS: Final[Mapping[int, Any]] = {
    vtkStreamTracer.RUNGE_KUTTA2: vtkRungeKutta2,
    vtkStreamTracer.RUNGE_KUTTA4: vtkRungeKutta4,
    vtkStreamTracer.RUNGE_KUTTA45: vtkRungeKutta45,
}


class NotANumber(Exception):
    """A line has come to a place that is none: what the whole has there, a piece cannot tell."""


@dataclass(slots=True)
class Line:
    """A line on its way, with all that it needs to go on elsewhere to the last bit."""

    number: int
    x: float
    y: float
    z: float
    direction: float
    step: float = 0.0
    """Signed, as the limits of adaptive steps are not, in units of length."""
    low: float = 0.0
    high: float = 0.0
    propagated: float = 0.0
    steps: int = 0
    time: float = 0.0
    speed: float = 0.0
    part: int = 0
    """How often it was handed over."""

    def told(self) -> tuple[float, ...]:
        """Return it as numbers."""
        return (
            *(self.number, self.x, self.y, self.z, self.direction, self.step, self.low, self.high),
            *(self.propagated, self.steps, self.time, self.speed, self.part),
        )


NUMBERS: Final = len(Line.__slots__)


def line_of(told: Any) -> Line:
    """Return a line from its numbers."""
    line = Line(*told.tolist())
    line.number, line.steps, line.part = int(line.number), int(line.steps), int(line.part)
    return line


@dataclass(slots=True)
class Noted:
    """What a rank has noted of the points of lines, in the order in which it came to them."""

    points: array[float] = field(default_factory=lambda: array("d"))
    runs: list[tuple[int, int, int]] = field(default_factory=list)
    """Which line, which part of it, and how many points."""


class Stepping:
    """Follows lines in one piece of an image, with layers around it that a step may look into: see `layers_needed`."""

    def __init__(self, image: Any, slab: Slab, tracing: Tracing, stopped: Callable[[], bool]) -> None:
        self._tracing = tracing
        self._stopped = stopped
        self._blocks = vtkMultiBlockDataSet()
        self._blocks.SetBlock(0, image)
        self._field, self._directions = (self._field_of(image, normalized=one) for one in (False, True))
        integrator: Any = _INTEGRATORS[tracing.integrator]()
        integrator.SetFunctionSet(self._directions)
        self._compute, self._evaluate = integrator.ComputeNextStep, self._field.FunctionValues
        self._counts = cell_dimensions(image.GetExtent())
        self._axis, self._first = slab.axis, int(image.GetExtent()[2 * slab.axis])
        whole, own = ((one[2 * slab.axis], one[2 * slab.axis + 1]) for one in (slab.whole, slab.own))
        self._own = (-math.inf if own[0] == whole[0] else own[0], math.inf if own[1] == whole[1] else own[1])
        self._squares = [_squares_of_edges(image, axis) for axis in range(3)] if tracing.in_cells else None
        self.noted = Noted()
        self.layer = 0
        """Of the cell at which a line left: its index along the axis by which the image is divided."""
        self._wanted, self._taken, self._error = (cast("Any", reference(0.0)) for _ in range(3))
        self._place, self._reached = [0.0] * 4, [0.0] * 4
        self._vector, self._within = [0.0] * 3, [0.0] * 3
        self._before = array("f")
        self._cell = -1
        self._limits_there = 0.0, 0.0, 0.0

    def _field_of(self, image: Any, *, normalized: bool) -> Any:
        found = vtkCompositeInterpolatedVelocityField()
        found.AddDataSet(image)
        found.SelectVectors(self._tracing.association, self._tracing.vectors)
        found.SetNormalizeVector(normalized)
        found.Initialize(self._blocks)
        return found

    def begin(self, line: Line) -> bool:
        """Return whether a line begins in the rank's own cells. Raises NotANumber."""
        self._place = [line.x, line.y, line.z, 0.0]
        if any(map(math.isnan, self._place)):
            raise NotANumber
        if not self._evaluate(self._place, self._vector) or self._tracing.length <= 0.0:
            return False
        cell = self._field.GetLastCellId()
        if not self._own[0] <= self._layer_of(cell) < self._own[1]:
            return False
        line.speed = _length(self._vector)
        if line.speed != 0.0:
            line.step, line.low, line.high = self._limits(cell, line.direction)
        return True

    def follow(self, line: Line) -> int:
        """Follow a line until it ends, and return why; or GOES_ON. Raises NotANumber."""
        self._place = [line.x, line.y, line.z, 0.0]
        self._before, self._cell = array("f", self._place[:3]), -1
        noted = len(self.noted.points)
        if not line.steps:  # it begins
            self._evaluate(self._place, self._vector)
            self._note(self._before, 0.0, self._field.GetLastCellId())
        while not (reason := self._ends(line) or self._step(line) or self._arrive(line)):
            pass
        line.x, line.y, line.z, _ = self._place
        if len(self.noted.points) > noted:
            self.noted.runs.append((line.number, line.part, (len(self.noted.points) - noted) // WIDTH))
        return reason

    def _ends(self, line: Line) -> int:
        """Return why a line takes no step more; else 0."""
        tracing = self._tracing
        if line.propagated >= tracing.length:
            return OUT_OF_LENGTH
        if line.steps > tracing.steps:
            return OUT_OF_STEPS
        line.steps += 1
        if not line.steps % AT_A_TIME and self._stopped():
            return GOES_ON
        if line.speed == 0.0 or line.speed <= tracing.terminal:
            return STAGNATION
        if line.propagated + abs(line.step) > tracing.length:  # it is to end there
            rest = tracing.length - line.propagated
            line.step = line.high = rest if line.step >= 0.0 else -rest
        return GOING

    def _step(self, line: Line) -> int:
        """Take a step; return why that is none of the line's; else 0."""
        step = self._wanted
        step.set(line.step)
        allowed = self._tracing.error
        reason: int = self._compute(
            self._place, self._reached, 0.0, step, self._taken, line.low, line.high, allowed, self._error
        )
        if reason:
            return reason
        self._place, self._reached = self._reached, self._place
        if self._place[0] != self._place[0]:
            raise NotANumber
        if not self._evaluate(self._place, self._vector):
            return OUT_OF_DOMAIN
        speed = _length(self._vector)
        if (line.speed + speed) / 2 <= self._tracing.terminal:
            return STAGNATION
        line.step = step.get()
        line.time += self._taken.get() / line.speed
        line.propagated += abs(line.step)
        line.speed = speed
        return GOING

    def _arrive(self, line: Line) -> int:
        """Note the point that was reached, and how long the next step may be; return why there is none; else 0."""
        cell = self._field.GetLastCellId()
        single = array("f", self._place[:3])
        if single != self._before:  # else it is the same point in single precision
            self._before = single
            self._note(single, line.time, cell)
        if line.speed == 0.0 or line.speed <= self._tracing.terminal:
            return STAGNATION
        is_near = True
        if cell != self._cell:
            self._cell, self._limits_there = cell, self._limits(cell, line.direction)
            self.layer = self._layer_of(cell)
            is_near = self._own[0] - SLACK <= self.layer < self._own[1] + SLACK
        step, line.low, line.high = self._limits_there
        line.step = _within(line.step, abs(line.low), abs(line.high)) if self._tracing.is_adaptive else step
        return GOING if is_near else GOES_ON

    def _note(self, single: array[float], time: float, cell: int) -> None:
        self._field.GetLastLocalCoordinates(self._within)
        self.noted.points.extend((*single, time, *self._vector, *self._within, cell))

    def _layer_of(self, cell: int) -> int:
        """Return the index of a cell along the axis by which the image is divided."""
        x, y, _ = self._counts
        if self._axis == 2:
            return self._first + cell // (x * y)
        return self._first + (cell // x % y if self._axis else cell % x)

    def _limits(self, cell: int, direction: float) -> tuple[float, float, float]:
        """Return the step as it is at first, and the limits of adapted ones, for a point in that cell."""
        tracing, unit = self._tracing, 1.0
        if self._squares is not None:
            x, y, _ = self._counts
            along_x, along_y, along_z = self._squares
            unit = sqrt(along_x[cell % x] + along_y[cell // x % y] + along_z[cell // (x * y)])
        step = direction * (tracing.initial * unit)
        return (
            step,
            tracing.least * unit if tracing.least > 0.0 else step,
            tracing.most * unit if tracing.most > 0.0 else step,
        )


def _within(step: float, low: float, high: float) -> float:
    """Return a step with its length within limits."""
    if abs(step) < low:
        return low * step / abs(step)
    return high * step / abs(step) if abs(step) > high else step


def _length(vector: list[float]) -> float:
    return sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2])


def _squares_of_edges(image: Any, axis: int) -> list[float]:
    """Return the squared length of the edges of each layer of cells along an axis, of points as VTK places them."""
    counts = [one + 1 for one in cell_dimensions(image.GetExtent())]
    stride = (1, counts[0], counts[0] * counts[1])[axis]
    along = np.array([image.GetPoint(index * stride)[axis] for index in range(counts[axis])])
    edges = np.diff(along)
    found: list[float] = (edges * edges).tolist()
    return found

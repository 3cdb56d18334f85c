"""What comes of what a person does in a view, as values for whoever shows it."""

from __future__ import annotations

from async_paraview.records import dataclass

from ...model.proxy import OutputPort
from ...views.picking import PickResult


@dataclass(frozen=True, slots=True)
class Band:
    """The rectangle that is being drawn, in CSS pixels of the view: left, top, right, bottom; None: none any more."""

    rectangle: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class ModeChanged:
    """Dragging does something else from now on: a mode of `ViewInteraction`."""

    mode: str


@dataclass(frozen=True, slots=True)
class Picked:
    """A click has found what is at a place, in CSS pixels of the view; None: nothing."""

    result: PickResult | None
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Selected:
    """A selection is there: of these outputs, of `kind` "POINTS", "CELLS", "BLOCKS" or "ROWS"; empty: of none."""

    outputs: tuple[OutputPort, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Something that a person did could not be done: what, and why."""

    doing: str
    error: Exception


Happening = Band | ModeChanged | Picked | Selected | Failed

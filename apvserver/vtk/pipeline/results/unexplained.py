"""What is said of a failure of which VTK says nothing but that there was one: what the algorithm was given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ...base.blocks import parts
from .nothing_made import held_input

_SAYS_NOTHING: Final = "returned failure for request"


def unexplained(algorithm: Any, errors: Sequence[str]) -> str | None:
    """Return what an algorithm could not work on, if its errors do not say why; else None."""
    if not errors or not all(_SAYS_NOTHING in one for one in errors):
        return None
    held = [held_input(algorithm, port) for port in range(algorithm.GetNumberOfInputPorts())]
    given = [_told(data) for data in held if data is not None]
    name = type(algorithm).__name__
    if not given:
        return f"{name} makes nothing with what is set, and VTK does not say why"
    return f"{name} cannot work on {' and '.join(given)}, and VTK does not say why: see what its input has to be"


def _told(data: Any) -> str:
    if data.IsA("vtkCompositeDataSet"):
        kinds = sorted({one.GetClassName() for one in parts(data)})
        return f"a {data.GetClassName()} of {', '.join(kinds) or 'nothing'}"
    counts = [
        f"{getattr(data, f'GetNumberOf{what}')()} {what.lower()}"
        for what in ("Points", "Cells", "Rows")
        if hasattr(data, f"GetNumberOf{what}")
    ]
    return f"a {data.GetClassName()} with {' and '.join(counts) or 'nothing that can be counted'}"

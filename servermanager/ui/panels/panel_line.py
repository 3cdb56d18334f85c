"""What a panel shows of one property: a line with an editor out of a closed set, as plain values."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Final, Literal

from async_paraview.records import dataclass

Editor = Literal[
    "flag", "integer", "number", "text", "script", "choice", "vector", "numbers", "texts", "file", "files", "array",
    "arrays", "input", "object", "color", "parts", "shown",
]  # fmt: skip

EDITORS: Final[tuple[Editor, ...]] = (
    "flag",
    "integer",
    "number",
    "text",
    "script",
    "choice",
    "vector",
    "numbers",
    "texts",
    "file",
    "files",
    "array",
    "arrays",
    "input",
    "object",
    "color",
    "parts",
    "shown",
)
"""All editors that there are; docs/application.md says of each what its value is."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a line offers, and what is written for it."""

    label: str
    value: Any
    why_not: str = ""
    """Why it cannot be chosen now; "": it can."""


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One line of a panel: all that an editor shows. Every value is plain: what JSON has, and no NaN or infinity.

    Of a number that is not finite the value is a text, "inf", "-inf" or "nan", which every editor of numbers takes.
    """

    name: str
    """What `Panel.change` takes: "Radius", or "ClipType.Origin" of what a property holds."""
    label: str
    doc: str
    editor: Editor
    value: Any
    """What is set or, if nothing is, what the server takes, as far as that is known by now."""
    default: Any
    """What a new proxy has."""
    is_set: bool
    advanced: bool
    """Whether it is for experts."""
    heading: str = ""
    """What stands above lines that belong together, where it is not what stands above the line before; "": nothing."""
    optional: bool = False
    """Whether None is taken: then the program chooses."""
    choices: tuple[Choice, ...] = ()
    minimum: float | None = None
    """The least that is taken, None: there is no bound, or none that 32 bits hold; use a text field then."""
    maximum: float | None = None
    step: float | None = None
    slider: tuple[tuple[float, float], ...] = ()
    """The ends of a slider, of each component; () where there is none. What is entered may lie beyond them."""
    count: int = 1
    """How many numbers a vector or a color has."""
    columns: int = 1
    """How many numbers stand beside each other, of a vector or a list."""
    whole: bool = False
    """Whether the numbers of a vector or a list are integers."""
    pending: bool = False
    """Whether `value` waits to be applied: the server has another one."""
    error: str = ""
    """Why the last entry was not taken, or what the server has found wrong with the value; "": nothing."""
    enabled: bool = True
    why_disabled: str = ""
    lines: tuple[PanelLine, ...] = field(default=(), repr=False)
    """Those of what the property holds: the plane of a clip, the axes of a view."""

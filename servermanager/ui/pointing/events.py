"""Events of pointers, wheels and keys as every toolkit tells them; and reading them from the messages of browsers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from async_paraview.records import dataclass
from async_paraview.scene.props.screens import LEAST_PPI, MOST_PPI, POINTS_PER_INCH
from async_paraview.scene.views import MAX_VIEW_SIZE

PRESS: Final = "press"
MOVE: Final = "move"
RELEASE: Final = "release"
CANCEL: Final = "cancel"
WHEEL: Final = "wheel"
KEY: Final = "key"

KINDS: Final = (PRESS, MOVE, RELEASE, CANCEL, WHEEL, KEY)
BUTTONS: Final = ("", "left", "middle", "right")
MODIFIERS: Final = ("shift", "ctrl", "alt", "meta")
LONGEST_KEY: Final = 32
LEAST_RATIO: Final = 0.25
MOST_RATIO: Final = 4.0
MOST_PIXELS: Final = 1e6
MOST_NOTCHES: Final = 20.0
"""So far one event turns a wheel: more is what a browser that was busy has gathered."""


@dataclass(frozen=True, slots=True)
class InputEvent:
    """What happened in a view. Raises ValueError for what no toolkit tells.

    `x` and `y` are in CSS (device-independent) pixels from the top left of the place that shows the view. `button` is
    "left", "middle", "right", or "" where none is pressed or let go; a finger is the left one, with `touch`. `pointer`
    tells fingers apart. `notches` is how far a wheel was turned, away from the person; `key` is as browsers name it:
    "r", "R", "Escape", "ArrowLeft".
    """

    kind: str
    x: float = 0.0
    y: float = 0.0
    button: str = ""
    modifiers: frozenset[str] = frozenset()
    pointer: int = 0
    touch: bool = False
    notches: float = 0.0
    key: str = ""

    def __post_init__(self) -> None:
        _require(self.kind in KINDS, "kind", self.kind, KINDS)
        _require(self.button in BUTTONS, "button", self.button, BUTTONS)
        _require(self.modifiers <= set(MODIFIERS), "modifiers", sorted(map(str, self.modifiers)), MODIFIERS)
        for name, value, most in (
            ("x", self.x, MOST_PIXELS),
            ("y", self.y, MOST_PIXELS),
            ("notches", self.notches, MOST_NOTCHES),
        ):
            if not (math.isfinite(value) and abs(value) <= most):
                raise ValueError(f"{name} of an event is a number within {most:g}, not {value!r:.40}")
        if len(self.key) > LONGEST_KEY:
            raise ValueError(f"a key has at most {LONGEST_KEY} characters, not {len(self.key)}")

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> InputEvent:
        """Return the event that a message of a browser tells: the fields of this class by name; others are not read.

        Raises ValueError for what is no such event, whatever it is.
        """
        modifiers = message.get("modifiers", ())
        if not isinstance(modifiers, list | tuple) or not all(isinstance(one, str) for one in modifiers):
            raise ValueError(f"modifiers of an event are a list of {', '.join(MODIFIERS)}, not {modifiers!r:.80}")
        return cls(
            kind=_text(message, "kind"),
            x=_number(message, "x"),
            y=_number(message, "y"),
            button=_text(message, "button"),
            modifiers=frozenset(modifiers),
            pointer=int(_number(message, "pointer")),
            touch=message.get("touch", False) is True,
            notches=max(-MOST_NOTCHES, min(MOST_NOTCHES, _number(message, "notches"))),
            key=_text(message, "key"),
        )


@dataclass(frozen=True, slots=True)
class Surface:
    """The place that shows a view: `width` and `height` in CSS pixels, and device pixels to one of these."""

    width: float
    height: float
    pixel_ratio: float = 1.0

    def __post_init__(self) -> None:
        for name, value in (("width", self.width), ("height", self.height), ("pixel_ratio", self.pixel_ratio)):
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_PIXELS:
                raise ValueError(f"{name} of a place is a number from 0 to {MOST_PIXELS:g}, not {value!r:.40}")

    @property
    def pixels(self) -> tuple[int, int]:
        """Return how many device pixels it is wide and high: at least one, at most as a view can have."""
        return _pixels(self.width * self.pixel_ratio), _pixels(self.height * self.pixel_ratio)

    @property
    def ppi(self) -> float:
        """Return how many of its device pixels there are to 72 points, as PPI of a view: a CSS pixel is one."""
        return float(min(max(POINTS_PER_INCH * self.pixel_ratio, LEAST_PPI), MOST_PPI))

    def offset(self, x: float, y: float) -> tuple[float, float]:
        """Return how far a place is to the right of the middle and below it, in fractions of the height."""
        height = max(self.height, 1.0)
        return (x - self.width / 2.0) / height, (y - self.height / 2.0) / height

    def pixel(self, x: float, y: float) -> tuple[int, int]:
        """Return the pixel of the picture at a place, the nearest one for places outside."""
        width, height = self.pixels
        across = math.floor(x / max(self.width, 1.0) * width)
        down = math.floor(y / max(self.height, 1.0) * height)
        return min(max(across, 0), width - 1), min(max(down, 0), height - 1)


def bounded_ratio(pixel_ratio: float) -> float:
    """Return the pixel ratio with which a page is served that tells this one: no larger than pictures have use for."""
    return min(max(pixel_ratio, LEAST_RATIO), MOST_RATIO)


def _pixels(size: float) -> int:
    return min(max(round(size), 1), MAX_VIEW_SIZE)


def _require(right: bool, name: str, value: object, known: tuple[str, ...]) -> None:
    if not right:
        raise ValueError(f"{name} of an event is of {', '.join(filter(None, known))}, not {value!r:.80}")


def _number(message: Mapping[str, Any], name: str) -> float:
    value = message.get(name, 0.0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} of an event is a number, not {value!r:.40}")
    if not abs(value) <= 2**53:
        raise ValueError(f"{name} of an event is a number that browsers count to, not {value!r:.40}")
    return float(value)


def _text(message: Mapping[str, Any], name: str) -> str:
    value = message.get(name, "")
    if not isinstance(value, str):
        raise ValueError(f"{name} of an event is a text, not {value!r:.40}")
    return value

"""What a browser says over the socket of a view: read strictly into values."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from servermanager import InputEvent
from servermanager.ui.pointing.events import bounded_ratio

MOST_PIXELS: Final = 1e5
MOST_SEQUENCE: Final = 2.0**53


@dataclass(frozen=True, slots=True)
class Here:
    """The browser asks for a sign of life."""


@dataclass(frozen=True, slots=True)
class Painted:
    """The picture with that number is on the screen: the next may come."""

    sequence: int


@dataclass(frozen=True, slots=True)
class Resized:
    """The place that shows the view has so many CSS pixels, each of so many pixels of the screen."""

    width: float
    height: float
    pixel_ratio: float


def read_message(text: str) -> Here | Painted | Resized | InputEvent:
    """Return what a message says. Raises ValueError, saying what is wrong with it, whatever it is."""
    try:
        message = json.loads(text)
    except RecursionError:
        raise ValueError("a message has too many levels") from None
    if not isinstance(message, dict):
        raise ValueError(f"a message is a map, not {type(message).__name__}")
    reading = _READ.get(str(message.get("kind")))
    return InputEvent.from_message(message) if reading is None else reading(message)


def _painted(message: Mapping[str, Any]) -> Painted:
    return Painted(int(_number(message, "sequence", MOST_SEQUENCE)))


def _resized(message: Mapping[str, Any]) -> Resized:
    ratio = bounded_ratio(_number(message, "pixel_ratio", MOST_PIXELS))
    return Resized(_number(message, "width", MOST_PIXELS), _number(message, "height", MOST_PIXELS), ratio)


_READ: Final[Mapping[str, Callable[[Mapping[str, Any]], Here | Painted | Resized]]] = {
    "here": lambda _: Here(),
    "painted": _painted,
    "size": _resized,
}


def _number(message: Mapping[str, Any], name: str, most: float) -> float:
    value = message.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} is a number, not {value!r:.40}")
    if not 0 <= value <= most:
        raise ValueError(f"{name} is a number from 0 to {most:g}, not {value!r:.40}")
    return float(value)

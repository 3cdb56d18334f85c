"""From what an editor gives, text included, to a value that a property takes: plain functions."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from .panel_line import Choice, PanelLine

_BETWEEN: Final = re.compile(r"[\s,;]+")
_YES: Final = frozenset({"true", "on", "yes", "1"})
_NO: Final = frozenset({"false", "off", "no", "0"})


def entered(line: PanelLine, given: Any) -> Any:
    """Return the plain value that is meant. Raises ValueError, saying what is expected.

    Of inputs, objects and files it is what was chosen: the panel finds what that stands for.
    """
    if given is None and (line.optional or line.editor in ("array", "input", "object")):
        return None
    if given == "" and line.optional and line.editor not in ("text", "script", "array", "object", "choice"):
        return None
    return _READ[line.editor](line, given)


def _flag(_: PanelLine, given: Any) -> bool:
    word = str(given).strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(f"expected yes or no, not {given!r:.40}")


def number(given: Any) -> float:
    """Return a number, also one that was written. Raises ValueError."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise ValueError(f"expected a number, not {given!r:.40}")
    if not isinstance(given, str):
        return given
    try:
        return float(given)
    except ValueError:
        hint = "; decimals stand after a point" if re.fullmatch(r"\s*[-+]?\d+,\d+\s*", given) else ""
        raise ValueError(f"expected a number, not {given!r:.40}{hint}" if given else "expected a number") from None


def integer(given: Any) -> int:
    """Return an integer, also one that was written. Raises ValueError."""
    if isinstance(given, str) and re.fullmatch(r"\s*[-+]?\d+\s*", given):
        return int(given)  # not by way of a float, which would round it
    found = number(given)
    if isinstance(found, int):
        return found
    if not math.isfinite(found) or found != int(found):
        raise ValueError(f"expected a whole number, not {given!r:.40}")
    return int(found)


def _within(line: PanelLine, value: Any) -> Any:
    low, high = line.minimum, line.maximum
    if low is not None and value < low:
        raise ValueError(f"expected at least {low:g}, not {value:g}")
    if high is not None and value > high:
        raise ValueError(f"expected at most {high:g}, not {value:g}")
    return value


def _integer(line: PanelLine, given: Any) -> int:
    return int(_within(line, integer(given)))


def _number(line: PanelLine, given: Any) -> float:
    return float(_within(line, number(given)))


def _split(given: Any) -> list[Any]:
    if isinstance(given, str):
        return [one for one in _BETWEEN.split(given.strip().strip("[]()")) if one]
    if isinstance(given, list | tuple):
        return list(given)
    return [given]


def _numbers(line: PanelLine, given: Any) -> list[Any]:
    read = _integer if line.whole else _number
    return [read(line, one) for one in _split(given)]


def _vector(line: PanelLine, given: Any) -> list[Any]:
    found = _numbers(line, given)
    if len(found) != line.count:
        raise ValueError(f"expected {line.count} numbers, not {len(found)}")
    return found


def _color(line: PanelLine, given: Any) -> list[float]:
    """Read red, green, blue from 0 to 1, or #rrggbb; a fourth number where there is one."""
    if isinstance(given, str) and re.fullmatch(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})", given.strip()):
        digits = given.strip()[1:]
        given = [int(digits[at : at + 2], 16) / 255 for at in range(0, len(digits), 2)]
    found = _numbers(line, given)
    wanted = line.count
    if len(found) == 3 and wanted == 4:
        found.append(1.0)
    if len(found) != wanted or not all(0.0 <= one <= 1.0 for one in found):
        raise ValueError(f"expected {wanted} numbers from 0 to 1, or #rrggbb, not {given!r:.60}")
    return found


def _text(_: PanelLine, given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError(f"expected a text, not {given!r:.40}")
    return given


def _texts(_: PanelLine, given: Any) -> list[Any]:
    if isinstance(given, str):
        return [one for one in given.splitlines() if one]
    if isinstance(given, list | tuple) and all(isinstance(one, str | int | float) for one in given):
        return list(given)
    raise ValueError(f"expected texts, one in a line, not {given!r:.40}")


def chosen(choices: Iterable[Choice], given: Any) -> Any:
    """Return the value of the choice that is meant, by its value or its label. Raises ValueError, naming them."""
    known = list(choices)
    plain = list(given) if isinstance(given, tuple) else given
    for means in (_is_value, _is_label):
        for one in known:
            if means(one, plain):
                return one.value
    some = ", ".join(one.label for one in known[:12]) or "nothing to choose of"
    raise ValueError(f"expected one of {some}, not {given!r:.60}")


def _is_value(one: Choice, given: Any) -> bool:
    return type(one.value) is type(given) and bool(one.value == given)


def _is_label(one: Choice, given: Any) -> bool:
    return bool(one.label == given)


def _choice(line: PanelLine, given: Any) -> Any:
    return chosen(line.choices, given)


def _array(line: PanelLine, given: Any) -> Any:
    """Read an array: one that is offered, or another one by its name, since data may come to have it."""
    try:
        return chosen(line.choices, given)
    except ValueError:
        if isinstance(given, str) and given and not (line.choices and isinstance(line.choices[0].value, list)):
            return given
        if _is_pair(given):
            return list(given)
        if given in ("", [], ()):
            return [] if line.default == [] else given
        raise


def _is_pair(given: Any) -> bool:
    is_list = isinstance(given, list | tuple) and len(given) in (2, 3)
    return is_list and all(isinstance(one, str) for one in given[:2])


def _arrays(line: PanelLine, given: Any) -> dict[str, bool]:
    """Read which arrays are wanted: a map of all, or the names of those that are."""
    if isinstance(given, Mapping):
        return {str(name): _flag(line, on) for name, on in given.items()}
    if isinstance(given, Sequence) and not isinstance(given, str):
        wanted = {str(one) for one in given}
        return {name: name in wanted for name in {**(line.value or {}), **dict.fromkeys(sorted(wanted))}}
    raise ValueError(f"expected names of arrays, not {given!r:.40}")


def _as_it_is(_: PanelLine, given: Any) -> Any:
    return given


def _shown(line: PanelLine, _: Any) -> Any:
    raise ValueError(f"{line.label} cannot be changed here")


_READ: Final[dict[str, Callable[[PanelLine, Any], Any]]] = {
    "flag": _flag,
    "integer": _integer,
    "number": _number,
    "text": _text,
    "script": _text,
    "choice": _choice,
    "vector": _vector,
    "numbers": _numbers,
    "texts": _texts,
    "file": _text,
    "files": _texts,
    "array": _array,
    "arrays": _arrays,
    "input": _as_it_is,
    "object": _choice,
    "color": _color,
    "parts": _shown,
    "shown": _shown,
}

r"""Formulas in texts, such as $\sigma_0$: by matplotlib's mathtext, which VTK calls. No TeX is run for them.

VTK calls matplotlib by itself as soon as a text has two dollars, and says on the standard error if that fails. Here
each text is looked at before: what is no formula is given to VTK so that it is drawn as it was typed.
"""

from __future__ import annotations

import re
import threading
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from .noted import draws_formulas

LOCK: Final = threading.RLock()
"""Who has matplotlib read formulas, also by VTK, holds it: its parser keeps in itself what it is at."""
_DOLLAR: Final = re.compile(r"(?<!\\)\$")
_DPI: Final = 72
MOST_CHARACTERS: Final = 1000
"""Of one line with formulas; they take matplotlib 0.15 s."""
MOST_BRACES: Final = 20
"""Within each other; matplotlib's parser calls itself for each."""
MOST_POINTS: Final = 5000
"""A line with formulas is at most so wide and high."""
_FAMILIES: Final = {"Courier": "monospace", "Times": "serif"}


def drawing() -> AbstractContextManager[Any]:
    """Return what is held while this thread has VTK draw: the lock, if there may be formulas."""
    return LOCK if draws_formulas() else nullcontext()


def has_formulas(line: str) -> bool:
    """Return whether a line of a text has formulas: between two dollars each, of which none has a backslash before."""
    count = len(_DOLLAR.findall(line))
    return count > 0 and count % 2 == 0


def as_typed(line: str) -> str:
    """Return how VTK is given a line that has no formulas: it draws each dollar."""
    return _DOLLAR.sub(r"\\$", line)


def unescaped(line: str) -> str:
    """Return what is read where a line without formulas is drawn."""
    return line.replace(r"\$", "$")


def for_vtk(line: str) -> str:
    """Return how VTK is given a line with formulas: to it a bar begins another column."""
    parts = _DOLLAR.split(line)
    inside = [part.replace(r"\|", r"\Vert ").replace("|", r"\vert ") for part in parts[1::2]]
    outside = [part.replace("|", r"$\vert$") for part in parts[::2]]
    return outside[0] + "".join(f"${a}${b}" for a, b in zip(inside, outside[1:], strict=True))


def fault_of(line: str, family: str, points: int) -> str | None:
    """Return why a line with formulas cannot be drawn, as matplotlib says it; None if it can."""
    if len(line) > MOST_CHARACTERS:
        return f"formulas have at most {MOST_CHARACTERS} characters in a line, and these {len(line)}"
    if _nesting(line) > MOST_BRACES:
        return f"formulas have at most {MOST_BRACES} braces within each other, and these {_nesting(line)}"
    parser, font = _parser(), _font(family, points)
    with LOCK:
        try:
            width, height = parser.parse(line, dpi=_DPI, prop=font)[:2]
        except (ValueError, RecursionError) as error:
            return str(error).strip().splitlines()[-1]
    if max(width, height) > MOST_POINTS:
        return f"formulas are at most {MOST_POINTS} points wide and high, and these {width:.0f} x {height:.0f}"
    return None


def _nesting(line: str) -> int:
    deepest = depth = 0
    for character in line:
        depth += {"{": 1, "}": -1}.get(character, 0)
        deepest = max(deepest, depth)
    return deepest


def _parser() -> Any:
    from matplotlib.mathtext import MathTextParser  # 0.15 s, and 0.5 s where fonts were never looked for

    return MathTextParser("path")


def _font(family: str, points: int) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=_FAMILIES.get(family, "sans-serif"), size=points)

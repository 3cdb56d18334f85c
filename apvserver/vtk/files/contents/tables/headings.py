"""Names of columns in the heading of a table, of which the number of columns is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from .text_fields import BLANKS, fields_of

_WIDE_GAP: Final = re.compile(r"[ \t]*(?:\t| {2,})[ \t]*")
_BRACKETS: Final = re.compile(r"[ \t]*(\[[^][]*\]|\([^()]*\))")
_GLUE: Final = "\0"


def names_of(heading: str, separators: str, count: int) -> list[str] | None:
    """Return the `count` names in a heading; None if it has another number of them.

    Between blanks a name may hold single blanks, where there are wider gaps between the names or tabs, and may have a
    unit in brackets behind it: "T in air [deg C]".
    """
    return next((names for names in _ways(heading, separators) if len(names) == count), None)


def _ways(heading: str, separators: str) -> Iterator[list[str]]:
    fields = fields_of(heading.encode(), separators, merge=separators == BLANKS)
    yield [one.strip() for one in fields.texts(np.arange(len(fields.starts)))]
    if separators == BLANKS:
        yield _WIDE_GAP.split(heading.strip())
        glued = _BRACKETS.sub(lambda found: _GLUE + found[1].replace(" ", _GLUE).replace("\t", _GLUE), heading)
        yield [one.replace(_GLUE, " ").strip() for one in glued.split()]

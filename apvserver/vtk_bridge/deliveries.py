"""What readers leave out of what they have announced, without a word."""

from __future__ import annotations

import re
from typing import Any, Final

from apvserver.vtk_bridge.array_names import KINDS, array_names, holds_anything
from apvserver.vtk_bridge.selections import selections_of, wanted
from apvserver.vtk_bridge.selectors import narrowed

_COMPONENT: Final = re.compile(r"_?(\d+|[xyzXYZ])$")
"""Ends of names of arrays that readers make one vector of."""


def undelivered(reader: Any) -> list[str]:
    """What a reader has announced, was to read, and has left out, as texts; it says nothing of that itself.

    Where blocks were chosen nothing can be said: an array may be in others. Readers of several files have more than
    each of them.
    """
    selections = selections_of(type(reader))
    arrays = [one for one in selections if one.association in KINDS]
    blocks = any(wanted(reader, one.name) for one in selections if one not in arrays)
    if not arrays or blocks or narrowed(reader) or hasattr(reader, "offered_by_files"):
        return []
    data = reader.GetOutputDataObject(0)
    if not holds_anything(data):
        return []
    told = []
    for selection in arrays:
        here = array_names(data, selection.association)
        announced = [name for name, on in selection.read(reader).items() if on]
        missing = sorted(name for name in announced if name not in here and _COMPONENT.sub("", name) not in here)
        if missing:
            names = ", ".join(map(repr, missing[:20])) + (", ..." if len(missing) > 20 else "")
            told.append(
                f"{selection.name}: the file announces {len(missing)} {selection.noun}(s) that are not in what "
                f"{type(reader).__name__} has read of it: {names}"
            )
    return told

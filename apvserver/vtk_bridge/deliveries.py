"""What readers leave out of what they have announced, without a word."""

from __future__ import annotations

from typing import Any

from apvserver.vtk_bridge.array_names import KINDS, array_names, holds_anything
from apvserver.vtk_bridge.selections import selections_of


def undelivered(algorithm: Any) -> list[str]:
    """What a reader has announced, was to read, and has left out, as texts; it says nothing of that itself.

    Readers of several files have more than each of them.
    """
    if hasattr(algorithm, "offered_by_files"):
        return []
    data = None
    told = []
    for selection in selections_of(type(algorithm)):
        if selection.association not in KINDS:
            continue
        wanted = {name for name, on in selection.read(algorithm).items() if on}
        if not wanted:
            continue
        data = algorithm.GetOutputDataObject(0) if data is None else data
        missing = sorted(wanted - array_names(data, selection.association))
        if missing and holds_anything(data):
            names = ", ".join(repr(name) for name in missing[:20]) + (", ..." if len(missing) > 20 else "")
            told.append(
                f"{selection.name}: the file announces {len(missing)} {selection.noun}(s) that are not in what "
                f"{type(algorithm).__name__} has read of it: {names}"
            )
    return told

"""What readers leave out of what they have announced, without a word."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any, Final

from ..base.array_names import KINDS, array_names, holds_anything
from ..base.errors import FileError
from ..base.vtk_messages import capture
from ..types.adapters.selections import offered, selections_of, wanted
from ..types.adapters.selectors import narrowed
from ..types.catalog import construct
from ..types.properties import set_properties
from .reader_choice import choose_reader
from .references import named_files

_OF_PIECES: Final = re.compile(r"^vtkXMLP[A-Z]\w+Reader$")
_COMPONENT: Final = re.compile(r"_?(\d+|[xyzXYZ])$")
"""Ends of names of arrays that readers make one vector of."""


def undelivered(reader: Any) -> list[str]:
    """Return what a reader has announced, was to read, and has left out, as texts; it says nothing of that itself.

    Where blocks were chosen nothing can be said: an array may be in others. Readers of several files have more than
    each of them.
    """
    selections = selections_of(type(reader))
    if not selections:
        return []
    arrays = [one for one in selections if one.association in KINDS]
    blocks = any(wanted(reader, one.name) for one in selections if one not in arrays)
    if not arrays or blocks or narrowed(reader) or hasattr(reader, "offered_by_files"):
        return []
    data = reader.GetOutputDataObject(0)
    if not holds_anything(data):
        return []
    told = list(_left_out_of_pieces(reader))
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


def _left_out_of_pieces(reader: Any) -> Iterator[str]:
    """Yield what the first piece of VTK's parallel formats has, and the file that names them does not announce."""
    if not _OF_PIECES.match(type(reader).__name__):
        return
    first = next((path for path in named_files(reader.GetFileName()) if os.path.isfile(path)), None)
    if first is None:
        return
    try:
        type_name, properties = choose_reader(first)
    except FileError:  # the reader of the pieces is not choosy, and has read it
        return
    piece = construct(type_name)
    set_properties(piece, properties)
    with capture():  # what is wrong with a piece was told as it was read
        piece.UpdateInformation()
    announced = offered(reader)
    for name, there in offered(piece).items():
        missing = sorted(there.keys() - announced.get(name, there).keys())
        if missing:
            names = ", ".join(map(repr, missing))
            yield f"{name}: {first} has what {reader.GetFileName()} does not announce, and is not read: {names}"

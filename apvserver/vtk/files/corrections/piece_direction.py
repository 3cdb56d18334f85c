"""The direction of images in pieces (.pvti), which VTK's reader leaves out: it is in the header or in the pieces."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from ...base.data_roots import allowed_path
from ...base.errors import FileError

_CHUNK_BYTES: Final = 65536
_TAGS: Final = ("PImageData", "ImageData")


def correct_direction(reader: Any, data: Any) -> None:
    """Give the image the direction that its file, or the first of its pieces, says. Raises `FileError`."""
    path = reader.GetFileName()
    if not path or not Path(path).is_file() or not data.IsA("vtkImageData"):
        return
    direction, pieces = _header(path)
    if direction is None:
        found = [_header(allowed_path(os.path.join(Path(path).parent, one)))[0] for one in pieces]
        if any(one != found[0] for one in found):
            raise FileError("its pieces have different directions; one image cannot have several")
        direction = found[0] if found else None
    if direction is not None:
        data.SetDirectionMatrix(direction)


def _header(path: str) -> tuple[tuple[float, ...] | None, list[str]]:
    """Return the direction that an XML file of an image says, and the pieces it names, up to where data begins."""
    directions: list[str] = []
    pieces: list[str] = []
    parser, ended = expat.ParserCreate(), False

    def element(tag: str, attributes: dict[str, str]) -> None:
        nonlocal ended
        if tag in _TAGS and "Direction" in attributes:
            directions.append(attributes["Direction"])
        if tag == "Piece" and "Source" in attributes:
            pieces.append(attributes["Source"])
        ended = ended or tag in ("DataArray", "AppendedData")

    parser.StartElementHandler = element
    with open(path, "rb") as stream:
        try:
            while not ended and (chunk := stream.read(_CHUNK_BYTES)):
                parser.Parse(chunk)
        except expat.ExpatError:
            ended = True  # raw numbers follow: what comes before has been seen
    numbers = tuple(float(one) for one in directions[0].split()) if directions else ()
    return (numbers if len(numbers) == 9 else None), pieces

"""What an XDMF file says that VTK's reader takes wrong: grids that others include, and numbers that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from ...base.errors import FileError

_NAMED: Final = re.compile(r"""//Grid\[@Name=["']([^"']+)["']\]""")
_LONGEST_NAME: Final = 4096


@dataclass
class _Seen:
    """What is found on the way through a file."""

    tags: list[str] = field(default_factory=list)
    outer: set[str] = field(default_factory=set)
    included: set[str] = field(default_factory=set)
    series: bool = False
    form: str = ""
    text: str = ""
    files: set[tuple[str, str]] = field(default_factory=set)


def prepare_xdmf(reader: Any) -> None:
    """Have a reader leave out the grids that a series includes the mesh from: VTK shows them beside it, once more.

    Raises `FileError` if a file with the numbers is not there, of which VTK makes empty data without an error.
    """
    path = reader.GetFileName()
    if not path or not Path(path).is_file():
        return
    missing = sorted(set(missing_numbers(path)))
    if missing:
        raise FileError(f"{path}: its numbers are in {', '.join(missing[:5])}, which is not there; bring it as well")
    names = included_grids(path)
    if names:
        reader.UpdateInformation()
        for name in names:
            if reader.GetGridStatus(name):
                reader.SetGridStatus(name, 0)


def included_grids(path: str) -> tuple[str, ...]:
    """The names of grids beside a series of times that grids of the series include; none if this is no XML."""
    seen = _parsed(path)
    return tuple(sorted(seen.outer & seen.included)) if seen.series else ()


def missing_numbers(path: str) -> Iterator[str]:
    """The files that numbers are in, and that are not there."""
    folder = Path(path).parent
    for form, text in _parsed(path).files:
        name = text.partition(":/")[0] if form == "hdf" else text
        name = name.removeprefix("File:").strip()
        if name and not (folder / name).exists():
            yield name


def _parsed(path: str) -> _Seen:
    seen = _Seen()

    def begin(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Grid" and seen.tags[-1:] == ["Domain"]:
            if attributes.get("CollectionType") == "Temporal":
                seen.series = True
            elif attributes.get("GridType", "Uniform") == "Uniform":
                seen.outer.add(attributes.get("Name", ""))
        if tag.rpartition(":")[2] == "include" and "Grid" in seen.tags:
            seen.included.update(_NAMED.findall(attributes.get("xpointer", "")))
        if tag == "DataItem":
            form = attributes.get("Format", "").lower()
            seen.form = form if form in ("hdf", "binary") else ""
        seen.text = ""
        seen.tags.append(tag)

    def end(tag: str) -> None:
        if tag == "DataItem" and seen.form and (text := seen.text.strip()):
            seen.files.add((seen.form, text))
        seen.form, seen.text = "", ""
        seen.tags.pop()

    def characters(data: str) -> None:
        if seen.form and len(seen.text) < _LONGEST_NAME:
            seen.text += data

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, characters
    try:
        with Path(path).open("rb") as stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, OSError):
        return _Seen()  # the reader will tell
    return seen

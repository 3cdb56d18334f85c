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

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Note what an element says as it begins."""
        if tag == "Grid" and self.tags[-1:] == ["Domain"]:
            self._outer_grid(attributes)
        if tag.rpartition(":")[2] == "include" and "Grid" in self.tags:
            self.included.update(_NAMED.findall(attributes.get("xpointer", "")))
        if tag == "DataItem":
            form = attributes.get("Format", "").lower()
            self.form = form if form in ("hdf", "binary") else ""
        self.text = ""
        self.tags.append(tag)

    def _outer_grid(self, attributes: dict[str, str]) -> None:
        if attributes.get("CollectionType") == "Temporal":
            self.series = True
        elif attributes.get("GridType", "Uniform") == "Uniform":
            self.outer.add(attributes.get("Name", ""))

    def end(self, tag: str) -> None:
        """Note the file that an element has named as it ends."""
        if tag == "DataItem" and self.form and (text := self.text.strip()):
            self.files.add((self.form, text))
        self.form, self.text = "", ""
        self.tags.pop()

    def characters(self, data: str) -> None:
        """Keep text that may be the name of a file."""
        if self.form and len(self.text) < _LONGEST_NAME:
            self.text += data


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
    """Return the names of grids beside a series of times that grids of the series include; none if this is no XML."""
    seen = _parsed(path)
    return tuple(sorted(seen.outer & seen.included)) if seen.series else ()


def missing_numbers(path: str) -> Iterator[str]:
    """Yield the files that numbers are in, and that are not there."""
    folder = Path(path).parent
    for form, text in _parsed(path).files:
        name = text.partition(":/")[0] if form == "hdf" else text
        name = name.removeprefix("File:").strip()
        if name and not (folder / name).exists():
            yield name


def _parsed(path: str) -> _Seen:
    seen = _Seen()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = seen.begin, seen.end
    parser.CharacterDataHandler = seen.characters
    try:
        with Path(path).open("rb") as stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, OSError):
        return _Seen()  # the reader will tell
    return seen

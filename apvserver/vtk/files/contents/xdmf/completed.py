"""XDMF with what VTK's reader does not find out: includes of a namespace by another name, and kinds of numbers.

FEniCSx writes the address of XInclude with https, for which VTK's reader leaves the mesh out. An item in a file of HDF5
that does not say of which kind it is has single precision there, whatever is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from ....base.errors import FileError

_INCLUDES: Final = "http://www.w3.org/2001/XInclude"
_KNOWN: Final = frozenset({_INCLUDES, "http://www.w3.org/2003/XInclude"})
_IN_FILES: Final = frozenset({"hdf", "binary"})
_NAMES: Final = {"f": "Float", "i": "Int", "u": "UInt"}
_BYTES: Final = {"i": "Char", "u": "UChar"}
_INTEGERS: Final = frozenset({"INT", "UINT"})
_WIDE: Final = 8
_LEAST: Final = 4
_IN_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""How characters of XML are written; xml.sax.saxutils, which does the same, imports all of urllib.request."""
_IN_ATTRIBUTES: Final = _IN_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def is_foreign(tag: str, namespaces: Mapping[str, str]) -> bool:
    """Return whether an element includes another, and is of a namespace that VTK's reader does not know."""
    prefix, _, name = tag.rpartition(":")
    return name == "include" and bool(prefix) and namespaces.get(prefix) not in _KNOWN


def says_its_kind(attributes: Mapping[str, str]) -> bool:
    """Return whether a DataItem says of which kind and of how many bytes its numbers are."""
    return ("NumberType" in attributes or "DataType" in attributes) and "Precision" in attributes


def declared(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return the namespaces that an element declares, by prefix."""
    return {name[6:]: value for name, value in attributes.items() if name.startswith("xmlns:")}


def can_complete(path: str) -> bool:
    """Return whether the files beside a file can be named by their whole paths: with a colon in them they cannot."""
    return ":" not in str(Path(path).absolute().parent)


def completed(path: str) -> str:
    """Return a file as text that VTK's reader understands, with the files that it names by their whole paths.

    Raises `FileError` where the file cannot be named like that.
    """
    if not can_complete(path):
        raise FileError(
            f"{path}: it includes what is of another namespace than {_INCLUDES}, and cannot be read like that in a "
            "folder with a colon in its path; write that address into the file, or put it into another folder"
        )
    folder = Path(path).absolute().parent
    with ExitStack() as opened:
        made = _Completed(folder, _Stored(opened))
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = made.begin, made.end
        parser.CharacterDataHandler = made.characters
        with Path(path).open("rb") as stream:
            parser.ParseFile(stream)
    return "".join(made.text)


class _Stored:
    """The kinds of numbers in files of HDF5, which are opened once each."""

    def __init__(self, opened: ExitStack) -> None:
        self._opened = opened
        self._files: dict[Path, Any] = {}

    def kind(self, file: Path, name: str) -> Any:
        """Return the type of a data set; None if it cannot be looked at."""
        try:
            import h5py
        except ImportError:
            return None
        try:
            if file not in self._files:
                self._files[file] = None
                self._files[file] = self._opened.enter_context(h5py.File(file, "r"))
            held = self._files[file]
            return None if held is None else held[name].dtype
        except (AttributeError, KeyError, OSError, RuntimeError, TypeError, ValueError):
            return None  # the reader will tell


class _Completed:
    """Writes a file again as it passes."""

    def __init__(self, folder: Path, stored: _Stored) -> None:
        self.text: list[str] = []
        self._folder, self._stored = folder, stored
        self._namespaces: dict[str, str] = {}
        self._held: dict[str, str] | None = None
        self._name = ""

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Write what begins; an item whose numbers are in another file waits for the name of that."""
        self._namespaces |= declared(attributes)
        if is_foreign(tag, self._namespaces):
            attributes[f"xmlns:{tag.rpartition(':')[0]}"] = _INCLUDES
        if tag.rpartition(":")[2] == "include" and (other := attributes.get("href")):
            attributes["href"] = str(self._folder / other)
        if tag == "DataItem" and attributes.get("Format", "").lower() in _IN_FILES:
            self._held, self._name = attributes, ""
        else:
            self._write(tag, attributes)

    def characters(self, data: str) -> None:
        """Write text, or keep it as the name of a file."""
        if self._held is None:
            self.text.append(data.translate(_IN_TEXT))
        else:
            self._name += data

    def end(self, tag: str) -> None:
        """Write what ends."""
        if self._held is not None:
            attributes, self._held = self._held, None
            in_hdf5 = attributes["Format"].lower() == "hdf"
            name, inside = self._name.strip().removeprefix("File:"), ""
            if in_hdf5:
                name, _, inside = name.partition(":/")
            file = self._folder / name.strip()
            if in_hdf5 and not says_its_kind(attributes):
                attributes |= _said(attributes, self._stored.kind(file, f"/{inside}"))
            self._write(tag, attributes)
            self.text.append((f"{file}:/{inside}" if in_hdf5 else str(file)).translate(_IN_TEXT))
        self.text.append(f"</{tag}>")

    def _write(self, tag: str, attributes: dict[str, str]) -> None:
        said = "".join(f' {name}="{value.translate(_IN_ATTRIBUTES)}"' for name, value in attributes.items())
        self.text.append(f"<{tag}{said}>")


def _said(attributes: Mapping[str, str], kind: Any) -> dict[str, str]:
    """Return what an item says of its numbers, as they are stored, where it does not; nothing if that is not known."""
    if kind is None or kind.kind not in _NAMES:
        return {}
    name = attributes.get("NumberType") or attributes.get("DataType")
    if name is not None and (name.upper() in _INTEGERS) != (kind.kind != "f"):
        return {}
    if kind.itemsize == 1:
        return {"NumberType": _BYTES[kind.kind]} if name is None else {}
    if "Precision" in attributes:
        return {"NumberType": _NAMES[kind.kind]}
    if kind.kind != "f" and kind.itemsize == _WIDE:  # unsigned ones of 64 bits would be cut off at 2^32
        return {"NumberType": "Int", "Precision": str(_WIDE)}
    precision = max(kind.itemsize, _LEAST) if kind.kind == "f" else kind.itemsize
    return {"NumberType": name or _NAMES[kind.kind], "Precision": str(min(precision, _WIDE))}

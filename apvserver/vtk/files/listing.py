"""Lists a directory of the server, page by page, with numbered files as one entry: only below the data roots."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from ..base.data_roots import allowed_path, is_allowed, roots
from ..base.errors import FileError
from .reader_choice import READERS, SERIES_EXTENSIONS, extension_of

MOST_ENTRIES: Final = 10_000
"""Most entries of one page."""
_READABLE: Final = frozenset(READERS) | SERIES_EXTENSIONS
_NUMBER: Final = re.compile(r"^(.*?)(\d+)(\D*)$", re.DOTALL)


def list_files(path: str, *, offset: int = 0, limit: int = 1000) -> dict[str, Any]:
    """Return one page of a directory: {path, parent, roots, total, entries}, directories first, each sorted by name.

    An entry is {name, path, kind, size_bytes, modified_s, readable}; `kind` is "directory", "file" or "series". A
    series is what has the same name but for a number: its name has ".." there, `path` is its first file, `files` their
    number. `readable`: whether a reader is known for the extension. Hidden files, and links that leave the data roots,
    are left out. An empty path is the first data root, or the home directory. Raises `FileError`.
    """
    if offset < 0 or not 0 < limit <= MOST_ENTRIES:
        raise FileError(f"a page begins at 0 or later and has 1 to {MOST_ENTRIES} entries, not {limit} from {offset}")
    directory = Path(allowed_path(path) if path else _home())
    found = _scan(directory)
    entries = [*_directories(found), *_grouped(directory, [one.name for one in found if one.is_file()])]
    return {
        "path": str(directory),
        "parent": str(directory.parent) if is_allowed(directory.parent) else None,
        "roots": [str(root) for root in roots()],
        "total": len(entries),
        "entries": [_described(*entry) for entry in entries[offset : offset + limit]],
    }


def siblings(path: str) -> list[str]:
    """Return the files of the series that a file belongs to, by their numbers; itself alone if there is none."""
    file = Path(path)
    key, _ = _key(file.name)
    if key is None:
        return [path]
    found = [one.name for one in _scan(file.parent) if _key(one.name)[0] == key and one.is_file()]
    return [str(file.parent / name) for name in sorted(found, key=_number)] or [path]


def _home() -> str:
    known = roots()
    return str(known[0] if known else Path.home())


def _scan(directory: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as found:
            return sorted((one for one in found if _is_shown(one)), key=lambda one: (one.name.casefold(), one.name))
    except FileNotFoundError as error:
        raise FileError(f"{directory}: no such directory on the server") from error
    except (OSError, ValueError) as error:
        raise FileError(f"{directory}: the server cannot list this: {error}") from error


def _is_shown(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and (not entry.is_symlink() or is_allowed(Path(entry.path)))


_Entry = tuple[str, str, list[Path]]
"""Name, kind, and the files that it stands for."""


def _directories(found: list[os.DirEntry[str]]) -> Iterable[_Entry]:
    return [(one.name, "directory", [Path(one.path)]) for one in found if one.is_dir()]


def _grouped(directory: Path, names: list[str]) -> Iterable[_Entry]:
    groups: dict[tuple[str, str], list[str]] = {}
    for name in names:
        key, _ = _key(name)
        groups.setdefault(key or (name, ""), []).append(name)
    for (before, after), members in groups.items():
        if len(members) == 1:
            yield members[0], "file", [directory / members[0]]
        else:
            yield f"{before}..{after}", "series", [directory / name for name in sorted(members, key=_number)]


def _key(name: str) -> tuple[tuple[str, str] | None, int]:
    """Return what a name has in common with the others of its series, and its number; None if it has no number.

    The number is the last one before the extension, or after it: "can_01.vtu", "can.ex2.4".
    """
    extension = extension_of(Path(name)) if extension_of(Path(name)) in READERS else Path(name).suffix
    stem, ending = (
        (name[: -len(extension)], name[-len(extension) :]) if name.lower().endswith(extension) else (name, "")
    )
    found = _NUMBER.match(stem) if extension else None
    if found is None:
        return None, 0
    return (found[1], f"{found[3]}{ending}"), int(found[2])


def _number(name: str) -> tuple[int, str]:
    return _key(name)[1], name


def _described(name: str, kind: str, files: list[Path]) -> dict[str, Any]:
    size_bytes = modified_s = 0.0
    for file in files:
        try:
            status = file.stat()
        except OSError:  # it went away meanwhile
            continue
        size_bytes += status.st_size if kind != "directory" else 0
        modified_s = max(modified_s, status.st_mtime)
    found = {"name": name, "path": str(files[0]), "kind": kind, "size_bytes": int(size_bytes), "modified_s": modified_s}
    readable = kind != "directory" and extension_of(files[0]) in _READABLE
    return {**found, "readable": readable, **({"files": len(files)} if kind == "series" else {})}

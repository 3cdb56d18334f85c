"""What the files that an algorithm reads are like: so that one that appears, changes or disappears is seen."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from ..base.facts import vtk_facts
from ..types.properties import get_property
from ..types.reflection import reflected
from .reader_choice import READERS
from .references import named_files

FileState = tuple[int, int, int, int]
"""Times of the last changes of its content and of anything about it, size, number on its disk."""
FileStates = dict[str, FileState | None]
"""By path; None where nothing is that can be looked at."""

MOST_FILES: Final = 10_000
"""So many files that others name are looked at."""
_NAMING: Final = frozenset(
    {
        ".case", ".gltf", ".mhd", ".nhdr", ".pvti", ".pvtp", ".pvtr", ".pvts", ".pvtt", ".pvtu", ".vtm", ".vtmb",
        ".vtpc", ".vtpd", ".vth", ".vthb", ".xdmf", ".xmf",
    }
)  # fmt: skip
"""Extensions of files whose data is in others, which they name."""
_NAMING_READERS: Final = frozenset(READERS[one] for one in _NAMING if one in READERS)
_PARTS_OF_NAMES: Final = ("Pattern", "Prefix", "Path")


def paths_of(algorithm: Any) -> Iterator[str]:
    """Yield the paths that an algorithm is about to read, as it will open them."""
    for name in _path_properties(type(algorithm).__name__):
        paths = get_property(algorithm, name) or ()
        for path in [paths] if isinstance(paths, str) else paths:
            # EnSight's readers split the name that they are given.
            yield os.path.join(algorithm.GetFilePath() or "", path) if hasattr(algorithm, "GetFilePath") else path


def reads_files(algorithm: Any) -> bool:
    """Return whether there is anything for `file_states` to look at, now or later."""
    return hasattr(algorithm, "files_looked_at") or names_files(type(algorithm))


def names_files(kind: Any) -> bool:
    """Return whether algorithms of a class have properties that name files to be read."""
    return bool(_path_properties(kind.__name__))


def file_states(algorithm: Any) -> FileStates:
    """Return how the files that an algorithm reads are now, and those that they name: microseconds for each of them."""
    if hasattr(algorithm, "files_looked_at"):
        return states_of(algorithm.files_looked_at())
    return states_of(paths_of(algorithm), naming=type(algorithm).__name__ in _NAMING_READERS)


def have_changed(algorithm: Any, before: FileStates, now: FileStates) -> bool:
    """Return whether files that an algorithm reads have changed; a reader that remembers what it saw is asked."""
    seen = algorithm.states_looked_at() if hasattr(algorithm, "states_looked_at") else before
    return bool(seen != now)


def states_of(paths: Iterable[str], *, naming: bool = False) -> FileStates:
    """Return how files are now, and those that they name, where their extensions, or `naming`, say that they do."""
    found: FileStates = {}
    waiting = [(path, naming) for path in paths if path]
    while waiting and len(found) < MOST_FILES:
        path, names = waiting.pop()
        if path not in found:
            found[path] = _state(path)
            if found[path] is not None and (names or Path(path).suffix.lower() in _NAMING):
                waiting.extend((one, False) for one in named_files(path))
    return found


def read_again(algorithm: Any) -> None:
    """Have an algorithm read its files as they are now when it is executed next."""
    if type(algorithm).__name__ in vtk_facts.names("files", "keeps", "open_files"):
        names = [algorithm.GetFileName(index) for index in range(algorithm.GetNumberOfFileNames())]
        algorithm.ClearFileNames()
        for name in names:
            algorithm.AddFileName(name)
    algorithm.Modified()


@functools.cache
def _path_properties(class_name: str) -> tuple[str, ...]:
    """Return the properties that name files to be read.

    The series reader looks at each file itself, when it reads it.
    """
    known = reflected(class_name)
    if known.definition.group == "writers" or class_name == "FileSeriesReader":
        return ()
    return tuple(one.name for one in known.properties.values() if one.path and not one.name.endswith(_PARTS_OF_NAMES))


def _state(path: str) -> FileState | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino

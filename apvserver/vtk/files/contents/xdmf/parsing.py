"""Goes through an XDMF file, once for each state of it: for what `content` and the corrections look for."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar
from xml.parsers import expat

_KEPT: Final = 8


class Seeing(Protocol):
    """What notes what an element says as it begins and ends; `characters`, if it has that, hears the text between."""

    def begin(self, tag: str, attributes: dict[str, str]) -> None: ...

    def end(self, tag: str) -> None: ...


Seen = TypeVar("Seen", bound=Seeing)


def seen_in(path: str, make: Callable[[], Seen]) -> Seen:
    """Return what one that `make` makes has seen in a file; not to be changed, as others get the same.

    Of what cannot be read, or is no XML, nothing is seen: the reader tells.
    """
    try:
        about = os.stat(path)
    except OSError:
        return make()
    found: Seen = _seen(path, make, (about.st_mtime_ns, about.st_size, about.st_ino))
    return found


@functools.lru_cache(maxsize=_KEPT)
def _seen(path: str, make: Callable[[], Any], _state: tuple[int, int, int]) -> Any:
    seen, parser = make(), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = seen.begin, seen.end
    parser.CharacterDataHandler = getattr(seen, "characters", None)
    try:
        with Path(path).open("rb") as stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, OSError):
        return make()
    return seen

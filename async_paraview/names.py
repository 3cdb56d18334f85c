"""Names of properties and types, in words; names that do not exist: the sentence that says so, with the nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from services_core import suggest

_WORDS: Final = re.compile(r"\d+D(?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


def is_of_property(name: str) -> bool:
    """Return whether a name looks like that of a property: CamelCase, or a2DPoints, ParaView's way with a digit."""
    return name[:1].isupper() or (name[:1] == "a" and name[1:2].isdigit())


def words(name: str) -> str:
    """Return a name in CamelCase as words: "CameraViewUp" is "Camera View Up"."""
    return " ".join(_WORDS.findall(name)) or name


_MANY: Final = 40
"""More names than these are not listed where one of them is near."""


def unknown_name(kind: str, name: object, known: Iterable[str]) -> str:
    """Return the sentence for a name that does not exist: the nearest name that does, and all unless they are many."""
    names = sorted(known)
    near = suggest(name, names, most=1)
    suggestion = f" Did you mean {near[0]!r}?" if near else ""
    if near and len(names) > _MANY:
        return f"no {kind} is called {name!r}.{suggestion}"
    return f"no {kind} is called {name!r}.{suggestion} Known: {', '.join(names) or 'none'}"

"""Names that do not exist: the sentence that says so, with the nearest one that does."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def unknown_name(kind: str, name: object, known: Iterable[str]) -> str:
    """Return the sentence for a name that does not exist: the nearest one that does, and all of them."""
    names = sorted(known)
    near = nearest_name(name, names)
    suggestion = "" if near is None else f" Did you mean {near!r}?"
    return f"no {kind} is called {name!r}.{suggestion} Known: {', '.join(names) or 'none'}"


def nearest_name(name: object, known: Iterable[str]) -> str | None:
    """Return the name that looks most like one that does not exist; None if none does."""
    folded = {candidate.casefold(): candidate for candidate in sorted(known)}
    near = difflib.get_close_matches(str(name).casefold(), folded, 1, 0.5)
    return folded[near[0]] if near else None

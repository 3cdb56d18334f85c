"""Names that a mistyped name probably means: for errors that say what would have been right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def suggest(name: object, known: Iterable[str], *, most: int = 3) -> list[str]:
    """Return up to `most` of the known names that look like a name that does not exist, the nearest first.

    Letter case does not count; of several that are alike but for that, the first is meant. Empty where none is near.
    """
    folded: dict[str, str] = {}
    for one in known:
        folded.setdefault(one.casefold(), one)
    return [folded[one] for one in difflib.get_close_matches(str(name).casefold(), folded, n=most)]

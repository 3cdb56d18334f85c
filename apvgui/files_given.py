"""Files as they are named on a command line or chosen in a dialog: states, single files, and series."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

STATES: Final = (".json", ".pvsm")
_NUMBER: Final = re.compile(r"\d+(?=\D*$)")


def is_state(path: str) -> bool:
    """Return whether a file is a state, by its name."""
    return path.lower().endswith(STATES)


def grouped(paths: Sequence[str]) -> list[list[str]]:
    """Return what belongs together: files that differ in their last number only, in the order of that number."""
    found: dict[str, list[str]] = {}
    for path in paths:
        key = path if is_state(path) else _NUMBER.sub("#", path)
        found.setdefault(key, []).append(path)
    return [sorted(several, key=_number) for several in found.values()]


def _number(path: str) -> int:
    found = _NUMBER.search(path)
    return int(found[0]) if found else 0

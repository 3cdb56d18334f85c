"""Changes that follow each other and are one step of undo: those of a drag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...model.property_holder import PropertyHolder
from ...model.undo import UndoStack


class OneStep:
    """Sets properties again and again: undo takes all of it back, to what they were before the first time."""

    def __init__(self, undo: UndoStack, label: str) -> None:
        """Begin with nothing set."""
        self._undo = undo
        self._label = label
        self._is_begun = False

    def set(self, holder: PropertyHolder, values: Mapping[str, Any]) -> None:
        """Set properties. Raises as setting each of them does."""
        if not self._is_begun:
            self._is_begun = True
            with self._undo.group(self._label):
                _set(holder, values)
            return
        with self._undo.aside() as changes:
            _set(holder, values)
        for about in dict.fromkeys(one.about for one in changes):
            if about is not None:
                self._undo.revise(about, [one for one in changes if one.about == about])


def _set(holder: PropertyHolder, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(holder, name, value)

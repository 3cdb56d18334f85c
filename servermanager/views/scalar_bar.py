"""The legend of a color map in a view, as a proxy of its own."""

from __future__ import annotations

from typing import Final

from async_paraview.scene.scalar_bars import SCALAR_BAR

from .parts.part import HasParts, PartProxy

BARS: Final = "ScalarBars"
"""The property of a view that has what was set of its legends."""


class ScalarBarProxy(PartProxy):
    """The legend of a color map in a view: Visibility, Title, Orientation, LabelFormat, ... (`help()`).

    There is one for all that shares the color map there. Every method is fire and forget.
    """

    __slots__ = ("name",)

    def __init__(self, view: HasParts, name: str) -> None:
        """Stand for the legend of the color map of that name; nothing is told."""
        super().__init__(view, SCALAR_BAR, (BARS, name))
        self.name = name
        """That of its color map."""

    @property
    def view(self) -> HasParts:
        """Return the view that it stands in."""
        return self.owner

    def __repr__(self) -> str:
        return f"<{self.type_name} of {self.name!r}: {self.set_values()}>"

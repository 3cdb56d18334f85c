"""A session of several ranks with an image and surfaces that are just large enough to be drawn in pieces."""

from __future__ import annotations

from typing import Any

SIZE = [240, 180]


class DrawnScene:
    """What tests of pictures of ranks show, in views of SIZE."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.view = session.views.RenderView(ViewSize=SIZE)
        self.source = session.sources.Wavelet(WholeExtent=[-28, 28, -28, 28, -28, 28])
        self.surface = session.filters.Contour(Input=self.source, Isosurfaces=[130.0909, 157.0909, 190.5])

    def drawing(self) -> dict[str, int]:
        """How many ranks draw, how often they did, and how often they had to hand over what they draw."""
        found: dict[str, int] = self.view.capabilities()["drawing"]
        return found

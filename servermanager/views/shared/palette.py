"""The palette of a session: `session.palette`, in whose colors all views are drawn that have none of their own."""

from __future__ import annotations

from typing import ClassVar

from async_paraview.scene.palettes import COLOR_PALETTE, palette_named
from async_paraview.scene.types import SceneType

from .shared_proxy import SharedProxy


class PaletteProxy(SharedProxy):
    """The colors of pages and ink for all views of a session, those to come as well, and all programs that are in it.

    Setting a color, and `load`, is a step of undo; fire and forget.
    """

    __slots__ = ()

    scene_type: ClassVar[SceneType] = COLOR_PALETTE

    def load(self, name: str) -> None:
        """Take the colors of a palette of ParaView's, or of "print": a white page. Those of all properties change.

        A view with a Background of its own keeps it. Raises ValueError, with the nearest name, for one that there is
        not.
        """
        palette = palette_named(name)
        self._own()
        self._change({one: self._plain(one, value) for one, value in palette.items()}, f"load palette {name}")
        self._scene.outbox.flush()

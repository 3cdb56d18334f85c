"""The views that a state brings along: an application's own empty one gives way to them."""

from __future__ import annotations

from ...scene import Scene
from ...views.view_proxy import ViewProxy


class LoadedViews:
    """Made before a state is loaded; `take` then tells which views are new."""

    def __init__(self, scene: Scene) -> None:
        """Note which views there are, and which of them show nothing."""
        self._scene = scene
        self._before = scene.all_views()
        used = {one.view.id for one in scene.all_representations()}
        self._empty = [] if scene.proxies.sources() else [one for one in self._before if one.id not in used]

    def take(self) -> list[ViewProxy]:
        """Return the new views, the first of which becomes the active one; what showed nothing is deleted.

        Nothing is, and the active view stays, where none is new. No step of undo.
        """
        scene = self._scene
        new = [one for one in scene.all_views() if one not in self._before]
        if new:
            scene.proxies.active.set_view(new[0])
            with scene.undo.paused():
                for view in self._empty:
                    view.delete()
        return new

"""A layout: views side by side, in cells that are split and filled."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..views.color_map import ColorMapProxy
from ..views.owner import ViewOwner
from ..views.scalar_bar import ScalarBarProxy, color_map_name, with_bar
from ..views.shared.shared_proxy import SharedOwner
from .cell_layout import link_view, unlink_view
from .pictured_layout import PicturedLayout


class LayoutProxy(PicturedLayout):
    """How views share a picture. A cell that is split has two halves, of the numbers 2 n + 1 and 2 n + 2.

    A figure is one whose cells are rows and columns: `figure[0, 1]`. Every method that is no coroutine is fire and
    forget, a step of undo, and raises ValueError if this was deleted.
    """

    __slots__ = ("_bars",)

    def __init__(self, scene: SharedOwner, name: str) -> None:
        super().__init__(scene, name)
        self._bars: dict[str, ScalarBarProxy] = {}

    # --- linked cameras

    def link_cameras(self, name: str | None = None) -> None:
        """Have all render views that are here, or come here, have one camera; they are fitted to all that they show."""
        self._own()
        link = name or f"{self.Name} {self.id}"
        with self._scene.undo.all_or_nothing("link cameras"):
            self._change({"CameraLink": link})
            for view in self.views:
                link_view(view, link)
        self._scene.outbox.flush()

    def unlink_cameras(self) -> None:
        """Let each view have a camera of its own again, which stays where it is."""
        self._own()
        link = self.CameraLink
        with self._scene.undo.all_or_nothing("unlink cameras"):
            self._change({"CameraLink": ""})
            for view in self.views:
                unlink_view(view, link)
        self._scene.outbox.flush()

    # --- legends

    def scalar_bar(self, color_map: ColorMapProxy | str) -> ScalarBarProxy:
        """Return the legend of a color map that stands beside all views, once its Visibility is True. Local.

        Then it stands in none of them. Raises TypeError, and ValueError for one of another session.
        """
        name = color_map_name(color_map, self.session)
        if name not in self._bars:
            self._bars[name] = ScalarBarProxy(self, name)
        return self._bars[name]

    @property
    def scene(self) -> ViewOwner:
        """Return the scene that it belongs to."""
        return self._scene

    def part_values(self, place: Any) -> dict[str, Any]:
        """Return what was set of a legend. Called by it."""
        return dict(self._set.get(place[0], {}).get(place[1], {}))

    def tell_part(self, place: Any, values: Mapping[str, Any], wrong: Mapping[str, Any]) -> None:
        """Have the server told of a legend by the next call. Called by it."""
        before = self._arranging().legends
        right, told = with_bar(self._set.get(place[0], {}), place[1], values, wrong)
        self._tell_later({place[0]: right}, {place[0]: told})
        if self.is_figure and set(before) != set(self._arranging().legends):
            with self._scene.undo.paused(), suppress(ValueError):  # without room its pictures say so
                self._size_views(*self.size())

    def _take_in(self, new: dict[str, Any]) -> None:
        before = {name: bar.set_values() for name, bar in self._bars.items()}
        super()._take_in(new)
        for name, bar in self._bars.items():
            bar.told_by_owner(before[name], bar.set_values())

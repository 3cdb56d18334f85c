"""The render service's half on ranks but the first: it draws the rank's pieces as rank 0 orders, or hands them over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from async_paraview.vtk_imports import importing_all

from ..vtk.rendering.compositing.layers import Layer, receive_depths, share_layer
from ..vtk.rendering.compositing.patches import Box, CompositingFailed, Patch, PictureRanks, give_patch

_log = logging.getLogger(__name__)

Order = Mapping[str, Any]


class Kept(Protocol):
    """This rank's pieces of what is shown, which the thread that executes puts there."""

    def parts(self, representation: int, version: int) -> Mapping[str, Any]:
        """Return the parts that are drawn. Raises KeyError if they are not there."""

    def release(self, representation: int, version: int | None) -> None:
        """Forget those before a version, or all of a representation."""


class PiecesFollower:
    """One rank's windows. All belongs to the thread that draws."""

    def __init__(self, ranks: PictureRanks, kept: Kept, give: Callable[[PictureRanks, Any], None]) -> None:
        """Begin without any; `give(ranks, data)` sends data to rank 0."""
        self._ranks = ranks
        self._kept = kept
        self._give = give
        self._views: dict[int, Any] = {}
        self._layers: dict[int, Any] = {}
        """What draws what is seen through, by view."""

    def follow(self) -> None:
        """Follow orders until one says that it is over."""
        while (order := self._ranks.broadcast())["do"] != "end":
            getattr(self, _DO[order["do"]])(order)
        self.close()

    def close(self) -> None:
        """Close all windows."""
        for view in (*self._views.values(), *self._layers.values()):
            view.close()
        self._views.clear()
        self._layers.clear()

    def _draw(self, order: Order) -> None:
        try:
            own: Patch | str = self._drawn(order)
        except Exception as error:  # whatever it is: the others wait for this rank
            _log.exception("pieces could not be drawn")
            own = f"rank {self._ranks.rank} of {self._ranks.size}: {type(error).__name__}: {error}"
        give_patch(self._ranks, own, order["size"][1])

    def _drawn(self, order: Order) -> Patch:
        view = self._views.get(order["view"])
        if view is None:
            with importing_all():
                from ..vtk.rendering.compositing.piece_view import PieceView  # late: not all sessions draw
            view = self._views[order["view"]] = PieceView()
        if order["scene"] is not None:
            view.arrange(order["scene"], self._kept.parts)
        patch: Patch = view.draw(order["size"], order["camera"], reduced=order["reduced"])
        return patch

    def _draw_layer(self, order: Order) -> None:
        box = None if order["depths"] is None else Box(*order["depths"])
        depths = None if box is None else (box, receive_depths(self._ranks, box))

        def draw() -> Layer:
            view = self._layers.get(order["view"])
            if view is None:
                with importing_all():
                    from ..vtk.rendering.compositing.layer_view import LayerView  # late: not all sessions draw
                view = self._layers[order["view"]] = LayerView()
            if order["scene"] is not None:
                view.arrange(order["scene"], self._kept.parts)
            layer: Layer = view.draw_layer(order["size"], order["camera"], depths, reduced=order["reduced"])
            return layer

        try:
            share_layer(self._ranks, draw, order["order"], order["size"][1])
        except CompositingFailed:
            _log.exception("what is seen through could not be drawn in pieces")

    def _hand_over(self, order: Order) -> None:
        data, problem = None, None
        try:
            data = self._kept.parts(order["id"], order["version"])["full"]
        except KeyError:
            problem = f"rank {self._ranks.rank} has no piece of version {order['version']} of {order['id']}"
        self._ranks.gather(problem)
        if self._ranks.broadcast():
            self._give(self._ranks, data)

    def _release(self, order: Order) -> None:
        self._kept.release(order["id"], order["version"])

    def _close_view(self, order: Order) -> None:
        for views in (self._views, self._layers):
            view = views.pop(order["view"], None)
            if view is not None:
                view.close()


_DO = {"draw": "_draw", "layer": "_draw_layer", "give": "_hand_over", "release": "_release", "close": "_close_view"}

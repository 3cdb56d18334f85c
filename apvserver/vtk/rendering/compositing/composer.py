"""What rank 0 has the others draw of its views, or hand over: one order at a time, which all of them follow."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from async_paraview.records import dataclass

from .layers import Frame, Layer, send_depths, share_layer
from .patches import CompositingFailed, Memory, Patch, PictureRanks, take_patches

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What rank 0 knows of pieces that it does not have all of, as the facts about what is drawn have it."""

    bounds: tuple[float, ...] | None
    """Of all pieces."""
    cells: int
    """Of the rank that has most."""
    has_reduced: bool
    """Whether any rank has a level of detail."""
    shares_points: bool
    """Whether points at which pieces meet are one in the whole."""
    memory_kib: int
    """That all pieces take."""
    boxes: tuple[tuple[float, ...] | None, ...] = ()
    """Of the piece of each rank; None: of nothing."""
    extent: tuple[int, ...] | None = None
    """Of the whole, of an image in slabs; None: of anything else."""

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Elsewhere:
        """Return what facts about pieces say."""
        bounds = facts["bounds"]
        return cls(
            None if bounds is None else tuple(bounds),
            facts["cells"],
            facts["has_reduced"],
            facts["shares_points"],
            facts["memory_kib"],
            tuple([None if box is None else tuple(box) for box in facts["boxes"]]),
            None if facts["extent"] is None else tuple(facts["extent"]),
        )


Join = Callable[[PictureRanks, Any, Elsewhere], Any]
"""Receives the pieces of all other ranks, and returns them put together with this rank's own."""


class Composer:
    """Gives orders to those that draw on the other ranks. Belongs to the thread that draws on rank 0."""

    def __init__(self, ranks: PictureRanks, join: Join, check: Callable[[int, int], None]) -> None:
        """Begin; `check(memory_kib, ranks)` raises VtkError if pieces would not fit into the memory of rank 0."""
        self._ranks = ranks
        self._join = join
        self._check = check
        self._scenes: dict[int, Mapping[str, Any]] = {}
        """What each view was told to be the last time."""
        self._memory: dict[int, Memory] = {}
        self._layered: dict[int, Mapping[str, Any]] = {}
        """What is seen through in each view, as was told the last time."""
        self._composited = self._layers = self._gathered = 0
        self.works = True
        """Whether the other ranks can draw: where one of them cannot, rank 0 draws all."""

    def draw(
        self, view: int, scene: Mapping[str, Any], camera: Mapping[str, Any], size: tuple[int, int], *, reduced: bool
    ) -> Callable[[], Patch]:
        """Have the others draw their pieces; returns what waits for that, which has to be called, and returns them.

        That raises CompositingFailed where a rank cannot draw: nothing is drawn by them any more.
        """
        known = self._scenes.get(view) == scene
        told = {"scene": None if known else scene, "camera": camera, "size": list(size), "reduced": reduced}
        self._ranks.broadcast({"do": "draw", "view": view, **told})
        self._scenes[view] = scene

        def take() -> Patch:
            try:
                patch = take_patches(self._ranks, self._memory)
            except CompositingFailed as error:
                _log.warning("ranks cannot draw their pieces, and rank 0 draws all: %s", error)
                self.works = False
                raise
            self._composited += 1
            return patch

        return take

    def draw_layer(
        self,
        view: int,
        scene: Mapping[str, Any],
        frame: Frame,
        order: Sequence[int],
        own: Callable[[Mapping[str, Any]], Layer],
    ) -> Layer:
        """Have all ranks draw what they have of what is seen through, and return it as one layer.

        `order` has the ranks, the nearest first; `own(scene)` draws what this one has. Raises CompositingFailed where a
        rank cannot draw: nothing is drawn by them any more.
        """
        known = self._layered.get(view) == scene
        told: dict[str, Any] = {"scene": None if known else scene, "camera": frame.camera, "size": list(frame.size)}
        box = None if frame.depths is None else frame.depths[0].numbers
        told |= {"reduced": frame.reduced, "order": list(order), "depths": box}
        self._ranks.broadcast({"do": "layer", "view": view, **told})
        self._layered[view] = scene
        if frame.depths is not None:
            send_depths(self._ranks, frame.depths[1])
        try:
            layer = share_layer(self._ranks, lambda: own(scene), order, frame.size[1])
        except CompositingFailed as error:
            _log.warning("ranks cannot draw their pieces, and rank 0 draws all: %s", error)
            self.works = False
            raise
        self._layers += 1
        return layer

    def gather(self, representation: Hashable, version: int, own: Any, elsewhere: Elsewhere) -> Any:
        """Return the whole of which this rank has a piece. Raises VtkError where that cannot be."""
        self._check(elsewhere.memory_kib, self._ranks.size)
        self._ranks.broadcast({"do": "give", "id": representation, "version": version})
        problems = [one for one in self._ranks.gather(None) if one is not None]
        self._ranks.broadcast(not problems)
        if problems:
            raise CompositingFailed(f"pieces could not be put together: {'; '.join(problems)}")
        self._gathered += 1
        return self._join(self._ranks, own, elsewhere)

    def told(self) -> dict[str, Any]:
        """Return how many ranks draw, and how often they did and had to hand over what they draw, as plain data."""
        return {
            "ranks": self._ranks.size if self.works else 1,
            "composited": self._composited,
            "layers": self._layers,
            "gathered": self._gathered,
        }

    def release(self, representation: int, version: int | None) -> None:
        """Have the others forget pieces: those before that version, or all of a representation that is gone."""
        self._ranks.broadcast({"do": "release", "id": representation, "version": version})

    def close_view(self, view: int) -> None:
        """Have the others close what they draw a view's pieces with."""
        scenes = self._scenes.pop(view, None), self._layered.pop(view, None)
        if any(one is not None for one in scenes):
            self._ranks.broadcast({"do": "close", "view": view})

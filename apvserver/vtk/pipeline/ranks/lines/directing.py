"""Rank 0's half of lines that are handed over: whether they are, and what it has all ranks do for that."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from .....memory import size_text
from .....settings import adopted
from ....base.ranks import Ranks
from ...proxy import Proxy
from ..together import Outcome, work_together
from ..work import PieceWork
from .handing_over import HandedOver
from .preparing import fields, give, image_before, seeds_of, tracer_of
from .tracing import Tracing, layers_needed, tracing_of, why_whole

LEAST_BYTES: Final = 1 << 30
"""Lines in smaller images are followed in the whole: that takes half the time, and memory that there is."""


class Lines:
    """The lines of all tracers of a session, as rank 0 directs them."""

    def __init__(self, work: PieceWork, ranks: Ranks, order: Callable[..., None]) -> None:
        """Begin; `order(do, **fields)` has the other ranks do something."""
        self._work = work
        self._ranks = ranks
        self._order = order
        self._told: dict[int, dict[str, Any]] = {}

    def told(self, id_: int) -> dict[str, Any]:
        """Return what there is to say of lines: "handed_over", how often; or "why_whole", if they were not."""
        return self._told.get(id_, {})

    def forget(self, id_: int) -> None:
        """Forget what there was to say."""
        self._told.pop(id_, None)

    def plan(self, proxy: Proxy, source: int, size_bytes: int, *, is_usual: bool) -> tuple[Tracing, int] | None:
        """Return how lines in an image in pieces are followed, and how many layers that takes; None if as a whole."""
        tracer, held = tracer_of(proxy), self._work.held(source)
        if size_bytes < (least := _least_bytes()):
            why: str | None = (
                f"the image takes {size_text(size_bytes)}, and rank 0 follows lines in less than {size_text(least)} "
                "faster by itself"
                if math.isfinite(least)
                else "nothing is to be done in pieces (--stream off)"
            )
        elif not is_usual:
            why = "cells are hidden, or the image is far from the origin for its size"
        else:
            why = why_whole(tracer, held)
        tracing = tracing_of(tracer)
        if why is not None or tracing is None:
            self._told[proxy.id] = {"why_whole": why}
            return None
        return tracing, layers_needed(tracing, held)

    def follow(
        self,
        proxy: Proxy,
        source: int,
        tracing: Tracing,
        own: Mapping[str, Any],
        stopped: Callable[[], bool],
        tell: Callable[[float], None],
    ) -> Outcome | None:
        """Have all ranks follow the lines of a proxy, which has them as its output then; its image is prepared here.

        `own` is what else the others need. None if a line leads to where only the whole can tell how it goes on.
        """
        seeds, image, slab = seeds_of(proxy, own["time"]), image_before(proxy), self._work.held(source).slab
        assert slab is not None  # or there were no plan
        order = {"what": "lines", "id": proxy.id, "source": source, "passes": None, **own, **fields(tracing, seeds)}
        self._order("lines", **order)

        def make() -> HandedOver:
            return HandedOver(image, slab, 0, tracing, seeds, stopped=stopped, tell=tell)

        found = work_together(self._ranks, make, order, stopped)
        if found.stopped or found.problems:
            return found
        if found.job.is_undecided:
            self._told[proxy.id] = {"why_whole": "a line leads to a place that is no number"}
            return None
        give(self._work, proxy, found.job.lines)
        self._told[proxy.id] = {"handed_over": found.job.times}
        return found


def _least_bytes() -> float:
    """Return of what size on lines in an image are handed over: that at which else data is executed in pieces."""
    asked = adopted().stream
    return math.inf if asked == 0 else float(asked or LEAST_BYTES)

"""Pieces put together on rank 0, for what is made of the whole: kept until there are others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vtkmodules.vtkCommonExecutionModel import vtkTrivialProducer

from ....memory import size_text
from ...base.errors import PipelineError
from ...types.limits import memory_bytes
from .joining import joined
from .work import PieceWork


class Wholes:
    """What was put together, by the id of what has made the pieces."""

    def __init__(self, work: PieceWork, order: Callable[..., None]) -> None:
        """Begin; `order(do, **fields)` has the other ranks do something."""
        self._work = work
        self._order = order
        self._whole: dict[int, tuple[int, Any]] = {}
        """The version, and what gives it to filters."""

    def forget(self, id_: int) -> None:
        """Let go of a whole whose pieces are not there any more."""
        self._whole.pop(id_, None)

    def producer(self, id_: int, version: int, shapes: Sequence[Mapping[str, Any]]) -> Any:
        """Return what gives the whole of an output that is there in pieces with such shapes, as an algorithm.

        Raises PipelineError if it would not fit into the memory of rank 0.
        """
        known = self._whole.get(id_)
        if known is None or known[0] != version:
            producer = vtkTrivialProducer() if known is None else known[1]
            producer.SetOutput(self._joined(id_, shapes))
            known = self._whole[id_] = version, producer
        return known[1]

    def _joined(self, id_: int, shapes: Sequence[Mapping[str, Any]]) -> Any:
        needed = 2 * 1024 * sum(one["memory_kib"] for one in shapes)
        allowed = memory_bytes()
        if needed > allowed:
            raise PipelineError(
                f"the pieces of proxy {id_} on {len(shapes)} ranks cannot be put together by rank 0: that takes "
                f"{size_text(needed)}, of {size_text(allowed)} of memory; fetch or show less of it, as a slice"
            )
        self._order("give", id=id_)
        return joined(self._work.receive_pieces(id_, int(allowed)))

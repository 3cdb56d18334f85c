"""The data service's half on ranks but the first: a pipeline that is told what rank 0 is told, and works as ordered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from typing import Any

from services_core import Packet

from ..vtk.base.errors import VtkError
from ..vtk.base.ranks import Ranks
from ..vtk.pipeline.ranks.following import Following
from .drawn_pieces import Kept, extracted
from .model import DataModel

_log = logging.getLogger(__name__)


class Follower:
    """One rank's model. All but `stop` belongs to the thread that executes."""

    def __init__(self, ranks: Ranks, tell: Callable[[int, float], None], kept: Kept) -> None:
        """Begin; `tell(number, fraction)` tells rank 0 how far an order is; `kept` keeps what is drawn."""
        self._ranks = ranks
        self._kept = kept
        self._model = DataModel(_Silent())
        self._following = Following(self._model.pipeline, ranks, tell)

    def follow(self, order: Mapping[str, Any]) -> None:
        """Do what an order says."""
        if order["do"] == "update":
            self._update(order["proxies"])
        elif order["do"] == "delete":
            self._delete(order["ids"])
        elif order["do"] == "extract":
            self._extract(order)
        else:
            self._following.follow(order)

    def stop(self, number: int) -> None:
        """Interrupt what is done for an order. From any thread."""
        self._following.stop(number)

    def close(self) -> None:
        """Free what is held."""
        self._model.close()

    def _update(self, proxies: list[dict[str, Any]]) -> None:
        try:
            self._model.update(proxies)
        except Exception as error:  # rank 0 gets the same, and tells it
            _log.debug("an update was refused: %s", error)

    def _extract(self, order: Mapping[str, Any]) -> None:
        piece = extracted(self._following.work.held(order["id"]), order["properties"])
        kept = order["representation"], order["version"]
        self._kept.keep(*kept, piece.parts)  # before rank 0 knows: it may have it drawn at once
        self._ranks.gather(piece.told)
        if not self._ranks.broadcast()["good"]:
            self._kept.drop(*kept)

    def _delete(self, ids: list[int]) -> None:
        try:
            self._model.delete(ids)
        except VtkError as error:
            _log.debug("a deletion was refused: %s", error)
        for id_ in ids:
            self._following.work.forget(id_)


class _Silent:
    """A sink: rank 0 tells all that there is to tell."""

    def not_wanted(self, ids: Collection[Any]) -> str | None:
        return None

    def publish_progress(self, step: dict[str, Any]) -> None:
        """Tell nobody."""

    def settled(self, ids: Collection[int], state: str, request: int | None) -> None:
        """Tell nobody."""

    def publish_message(self, message: dict[str, Any]) -> None:
        _log.debug("%s", message["text"])

    def send_geometry(self, packet: Packet) -> None:
        """Send nothing: nothing is shown of this rank's pipeline."""

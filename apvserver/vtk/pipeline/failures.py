"""Failures are remembered: what failed is not executed again as long as it would fail again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from async_paraview.records import dataclass

from ..base.errors import ExecutionFailed, afresh
from .proxies import Pipeline
from .proxy import Proxy

REMEMBERED_S: Final = 10.0
"""For so long a failure stands for an execution that would fail again. Not longer: what it lacked, such as memory, may
be there by then."""

_State = tuple[float | None, tuple[tuple[int, int], ...]]


@dataclass(frozen=True)
class _Failure:
    state: _State
    failed_s: float
    error: ExecutionFailed


class Failures:
    """The last failure of each proxy of one pipeline."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures: dict[int, _Failure] = {}

    def remember(self, pipeline: Pipeline, time: float | None, error: ExecutionFailed) -> None:
        """Remember that a proxy has failed at that time of the data, as everything upstream is now."""
        self._failures[error.proxy_id] = _Failure(_state(pipeline, error.proxy_id, time), self._clock(), error)

    def forget(self, id: int) -> None:
        """Forget what is remembered of a proxy."""
        self._failures.pop(id, None)

    def raise_remembered(self, pipeline: Pipeline, proxy: Proxy, time: float | None) -> None:
        """Raise the error of a proxy that would fail again."""
        remembered = self._failures.get(proxy.id)
        if remembered is None or self._clock() - remembered.failed_s >= REMEMBERED_S:
            return
        if remembered.state == _state(pipeline, proxy.id, time):
            raise afresh(remembered.error)


def _state(pipeline: Pipeline, id: int, time: float | None) -> _State:
    """Return what a failure depends on: the time and the modified times upstream; connections count."""
    return time, tuple((one, pipeline.proxy(one).modified_time()) for one in pipeline.upstream_order(id))

"""Who executes pieces, for what, and what adds them up: what the modules of this room need of each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from async_paraview.records import dataclass

from ...base.errors import VtkError
from ..proxies import Pipeline
from ..proxy import Proxy
from .piece_progress import Told

Job = Callable[[], Any]


class Runs(Protocol):
    """Who executes: it looks at what algorithms say, can be interrupted, and remembers failures."""

    def run(self, pipeline: Pipeline, proxy: Proxy, time: float | None, told: Told) -> None:
        """Bring one proxy up to date whose inputs are. Raises ExecutionFailed, ExecutionInterrupted."""

    def work(
        self, pipeline: Pipeline, proxy: Proxy, time: float | None, told: Told, job: Job, *, prepare: bool = False
    ) -> Any:
        """Do a job of a proxy: what goes wrong in it is a failure of that proxy.

        `prepare`: look at files and properties before, as before an execution.
        """

    def suit(self, pipeline: Pipeline, proxy: Proxy, time: float | None, told: Told) -> None:
        """Fill in what depends on the inputs, and see whether the proxy can work on them. Raises ExecutionFailed."""

    def raise_if_stopped(self, proxy: Proxy) -> None:
        """Raise ExecutionInterrupted if the execution is not wanted any more."""


class Sums(Protocol):
    """What adds up numbers of pieces, which are gone through once or more.

    Where several add up pieces, each in its own process, they tell each other after each pass.
    """

    passes: int

    @property
    def points_once(self) -> bool:
        """Whether points that pieces have in common have to be marked as copies in all of them but one."""

    def add(self, data: Any, number: int) -> None:
        """Add a piece, in that pass. Raises VtkError."""

    def part(self, number: int) -> Any:
        """Return what was added in that pass, as plain data."""

    def take(self, parts: Sequence[Any], number: int) -> None:
        """Take what several have added in that pass, this one with them. Raises VtkError."""

    def result(self) -> Any:
        """Return what the pieces gave together. Raises VtkError."""


@dataclass(frozen=True)
class Wanted:
    """An execution: the time of the data, and who is told."""

    time: float | None
    told: Told


def failure(runs: Runs, pipeline: Pipeline, proxy: Proxy, wanted: Wanted, why: str) -> Exception:
    """Return the error of a proxy that cannot be executed; it is told, and remembered."""

    def fail() -> None:
        raise VtkError(why)

    try:
        runs.work(pipeline, proxy, wanted.time, wanted.told, fail)
    except VtkError as error:
        return error
    raise AssertionError(why)

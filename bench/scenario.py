"""A scenario: what is done, in which unit it is judged, and who does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Hashable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from .plan import Plan
from .running.party import Party
from .running.sample import Sample
from .variants import Variant

Measure = Callable[[float], Coroutine[Any, Any, Sample]]
"""Measures one repetition that goes on for so many seconds."""

P = TypeVar("P", bound=Party)


class Stage:
    """What contenders of one group of scenarios share: opened parties, and what is to be closed at the end."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._parties: dict[Hashable, Party] = {}
        self._open = AsyncExitStack()

    async def party(self, key: Hashable, make: Callable[[], P]) -> P:
        """Return the party of that key, opened when it is first asked for."""
        if key not in self._parties:
            party = make()
            self._open.push_async_callback(party.close)
            await party.open()
            self._parties[key] = party
        return cast(P, self._parties[key])

    def at_end(self, close: Callable[[], Awaitable[object]]) -> None:
        """Have `close()` awaited before the parties opened so far are closed."""
        self._open.push_async_callback(close)

    async def close(self) -> None:
        """Close everything, last opened first."""
        self._parties.clear()
        await self._open.aclose()


_LOWER_IS_BETTER: Final = {"us": 1e-6, "ms": 1e-3, "KiB": 1.0, "x tracing": 1.0, "x before": 1.0}
"""Units of times and sizes, with how many seconds one is taken for."""

Prepare = Callable[[Stage], Coroutine[Any, Any, Measure]]
"""Opens what a contender needs."""


@dataclass(frozen=True)
class Contender:
    """Somebody who takes part. `floor` is the label of the one in the same scenario that it is compared with."""

    label: str
    kind: str
    prepare: Prepare
    floor: str | None = None
    missing: str | None = None
    """Why it cannot take part here."""


@dataclass(frozen=True)
class Scenario:
    """One definition for the command line, pytest-benchmark and the tests.

    `unit` is that of the value, `tail_unit` that of the 99th percentile of single operations. Scenarios of one group
    share their parties.
    """

    name: str
    group: str
    unit: str
    tail_unit: str
    about: str
    contenders: Callable[[list[Variant], Plan], list[Contender]]
    most: int = 1000
    """The most repetitions that are worth their time."""
    warms_up: bool = True
    """Whether the first repetition is slower than the others."""

    @property
    def lower_is_better(self) -> bool:
        """Times and sizes, unlike rates."""
        return self.unit in _LOWER_IS_BETTER

    def seconds_per_operation(self, value: float) -> float:
        """Return the value as a time, for those who compare times; a throughput as the time of a GB."""
        factor = _LOWER_IS_BETTER.get(self.unit)
        return value * factor if factor is not None else 1 / value

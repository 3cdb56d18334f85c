"""From nothing to the first reply."""

from __future__ import annotations

from ..floors import PyzmqBlocking, QueueHop, RawTcp
from ..plan import Plan
from ..running.driving import keep_in_flight
from ..running.party import Party
from ..running.sample import Sample, latency
from ..scenario import Contender, Scenario
from ..variants import Variant
from .cast import floors, peers, subjects


async def act(party: Party, seconds: float) -> Sample:
    """Make connections, one after the other."""
    return latency(await keep_in_flight(party.first_reply, 1, seconds))


def contenders(variants: list[Variant], plan: Plan) -> list[Contender]:
    """All of them."""
    return [
        *subjects(variants, act, across_floor="pyzmq", within_floor="queue"),
        *floors([QueueHop, PyzmqBlocking, RawTcp], act),
        *peers(plan, act),
    ]


SCENARIOS = [
    Scenario(
        "connect/first reply", "connect", "us", "us", "A new connection, one request over it, its end.", contenders
    )
]

"""Messages that nobody answers."""

from __future__ import annotations

from services_core import Busy

from ..floors import PyzmqBlocking, QueueHop
from ..plan import Plan
from ..running.driving import now
from ..running.party import Party
from ..running.sample import Sample, Timings, rate
from ..scenario import Contender, Scenario
from ..subject import Subject
from ..variants import Variant
from .cast import floors, main_only, subjects

_PAYLOAD = bytes(100)
_LOOK_EVERY = 100


async def act(party: Party, seconds: float) -> Sample:
    """Send until the time is over, then wait until the last one was processed: without their tails, they overlap."""
    if isinstance(party, Subject):
        timings = await _send(party, seconds)
    else:
        assert isinstance(party, (PyzmqBlocking, QueueHop))
        timings = await party.one_way(_PAYLOAD, seconds)
    return Sample(rate(timings).value)


async def _send(subject: Subject, seconds: float) -> Timings:
    endpoint = subject.echo
    sent: list[float] = []
    began = now()
    while (start := now()) < began + seconds:
        for _ in range(_LOOK_EVERY):
            try:
                endpoint.send_message(_PAYLOAD)
            except Busy:
                await endpoint.room()
                break
            sent.append(start)
    await endpoint.send_request(b"")  # behind all of them
    return Timings(sent, now() - began)


def contenders(variants: list[Variant], _plan: Plan) -> list[Contender]:
    """Backends and the two floors."""
    return [
        *subjects(main_only(variants), act, across_floor="pyzmq", within_floor="queue"),
        *floors([QueueHop, PyzmqBlocking], act),
    ]


SCENARIOS = [
    Scenario(
        "one-way/100 B", "one-way", "1/s", "us", "Messages of 100 B a second, until the service had them.", contenders
    )
]

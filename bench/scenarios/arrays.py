"""Arrays across processes: as one packet, and as the stream of pieces in which the data service sends large ones."""

from __future__ import annotations

from ..floors import Memcpy, PyzmqBlocking, RawTcp
from ..plan import GiB, KiB, MiB, Plan
from ..running.driving import keep_in_flight
from ..running.party import Party
from ..running.sample import Sample, throughput
from ..scenario import Contender, Scenario
from ..subject import Subject
from ..variants import Variant
from .cast import floors, peers, subjects

_SIZES = {"64 KiB": 64 * KiB, "1 MiB": MiB, "64 MiB": 64 * MiB, "1 GiB": GiB}
_WITH_PEERS = "64 MiB"


def array(direction: str, size: str) -> Scenario:
    """One array after the other, to us ("receive") or from us ("send"), each as one packet."""

    def contenders(variants: list[Variant], plan: Plan) -> list[Contender]:
        size_bytes = plan.size_bytes(_SIZES[size])

        async def act(party: Party, seconds: float) -> Sample:
            transfer = party.receive if direction == "receive" else party.send
            return throughput(await transfer(size_bytes, seconds), size_bytes)

        across = [variant for variant in variants if variant.own_process]
        return [
            *subjects(across, act, across_floor="pyzmq", within_floor=None),
            *floors([PyzmqBlocking, RawTcp, Memcpy], act),
            *(peers(plan, act) if size == _WITH_PEERS and direction == "receive" else []),
        ]

    name = f"array {direction}/{size}"
    about = f"An array of {size} as one packet{', for which message_bytes is raised' if size == '1 GiB' else ''}."
    return Scenario(name, name, "GB/s", "ms", about, contenders)


def pieces(size: str) -> Scenario:
    """One array as a stream of pieces of the size that the backend's channel asks for."""

    def contenders(variants: list[Variant], plan: Plan) -> list[Contender]:
        size_bytes = plan.size_bytes(_SIZES[size])

        async def act(party: Party, seconds: float) -> Sample:
            if not isinstance(party, Subject):
                return throughput(await party.receive(size_bytes, seconds), size_bytes)
            subject = party
            return throughput(await keep_in_flight(lambda: subject.receive_pieces(size_bytes), 1, seconds), size_bytes)

        across = [variant for variant in variants if variant.own_process]
        return [
            *subjects(across, act, across_floor="pyzmq", within_floor=None),
            *floors([PyzmqBlocking], act),
        ]

    name = f"array receive in pieces/{size}"
    about = f"An array of {size} as a stream of pieces, as the data service sends it: other messages can overtake."
    return Scenario(name, name, "GB/s", "ms", about, contenders)


SCENARIOS = [
    *(array(direction, size) for size in _SIZES for direction in ("receive", "send")),
    pieces("64 MiB"),
    pieces("1 GiB"),
]

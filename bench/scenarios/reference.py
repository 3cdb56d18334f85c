"""Within one process packets travel by reference: their size does not matter."""

from __future__ import annotations

from ..plan import GiB, KiB, Plan
from ..running.party import BACKEND, REFERENCE
from ..running.sample import Sample, latency
from ..scenario import Contender, Measure, Prepare, Scenario, Stage
from ..subject import Subject
from ..variants import Variant


def contenders(variants: list[Variant], plan: Plan) -> list[Contender]:
    """Each variant within a process, with a large and with a small packet."""
    found = []
    for variant in variants:
        if not variant.own_process:
            small = f"{variant.label}, 1 KiB"
            found.append(Contender(variant.label, BACKEND, _fetch(variant, plan.size_bytes(GiB)), floor=small))
            found.append(Contender(small, REFERENCE, _fetch(variant, KiB)))
    return found


def _fetch(variant: Variant, size_bytes: int) -> Prepare:
    async def prepare(stage: Stage) -> Measure:
        subject = await stage.party(("reference", variant, size_bytes), lambda: Subject(variant))

        async def measure(seconds: float) -> Sample:
            return latency(await subject.receive(size_bytes, seconds))

        return measure

    return prepare


SCENARIOS = [
    Scenario(
        "packet within a process/1 GiB",
        "reference",
        "us",
        "us",
        "A request answered with an array of 1 GiB, beside one answered with 1 KiB.",
        contenders,
    )
]

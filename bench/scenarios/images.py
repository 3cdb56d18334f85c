"""A newest-only stream of images with a viewer who is slower than the renderer."""

from __future__ import annotations

import asyncio
import time

from ..plan import MiB, Plan
from ..running.driving import now
from ..running.party import BACKEND
from ..running.sample import Sample, Timings, latency
from ..scenario import Contender, Measure, Scenario, Stage
from ..subject import Subject
from ..variants import Variant
from .cast import main_only

PERIOD_S = 0.004
VIEWING_S = 0.02
_FEWEST = 3


async def watch(subject: Subject, size_bytes: int, seconds: float) -> Sample:
    """Measure the age of each image at the moment when the viewer gets to see it."""
    ages_s: list[float] = []
    began = now()
    header = {"op": "frames", "size": size_bytes, "period_s": PERIOD_S}
    async with subject.bulk.subscribe(header, newest=True) as images:
        async for image in images:
            ages_s.append(time.monotonic() - image.header)
            elapsed_s = now() - began
            if elapsed_s >= seconds and len(ages_s) >= _FEWEST:
                break
            await asyncio.sleep(VIEWING_S)  # the viewer looks at it
    sample = latency(Timings(ages_s, elapsed_s), "ms")
    sample.extra["images/s"] = len(ages_s) / elapsed_s
    return sample


def contenders(variants: list[Variant], plan: Plan) -> list[Contender]:
    """Backends only: what is waited for here is our own promise."""
    return [_viewer(variant, plan.size_bytes(MiB)) for variant in main_only(variants)]


def _viewer(variant: Variant, size_bytes: int) -> Contender:
    async def prepare(stage: Stage) -> Measure:
        subject = await stage.party(("images", variant), lambda: Subject(variant))
        return lambda seconds: watch(subject, size_bytes, max(seconds, 10 * PERIOD_S))

    return Contender(variant.label, BACKEND, prepare)


SCENARIOS = [
    Scenario(
        "images/newest, slow viewer",
        "images",
        "ms",
        "ms",
        "The age of an image of 1 MiB when it is seen: made every 4 ms, looked at for 20 ms.",
        contenders,
    )
]

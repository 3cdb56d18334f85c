"""What many proxies cost the client."""

from __future__ import annotations

import time
import tracemalloc

from servermanager import Session

from ..plan import Plan
from ..running.sample import Sample
from ..scenario import Scenario
from .homes import contenders, homes, on_session

PROXIES = 1000


@on_session
async def chain(session: Session, plan: Plan) -> Sample:
    """Proxies made, connected in a chain, and known to the server."""
    count = plan.count(PROXIES)
    first = session.sources.Wavelet()
    await session.filters.Shrink.definition()
    began = time.perf_counter()
    last = first
    for _ in range(count):
        last = session.filters.Shrink(Input=last)
    session.update_vtk_objects()
    await first.update_pipeline()  # answered after all that was sent before
    elapsed_s = time.perf_counter() - began
    session.delete(first, dependents=True)
    session.undo.clear()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    first = last = session.sources.Wavelet()
    for _ in range(count):
        last = session.filters.Shrink(Input=last)
    each_bytes = (tracemalloc.get_traced_memory()[0] - before) / count
    tracemalloc.stop()
    session.delete(first, dependents=True)
    session.undo.clear()
    return Sample(elapsed_s * 1e3 * PROXIES / count, [], {"KiB each": each_bytes / 1024})


SCENARIOS = [
    Scenario(
        "1000 proxies in a chain", "interactive", "ms", "ms", "Made, connected, sent, and known to the server.",
        lambda variants, plan: contenders(chain, homes(variants)), most=3,
    ),
]  # fmt: skip

"""Every scenario, in the order in which a run goes through them."""

from __future__ import annotations

from ..scenario import Scenario
from . import arrays, busy, connecting, curve, fanout, idle, images, mixed, one_way, reference, request

SCENARIOS: list[Scenario] = [
    *request.SCENARIOS,
    *one_way.SCENARIOS,
    *fanout.SCENARIOS,
    *reference.SCENARIOS,
    *arrays.SCENARIOS,
    *images.SCENARIOS,
    *connecting.SCENARIOS,
    *idle.SCENARIOS,
    *mixed.SCENARIOS,
    *busy.SCENARIOS,
    *curve.SCENARIOS,
]

__all__ = ["SCENARIOS"]

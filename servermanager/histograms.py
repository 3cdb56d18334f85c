"""How many values of an array lie in which bins, as the server has counted them."""

from __future__ import annotations

from typing import Any

from async_paraview.operations import data
from async_paraview.records import dataclass
from services_core.payload import unpack_payload

from .model.maker import Maker
from .model.proxy import OutputPort


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bins of equal size between `limits`, None if there is no finite value, and how many values each has.

    A bin has the values from its lower limit to below its upper one, the last bin its upper limit as well.
    """

    limits: tuple[float, float] | None
    counts: tuple[int, ...]
    outside: int
    """How many values are in none."""


@dataclass(frozen=True, slots=True)
class WantedHistogram:
    """What is counted: see Session.histogram."""

    source: OutputPort
    association: str
    array: str
    component: int
    bins: int
    limits: tuple[float, float] | None


async def histogram(scene: Maker, wanted: WantedHistogram) -> Histogram:
    """See Session.histogram."""
    source = wanted.source
    source.proxy.update_vtk_objects()
    await scene.data_arrived(source.proxy)
    asked = data.Histogram(
        id=source.proxy.id,
        port=source.port,
        time=scene.time_or(None),
        association=wanted.association,
        array=wanted.array,
        component=wanted.component,
        bins=wanted.bins,
        limits=wanted.limits,
    )
    found: dict[str, Any] = unpack_payload(await scene.data.send_request(asked.packet()))
    limits = found["limits"]
    between = None if limits is None else (float(limits[0]), float(limits[1]))
    return Histogram(between, tuple(found["counts"]), found["outside"])

"""What is seen at a place of a view, told by the data that it comes from; and selections as sources."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from async_paraview.datasets.id_pairs import Pairs, distinct_pairs
from async_paraview.displays import numbers, table
from async_paraview.operations import data, render
from async_paraview.records import dataclass
from services_core import Packet, RemoteError
from services_core.payload import unpack_payload

from ..model.maker import Maker
from ..model.proxy import OutputPort, SourceProxy

T = TypeVar("T")

_AT_A_TIME: Final = 20_000

TRIES: Final = 5
"""How often a picture is looked at anew because the data has changed since it was made."""


@dataclass(frozen=True, slots=True)
class PickResult:
    """One place of an image, and what of an output is there.

    `block` is 0 for a single data set, else VTK's flat index; `cell` and `point` are numbers in that block, `cell` is
    None where something is drawn at each point. `position` is in coordinates of the data. The values of all arrays are
    numbers, or lists of components.
    """

    source: OutputPort
    block: int
    cell: int | None
    point: int
    position: tuple[float, float, float]
    cell_values: dict[str, Any]
    point_values: dict[str, Any]

    def _repr_html_(self) -> str:
        place = [
            ("position", numbers(self.position)),
            ("block", self.block),
            ("point", self.point),
            ("cell", self.cell),
        ]
        values = [(f"point {name}", value) for name, value in self.point_values.items()]
        return table(
            f"at {self.source!r}", [*place, *values, *((f"cell {name}", one) for name, one in self.cell_values.items())]
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """Points or cells of one output: `ids` are block, id, block, id, ..., and `extracted` is a source of just those."""

    source: OutputPort
    ids: tuple[int, ...]
    extracted: SourceProxy

    def __len__(self) -> int:
        return len(self.ids) // 2

    def _repr_html_(self) -> str:
        return table(
            "selection", [("of", repr(self.source)), ("how many", len(self)), ("source", repr(self.extracted))]
        )


async def pick(scene: Maker, view: int, ready: Callable[[], Awaitable[None]], x: int, y: int) -> PickResult | None:
    """See RenderViewProxy.pick."""

    async def once() -> PickResult | None:
        place = (await scene.render.send_request(render.Pick(view=view, at=(x, y)).packet())).header
        if place["representation"] is None:
            return None
        asked = data.Origin(**{name: place[name] for name in ("representation", "version", "cell", "point")})
        found = unpack_payload(await scene.data.send_request(asked.packet()))
        source = scene.output(found.pop("id"), found.pop("port"))
        return PickResult(source=source, position=tuple(place["position"]), **found)

    return await _of_the_present(once, ready)


async def seen_ids(
    scene: Maker, view: int, ready: Callable[[], Awaitable[None]], rectangle: list[int], association: str
) -> dict[tuple[int, int], Pairs]:
    """Return block and id of the points or cells that are seen in a rectangle, by number and port of the output."""

    async def once() -> list[Packet]:
        wanted = render.VisibleIds(view=view, rectangle=tuple(rectangle), association=association)
        seen = unpack_payload(await scene.render.send_request(wanted.packet()))
        asked = []
        for one in seen:
            of = data.Select(representation=one["representation"], version=one["version"], association=association)
            asked.append(scene.data.send_request(of.packet([one["ids"]])))
        return list(await asyncio.gather(*asked))

    together: dict[tuple[int, int], list[Pairs]] = {}
    for one in await _of_the_present(once, ready):
        pairs = np.frombuffer(one.buffers[0] if one.buffers else b"", np.int64).reshape(-1, 2)
        together.setdefault((one.header["id"], one.header["port"]), []).append(pairs)
    return {output: several[0] if len(several) == 1 else _united(several) for output, several in together.items()}


def _united(several: list[Pairs]) -> Pairs:
    return distinct_pairs(*np.concatenate(several).T)


async def as_numbers(pairs: npt.NDArray[np.int64]) -> list[int]:
    """Return an array as a flat list of Python's numbers; the loop goes on meanwhile."""
    found: list[int] = []
    flat = pairs.ravel()
    for begin in range(0, len(flat), _AT_A_TIME):
        found.extend(flat[begin : begin + _AT_A_TIME].tolist())
        await asyncio.sleep(0)
    return found


async def select(
    scene: Maker, view: int, ready: Callable[[], Awaitable[None]], rectangle: list[int], association: str
) -> list[Selection]:
    """See RenderViewProxy.select_cells."""
    found = []
    seen = await seen_ids(scene, view, ready, rectangle, association)
    for (id_, port), chosen in sorted(seen.items(), key=lambda one: one[0]):
        source, ids = scene.output(id_, port), tuple(await as_numbers(chosen))
        extracted = scene.create("ExtractSelection", Input=source, FieldType=association, IDs=ids)
        found.append(Selection(source, ids, extracted))
    return found


async def _of_the_present(once: Callable[[], Awaitable[T]], ready: Callable[[], Awaitable[None]]) -> T:
    """Return what `once` finds in a picture of the present data."""
    for attempt in range(TRIES):
        await ready()
        try:
            return await once()
        except RemoteError as error:
            if error.type_name != "StaleGeometry" or attempt == TRIES - 1:
                raise
    raise AssertionError("the loop returns or raises")

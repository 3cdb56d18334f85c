"""What is seen at a place of a view, told by the data that it comes from; and selections as sources."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from async_paraview.operations import data, render
from services_core import RemoteError
from services_core.payload import unpack_payload

from ..model.maker import Maker
from ..model.proxy import OutputPort, SourceProxy

T = TypeVar("T")

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


@dataclass(frozen=True, slots=True)
class Selection:
    """Points or cells of one output: `ids` are block, id, block, id, ..., and `extracted` is a source of just those."""

    source: OutputPort
    ids: tuple[int, ...]
    extracted: SourceProxy

    def __len__(self) -> int:
        return len(self.ids) // 2


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
) -> dict[tuple[int, int], set[tuple[int, int]]]:
    """Return block and id of the points or cells that are seen in a rectangle, by number and port of the output."""

    async def once() -> list[dict[str, Any]]:
        wanted = render.VisibleIds(view=view, rectangle=tuple(rectangle), association=association)
        seen = unpack_payload(await scene.render.send_request(wanted.packet()))
        asked = []
        for one in seen:
            of = data.Select(representation=one["representation"], version=one["version"], association=association)
            asked.append(scene.data.send_request(of.packet([one["ids"]])))
        return [unpack_payload(reply) for reply in await asyncio.gather(*asked)]

    together: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for one in await _of_the_present(once, ready):
        pairs = zip(one["ids"][::2], one["ids"][1::2], strict=True)
        together.setdefault((one["id"], one["port"]), set()).update(pairs)
    return together


async def select(
    scene: Maker, view: int, ready: Callable[[], Awaitable[None]], rectangle: list[int], association: str
) -> list[Selection]:
    """See RenderViewProxy.select_cells."""
    found = []
    for (id_, port), chosen in sorted((await seen_ids(scene, view, ready, rectangle, association)).items()):
        source, ids = scene.output(id_, port), tuple(number for pair in sorted(chosen) for number in pair)
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

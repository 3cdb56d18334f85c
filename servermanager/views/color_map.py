"""Color maps and opacity functions: shared by the name of an array, by all representations of a session."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from async_paraview.displays import table
from async_paraview.operations import Operation, render
from async_paraview.scene.color_maps import COLOR_MAP, PIECEWISE_FUNCTION
from async_paraview.scene.types import SceneType
from services_core.payload import unpack_payload

from .owner import ViewOwner
from .shared.numbered_proxy import NumberedProxy


class SharedByName(NumberedProxy):
    """A color map or opacity function, with the name of the array, unless representations ask for another.

    There is one of each name in a session, for all its views and all programs that are in it. Every method that is no
    coroutine is fire and forget.
    """

    __slots__ = ()

    def set_plain(self, plain: dict[str, Any]) -> None:
        """Take checked values, as a step of undo. Called by representations; the next call tells the server."""
        self._change(plain)

    def tell_watchers(self, name: str, value: Any) -> None:
        super().tell_watchers(name, value)
        for shown in self._scene.shown_with(self):
            shown.color_map_changed(self, name)

    def _own(self) -> None:
        self._scene.connection.membership.require_editor()

    def _update(self, number: int) -> Callable[..., Operation]:
        return partial(render.UpdateColorMap, name=self.name, kind=self.kind, number=number)


class ColorMapProxy(SharedByName):
    """Which color a number of an array gets: RGBPoints, Preset, ScalarRange, UseLogScale, ... (`help()`)."""

    __slots__ = ()

    scene_type: ClassVar[SceneType] = COLOR_MAP

    def rescale(self, low: float, high: float) -> None:
        """Have the colors span these numbers from now on. Raises as `update`."""
        self.update(ScalarRange=(low, high))

    async def rescale_to_data_range(self) -> tuple[float, float] | None:
        """Have the colors span the numbers of all the data that it colors, and follow them; returns those.

        None if it colors nothing. With own RGBPoints they span what it is now. Raises RemoteError.
        """
        found = (await self._ask())["data_range"]
        if self._read("RGBPoints") is None or found is None:
            self.update(ScalarRange=None)
        else:
            self.update(ScalarRange=found)
        return None if found is None else (float(found[0]), float(found[1]))

    async def spanned(self) -> tuple[float, float] | None:
        """Return what the colors span now, None as long as nothing is colored by it. Raises RemoteError."""
        found = (await self._ask())["range"]
        return None if found is None else (float(found[0]), float(found[1]))

    async def data_span(self) -> tuple[float, float] | None:
        """Return the range of all the data that it colors now, None if it colors nothing. Raises RemoteError."""
        found = (await self._ask())["data_range"]
        return None if found is None else (float(found[0]), float(found[1]))

    async def points(self) -> list[float]:
        """Return value, red, green, blue, ... between which colors are mixed now: RGBPoints, or those of the preset.

        As long as nothing is colored by it, values are those that were set, or 0 to 1. Raises RemoteError.
        """
        return [float(one) for one in (await self._ask())["points"]]

    async def _ask(self) -> Mapping[str, Any]:
        """Return what the server has of it, when all is there that was asked to be shown."""
        for view in dict.fromkeys(shown.view for shown in self._scene.shown_with(self)):
            await view.ready()
        self._scene.outbox.flush()
        reply = await self._scene.render.send_request(render.ColorMap(name=self.name).packet())
        answer: Mapping[str, Any] = unpack_payload(reply)
        return answer


class PiecewiseFunctionProxy(SharedByName):
    """How opaque a number of an array is: Points, UseLogScale (`help()`)."""

    __slots__ = ()

    scene_type: ClassVar[SceneType] = PIECEWISE_FUNCTION


S = TypeVar("S", bound=SharedByName)


class ByName(Generic[S]):
    """What is shared by name in a session: `session.color_maps["RTData"]` is there as soon as it is asked for."""

    def __init__(self, scene: ViewOwner, made: type[S]) -> None:
        self._scene = scene
        self._made = made
        self._known: dict[str, S] = {}

    def __getitem__(self, name: str) -> S:
        """Return that of an array, or of any other name. Local. Raises TypeError, ValueError for what is no name."""
        if not isinstance(name, str):
            raise TypeError(f"a {self._made.scene_type.owner} has the name of an array, not {name!r:.60}")
        if not name:
            raise ValueError(f"a {self._made.scene_type.owner} has the name of an array, and that is not empty")
        if name not in self._known:
            self._known[name] = self._made(self._scene, name)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __iter__(self) -> Iterator[str]:
        """Return the names that were asked for here, or set anywhere."""
        return iter(list(self._known))

    def __len__(self) -> int:
        return len(self._known)

    def all(self) -> list[S]:
        """Return those that were asked for here, or set anywhere."""
        return list(self._known.values())

    def __repr__(self) -> str:
        return f"<{self._made.scene_type.owner}s: {', '.join(self._known) or 'none yet'}>"

    def _repr_html_(self) -> str:
        return table(f"{self._made.scene_type.owner}s", [(name, repr(one)) for name, one in self._known.items()])

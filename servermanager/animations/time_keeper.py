"""The times of all sources of a session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final, Protocol

from async_paraview.operations.data import Offered
from async_paraview.scene.animation import TIME_KEEPER
from async_paraview.scene.types import SceneType
from services_core import RemoteError
from services_core.payload import unpack_payload

from ..model.proxy import SourceProxy
from ..views.shared.shared_proxy import SharedOwner, SharedProxy

_HAVE_TIMES: Final = frozenset({
    "ExtractTimeSteps", "GenerateTimeSteps", "MergeTime", "ParticlePath", "ParticleTracer", "ProgrammableFilter",
    "StreakLine", "SynchronizeTime", "TemporalArrayOperator", "TemporalCache", "TemporalInterpolator",
    "TemporalShiftScale", "TemporalSmoothing", "TemporalSnapToTimeStep",
})  # fmt: skip
"""Filters whose times are times of a session; others have those of what they are applied to. As in ParaView."""


class TimeOwner(SharedOwner, Protocol):
    """A scene, as the keeper of its times knows it."""

    def all_sources(self) -> Sequence[SourceProxy]:
        """Return the sources, filters, readers and writers."""


class TimeKeeperProxy(SharedProxy):
    """The time of a session, and the times of its sources: Time, TimestepValues, TimeRange, SuppressedTimeSources.

    The times of sources are those that are known here; `await refresh()` asks for them.
    """

    __slots__ = ("_told",)

    scene_type: ClassVar[SceneType] = TIME_KEEPER

    _scene: TimeOwner

    def __init__(self, scene: TimeOwner, name: str) -> None:
        super().__init__(scene, name)
        self._told: dict[int, tuple[float, ...]] = {}
        """The times of sources when they were asked last, by their numbers."""

    @property
    def Time(self) -> float:
        """Return the time of the data that is shown; 0 where none was chosen."""
        return float(self._scene.time or 0.0)

    @Time.setter
    def Time(self, time: float) -> None:
        self._scene.time = float(time)

    @property
    def TimestepValues(self) -> list[float]:
        """Return the times of all sources together, without those that are suppressed."""
        return sorted({float(time) for one in self._sources() for time in self._times_of(one)})

    def _times_of(self, source: SourceProxy) -> tuple[float, ...]:
        executed = source.information.get(0)
        if executed is not None and not source.stale:
            return executed.time_steps
        return self._told.get(source.id, () if executed is None else executed.time_steps)

    @property
    def TimeRange(self) -> list[float]:
        """Return the first and the last time; 0 and 1 if there are none."""
        times = self.TimestepValues
        return [times[0], times[-1]] if times else [0.0, 1.0]

    async def refresh(self) -> list[float]:
        """Ask the sources for their times, which executes none of them; returns `TimestepValues`.

        What fails has no times: whoever executes it is told. Raises Busy, or what ended the connection.
        """
        return await self._ask(list(self._sources()))

    async def known(self) -> list[float]:
        """Ask the sources whose times are not known yet, as `refresh`."""
        return await self._ask([one for one in self._sources() if not (one.information or one.id in self._told)])

    async def _ask(self, sources: list[SourceProxy]) -> list[float]:
        if sources:
            self._scene.update_vtk_objects()
        for one in sources:
            await self._scene.data_arrived(one)
        asked = [(one, self._scene.data.send_request(Offered(id=one.id).packet())) for one in sources]
        there = {one.id for one in self._scene.all_sources()}
        self._told = {id_: times for id_, times in self._told.items() if id_ in there}
        for one, reply in asked:
            try:
                found = unpack_payload(await reply)["time_steps"]
            except RemoteError:
                found = ()
            self._told[one.id] = tuple(float(time) for time in found)
        return self.TimestepValues

    def suppress(self, source: SourceProxy, *, suppressed: bool = True) -> None:
        """Leave out the times of a source, or take them into account again."""
        others = [one for one in self._suppressed() if one is not source]
        self.SuppressedTimeSources = [*others, source] if suppressed else others

    def _suppressed(self) -> list[Any]:
        return [one for one in self._read("SuppressedTimeSources") if one is not None]

    def _assign(self, name: str, value: Any) -> None:
        if name == "Time":
            self._scene.time = float(value)
        else:
            super()._assign(name, value)

    def _sources(self) -> Iterable[SourceProxy]:
        """Return the sources whose times are those of the session."""
        suppressed = self._suppressed()
        for one in self._scene.all_sources():
            if any(one is other for other in suppressed):
                continue
            if not list(one.sources()) or one.type_name.removeprefix("vtk") in _HAVE_TIMES:
                yield one

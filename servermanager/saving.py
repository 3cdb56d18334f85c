"""Writing what an output holds to files of the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from async_paraview.operations.data import SaveData
from async_paraview.values import payload_value

from .model.proxy import OutputPort, SourceProxy
from .scene import Scene


async def save_data(
    scene: Scene,
    path: str | Path,
    source: SourceProxy | OutputPort,
    *,
    time: float | None,
    times: bool | Sequence[float],
    options: Mapping[str, Any],
    make_folder: bool = False,
) -> int:
    """Have an output written; returns the size in bytes. See Session.save_data."""
    if time is not None and times is not False:
        raise ValueError(f"either the time {time:g} is saved or those of WriteTimeSteps, not both")
    port = scene.own_port(source)
    port.proxy.update_vtk_objects()
    await scene.data_arrived(port.proxy)
    plain = {name: payload_value(name, value) for name, value in options.items()}
    wanted = SaveData(
        id=port.proxy.id,
        port=port.port,
        path=str(path),
        options=plain,
        times=None if times is False else tuple(await _times_of(scene, port, times)),
        time=scene.time_or(time),
        make_folder=make_folder,
    )
    reply = await scene.data.send_request(wanted.packet())
    return int(reply.header["size_bytes"])


async def _times_of(scene: Scene, port: OutputPort, wanted: bool | Sequence[float]) -> list[float]:
    """Return the times that are wanted, or all that an output has; without any, the session's time, or 0."""
    if not isinstance(wanted, bool):
        return [float(one) for one in wanted]
    found = (await port.proxy.update_pipeline(port=port.port)).time_steps
    return [float(one) for one in found] or [scene.time_or(None) or 0.0]

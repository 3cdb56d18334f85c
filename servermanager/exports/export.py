"""A view written to a local file of another program, in the format that its name says."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol

from async_paraview.atomic_files import Staging, write_file
from async_paraview.operations import render
from services_core import ServiceEndpoint

from .gltf import glb, gltf
from .scene import ExportedScene
from .texts import obj, x3d
from .vtkjs import html, viewer, vtkjs, vtksz

SCENES: Final[Mapping[str, Callable[[ExportedScene], bytes]]] = {
    ".glb": glb, ".gltf": gltf, ".x3d": x3d, ".vtkjs": vtkjs, ".vtksz": vtksz, ".html": html,
}  # fmt: skip
CHARTS: Final = (".svg", ".pdf")


class ExportWarning(UserWarning):
    """Something that is seen in a view has no place in the file that was written."""


class Exported(Protocol):
    """What a view tells of itself."""

    id: int
    type_name: str


async def export(endpoint: ServiceEndpoint, view: Exported, path: Path, *, is_chart: bool) -> None:
    """Write what a view shows; see ViewProxy.export."""
    suffix = path.suffix.lower()
    offered = CHARTS if is_chart else (*SCENES, ".obj")
    if suffix not in offered:
        raise ValueError(f"a {view.type_name} is exported to files {', '.join(offered)}, not to {path.name!r}")
    if suffix == ".html":
        await asyncio.get_running_loop().run_in_executor(None, viewer)  # raises, with nothing made, if there is none
    format = suffix.removeprefix(".") if is_chart else "scene"
    answer = await endpoint.send_request(render.Export(view=view.id, format=format).packet())
    loop = asyncio.get_running_loop()
    if is_chart:
        await loop.run_in_executor(None, write_file, path, bytes(answer.buffers[0]))
        return
    scene = ExportedScene.from_packet(answer)
    await loop.run_in_executor(None, _write, path, scene)
    if scene.left_out:
        warnings.warn(f"{path}: {', '.join(scene.left_out)} of the view are not in it", ExportWarning, stacklevel=3)


def _write(path: Path, scene: ExportedScene) -> None:
    if path.suffix.lower() != ".obj":
        write_file(path, SCENES[path.suffix.lower()](scene))
        return
    looks = path.with_suffix(".mtl").name
    with Staging(path, follow=False) as staging:  # both are there, or neither
        for name, content in zip((path.name, looks), obj(scene, looks), strict=True):
            (staging.directory / name).write_bytes(content)
        staging.publish([looks, path.name])

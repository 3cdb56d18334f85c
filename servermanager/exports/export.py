"""A view written to a local file of another program, in the format that its name says."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from async_paraview.atomic_files import Staging, write_file
from async_paraview.names import unknown_name
from async_paraview.operations import Operation, render
from async_paraview.scene.palettes import palette_named
from services_core import ServiceEndpoint

from .pieces import Bytes
from .scene import ExportedScene

SCENES: Final = (".glb", ".gltf", ".x3d", ".vtkjs", ".vtksz", ".html")
"""Files of scenes, but for those that are two."""
PAGES: Final = (".svg", ".pdf", ".eps")
"""Files that are pages, with texts as texts, also of charts."""
STYLES: Final = ("raster", "vector")
"""How a scene is drawn on a page."""


class ExportWarning(UserWarning):
    """Something that is seen in a view has no place in the file that was written."""


class Exported(Protocol):
    """What a view tells of itself."""

    id: int
    type_name: str


async def export(
    endpoint: ServiceEndpoint,
    view: Exported,
    path: Path,
    *,
    is_chart: bool,
    dpi: float,
    scene: str,
    palette: str | None,
) -> None:
    """Write what a view shows; see ViewProxy.export."""
    suffix = path.suffix.lower()
    offered = PAGES if is_chart else (*SCENES, ".obj", *PAGES)
    if suffix not in offered:
        raise ValueError(f"a {view.type_name} is exported to files {', '.join(offered)}, not to {path.name!r}")
    if scene not in STYLES:
        raise ValueError(unknown_name("way to draw a scene on a page", scene, STYLES))
    if palette is not None:
        palette_named(palette)
    loop = asyncio.get_running_loop()
    if suffix in PAGES:
        wanted = render.Export(view=view.id, format="svg", dpi=float(dpi), style=scene, palette=palette or "")
        await loop.run_in_executor(None, write_page, path, await drawn_page(endpoint, wanted))
        return
    if suffix == ".html":
        await loop.run_in_executor(None, _check_viewer)
    answer = await endpoint.send_request(render.Export(view=view.id, format="scene").packet())
    shown = ExportedScene.from_packet(answer)
    await loop.run_in_executor(None, _write, path, shown)
    if shown.left_out:
        warnings.warn(f"{path}: {', '.join(shown.left_out)} of the view are not in it", ExportWarning, stacklevel=3)


def check_page(path: Path, what: str, scene: str) -> None:
    """Raise ValueError for a file that is no page, and a way to draw that there is not."""
    if path.suffix.lower() not in PAGES:
        raise ValueError(f"{what} is exported to files {', '.join(PAGES)}, not to {path.name!r}: export its views")
    if scene not in STYLES:
        raise ValueError(unknown_name("way to draw a scene on a page", scene, STYLES))


async def drawn_page(endpoint: ServiceEndpoint, wanted: Operation) -> bytes:
    """Return the SVG file that a server answers with. Raises RemoteError."""
    return bytes((await endpoint.send_request(wanted.packet())).buffers[0])


def write_page(path: Path, drawn: bytes) -> None:
    """Write an SVG file of a server as a page of the kind that the suffix tells. Blocks. Raises OSError, ValueError."""
    write_file(path, _page_maker(path.suffix.lower())(drawn))


def _page_maker(suffix: str) -> Callable[[bytes], bytes]:
    """Return what makes a file of an SVG file. Imports it: few programs export anything, and all would wait for it."""
    from .drawn_pages import read_page
    from .page_files import eps, pdf

    made: dict[str, Callable[[bytes], bytes]] = {
        ".svg": bytes, ".pdf": lambda svg: pdf(read_page(svg)), ".eps": lambda svg: eps(read_page(svg)),
    }  # fmt: skip
    return made[suffix]


def _scene_maker(suffix: str) -> Callable[[ExportedScene], Bytes]:
    """Return what makes a file of a scene. Imports it, as `_page_maker` does."""
    from .gltf import glb, gltf
    from .texts import x3d
    from .vtkjs import html, vtkjs, vtksz

    makers: tuple[Callable[[ExportedScene], Bytes], ...] = glb, gltf, x3d, vtkjs, vtksz, html
    return dict(zip(SCENES, makers, strict=True))[suffix]


def _check_viewer() -> None:
    """Raise, with nothing made, if there is no page that shows scenes."""
    from .vtkjs import viewer

    viewer()


def _write(path: Path, scene: ExportedScene) -> None:
    from .texts import obj

    if path.suffix.lower() != ".obj":
        write_file(path, _scene_maker(path.suffix.lower())(scene))
        return
    looks = path.with_suffix(".mtl").name
    with Staging(path, follow=False) as staging:  # both are there, or neither
        shapes, materials = obj(scene, looks)
        (staging.directory / path.name).write_bytes(shapes)
        (staging.directory / looks).write_bytes(materials)
        staging.publish([looks, path.name])

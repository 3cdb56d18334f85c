"""Scenes of other programs, longer series of files, and what draws: by the names of ParaView's functions."""

from __future__ import annotations

import os
from typing import Any

from async_paraview.operations.data import ChooseReader
from async_paraview.operations.render import Capabilities
from services_core.payload import unpack_payload

from ..current import a_source, a_view, run, session
from ..displays import Show
from ..files import OpenDataFile
from ..views import CreateRenderView


def ImportView(filename: str | os.PathLike[str], view: Any = None, **params: Any) -> Any:
    """Open a file of the server as data, and show it in a view, the active one by default; returns the source.

    Lights, cameras and pictures on surfaces of the file are not taken. Raises RemoteError for a file that is no data,
    ValueError for options, which there are none of.
    """
    if params:
        raise ValueError(f"ImportView: there are no options of importing here, such as {next(iter(params))!r}")
    shown_in = a_view(view, "ImportView")
    source = OpenDataFile(filename)
    Show(source, shown_in)
    return source


def Create2DRenderView(**params: Any) -> Any:
    """Make a render view without perspective, which becomes the active one."""
    return CreateRenderView(**{"CameraParallelProjection": 1, "InteractionMode": "2D", **params})


def ExtendFileSeries(proxy: Any = None) -> bool:
    """Have a reader of a series read files that have come since, too; returns whether it reads a series.

    Raises RemoteError if its first file is there no more.
    """
    reader = a_source(proxy, "ExtendFileSeries")
    name = next((one for one in ("FileNames", "FileName") if one in reader.ListProperties()), None)
    names = getattr(reader, name) if name else []
    if name is None or isinstance(names, str) or len(names) < 2:
        return False

    async def chosen(target: Any) -> list[str]:
        wanted = ChooseReader(paths=(names[0],), series=True)
        found = unpack_payload(await target.session.data.send_request(wanted.packet()))["properties"]
        return list(found.get(name, ()))

    there: list[str] = run(reader, chosen)
    if len(there) > len(names):
        setattr(reader, name, there)
        reader.UpdatePipelineInformation()
    return True


class OpenGLInformation:
    """What OpenGL says of itself where the server draws."""

    def __init__(self, told: dict[str, Any]) -> None:
        """Have what the server told."""
        self._told = told

    def GetVendor(self) -> str:
        """Return who has made it."""
        return str(self._told.get("vendor", ""))

    def GetVersion(self) -> str:
        """Return its version."""
        return str(self._told.get("opengl", ""))

    def GetRenderer(self) -> str:
        """Return what draws."""
        return str(self._told.get("renderer", ""))

    def GetWindow(self) -> str:
        """Return the class of VTK's windows."""
        return str(self._told.get("window", ""))

    def GetCapabilities(self) -> str:
        """Return all that is known, a line each."""
        return "\n".join(f"{name}: {value}" for name, value in sorted(self._told.items()))

    def __repr__(self) -> str:
        return f"<OpenGL {self.GetVersion()}: {self.GetRenderer()}>"


def GetOpenGLInformation(location: Any = None) -> OpenGLInformation:
    """Return what OpenGL says of itself on the server, where all is drawn. Raises RemoteError if nothing can be."""

    async def ask(target: Any) -> dict[str, Any]:
        return dict((await target.render.send_request(Capabilities().packet())).header)

    return OpenGLInformation(run(session(), ask))

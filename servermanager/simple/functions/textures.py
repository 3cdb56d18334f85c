"""Pictures on surfaces, by the names of ParaView's functions."""

from __future__ import annotations

import os
from typing import Any, Final

from ..current import session, when_gone


class Texture:
    """A picture of the server, for surfaces: `display.Texture = CreateTexture("/data/wood.png")`."""

    def __init__(self, name: str, filename: str) -> None:
        """Stand for a file of the server, which is read as it is shown."""
        self.name = name
        self._filename = filename

    @property
    def FileName(self) -> str:
        """Return its path."""
        return self._filename

    @FileName.setter
    def FileName(self, filename: str | os.PathLike[str]) -> None:
        before, self._filename = self._filename, os.fspath(filename)
        for shown in session().all_representations():
            if shown.type_name == "GeometryRepresentation" and path_of(shown.Texture) == before:
                shown.Texture = self

    def __fspath__(self) -> str:
        return self._filename

    def __repr__(self) -> str:
        return f"<texture {self.name!r}: {self._filename}>"


_textures: Final[dict[str, Texture]] = {}
"""Textures by the names that they are registered by."""

when_gone(_textures.clear)


def CreateTexture(
    filename: str | os.PathLike[str] | None = None,
    trivial_producer_key: str | None = None,
    proxyname: str | None = None,
) -> Texture:
    """Make a texture of a picture of the server: PNG, JPEG, BMP, TGA, TIFF or PPM.

    Whether it can be read is said where it is shown: data needs texture coordinates, as TextureMaptoPlane makes them.
    Raises ValueError for pictures in memory.
    """
    if trivial_producer_key:
        raise ValueError("CreateTexture: pictures are files of the server here, and none is taken from memory")
    if filename is None:
        raise ValueError("CreateTexture: name the picture, a file of the server")
    path = os.fspath(filename)
    name = proxyname or os.path.basename(path)
    made = _textures[name] = Texture(name, path)
    return made


def FindTextureOrCreate(
    registrationName: str, filename: str | os.PathLike[str] | None = None, trivial_producer_key: str | None = None
) -> Texture:
    """Return the texture that is registered by a name; it is made of a file if there is none."""
    found = _textures.get(registrationName)
    return found or CreateTexture(filename, trivial_producer_key, registrationName)


def path_of(texture: Any) -> Any:
    """Return what a representation takes for a texture: its path."""
    return texture.FileName if isinstance(texture, Texture) else texture


def texture_at(path: Any) -> Any:
    """Return the texture that was made of a path, else the path; None for none."""
    return next((one for one in _textures.values() if one.FileName == path), path)

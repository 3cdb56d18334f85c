"""Pictures as textures of VTK; each file is read once, and again when it has changed."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from PIL import Image
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkTexture

from async_paraview.scene.props.pictures import Picture

from ...base.data_roots import allowed_path
from ...base.errors import VtkError

FORMATS: Final = ("PNG", "JPEG", "BMP", "TGA", "TIFF", "PPM")
MOST_PIXELS: Final = 64_000_000
"""Of one picture: 256 MB on a graphics card."""
_MOST_KEPT: Final = 16


def check_picture(value: object) -> str | None:
    """Return the path of a picture that can be drawn, None for none. Raises ValueError that says why not."""
    path = Picture()(value)
    if path is not None:
        picture(path)
    return path


def texture_of(get: Mapping[str, Any]) -> Any:
    """Return the texture that properties of a representation ask for, None if they ask for none.

    The same one for the same picture. Raises ValueError if the file is a picture no more.
    """
    path = get["Texture"]
    if path is None:
        return None
    texture = vtkTexture()
    texture.SetInputData(picture(path))
    texture.SetRepeat(get["RepeatTextures"])
    texture.SetInterpolate(get["InterpolateTextures"])
    texture.SetMipmap(get["UseMipmapTextures"])
    texture.SetColorModeToDirectScalars()
    return texture


def background_texture(path: str) -> Any:
    """Return the texture of a picture behind a scene. Raises ValueError if the file is a picture no more."""
    texture = vtkTexture()
    texture.SetInputData(picture(path))
    texture.SetInterpolate(True)
    texture.SetRepeat(False)
    texture.SetEdgeClamp(True)
    texture.SetColorModeToDirectScalars()
    return texture


def picture(path: str) -> Any:
    """Return a picture as data, its first row the lowest. Raises ValueError if the file is none."""
    try:
        found = os.stat(allowed_path(path))
        return _read(path, found.st_mtime_ns, found.st_size)
    except VtkError as error:
        raise ValueError(str(error)) from None
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ValueError(f"{path}: no picture that can be read ({', '.join(FORMATS)}): {why}") from None


@functools.lru_cache(maxsize=_MOST_KEPT)
def _read(path: str, _modified: int, _size: int) -> Any:
    """Return a picture as data, its first row the lowest."""
    with Image.open(path, formats=FORMATS) as file:
        width, height = file.size
        if width * height > MOST_PIXELS:
            raise ValueError(f"{path}: a picture of {width} x {height} pixels; a texture has at most {MOST_PIXELS}")
        has_alpha = "A" in file.getbands() or "transparency" in file.info
        pixels = np.asarray(file.convert("RGBA" if has_alpha else "RGB"))[::-1]
    made = vtkImageData()
    made.SetDimensions(width, height, 1)
    colors = numpy_to_vtk(np.ascontiguousarray(pixels).reshape(width * height, -1))  # which keeps the pixels
    colors.SetName("picture")
    made.GetPointData().SetScalars(colors)
    return made

"""Pictures that Pillow reads and VTK does not, or shows turned or in other colors: BMP, TGA, JPEG."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import ExifTags, Image

from ...base.errors import FileError
from .stored import Numbers, StoredImage
from .upright import oriented

_MODES: Final = {
    "1": "L", "L": "L", "LA": "LA", "P": "RGB", "PA": "RGBA", "RGB": "RGB", "RGBA": "RGBA", "RGBX": "RGB",
    "CMYK": "RGB", "YCbCr": "RGB",
}  # fmt: skip
"""What Pillow's modes of 8 bits are shown as."""
_FORMATS: Final = ("BMP", "DIB", "TGA", "JPEG")
"""Those that are asked for: Pillow knows others, some of them with programs of their own."""


def open_picture(path: str, name: str) -> StoredImage:
    """Return what a picture holds, upright, in grey or colors. Raises `FileError`."""
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            mode, turn = picture.mode, picture.getexif().get(ExifTags.Base.Orientation, 1)
            columns, rows = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FileError(f"{path}: this picture cannot be read: {error}") from error
    if mode not in _MODES:
        raise FileError(f"{path}: pictures of the kind {mode!r} are not read; save it in colors or grey")
    shown = _MODES[mode]

    def load(_step: int) -> Numbers:
        try:
            with Image.open(path, formats=_FORMATS) as opened:
                values = np.asarray(opened.convert(shown) if shown != mode else opened)
        except (OSError, ValueError, SyntaxError) as error:
            raise FileError(f"{path}: this picture cannot be read: {error}") from error
        return oriented(values.reshape(rows, columns, -1), turn)[None, ::-1]

    size = (rows, columns, 1) if turn >= 5 else (columns, rows, 1)
    return StoredImage(size, np.eye(4), load, np.dtype("u1"), name, len(shown))


def needs_pillow(path: str) -> bool:
    """Return whether VTK would show a JPEG picture turned or in other colors."""
    try:
        with Image.open(path, formats=("JPEG",)) as picture:
            return picture.mode == "CMYK" or picture.getexif().get(ExifTags.Base.Orientation, 1) != 1
    except (OSError, ValueError, SyntaxError):
        return False  # the reader will tell

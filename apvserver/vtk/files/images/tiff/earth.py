"""Places on Earth of the pixels of a TIFF file, in the plane of a map: GeoTIFF 1.1 (OGC 19-008r4)."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..stored import Numbers
from .pages import Page

_ORIENTATION: Final = 274
_AS_IT_IS: Final = 1
_SCALE, _TIE_POINTS, _MATRIX, _KEYS = 33550, 33922, 34264, 34735
_RASTER_TYPE: Final = 1025
_PIXEL_IS_POINT: Final = 2
_TO_CENTER: Final = 0.5


def on_earth(page: Page) -> tuple[Numbers | None, tuple[str, ...]]:
    """Return the affine of an image whose rows go up, and what is to be told; None if there are no such places.

    It takes an index (i, j, k, 1) to the place of the middle of a pixel, in the units of the map: of z, 1 each.
    """
    found = _from_pixels(page)
    if found is None:
        several = page.tags.get(_TIE_POINTS, ())
        what = f"by {len(several) // 6} places alone, which are not applied to the places of pixels"
        return None, (f"it says where it is on Earth (GeoTIFF) {what}",) if several else ()
    if page.one(_ORIENTATION, _AS_IT_IS) != _AS_IT_IS:
        return None, ("it is to be turned (Orientation), so its places on Earth (GeoTIFF) are not applied",)
    shift = 0.0 if _is_of_points(page) else _TO_CENTER
    made = np.eye(4)
    made[:2, 0], made[:2, 1] = found[:, 0], -found[:, 1]
    made[:2, 3] = found @ (shift, page.shape[0] - 1 + shift, 1.0)  # of the lowest row, which is the last one
    if not np.isfinite(made).all() or not np.linalg.det(made[:3, :3]):
        return None, ("its places on Earth (GeoTIFF) leave no room for pixels, and are not applied",)
    return made, ()


def _from_pixels(page: Page) -> Numbers | None:
    """Return x and y of (column, row, 1), rows counted from the top: 2 x 3."""
    scale, tie, matrix = (page.tags.get(tag, ()) for tag in (_SCALE, _TIE_POINTS, _MATRIX))
    if len(matrix) == 16:
        return np.reshape(np.array(matrix, np.float64), (4, 4))[:2, [0, 1, 3]]
    if len(scale) < 2 or len(tie) < 6:
        return None
    x, y = float(scale[0]), float(scale[1])
    return np.array([[x, 0.0, tie[3] - tie[0] * x], [0.0, -y, tie[4] + tie[1] * y]])


def _is_of_points(page: Page) -> bool:
    """Return whether places are those of pixels' middles, not of their upper left corners."""
    keys = page.tags.get(_KEYS, ())
    entries = (keys[at : at + 4] for at in range(4, len(keys) - 3, 4))
    return any(entry[0] == _RASTER_TYPE and entry[3] == _PIXEL_IS_POINT for entry in entries)

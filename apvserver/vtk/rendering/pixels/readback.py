"""Reading pictures back from a window. Memory of pictures that nobody has any more is used again.

Fresh memory for each picture would cost as much as reading it: the system takes large blocks back when they are freed
(`apvserver.heap`), and hands out new ones page by page.
"""

from __future__ import annotations

import weakref
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray

Pixels = npt.NDArray[np.uint8]

_MOST_SPARE: Final = 2
"""So many blocks wait to be used again: one is drawn into while another one may be on its way."""


class _Lent:
    """What an array of pixels, and all that is made of it without a copy, keeps alive: when it is gone, all are."""

    def __init__(self, block: Pixels) -> None:
        interface = block.__array_interface__
        self.__array_interface__ = {**interface, "data": (interface["data"][0], True)}  # True: read-only


class SparePixels:
    """Blocks of memory for pictures of one shape, handed out and taken back from any thread."""

    def __init__(self) -> None:
        """Have none yet."""
        self._shape: tuple[int, ...] = ()
        self._spare: list[Pixels] = []

    def copy_of(self, pixels: Pixels) -> Pixels:
        """Return a read-only, C-contiguous copy of pixels, in memory that nobody else has while the copy is in use."""
        if pixels.shape != self._shape:
            self._shape, self._spare = pixels.shape, []
        block = self._spare.pop() if self._spare else np.empty(pixels.shape, np.uint8)
        np.copyto(block, pixels)
        lent = _Lent(block)
        weakref.finalize(lent, _take_back, self._spare, block).atexit = False
        return np.asarray(lent)


def _take_back(spare: list[Pixels], block: Pixels) -> None:
    """Keep a block that nobody has any more: in the list that it was of, which is gone where the shape has changed."""
    if len(spare) < _MOST_SPARE:
        spare.append(block)


class Readback:
    """Reads the pictures of one window, on the window's thread."""

    def __init__(self, window: Any) -> None:
        """Read from that window, which is there as long as this."""
        self._window = window
        self._bottom_up = vtkUnsignedCharArray()
        self._spare = SparePixels()

    def frame(self, size: tuple[int, int]) -> Pixels:
        """Return one of many pictures of a size, read-only, in memory that former ones had.

        Each pixel has a fourth byte that means nothing: OpenGL hands out four bytes ten times faster than three.
        """
        return self._spare.copy_of(self._read(size, self._bottom_up, alpha=True))

    def pixels(self, size: tuple[int, int], *, alpha: bool = False) -> Pixels:
        """Return a picture by itself, read-only, of three or four bytes to a pixel."""
        pixels = self._read(size, vtkUnsignedCharArray(), alpha=alpha).copy()
        pixels.setflags(write=False)
        return pixels

    def _read(self, size: tuple[int, int], bottom_up: vtkUnsignedCharArray, *, alpha: bool) -> Pixels:
        """Return what the window shows, top row first, in the memory of `bottom_up`."""
        width, height = size
        read = self._window.GetRGBACharPixelData if alpha else self._window.GetPixelData
        read(0, 0, width - 1, height - 1, 1, bottom_up, 0)
        found: Pixels = vtk_to_numpy(bottom_up).reshape(height, width, 4 if alpha else 3)[::-1]
        return found

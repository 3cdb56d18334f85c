"""Has OpenGL begin what it was told to draw, and not only when somebody asks for the result.

Mesa's drawing in software puts down what there is to draw, tile by tile, and draws when it has to: who waits for
another process first, and asks then, has drawn nothing meanwhile.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any, Final

_WHO_KNOWS: Final = {
    "vtkEGLRenderWindow": ("libEGL.so.1", "eglGetProcAddress"),
    "vtkXOpenGLRenderWindow": ("libGL.so.1", "glXGetProcAddressARB"),
}
"""By the class of a window: the library that its context is of, and what finds OpenGL's functions there."""


def flush(window: Any) -> None:
    """Have what was drawn into a window so far be done, from its own thread, while its context is current.

    Python's lock is free meanwhile, which counts where the drawing is done by this very thread. Where nobody knows
    the function it is waited for the end of the drawing, by VTK, which keeps the lock.
    """
    found = _function(window.GetClassName())
    if found is None:
        window.WaitForCompletion()
    else:
        found()


@cache
def _function(window_class: str) -> Callable[[], None] | None:
    """Return glFlush for the contexts of a class of windows; None if it is not found."""
    if window_class not in _WHO_KNOWS:
        return None
    library, name = _WHO_KNOWS[window_class]
    try:
        find = getattr(ctypes.CDLL(library), name)
    except (OSError, AttributeError):
        return None
    find.argtypes, find.restype = [ctypes.c_char_p], ctypes.c_void_p
    address = find(b"glFlush")
    return ctypes.CFUNCTYPE(None)(address) if address else None

"""Puts what other ranks have drawn into a scene while that is drawn: a sheet with a color and a depth at each pixel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from .flushing import flush
from .patches import Patch
from .screen import Screen

_TAKEN: Final = (
    "  ivec2 at = ivec2(gl_FragCoord.xy) - origin;\n"
    "  float depth = texelFetch(depths, at, 0).r;\n"
    "  if (depth >= 1.0) discard;\n"
    "  gl_FragDepth = depth;\n"
    "  gl_FragData[0] = vec4(texelFetch(colors, at, 0).rgb, 1.0);\n"
)


class Sheet(Screen):
    """What one window draws of a patch. The patch is asked for when all else that is opaque was drawn."""

    def __init__(self, window: Any) -> None:
        super().__init__(window, _TAKEN, ("colors", "depths"))
        self._take: Callable[[], Patch] | None = None
        self._failure: Exception | None = None

    def begin(self, take: Callable[[], Patch]) -> None:
        """Have the next drawing show what `take` returns, which is called once, while it is drawn or by `end`."""
        self._take, self._failure = take, None

    def end(self) -> None:
        """Note that it was drawn. Raises what `take` has raised."""
        self._show_taken()  # nothing of it was in sight, but the others have drawn it
        self.hide()
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _show_taken(self) -> None:
        if self._take is not None:
            take, self._take = self._take, None
            try:
                patch = take()
                self._show(patch.box, patch.colors, patch.depths)
            except Exception as error:  # VTK, which calls this, would tell it nobody
                self._failure = error

    def _put_into(self, program: Any) -> None:
        if self._take is not None:
            flush(self._window)  # all else is drawn while the others draw theirs
            self._show_taken()
        super()._put_into(program)

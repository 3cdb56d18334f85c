"""Draws what a rank has of what is seen through, as rank 0 tells: behind what is opaque, wherever that was drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray

from async_paraview.scene.looks.drawing import SMOOTHING, TRANSLUCENCY

from ...geometry.extraction import VOLUME
from ..looks.passes import Drawn, Passes
from ..mappers import RepresentationMapper, VolumeMapper
from ..paper import Paper
from .layers import Layer
from .looks import Look, as_stored
from .patches import Box, Depths
from .piece_view import Parts, PieceView, first_and_last
from .screen import DepthScreen

OF_PASSES: Final = (
    *(one.name for one in (*TRANSLUCENCY, *SMOOTHING)),
    "UseSSAO", "UseSSAODefaultPresets", "Radius", "Bias", "KernelSize", "Blur", "UseToneMapping", "HiddenLineRemoval",
)  # fmt: skip
"""The properties of a view by which it draws in passes."""


class LayerView(PieceView):
    """The window of one view for what is seen through, on any rank. Belongs to the thread that made it."""

    def __init__(self) -> None:
        """Open a window. Raises OpenGLUnavailable."""
        super().__init__()
        self._passes = Passes(self._renderer)
        self._drawn = Drawn(has_translucent=False, has_volumes=False, diagonal=0.0, smooths=False)
        self._of_passes: Mapping[str, Any] = {}
        self._layer = vtkUnsignedCharArray()
        self._before = DepthScreen(self._window)
        self._renderer.AddViewProp(self._before.prop)

    def arrange(self, scene: Mapping[str, Any], parts: Callable[[int, int], Parts]) -> None:
        """See PieceView."""
        super().arrange(scene, parts)
        kinds = {look["drawing"] for look in scene["looks"]}
        self._drawn = Drawn(bool(kinds - {VOLUME}), VOLUME in kinds, 0.0, smooths=False)
        self._of_passes = as_stored(scene["passes"])
        self._before.stand_for(as_stored(scene["bounds"]))

    def _apply(self, mapper: RepresentationMapper, look: Look, paper: Paper) -> None:
        if isinstance(mapper, VolumeMapper):
            mapper.use_piece(look["unit"])
        super()._apply(mapper, look, paper)

    def draw_layer(
        self,
        size: Sequence[int],
        camera: Mapping[str, Any],
        depths: tuple[Box, Depths] | None,
        *,
        reduced: bool,
    ) -> Layer:
        """Draw what was arranged, as a camera sees it, behind these depths in a box; None: nothing hides it.

        The layer's memory is used again by the next drawing.
        """
        box = self._begin(size, camera, reduced=reduced)
        if not all(box.shape):
            return Layer.empty()
        if depths is None:
            self._before.hide()
        else:
            self._before.show(*depths)
        self._passes.apply(self._of_passes, self._drawn)
        self._window.Render()
        self._window.GetRGBACharPixelData(*first_and_last(box), 0, self._layer, 0)
        return Layer(box, vtk_to_numpy(self._layer).reshape(*box.shape, 4))

    def close(self) -> None:
        """See PieceView."""
        self._before.release()
        self._passes.release(self._window)
        super().close()

"""The first picture of a process takes several times as long as others: one that waits for a client makes it before.

What stays of it is what the graphics library has set up and compiled to draw a surface, which is the process's own.
"""

from __future__ import annotations

from typing import Final

from vtkmodules.vtkFiltersSources import vtkSphereSource

from ..vtk.geometry.extractors import EXTRACTORS, GEOMETRY
from ..vtk.rendering.render_view import RenderView
from ..vtk.rendering.representation import Representation
from .image_formats import encode

_VIEW: Final = {"ViewSize": [64, 48]}


def make_unseen() -> None:
    """Draw a surface as usual, encode the picture, and forget all of it. Raises OpenGLUnavailable."""
    view = RenderView(_VIEW)
    try:
        source, kind = vtkSphereSource(), EXTRACTORS[GEOMETRY]
        source.Update()
        made = kind.extract(source.GetOutput(), kind.properties({}))
        shown = Representation()
        shown.set_data(made.parts, made.to_dict())
        view.add_representation(0, shown)
        encode(view.capture().pixels, "png")
    finally:
        view.close()
